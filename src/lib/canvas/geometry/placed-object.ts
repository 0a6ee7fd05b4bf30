import { hasText, isBox, isStroke, type End, type MapObject, type TextSize } from '#lib/journey/objects.ts';
import {
  distanceToLine,
  middleOf,
  routeConnector,
  traced,
  type ConnectorPath,
  type Holder
} from './connector.ts';
import { boardPoint, boardRect, boundsOf, contains, inflate } from './space.ts';
import type { BoardPoint, BoardRect } from './space.ts';

/** Breaks text into lines of a width in board units, at the size of a card's letters. */
export type WrapText = (text: string, width: number) => readonly string[];

/** A free object where it is drawn. */
export interface PlacedObject {
  readonly object: MapObject;
  /** The object's own box; a note is as high as its words ask for. */
  readonly rect: BoardRect;
  /** Everything that is drawn of it. */
  readonly bounds: BoardRect;
  /** Its words, broken into lines; empty for what has none. */
  readonly lines: readonly string[];
  readonly path: ConnectorPath | null; // of lines and connectors
}

/** How an object's words are set, in board units. */
export interface TextStyle {
  readonly size: number;
  readonly line: number;
  readonly padding: number;
  readonly align: 'left' | 'center';
}

const CARD_SIZE = 14; // the size that `Wrap` measures in

const SIZES: Readonly<Record<TextSize, number>> = { small: 14, medium: 20, large: 32, huge: 52 };

export function textStyle(object: MapObject): TextStyle {
  switch (object.kind) {
    case 'text': {
      const size = SIZES[object.size];
      return { size, line: Math.round(size * 1.35), padding: 4, align: 'left' };
    }
    case 'rectangle':
    case 'ellipse':
      return { size: 15, line: 20, padding: 10, align: 'center' };
    case 'connector':
      return { size: 13, line: 18, padding: 4, align: 'center' };
    default:
      return { size: 16, line: 22, padding: 14, align: 'left' };
  }
}

/** Breaks words of any size with a `wrap` that measures the cards' size. */
export const wrapIn = (wrap: WrapText, text: string, width: number, size: number): readonly string[] =>
  wrap(text, Math.max(8, (width * CARD_SIZE) / size));

const LABEL_WIDTH = 180;

/** The width in which words are set. */
const innerWidth = (object: MapObject, width: number): number =>
  (object.kind === 'ellipse' ? width * 0.72 : width) - 2 * textStyle(object).padding;

/** Places what stands by itself: everything but connectors. */
export function placeObject(object: MapObject, wrap: WrapText): PlacedObject {
  if (object.kind === 'line') return placeLine(object, [object.from, object.to]);
  if (object.kind === 'connector')
    return placeConnector(object, freeEnd(object.from), freeEnd(object.to), wrap);
  if (isStroke(object)) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of object.points) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    const rect = boardRect(
      object.x + left,
      object.y + top,
      Math.max(1, right - left),
      Math.max(1, bottom - top)
    );
    return { object, rect, bounds: inflate(rect, object.thickness), lines: [], path: null };
  }
  const style = textStyle(object);
  const words = hasText(object) && object.kind !== 'frame' && object.kind !== 'image' ? object.text : '';
  const lines = words === '' ? [] : wrapIn(wrap, words, innerWidth(object, object.width), style.size);
  const grows = object.kind === 'sticky' || object.kind === 'text' || object.kind === 'rectangle';
  const needed = grows ? lines.length * style.line + 2 * style.padding : 0;
  const rect = boardRect(object.x, object.y, object.width, Math.max(object.height, needed));
  // A frame's name stands above it, in pixels: at 5% that is much in board units.
  const bounds =
    object.kind === 'frame' ? boardRect(rect.x, rect.y - 40, rect.width, rect.height + 40) : inflate(rect, 3);
  return { object, rect, bounds, lines, path: null };
}

export const freeEnd = ({ x, y }: End): Holder => ({ kind: 'point', at: boardPoint(x, y) });

function placeLine(
  object: MapObject,
  ends: readonly { readonly x: number; readonly y: number }[]
): PlacedObject {
  const points = ends.map(({ x, y }) => boardPoint(x, y));
  const rect = boundsOf(points.map(({ x, y }) => boardRect(x, y, 0, 0))) ?? boardRect(0, 0, 0, 0);
  return { object, rect, bounds: inflate(rect, 6), lines: [], path: { route: 'straight', points } };
}

/** Places a connector between what its ends hold on to. */
export function placeConnector(
  object: Extract<MapObject, { kind: 'connector' }>,
  from: Holder,
  to: Holder,
  wrap: WrapText
): PlacedObject {
  const path = routeConnector(from, to, object.route);
  const rect = boundsOf(traced(path).map(({ x, y }) => boardRect(x, y, 0, 0))) ?? boardRect(0, 0, 0, 0);
  const style = textStyle(object);
  const lines = object.text === '' ? [] : wrapIn(wrap, object.text, LABEL_WIDTH, style.size);
  const placed = { object, rect, bounds: inflate(rect, 12), lines, path };
  const label = labelBox(placed);
  return label === null ? placed : { ...placed, bounds: boundsOf([placed.bounds, label]) ?? placed.bounds };
}

/** Where a connector's words stand; null without any. Wide enough for any line that fits. */
export function labelBox({ object, lines, path }: PlacedObject): BoardRect | null {
  if (object.kind !== 'connector' || path === null || lines.length === 0) return null;
  const { line } = textStyle(object);
  const at = middleOf(path);
  const height = lines.length * line + 6;
  return boardRect(at.x - LABEL_WIDTH / 2, at.y - height / 2, LABEL_WIDTH, height);
}

/** Where the text field opens over an object. */
export function textBox(placed: PlacedObject): BoardRect {
  const { object, rect, path } = placed;
  const style = textStyle(object);
  if (object.kind === 'connector' && path !== null) {
    const at = middleOf(path);
    const height = Math.max(1, placed.lines.length) * style.line + 2 * style.padding;
    return boardRect(at.x - LABEL_WIDTH / 2, at.y - height / 2, LABEL_WIDTH, height);
  }
  if (object.kind === 'frame')
    return boardRect(rect.x, rect.y - 34, Math.max(160, Math.min(rect.width, 400)), 30);
  const inset = object.kind === 'ellipse' ? rect.width * 0.14 : 0;
  if (style.align === 'center') {
    const height = Math.max(1, placed.lines.length) * style.line + 2 * style.padding;
    return boardRect(rect.x + inset, rect.y + (rect.height - height) / 2, rect.width - 2 * inset, height);
  }
  return rect;
}

/** True when a press at `at` takes the object; `reach` in board units makes thin things easier to take. */
export function hitsObject(placed: PlacedObject, at: BoardPoint, reach: number): boolean {
  const { object, rect, path } = placed;
  if (path !== null) {
    const label = labelBox(placed);
    if (label !== null && contains(inflate(label, -20), at)) return true;
    return distanceToLine(at, traced(path)) <= reach + 2;
  }
  if (isStroke(object)) {
    const points = object.points.map(([x, y]) => boardPoint(object.x + x, object.y + y));
    return distanceToLine(at, points) <= reach + object.thickness / 2;
  }
  if (!contains(inflate(rect, reach), at)) {
    return (
      object.kind === 'frame' && contains(boardRect(rect.x, rect.y - 34, Math.min(240, rect.width), 34), at)
    );
  }
  const hollow =
    object.kind === 'frame' || ('fill' in object && object.fill === 'none' && object.text === '');
  if (object.kind === 'ellipse') {
    const [a, b] = [rect.width / 2, rect.height / 2];
    const off = Math.hypot((at.x - rect.x - a) / (a + reach), (at.y - rect.y - b) / (b + reach));
    if (off > 1) return false;
    return (
      !hollow ||
      Math.hypot(
        (at.x - rect.x - a) / Math.max(1, a - reach),
        (at.y - rect.y - b) / Math.max(1, b - reach)
      ) >= 1
    );
  }
  return !hollow || !contains(inflate(rect, -reach - 2), at);
}

/** What a connector sees of an object that it holds on to. */
export const holderOf = ({ object, rect }: PlacedObject, side: End['side']): Holder => ({
  kind: object.kind === 'ellipse' ? 'ellipse' : 'box',
  rect: isBox(object) ? rect : inflate(rect, 1),
  side
});
