import { holdsOf } from '../editor/handle-hits.ts';
import { rectToScreen, toScreen } from '../geometry/camera.ts';
import { boardPoint, screenRect, type ScreenPoint } from '../geometry/space.ts';
import { faint, fillRound, strokeRound, type Pen } from './pen.ts';
import type { Scene } from './scene.ts';

/** What the selection can be taken hold of by, the guides of a drag, and what a connector would hold on to. In pixels. */
export function paintHolds(pen: Pen, scene: Scene): void {
  const { editor, theme, camera } = scene;
  const { gesture } = editor;
  if (gesture.kind === 'objects') {
    pen.strokeStyle = theme.accent;
    pen.lineWidth = 1;
    for (const { axis, at, from, to } of gesture.guides) {
      const [a, b] =
        axis === 'x'
          ? [boardPoint(at, from), boardPoint(at, to)]
          : [boardPoint(from, at), boardPoint(to, at)];
      const [p, q] = [toScreen(camera, a), toScreen(camera, b)];
      pen.beginPath();
      pen.moveTo(p.x, p.y);
      pen.lineTo(q.x, q.y);
      pen.stroke();
    }
    if (gesture.target !== null) {
      const box = rectToScreen(camera, gesture.target);
      faint(pen, 0.1, () => fillRound(pen, box, 6, theme.accent));
      strokeRound(pen, box, 6, theme.accent, 2);
    }
    return;
  }
  if (gesture.kind !== 'none') return;
  const { box, handles, ends } = holdsOf(editor);
  if (box !== null && handles.length > 0) strokeRound(pen, rectToScreen(camera, box), 0, theme.accent, 1);
  if (editor.editing !== null) return;
  for (const { at } of handles) {
    const knob = screenRect(at.x - 4.5, at.y - 4.5, 9, 9);
    fillRound(pen, knob, 2, theme.surface);
    strokeRound(pen, knob, 2, theme.accent, 1.5);
  }
  for (const { at } of ends) paintKnob(pen, at, theme.surface, theme.accent);
}

function paintKnob(pen: Pen, { x, y }: ScreenPoint, fill: string, line: string): void {
  pen.beginPath();
  pen.arc(x, y, 5.5, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = line;
  pen.lineWidth = 1.5;
  pen.stroke();
}

/** The dots that objects snap to; fewer of them far out. */
export function paintGridDots(pen: Pen, { editor, theme, camera, viewport }: Scene): void {
  const { grid } = editor;
  if (grid === null) return;
  let step = grid * camera.zoom;
  while (step < 14) step *= 4;
  const start = (origin: number) => -(((origin * camera.zoom) % step) + step) % step;
  pen.fillStyle = theme.ink2;
  faint(pen, 0.35, () => {
    for (let x = start(camera.x); x < viewport.width; x += step)
      for (let y = start(camera.y); y < viewport.height; y += step)
        pen.fillRect(x - 0.75, y - 0.75, 1.5, 1.5);
  });
}
