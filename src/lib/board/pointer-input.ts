import type { Editor } from '#lib/canvas/editor/editor.ts';
import type { PointerWord } from '#lib/canvas/editor/types.ts';
import { toBoard } from '#lib/canvas/geometry/camera.ts';
import { distance, screenPoint, type BoardPoint, type ScreenPoint } from '#lib/canvas/geometry/space.ts';

const LONG_PRESS = 500; // ms
const DOUBLE = { ms: 400, distance: 24 } as const;
const BUTTONS = ['main', 'middle', 'right'] as const;

export interface PointerListeners {
  /** Where the pointer is on the board; null when it has left. */
  readonly onCursor: (at: BoardPoint | null) => void;
  /** A press on the board is about to be handled. */
  readonly onPress: () => void;
}

/**
 * Turns the browser's pointer, touch and wheel events on `host` into the editor's words: one finger or button acts, two
 * fingers pan and pinch, the wheel pans, with Mod (or a trackpad's pinch) it zooms at the pointer.
 */
export function listenToPointers(host: HTMLElement, editor: Editor, listeners: PointerListeners): () => void {
  const stops = new AbortController();
  const { signal } = stops;
  const fingers = new Map<number, ScreenPoint>();
  let tap: { time: number; at: ScreenPoint } | null = null;
  let held: ReturnType<typeof setTimeout> | undefined;

  const place = (event: MouseEvent): ScreenPoint => {
    const box = host.getBoundingClientRect();
    return screenPoint(event.clientX - box.left, event.clientY - box.top);
  };
  const word = (event: PointerEvent | MouseEvent): PointerWord => ({
    at: place(event),
    button: BUTTONS[event.button] ?? 'main',
    shift: event.shiftKey,
    mod: event.ctrlKey || event.metaKey,
    alt: event.altKey,
    touch: event instanceof PointerEvent && event.pointerType === 'touch'
  });
  const inField = (event: Event) =>
    event.target instanceof Element && event.target.closest('[data-overlay]') !== null;

  const pinch = (id: number, to: ScreenPoint): void => {
    const [a, b] = [...fingers.values()];
    fingers.set(id, to);
    const [c, d] = [...fingers.values()];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    const before = screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
    const after = screenPoint((c.x + d.x) / 2, (c.y + d.y) / 2);
    editor.panBy(before.x - after.x, before.y - after.y);
    const spread = distance(a, b);
    if (spread > 10) editor.zoomBy(distance(c, d) / spread, after);
  };

  const onDown = (event: PointerEvent): void => {
    if (inField(event)) return;
    listeners.onPress();
    if (event.pointerType === 'touch') {
      fingers.set(event.pointerId, place(event));
      if (fingers.size > 1) {
        clearTimeout(held);
        editor.cancelGesture();
        return;
      }
      held = setTimeout(() => {
        editor.cancelGesture();
        editor.pointerDown({ ...word(event), button: 'right' });
      }, LONG_PRESS);
    }
    host.setPointerCapture(event.pointerId);
    // Middle press scrolls in some browsers; a press on the canvas must not take the focus from the text field's heir.
    if (event.button === 1) event.preventDefault();
    editor.pointerDown(word(event));
  };
  const onMove = (event: PointerEvent): void => {
    const at = place(event);
    if (event.pointerType !== 'touch' || fingers.size === 1) listeners.onCursor(toBoard(editor.camera, at));
    const finger = fingers.get(event.pointerId);
    if (finger !== undefined && fingers.size > 1) return pinch(event.pointerId, at);
    if (finger !== undefined) {
      if (distance(finger, at) > 8) clearTimeout(held);
      // The start stays for the long press; a second finger takes the place where this one is then.
      if (distance(finger, at) > 8) fingers.set(event.pointerId, at);
    }
    if (!inField(event) || event.buttons > 0) editor.pointerMove(word(event));
  };
  const onUp = (event: PointerEvent): void => {
    clearTimeout(held);
    const wasPinch = fingers.size > 1;
    const known = event.pointerType !== 'touch' || fingers.delete(event.pointerId);
    if (inField(event) || !known || wasPinch || event.button === 2) return;
    editor.pointerUp(word(event));
    // Two quick taps count here and not through "dblclick": on a phone the text field must be focused in this event.
    const now = event.timeStamp;
    const at = place(event);
    if (
      event.button === 0 &&
      tap !== null &&
      now - tap.time < DOUBLE.ms &&
      distance(tap.at, at) < DOUBLE.distance
    ) {
      tap = null;
      editor.doubleClick(word(event));
    } else tap = { time: now, at };
  };
  const onCancel = (event: PointerEvent): void => {
    clearTimeout(held);
    fingers.delete(event.pointerId);
    editor.cancelGesture();
  };
  const onLeave = (): void => {
    listeners.onCursor(null);
    editor.pointerLeave();
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      // A mouse's notch is 100 or more, a pinch only a few: both should feel the same.
      const delta = Math.max(-40, Math.min(40, event.deltaY * lines));
      editor.zoomBy(Math.exp(-delta / 100), place(event));
    } else if (event.shiftKey && event.deltaX === 0) editor.panBy(event.deltaY * lines, 0);
    else editor.panBy(event.deltaX * lines, event.deltaY * lines);
  };

  host.addEventListener('pointerdown', onDown, { signal });
  host.addEventListener('pointermove', onMove, { signal });
  host.addEventListener('pointerup', onUp, { signal });
  host.addEventListener('pointercancel', onCancel, { signal });
  host.addEventListener('pointerleave', onLeave, { signal });
  host.addEventListener('wheel', onWheel, { signal, passive: false });
  host.addEventListener('contextmenu', (event) => !inField(event) && event.preventDefault(), { signal });
  return () => {
    clearTimeout(held);
    stops.abort();
  };
}
