import type { ObjectChange } from '#lib/document/object-commands.ts';
import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { isBox, isStroke, movedBy, type Connector, type MapObject } from '#lib/journey/objects.ts';
import { roundedPoint } from '#lib/journey/stroke-points.ts';
import { toBoard, visibleRect, type Camera } from '../geometry/camera.ts';
import { resized, scaledWithin, type Handle } from '../geometry/handles.ts';
import { boardRect, boundsOf, type BoardRect } from '../geometry/space.ts';
import { endAt } from './connecting.ts';
import { dropPlaceAt, moveCards } from './drags.ts';
import type { Gesture, ObjectHand } from './gesture.ts';
import { snapBoxes, snapped } from './snapping.ts';
import type { DropPlace, PointerWord } from './types.ts';

const SNAP = 6; // pixels

const NONE_SHOWN: ReadonlyMap<ObjectId, MapObject> = new Map();

const round = (value: number) => Math.round(value);

/** The objects that move when these are dragged: frames take along what lies in them; locked ones stay. */
export function movingObjects(hand: Pick<ObjectHand, 'objects'>, ids: readonly ObjectId[]): MapObject[] {
  const moving = new Map<ObjectId, MapObject>();
  for (const id of ids) {
    const placed = hand.objects.get(id);
    if (placed === undefined || placed.object.locked) continue;
    moving.set(id, placed.object);
    if (placed.object.kind !== 'frame') continue;
    for (const { object } of hand.objects.inFrame(placed.rect))
      if (!object.locked) moving.set(object.id, object);
  }
  return [...moving.values()];
}

/**
 * Carries objects: by the pointer's way, along one axis with Shift, snapped to others unless Mod is held; with Alt it
 * leaves them and carries copies. Cards that are selected too go to the cell under the pointer. One step at the drop.
 */
export function moveObjectsGesture(
  hand: ObjectHand,
  start: PointerWord,
  ids: readonly ObjectId[],
  cards: readonly CardId[] = []
): Gesture {
  const from = toBoard(hand.camera, start.at);
  const objects = movingObjects(hand, ids);
  const moving: ReadonlySet<string> = new Set(objects.map(({ id }) => id));
  const box = boundsOf(objects.flatMap(({ id }) => hand.objects.get(id)?.rect ?? []));
  const carried = new Set(cards);
  const boxes = snapTargets(hand, moving);
  let by = { dx: 0, dy: 0 };
  let copies = false;
  let drop: DropPlace | null = null;

  const offset = (word: PointerWord) => {
    const to = toBoard(hand.camera, word.at);
    let [dx, dy] = [to.x - from.x, to.y - from.y];
    if (word.shift === true) [dx, dy] = Math.abs(dx) >= Math.abs(dy) ? [dx, 0] : [0, dy];
    if (word.mod === true || box === null) return { dx: round(dx), dy: round(dy), guides: [] };
    const snap = snapped(boardRect(box.x + dx, box.y + dy, box.width, box.height), {
      reach: SNAP / hand.camera.zoom,
      to: boxes(),
      grid: hand.grid
    });
    const keep = word.shift === true;
    return {
      dx: round(dx + (keep && dx === 0 ? 0 : snap.dx)),
      dy: round(dy + (keep && dy === 0 ? 0 : snap.dy)),
      guides: snap.guides
    };
  };

  return {
    scrolls: true,
    move(word) {
      const { dx, dy, guides } = offset(word);
      copies = word.alt === true;
      by = { dx, dy };
      drop = carried.size === 0 ? null : dropPlaceAt(hand.layout, toBoard(hand.camera, word.at), carried);
      const isStill = dx === 0 && dy === 0;
      hand.show({
        kind: 'objects',
        shown: NONE_SHOWN,
        guides,
        target: null,
        ...(isStill ? {} : { moving: { ids: moving, dx, dy, copies } })
      });
    },
    finish() {
      const isStill = by.dx === 0 && by.dy === 0;
      const moved = isStill ? [] : objects.map((object) => movedBy(object, by.dx, by.dy));
      if (copies && !isStill) {
        hand.addCopies(moved);
        return;
      }
      hand.document.step(() => {
        if (!isStill)
          hand.document.objects.change(
            objects.map((before, index) => ({ before, after: moved[index] ?? before }))
          );
        if (drop !== null) moveCards(hand, cards, drop);
      });
    }
  };
}

/** The boxes in view that something can be snapped to, looked up again only when the view or the objects changed. */
function snapTargets(hand: ObjectHand, moving: ReadonlySet<string>): () => readonly BoardRect[] {
  let known: { camera: Camera; version: number; boxes: readonly BoardRect[] } | null = null;
  return () => {
    const { camera, viewport, objects } = hand;
    if (known?.camera !== camera || known.version !== objects.version)
      known = {
        camera,
        version: objects.version,
        boxes: snapBoxes(objects, visibleRect(camera, viewport), moving)
      };
    return known.boxes;
  };
}

/** What an object becomes when the box it lies in changes from one to another. */
function fittedTo(object: MapObject, rect: BoardRect, from: BoardRect, to: BoardRect): MapObject {
  const next = scaledWithin(rect, from, to);
  if (isStroke(object)) {
    const [sx, sy] = [next.width / (rect.width || 1), next.height / (rect.height || 1)];
    const [left, top] = [rect.x - object.x, rect.y - object.y];
    return {
      ...object,
      x: round(next.x),
      y: round(next.y),
      points: object.points.map(([x, y, p]) => roundedPoint([(x - left) * sx, (y - top) * sy, p]))
    };
  }
  if (isBox(object)) {
    const side = (value: number) =>
      Math.min(LIMITS.objectSize.max, Math.max(LIMITS.objectSize.min, round(value)));
    return {
      ...object,
      x: round(next.x),
      y: round(next.y),
      width: side(next.width),
      height: side(next.height)
    };
  }
  const at = <P extends { x: number; y: number }>(place: P): P => {
    const { x, y } = scaledWithin(boardRect(place.x, place.y, 0, 0), from, to);
    return { ...place, x: round(x), y: round(y) };
  };
  return object.kind === 'line' ? { ...object, from: at(object.from), to: at(object.to) } : object;
}

const keepsRatio = ({ kind }: MapObject) => kind === 'image' || kind === 'stamp';

/** Drags a handle of the selection: Shift keeps the proportions (and frees a picture's), Alt grows from the middle. */
export function resizeGesture(
  hand: ObjectHand,
  start: PointerWord,
  handle: Handle,
  ids: readonly ObjectId[]
): Gesture {
  const from = toBoard(hand.camera, start.at);
  const placed = ids.flatMap((id) => hand.objects.get(id) ?? []).filter(({ object }) => !object.locked);
  const box = boundsOf(placed.map(({ rect }) => rect)) ?? boardRect(0, 0, 1, 1);
  const fixed = placed.some(({ object }) => keepsRatio(object));
  let after: MapObject[] = [];
  return {
    scrolls: true,
    move(word) {
      const at = toBoard(hand.camera, word.at);
      const to = resized(box, {
        handle,
        dx: at.x - from.x,
        dy: at.y - from.y,
        ratio: fixed !== (word.shift === true),
        centre: word.alt === true,
        least: 8
      });
      after = placed.map(({ object, rect }) => fittedTo(object, rect, box, to));
      hand.show({
        kind: 'objects',
        shown: new Map(after.map((object) => [object.id, object])),
        guides: [],
        target: null
      });
    },
    finish() {
      if (after.length > 0)
        hand.document.objects.change(
          placed.map(({ object }, index) => ({ before: object, after: after[index] ?? object }))
        );
    }
  };
}

/** Takes one end of a connector or a line somewhere else. */
export function endGesture(hand: ObjectHand, object: MapObject, which: 'from' | 'to'): Gesture {
  let change: ObjectChange | null = null;
  return {
    scrolls: true,
    move(word) {
      if (object.kind !== 'connector' && object.kind !== 'line') return;
      const after = ended(hand, object, which, word);
      change = { before: object, after };
      const end = after.kind === 'connector' ? after[which].target : null;
      hand.show({
        kind: 'objects',
        shown: new Map([[object.id, after]]),
        guides: [],
        target: end === null ? null : hand.objects.boxOf(end)
      });
    },
    finish() {
      if (change !== null) hand.document.objects.change([change]);
    }
  };
}

function ended(
  hand: ObjectHand,
  object: Connector | Extract<MapObject, { kind: 'line' }>,
  which: 'from' | 'to',
  word: PointerWord
): MapObject {
  if (object.kind === 'line') {
    const { x, y } = toBoard(hand.camera, word.at);
    return { ...object, [which]: { x: round(x), y: round(y) } };
  }
  const end = endAt(hand, word, object[which === 'from' ? 'to' : 'from']);
  return { ...object, [which]: { ...end, x: round(end.x), y: round(end.y) } };
}
