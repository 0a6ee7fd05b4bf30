declare const space: unique symbol;

/** A point in board units (1 unit = 1 px at 100%). The origin is the top left corner of the first cell. */
export interface BoardPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'board';
}

/** A point in CSS pixels from the top left corner of the canvas. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: 'screen';
}

/** A rectangle in board units. */
export interface BoardRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly [space]?: 'board';
}

/** A rectangle in CSS pixels of the canvas. */
export interface ScreenRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly [space]?: 'screen';
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const boardPoint = (x: number, y: number): BoardPoint => ({ x, y });
export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y });
export const boardRect = (x: number, y: number, width: number, height: number): BoardRect => ({
  x,
  y,
  width,
  height
});
export const screenRect = (x: number, y: number, width: number, height: number): ScreenRect => ({
  x,
  y,
  width,
  height
});

type Point = BoardPoint | ScreenPoint;
type Rect = BoardRect | ScreenRect;
type PointOf<R extends Rect> = R extends BoardRect ? BoardPoint : ScreenPoint;

/** True when the point is in the rectangle; its right and lower edges belong to the neighbour. */
export const contains = <R extends Rect>(rect: R, point: PointOf<R>): boolean =>
  point.x >= rect.x && point.y >= rect.y && point.x < rect.x + rect.width && point.y < rect.y + rect.height;

/** True when the two share an area. */
export const overlaps = <R extends Rect>(a: R, b: R): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The rectangle that has the two points as opposite corners. */
export const rectBetween = (a: BoardPoint, b: BoardPoint): BoardRect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y)
});

/** The smallest rectangle around all; null without any. */
export function boundsOf(rects: readonly BoardRect[]): BoardRect | null {
  if (rects.length === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rect of rects) {
    left = Math.min(left, rect.x);
    top = Math.min(top, rect.y);
    right = Math.max(right, rect.x + rect.width);
    bottom = Math.max(bottom, rect.y + rect.height);
  }
  return boardRect(left, top, right - left, bottom - top);
}

/** Grown by `by` on every side. */
export const inflate = (rect: BoardRect, by: number): BoardRect =>
  boardRect(rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by);

export const centreOf = (rect: BoardRect): BoardPoint =>
  boardPoint(rect.x + rect.width / 2, rect.y + rect.height / 2);

/** How far apart two points of one space are. */
export const distance = <P extends Point>(a: P, b: P): number => Math.hypot(a.x - b.x, a.y - b.y);
