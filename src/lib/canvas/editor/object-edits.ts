import type { ObjectChange } from '#lib/document/object-commands.ts';
import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { isStroke, movedBy, type End, type MapObject, type Target } from '#lib/journey/objects.ts';
import { toBoard } from '../geometry/camera.ts';
import type { PlacedObject } from '../geometry/placed-object.ts';
import { boundsOf, screenPoint } from '../geometry/space.ts';
import { endOn, settled } from './connecting.ts';
import type { Editor } from './editor.ts';
import { movingObjects } from './object-drags.ts';
import { NOTHING, objectSelection } from './selection.ts';
import { placedAt } from './tools/box-tool.ts';
import { newBox, newConnector } from './tools/new-object.ts';
import { isBoxTool } from './tools/tool-ids.ts';

/*
 * What keys, menus and the bar of properties do with free objects. Each is one undo step and does nothing for somebody
 * who may not edit.
 */

/** The selected objects, from back to front. */
export function selectedObjects(editor: Editor): PlacedObject[] {
  const { selection } = editor;
  if (selection.kind !== 'objects') return [];
  const chosen = new Set<ObjectId>(selection.ids);
  return editor.objects.all.filter(({ object }) => chosen.has(object.id));
}

const unlocked = (editor: Editor): PlacedObject[] =>
  editor.canEdit ? selectedObjects(editor).filter(({ object }) => !object.locked) : [];

function change(editor: Editor, changes: readonly ObjectChange[]): void {
  if (changes.length > 0) editor.document.objects.change(changes);
}

/** Sets something of every selected object that has it. */
export function changeSelected(editor: Editor, edit: (object: MapObject) => MapObject): void {
  change(
    editor,
    unlocked(editor).flatMap(({ object: before }) => {
      const after = edit(before);
      return after === before ? [] : [{ before, after }];
    })
  );
}

/** Removes the selected objects and cards; the sentence says what went, null when nothing did. */
export function removeObjects(editor: Editor, cards: readonly CardId[]): string | null {
  const ids = unlocked(editor).map(({ object }) => object.id);
  const count = ids.length + cards.length;
  if (count === 0) return null;
  const gone = new Set<string>([...ids, ...cards]);
  editor.document.step(() => {
    editor.document.objects.remove(ids, settled(editor, gone));
    if (cards.length > 0) editor.document.removeCards(cards);
  });
  editor.select(NOTHING);
  return count === 1 ? 'Removed an object.' : `Removed ${count} objects.`;
}

/** Moves the selected objects by board units. */
export function nudge(editor: Editor, dx: number, dy: number): void {
  const { selection } = editor;
  if (!editor.canEdit || selection.kind !== 'objects') return;
  const moving = movingObjects(editor, selection.ids);
  change(
    editor,
    moving.map((before) => ({ before, after: movedBy(before, dx, dy) }))
  );
}

/** Copies the selected objects a little aside, and selects the copies. */
export function duplicateObjects(editor: Editor): void {
  const { selection } = editor;
  if (selection.kind !== 'objects') return;
  // A frame takes along what lies in it; what is locked is copied where it was chosen itself.
  const chosen = new Set<ObjectId>([
    ...selection.ids,
    ...movingObjects(editor, selection.ids).map(({ id }) => id)
  ]);
  const objects = editor.objects.all
    .filter(({ object }) => chosen.has(object.id))
    .map(({ object }) => movedBy(object, 24, 24));
  if (editor.canEdit && objects.length > 0) editor.addCopies(objects);
}

export function groupSelected(editor: Editor, newGroup: () => string): void {
  const objects = unlocked(editor);
  if (objects.length < 2) return;
  const group = newGroup();
  changeSelected(editor, (object) => ({ ...object, group }));
}

export function ungroupSelected(editor: Editor): void {
  changeSelected(editor, (object) => (object.group === null ? object : { ...object, group: null }));
}

/** Locks everything selected, or unlocks it when all of it is locked. */
export function toggleLock(editor: Editor): void {
  if (!editor.canEdit) return;
  const objects = selectedObjects(editor).map(({ object }) => object);
  const locked = !objects.every((object) => object.locked);
  change(
    editor,
    objects
      .filter((object) => object.locked !== locked)
      .map((before) => ({ before, after: { ...before, locked } }))
  );
}

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';

/** Lines the selected objects up along an edge or the middle of all. */
export function align(editor: Editor, how: Alignment): void {
  const placed = unlocked(editor).filter(({ object }) => object.kind !== 'connector');
  const box = boundsOf(placed.map(({ rect }) => rect));
  if (box === null || placed.length < 2) return;
  change(
    editor,
    placed.flatMap(({ object, rect }) => {
      let [dx, dy] = [0, 0];
      if (how === 'left') dx = box.x - rect.x;
      if (how === 'centre') dx = box.x + box.width / 2 - rect.x - rect.width / 2;
      if (how === 'right') dx = box.x + box.width - rect.x - rect.width;
      if (how === 'top') dy = box.y - rect.y;
      if (how === 'middle') dy = box.y + box.height / 2 - rect.y - rect.height / 2;
      if (how === 'bottom') dy = box.y + box.height - rect.y - rect.height;
      return moved(object, dx, dy);
    })
  );
}

/** Puts equal gaps between the selected objects; the outer two stay. */
export function distribute(editor: Editor, axis: 'x' | 'y'): void {
  const size = axis === 'x' ? 'width' : 'height';
  const placed = unlocked(editor)
    .filter(({ object }) => object.kind !== 'connector')
    .sort((a, b) => a.rect[axis] - b.rect[axis]);
  const [first, last] = [placed[0], placed.at(-1)];
  if (first === undefined || last === undefined || placed.length < 3) return;
  const room = last.rect[axis] + last.rect[size] - first.rect[axis];
  const gap = (room - placed.reduce((sum, { rect }) => sum + rect[size], 0)) / (placed.length - 1);
  let at = first.rect[axis];
  change(
    editor,
    placed.flatMap(({ object, rect }) => {
      const by = at - rect[axis];
      at += rect[size] + gap;
      return axis === 'x' ? moved(object, by, 0) : moved(object, 0, by);
    })
  );
}

function moved(object: MapObject, dx: number, dy: number): ObjectChange[] {
  const [x, y] = [Math.round(dx), Math.round(dy)];
  return x === 0 && y === 0 ? [] : [{ before: object, after: movedBy(object, x, y) }];
}

export type OrderMove = 'front' | 'forward' | 'backward' | 'back';

/** Brings the selected objects forward or back among the others. */
export function reorder(editor: Editor, how: OrderMove): void {
  const { selection, journey } = editor;
  if (!editor.canEdit || selection.kind !== 'objects') return;
  const chosen = new Set(selection.ids);
  const others = journey.objects.filter(({ id }) => !chosen.has(id));
  const places = journey.objects.flatMap(({ id }, index) => (chosen.has(id) ? [index] : []));
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const below = (index: number) => journey.objects.slice(0, index).filter(({ id }) => !chosen.has(id)).length;
  const target = {
    front: others.length,
    forward: Math.min(others.length, below(last) + 1),
    backward: Math.max(0, below(first) - 1),
    back: 0
  }[how];
  const after = [...others];
  after.splice(target, 0, ...journey.objects.filter(({ id }) => chosen.has(id)));
  if (after.some(({ id }, index) => id !== journey.objects[index]?.id))
    editor.document.objects.reorder(chosen, target);
}

/** Puts an object of the chosen tool into the middle of the view: what Enter does with a tool in hand. */
export function placeInMiddle(editor: Editor): boolean {
  const { tool, frame } = editor;
  if (!editor.canEdit || !isBoxTool(tool)) return false;
  const { body } = frame;
  const at = toBoard(editor.camera, screenPoint(body.x + body.width / 2, body.y + body.height / 2));
  editor.create(newBox(tool, placedAt(tool, at), editor.style));
  return true;
}

/** Joins two selected things by a connector, from the first chosen to the second. False when it isn't two. */
export function connectSelected(editor: Editor): boolean {
  const { selection } = editor;
  if (!editor.canEdit) return false;
  const targets: Target[] =
    selection.kind === 'objects'
      ? [
          ...selection.ids.map((id): Target => ({ on: 'object', id })),
          ...selection.cards.map((id): Target => ({ on: 'card', id }))
        ]
      : selection.kind === 'cards'
        ? selection.ids.map((id): Target => ({ on: 'card', id }))
        : [];
  const usable = targets.filter((target) => {
    const object = target.on === 'object' ? editor.objects.get(target.id)?.object : null;
    return (
      object === null ||
      (object !== undefined && object.kind !== 'connector' && object.kind !== 'line' && !isStroke(object))
    );
  });
  if (usable.length !== 2) return false;
  const [from, to] = usable.map((target): End | null => endOn(editor, target));
  if (from === null || to === null || from === undefined || to === undefined) return false;
  editor.create(newConnector(from, to, editor.style));
  return true;
}

/** Selects the next object, in order from back to front. False when there is none. */
export function selectNextObject(editor: Editor, by: 1 | -1): boolean {
  const { objects } = editor.journey;
  if (objects.length === 0) return false;
  const { selection } = editor;
  const current =
    selection.kind === 'objects' ? objects.findIndex(({ id }) => id === selection.ids.at(-1)) : -1;
  const next = current === -1 ? (by === 1 ? 0 : objects.length - 1) : current + by;
  const object = objects[next];
  if (object === undefined) return false;
  editor.select(objectSelection([object.id]));
  editor.revealSelection();
  return true;
}
