import type { Editor } from '#lib/canvas/editor/editor.ts';
import type { PointerWord } from '#lib/canvas/editor/types.ts';
import { toBoard } from '#lib/canvas/geometry/camera.ts';
import { distance, screenPoint, type BoardPoint, type ScreenPoint } from '#lib/canvas/geometry/space.ts';

const LONG_PRESS = 500; // ms
const DOUBLE = { ms: 400, distance: 24 } as const;
const TWO_FINGER_TAP = { ms: 350, distance: 16 } as const;
const STEADY = 8; // px that a resting finger may tremble
const BUTTONS = ['main', 'middle', 'right'] as const;

export interface PointerListeners {
  /** Where the pointer is on the board; null when it has left. */
  readonly onCursor: (at: BoardPoint | null) => void;
  /** A press on the board is about to be handled. */
  readonly onPress: () => void;
  /** Two fingers tapped: undo, as on tablets. */
  readonly onTwoFingerTap: () => void;
}

/** Where an event is on `host`, in CSS pixels. */
export function placeOn(host: HTMLElement): (event: MouseEvent) => ScreenPoint {
  return (event) => {
    const box = host.getBoundingClientRect();
    return screenPoint(event.clientX - box.left, event.clientY - box.top);
  };
}

interface Finger {
  readonly start: ScreenPoint;
  readonly at: ScreenPoint;
}

/**
 * Turns the browser's pointer and touch events on `host` into the editor's words: a button, a pen or one finger acts,
 * two fingers pan and pinch, a long press asks for the menu. Once a pen was seen a finger only moves the view, and while
 * the pen is down hands on the glass do nothing.
 */
export function listenToPointers(host: HTMLElement, editor: Editor, listeners: PointerListeners): () => void {
  const stops = new AbortController();
  const { signal } = stops;
  const place = placeOn(host);
  const fingers = new Map<number, Finger>();
  let tap: { time: number; at: ScreenPoint } | null = null;
  let held: ReturnType<typeof setTimeout> | undefined;
  let pen: 'unseen' | 'seen' | 'down' = 'unseen';
  /** Since when two fingers lie still; null when they moved or were never two. */
  let pair: number | null = null;
  /** More than one finger since the glass was last free: what is left of them does nothing more. */
  let several = false;

  const word = (event: PointerEvent | MouseEvent): PointerWord => {
    const kind = event instanceof PointerEvent ? event.pointerType : 'mouse';
    const touch = kind === 'touch';
    return {
      at: place(event),
      button: BUTTONS[event.button] ?? 'main',
      shift: event.shiftKey,
      mod: event.ctrlKey || event.metaKey,
      alt: event.altKey,
      touch,
      pen: kind === 'pen',
      // A mouse has no pressure of its own; what it says is the same all along.
      ...(kind === 'pen' && event instanceof PointerEvent ? { pressure: event.pressure } : {}),
      pans: touch && pen !== 'unseen'
    };
  };
  const inField = (event: Event) =>
    event.target instanceof Element && event.target.closest('[data-overlay]') !== null;
  const isPalm = (event: PointerEvent) => event.pointerType === 'touch' && pen === 'down';

  const pinch = (id: number, to: ScreenPoint): void => {
    const [a, b] = [...fingers.values()];
    const finger = fingers.get(id);
    if (finger === undefined) return;
    fingers.set(id, { ...finger, at: to });
    if (distance(finger.start, to) > TWO_FINGER_TAP.distance) pair = null;
    const [c, d] = [...fingers.values()];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    const before = screenPoint((a.at.x + b.at.x) / 2, (a.at.y + b.at.y) / 2);
    const after = screenPoint((c.at.x + d.at.x) / 2, (c.at.y + d.at.y) / 2);
    editor.panBy(before.x - after.x, before.y - after.y);
    const spread = distance(a.at, b.at);
    if (spread > 10) editor.zoomBy(distance(c.at, d.at) / spread, after);
  };

  /** True when the finger is one of several, which together move the view. */
  const touchDown = (event: PointerEvent): boolean => {
    const at = place(event);
    fingers.set(event.pointerId, { start: at, at });
    if (fingers.size > 1) {
      clearTimeout(held);
      editor.cancelGesture();
      pair = fingers.size === 2 ? event.timeStamp : null;
      several = true;
      return true;
    }
    several = false;
    held = setTimeout(() => {
      editor.cancelGesture();
      tap = null;
      editor.pointerDown({ ...word(event), button: 'right' });
    }, LONG_PRESS);
    return false;
  };

  const onDown = (event: PointerEvent): void => {
    if (inField(event) || isPalm(event)) return;
    listeners.onPress();
    if (event.pointerType === 'pen') {
      pen = 'down';
      // The palm came first.
      clearTimeout(held);
      fingers.clear();
    }
    if (event.pointerType === 'touch' && touchDown(event)) return;
    host.setPointerCapture(event.pointerId);
    // Middle press scrolls in some browsers; a press on the canvas must not take the focus from the text field's heir.
    if (event.button === 1) event.preventDefault();
    editor.pointerDown(word(event));
  };

  const onMove = (event: PointerEvent): void => {
    const touch = event.pointerType === 'touch';
    const finger = fingers.get(event.pointerId);
    if (isPalm(event) || (touch && finger === undefined)) return;
    const at = place(event);
    if (!touch || fingers.size === 1) listeners.onCursor(toBoard(editor.camera, at));
    if (finger !== undefined && fingers.size > 1) return pinch(event.pointerId, at);
    if (several && touch) return;
    if (finger !== undefined) {
      if (distance(finger.start, at) > STEADY) clearTimeout(held);
      fingers.set(event.pointerId, { ...finger, at });
    }
    if (!inField(event) || event.buttons > 0) editor.pointerMove(word(event));
  };

  const onUp = (event: PointerEvent): void => {
    if (event.pointerType === 'pen') pen = 'seen';
    if (event.pointerType === 'touch' && !touchUp(event)) return;
    if (inField(event) || event.button === 2) return;
    editor.pointerUp(word(event));
    countTaps(event);
  };

  /** True when the finger was alone, and so acted. */
  const touchUp = (event: PointerEvent): boolean => {
    clearTimeout(held);
    if (!fingers.delete(event.pointerId)) return false;
    if (!several) return true;
    if (fingers.size === 0 && pair !== null && event.timeStamp - pair < TWO_FINGER_TAP.ms)
      listeners.onTwoFingerTap();
    if (fingers.size === 0) pair = null;
    return false;
  };

  /** Two quick taps count here and not through "dblclick": on a phone the text field must be focused in this event. */
  const countTaps = (event: PointerEvent): void => {
    const [time, at] = [event.timeStamp, place(event)];
    const isSecond =
      event.button === 0 &&
      tap !== null &&
      time - tap.time < DOUBLE.ms &&
      distance(tap.at, at) < DOUBLE.distance;
    tap = isSecond ? null : { time, at };
    if (isSecond) editor.doubleClick(word(event));
  };

  const onCancel = (event: PointerEvent): void => {
    clearTimeout(held);
    if (event.pointerType === 'pen') pen = 'seen';
    const acted = event.pointerType !== 'touch' || fingers.delete(event.pointerId);
    if (acted) editor.cancelGesture();
  };
  const onLeave = (): void => {
    listeners.onCursor(null);
    editor.pointerLeave();
  };

  host.addEventListener('pointerdown', onDown, { signal });
  host.addEventListener('pointermove', onMove, { signal });
  host.addEventListener('pointerup', onUp, { signal });
  host.addEventListener('pointercancel', onCancel, { signal });
  host.addEventListener('pointerleave', onLeave, { signal });
  host.addEventListener('contextmenu', (event) => !inField(event) && event.preventDefault(), { signal });
  return () => {
    clearTimeout(held);
    stops.abort();
  };
}
