import type { CardId, LaneId, ObjectId, StageId } from '#lib/journey/ids.ts';
import { isRecordId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import {
  CONNECTOR_HEADS,
  CONNECTOR_ROUTES,
  isEmoji,
  isImageHash,
  OBJECT_COLORS,
  OBJECT_KINDS,
  SHAPE_FILLS,
  SIDES,
  TEXT_SIZES,
  USUAL,
  usualColor,
  type End,
  type MapObject,
  type ObjectKind,
  type Place,
  type Target
} from '#lib/journey/objects.ts';
import { unpackPoints } from '#lib/journey/stroke-points.ts';
import type { YRecord } from './layout.ts';
import { finite, isObject, oneOf, rank, record, text, within } from './read-values.ts';

const { coordinate, objectSize, strokeWidth } = LIMITS;

const clamp = (value: number, { min, max }: { min: number; max: number }) =>
  Math.min(max, Math.max(min, value));

function placeOf(x: unknown, y: unknown): Place | null {
  if (!finite(x) || !finite(y)) return null;
  return { x: clamp(x, coordinate), y: clamp(y, coordinate) };
}

const id = <T extends string>(value: unknown): T | null =>
  typeof value === 'string' && isRecordId(value) ? (value as T) : null;

function targetOf(value: unknown): Target | null {
  if (!isObject(value)) return null;
  if (value.on === 'cell') {
    const [lane, stage] = [id<LaneId>(value.lane), id<StageId>(value.stage)];
    return lane !== null && stage !== null ? { on: 'cell', lane, stage } : null;
  }
  const on = oneOf(['object', 'card', 'stage'], value.on);
  const holder = id<ObjectId & CardId & StageId>(value.id);
  return on === null || holder === null ? null : { on, id: holder };
}

function endOf(value: unknown): End | null {
  if (!isObject(value)) return null;
  const place = placeOf(value.x, value.y);
  return place && { ...place, target: targetOf(value.target), side: oneOf(SIDES, value.side) ?? USUAL.side };
}

const pointOf = (value: unknown): Place | null => (isObject(value) ? placeOf(value.x, value.y) : null);

/**
 * A free object as anybody may have written it. One of unknown kind, or without a readable place, is left out; what is
 * out of bounds is brought within them; any other field that cannot be read gets its usual value (rules D7, D11).
 */
export function readObject(key: string, value: unknown): MapObject | null {
  if (!record(key, value)) return null;
  const kind = oneOf(OBJECT_KINDS, value.get('kind'));
  return kind === null ? null : ofKind(kind, key as ObjectId, value);
}

function ofKind(kind: ObjectKind, key: ObjectId, value: YRecord): MapObject | null {
  const common = {
    id: key,
    rank: rank(value.get('rank')),
    color: oneOf(OBJECT_COLORS, value.get('color')) ?? usualColor(kind),
    locked: value.get('locked') === true,
    group: id(value.get('group'))
  };
  const words = () => text(value.get('text'), '', LIMITS.objectText);
  if (kind === 'line') {
    const [from, to] = [pointOf(value.get('from')), pointOf(value.get('to'))];
    return from && to && { ...common, kind, from, to };
  }
  if (kind === 'connector') {
    const [from, to] = [endOf(value.get('from')), endOf(value.get('to'))];
    if (from === null || to === null) return null;
    const route = oneOf(CONNECTOR_ROUTES, value.get('route')) ?? USUAL.route;
    const heads = oneOf(CONNECTOR_HEADS, value.get('heads')) ?? USUAL.heads;
    return { ...common, kind, from, to, route, heads, text: words() };
  }
  const place = placeOf(value.get('x'), value.get('y'));
  if (place === null) return null;
  if (kind === 'pen' || kind === 'highlighter') {
    const points = unpackPoints(text(value.get('points'), '', Infinity));
    if (points === null) return null;
    const thickness = within(value.get('thickness'), strokeWidth.min, strokeWidth.max, USUAL.thickness);
    return { ...common, kind, ...place, points, thickness };
  }
  const size = (name: string) => within(value.get(name), objectSize.min, objectSize.max, 160);
  const box = { ...common, ...place, width: size('width'), height: size('height') };
  switch (kind) {
    case 'sticky':
    case 'frame':
      return { ...box, kind, text: words() };
    case 'text':
      return { ...box, kind, text: words(), size: oneOf(TEXT_SIZES, value.get('size')) ?? USUAL.size };
    case 'rectangle':
    case 'ellipse':
      return { ...box, kind, text: words(), fill: oneOf(SHAPE_FILLS, value.get('fill')) ?? USUAL.fill };
    case 'image': {
      const hash = value.get('hash');
      const natural = value.get('natural');
      const pixels = (side: unknown) => Math.round(within(side, 1, LIMITS.imageSide, 1));
      const { width, height } = isObject(natural) ? natural : {};
      if (!isImageHash(hash)) return null;
      return { ...box, kind, hash, natural: { width: pixels(width), height: pixels(height) }, text: words() };
    }
    case 'stamp': {
      const emoji = value.get('emoji');
      return isEmoji(emoji) ? { ...box, kind, emoji } : null;
    }
  }
}
