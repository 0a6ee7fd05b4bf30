import * as Y from 'yjs';
import type { CardId, LaneId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import { isRecordId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import { byRank, isRank, placeCards } from '#lib/journey/order.ts';
import {
  LANE_KINDS,
  STAGE_KINDS,
  TICKS,
  type Card,
  type Journey,
  type Lane,
  type MapSettings,
  type Scenario,
  type Stage
} from '#lib/journey/records.ts';
import { rootsOf, type YRecord } from './layout.ts';

/*
 * Reading is tolerant: any Yjs client can write anything into a shared document, and one malformed record must not
 * take the rest of the map away. A record that cannot be read is left out; a field that cannot be read gets its default.
 */

const text = (value: unknown, fallback = ''): string =>
  value instanceof Y.Text ? value.toJSON() : typeof value === 'string' ? value : fallback;

const oneOf = <const T extends readonly string[]>(values: T, value: unknown): T[number] | null =>
  typeof value === 'string' && values.includes(value) ? value : null;

const within = (value: unknown, min: number, max: number, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;

const record = (id: string, value: unknown): value is YRecord => value instanceof Y.Map && isRecordId(id);

const LAST_RANK = 'zz';
const rank = (value: unknown): string => (isRank(value) ? value : LAST_RANK);

export function readStage(id: string, value: unknown): Stage | null {
  if (!record(id, value)) return null;
  return {
    id: id as StageId,
    name: text(value.get('name')),
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
    name: text(value.get('name')),
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

export function readCard(id: string, value: unknown): Card | null {
  if (!record(id, value)) return null;
  return {
    id: id as CardId,
    stage: text(value.get('stage')) as StageId,
    lane: text(value.get('lane')) as LaneId,
    rank: rank(value.get('rank')),
    text: text(value.get('text'))
  };
}

/** A number under a key that a map can carry; null only on a transition. Undefined: not readable. */
export function readMetric(key: string, value: unknown): number | null | undefined {
  const place = placeOf(key);
  if (place === null) return undefined;
  if (value === null) return place.on === 'transition' ? null : undefined;
  return typeof value === 'number' ? value : undefined;
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
  return { id: id as ScenarioId, name: text(value.get('name')), rank: rank(value.get('rank')), overrides };
}

export function readSettings(map: Y.Map<unknown>): MapSettings {
  const entry = map.get('referralEntry');
  return {
    tick: oneOf(TICKS, map.get('tick')) ?? 'month',
    currency: text(map.get('currency'), 'EUR'),
    referralEntry: typeof entry === 'string' && isRecordId(entry) ? (entry as StageId) : null,
    feelingsSource: text(map.get('feelingsSource'))
  };
}

export const readTitle = (map: Y.Map<unknown>): string => text(map.get('title'));

const readAll = <T>(root: Y.Map<YRecord>, read: (id: string, value: unknown) => T | null): T[] => {
  const records: T[] = [];
  for (const [id, value] of root.entries()) {
    const parsed = read(id, value);
    if (parsed !== null) records.push(parsed);
  }
  return records;
};

/** The whole map of a document, read once. Boards use JourneyDocument, which reads only what changed. */
export function readJourney(doc: Y.Doc): Journey {
  const roots = rootsOf(doc);
  const stages = readAll(roots.stages, readStage).sort(byRank);
  const lanes = readAll(roots.lanes, readLane).sort(byRank);
  const metrics = new Map<MetricKey, number | null>();
  for (const [key, value] of roots.metrics.entries()) {
    const metric = readMetric(key, value);
    if (metric !== undefined) metrics.set(key as MetricKey, metric);
  }
  return {
    title: readTitle(roots.map),
    settings: readSettings(roots.map),
    stages,
    lanes,
    ...placeCards(readAll(roots.cards, readCard), stages, lanes),
    metrics,
    scenarios: readAll(roots.scenarios, readScenario).sort(byRank)
  };
}
