import { isRecordId, type LaneId, type StageId } from './ids.ts';
import type { Journey, Transition } from './records.ts';

/**
 * The name of one number of a map. The same key names it in the document, in a scenario's overrides, in the figures'
 * pedigree and in error messages:
 *
 * - `settings/<metric>`
 * - `stages/<stage>/<metric>`
 * - `transitions/<from>/<to>/probability`
 * - `cells/<lane>/<stage>/<metric>`
 */
export type MetricKey = string & { readonly __metric: unique symbol };

export interface MetricRange {
  readonly min: number;
  readonly max: number;
  readonly integer?: true;
  /** What one unit is, for people. `money` is the map's currency, `tick` its unit of time. */
  readonly unit:
    'fraction' | 'fraction per year' | 'money' | 'tick' | 'count' | 'score' | 'log-odds' | 'shape';
}

/** Every number that a map can carry, with its range (the table of metrics in SPEC.md). */
export const METRICS = {
  settings: {
    annualDiscountRate: { min: 0, max: 1, unit: 'fraction per year' },
    grossMargin: { min: -1, max: 1, unit: 'fraction' },
    horizon: { min: 1, max: 6000, integer: true, unit: 'tick' },
    prospectsPerTick: { min: 0, max: 1e9, unit: 'count' },
    referralDelay: { min: 1, max: 1200, integer: true, unit: 'tick' },
    kappaPlus: { min: 0, max: 2, unit: 'log-odds' },
    kappaMinus: { min: 0, max: 2, unit: 'log-odds' }
  },
  stages: {
    dwell: { min: 0, max: 1200, integer: true, unit: 'tick' },
    ordersPerVisit: { min: 0, max: 1000, unit: 'count' },
    orderValue: { min: 0, max: 1e9, unit: 'money' },
    grossMargin: { min: -1, max: 1, unit: 'fraction' },
    referrals: { min: 0, max: 10, unit: 'count' },
    entry: { min: 0, max: 1, unit: 'fraction' },
    sbgAlpha: { min: Number.MIN_VALUE, max: 1e6, unit: 'shape' },
    sbgBeta: { min: Number.MIN_VALUE, max: 1e6, unit: 'shape' }
  },
  transitions: { probability: { min: 0, max: 1, unit: 'fraction' } },
  cells: {
    cost: { min: 0, max: 1e9, unit: 'money' },
    feeling: { min: -2, max: 2, unit: 'score' }
  }
} as const satisfies Record<string, Record<string, MetricRange>>;

export type SettingsMetric = keyof typeof METRICS.settings;
export type StageMetric = keyof typeof METRICS.stages;
export type CellMetric = keyof typeof METRICS.cells;

/** What a key points at. */
export type MetricPlace =
  | { readonly on: 'settings'; readonly metric: SettingsMetric }
  | { readonly on: 'stage'; readonly stage: StageId; readonly metric: StageMetric }
  | { readonly on: 'transition'; readonly from: StageId; readonly to: StageId }
  | { readonly on: 'cell'; readonly lane: LaneId; readonly stage: StageId; readonly metric: CellMetric };

export const settingsKey = (metric: SettingsMetric) => `settings/${metric}` as MetricKey;
export const stageKey = (stage: StageId, metric: StageMetric) => `stages/${stage}/${metric}` as MetricKey;
export const transitionKey = (from: StageId, to: StageId) =>
  `transitions/${from}/${to}/probability` as MetricKey;
export const cellKey = (lane: LaneId, stage: StageId, metric: CellMetric) =>
  `cells/${lane}/${stage}/${metric}` as MetricKey;

/** Reads a key; null when it names nothing that a map can carry. */
export function placeOf(key: string): MetricPlace | null {
  const [root, first = '', second = '', third = '', ...rest] = key.split('/');
  if (rest.length > 0) return null;
  switch (root) {
    case 'settings':
      return second === '' && Object.hasOwn(METRICS.settings, first)
        ? { on: 'settings', metric: first as SettingsMetric }
        : null;
    case 'stages':
      return third === '' && isRecordId(first) && Object.hasOwn(METRICS.stages, second)
        ? { on: 'stage', stage: first as StageId, metric: second as StageMetric }
        : null;
    case 'transitions':
      return third === 'probability' && isRecordId(first) && isRecordId(second)
        ? { on: 'transition', from: first as StageId, to: second as StageId }
        : null;
    case 'cells':
      return isRecordId(first) && isRecordId(second) && Object.hasOwn(METRICS.cells, third)
        ? { on: 'cell', lane: first as LaneId, stage: second as StageId, metric: third as CellMetric }
        : null;
    default:
      return null;
  }
}

/** The range of the number at a place. */
export function rangeOf(place: MetricPlace): MetricRange {
  switch (place.on) {
    case 'settings':
      return METRICS.settings[place.metric];
    case 'stage':
      return METRICS.stages[place.metric];
    case 'transition':
      return METRICS.transitions.probability;
    case 'cell':
      return METRICS.cells[place.metric];
  }
}

/** True when every stage and lane that a place names is on the map. */
export function placeExists(place: MetricPlace, journey: Pick<Journey, 'stages' | 'lanes'>): boolean {
  const hasStage = (id: StageId) => journey.stages.some((stage) => stage.id === id);
  switch (place.on) {
    case 'settings':
      return true;
    case 'stage':
      return hasStage(place.stage);
    case 'transition':
      return hasStage(place.from) && hasStage(place.to);
    case 'cell':
      return hasStage(place.stage) && journey.lanes.some((lane) => lane.id === place.lane);
  }
}

/** The map's arrows in stage order, by where they start and then where they lead. */
export function transitionsOf(journey: Pick<Journey, 'stages' | 'metrics'>): readonly Transition[] {
  const transitions: Transition[] = [];
  for (const from of journey.stages)
    for (const to of journey.stages) {
      const probability = journey.metrics.get(transitionKey(from.id, to.id));
      if (probability !== undefined) transitions.push({ from: from.id, to: to.id, probability });
    }
  return transitions;
}
