import type { Place, Problem, Warning } from '#lib/clv/model.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import {
  cellKey,
  METRICS,
  placeOf,
  settingsKey,
  stageKey,
  transitionKey,
  type MetricKey,
  type SettingsMetric
} from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Metrics } from './assumptions.ts';
import type { Notice } from './figures.ts';
import { formatPercentExactly } from './format.ts';
import { metricLabel, metricUnit, stageName } from './metric-label.ts';

const MAP_LABELS = {
  tick: 'Unit of time',
  currency: 'Currency',
  referralEntry: 'Where referred people enter',
  stages: 'Stages'
} as const;

const isSetting = (metric: string): metric is SettingsMetric => Object.hasOwn(METRICS.settings, metric);

/** Where a place of the engine is on the map: the number to go to, its path for programs, its name for people. */
export function whereabouts(
  at: Place,
  journey: Journey,
  metrics: Metrics
): Pick<Notice, 'key' | 'path' | 'where'> {
  const key = keyToGoTo(at, journey, metrics);
  return { key, path: pathOf(at, journey, metrics), where: whereOf(at, journey, key) };
}

/** The engine's remark in the words and keys of the map. The engine's sentence already uses the map's names. */
export function noticeOf(finding: Problem | Warning, journey: Journey, metrics: Metrics): Notice {
  const { code, at, message } = finding;
  const found = whereabouts(at, journey, metrics);
  const percent = found.key !== null && metricUnit(found.key).startsWith('fraction');
  return { code, ...found, message: code === 'E_RANGE' && percent ? inPercent(message) : message };
}

/** A range in the words of the field, where people enter percentages. */
const inPercent = (message: string): string =>
  message.replace(
    /from (-?[\d.]+) to ([\d.]+), but is (-?[\d.e+-]+)\.$/,
    (_, low: string, high: string, is: string) => {
      const percent = (text: string) => formatPercentExactly(Number(text));
      return `from ${percent(low)} to ${percent(high)}, but is ${percent(is)}.`;
    }
  );

/** The number that a place of the engine is entered under; null where a person enters something other than a number. */
export function keyOf(at: Place, journey: Journey, metrics: Metrics): MetricKey | null {
  switch (at.on) {
    case 'map':
      return isSetting(at.metric) ? settingsKey(at.metric) : null;
    case 'stage':
      return keyOnStage(at.stage as StageId, at.metric, journey, metrics);
    case 'transition':
      return transitionKey(at.from as StageId, at.to as StageId);
    case 'cell':
      return cellKey(at.lane as LaneId, at.stage as StageId, 'cost');
  }
}

function keyOnStage(
  stage: StageId,
  metric: Extract<Place, { on: 'stage' }>['metric'],
  journey: Journey,
  metrics: Metrics
): MetricKey | null {
  switch (metric) {
    case 'kind':
    case 'row':
      return null;
    case 'retention': {
      const beta = metrics.get(stageKey(stage, 'sbgBeta'));
      const { min, max } = METRICS.stages.sbgBeta;
      const betaIsWrong = typeof beta === 'number' && !(beta >= min && beta <= max);
      return stageKey(stage, betaIsWrong ? 'sbgBeta' : 'sbgAlpha');
    }
    case 'feeling': {
      const lanes = journey.lanes.filter(({ kind }) => kind === 'feelings');
      const lane = lanes.find(({ id }) => metrics.has(cellKey(id, stage, 'feeling'))) ?? lanes[0];
      return lane === undefined ? null : cellKey(lane.id, stage, 'feeling');
    }
    default:
      return stageKey(stage, metric);
  }
}

/** Like {@link keyOf}, but always something that can be shown as long as the map has a stage. */
function keyToGoTo(at: Place, journey: Journey, metrics: Metrics): MetricKey | null {
  const key = keyOf(at, journey, metrics);
  if (key !== null) return key;
  if (at.on === 'stage') {
    const stage = at.stage as StageId;
    return at.metric === 'row' ? firstShare(stage, journey, metrics) : stageKey(stage, 'ordersPerVisit');
  }
  if (at.on === 'map' && at.metric === 'referralEntry') return settingsKey('referralDelay');
  if (at.on === 'map' && at.metric !== 'stages') return settingsKey('annualDiscountRate');
  // Nobody orders yet: the last column is the likeliest place for the first order to be entered.
  const columns = journey.stages.filter(({ band }) => !band);
  const last = columns.at(-1) ?? journey.stages.at(-1);
  return last === undefined ? null : stageKey(last.id, 'ordersPerVisit');
}

/** The first arrow out of a stage; without one, the arrow to the next stage, which is still to be drawn. */
function firstShare(stage: StageId, journey: Journey, metrics: Metrics): MetricKey {
  const drawn = journey.stages.find(({ id }) => metrics.has(transitionKey(stage, id)));
  const index = journey.stages.findIndex(({ id }) => id === stage);
  const next = drawn ?? journey.stages[index + 1] ?? journey.stages[index];
  return transitionKey(stage, next?.id ?? stage);
}

function pathOf(at: Place, journey: Journey, metrics: Metrics): string {
  const key = keyOf(at, journey, metrics);
  if (key !== null) return key;
  if (at.on === 'stage')
    return at.metric === 'row' ? `transitions/${at.stage}` : `stages/${at.stage}/${at.metric}`;
  if (at.on === 'map') return at.metric === 'stages' ? 'stages' : `settings/${at.metric}`;
  return 'stages';
}

function whereOf(at: Place, journey: Journey, key: MetricKey | null): string {
  if (at.on === 'map' && Object.hasOwn(MAP_LABELS, at.metric))
    return MAP_LABELS[at.metric as keyof typeof MAP_LABELS];
  if (at.on === 'stage' && at.metric === 'row')
    return `${stageName(journey, at.stage)}, where people go next`;
  if (at.on === 'stage' && at.metric === 'kind') return `${stageName(journey, at.stage)}, kind`;
  return key === null ? 'The map' : metricLabel(key, journey);
}

/** A notice about one number that the engine never sees. */
export function noticeAt(key: MetricKey, code: Notice['code'], journey: Journey, message: string): Notice {
  const where = placeOf(key) === null ? key : metricLabel(key, journey);
  return { code, key, path: key, where, message };
}
