import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { metricsIn } from './assumptions.ts';
import type { Computed } from './figures.ts';
import { metricLabel } from './metric-label.ts';
import { keyOf } from './notice.ts';

/** How much a figure moves with one number. */
export interface Driver {
  readonly key: MetricKey;
  readonly label: string;
  /** Change of the figure, in money, if the number were 1% higher (first order). */
  readonly effect: number;
  /** The same relative to the figure (0.012 is 1.2%); null when the figure is not above 0. */
  readonly relative: number | null;
}

/**
 * What drives a figure, strongest first: the engine's exact derivatives times 1% of each number. Numbers that are 0
 * cannot grow by 1% and are left out.
 */
export function driversOf(
  of: 'clv' | 'npv',
  journey: Journey,
  scenario: ScenarioId | null,
  { model, value }: Computed
): Driver[] {
  const metrics = metricsIn(journey, scenario);
  return value.derivatives[of]
    .flatMap(({ at, derivative, elasticity }): Driver[] => {
      const key = keyOf(at, journey, metrics);
      if (key === null) return [];
      const isRate = at.on === 'map' && at.metric === 'annualDiscountRate';
      const entered = metrics.get(key) ?? (isRate ? model.annualDiscountRate : 0);
      const effect = derivative * entered * 0.01;
      if (effect === 0) return [];
      const relative = elasticity === null ? null : elasticity * 0.01;
      return [{ key, label: metricLabel(key, journey), effect, relative }];
    })
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
}
