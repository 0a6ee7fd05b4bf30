import type { Place } from '#lib/clv/model.ts';
import type { Edit, RangedNumber } from '#lib/clv/decisions/index.ts';
import { cellKey, placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import { carriesCost, type Journey, type MetricEdit, type NumberRange } from '#lib/journey/records.ts';
import { isFeeling, type Metrics } from './assumptions.ts';
import { noticeAt } from './notice.ts';
import type { DecisionNotice } from './decision-notice.ts';

type FeelingPlace = Extract<NonNullable<ReturnType<typeof placeOf>>, { on: 'cell' }>;

/** The place under which the engine knows a number; null where it knows none, as in a lane that carries words. */
export function enginePlace(key: MetricKey, journey: Pick<Journey, 'lanes'>): Place | null {
  const place = placeOf(key);
  switch (place?.on) {
    case undefined:
      return null;
    case 'settings':
      return { on: 'map', metric: place.metric };
    case 'transition':
      return { on: 'transition', from: place.from, to: place.to };
    case 'stage': {
      const renewal = place.metric === 'sbgAlpha' || place.metric === 'sbgBeta';
      return { on: 'stage', stage: place.stage, metric: renewal ? 'retention' : place.metric };
    }
    case 'cell': {
      const kind = journey.lanes.find(({ id }) => id === place.lane)?.kind;
      if (kind === undefined) return null;
      if (place.metric === 'feeling')
        return kind === 'feelings' ? { on: 'stage', stage: place.stage, metric: 'feeling' } : null;
      return carriesCost(kind) ? { on: 'cell', lane: place.lane, stage: place.stage } : null;
    }
  }
}

/** True for a number that can carry a range: one that the engine knows by itself. */
export function canBeUnsure(key: MetricKey, journey: Pick<Journey, 'lanes'>): boolean {
  const place = enginePlace(key, journey);
  return place !== null && !(place.on === 'stage' && place.metric === 'retention');
}

const noPlace = (key: MetricKey, journey: Journey): DecisionNotice => ({
  ...noticeAt(key, 'E_RANGE', journey, 'The value of the map does not depend on this number.'),
  code: 'E_PLACE',
  opportunity: null
});

/** The changes of an opportunity as the engine takes them, and those that it cannot take (SPEC F16). */
export function engineEdits(
  edits: ReadonlyMap<MetricKey, MetricEdit>,
  journey: Journey,
  metrics: Metrics
): { readonly edits: readonly Edit[]; readonly problems: readonly DecisionNotice[] } {
  const problems: DecisionNotice[] = [];
  const taken = [...edits].flatMap(([key, edit]): Edit[] => {
    const place = enginePlace(key, journey);
    if (place === null) {
      problems.push(noPlace(key, journey));
      return [];
    }
    const cell = placeOf(key);
    return cell?.on === 'cell' && cell.metric === 'feeling'
      ? [{ place, ...editOfMean(cell, edit, journey, metrics) }]
      : [{ place, ...edit }];
  });
  return { edits: taken, problems };
}

/** What a change of one score does to the stage's feeling, which is the mean over its feelings lanes. */
function editOfMean(
  cell: FeelingPlace,
  { how, amount }: MetricEdit,
  journey: Journey,
  metrics: Metrics
): MetricEdit {
  const scoreIn = (lane: string) => {
    const score = metrics.get(cellKey(lane as FeelingPlace['lane'], cell.stage, 'feeling'));
    return typeof score === 'number' && isFeeling(score) ? [score] : [];
  };
  const others = journey.lanes
    .filter(({ id, kind }) => kind === 'feelings' && id !== cell.lane)
    .flatMap(({ id }) => scoreIn(id));
  if (others.length === 0) return { how, amount };
  const own = scoreIn(cell.lane);
  const mean = (scores: readonly number[]) => scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const before = own[0] ?? 0;
  const after = how === 'set' ? amount : how === 'add' ? before + amount : before * amount;
  const means = { before: mean([...others, ...own]), after: mean([...others, after]) };
  return how === 'set' ? { how, amount: means.after } : { how: 'add', amount: means.after - means.before };
}

/** How unsure the numbers are, as the engine takes it, and the ranges that it cannot take. */
export function engineRanges(
  ranges: ReadonlyMap<MetricKey, NumberRange>,
  journey: Journey
): {
  readonly ranges: readonly { readonly key: MetricKey; readonly ranged: RangedNumber }[];
  readonly problems: readonly DecisionNotice[];
} {
  const problems: DecisionNotice[] = [];
  const feelingsLanes = journey.lanes.filter(({ kind }) => kind === 'feelings').length;
  const taken = [...ranges].flatMap(([key, range]) => {
    const place = enginePlace(key, journey);
    // Several feelings make one number for the engine: a range on one of them has no place of its own.
    const ofMean = placeOf(key)?.on === 'cell' && place?.on === 'stage' && feelingsLanes > 1;
    if (place === null || ofMean) {
      problems.push(noPlace(key, journey));
      return [];
    }
    return [{ key, ranged: { place, range } }];
  });
  return { ranges: taken, problems };
}
