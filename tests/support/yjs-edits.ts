import * as Y from 'yjs';
import type { Shape } from '#lib/document/shapes.ts';
import type { DocumentShapes } from '../../server/rooms/places.ts';
import type { Random } from './random.ts';

/** Makes one random edit on a document, in one transaction. */
export type Edit = (doc: Y.Doc, random: Random) => void;

const anything: Shape = { kind: 'value', bytes: 300_000 };
const anyKey = () => true;

/** A document with the kinds of things that a map has, and few rules. */
export const TEST_SHAPES: DocumentShapes = {
  map: { kind: 'entries', isKey: anyKey, max: 100_000, of: anything },
  cards: {
    kind: 'entries',
    isKey: anyKey,
    max: 1_000,
    of: { kind: 'record', fields: { rank: anything, text: { kind: 'text', letters: 10_000 } }, more: null }
  }
};

const card = (doc: Y.Doc, random: Random): Y.Map<unknown> | null => {
  const cards = doc.getMap<Y.Map<unknown>>('cards');
  const ids = [...cards.keys()];
  return ids.length > 0 ? (cards.get(random.pick(ids)) ?? null) : null;
};

const EDITS: readonly Edit[] = [
  (doc, random) => doc.getMap('map').set(`field${random.below(4)}`, random.below(100)),
  (doc, random) => doc.getMap('map').delete(`field${random.below(4)}`),
  (doc, random) => {
    const fresh = new Y.Map<unknown>([['rank', random.below(100)]]);
    fresh.set('text', new Y.Text('new'));
    doc.getMap('cards').set(`card${random.below(6)}`, fresh);
  },
  (doc, random) => doc.getMap('cards').delete(`card${random.below(6)}`),
  (doc, random) => card(doc, random)?.set('rank', [random.below(100), { lane: 'a', at: random.next() }]),
  (doc, random) => type(doc, random),
  (doc, random) => type(doc, random),
  (doc, random) => {
    const text = card(doc, random)?.get('text');
    if (!(text instanceof Y.Text) || text.length === 0) return;
    const at = random.below(text.length);
    text.delete(at, 1 + random.below(Math.min(3, text.length - at)));
  }
];

function type(doc: Y.Doc, random: Random): void {
  const text = card(doc, random)?.get('text');
  if (text instanceof Y.Text)
    text.insert(random.below(text.length + 1), random.pick(['a', 'bc', 'ü', '€1', '😀']));
}

/** Maps, cards and texts as a journey map has them, without its rules. */
export const editAtRandom: Edit = (doc, random) => doc.transact(() => random.pick(EDITS)(doc, random));
