import type { JourneyLayout } from '#lib/canvas/geometry/layout.ts';
import { boardRect, inflate, type BoardRect, type Size } from '#lib/canvas/geometry/space.ts';
import { readTheme } from '#lib/canvas/konva/theme.ts';

/** How board units lie on the small picture: its top left corner on the board, and pixels per unit. */
export interface MinimapFit {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** All of the map with a little paper around it, in the middle of the picture. */
export function minimapFit(bounds: BoardRect, { width, height }: Size): MinimapFit {
  const around = inflate(bounds, Math.max(40, 0.03 * Math.max(bounds.width, bounds.height)));
  const scale = Math.min(width / around.width, height / around.height);
  return {
    x: around.x - (width / scale - around.width) / 2,
    y: around.y - (height / scale - around.height) / 2,
    scale
  };
}

/**
 * Draws the map as blocks: lanes as bands, cards in their lane's hue, one path for each hue. Ten thousand cards are some
 * milliseconds, and are drawn only when the map has changed.
 */
export function drawMinimap(
  canvas: HTMLCanvasElement,
  layout: JourneyLayout,
  fit: MinimapFit,
  size: Size
): void {
  const ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const theme = readTheme(canvas);
  pen.setTransform(
    ratio * fit.scale,
    0,
    0,
    ratio * fit.scale,
    -fit.x * fit.scale * ratio,
    -fit.y * fit.scale * ratio
  );
  const least = 1 / fit.scale;
  const box = ({ x, y, width, height }: BoardRect) =>
    boardRect(x, y, Math.max(least, width), Math.max(least, height));
  const fill = (rects: readonly BoardRect[], color: string, alpha: number): void => {
    pen.beginPath();
    for (const rect of rects) {
      const { x, y, width, height } = box(rect);
      pen.rect(x, y, width, height);
    }
    pen.globalAlpha = alpha;
    pen.fillStyle = color;
    pen.fill();
    pen.globalAlpha = 1;
  };
  for (const { lane, y, height } of layout.rows)
    fill([boardRect(0, y, layout.grid.width, height)], theme.lanes[lane.kind], 0.14);
  fill(
    layout.bands.map(({ rect }) => rect),
    theme.line,
    0.5
  );
  fill(
    layout.columns.slice(1).map(({ x }) => boardRect(x, 0, least, layout.grid.height)),
    theme.line,
    1
  );
  for (const { lane } of layout.rows) {
    const cards = layout.cells.all
      .filter((cell) => cell.lane.id === lane.id)
      .flatMap(({ cards: all }) => all);
    fill(
      cards.map(({ rect }) => rect),
      theme.lanes[lane.kind],
      0.75
    );
  }
}
