import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { journeyOf } from '#lib/journey/file-convert.ts';
import type { ObjectId } from '#lib/journey/ids.ts';
import type { MapObject } from '#lib/journey/objects.ts';
import { presetFile } from '#lib/journey/presets.ts';
import { JourneyDocument } from './journey-document.ts';
import type { NewObject } from './object-commands.ts';
import { readJourney } from './read.ts';
import { snapshotOf } from './write.ts';

const opened = (snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })))) => {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, snapshot);
  return new JourneyDocument(doc);
};

const sync = (a: JourneyDocument, b: JourneyDocument) => {
  Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc)), 'remote');
  Y.applyUpdate(a.doc, Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc)), 'remote');
};

const pair = () => {
  const snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })));
  return [opened(snapshot), opened(snapshot)] as const;
};

const sticky = (text = '', x = 0): NewObject => ({
  kind: 'sticky',
  x,
  y: 0,
  width: 160,
  height: 160,
  text,
  color: 'yellow',
  locked: false,
  group: null
});

const add = (map: JourneyDocument, object = sticky()): ObjectId => {
  const [id] = map.objects.add([object]);
  if (id === undefined) throw new Error('It does not fit');
  return id;
};

const get = (map: JourneyDocument, id: ObjectId): MapObject | undefined =>
  map.journey.objects.find((object) => object.id === id);

const moved = (map: JourneyDocument, id: ObjectId, x: number): void => {
  const before = get(map, id);
  if (before?.kind === 'sticky') map.objects.change([{ before, after: { ...before, x } }]);
};

type Edit = readonly [kind: number, a: number, b: number];
const edits = fc.array(fc.tuple(fc.nat(6), fc.nat(9), fc.nat(9)), { maxLength: 25 });

function apply(map: JourneyDocument, [kind, a, b]: Edit): void {
  const { objects } = map.journey;
  const one = objects[a % Math.max(1, objects.length)];
  if (kind <= 1) add(map, sticky(`note ${a}`, b));
  if (kind === 2 && one) moved(map, one.id, b * 10);
  if (kind === 3 && one) map.objects.change([{ before: one, after: { ...one, color: 'blue' } }]);
  if (kind === 4 && one) map.objects.reorder(new Set([one.id]), b);
  if (kind === 5 && one) map.objects.remove([one.id]);
  if (kind === 6 && one) map.typing(() => map.objects.text(one.id)?.insert(0, 'x'));
}

describe('free objects in a document', () => {
  test('D1 objects read piece by piece equal those read at once', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const map = opened();
        for (const edit of list) {
          apply(map, edit);
          expect(map.journey).toEqual(readJourney(map.doc));
        }
      }),
      { numRuns: 80 }
    );
  });

  test('D2 two people who change objects apart see the same after syncing', () => {
    fc.assert(
      fc.property(edits, edits, (left, right) => {
        const [a, b] = pair();
        add(a, sticky('both'));
        sync(a, b);
        left.forEach((edit) => apply(a, edit));
        right.forEach((edit) => apply(b, edit));
        sync(a, b);
        expect(a.journey.objects).toEqual(b.journey.objects);
      }),
      { numRuns: 80 }
    );
  });

  test('D3 undoing all own steps on objects and redoing them leaves the map as it was, while another person adds and writes', () => {
    fc.assert(
      fc.property(edits, edits, (own, foreign) => {
        const [a, b] = pair();
        own.forEach((edit) => apply(a, edit));
        foreign.forEach((edit) => apply(b, edit));
        sync(a, b);
        const before = a.journey.objects;
        let steps = 0;
        for (; a.canUndo && steps < 200; steps += 1) a.undo();
        for (; a.canRedo && steps > 0; steps -= 1) a.redo();
        expect(a.journey.objects).toEqual(before);
      }),
      { numRuns: 80 }
    );
  });

  test('rule 39, D11: whatever a raw client writes, objects are left out or brought within bounds, and the rest stays readable', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            'kind',
            'x',
            'y',
            'width',
            'height',
            'from',
            'to',
            'points',
            'text',
            'emoji',
            'hash',
            'natural',
            'color',
            'rank',
            'group',
            'thickness'
          ),
          fc.oneof(
            fc.constantFrom(
              'sticky',
              'connector',
              'pen',
              'image',
              'stamp',
              'frame',
              'line',
              '<img src=x onerror=alert(1)>',
              'javascript:alert(1)'
            ),
            fc.double(),
            fc.jsonValue()
          )
        ),
        (fields) => {
          const map = opened();
          const honest = add(map, sticky('honest'));
          map.doc.transact(() => {
            const record = new Y.Map<unknown>();
            for (const [key, value] of Object.entries(fields)) record.set(key, value);
            map.doc.getMap('objects').set('hostile', record);
            map.doc.getMap('objects').set('not/an id', new Y.Map());
            map.doc.getMap('objects').set('text', 'text');
          }, 'raw');
          expect(get(map, honest)).toMatchObject({ text: 'honest' });
          expect(map.journey.objects.length).toBeLessThanOrEqual(2);
          for (const object of map.journey.objects)
            if ('x' in object) {
              expect(Math.abs(object.x)).toBeLessThanOrEqual(1e6);
              expect(Math.abs(object.y)).toBeLessThanOrEqual(1e6);
            }
        }
      ),
      { numRuns: 200 }
    );
  });

  test('D12 undoing the creation of a note that somebody else has written in keeps the note and their words', () => {
    const [a, b] = pair();
    const own = add(a);
    a.typing(() => a.objects.text(own)?.insert(0, 'mine'));
    sync(a, b);
    b.typing(() => b.objects.text(own)?.insert(4, ' and theirs'));
    sync(a, b);
    for (let steps = 0; a.canUndo && steps < 9; steps += 1) a.undo();
    expect(get(a, own)).toMatchObject({ kind: 'sticky', width: 160 });
    expect((get(a, own) as { text: string }).text).toContain('theirs');
    sync(a, b);
    expect(b.journey.objects).toEqual(a.journey.objects);
  });

  test('D12 the same holds for a card', () => {
    const [a, b] = pair();
    const [stage, lane] = [a.journey.stages[0]?.id, a.journey.lanes[0]?.id];
    if (stage === undefined || lane === undefined) throw new Error('the preset is empty');
    const card = a.addCard({ stage, lane, text: '' });
    sync(a, b);
    b.typing(() => b.cardText(card)?.insert(0, 'theirs'));
    sync(a, b);
    a.undo();
    expect(a.journey.cards).toMatchObject([{ id: card, text: 'theirs', stage, lane }]);
  });

  test('D12 a creation that nobody else touched is taken back whole', () => {
    const [a, b] = pair();
    const own = add(a, sticky('mine'));
    sync(a, b);
    a.undo();
    expect(get(a, own)).toBeUndefined();
    a.redo();
    expect(get(a, own)).toMatchObject({ text: 'mine' });
  });

  test('D13 a change writes only what differs from where it began: what somebody else set meanwhile stays', () => {
    const [a, b] = pair();
    const id = add(a);
    sync(a, b);
    const before = get(a, id);
    if (before?.kind !== 'sticky') throw new Error('no note');
    b.objects.change([{ before, after: { ...before, color: 'blue' } }]);
    sync(a, b);
    a.objects.change([{ before, after: { ...before, x: 50 } }]);
    expect(get(a, id)).toMatchObject({ x: 50, color: 'blue' });
  });
});
