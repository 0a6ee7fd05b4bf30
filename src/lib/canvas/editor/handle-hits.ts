import type { ObjectId } from '#lib/journey/ids.ts';
import { rectToScreen, toScreen } from '../geometry/camera.ts';
import { edgesOf, HANDLES, type Handle } from '../geometry/handles.ts';
import type { Hit } from '../geometry/hit.ts';
import type { PlacedObject } from '../geometry/placed-object.ts';
import { boundsOf, distance, screenPoint, type BoardRect, type ScreenPoint } from '../geometry/space.ts';
import type { SeenMap } from './seen-map.ts';
import type { Selection } from './selection.ts';

export interface HandleSpot {
  readonly handle: Handle;
  readonly at: ScreenPoint;
}

export interface EndSpot {
  readonly id: ObjectId;
  readonly end: 'from' | 'to';
  readonly at: ScreenPoint;
}

/** What of the selected objects can be taken hold of: a box with handles, or the two ends of a single line. */
export interface Holds {
  readonly box: BoardRect | null;
  readonly handles: readonly HandleSpot[];
  readonly ends: readonly EndSpot[];
}

const NONE: Holds = { box: null, handles: [], ends: [] };
const LEAST_WITH_SIDES = 44; // pixels; below it the handles of the sides would cover those of the corners

/** Whose selection has handles. */
export interface Holder extends Pick<SeenMap, 'objects' | 'camera' | 'canEdit'> {
  readonly selection: Selection;
}

/** What is selected, looked up again only when it or the objects have changed: it is asked for at each pointer word. */
interface Chosen {
  readonly version: number;
  readonly placed: readonly PlacedObject[];
  readonly free: readonly PlacedObject[];
  readonly box: BoardRect | null;
}
const chosen = new WeakMap<Selection, Chosen>();

function chosenBy({ selection, objects }: Holder, ids: readonly ObjectId[]): Chosen {
  const { version } = objects;
  let known = chosen.get(selection);
  if (known?.version !== version) {
    const placed = ids.flatMap((id) => objects.get(id) ?? []);
    known = {
      version,
      placed,
      free: placed.filter(({ object }) => !object.locked),
      box: boundsOf(placed.map(({ rect }) => rect))
    };
    chosen.set(selection, known);
  }
  return known;
}

export function holdsOf(editor: Holder): Holds {
  const { selection, camera } = editor;
  if (selection.kind !== 'objects') return NONE;
  const { placed, free, box } = chosenBy(editor, selection.ids);
  if (box === null || free.length === 0 || !editor.canEdit) return { ...NONE, box };
  const [only] = placed;
  if (placed.length === 1 && only !== undefined && only.path !== null) {
    const [first, last] = [only.path.points[0], only.path.points.at(-1)];
    if (first === undefined || last === undefined) return NONE;
    const end = (name: 'from' | 'to', at: { x: number; y: number }): EndSpot => ({
      id: only.object.id,
      end: name,
      at: toScreen(camera, at)
    });
    return { box: null, handles: [], ends: [end('from', first), end('to', last)] };
  }
  if (free.every(({ path }) => path !== null)) return { ...NONE, box };
  const on = rectToScreen(camera, box);
  const handles = HANDLES.filter((handle) => {
    const { x, y } = edgesOf(handle);
    return (x !== 0 && y !== 0) || (x === 0 ? on.width : on.height) >= LEAST_WITH_SIDES;
  }).map((handle): HandleSpot => {
    const { x, y } = edgesOf(handle);
    return { handle, at: screenPoint(on.x + (on.width * (1 + x)) / 2, on.y + (on.height * (1 + y)) / 2) };
  });
  return { box, handles, ends: [] };
}

/** The handle under a point; null for none. */
export function handleAt(editor: Holder, at: ScreenPoint, touch: boolean): Hit | null {
  const { handles, ends } = holdsOf(editor);
  const reach = touch ? 18 : 8;
  const end = ends.find((spot) => distance(spot.at, at) <= reach);
  if (end !== undefined) return { kind: 'end', id: end.id, end: end.end };
  const handle = handles.find((spot) => distance(spot.at, at) <= reach);
  return handle === undefined ? null : { kind: 'handle', handle: handle.handle };
}
