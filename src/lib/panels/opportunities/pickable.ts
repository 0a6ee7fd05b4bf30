import type { Selection } from '#lib/canvas/editor/selection.ts';
import type { StageId } from '#lib/journey/ids.ts';
import {
  cellKey,
  METRICS,
  placeOf,
  rangeOf,
  settingsKey,
  stageKey,
  transitionsOf,
  transitionKey,
  type MetricKey,
  type MetricRange,
  type SettingsMetric,
  type StageMetric
} from '#lib/journey/metrics.ts';
import { carriesCost, type Journey, type MetricEdit } from '#lib/journey/records.ts';

/** The numbers of a stage that an opportunity can change, whether or not somebody has entered them. */
const OF_STAGE: readonly StageMetric[] = [
  'orderValue',
  'ordersPerVisit',
  'dwell',
  'grossMargin',
  'referrals',
  'entry'
];
/** Of these only what is entered: nobody looks for them otherwise. */
const RARE: ReadonlySet<StageMetric> = new Set(['grossMargin', 'referrals', 'entry']);

/** The numbers that belong to what is selected on the board, in the order of the inspector. */
export function numbersAt(selection: Selection, journey: Journey): MetricKey[] {
  switch (selection.kind) {
    case 'stage':
      return ofStage(selection.id, journey);
    case 'transition':
      return [transitionKey(selection.from, selection.to)];
    case 'cell':
      return ofCell(selection.lane, selection.stage, journey);
    case 'cards': {
      const cells = journey.cards
        .filter(({ id }) => selection.ids.includes(id))
        .flatMap(({ lane, stage }) => ofCell(lane, stage, journey));
      return [...new Set(cells)];
    }
    case 'lane':
      return journey.stages.flatMap(({ id }) =>
        ofCell(selection.id, id, journey).filter((key) => journey.metrics.has(key))
      );
    case 'none':
    case 'objects':
      return [];
  }
}

function ofStage(stage: StageId, journey: Journey): MetricKey[] {
  const ways = transitionsOf(journey)
    .filter(({ from }) => from === stage)
    .map(({ from, to }) => transitionKey(from, to));
  const own = OF_STAGE.map((metric) => [metric, stageKey(stage, metric)] as const)
    .filter(([metric, key]) => !RARE.has(metric) || journey.metrics.has(key))
    .map(([, key]) => key);
  const cells = journey.lanes
    .flatMap(({ id }) => ofCell(id, stage, journey))
    .filter((key) => journey.metrics.has(key));
  return [...ways, ...own, ...cells];
}

function ofCell(lane: string, stage: StageId, journey: Journey): MetricKey[] {
  const found = journey.lanes.find(({ id }) => id === lane);
  if (found === undefined) return [];
  if (found.kind === 'feelings') return [cellKey(found.id, stage, 'feeling')];
  return carriesCost(found.kind) ? [cellKey(found.id, stage, 'cost')] : [];
}

/** Every number of the map that is entered and can be changed, in the map's order, those of the whole map last. */
export function allNumbers(journey: Journey): MetricKey[] {
  const settings = (Object.keys(METRICS.settings) as SettingsMetric[]).map(settingsKey);
  return [...journey.stages.flatMap(({ id }) => ofStage(id, journey)), ...settings].filter(
    (key) => typeof journey.metrics.get(key) === 'number'
  );
}

/** What can stand in the field of a change: the number itself, an amount of its unit, or a factor. */
export function rangeOfEdit(key: MetricKey, how: MetricEdit['how']): MetricRange {
  const place = placeOf(key);
  const range: MetricRange = place === null ? METRICS.stages.ordersPerVisit : rangeOf(place);
  switch (how) {
    case 'set':
      return range;
    case 'add':
      return { ...range, min: range.min - range.max, max: range.max - Math.min(0, range.min) };
    case 'multiply':
      return { min: 0, max: 1e6, unit: 'count' };
  }
}

/** The number after a change; undefined where there is none to change. */
export function afterEdit(before: number | undefined, { how, amount }: MetricEdit): number | undefined {
  if (how === 'set') return amount;
  if (before === undefined) return undefined;
  return how === 'add' ? before + amount : before * amount;
}

/** The same change said another way, so that choosing how to say it does not change the number. */
export function asHow(before: number | undefined, edit: MetricEdit, how: MetricEdit['how']): MetricEdit {
  const after = afterEdit(before, edit) ?? before ?? 0;
  const exact = (value: number) => Number(value.toPrecision(12));
  if (how === 'set') return { how, amount: exact(after) };
  if (how === 'add') return { how, amount: exact(after - (before ?? 0)) };
  return { how, amount: before === undefined || before === 0 ? 1 : exact(after / before) };
}
