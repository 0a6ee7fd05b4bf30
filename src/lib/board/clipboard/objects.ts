import type { Editor } from '#lib/canvas/editor/editor.ts';
import { objectSelection } from '#lib/canvas/editor/selection.ts';
import {
  boardRect,
  boundsOf,
  centreOf,
  type BoardPoint,
  type BoardRect
} from '#lib/canvas/geometry/space.ts';
import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { isBox, isStroke, type End, type MapObject } from '#lib/journey/objects.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { placeForPictures } from '../pictures/uploads.svelte.ts';

/**
 * Free objects as they are copied: frames with what lies in them. A connector stays on what is copied with it; its other
 * ends are free, and where they are now.
 */
export function copiedObjects(editor: Editor, ids: readonly ObjectId[]): MapObject[] {
  const chosen = new Set<ObjectId>(ids);
  for (const id of ids) {
    const placed = editor.objects.get(id);
    if (placed?.object.kind !== 'frame') continue;
    for (const { object } of editor.objects.inFrame(placed.rect)) chosen.add(object.id);
  }
  return editor.objects.all
    .filter(({ object }) => chosen.has(object.id))
    .map(({ object, path }) => {
      if (object.kind !== 'connector') return object;
      const end = (one: End, at: BoardPoint | undefined): End => {
        const there = at === undefined ? one : { ...one, x: Math.round(at.x), y: Math.round(at.y) };
        const stays = one.target?.on === 'object' && chosen.has(one.target.id);
        return stays ? there : { ...there, target: null };
      };
      return {
        ...object,
        from: end(object.from, path?.points[0]),
        to: end(object.to, path?.points.at(-1))
      };
    });
}

/** Where an object is, by itself alone. */
function extentOf(object: MapObject): BoardRect {
  if (isBox(object)) return boardRect(object.x, object.y, object.width, object.height);
  const corners = isStroke(object)
    ? object.points.map(([x, y]) => ({ x: object.x + x, y: object.y + y }))
    : [object.from, object.to];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return boardRect(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
}

/** The same object elsewhere, with both ends of a connector, whatever they hold on to. */
function shifted(object: MapObject, dx: number, dy: number): MapObject {
  const at = <P extends { readonly x: number; readonly y: number }>(place: P): P => ({
    ...place,
    x: place.x + dx,
    y: place.y + dy
  });
  switch (object.kind) {
    case 'line':
      return { ...object, from: at(object.from), to: at(object.to) };
    case 'connector':
      return { ...object, from: at(object.from), to: at(object.to) };
    default:
      return at(object);
  }
}

/** A copy that is pasted onto the same place again stands this far beside the one before, in board units. */
const ASIDE = 24;
/** Where each board was pasted into last, and how often. */
const last = new WeakMap<Editor, { readonly at: BoardPoint; readonly times: number }>();

function placeFor(session: BoardSession): { readonly at: BoardPoint; readonly aside: number } {
  const at = placeForPictures(session);
  const before = last.get(session.editor);
  const same = before !== undefined && Math.hypot(before.at.x - at.x, before.at.y - at.y) < 1;
  const times = same ? before.times + 1 : 0;
  last.set(session.editor, { at, times });
  return { at, aside: times * ASIDE };
}

/** Why so many objects can't be pasted; null when they fit. */
export function noRoomForObjects({ document, journey }: BoardSession, count: number): string | null {
  if (count <= document.objects.room) return null;
  return `This map holds ${journey.objects.length} of ${LIMITS.objects} objects, so ${count} more would not fit. Nothing was pasted.`;
}

/**
 * Puts copies of objects under the pointer, else into the middle of the view, and selects them with the cards that came
 * along. Copies are not locked.
 */
export function insertObjects(
  session: BoardSession,
  objects: readonly MapObject[],
  cards: readonly CardId[]
): void {
  const box = boundsOf(objects.map(extentOf));
  if (box === null) return;
  const middle = centreOf(box);
  const { at, aside } = placeFor(session);
  const [dx, dy] = [Math.round(at.x - middle.x + aside), Math.round(at.y - middle.y + aside)];
  const ids = session.document.objects.addCopies(
    objects.map((object) => ({ ...shifted(object, dx, dy), locked: false }))
  );
  session.editor.select(objectSelection(ids, cards));
}
