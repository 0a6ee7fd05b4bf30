import { boardRect, centreOf, distance, overlaps, type BoardRect } from './space.ts';

/** Side of a tile in pixels of the screen. */
export const TILE = 512;

/** A square of the board at a scale, in pixels of the screen for each board unit. */
export interface TilePlace {
  readonly scale: number;
  readonly column: number;
  readonly row: number;
}

export const tileKey = ({ scale, column, row }: TilePlace): string => `${scale}/${column}/${row}`;

/** What of the board a tile shows. */
export const rectOfTile = ({ scale, column, row }: TilePlace): BoardRect => {
  const side = TILE / scale;
  return boardRect(column * side, row * side, side, side);
};

/** The tiles that cover `view`, those nearest to its middle first. */
export function tilesOver(view: BoardRect, scale: number): TilePlace[] {
  const side = TILE / scale;
  const places: TilePlace[] = [];
  const end = {
    column: Math.ceil((view.x + view.width) / side),
    row: Math.ceil((view.y + view.height) / side)
  };
  for (let row = Math.floor(view.y / side); row < end.row; row += 1)
    for (let column = Math.floor(view.x / side); column < end.column; column += 1)
      places.push({ scale, column, row });
  return places.sort(nearest(view));
}

const nearest = (view: BoardRect) => {
  const middle = centreOf(view);
  const away = (place: TilePlace) => distance(centreOf(rectOfTile(place)), middle);
  return (a: TilePlace, b: TilePlace) => away(a) - away(b);
};

const CLOSE = { least: 0.6, most: 1.6 } as const;

/**
 * The scale whose tiles are shown while the board is being zoomed: the one in use as long as it is not stretched or
 * shrunk too far, else the nearest power of two, so that tiles made on the way out serve on the way in.
 */
export function scaleFor(scale: number, inUse: number | null): number {
  if (inUse !== null && scale / inUse >= CLOSE.least && scale / inUse <= CLOSE.most) return inUse;
  return 2 ** Math.round(Math.log2(scale));
}

/**
 * Which tiles to give up when there are more than `most`: those of other scales first, then those farthest from the
 * view. What covers the view stays.
 */
export function tilesToDrop<T extends TilePlace>(
  tiles: readonly T[],
  view: BoardRect,
  scale: number,
  most: number
): T[] {
  if (tiles.length <= most) return [];
  const near = nearest(view);
  return tiles
    .filter((tile) => tile.scale !== scale || !overlaps(rectOfTile(tile), view))
    .sort((a, b) => Number(b.scale === scale) - Number(a.scale === scale) || near(a, b))
    .slice(-(tiles.length - most));
}
