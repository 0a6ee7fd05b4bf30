import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import { fileOf, journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile } from '#lib/journey/file.ts';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { presetFile } from '#lib/journey/presets.ts';
import { JourneyDocument } from './journey-document.ts';
import type { YRecord } from './layout.ts';
import { readJourney } from './read.ts';
import { snapshotOf } from './write.ts';

const snapshot = snapshotOf(journeyOf(presetFile('s0-four', { currency: 'EUR' })));
const opened = (update = snapshot) => {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, update);
  return new JourneyDocument(doc);
};

/** Two people on one map with one card. */
const two = () => {
  const a = opened();
  const card = a.addCard({
    lane: a.journey.lanes[0]?.id as LaneId,
    stage: a.journey.stages[0]?.id as StageId,
    text: 'I look around'
  });
  const b = opened(Y.encodeStateAsUpdateV2(a.doc));
  const sync = () => {
    Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc), 'remote');
    Y.applyUpdate(a.doc, Y.encodeStateAsUpdate(b.doc), 'remote');
  };
  return { a, b, card, sync };
};
const facetsOf = (map: JourneyDocument, card: CardId) =>
  map.journey.cards.find(({ id }) => id === card)?.facets ?? BARE_FACETS;

/** What the security tests of every field try. */
const XSS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '__proto__',
  'constructor'
];

describe('facets in the document', () => {
  test('F3 tags and links that two people add at once are both kept', () => {
    const { a, b, card, sync } = two();
    a.facets.addTag([card], 'Onboarding');
    a.facets.addLink(card, { url: 'https://example.org/a', title: 'A' });
    b.facets.addTag([card], 'price');
    b.facets.addLink(card, { url: 'https://example.org/b' });
    sync();
    expect(facetsOf(a, card).tags).toEqual(['Onboarding', 'price']);
    expect(
      facetsOf(a, card)
        .links.map(({ url }) => url)
        .sort()
    ).toEqual(['https://example.org/a', 'https://example.org/b']);
    expect(facetsOf(b, card)).toEqual(facetsOf(a, card));
  });

  test('F3 of two colours that are set at once, both people see the same one', () => {
    const { a, b, card, sync } = two();
    a.facets.set([card], 'color', 'red');
    b.facets.set([card], 'color', 'blue');
    sync();
    expect(['red', 'blue']).toContain(facetsOf(a, card).color);
    expect(facetsOf(b, card).color).toBe(facetsOf(a, card).color);
  });

  test('F4 each change on many cards is one undo step', () => {
    const { a, card } = two();
    const other = a.addCard({
      lane: a.journey.lanes[1]?.id as LaneId,
      stage: a.journey.stages[1]?.id as StageId
    });
    const ids = [card, other, 'gone' as CardId];
    a.facets.set(ids, 'sentiment', { kind: 'delight', severity: 3 });
    expect(a.facets.addTag(ids, 'new')).toEqual([card, other]);
    a.facets.set(ids, 'owner', 'Growth');
    a.facets.removeTag(ids, 'NEW');
    for (const id of [card, other])
      expect(facetsOf(a, id)).toMatchObject({
        sentiment: { kind: 'delight', severity: 3 },
        tags: [],
        owner: 'Growth'
      });
    a.undo();
    for (const id of [card, other]) expect(facetsOf(a, id).tags).toEqual(['new']);
    a.undo();
    for (const id of [card, other]) expect(facetsOf(a, id).owner).toBe('');
    a.undo();
    a.undo();
    for (const id of [card, other]) expect(facetsOf(a, id)).toBe(BARE_FACETS);
  });

  test('F1 F2 a card takes 20 tags and 20 links and no address that may not be opened', () => {
    const { a, card } = two();
    for (let index = 0; index < 25; index += 1) {
      a.facets.addTag([card], `t${index}`);
      a.facets.addLink(card, { url: `https://example.org/${index}` });
    }
    const { tags, links } = facetsOf(a, card);
    expect([tags.length, links.length]).toEqual([LIMITS.cardTags, LIMITS.cardLinks]);
    expect(links.map(({ url }) => url)).toEqual(links.map((_, index) => `https://example.org/${index}`));
    a.facets.removeLink(card, links[0]?.id ?? ('' as never));
    expect(a.facets.addLink(card, { url: 'javascript:alert(1)' })).toBeNull();
    const second = links[1]?.id ?? ('' as never);
    expect(a.facets.setLink(card, second, { url: 'data:text/html,x' })).toBe(false);
    expect(a.facets.setLink(card, second, { title: 'Report' })).toBe(true);
    expect(facetsOf(a, card).links[0]).toMatchObject({ url: 'https://example.org/1', title: 'Report' });
  });

  test('F5 what a raw client writes into facets is left out or read as its default', () => {
    const { a, card } = two();
    a.doc.transact(() => {
      const raw = a.doc.getMap<YRecord>('cards').get(card) as YRecord;
      for (const field of ['color', 'channel', 'medium', 'ownership', 'phase', 'confidence', 'sentiment'])
        raw.set(field, { toString: 'red' });
      raw.set('owner', 'x'.repeat(5_000));
      raw.set('tag:a', 'b');
      raw.set('tag:', '');
      raw.set('tag:deep', new Y.Map());
      raw.set('link:script', { url: 'javascript:alert(1)', title: 'x', rank: 'a0' });
      raw.set('link:not an id', { url: 'https://example.org', title: 'x', rank: 'a0' });
      raw.set('link:number', 7);
      raw.set('link:fine', { url: 'https://example.org', title: { x: 1 }, rank: null });
      for (let index = 0; index < 500; index += 1) raw.set(`tag:t${index}`, `t${index}`);
      raw.set('something', 'else');
    }, 'raw');
    expect(facetsOf(a, card)).toMatchObject({
      ...BARE_FACETS,
      owner: 'x'.repeat(LIMITS.name),
      tags: expect.any(Array) as string[],
      links: [{ id: 'fine', url: 'https://example.org', title: '' }]
    });
    expect(facetsOf(a, card).tags).toHaveLength(LIMITS.cardTags);
    expect(a.journey).toEqual(readJourney(a.doc));
  });

  test('J1 F5 hostile words in every field stay words, in the file and back', () => {
    const { a, card } = two();
    for (const words of XSS) {
      a.facets.addTag([card], words);
      a.facets.set([card], 'owner', words);
      a.facets.addLink(card, { url: 'https://example.org', title: words });
    }
    a.facets.set([card], 'channel', 'web');
    const file = fileOf(a.journey);
    const parsed = parseMapFile(JSON.parse(JSON.stringify(file)));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(fileOf(journeyOf(parsed.file))).toEqual(file);
    expect(parsed.file.cards.find(({ id }) => id === card)?.tags).toHaveLength(XSS.length);
    const again = opened(snapshotOf(journeyOf(parsed.file)));
    expect(facetsOf(again, card).tags).toEqual(facetsOf(a, card).tags);
  });

  test('F6 a copy of a card has its facets', () => {
    const { a, card } = two();
    a.facets.addTag([card], 'new');
    a.facets.addLink(card, { url: 'https://example.org' });
    a.facets.set([card], 'phase', 'purchase');
    const [original] = a.journey.cards.filter(({ id }) => id === card);
    if (original === undefined) throw new Error('the card is gone');
    const copy = a.addCard(original);
    expect(facetsOf(a, copy)).toEqual(original.facets);
    expect(facetsOf(a, copy)).toMatchObject({ tags: ['new'], phase: 'purchase' });
  });
});
