import type { Companion } from '../editor/types.ts';
import { toScreen } from '../geometry/camera.ts';
import type { BoardPoint } from '../geometry/space.ts';
import { faint, type Pen } from './pen.ts';
import type { Scene } from './scene.ts';

const LASTS = 1_200; // ms in which a trail fades
const WIDE = 5; // pixels at its head

interface Spot {
  readonly at: BoardPoint;
  age: number;
  /** The laser was lifted before: no line leads here. */
  readonly starts: boolean;
}

interface Trail {
  color: string;
  spots: Spot[];
  lit: boolean;
}

/** Where people point with the laser: a trail in each one's colour, which fades behind them. */
export class Lasers {
  readonly #trails = new Map<number, Trail>();

  /** One person's laser now; null while it is not pressed. */
  point(key: number, color: string, at: BoardPoint | null): void {
    const trail = this.#trails.get(key);
    if (at === null) {
      if (trail !== undefined) trail.lit = false;
      return;
    }
    if (trail === undefined) {
      this.#trails.set(key, { color, spots: [{ at, age: 0, starts: true }], lit: true });
      return;
    }
    const last = trail.spots.at(-1);
    if (last === undefined || last.at.x !== at.x || last.at.y !== at.y || !trail.lit)
      trail.spots.push({ at, age: 0, starts: !trail.lit });
    trail.color = color;
    trail.lit = true;
  }

  /** What is heard of everybody else. */
  set(companions: readonly Companion[]): void {
    const here = new Set(companions.map(({ key }) => key));
    for (const { key, color, laser } of companions) this.point(key, color, laser);
    for (const [key, trail] of this.#trails) if (!here.has(key) && key !== OWN) trail.lit = false;
  }

  /** Lets `ms` pass; true while something is lit or fading. */
  advance(ms: number): boolean {
    for (const [key, trail] of this.#trails) {
      for (const spot of trail.spots) spot.age += ms;
      const last = trail.spots.at(-1);
      // Where it rests it stays bright.
      if (trail.lit && last !== undefined) last.age = 0;
      trail.spots = trail.spots.filter(({ age }) => age < LASTS);
      if (trail.spots.length === 0) this.#trails.delete(key);
    }
    return this.#trails.size > 0;
  }

  paint(pen: Pen, { editor }: Scene): void {
    for (const { color, spots, lit } of this.#trails.values()) {
      pen.strokeStyle = pen.fillStyle = color;
      pen.lineCap = pen.lineJoin = 'round';
      spots.forEach(({ at, age, starts }, index) => {
        const before = spots[index - 1];
        if (starts || before === undefined) return;
        const left = 1 - age / LASTS;
        const [from, to] = [toScreen(editor.camera, before.at), toScreen(editor.camera, at)];
        pen.lineWidth = Math.max(1, WIDE * left);
        faint(pen, left, () => {
          pen.beginPath();
          pen.moveTo(from.x, from.y);
          pen.lineTo(to.x, to.y);
          pen.stroke();
        });
      });
      const head = spots.at(-1);
      if (!lit || head === undefined) continue;
      const { x, y } = toScreen(editor.camera, head.at);
      for (const [radius, alpha] of [
        [12, 0.2],
        [7, 0.45],
        [4, 1]
      ] as const)
        faint(pen, alpha, () => {
          pen.beginPath();
          pen.arc(x, y, radius, 0, 2 * Math.PI);
          pen.fill();
        });
    }
  }
}

/** The key of the person's own trail: no Yjs client has it. */
export const OWN = -1;
