import type { ObjectIndex } from '../geometry/object-index.ts';
import { boardRect, type BoardRect } from '../geometry/space.ts';

/** A line that shows what an edge was snapped to. */
export interface Guide {
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Snap {
  readonly dx: number; // to be added to the rectangle's place
  readonly dy: number;
  readonly guides: readonly Guide[];
}

export interface SnapOptions {
  readonly reach: number; // board units
  /** Boxes to snap to; those that move are left out by the caller. */
  readonly to: readonly BoardRect[];
  /** Distance of the grid's lines; null while it is off. */
  readonly grid: number | null;
}

const NO_SNAP: Snap = { dx: 0, dy: 0, guides: [] };

/** The nearest place within reach where an edge or the middle of `rect` meets one of another box, or the grid. */
export function snapped(rect: BoardRect, { reach, to, grid }: SnapOptions): Snap {
  const across = nearest(rect.x, rect.width, reach, to, (box) => [box.x, box.width]);
  const down = nearest(rect.y, rect.height, reach, to, (box) => [box.y, box.height]);
  if (across === null && down === null && grid === null) return NO_SNAP;
  const onGrid = (value: number) => (grid === null ? 0 : Math.round(value / grid) * grid - value);
  const dx = across?.shift ?? onGrid(rect.x);
  const dy = down?.shift ?? onGrid(rect.y);
  const guides: Guide[] = [];
  if (across !== null)
    guides.push(guide('x', across, boardRect(rect.x, rect.y + dy, rect.width, rect.height)));
  if (down !== null) guides.push(guide('y', down, boardRect(rect.x + dx, rect.y, rect.width, rect.height)));
  return { dx, dy, guides };
}

interface Found {
  readonly shift: number;
  readonly at: number;
  readonly box: BoardRect;
}

function nearest(
  start: number,
  size: number,
  reach: number,
  boxes: readonly BoardRect[],
  span: (box: BoardRect) => readonly [start: number, size: number]
): Found | null {
  let best: Found | null = null;
  for (const box of boxes) {
    const [from, length] = span(box);
    for (const line of [from, from + length / 2, from + length])
      for (const own of [start, start + size / 2, start + size]) {
        const shift = line - own;
        if (Math.abs(shift) <= reach && Math.abs(shift) < Math.abs(best?.shift ?? Infinity))
          best = { shift, at: line, box };
      }
  }
  return best;
}

function guide(axis: 'x' | 'y', { at, box }: Found, own: BoardRect): Guide {
  const [a, b] =
    axis === 'x'
      ? [[own.y, own.y + own.height] as const, [box.y, box.y + box.height] as const]
      : [[own.x, own.x + own.width] as const, [box.x, box.x + box.width] as const];
  return { axis, at, from: Math.min(a[0], b[0]), to: Math.max(a[1], b[1]) };
}

/** The boxes near `view` that something can be snapped to. */
export function snapBoxes(objects: ObjectIndex, view: BoardRect, moving: ReadonlySet<string>): BoardRect[] {
  return objects
    .within(view)
    .filter(({ object, path }) => path === null && object.kind !== 'pen' && object.kind !== 'highlighter')
    .filter(({ object }) => !moving.has(object.id))
    .slice(0, 200)
    .map(({ rect }) => rect);
}
