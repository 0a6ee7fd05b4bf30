import { boardRect, type BoardRect } from './space.ts';

/** The eight handles around a selection. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

/** Which edges a handle moves: -1 the left or upper, 1 the right or lower, 0 neither. */
export const edgesOf = (handle: Handle): { readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 } => ({
  x: handle.includes('w') ? -1 : handle.includes('e') ? 1 : 0,
  y: handle.startsWith('n') ? -1 : handle.startsWith('s') ? 1 : 0
});

interface Resize {
  readonly handle: Handle;
  readonly dx: number; // how far the pointer has come, in the rectangle's units
  readonly dy: number;
  readonly ratio: boolean; // keep the proportions
  readonly centre: boolean; // grow on both sides
  readonly least: number;
}

/** A rectangle resized by one of its handles. It never turns inside out: it stops at the least size. */
export function resized(rect: BoardRect, { handle, dx, dy, ratio, centre, least }: Resize): BoardRect {
  const edges = edgesOf(handle);
  const both = centre ? 2 : 1;
  let width = Math.max(least, rect.width + edges.x * dx * both);
  let height = Math.max(least, rect.height + edges.y * dy * both);
  if (ratio && rect.width > 0 && rect.height > 0) {
    const across = edges.x === 0 ? 0 : width / rect.width;
    const down = edges.y === 0 ? 0 : height / rect.height;
    const floor = least / Math.min(rect.width, rect.height);
    const scale = Math.max(floor, across, down);
    [width, height] = [rect.width * scale, rect.height * scale];
  }
  const start = (edge: -1 | 0 | 1, from: number, before: number, after: number) => {
    if (centre || edge === 0) return from + (before - after) / 2;
    return edge === -1 ? from + before - after : from;
  };
  const x = edges.x === 0 && !ratio && !centre ? rect.x : start(edges.x, rect.x, rect.width, width);
  const y = edges.y === 0 && !ratio && !centre ? rect.y : start(edges.y, rect.y, rect.height, height);
  return boardRect(x, y, width, height);
}

/** Where a rectangle within `from` is when all of `from` becomes `to`. */
export function scaledWithin(rect: BoardRect, from: BoardRect, to: BoardRect): BoardRect {
  const [sx, sy] = [to.width / (from.width || 1), to.height / (from.height || 1)];
  return boardRect(
    to.x + (rect.x - from.x) * sx,
    to.y + (rect.y - from.y) * sy,
    rect.width * sx,
    rect.height * sy
  );
}
