import { boardPoint, type BoardPoint, type Size } from '#lib/canvas/geometry/space.ts';

/** Longest side of a picture when it comes onto the board, in board units. */
const LARGEST = 480;
const GAP = 24;
const ACROSS = 4;

/** How large a picture is taken to be whose size is not known yet. */
export const FALLBACK: Size = { width: 320, height: 240 };

/** The size of a picture of so many pixels when it comes onto the board: as it is, or as large as is handy. */
export function sizeOnBoard({ width, height }: Size): Size {
  const scale = Math.min(1, LARGEST / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The middles of boxes laid out in rows around a place. */
export function arranged(sizes: readonly Size[], middle: BoardPoint): BoardPoint[] {
  const rows: Size[][] = [];
  sizes.forEach((size, index) => {
    if (index % ACROSS === 0) rows.push([]);
    rows.at(-1)?.push(size);
  });
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)));
  const total = heights.reduce((sum, height) => sum + height, GAP * Math.max(0, rows.length - 1));
  let top = middle.y - total / 2;
  return rows.flatMap((row, index) => {
    const height = heights[index] ?? 0;
    const y = top + height / 2;
    top += height + GAP;
    let left = middle.x - row.reduce((sum, { width }) => sum + width, GAP * (row.length - 1)) / 2;
    return row.map(({ width }) => {
      const x = left + width / 2;
      left += width + GAP;
      return boardPoint(x, y);
    });
  });
}
