import type { Editor } from '../editor/editor.ts';
import { rectsOfIds, rectsOfSelection } from '../editor/selecting.ts';
import type { Selection } from '../editor/selection.ts';
import { rectToScreen, visibleRect } from '../geometry/camera.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import { METRE } from '../geometry/metre.ts';
import { boundsOf, overlaps, screenRect, type BoardRect, type ScreenRect } from '../geometry/space.ts';
import { initialsOf } from './initials.ts';
import { paintFeelingHint } from './paint-feelings.ts';
import { paintCostHint } from './paint-grid.ts';
import { paintHolds } from './paint-holds.ts';
import { faint, fillRound, font, strokeRound, type Pen } from './pen.ts';
import { onBoard, OVERVIEW, type Scene } from './scene.ts';

const grown = ({ x, y, width, height }: ScreenRect, by: number): ScreenRect =>
  screenRect(x - by, y - by, width + 2 * by, height + 2 * by);

/** Own and others' selections, the marquee, flashes, what shows under the pointer. In pixels, beneath the heads. */
export function paintOverlay(pen: Pen, scene: Scene): void {
  paintHover(pen, scene);
  paintOthers(pen, scene);
  paintFound(pen, scene);
  paintSelection(pen, scene);
  paintHolds(pen, scene);
  paintFlash(pen, scene);
  const { editor, theme } = scene;
  if (editor.gesture.kind === 'marquee') {
    const box = rectToScreen(editor.camera, editor.gesture.rect);
    faint(pen, 0.1, () => fillRound(pen, box, 0, theme.accent));
    strokeRound(pen, box, 0, theme.accent, 1);
  }
}

function paintHover(pen: Pen, scene: Scene): void {
  const { editor, theme } = scene;
  const { layout, camera } = editor;
  if (!editor.canEdit || camera.zoom < OVERVIEW || editor.editing !== null) return;
  const { hovered } = editor;
  const place = 'lane' in hovered ? hovered : editor.focusCell;
  const cell = place === null ? undefined : layout.cells.get(place.lane, place.stage);
  if (cell === undefined || editor.gesture.kind !== 'none') return;
  onBoard(pen, scene, () => {
    paintCostHint(pen, scene, cell);
    paintFeelingHint(pen, scene, cell);
  });
  const box = rectToScreen(camera, cell.add);
  const over = hovered.kind === 'addCard';
  fillRound(pen, box, 6 * camera.zoom, over ? theme.accent : theme.surface);
  strokeRound(pen, box, 6 * camera.zoom, over ? theme.accent : theme.line, 1);
  const [x, y, arm] = [box.x + box.width / 2, box.y + box.height / 2, 5.5 * camera.zoom];
  pen.beginPath();
  pen.moveTo(x - arm, y);
  pen.lineTo(x + arm, y);
  pen.moveTo(x, y - arm);
  pen.lineTo(x, y + arm);
  pen.lineCap = 'round';
  pen.lineWidth = 1.75;
  pen.strokeStyle = over ? theme.accentInk : theme.ink2;
  pen.stroke();
}

const MANY = 200; // selected cards and objects that are framed together instead of each

/** Around all of a large selection; kept, since a layout and a selection never change. */
let framed: {
  readonly layout: JourneyLayout;
  readonly version: number;
  readonly selection: Selection;
  readonly rects: readonly BoardRect[];
} | null = null;

const sizeOf = (selection: Selection): number =>
  selection.kind === 'cards'
    ? selection.ids.length
    : selection.kind === 'objects'
      ? selection.ids.length + selection.cards.length
      : 1;

function framesOf({ layout, objects }: Editor, selection: Selection): readonly BoardRect[] {
  const rects = () => rectsOfSelection(layout, objects, selection);
  if (sizeOf(selection) <= MANY) return rects();
  const { version } = objects;
  if (framed?.layout !== layout || framed.version !== version || framed.selection !== selection) {
    const around = boundsOf(rects());
    framed = { layout, version, selection, rects: around === null ? [] : [around] };
  }
  return framed.rects;
}

function paintSelection(pen: Pen, { editor, theme }: Scene): void {
  const { selection, camera, viewport } = editor;
  const view = screenRect(0, 0, viewport.width, viewport.height);
  if (editor.gesture.kind === 'cards' || editor.gesture.kind === 'objects') return;
  for (const rect of framesOf(editor, selection)) {
    const box = rectToScreen(camera, rect);
    if (!overlaps(box, view)) continue;
    if (selection.kind === 'objects') strokeRound(pen, grown(box, 1), 3, theme.accent, 1.5);
    else if (selection.kind === 'cards')
      strokeRound(pen, grown(box, 1), METRE.cardRadius * camera.zoom + 1, theme.accent, 2);
    else if (selection.kind === 'cell') {
      faint(pen, 0.05, () => fillRound(pen, box, 0, theme.accent));
      strokeRound(pen, grown(box, -1), 4, theme.accent, 2);
    } else {
      faint(pen, 0.06, () => fillRound(pen, box, 0, theme.accent));
      faint(pen, 0.5, () => strokeRound(pen, grown(box, -1), 0, theme.accent, 1));
    }
  }
}

/** What the search has found, among what is in view. */
function paintFound(pen: Pen, scene: Scene): void {
  const { editor, theme, camera, viewport } = scene;
  const { found } = editor;
  if (found.size === 0) return;
  for (const { card, rect } of editor.layout.cells.cardsWithin(visibleRect(camera, viewport))) {
    if (!found.has(card.id)) continue;
    const box = rectToScreen(camera, rect);
    faint(pen, 0.14, () => fillRound(pen, box, METRE.cardRadius * camera.zoom, theme.focus));
    strokeRound(pen, grown(box, 1), METRE.cardRadius * camera.zoom + 1, theme.focus, 2);
  }
}

/** Somebody else's selection: their colour, their initials, and "…" while they write there. */
function paintOthers(pen: Pen, { editor }: Scene): void {
  const { layout, camera, viewport } = editor;
  const view = screenRect(0, 0, viewport.width, viewport.height);
  for (const { name, color, selection, editing } of editor.companions) {
    const rects = rectsOfIds(layout, editor.objects, editing === null ? selection : [editing]);
    rects.forEach((rect, index) => {
      const box = rectToScreen(camera, rect);
      if (!overlaps(box, view)) return;
      strokeRound(pen, grown(box, 2), METRE.cardRadius * camera.zoom + 2, color, 1.5);
      if (index > 0) return;
      pen.font = font(12, 650);
      const text = editing === null ? initialsOf(name) : `${initialsOf(name)} …`;
      const width = pen.measureText(text).width + 10;
      const tag = screenRect(box.x + box.width + 2 - width, box.y - 11, width, 18);
      fillRound(pen, tag, 4, color);
      pen.fillStyle = '#fff';
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.fillText(text, tag.x + width / 2, tag.y + 9.5);
    });
  }
}

function paintFlash(pen: Pen, { editor, theme }: Scene): void {
  const { flashing, layout, camera } = editor;
  if (flashing === null) return;
  for (const rect of rectsOfIds(layout, editor.objects, flashing.ids)) {
    const box = rectToScreen(camera, rect);
    faint(pen, 0.25 * flashing.strength, () => fillRound(pen, box, 4, theme.accent));
    faint(pen, flashing.strength, () => strokeRound(pen, grown(box, 2), 6, theme.accent, 3));
  }
}
