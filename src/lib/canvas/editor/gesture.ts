import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { NewObject } from '#lib/document/object-commands.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { MapObject } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Camera } from '../geometry/camera.ts';
import type { Frame } from '../geometry/frame.ts';
import type { Hit } from '../geometry/hit.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import type { ObjectIndex } from '../geometry/object-index.ts';
import type { ScreenPoint, ScreenRect, Size } from '../geometry/space.ts';
import type { Selection } from './selection.ts';
import type { ToolStyle } from './tools/style.ts';
import type { Carrying, GestureView, PointerWord } from './types.ts';

/** What gestures may see and do; the editor is one. */
export interface Stagehand {
  readonly document: JourneyDocument;
  readonly journey: Journey;
  readonly layout: JourneyLayout;
  readonly camera: Camera;
  readonly frame: Frame;
  readonly selection: Selection;
  select(selection: Selection): void;
  panBy(dx: number, dy: number): void;
  setMetric(key: MetricKey, value: number): void;
  /** Shows what the gesture has come to. */
  show(view: GestureView): void;
}

/** What gestures on free objects may see and do besides. */
export interface ObjectHand extends Stagehand {
  readonly objects: ObjectIndex;
  readonly viewport: Size;
  readonly style: ToolStyle;
  /** Distance of the grid's lines in board units; null while it is off. */
  readonly grid: number | null;
  /** What is under a point, the selection's own handles left out. */
  hitWithoutHandles(at: ScreenPoint): Hit;
  /** Puts an object on the map as one step, selects it and opens its text when it is there to be written in. */
  create(object: NewObject): void;
  /** Puts copies on the map as one step and selects them. Copies of grouped objects form a group of their own. */
  addCopies(objects: readonly MapObject[]): void;
}

/**
 * One press of the pointer from its first move to its release. A gesture keeps its own state, shows itself through
 * `show`, and writes to the document in `finish` alone: dropping it at any other time leaves nothing behind.
 */
export interface Gesture {
  /** The view scrolls while the pointer rests at its edge. */
  readonly scrolls: boolean;
  /** The pointer moved, or the view moved beneath it. */
  move(word: PointerWord): void;
  finish(): void;
  /** Takes back what the gesture changed outside the document. */
  cancel?(): void;
}

/** What a gesture carries in one piece; null when nothing is. */
export function carryingOf(gesture: GestureView): Carrying | null {
  if (gesture.kind === 'cards') return gesture;
  return gesture.kind === 'objects' ? (gesture.moving ?? null) : null;
}

/** Pixels that the pointer may tremble before a click becomes a drag. */
export const SLOP = { mouse: 4, touch: 8 } as const;

const EDGE = 36; // pixels from the edge in which the view scrolls
const SPEED = 0.9; // pixels a millisecond at the very edge
/** How long a pointer rests at the edge before the view scrolls: a drag may begin or end there. */
export const EDGE_DELAY = 160;

/**
 * How far the view scrolls in `ms` with the pointer at `at`: towards more of the map (`all`, on the screen) as long as
 * there is any beyond that edge, and no further than to its end.
 */
export function edgeScroll(
  frame: Frame,
  all: ScreenRect,
  at: ScreenPoint,
  ms: number
): { dx: number; dy: number } {
  const { body } = frame;
  // Heads that have not reached the edge hide nothing: the ground above and beside them belongs to the view.
  const x = frame.titleLeft > 0 ? 0 : body.x;
  const y = frame.headerTop > 0 ? 0 : body.y;
  const [width, height] = [body.x + body.width - x, body.y + body.height - y];
  const along = (position: number, start: number, end: number, from: number, to: number) => {
    if (end - start < 3 * EDGE) return 0;
    const back = Math.min(1, (start + EDGE - position) / EDGE);
    if (back > 0) return -Math.min(back * SPEED * ms, Math.max(0, start - from));
    const on = Math.min(1, (position - (end - EDGE)) / EDGE);
    return on > 0 ? Math.min(on * SPEED * ms, Math.max(0, to + EDGE - end)) : 0;
  };
  return {
    dx: along(at.x, x, x + width, all.x, all.x + all.width),
    dy: along(at.y, y, y + height, all.y, all.y + all.height)
  };
}
