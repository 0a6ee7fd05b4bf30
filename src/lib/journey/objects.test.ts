import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, journeyOf } from './file-convert.ts';
import { parseMapFile } from './file.ts';
import { LIMITS } from './limits.ts';
import type { MapFile } from './file-schema.ts';
import { randomObjects } from './objects.fixture.ts';
import { isEmoji, STAMPS } from './objects.ts';
import { presetFile } from './presets.ts';
import { packPoints, roundedPoint, unpackPoints } from './stroke-points.ts';

const file: MapFile = {
  ...presetFile('s0-four', { currency: 'EUR' })
};
const stage = file.stages[0]?.id ?? '';
const lane = file.lanes[0]?.id ?? '';
const card = 'c1';
const base: MapFile = { ...file, cards: [{ id: card, lane, stage, text: 'A card' }] };
const withObjects = (objects: unknown) => ({ ...base, objects });

const sticky = { kind: 'sticky', id: 'o1', x: 10, y: 20, width: 160, height: 160, text: 'A note' };
const connector = { kind: 'connector', id: 'o2', from: { x: 0, y: 0 }, to: { x: 9, y: 9 } };

const problemsOf = (objects: unknown) => {
  const parsed = parseMapFile(withObjects(objects), '');
  return parsed.ok ? [] : parsed.problems.map(({ path, code }) => ({ path, code }));
};

describe('free objects in a file', () => {
  test('J11 every kind of object reads, and writes back to the same file', () => {
    fc.assert(
      fc.property(randomObjects({ stage, lane, card }), (objects) => {
        const parsed = parseMapFile(withObjects(objects));
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        expect(fileOf(journeyOf(parsed.file)).objects ?? []).toEqual(objects);
      }),
      { numRuns: 150 }
    );
  });

  test.each<[string, unknown, string, string]>([
    ['an unknown field', [{ ...sticky, onclick: 'alert(1)' }], '/objects/0/onclick', 'E_UNKNOWN_FIELD'],
    ['an unknown kind', [{ ...sticky, kind: 'script' }], '/objects/0/kind', 'E_ENUM'],
    ['an unknown colour', [{ ...sticky, color: 'javascript:' }], '/objects/0/color', 'E_ENUM'],
    ['a place too far out', [{ ...sticky, x: 1e7 }], '/objects/0/x', 'E_RANGE'],
    ['no size', [{ ...sticky, width: 0 }], '/objects/0/width', 'E_RANGE'],
    ['too many words', [{ ...sticky, text: 'x'.repeat(4001) }], '/objects/0/text', 'E_TOO_LONG'],
    ['an id twice', [sticky, sticky], '/objects/1/id', 'E_DUPLICATE'],
    [
      'a stroke of no point',
      [{ kind: 'pen', id: 'p', x: 0, y: 0, points: [] }],
      '/objects/0/points',
      'E_MISSING'
    ],
    [
      'a stroke of too many points',
      [{ kind: 'pen', id: 'p', x: 0, y: 0, points: Array(LIMITS.strokePoints + 1).fill([0, 0, 0.5]) }],
      '/objects/0/points',
      'E_TOO_MANY'
    ],
    [
      'a connector to a card that is not there',
      [{ ...connector, to: { x: 0, y: 0, target: { on: 'card', id: 'gone' } } }],
      '/objects/0/to/target',
      'E_UNKNOWN_TARGET'
    ],
    [
      'a connector to a connector',
      [connector, { ...connector, id: 'o3', to: { x: 0, y: 0, target: { on: 'object', id: 'o2' } } }],
      '/objects/1/to/target',
      'E_UNKNOWN_TARGET'
    ],
    [
      'a picture that names a path',
      [{ ...sticky, kind: 'image', hash: '../../etc/passwd', natural: { width: 1, height: 1 } }],
      '/objects/0/hash',
      'E_HASH'
    ],
    [
      'a stamp with markup',
      [{ kind: 'stamp', id: 's', x: 0, y: 0, width: 9, height: 9, emoji: '<b>' }],
      '/objects/0/emoji',
      'E_EMOJI'
    ]
  ])('J12 %s is refused by path and rule', (_what, objects, path, code) => {
    expect(problemsOf(objects)).toContainEqual({ path, code });
  });

  test('J13 an end whose target is gone is written as the place where it was last', () => {
    const target = { on: 'card' as const, id: card };
    const parsed = parseMapFile(withObjects([{ ...connector, to: { x: 7, y: 8, target } }]));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const journey = journeyOf(parsed.file);
    expect(fileOf(journey).objects).toMatchObject([{ to: { target } }]);
    const written = fileOf({ ...journey, cards: [] });
    expect(written.objects).toEqual([connector].map((one) => ({ ...one, to: { x: 7, y: 8 } })));
    expect(parseMapFile(written)).toMatchObject({ ok: true });
  });
});

describe('points of a stroke', () => {
  const point = fc.tuple(
    fc.double({ min: -9e4, max: 9e4, noNaN: true }),
    fc.double({ min: -9e4, max: 9e4, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true })
  );

  test('J14 packed points come back rounded to a tenth of a unit and a hundredth of pressure', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 50 }), (points) => {
        expect(unpackPoints(packPoints(points))).toEqual(points.map(roundedPoint));
      })
    );
  });

  test('J14 any text is read or refused, and never read as more points than fit', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        for (const place of unpackPoints(text) ?? []) expect(place.every(Number.isFinite)).toBe(true);
      })
    );
    expect(unpackPoints('AAA'.repeat(100_000))).toHaveLength(LIMITS.strokePoints);
    for (const text of ['', 'A', 'AA', 'AAAA', 'g', 'gggggggggggggggggggggA', 'AA!'])
      expect(unpackPoints(text)).toBeNull();
  });
});

test('J15 a stamp is exactly one emoji', () => {
  for (const stamp of [...STAMPS, '🇪🇺', '👩‍💻']) expect(isEmoji(stamp), stamp).toBe(true);
  for (const other of ['', 'a', '1', '👍👍', '<', ' 👍', '👍\n', 7])
    expect(isEmoji(other), String(other)).toBe(false);
});
