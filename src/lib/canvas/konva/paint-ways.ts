import { wayLines, type WayLine } from '../geometry/ways.ts';
import type { ScreenPoint } from '../geometry/space.ts';
import { fillRound, font, saved, type Pen } from './pen.ts';
import type { Scene } from './scene.ts';

const BEND = 6; // pixels
const ARROW = 5;
const LABEL = 12;

const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

/**
 * Ways that leave stages out, go back or stay, above the heads; those to a band, between it and the cells. What goes
 * back is dashed. The chosen one, and those of the chosen stage, stand out.
 */
export function paintWays(pen: Pen, scene: Scene): void {
  const { editor, theme } = scene;
  const { frame, ways, layout, camera, viewport } = editor;
  if (ways.length === 0) return;
  const lines = wayLines(ways, layout, camera, frame.headerTop);
  const { body, headerTop } = frame;
  // At the top edge the strip lies over the cells.
  saved(pen, () => {
    pen.beginPath();
    pen.rect(body.x, 0, viewport.width - body.x, headerTop + 6);
    pen.clip();
    const last = frame.stages.at(-1)?.rect;
    if (frame.stuck && last !== undefined) {
      pen.fillStyle = theme.canvas;
      pen.fillRect(body.x, 0, last.x + last.width + 12 - body.x, headerTop);
    }
    for (const line of lines) if (line.way.kind !== 'band') paintLine(pen, scene, line);
  });
  saved(pen, () => {
    pen.beginPath();
    pen.rect(body.x, body.y, body.width, body.height);
    pen.clip();
    for (const line of lines) if (line.way.kind === 'band') paintLine(pen, scene, line);
  });
}

function paintLine(pen: Pen, { editor, theme }: Scene, { way, points }: WayLine): void {
  const { selection, hovered } = editor;
  const chosen =
    (selection.kind === 'transition' && selection.from === way.from && selection.to === way.to) ||
    (selection.kind === 'stage' && (selection.id === way.from || selection.id === way.to));
  const over = hovered.kind === 'way' && hovered.from === way.from && hovered.to === way.to;
  pen.strokeStyle = pen.fillStyle = chosen || over ? theme.accent : theme.ink2;
  pen.lineWidth = chosen ? 2 : 1.25;
  pen.lineJoin = 'round';
  pen.setLineDash(way.kind === 'back' ? [5, 4] : []);
  pen.beginPath();
  const [first] = points;
  const tip = points.at(-1);
  const before = points.at(-2);
  if (first === undefined || tip === undefined || before === undefined) return;
  pen.moveTo(first.x, first.y);
  points.slice(1).forEach((point, index) => {
    const next = points[index + 2];
    if (next === undefined) pen.lineTo(point.x, point.y);
    else pen.arcTo(point.x, point.y, next.x, next.y, BEND);
  });
  pen.stroke();
  pen.setLineDash([]);
  paintTip(pen, before, tip);
  paintShare(pen, { way, points }, theme.canvas);
}

function paintTip(pen: Pen, before: ScreenPoint, { x, y }: ScreenPoint): void {
  const down = y >= before.y ? 1 : -1;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - ARROW * 0.8, y - down * ARROW * 1.4);
  pen.lineTo(x + ARROW * 0.8, y - down * ARROW * 1.4);
  pen.closePath();
  pen.fill();
}

/** How many go this way, on its level part where that is long enough. */
function paintShare(pen: Pen, { way, points }: WayLine, ground: string): void {
  const [, a, b] = points;
  if (a === undefined || b === undefined || way.probability === null || way.kind === 'band') return;
  const text = share.format(way.probability);
  pen.font = font(LABEL, 550);
  const width = pen.measureText(text).width;
  if (Math.abs(b.x - a.x) < width + 24) return;
  const x = (a.x + b.x) / 2;
  const ink = pen.fillStyle;
  fillRound(pen, { x: x - width / 2 - 4, y: a.y - 7, width: width + 8, height: 14 }, 4, ground);
  pen.fillStyle = ink;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, x, a.y + 0.5);
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';
}
