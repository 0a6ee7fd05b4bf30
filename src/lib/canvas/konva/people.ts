import type { Companion } from '../editor/types.ts';
import { toScreen } from '../geometry/camera.ts';
import { boardPoint, distance, screenRect, type BoardPoint } from '../geometry/space.ts';
import { faint, fillRound, fitLines, font, saved, widest, type Pen } from './pen.ts';
import type { Scene } from './scene.ts';

const SMOOTHING = 55; // ms in which a cursor covers 63% of its way
const FADES_AFTER = 4000; // ms without a movement
const FADE = 1500;

interface Cursor {
  companion: Companion;
  shown: BoardPoint;
  target: BoardPoint;
  idle: number;
}

/** The cursors of the others: smoothed between what arrives, fading when nothing does. */
export class People {
  readonly #cursors = new Map<number, Cursor>();

  /** Takes the newest list. */
  set(companions: readonly Companion[]): void {
    const present = new Set<number>();
    for (const companion of companions) {
      const { key, cursor: at } = companion;
      if (at === null) continue;
      present.add(key);
      const known = this.#cursors.get(key);
      if (known === undefined) {
        this.#cursors.set(key, { companion, shown: at, target: at, idle: 0 });
        continue;
      }
      if (known.target.x !== at.x || known.target.y !== at.y) {
        // A cursor that had faded comes back where it is, not from where it was.
        if (known.idle > FADES_AFTER + FADE) known.shown = at;
        known.idle = 0;
      }
      known.target = at;
      known.companion = companion;
    }
    for (const key of this.#cursors.keys()) if (!present.has(key)) this.#cursors.delete(key);
  }

  /** Moves everybody on by `ms`; true while somebody is still on the way or fading. */
  advance(ms: number): boolean {
    let busy = false;
    for (const cursor of this.#cursors.values()) {
      cursor.idle += ms;
      const part = 1 - Math.exp(-ms / SMOOTHING);
      const { shown, target } = cursor;
      cursor.shown =
        distance(shown, target) < 0.3
          ? target
          : boardPoint(shown.x + (target.x - shown.x) * part, shown.y + (target.y - shown.y) * part);
      busy ||= cursor.shown !== target || cursor.idle < FADES_AFTER + FADE;
    }
    return busy;
  }

  paint(pen: Pen, { editor, theme }: Scene): void {
    for (const { companion, shown, idle } of this.#cursors.values()) {
      // Nobody fades while they speak.
      const alpha = companion.chat === null ? Math.min(1, Math.max(0, 1 - (idle - FADES_AFTER) / FADE)) : 1;
      if (alpha === 0) continue;
      const { x, y } = toScreen(editor.camera, shown);
      faint(pen, alpha, () =>
        saved(pen, () => {
          pen.translate(x, y);
          paintArrow(pen, companion.color, theme.surface);
          pen.font = font(12, 600);
          const width = Math.min(180, pen.measureText(companion.name).width + 12);
          if (companion.chat !== null) return paintBubble(pen, companion, companion.chat);
          fillRound(pen, screenRect(11, 15, width, 20), 5, companion.color);
          pen.fillStyle = '#fff';
          pen.textAlign = 'left';
          pen.textBaseline = 'middle';
          pen.fillText(companion.name, 17, 25.5, width - 12);
        })
      );
    }
  }
}

const BUBBLE = { width: 240, line: 18, padding: 8, most: 6 } as const;

/** What somebody says, under their name. */
function paintBubble(pen: Pen, { name, color }: Companion, text: string): void {
  const lines = fitLines(pen, text, font(13), BUBBLE.width - 2 * BUBBLE.padding, BUBBLE.most);
  pen.font = font(12, 600);
  const named = Math.min(BUBBLE.width - 2 * BUBBLE.padding, pen.measureText(name).width);
  const width = Math.max(named, widest(pen, lines, font(13))) + 2 * BUBBLE.padding;
  const height = (lines.length + 1) * BUBBLE.line + BUBBLE.padding;
  fillRound(pen, screenRect(11, 15, width, height), [3, 12, 12, 12], color);
  pen.fillStyle = '#fff';
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.font = font(12, 600);
  pen.fillText(name, 11 + BUBBLE.padding, 28, named);
  pen.font = font(13);
  lines.forEach((line, index) => pen.fillText(line, 11 + BUBBLE.padding, 28 + (index + 1) * BUBBLE.line));
}

function paintArrow(pen: Pen, color: string, rim: string): void {
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.lineTo(4.5, 16);
  pen.lineTo(8, 9.5);
  pen.lineTo(15, 7);
  pen.closePath();
  pen.fillStyle = color;
  pen.strokeStyle = rim;
  pen.lineWidth = 1.5;
  pen.lineJoin = 'round';
  pen.fill();
  pen.stroke();
}
