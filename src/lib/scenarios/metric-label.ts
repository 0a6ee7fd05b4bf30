import type { LaneId, StageId } from '#lib/journey/ids.ts';
import {
  METRICS,
  placeOf,
  rangeOf,
  type CellMetric,
  type MetricKey,
  type MetricRange,
  type SettingsMetric,
  type StageMetric
} from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';

/** The parts of a map that names come from. */
export type Names = Pick<Journey, 'stages' | 'lanes'>;

export const SETTINGS_LABELS: Readonly<Record<SettingsMetric, string>> = {
  annualDiscountRate: 'Discount rate a year',
  grossMargin: 'Gross margin',
  horizon: 'Horizon',
  prospectsPerTick: 'New prospects',
  referralDelay: 'Delay before a referred person enters',
  kappaPlus: 'Effect of good feelings on staying',
  kappaMinus: 'Effect of bad feelings on staying'
};

export const STAGE_LABELS: Readonly<Record<StageMetric, string>> = {
  dwell: 'dwell',
  ordersPerVisit: 'orders per visit',
  orderValue: 'order value',
  grossMargin: 'own gross margin',
  referrals: 'people referred per visit',
  entry: 'share that starts here',
  sbgAlpha: 'renewal alpha',
  sbgBeta: 'renewal beta'
};

const CELL_LABELS: Readonly<Record<CellMetric, string>> = { cost: 'cost per visit', feeling: 'feeling' };

/** A stage's name in a sentence. */
export const stageName = (names: Names, id: StageId | string): string =>
  names.stages.find((stage) => stage.id === id)?.name.trim() || 'Unnamed stage';

/** A lane's name in a sentence. */
export const laneName = (names: Names, id: LaneId | string): string =>
  names.lanes.find((lane) => lane.id === id)?.name.trim() || 'Unnamed lane';

/** What a number is, in the map's own names: "Trial → Active, share", "Ads in Visit, cost per visit". */
export function metricLabel(key: MetricKey, names: Names): string {
  const place = placeOf(key);
  if (place === null) return key;
  switch (place.on) {
    case 'settings':
      return SETTINGS_LABELS[place.metric];
    case 'stage':
      return `${stageName(names, place.stage)}, ${STAGE_LABELS[place.metric]}`;
    case 'transition':
      return place.from === place.to
        ? `${stageName(names, place.from)}, share that stays`
        : `${stageName(names, place.from)} → ${stageName(names, place.to)}, share`;
    case 'cell':
      return `${laneName(names, place.lane)} in ${stageName(names, place.stage)}, ${CELL_LABELS[place.metric]}`;
  }
}

/** The unit of a number. */
export function metricUnit(key: MetricKey): MetricRange['unit'] {
  const place = placeOf(key);
  return place === null ? METRICS.stages.ordersPerVisit.unit : rangeOf(place).unit;
}
