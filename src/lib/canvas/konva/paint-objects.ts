import type { ObjectId } from '#lib/journey/ids.ts';
import { isStroke, type MapObject } from '#lib/journey/objects.ts';
import { carryingOf } from '../editor/gesture.ts';
import { visibleRect } from '../geometry/camera.ts';
import { labelBox, textStyle, type PlacedObject } from '../geometry/placed-object.ts';
import { middleOf } from '../geometry/connector.ts';
import type { BoardRect } from '../geometry/space.ts';
import { paintPath } from './paint-connector.ts';
import { paintImage } from './paint-image.ts';
import { faint, fillRound, font, isRightToLeft, saved, strokeRound, type Pen } from './pen.ts';
import { inBlocks, onBoard, type ObjectScene } from './scene.ts';
import { strokePath } from './stroke-path.ts';

/** The free objects near the view, apart from those that are shown elsewhere. */
export function paintObjects(pen: Pen, scene: ObjectScene, hidden: ReadonlySet<string>): void {
  const { editor, camera, viewport } = scene;
  const { gesture, objects } = editor;
  if (objects.size === 0) return;
  const faded = gesture.kind === 'erasing' ? gesture.ids : null;
  onBoard(pen, scene, () => {
    for (const placed of objects.within(visibleRect(camera, viewport))) {
      const { id } = placed.object;
      if (hidden.has(id)) continue;
      if (faded?.has(id) === true) faint(pen, 0.25, () => paintObject(pen, scene, placed));
      else paintObject(pen, scene, placed);
    }
  });
}

/** What a gesture shows in another state, and the connectors that it bends. */
export function paintPreviewedObjects(pen: Pen, scene: ObjectScene): void {
  const { gesture, objects } = scene.editor;
  const carrying = carryingOf(gesture);
  const shown = objects.preview(
    gesture.kind === 'objects' ? gesture.shown : NONE_SHOWN,
    carrying?.copies === true ? null : carrying
  );
  if (shown.length === 0) return;
  onBoard(pen, scene, () => {
    for (const placed of shown) paintObject(pen, scene, placed);
  });
}

const NONE_SHOWN: ReadonlyMap<ObjectId, MapObject> = new Map();
const RADIUS = 8;

/** One object as it is drawn everywhere; in board units. */
export function paintObject(pen: Pen, scene: ObjectScene, placed: PlacedObject): void {
  const { object, rect } = placed;
  const small = inBlocks(scene);
  const editing = scene.editor.editing;
  const words = !small && !(editing?.kind === 'object' && editing.id === object.id);
  const { line, sheet } = scene.theme.objects[object.color];
  switch (object.kind) {
    case 'sticky':
      if (!small) paintShadow(pen, scene, rect);
      fillRound(pen, rect, small ? 0 : 3, sheet);
      break;
    case 'text':
      if (small) faint(pen, 0.35, () => fillRound(pen, { ...rect, height: rect.height * 0.6 }, 0, line));
      break;
    case 'rectangle':
    case 'ellipse':
      paintShape(
        pen,
        object.kind,
        rect,
        object.fill === 'none' ? null : object.fill === 'solid' ? sheet : `${line}1f`,
        line
      );
      break;
    case 'line':
    case 'connector':
      paintPath(pen, placed, line);
      if (words) paintLabel(pen, scene, placed);
      return;
    case 'pen':
    case 'highlighter':
      paintStroke(pen, object, line);
      return;
    case 'frame':
      paintFrame(pen, scene, rect, object.text, line, words);
      return;
    case 'image':
      paintImage(pen, scene, object, rect);
      return;
    case 'stamp':
      paintStamp(pen, object.emoji, rect);
      return;
  }
  if (words) paintWords(pen, placed, inkOn(object, scene));
  if (object.locked && !small) paintLock(pen, rect, line);
}

/** Words on a sheet are in the theme's ink; free words are in their own colour. */
const inkOn = (object: MapObject, { theme }: ObjectScene): string =>
  object.kind === 'text' ? theme.objects[object.color].line : theme.ink;

function paintShadow(pen: Pen, { theme }: ObjectScene, { x, y, width, height }: BoardRect): void {
  // A blurred shadow costs as much as the rest of a note: two faint edges say the same.
  faint(pen, 0.08, () => {
    fillRound(pen, { x: x + 1, y: y + 2, width, height: height + 1 }, 4, theme.ink);
    fillRound(pen, { x, y: y + 1, width, height: height + 3 }, 4, theme.ink);
  });
}

function paintShape(
  pen: Pen,
  kind: 'rectangle' | 'ellipse',
  rect: BoardRect,
  fill: string | null,
  line: string
): void {
  const { x, y, width, height } = rect;
  pen.beginPath();
  if (kind === 'rectangle') pen.roundRect(x, y, width, height, RADIUS);
  else pen.ellipse(x + width / 2, y + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  if (fill !== null) {
    pen.fillStyle = fill;
    pen.fill();
  }
  pen.strokeStyle = line;
  pen.lineWidth = 2;
  pen.stroke();
}

function paintStroke(pen: Pen, object: MapObject, color: string): void {
  if (!isStroke(object)) return;
  saved(pen, () => {
    pen.translate(object.x, object.y);
    pen.fillStyle = color;
    if (object.kind === 'highlighter') pen.globalAlpha *= 0.35;
    pen.fill(strokePath(object));
  });
}

function paintFrame(
  pen: Pen,
  { theme, camera }: ObjectScene,
  rect: BoardRect,
  name: string,
  color: string,
  words: boolean
): void {
  faint(pen, 0.05, () => fillRound(pen, rect, RADIUS, color));
  strokeRound(pen, rect, RADIUS, color, Math.max(1.5, 1 / camera.zoom));
  if (!words || name === '') return;
  // The name keeps its size on the screen, within what the frame leaves it.
  const size = Math.min(28, 13 / Math.min(1, camera.zoom));
  saved(pen, () => {
    pen.beginPath();
    pen.rect(rect.x, rect.y - 40, Math.max(rect.width, 80), 40);
    pen.clip();
    pen.font = font(size, 600);
    pen.fillStyle = theme.ink2;
    pen.textAlign = 'left';
    pen.textBaseline = 'alphabetic';
    pen.fillText(name.replace(/\s+/g, ' '), rect.x + 2, rect.y - size * 0.5);
  });
}

function paintStamp(pen: Pen, emoji: string, { x, y, width, height }: BoardRect): void {
  const size = Math.min(width, height);
  pen.font = `${size * 0.86}px 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif`;
  pen.fillStyle = '#000';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(emoji, x + width / 2, y + height / 2 + size * 0.05);
}

function paintWords(pen: Pen, { object, rect, lines }: PlacedObject, color: string): void {
  if (lines.length === 0 || !('text' in object)) return;
  const { size, line, padding, align } = textStyle(object);
  const backwards = isRightToLeft(object.text);
  const centred = align === 'center';
  pen.font = font(size, object.kind === 'text' && size > 24 ? 600 : 400);
  pen.fillStyle = color;
  pen.textBaseline = 'alphabetic';
  pen.direction = backwards ? 'rtl' : 'ltr';
  pen.textAlign = centred ? 'center' : backwards ? 'right' : 'left';
  const x = centred ? rect.x + rect.width / 2 : backwards ? rect.x + rect.width - padding : rect.x + padding;
  const top = centred ? rect.y + (rect.height - lines.length * line) / 2 : rect.y + padding;
  lines.forEach((text, index) => pen.fillText(text, x, top + index * line + line * 0.74));
  pen.direction = 'ltr';
}

function paintLabel(pen: Pen, scene: ObjectScene, placed: PlacedObject): void {
  const box = labelBox(placed);
  if (box === null || placed.path === null) return;
  const { size, line } = textStyle(placed.object);
  const at = middleOf(placed.path);
  pen.font = font(size, 500);
  const width = Math.max(...placed.lines.map((text) => pen.measureText(text).width)) + 12;
  fillRound(pen, { x: at.x - width / 2, y: box.y, width, height: box.height }, 5, scene.theme.canvas);
  pen.fillStyle = scene.theme.ink;
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  placed.lines.forEach((text, index) => pen.fillText(text, at.x, box.y + 3 + index * line + line * 0.74));
}

function paintLock(pen: Pen, { x, y, width }: BoardRect, color: string): void {
  const [left, top] = [x + width - 18, y + 8];
  pen.strokeStyle = color;
  pen.fillStyle = color;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(left + 5, top + 4, 3, Math.PI, 0);
  pen.stroke();
  pen.fillRect(left, top + 4, 10, 7);
}
