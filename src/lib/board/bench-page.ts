import { carryingOf } from '#lib/canvas/editor/gesture.ts';
import type { BoardRect } from '#lib/canvas/geometry/space.ts';
import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import type { BoardSession } from './board-session.svelte.ts';
import { preferences } from './preferences.svelte.ts';

/** A view: the board point in the middle of the canvas, and pixels for each board unit. */
interface BenchCamera {
  readonly cx: number;
  readonly cy: number;
  readonly zoom: number;
}

/**
 * What a bench of whiteboards asks of a page: where notes are and what the view shows. A note is the free object `n<i>`
 * or the card `c<i>`, as whoever seeded the map named them. There with `?bench` in the address, and shows nothing that
 * the page does not have anyway.
 */
export interface BenchPage {
  readonly ready: Promise<unknown>;
  info(): { name: string; version: string; render: string };
  count(): { notes: number; connectors: number };
  camera(): BenchCamera;
  setCamera(camera: BenchCamera): void;
  /** The middle of a note, in CSS pixels of the window. */
  notePoint(index: number): { x: number; y: number };
  /** The upper left corner of a note in board units, where it is being carried included. */
  notePos(index: number): { x: number; y: number };
  noteText(index: number): string;
}

declare global {
  interface Window {
    bench?: BenchPage;
  }
}

/** Puts {@link BenchPage} on the window and gives the map all of it, as other whiteboards have it. */
export function exposeBench(session: BoardSession, host: HTMLElement, mounted: Promise<unknown>): void {
  const { editor } = session;
  session.ui.zen = true;
  preferences.wheel = 'trackpad';
  const loaded = new Promise<void>((resolve) => {
    const look = (): void => (session.loaded ? resolve() : void requestAnimationFrame(look));
    look();
  });
  let counted: { of: unknown; notes: number; connectors: number } | null = null;
  const idOf = (index: number) => `n${index}` as ObjectId;
  const cardOf = (index: number) => `c${index}` as CardId;
  const rectOf = (index: number): BoardRect | undefined =>
    editor.objects.get(idOf(index))?.rect ?? editor.layout.cards.get(cardOf(index))?.rect;
  const position = (index: number): { x: number; y: number } => {
    const carrying = carryingOf(editor.gesture);
    const isCarried = carrying?.ids.has(idOf(index)) === true || carrying?.ids.has(cardOf(index)) === true;
    const { x, y } = rectOf(index) ?? { x: NaN, y: NaN };
    return carrying !== null && isCarried ? { x: x + carrying.dx, y: y + carrying.dy } : { x, y };
  };
  window.bench = {
    ready: Promise.all([mounted, loaded]),
    info: () => ({ name: 'Meander', version: '', render: 'canvas 2D, bitmap tiles' }),
    count() {
      const { journey } = editor;
      if (counted?.of !== journey) {
        const notes = journey.objects.filter(({ kind }) => kind === 'sticky').length;
        const connectors = journey.objects.filter(({ kind }) => kind === 'connector').length;
        counted = { of: journey, notes: notes > 0 ? notes : journey.cards.length, connectors };
      }
      return counted;
    },
    camera() {
      const { camera, viewport } = editor;
      const { x, y, zoom } = camera;
      return { cx: x + viewport.width / 2 / zoom, cy: y + viewport.height / 2 / zoom, zoom };
    },
    setCamera({ cx, cy, zoom }) {
      const { width, height } = editor.viewport;
      editor.zoomBy(zoom / editor.camera.zoom);
      const { camera } = editor;
      editor.panBy((cx - camera.x) * camera.zoom - width / 2, (cy - camera.y) * camera.zoom - height / 2);
    },
    notePoint(index) {
      const { x, y, width, height } = rectOf(index) ?? { x: NaN, y: NaN, width: 0, height: 0 };
      const box = host.getBoundingClientRect();
      const { camera } = editor;
      return {
        x: box.x + (x + width / 2 - camera.x) * camera.zoom,
        y: box.y + (y + height / 2 - camera.y) * camera.zoom
      };
    },
    notePos: position,
    noteText(index) {
      const object = editor.objects.get(idOf(index))?.object;
      if (object !== undefined) return 'text' in object ? object.text : '';
      return editor.layout.cards.get(cardOf(index))?.card.text ?? '';
    }
  };
}
