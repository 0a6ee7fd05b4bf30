import { describe, expect, it } from 'vitest';
import type { Companion } from '../editor/types.ts';
import { boardPoint } from '../geometry/space.ts';
import { Lasers } from './laser.ts';
import type { Pen } from './pen.ts';
import type { Scene } from './scene.ts';

const scene = { editor: { camera: { x: 0, y: 0, zoom: 1 } } } as unknown as Scene;

/** What is drawn: the lines with how strong they are, and how many discs. */
function drawn(lasers: Lasers) {
  const lines: { from: number; to: number; alpha: number; color: string }[] = [];
  let discs = 0;
  let from = 0;
  const pen = {
    globalAlpha: 1,
    strokeStyle: '',
    fillStyle: '',
    beginPath: () => undefined,
    moveTo: (x: number) => (from = x),
    lineTo(x: number) {
      lines.push({ from, to: x, alpha: pen.globalAlpha, color: pen.strokeStyle });
    },
    stroke: () => undefined,
    fill: () => (discs += 1),
    arc: () => undefined
  };
  lasers.paint(pen as unknown as Pen, scene);
  return { lines, discs };
}

const ann = (x: number | null): Companion => ({
  key: 7,
  name: 'Ann',
  color: '#123456',
  cursor: null,
  selection: [],
  editing: null,
  drag: null,
  chat: null,
  laser: x === null ? null : boardPoint(x, 0)
});

describe('the laser of others', () => {
  it('leaves a trail in their colour that fades behind it, and is gone in the end', () => {
    const lasers = new Lasers();
    for (const x of [0, 10, 20]) {
      lasers.set([ann(x)]);
      expect(lasers.advance(100)).toBe(true);
    }
    const { lines, discs } = drawn(lasers);
    expect(lines.map(({ from, to }) => [from, to])).toEqual([
      [0, 10],
      [10, 20]
    ]);
    expect(lines[0]?.alpha).toBeLessThan(lines[1]?.alpha ?? 0);
    expect(lines[0]?.color).toBe('#123456');
    expect(discs).toBeGreaterThan(0);
    lasers.set([ann(null)]);
    lasers.advance(600);
    expect(drawn(lasers).discs).toBe(0);
    expect(drawn(lasers).lines.length).toBeGreaterThan(0);
    lasers.advance(2_000);
    expect(lasers.advance(1)).toBe(false);
    expect(drawn(lasers).lines).toEqual([]);
  });

  it('draws no line from where it was lifted to where it is pressed again', () => {
    const lasers = new Lasers();
    lasers.set([ann(0)]);
    lasers.set([ann(null)]);
    lasers.set([ann(500)]);
    lasers.set([ann(510)]);
    expect(drawn(lasers).lines.map(({ from, to }) => [from, to])).toEqual([[500, 510]]);
  });

  it('goes out when its person leaves', () => {
    const lasers = new Lasers();
    lasers.set([ann(0)]);
    lasers.set([]);
    expect(drawn(lasers).discs).toBe(0);
    lasers.advance(2_000);
    expect(lasers.advance(1)).toBe(false);
  });
});
