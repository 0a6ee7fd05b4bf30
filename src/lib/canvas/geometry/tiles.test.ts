import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardRect, overlaps } from './space.ts';
import { rectOfTile, scaleFor, TILE, tileKey, tilesOver, tilesToDrop } from './tiles.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const scales = number(0.05, 8);
const views = fc
  .record({
    x: number(-20_000, 20_000),
    y: number(-20_000, 20_000),
    width: number(1, 3000),
    height: number(1, 3000)
  })
  .map(({ x, y, width, height }) => ({ x, y, width, height }));
/** A window's view at a scale. */
const seen = fc
  .tuple(views, scales)
  .map(
    ([{ x, y, width, height }, scale]) => [boardRect(x, y, width / scale, height / scale), scale] as const
  );

describe('tiles', () => {
  it('cover a view without gaps, and none is out of it', () => {
    fc.assert(
      fc.property(seen, fc.nat(99), fc.nat(99), ([view, scale], across, down) => {
        const places = tilesOver(view, scale);
        expect(new Set(places.map(tileKey)).size).toBe(places.length);
        expect(places.length).toBeLessThanOrEqual((3000 / TILE + 2) ** 2);
        const slack = 1e-6 / scale;
        for (const place of places)
          expect(
            overlaps(
              rectOfTile(place),
              boardRect(view.x - slack, view.y - slack, view.width + 2 * slack, view.height + 2 * slack)
            )
          ).toBe(true);
        const x = view.x + (view.width * across) / 100;
        const y = view.y + (view.height * down) / 100;
        const holding = places.filter((place) => {
          const rect = rectOfTile(place);
          return (
            x >= rect.x - slack &&
            y >= rect.y - slack &&
            x <= rect.x + rect.width + slack &&
            y <= rect.y + rect.height + slack
          );
        });
        expect(holding.length).toBeGreaterThan(0);
      })
    );
  });

  it('come from the middle of the view outwards', () => {
    fc.assert(
      fc.property(seen, ([view, scale]) => {
        const away = tilesOver(view, scale).map((place) => {
          const rect = rectOfTile(place);
          return Math.hypot(
            rect.x + rect.width / 2 - view.x - view.width / 2,
            rect.y + rect.height / 2 - view.y - view.height / 2
          );
        });
        expect(away).toEqual([...away].sort((a, b) => a - b));
      })
    );
  });

  it('are stretched less than twice while the zoom changes, and stay while they are near enough', () => {
    fc.assert(
      fc.property(fc.array(scales, { minLength: 1, maxLength: 20 }), (path) => {
        let inUse: number | null = null;
        for (const scale of path) {
          const next: number = scaleFor(scale, inUse);
          expect(scale / next).toBeGreaterThan(0.5);
          expect(scale / next).toBeLessThan(2);
          expect(scaleFor(scale, next)).toBe(next);
          inUse = next;
        }
      })
    );
  });

  it('that cover the view are never dropped; the others only as far as there are too many', () => {
    const place = fc.record({
      scale: fc.constantFrom(0.5, 1),
      column: fc.integer({ min: -4, max: 4 }),
      row: fc.integer({ min: -4, max: 4 })
    });
    const tiles = fc.uniqueArray(place, { selector: tileKey, maxLength: 40 });
    fc.assert(
      fc.property(tiles, fc.integer({ min: -900, max: 900 }), fc.nat(30), (all, x, most) => {
        const view = boardRect(x, -x, 1000, 700);
        const dropped = tilesToDrop(all, view, 1, most);
        const covering = all.filter((tile) => tile.scale === 1 && overlaps(rectOfTile(tile), view));
        for (const tile of covering) expect(dropped).not.toContain(tile);
        expect(all.length - dropped.length).toBe(
          Math.max(Math.min(all.length, most), Math.min(all.length, covering.length))
        );
        // A tile of another scale does not outlive one of this scale.
        if (dropped.some(({ scale }) => scale === 1))
          expect(all.filter((tile) => !dropped.includes(tile) && tile.scale !== 1)).toEqual([]);
      })
    );
  });
});
