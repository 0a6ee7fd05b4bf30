import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { createRandom, firstSeed } from '../../tests/support/random.ts';
import { editAtRandom, TEST_ROOTS } from '../../tests/support/yjs-edits.ts';
import { guardUpdate } from './guard.ts';
import { walkUpdate } from './walk.ts';

const rules = { roots: new Set<string>(TEST_ROOTS), maxStructs: 20_000, mayWriteAs: () => true };

test('P30: the walk sees in random updates exactly what Yjs reads', () => {
  const random = createRandom(firstSeed());
  for (let round = 0; round < 200; round++) {
    const docs = [new Y.Doc(), new Y.Doc()];
    for (let edit = 0; edit < 30; edit++) {
      const doc = random.pick(docs);
      editAtRandom(doc, random);
      if (random.chance(0.3)) for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    }
    const bytes = Y.encodeStateAsUpdate(random.pick(docs));
    const expected = Y.decodeUpdate(bytes);
    const blocks: [number, number, number][] = [];
    const deletions: [number, number, number][] = [];
    let items = 0;
    let start = 0;
    walkUpdate(bytes, 20_000, {
      block: (_client, clock) => (start = clock),
      blockEnd: (client, end) => blocks.push([client, start, end]),
      skip: () => expect.unreachable(),
      root: (name) => expect(TEST_ROOTS).toContain(name),
      item: () => items++,
      deletes: (client, clock, length) => deletions.push([client, clock, length])
    });
    const meta = Y.parseUpdateMeta(bytes);
    expect(blocks.sort()).toEqual([...meta.from].map(([c, from]) => [c, from, meta.to.get(c)]).sort());
    expect(items, `seed ${random.seed}`).toBe(expected.structs.filter((s) => s instanceof Y.Item).length);
    expect(deletions.sort()).toEqual(
      [...expected.ds.clients]
        .flatMap(([c, ranges]) => ranges.map(({ clock, len }) => [c, clock, len]))
        .sort()
    );
  }
});

test('P36: an honest update passes in order, and is a gap out of order', () => {
  const source = new Y.Doc();
  const updates: Uint8Array[] = [];
  source.on('update', (update: Uint8Array) => updates.push(update));
  source.getMap('cards').set('a', new Y.Map([['text', new Y.Text('one')]]));
  (source.getMap('cards').get('a') as Y.Map<Y.Text>).get('text')?.insert(3, ' two');
  source.getMap('cards').delete('a');
  const [first, second, third] = updates as [Uint8Array, Uint8Array, Uint8Array];
  const target = new Y.Doc();
  expect(guardUpdate(target, second, rules)).toEqual({ kind: 'gap' });
  expect(guardUpdate(target, third, rules)).toEqual({ kind: 'gap' });
  for (const update of [first, second, third]) {
    expect(guardUpdate(target, update, rules)).toMatchObject({ kind: 'fine', clientId: source.clientID });
    Y.applyUpdate(target, update);
  }
  expect(guardUpdate(target, first, rules)).toMatchObject({ kind: 'fine', writers: [] });
});

test('P33: types may be nested eight deep, in one update or step by step, and no deeper', () => {
  const nest = (depth: number) => {
    const doc = new Y.Doc();
    let map: Y.Map<unknown> = doc.getMap('map');
    for (let level = 1; level <= depth; level++) {
      const inner = new Y.Map<unknown>();
      map.set('x', inner);
      map = inner;
    }
    return doc;
  };
  expect(guardUpdate(new Y.Doc(), Y.encodeStateAsUpdate(nest(8)), rules).kind).toBe('fine');
  expect(() => guardUpdate(new Y.Doc(), Y.encodeStateAsUpdate(nest(9)), rules)).toThrow('too deep');
  const doc = nest(8);
  const target = new Y.Doc();
  Y.applyUpdate(target, Y.encodeStateAsUpdate(doc));
  const before = Y.encodeStateVector(doc);
  let map: Y.Map<unknown> = doc.getMap('map');
  for (let level = 1; level <= 8; level++) map = map.get('x') as Y.Map<unknown>;
  map.set('x', new Y.Map());
  expect(() => guardUpdate(target, Y.encodeStateAsUpdate(doc, before), rules)).toThrow('too deep');
});
