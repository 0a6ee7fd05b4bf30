import type { StageId } from '#lib/journey/ids.ts';
import { stageKey } from '#lib/journey/metrics.ts';
import type { Journey, StageKind } from '#lib/journey/records.ts';
import type { Metrics } from './assumptions.ts';

/** What each stage counts as now: as chosen, or else acquire before the first stage with orders and customer from there. */
export function kindsOf(
  journey: Pick<Journey, 'stages'>,
  metrics: Metrics
): ReadonlyMap<StageId, { readonly automatic: StageKind; readonly kind: StageKind }> {
  const hasOrders = (stage: StageId) => (metrics.get(stageKey(stage, 'ordersPerVisit')) ?? 0) !== 0;
  const first = journey.stages.findIndex(({ id }) => hasOrders(id));
  return new Map(
    journey.stages.map(({ id, kind }, index) => {
      const automatic: StageKind = first >= 0 && index >= first ? 'customer' : 'acquire';
      return [id, { automatic, kind: kind ?? automatic }];
    })
  );
}
