import * as Y from 'yjs';
import type { ExperimentId, FitId, LaneId, OpportunityId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import { isRecordId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import { placeCards } from '#lib/journey/order.ts';
import {
  EDIT_KINDS,
  LANE_KINDS,
  OPPORTUNITY_STATUSES,
  STAGE_KINDS,
  TICKS,
  type Experiment,
  type Journey,
  type Lane,
  type MapSettings,
  type MetricEdit,
  type NumberRange,
  type Opportunity,
  type Promotion,
  type Scenario,
  type Stage,
  type StoredFit,
  type Variant
} from '#lib/journey/records.ts';
import { rootsOf, type YRecord } from './layout.ts';
import { readCard } from './read-card.ts';
import { readView } from './read-view.ts';
import { readObject } from './read-object.ts';
import { finite, inOrder, isObject, line, oneOf, rank, record, text, within } from './read-values.ts';

export function readStage(id: string, value: unknown): Stage | null {
  if (!record(id, value)) return null;
  return {
    id: id as StageId,
    name: line(value.get('name')),
    rank: rank(value.get('rank')),
    kind: oneOf(STAGE_KINDS, value.get('kind')),
    band: value.get('band') === true,
    width: within(
      value.get('width'),
      LIMITS.stageWidth.min,
      LIMITS.stageWidth.max,
      LIMITS.stageWidth.default
    ),
    customerObjective: text(value.get('customerObjective')),
    businessObjective: text(value.get('businessObjective')),
    keyActivities: text(value.get('keyActivities'))
  };
}

export function readLane(id: string, value: unknown): Lane | null {
  if (!record(id, value)) return null;
  return {
    id: id as LaneId,
    name: line(value.get('name')),
    rank: rank(value.get('rank')),
    kind: oneOf(LANE_KINDS, value.get('kind')) ?? 'notes',
    height: within(
      value.get('height'),
      LIMITS.laneHeight.min,
      LIMITS.laneHeight.max,
      LIMITS.laneHeight.default
    )
  };
}

/**
 * A number under a key that a map can carry; null only on a transition. Undefined: not set. What is no number is NaN, so
 * that figures are refused instead of a default taking its place.
 */
export function readMetric(key: string, value: unknown): number | null | undefined {
  const place = placeOf(key);
  if (place === null) return undefined;
  if (value === null) return place.on === 'transition' ? null : undefined;
  return typeof value === 'number' || value === undefined ? value : NaN;
}

export function readScenario(id: string, value: unknown): Scenario | null {
  if (!record(id, value)) return null;
  const overrides = new Map<MetricKey, number>();
  const stored = value.get('overrides');
  if (stored instanceof Y.Map)
    for (const [key, amount] of stored.entries()) {
      const metric = readMetric(key, amount);
      if (typeof metric === 'number') overrides.set(key as MetricKey, metric);
    }
  return { id: id as ScenarioId, name: line(value.get('name')), rank: rank(value.get('rank')), overrides };
}

function readEdit(value: unknown): MetricEdit | null {
  if (!isObject(value)) return null;
  const how = oneOf(EDIT_KINDS, value.how);
  return how !== null && finite(value.amount) ? { how, amount: value.amount } : null;
}

const score = (value: unknown): number | null =>
  finite(value) && Number.isInteger(value) && value >= 1 && value <= 5 ? value : null;

export function readOpportunity(id: string, value: unknown): Opportunity | null {
  if (!record(id, value)) return null;
  const edits = new Map<MetricKey, MetricEdit>();
  const stored = value.get('edits');
  if (stored instanceof Y.Map)
    for (const [key, change] of stored.entries()) {
      const edit = placeOf(key) === null ? null : readEdit(change);
      if (edit !== null) edits.set(key as MetricKey, edit);
    }
  return {
    id: id as OpportunityId,
    name: line(value.get('name')),
    rank: rank(value.get('rank')),
    edits,
    oneOffCost: within(value.get('oneOffCost'), 0, 1e12, 0),
    runningCost: within(value.get('runningCost'), 0, 1e12, 0),
    successProbability: within(value.get('successProbability'), 0, 1, 1),
    reach: within(value.get('reach'), 0, 1, 1),
    owner: line(value.get('owner')),
    status: oneOf(OPPORTUNITY_STATUSES, value.get('status')) ?? 'idea',
    satisfaction: score(value.get('satisfaction')),
    business: score(value.get('business')),
    feasibility: score(value.get('feasibility'))
  };
}

/** A range under the key of a number; undefined when it cannot be read. Whether it is in order is judged with the figures. */
export function readRange(key: string, value: unknown): NumberRange | undefined {
  if (placeOf(key) === null || !isObject(value)) return undefined;
  const { kind, nEff, low, mode, high } = value;
  if (kind === 'beta') return finite(nEff) ? { kind, nEff } : undefined;
  if (!finite(low) || !finite(high)) return undefined;
  if (kind === 'range') return finite(mode) ? { kind, low, mode, high } : { kind, low, high };
  return kind === 'lognormal' ? { kind, low, high } : undefined;
}

const readVariant = (value: unknown): Variant => {
  const { observed, converted } = isObject(value) ? value : {};
  const all = Math.round(within(observed, 0, 1e12, 0));
  return { observed: all, converted: Math.round(within(converted, 0, all, 0)) };
};

export function readExperiment(id: string, value: unknown): Experiment | null {
  if (!record(id, value)) return null;
  return {
    id: id as ExperimentId,
    name: line(value.get('name')),
    rank: rank(value.get('rank')),
    from: text(value.get('from')) as StageId,
    to: text(value.get('to')) as StageId,
    a: readVariant(value.get('a')),
    b: readVariant(value.get('b'))
  };
}

const readNumbers = (value: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, number] =>
      finite(entry[1])
    )
  );

export function readFit(id: string, value: unknown): StoredFit | null {
  if (!record(id, value)) return null;
  const file = value.get('file');
  const { name, sha256, rows } = isObject(file) ? file : {};
  return {
    id: id as FitId,
    name: line(value.get('name')),
    rank: rank(value.get('rank')),
    model: text(value.get('model')),
    file: { name: text(name), sha256: text(sha256), rows: within(rows, 0, 1e12, 0) },
    unit: oneOf(TICKS, value.get('unit')) ?? 'week',
    until: text(value.get('until')),
    customers: within(value.get('customers'), 0, 1e12, 0),
    repeatCustomers: within(value.get('repeatCustomers'), 0, 1e12, 0),
    parameters: readNumbers(value.get('parameters')),
    standardErrors: readNumbers(value.get('standardErrors')),
    logLikelihood: within(value.get('logLikelihood'), -1e15, 1e15, 0)
  };
}

function readPromotion(value: unknown): Promotion | undefined {
  if (!isObject(value) || typeof value.at !== 'string') return undefined;
  const at = new Date(value.at);
  if (Number.isNaN(at.getTime())) return undefined;
  return {
    scenario: text(value.scenario).slice(0, LIMITS.name),
    by: text(value.by).slice(0, LIMITS.name),
    at: at.toISOString()
  };
}

export function readSettings(map: Y.Map<unknown>): MapSettings {
  const entry = map.get('referralEntry');
  const promotion = readPromotion(map.get('promotion'));
  return {
    tick: oneOf(TICKS, map.get('tick')) ?? 'month',
    currency: text(map.get('currency'), 'EUR'),
    referralEntry: typeof entry === 'string' && isRecordId(entry) ? (entry as StageId) : null,
    feelingsSource: text(map.get('feelingsSource')),
    ...(promotion === undefined ? {} : { promotion })
  };
}

export const readTitle = (map: Y.Map<unknown>): string => text(map.get('title'), '', LIMITS.title);

const readAll = <T extends { readonly id: string; readonly rank: string }>(
  root: Y.Map<YRecord>,
  read: (id: string, value: unknown) => T | null,
  max: number
): T[] => {
  const records: T[] = [];
  for (const [id, value] of root.entries()) {
    const parsed = read(id, value);
    if (parsed !== null) records.push(parsed);
  }
  return inOrder(records, max);
};

/** Values under the keys of numbers; what cannot be read is left out. */
export function readKeyed<S, T>(
  root: Y.Map<S>,
  read: (key: string, value: unknown) => T | undefined
): ReadonlyMap<MetricKey, T> {
  const values = new Map<MetricKey, T>();
  for (const [key, value] of root.entries()) {
    const readable = read(key, value);
    if (readable !== undefined) values.set(key as MetricKey, readable);
  }
  return values;
}

/** The whole map of a document, read once. Boards use JourneyDocument, which reads only what changed. */
export function readJourney(doc: Y.Doc): Journey {
  const roots = rootsOf(doc);
  const stages = readAll(roots.stages, readStage, LIMITS.stages);
  const lanes = readAll(roots.lanes, readLane, LIMITS.lanes);
  return {
    title: readTitle(roots.map),
    settings: readSettings(roots.map),
    stages,
    lanes,
    ...placeCards(readAll(roots.cards, readCard, LIMITS.cards), stages, lanes),
    metrics: readKeyed(roots.metrics, readMetric),
    scenarios: readAll(roots.scenarios, readScenario, LIMITS.scenarios),
    opportunities: readAll(roots.opportunities, readOpportunity, LIMITS.opportunities),
    ranges: readKeyed(roots.ranges, readRange),
    experiments: readAll(roots.experiments, readExperiment, LIMITS.experiments),
    fits: readAll(roots.fits, readFit, LIMITS.fits),
    objects: readAll(roots.objects, readObject, LIMITS.objects),
    views: readAll(roots.views, readView, LIMITS.views)
  };
}
