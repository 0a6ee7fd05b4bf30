import {
  boardPoint,
  boardRect,
  screenPoint,
  screenRect,
  type BoardPoint,
  type BoardRect,
  type ScreenPoint,
  type ScreenRect,
  type Size
} from './space.ts';

/** What part of the board is seen: the board point at the canvas's top left corner, and pixels per board unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number; // 0.05 to 4
}

export const ZOOM = { min: 0.05, max: 4 } as const;

export const clampZoom = (zoom: number): number => Math.min(ZOOM.max, Math.max(ZOOM.min, zoom));

export const toScreen = (camera: Camera, point: BoardPoint): ScreenPoint =>
  screenPoint((point.x - camera.x) * camera.zoom, (point.y - camera.y) * camera.zoom);

export const toBoard = (camera: Camera, point: ScreenPoint): BoardPoint =>
  boardPoint(point.x / camera.zoom + camera.x, point.y / camera.zoom + camera.y);

export const rectToScreen = (camera: Camera, rect: BoardRect): ScreenRect =>
  screenRect(
    (rect.x - camera.x) * camera.zoom,
    (rect.y - camera.y) * camera.zoom,
    rect.width * camera.zoom,
    rect.height * camera.zoom
  );

/** The part of the board that a viewport of this size shows. */
export const visibleRect = (camera: Camera, viewport: Size): BoardRect =>
  boardRect(camera.x, camera.y, viewport.width / camera.zoom, viewport.height / camera.zoom);

/** Moves the view by screen pixels: positive moves it right and down over the board. */
export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x + dx / camera.zoom,
  y: camera.y + dy / camera.zoom
});

/** Zooms (within the limits) so that the board point under `anchor` stays under it. */
export function zoomedAt(camera: Camera, anchor: ScreenPoint, zoom: number): Camera {
  const next = clampZoom(zoom);
  const fixed = toBoard(camera, anchor);
  return { x: fixed.x - anchor.x / next, y: fixed.y - anchor.y / next, zoom: next };
}

/** Room to leave free at the edges of the viewport, in pixels. */
export interface Insets {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Shows all of `rect` inside the insets: centred across, at the top when it is wider than tall for the view. */
export function fitted(rect: BoardRect, viewport: Size, insets: Insets, largest = 1): Camera {
  const width = Math.max(40, viewport.width - insets.left - insets.right);
  const height = Math.max(40, viewport.height - insets.top - insets.bottom);
  const zoom = Math.min(
    largest,
    clampZoom(Math.min(width / Math.max(1, rect.width), height / Math.max(1, rect.height)))
  );
  const spareX = Math.max(0, width - rect.width * zoom) / 2;
  const spareY = Math.max(0, height - rect.height * zoom) / 2;
  return {
    x: rect.x - (insets.left + spareX) / zoom,
    y: rect.y - (insets.top + Math.min(spareY, 24)) / zoom,
    zoom
  };
}
