import fc from 'fast-check';
import { LIMITS } from './limits.ts';
import type { FileObject } from './object-schema.ts';
import {
  CONNECTOR_HEADS,
  CONNECTOR_ROUTES,
  OBJECT_COLORS,
  SHAPE_FILLS,
  SIDES,
  STAMPS,
  TEXT_SIZES
} from './objects.ts';

/** Random free objects of a map file whose stages, lanes and cards have the given ids. Values equal to their default are left out. */
export function randomObjects(ids: {
  stage: string;
  lane: string;
  card: string;
}): fc.Arbitrary<FileObject[]> {
  const coordinate = fc.integer({ min: -9_999_999, max: 9_999_999 }).map((tenths) => tenths / 10);
  const size = fc.integer({ min: 1, max: 9_000 });
  const place = { x: coordinate, y: coordinate };
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const except = <T extends string>(values: readonly T[], usual: T) =>
    maybe(fc.constantFrom(...values.filter((value) => value !== usual)));
  const text = maybe(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }));
  const common = (usual: string) => ({
    id: fc.stringMatching(/^o[a-z0-9]{6}$/),
    color: except(OBJECT_COLORS as readonly string[], usual),
    locked: maybe(fc.constant(true)),
    group: maybe(fc.constantFrom('g1', 'g2'))
  });
  const box = (usual = 'ink') => ({ ...common(usual), ...place, width: size, height: size });
  const end = fc.record({
    ...place,
    side: except(SIDES, 'auto'),
    target: maybe(
      fc.constantFrom(
        { on: 'card', id: ids.card },
        { on: 'stage', id: ids.stage },
        { on: 'cell', lane: ids.lane, stage: ids.stage }
      )
    )
  });
  const near = fc.integer({ min: -30_000, max: 30_000 }).map((tenths) => tenths / 10);
  const pressure = fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100);
  const stroke = (usual: string) => ({
    ...common(usual),
    ...place,
    thickness: maybe(fc.integer({ min: 5, max: LIMITS.strokeWidth.max })),
    points: fc.array(fc.tuple(near, near, pressure), { minLength: 1, maxLength: 30 })
  });
  const shape = { ...box(), text, fill: except(SHAPE_FILLS, 'tint') };
  const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
  const pixels = fc.integer({ min: 1, max: LIMITS.imageSide });
  const of = (kind: string, entries: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record({ kind: fc.constant(kind), ...entries });
  const one = fc.oneof(
    of('sticky', { ...box('yellow'), text }),
    of('text', { ...box(), text, size: except(TEXT_SIZES, 'medium') }),
    of('rectangle', shape),
    of('ellipse', shape),
    of('line', { ...common('ink'), from: fc.record(place), to: fc.record(place) }),
    of('connector', {
      ...common('ink'),
      from: end,
      to: end,
      text,
      route: except(CONNECTOR_ROUTES, 'elbow'),
      heads: except(CONNECTOR_HEADS, 'end')
    }),
    of('pen', stroke('ink')),
    of('highlighter', stroke('yellow')),
    of('frame', { ...box('grey'), text }),
    of('image', { ...box(), hash, natural: fc.record({ width: pixels, height: pixels }), text }),
    of('stamp', { ...box(), emoji: fc.constantFrom(...STAMPS) })
  );
  // Without the fields that are not there: a file has no `undefined`.
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('-0,', '0,')) as FileObject[];
  return fc
    .uniqueArray(one, { maxLength: 12, selector: (object) => (object as { id?: unknown }).id })
    .map(plain);
}
