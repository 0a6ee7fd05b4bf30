import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONNECTOR_ROUTES, SIDES } from '#lib/journey/objects.ts';
import { distanceToLine, middleOf, routeConnector, traced, type Holder } from './connector.ts';
import { boardPoint, boardRect } from './space.ts';

const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const size = fc.double({ min: 1, max: 1e5, noNaN: true });
const holder: fc.Arbitrary<Holder> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('box' as const, 'ellipse' as const),
    rect: fc.tuple(coordinate, coordinate, size, size).map((four) => boardRect(...four)),
    side: fc.constantFrom(...SIDES)
  }),
  fc.record({
    kind: fc.constant('point' as const),
    at: fc.tuple(coordinate, coordinate).map((two) => boardPoint(...two))
  })
);

/** How far a point is from the border of what it should end on, as a share of the shape's size. */
function offBorder(one: Holder, at: { x: number; y: number }): number {
  if (one.kind === 'point') return Math.hypot(at.x - one.at.x, at.y - one.at.y);
  const { x, y, width, height } = one.rect;
  const across = Math.abs(at.x - x - width / 2) / (width / 2);
  const down = Math.abs(at.y - y - height / 2) / (height / 2);
  return Math.abs((one.kind === 'box' ? Math.max(across, down) : Math.hypot(across, down)) - 1);
}

describe('the way of a connector', () => {
  test('is finite and goes from border to border, whatever it holds on to', () => {
    fc.assert(
      fc.property(holder, holder, fc.constantFrom(...CONNECTOR_ROUTES), (from, to, route) => {
        const path = routeConnector(from, to, route);
        expect(path.points.length).toBeGreaterThanOrEqual(2);
        for (const { x, y } of [...path.points, ...traced(path), middleOf(path)])
          expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
        const [first, last] = [path.points[0], path.points.at(-1)];
        if (first === undefined || last === undefined) throw new Error('no ends');
        // Half a unit of rounding at a million units, on a shape of one unit.
        expect(offBorder(from, first)).toBeLessThan(1e-6);
        expect(offBorder(to, last)).toBeLessThan(1e-6);
      })
    );
  });

  test('an elbow has level and upright pieces only', () => {
    fc.assert(
      fc.property(holder, holder, (from, to) => {
        const { points } = routeConnector(from, to, 'elbow');
        points.slice(1).forEach((point, index) => {
          const before = points[index];
          expect(point.x === before?.x || point.y === before?.y).toBe(true);
        });
      })
    );
  });

  test('an elbow goes around the two shapes when there is room', () => {
    const from: Holder = { kind: 'box', rect: boardRect(0, 0, 100, 100), side: 'left' };
    const to: Holder = { kind: 'box', rect: boardRect(300, 0, 100, 100), side: 'auto' };
    const { points } = routeConnector(from, to, 'elbow');
    expect(points[0]).toEqual(boardPoint(0, 50));
    // It leaves to the left and must come back above or below the shape, not through it.
    expect(points.some(({ y }) => y < 0 || y > 100)).toBe(true);
    expect(distanceToLine(boardPoint(50, 50), points)).toBeGreaterThan(49);
  });
});
