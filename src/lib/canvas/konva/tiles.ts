import { visibleRect, type Camera } from '../geometry/camera.ts';
import { boardRect, boundsOf, overlaps, type BoardRect, type Size } from '../geometry/space.ts';
import {
  rectOfTile,
  scaleFor,
  TILE,
  tileKey,
  tilesOver,
  tilesToDrop,
  type TilePlace
} from '../geometry/tiles.ts';
import type { Pen } from './pen.ts';

/** Paints what a camera sees of the board into the pen's origin. `rough`: as quickly as it can be done. */
export type PaintPart = (pen: Pen, camera: Camera, viewport: Size, rough: boolean) => void;

/** How a view is to be drawn. */
export interface TileView {
  readonly camera: Camera;
  readonly viewport: Size;
  /** Pixels of the screen for each CSS pixel. */
  readonly ratio: number;
  readonly now: number; // ms
}

interface Tile extends TilePlace {
  readonly rect: BoardRect;
  readonly canvas: HTMLCanvasElement;
  readonly pen: Pen;
  stale: BoardRect[];
}

const BUDGET = 4; // ms of a frame in which tiles are painted
const SETTLE = 160; // ms after the last change of zoom until what was stretched is painted anew
const PARTS = 6; // stale parts of a tile beyond which all of it is
const VOLATILE = 250; // ms in which a large change makes another one likely

/** True where painting all of a window anew costs less than a few milliseconds: few cards, or cards as blocks. */
const isQuick = (zoom: number): boolean => zoom >= 0.7 || (zoom < 0.25 && zoom >= 0.15);

/**
 * Keeps what has been painted as bitmaps, so that a pan is one image for each tile in sight. While the zoom changes
 * the bitmaps are stretched; when it has settled they are painted anew in slices. Where a bitmap is still missing the
 * view is painted directly if that is quick, else from bitmaps of another scale and in rough.
 */
export class Tiles {
  readonly #paint: PaintPart;
  readonly #opaque: boolean;
  readonly #tiles = new Map<string, Tile>();
  readonly #spare: { canvas: HTMLCanvasElement; pen: Pen }[] = [];
  #inUse: number | null = null;
  #shown: { scale: number; x: number; y: number } | null = null;
  #zoomedAt = -Infinity;
  #volatile = { area: 0, until: -Infinity };

  /** @param opaque The painter covers all of its part; bitmaps then need no transparency. */
  constructor(paint: PaintPart, { opaque }: { opaque: boolean }) {
    this.#paint = paint;
    this.#opaque = opaque;
  }

  /** Parts of the board look different; null: all of it does. */
  invalidate(rects: readonly BoardRect[] | null, now: number): void {
    if (rects?.length === 0) return;
    const area =
      rects === null ? Infinity : rects.reduce((sum, { width, height }) => sum + width * height, 0);
    this.#volatile = { area, until: now + VOLATILE };
    for (const [key, tile] of this.#tiles) {
      const parts = rects?.filter((rect) => overlaps(rect, tile.rect)) ?? [tile.rect];
      if (parts.length === 0) continue;
      if (tile.scale !== this.#inUse) this.#drop(key, tile);
      else if (tile.stale.length + parts.length > PARTS) tile.stale = [tile.rect];
      else tile.stale.push(...parts);
    }
  }

  /** Gives up all bitmaps. */
  clear(): void {
    this.#tiles.clear();
    this.#spare.length = 0;
  }

  /** Draws a view. Answers in how many ms it should be drawn again, though nothing changes; null for never. */
  draw(pen: Pen, view: TileView): number | null {
    const { camera, viewport, ratio, now } = view;
    const scale = camera.zoom * ratio;
    const before = this.#shown;
    if (before !== null && before.scale !== scale) this.#zoomedAt = now;
    this.#shown = { scale, x: camera.x, y: camera.y };
    const settles = this.#zoomedAt + SETTLE - now;
    const level = settles > 0 ? scaleFor(scale, this.#inUse) : scale;
    this.#inUse = level;

    const seen = visibleRect(camera, viewport);
    const places = tilesOver(seen, level);
    const isVolatile =
      now < this.#volatile.until &&
      this.#volatile.area > 0.3 * seen.width * seen.height &&
      isQuick(camera.zoom);
    const unready = isVolatile ? places.filter((place) => !this.#isReady(place)) : this.#build(places, ratio);
    const direct = unready.length > 0 && settles <= 0 && isQuick(camera.zoom);
    if (direct) this.#paint(pen, camera, viewport, false);
    else this.#compose(pen, view, places, unready);
    if (unready.length === 0 && before !== null) this.#ahead(seen, before, ratio);
    for (const tile of tilesToDrop([...this.#tiles.values()], seen, level, 12 + 2 * places.length))
      this.#drop(tileKey(tile), tile);
    if (unready.length > 0 && !direct) return 0;
    return settles > 0 ? settles : null;
  }

  #isReady(place: TilePlace): boolean {
    return this.#tiles.get(tileKey(place))?.stale.length === 0;
  }

  /** Paints tiles until the frame's budget is spent. Answers those that are still to be painted. */
  #build(places: readonly TilePlace[], ratio: number): TilePlace[] {
    const end = performance.now() + BUDGET;
    return places.filter((place) => {
      if (this.#isReady(place)) return false;
      if (performance.now() > end) return true;
      this.#paintTile(place, ratio);
      return false;
    });
  }

  /** One tile beyond the edge towards which the view moves: the work is done before it is seen. */
  #ahead(seen: BoardRect, before: { scale: number; x: number; y: number }, ratio: number): void {
    if (this.#shown?.scale !== before.scale || this.#inUse !== before.scale) return;
    const side = TILE / before.scale;
    const [dx, dy] = [Math.sign(seen.x - before.x), Math.sign(seen.y - before.y)];
    if (dx === 0 && dy === 0) return;
    const next = boardRect(seen.x + dx * side, seen.y + dy * side, seen.width, seen.height);
    const place = tilesOver(next, before.scale).find((one) => !this.#isReady(one));
    if (place !== undefined) this.#paintTile(place, ratio);
  }

  #paintTile(place: TilePlace, ratio: number): void {
    const { scale } = place;
    const known = this.#tiles.get(tileKey(place));
    const tile = known ?? this.#newTile(place);
    const { pen, rect } = tile;
    const parts = known === undefined ? [rect] : tile.stale;
    tile.stale = [];
    for (const part of parts) {
      // Whole pixels, one more on each side: what is stroked at an edge reaches over it.
      const px = (from: number, origin: number) => Math.max(0, Math.floor((from - origin) * scale) - 2);
      const end = (to: number, origin: number) => Math.min(TILE, Math.ceil((to - origin) * scale) + 2);
      const [x, y] = [px(part.x, rect.x), px(part.y, rect.y)];
      const width = end(part.x + part.width, rect.x) - x;
      const height = end(part.y + part.height, rect.y) - y;
      if (width <= 0 || height <= 0) continue;
      pen.save();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.beginPath();
      pen.rect(x, y, width, height);
      pen.clip();
      if (!this.#opaque) pen.clearRect(x, y, width, height);
      pen.setTransform(ratio, 0, 0, ratio, x, y);
      const camera = { x: rect.x + x / scale, y: rect.y + y / scale, zoom: scale / ratio };
      this.#paint(pen, camera, { width: width / ratio, height: height / ratio }, false);
      pen.restore();
    }
  }

  #newTile(place: TilePlace): Tile {
    const { canvas, pen } = this.#spare.pop() ?? this.#newBitmap();
    const tile = { ...place, rect: rectOfTile(place), canvas, pen, stale: [] };
    pen.clearRect(0, 0, TILE, TILE);
    this.#tiles.set(tileKey(place), tile);
    return tile;
  }

  #newBitmap(): { canvas: HTMLCanvasElement; pen: Pen } {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = TILE;
    const pen = canvas.getContext('2d', { alpha: !this.#opaque });
    if (pen === null) throw new Error('this browser draws no canvas');
    return { canvas, pen };
  }

  #drop(key: string, { canvas, pen }: Tile): void {
    this.#tiles.delete(key);
    if (this.#spare.length < 8) this.#spare.push({ canvas, pen });
  }

  /** The view out of bitmaps; what has none out of those of other scales, over a rough painting. */
  #compose(pen: Pen, view: TileView, places: readonly TilePlace[], unready: readonly TilePlace[]): void {
    const missing = unready.filter((place) => !this.#tiles.has(tileKey(place)));
    if (missing.length > 0) this.#fill(pen, view, missing);
    pen.save();
    for (const place of places) {
      const tile = this.#tiles.get(tileKey(place));
      if (tile !== undefined) drawTile(pen, tile, view);
    }
    pen.restore();
  }

  #fill(pen: Pen, view: TileView, missing: readonly TilePlace[]): void {
    const { camera, viewport } = view;
    const holes = missing.map(rectOfTile);
    const all = boundsOf(holes);
    if (all === null) return;
    const others = [...this.#tiles.values()].filter(
      (tile) => tile.scale !== this.#inUse && holes.some((hole) => overlaps(hole, tile.rect))
    );
    pen.save();
    pen.beginPath();
    for (const { x, y, width, height } of holes)
      pen.rect(
        (x - camera.x) * camera.zoom,
        (y - camera.y) * camera.zoom,
        width * camera.zoom,
        height * camera.zoom
      );
    pen.clip();
    this.#paint(pen, camera, viewport, true);
    const far = ({ scale }: Tile) => Math.abs(Math.log(scale / (this.#inUse ?? 1)));
    for (const tile of others.sort((a, b) => far(b) - far(a))) drawTile(pen, tile, view);
    pen.restore();
  }
}

/** On whole pixels at both ends, so that neighbours meet without a seam. */
function drawTile(pen: Pen, { canvas, column, row, scale }: Tile, { camera, ratio }: TileView): void {
  const zoom = camera.zoom * ratio;
  const step = (TILE * zoom) / scale;
  const [left, top] = [Math.round(-camera.x * zoom), Math.round(-camera.y * zoom)];
  const x = Math.round(column * step) + left;
  const y = Math.round(row * step) + top;
  const width = Math.round((column + 1) * step) + left - x;
  const height = Math.round((row + 1) * step) + top - y;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(canvas, x, y, width, height);
}
