import type { Editor } from '#lib/canvas/editor/editor.ts';
import type { ScreenPoint } from '#lib/canvas/geometry/space.ts';
import type { WheelMode } from './preferences.svelte.ts';

/** The parts of a wheel event that tell a mouse from a trackpad. `wheelDeltaY` is old, and everywhere but in Firefox. */
export interface WheelWord {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number; // 0: pixels, 1: lines, 2: pages
  readonly wheelDeltaY?: number;
}

/**
 * What a first turn of the wheel comes from. A mouse counts lines, or notches of 120 whatever the pixels; fingers give
 * pixels, a third of the old delta, and now and then a little to the side.
 */
export function guessWheel({ deltaX, deltaY, deltaMode, wheelDeltaY }: WheelWord): WheelMode {
  if (deltaMode !== 0) return 'mouse';
  if (deltaX !== 0 || wheelDeltaY === undefined || wheelDeltaY === 0) return 'trackpad';
  return wheelDeltaY % 120 === 0 && Math.abs(wheelDeltaY + 3 * deltaY) > 1 ? 'mouse' : 'trackpad';
}

/** Where the wheel's mode is kept. */
export interface WheelSettings {
  wheel: WheelMode | null;
}

const LINE = 16; // px

/**
 * The wheel on `host`: in mouse mode it zooms at the pointer, in trackpad mode it pans; with Mod (which a pinch on a
 * trackpad holds too) it always zooms, with Shift it pans sideways. The first turn decides the mode when none is known,
 * and `onGuess` hears of it.
 */
export function listenToWheel(
  host: HTMLElement,
  editor: Editor,
  place: (event: MouseEvent) => ScreenPoint,
  settings: WheelSettings,
  onGuess: (mode: WheelMode) => void
): () => void {
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    // Firefox tells of lines only to those who ask first.
    const { deltaMode } = event;
    const unit = deltaMode === 1 ? LINE : deltaMode === 2 ? host.clientHeight : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const mod = event.ctrlKey || event.metaKey;
    if (!mod && !event.shiftKey && settings.wheel === null) {
      settings.wheel = guessWheel(event);
      onGuess(settings.wheel);
    }
    if (mod || (settings.wheel === 'mouse' && !event.shiftKey)) {
      // A mouse's notch is 100 or more, a pinch only a few: both should feel the same.
      const delta = Math.max(-40, Math.min(40, dy === 0 ? dx : dy));
      editor.zoomBy(Math.exp(-delta / 100), place(event));
    } else if (event.shiftKey && dx === 0) editor.panBy(dy, 0);
    else editor.panBy(dx, dy);
  };
  host.addEventListener('wheel', onWheel, { passive: false });
  return () => host.removeEventListener('wheel', onWheel);
}
