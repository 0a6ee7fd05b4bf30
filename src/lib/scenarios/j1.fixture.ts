import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey, settingsKey, stageKey, transitionKey, type MetricKey } from '#lib/journey/metrics.ts';
import type { Journey, Lane, LaneKind, Stage } from '#lib/journey/records.ts';

/** A stage of a test map. */
export const stageNamed = (name: string, rank = 'a0'): Stage => ({
  id: name as StageId,
  name,
  rank,
  kind: null,
  band: false,
  width: 240,
  customerObjective: '',
  businessObjective: '',
  keyActivities: ''
});

/** A lane of a test map. */
export const laneNamed = (name: string, kind: LaneKind, rank = 'a0'): Lane => ({
  id: name as LaneId,
  name,
  rank,
  kind,
  height: 120
});

/** Short ways to keys, for stages and lanes whose id is their name. */
export const key = {
  setting: settingsKey,
  stage: (stage: string, metric: Parameters<typeof stageKey>[1]) => stageKey(stage as StageId, metric),
  share: (from: string, to: string) => transitionKey(from as StageId, to as StageId),
  cost: (lane: string, stage: string) => cellKey(lane as LaneId, stage as StageId, 'cost'),
  feeling: (lane: string, stage: string) => cellKey(lane as LaneId, stage as StageId, 'feeling')
};

/** A journey with other numbers: `undefined` unsets one. */
export function withMetrics(
  journey: Journey,
  changes: readonly (readonly [MetricKey, number | null | undefined])[]
): Journey {
  const metrics = new Map(journey.metrics);
  for (const [name, value] of changes)
    if (value === undefined) metrics.delete(name);
    else metrics.set(name, value);
  return { ...journey, metrics };
}

const STAGES = ['Visit', 'Signup', 'Trial', 'Active', 'AtRisk'];
const SHARES = [
  ['Visit', 'Signup', 0.12],
  ['Signup', 'Trial', 0.55],
  ['Trial', 'Trial', 0.15],
  ['Trial', 'Active', 0.3],
  ['Active', 'Active', 0.93],
  ['Active', 'AtRisk', 0.04],
  ['AtRisk', 'Active', 0.35],
  ['AtRisk', 'AtRisk', 0.25]
] as const;
const COSTS = [
  ['Ads', 'Visit', 1.5],
  ['Web', 'Visit', 0.05],
  ['Web', 'Signup', 0.2],
  ['Onboarding', 'Trial', 4],
  ['Support', 'Trial', 0.5],
  ['Support', 'Active', 2.1],
  ['Support', 'AtRisk', 6.5],
  ['Offers', 'AtRisk', 5]
] as const;

/** Example J1 (subscription trial) of the engine's specification, as a map. */
export function j1(): Journey {
  const lanes = [
    laneNamed('Feelings', 'feelings', 'a0'),
    ...['Ads', 'Web', 'Onboarding'].map((name, index) => laneNamed(name, 'touchpoints', `a${index + 1}`)),
    ...['Support', 'Offers'].map((name, index) => laneNamed(name, 'businessActions', `a${index + 4}`))
  ];
  const metrics = new Map<MetricKey, number | null>([
    [key.setting('annualDiscountRate'), 0.1],
    [key.setting('grossMargin'), 0.82],
    [key.stage('Trial', 'dwell'), 1],
    ...SHARES.map(([from, to, share]) => [key.share(from, to), share] as const),
    ...COSTS.map(([lane, stage, cost]) => [key.cost(lane, stage), cost] as const)
  ]);
  for (const stage of ['Active', 'AtRisk']) {
    metrics.set(key.stage(stage, 'dwell'), 1);
    metrics.set(key.stage(stage, 'ordersPerVisit'), 1);
    metrics.set(key.stage(stage, 'orderValue'), 39);
  }
  return {
    title: 'Subscription trial',
    settings: { tick: 'month', currency: 'EUR', referralEntry: null, feelingsSource: '' },
    stages: STAGES.map((name, index) => stageNamed(name, `a${index}`)),
    lanes,
    cards: COSTS.map(([lane, stage], index) => ({
      id: `card${index}` as CardId,
      stage: stage as StageId,
      lane: lane as LaneId,
      rank: 'a0',
      text: `${lane} at ${stage}`,
      facets: BARE_FACETS
    })),
    unplaced: [],
    objects: [],
    metrics,
    scenarios: [],
    opportunities: [],
    ranges: new Map(),
    experiments: [],
    views: [],
    fits: []
  };
}
