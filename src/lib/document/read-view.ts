import { CARD_COLORS, CONFIDENCES } from '#lib/journey/card-facets.ts';
import { isRecordId, type LaneId, type ScenarioId, type StageId, type ViewId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import type { Area, CardFilter, SavedView } from '#lib/journey/views.ts';
import { isObject, line, oneOf, rank, record, within } from './read-values.ts';

const { coordinate, viewSize } = LIMITS;
/** As much as a window of a desk shows at 100%. */
const USUAL = { width: 1200, height: 800 };

const id = <T extends string>(value: unknown): T | null =>
  typeof value === 'string' && isRecordId(value) ? (value as T) : null;

const words = (value: unknown, max: number): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, max) : null;

function readArea(value: unknown): Area {
  const { x, y, width, height } = isObject(value) ? value : {};
  return {
    x: within(x, coordinate.min, coordinate.max, 0),
    y: within(y, coordinate.min, coordinate.max, 0),
    width: within(width, viewSize.min, viewSize.max, USUAL.width),
    height: within(height, viewSize.min, viewSize.max, USUAL.height)
  };
}

function readFilter(value: unknown): CardFilter {
  const { lane, tag, color, confidence, owner, author } = isObject(value) ? value : {};
  return {
    lane: id<LaneId>(lane),
    tag: words(tag, LIMITS.tag),
    color: oneOf(CARD_COLORS, color),
    confidence: oneOf(CONFIDENCES, confidence),
    owner: words(owner, LIMITS.name),
    author: id(author)
  };
}

export function readView(key: string, value: unknown): SavedView | null {
  if (!record(key, value)) return null;
  const folded: unknown = value.get('folded');
  return {
    id: key as ViewId,
    name: line(value.get('name')),
    rank: rank(value.get('rank')),
    area: readArea(value.get('area')),
    filter: readFilter(value.get('filter')),
    folded: [...new Set(Array.isArray(folded) ? folded : [])]
      .flatMap((one) => id<StageId | LaneId>(one) ?? [])
      .slice(0, LIMITS.folded),
    scenario: id<ScenarioId>(value.get('scenario'))
  };
}
