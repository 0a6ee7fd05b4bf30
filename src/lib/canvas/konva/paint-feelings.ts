import { area, curveMonotoneX, line } from 'd3-shape';
import { cellKey } from '#lib/journey/metrics.ts';
import { CHANGED, feelingName } from '../editor/labels.ts';
import { visibleRect } from '../geometry/camera.ts';
import { feelingOffset, type CellLayout, type FeelingLayout } from '../geometry/cell-layout.ts';
import type { CurveLayout } from '../geometry/layout.ts';
import { METRE } from '../geometry/metre.ts';
import { boardRect, overlaps } from '../geometry/space.ts';
import { faint, font, saved, type Pen } from './pen.ts';
import { onBoard, OVERVIEW, type Scene } from './scene.ts';

const FACE = 12; // radius in board units

/** The feelings of each feelings lane: a curve along the stages, a face and its name at each point. */
export function paintFeelings(pen: Pen, scene: Scene): void {
  const { camera, viewport } = scene;
  const { layout } = scene.editor;
  const view = visibleRect(camera, viewport);
  onBoard(pen, scene, () => {
    for (const curve of layout.curves) {
      const { grid } = layout;
      const zone = boardRect(grid.x, curve.y, grid.width, METRE.curve.height);
      if (overlaps(zone, view)) paintCurve(pen, scene, curve);
    }
    for (const cell of layout.cells.within(view)) {
      const { feeling } = cell;
      if (feeling === null) continue;
      if (feeling.score !== null) paintPoint(pen, scene, feeling, feeling.score);
    }
  });
}

/** A ghost at neutral where a feeling may be set, in the cell under the pointer or selected. */
export function paintFeelingHint(pen: Pen, scene: Scene, { feeling }: CellLayout): void {
  if (feeling === null || feeling.score !== null) return;
  faint(pen, 0.55, () => paintPoint(pen, scene, feeling, 0, '+ feeling'));
}

function paintCurve(pen: Pen, { editor, camera, theme }: Scene, { y, points }: CurveLayout): void {
  const neutral = y + feelingOffset(0);
  const { grid } = editor.layout;
  saved(pen, () => {
    pen.setLineDash([4, 5]);
    pen.beginPath();
    pen.moveTo(grid.x, neutral);
    pen.lineTo(grid.x + grid.width, neutral);
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1.5;
    pen.stroke();
  });
  if (points.length < 2) return;
  const shape = area<FeelingLayout>()
    .x(({ at }) => at.x)
    .y0(neutral)
    .y1(({ at }) => at.y)
    .curve(curveMonotoneX)
    .context(pen);
  // The same area twice, above neutral and under it, each in its own colour.
  for (const [color, top, height] of [
    [theme.positive, y, neutral - y],
    [theme.negative, neutral, y + METRE.curve.height - neutral]
  ] as const)
    saved(pen, () => {
      pen.beginPath();
      pen.rect(grid.x, top, grid.width, height);
      pen.clip();
      pen.beginPath();
      shape([...points]);
      pen.fillStyle = color;
      faint(pen, 0.14, () => pen.fill());
    });
  pen.beginPath();
  line<FeelingLayout>()
    .x(({ at }) => at.x)
    .y(({ at }) => at.y)
    .curve(curveMonotoneX)
    .context(pen)([...points]);
  pen.strokeStyle = theme.lanes.feelings;
  pen.lineWidth = Math.max(2.5, 1.5 / camera.zoom);
  pen.stroke();
}

function paintPoint(pen: Pen, scene: Scene, feeling: FeelingLayout, score: number, label?: string): void {
  const { editor, theme } = scene;
  const { at } = feeling;
  const { gesture } = editor;
  const held = gesture.kind === 'feeling' && gesture.lane === feeling.lane && gesture.stage === feeling.stage;
  const color = score > 0 ? theme.positive : score < 0 ? theme.negative : theme.ink2;
  const { zoom } = scene.camera;
  // Far out the face keeps 8 px and its name 10.5 px, as long as they fit: they are what the lane is for.
  const radius = Math.max(FACE, Math.min(22, 8 / zoom));
  paintFace(pen, at.x, at.y, held ? radius + 2 : radius, score, color, theme.surface);
  if (zoom < OVERVIEW) return;
  const size = Math.max(12, Math.min(24, 10.5 / zoom));
  pen.font = font(size, 550);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const changed = editor.overrides.has(cellKey(feeling.lane, feeling.stage, 'feeling'));
  const text = label ?? `${changed ? CHANGED : ''}${feelingName(score)}`;
  // A halo in the board's colour keeps the name readable where the curve runs through it.
  pen.lineWidth = 3;
  pen.lineJoin = 'round';
  pen.strokeStyle = theme.canvas;
  const y = at.y + radius + size;
  const widest = (editor.layout.cells.get(feeling.lane, feeling.stage)?.rect.width ?? 240) - 8;
  pen.strokeText(text, at.x, y, widest);
  pen.fillStyle = theme.ink2;
  pen.fillText(text, at.x, y, widest);
}

/** One of five faces, by score. */
function paintFace(
  pen: Pen,
  x: number,
  y: number,
  radius: number,
  score: number,
  color: string,
  paper: string
): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = paper;
  pen.fill();
  pen.lineWidth = 1.75;
  pen.strokeStyle = color;
  pen.stroke();
  pen.fillStyle = color;
  for (const side of [-1, 1]) {
    pen.beginPath();
    pen.arc(x + side * radius * 0.36, y - radius * 0.22, radius * 0.12, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.beginPath();
  pen.lineCap = 'round';
  const bend = Math.max(-1, Math.min(1, score / 2)) * radius * 0.52;
  const mouth = y + radius * 0.36 - bend * 0.25;
  pen.moveTo(x - radius * 0.42, mouth - bend * 0.3);
  pen.quadraticCurveTo(x, mouth + bend, x + radius * 0.42, mouth - bend * 0.3);
  if (score >= 2) {
    pen.closePath();
    pen.fill();
  }
  pen.stroke();
  if (score <= -2) {
    // Brows that meet: frustrated is more than sad.
    pen.beginPath();
    for (const side of [-1, 1]) {
      pen.moveTo(x + side * radius * 0.56, y - radius * 0.56);
      pen.lineTo(x + side * radius * 0.2, y - radius * 0.4);
    }
    pen.stroke();
  }
}
