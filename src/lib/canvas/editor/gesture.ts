import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Camera } from '../geometry/camera.ts';
import type { Frame } from '../geometry/frame.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import type { ScreenPoint } from '../geometry/space.ts';
import type { Selection } from './selection.ts';
import type { GestureView, PointerWord } from './types.ts';

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
  /** Shows what the gesture has come to. */
  show(view: GestureView): void;
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

/** Pixels that the pointer may tremble before a click becomes a drag. */
export const SLOP = { mouse: 4, touch: 8 } as const;

const EDGE = 36; // pixels from the edge in which the view scrolls
const SPEED = 0.9; // pixels a millisecond at the very edge

/** How far the view scrolls in `ms` with the pointer at `at`. */
export function edgeScroll(frame: Frame, at: ScreenPoint, ms: number): { dx: number; dy: number } {
  const { x, y, width, height } = frame.body;
  const pull = (position: number, start: number, end: number) => {
    if (end - start < 3 * EDGE) return 0;
    if (position < start + EDGE) return -Math.min(1, (start + EDGE - position) / EDGE);
    if (position > end - EDGE) return Math.min(1, (position - (end - EDGE)) / EDGE);
    return 0;
  };
  return { dx: pull(at.x, x, x + width) * SPEED * ms, dy: pull(at.y, y, y + height) * SPEED * ms };
}
