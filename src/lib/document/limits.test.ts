import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { LIMITS } from '#lib/journey/limits.ts';
import type { Journey } from '#lib/journey/records.ts';
import { JourneyDocument } from './journey-document.ts';
import { readJourney } from './read.ts';

const fill = (doc: Y.Doc, root: string, count: number, fields: (index: number) => [string, unknown][]) =>
  doc.transact(() => {
    for (let index = 0; index < count; index++)
      doc.getMap(root).set(`r${index}`, new Y.Map([['rank', 'a0'], ...fields(index)]));
  });

test('D14 a map that holds too much opens with what a map may hold, and says what is left out', () => {
  const doc = new Y.Doc();
  fill(doc, 'stages', 3_000, (index) => [['name', `Stage ${index}`]]);
  fill(doc, 'lanes', 1, () => [['name', 'x'.repeat(50_000)]]);
  fill(doc, 'cards', 1, () => [
    ['stage', 'r0'],
    ['lane', 'r0'],
    ['text', new Y.Text(`${'x'.repeat(LIMITS.cardText - 1)}😀${'x'.repeat(200_000)}`)]
  ]);
  const map = new JourneyDocument(doc);
  expect(map.journey.stages).toHaveLength(LIMITS.stages);
  expect(map.journey.lanes[0]?.name).toHaveLength(LIMITS.name);
  expect(map.journey.cards[0]?.text).toBe('x'.repeat(LIMITS.cardText - 1));
  expect(map.leftOut).toEqual({ records: 2_900, texts: 1 });
  expect(readJourney(doc)).toEqual(map.journey);

  // Whoever removes some sees the ones behind them.
  map.removeStage(map.journey.stages[0]?.id ?? ('' as never));
  expect(map.journey.stages).toHaveLength(LIMITS.stages);
  expect(map.leftOut.records).toBe(2_899);
  expect(readJourney(doc)).toEqual(map.journey);
});

const ids = ({ objects }: Journey) => objects.map(({ id }) => id).join();

test('D14 the same piece by piece, where the order is taken over from before', () => {
  const doc = new Y.Doc();
  fill(doc, 'objects', LIMITS.objects - 1, (index) => [
    ['kind', 'stamp'],
    ['emoji', '👍'],
    ['x', index],
    ['y', 0]
  ]);
  const map = new JourneyDocument(doc);
  const stamp = (id: string, rank: string) =>
    doc.getMap('objects').set(
      id,
      new Y.Map<unknown>([
        ['kind', 'stamp'],
        ['emoji', '👍'],
        ['x', 0],
        ['y', 0],
        ['rank', rank]
      ])
    );
  for (const [id, rank] of [
    ['front', 'a1'],
    ['more', 'a2'],
    ['back', 'Zz']
  ] as const) {
    stamp(id, rank);
    expect(ids(map.journey)).toEqual(ids(readJourney(doc)));
  }
  expect(map.leftOut).toEqual({ records: 2, texts: 0 });
  for (const id of ['front', 'r7', 'back']) {
    doc.getMap('objects').delete(id);
    expect(ids(map.journey)).toEqual(ids(readJourney(doc)));
  }
  expect(map.leftOut).toEqual({ records: 0, texts: 0 });
}, 30_000);
