import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { readJourney } from '#lib/document/read.ts';
import { MAP_SHAPES, RECORDS, type Shape } from '#lib/document/shapes.ts';
import { writeJourney } from '#lib/document/write.ts';
import { isEvidenceUrl, typedUrl } from '#lib/journey/card-facets.ts';
import { linksInText, textHref } from '#lib/journey/card-text.ts';
import { fileOf, journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile } from '#lib/journey/file.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import type { Journey } from '#lib/journey/records.ts';
import { guardUpdate } from '../../server/rooms/guard.ts';
import { Places } from '../../server/rooms/places.ts';
import { BadUpdate } from '../../server/rooms/walk.ts';
import { BAD_ADDRESSES, CORPUS, hostileFile } from '../support/hostile.ts';

const OPENED = /^(https?|mailto):/i;
/** Every address that a page would open from a map. */
const addressesOf = ({ cards, unplaced }: Journey): string[] =>
  [...cards, ...unplaced].flatMap((card) => [
    ...card.facets.links.map(({ url }) => url),
    ...linksInText(card.text)
  ]);

test('the corpus is one', () => {
  expect(CORPUS.length).toBeGreaterThan(40);
  expect(BAD_ADDRESSES.length).toBeGreaterThan(5);
});

describe('addresses', () => {
  test.each(BAD_ADDRESSES)('%j is never one', (text) => {
    expect([isEvidenceUrl(text), textHref(text), linksInText(text)]).toEqual([false, null, []]);
    const typed = typedUrl(text);
    if (typed !== null) expect(new URL(typed).protocol).toBe('https:');
  });

  test('whatever stands in a text, only what a browser may open becomes a link', () => {
    for (const text of CORPUS)
      for (const around of [text, `see ${text} there`, `https://example.org/${text}`, `**${text}**`])
        for (const href of linksInText(around)) expect(href).toMatch(OPENED);
  });

  test.each(BAD_ADDRESSES)('%j as evidence is refused in a file, with its place', (url) => {
    const file = hostileFile();
    const [card, ...cards] = file.cards;
    const parsed = parseMapFile({ ...file, cards: [{ ...card, links: [{ url }] }, ...cards] });
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problems[0]).toMatchObject({ path: '/cards/0/links/0/url', code: 'E_URL' });
  });
});

const textsOf = (items: readonly { readonly id: string }[]): ReadonlyMap<string, string> =>
  new Map(items.map((item) => [item.id, 'text' in item ? String(item.text) : '']));

describe('words in every field', () => {
  test('of a file stay the words that they are, through the document and back', () => {
    const file = hostileFile();
    const parsed = parseMapFile(file);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems.slice(0, 3)));
    const doc = new Y.Doc();
    writeJourney(doc, journeyOf(parsed.file));
    const places = new Places(MAP_SHAPES);
    const rules = { places, maxStructs: 400_000, mayWriteAs: () => true };
    expect(guardUpdate(new Y.Doc(), Y.encodeStateAsUpdate(doc), rules).kind).toBe('fine');
    const read = readJourney(doc);
    expect(textsOf(read.cards)).toEqual(textsOf(file.cards));
    expect(textsOf(read.objects)).toEqual(textsOf(file.objects ?? []));
    // Cards stand in the order of their cells, which is not that of this file.
    const sorted = (map: typeof file) => ({
      ...map,
      cards: [...map.cards].sort((a, b) => (a.id < b.id ? -1 : 1))
    });
    expect(sorted(fileOf(read))).toEqual(sorted(parsed.file));
    for (const href of addressesOf(read)) expect(href).toMatch(OPENED);
  });

  test('by the commands stay the words that they are, one undo takes each back', () => {
    const document = JourneyDocument.blank();
    for (const text of CORPUS) {
      const stage = document.addStage({ name: 'Stage', index: 0 });
      const lane = document.addLane({ name: 'Lane', kind: 'actions', index: 0 });
      document.addCard({ lane, stage, text: text.slice(0, LIMITS.cardText) });
      expect(document.journey.cards.at(-1)?.text).toBe(text.slice(0, LIMITS.cardText));
      while (document.canUndo) document.undo();
      expect(document.journey.cards).toEqual([]);
    }
    document.destroy();
  });

  /** A value for a place of a document: the text in whatever the place takes. */
  const valueFor = (shape: Shape, text: string): unknown => {
    switch (shape.kind) {
      case 'text':
        return new Y.Text(text.slice(0, shape.letters));
      case 'value':
        return text.slice(0, Math.max(1, Math.floor(shape.bytes / 4) - 8));
      case 'entries':
      case 'record':
        return new Y.Map();
    }
  };

  /** A record with a text in these fields, as a client without our code sends it. */
  const written = (root: string, fields: readonly (readonly [string, Shape])[], text: string): Uint8Array => {
    const doc = new Y.Doc();
    doc.transact(() => {
      const record = new Y.Map<unknown>();
      doc.getMap(root).set('a', record);
      for (const [field, shape] of fields) record.set(field, valueFor(shape, text));
    });
    return Y.encodeStateAsUpdate(doc);
  };

  test.each(Object.entries(RECORDS))('by a raw Yjs client in every field of %s', (root, { fields }) => {
    const rules = { places: new Places(MAP_SHAPES), maxStructs: 400_000, mayWriteAs: () => true };
    const all = Object.entries<Shape>(fields);
    const chosen = all.filter(([, shape]) => 'is' in shape);
    const free = all.filter(([, shape]) => !('is' in shape));
    for (const text of CORPUS) {
      // A place that takes certain values alone takes none of these.
      for (const field of chosen)
        expect(() => guardUpdate(new Y.Doc(), written(root, [field], text), rules)).toThrow(BadUpdate);
      const update = written(root, free, text);
      const target = new Y.Doc();
      expect(guardUpdate(target, update, rules).kind).toBe('fine');
      Y.applyUpdate(target, update);
      const read = readJourney(target);
      for (const href of addressesOf(read)) expect(href).toMatch(OPENED);
      const again = parseMapFile(JSON.parse(JSON.stringify(fileOf(read))));
      expect(again.ok || again.problems.every(({ message }) => message.endsWith('.'))).toBe(true);
    }
  });

  test('as evidence by a raw Yjs client: no link opens anything but http and https', () => {
    for (const url of [
      ...CORPUS,
      'https://user:pass@example.org/',
      'https:evil',
      '//example.org',
      'ftp://x/'
    ]) {
      const doc = new Y.Doc();
      doc.transact(() => {
        const lane = new Y.Map<unknown>([
          ['name', 'L'],
          ['kind', 'actions'],
          ['rank', 'a0']
        ]);
        const stage = new Y.Map<unknown>([
          ['name', 'S'],
          ['rank', 'a0']
        ]);
        doc.getMap('lanes').set('l', lane);
        doc.getMap('stages').set('s', stage);
        const card = new Y.Map<unknown>([
          ['lane', 'l'],
          ['stage', 's'],
          ['rank', 'a0'],
          ['text', new Y.Text('x')]
        ]);
        doc.getMap('cards').set('c', card);
        card.set('link:k', { url, title: url.slice(0, 200), rank: 'a0' });
      });
      const [card] = readJourney(doc).cards;
      expect(card?.text).toBe('x');
      for (const link of card?.facets.links ?? []) expect(new URL(link.url).protocol).toMatch(/^https?:$/);
      expect(card?.facets.links.length).toBe(isEvidenceUrl(url) ? 1 : 0);
    }
  });
});
