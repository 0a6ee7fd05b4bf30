import * as Y from 'yjs';
import { canEdit } from '#lib/protocol/roles.ts';
import { saveState, type SaveState } from '#lib/protocol/save-state.ts';
import { noLedger } from '../../src/lib/collab/offline.ts';
import { SaveTracker } from '../../src/lib/collab/save-tracker.ts';
import type { Peer } from './peer.ts';
import type { Random } from './random.ts';

/** What an edit leaves behind: a card that stays, a card that is gone for ever, a word that stands once in a text. */
type Trace =
  | { readonly kind: 'there' | 'gone'; readonly card: string }
  | { readonly kind: 'word'; readonly word: string };

/** A text is left alone and another one begun when it is as long as this. */
const LETTERS = 4_000;
const PREY = 'prey-';
const WORD = /<[\w-]+>/g;

const cardsOf = (doc: Y.Doc) => doc.getMap<Y.Map<unknown>>('cards');

/**
 * One person over many connections: every edit they made, which of those they were promised, what they were shown of
 * others, and what the client's own indicator said. Names must not contain "-".
 */
export class Ledger {
  readonly name: string;
  readonly doc: Y.Doc;
  peer: Peer | null = null;
  /** What went wrong as it happened: the indicator said "saved" about an edit that nobody had promised. */
  readonly lies: string[] = [];
  readonly #edits: (Trace | null)[] = [];
  #promised = 0;
  #tracker = new SaveTracker(noLedger);
  /** Frame number on this connection -> how many edits are promised once it is acknowledged. */
  #covers: number[] = [];
  #text = '';

  constructor(name: string, doc = new Y.Doc()) {
    this.name = name;
    this.doc = doc;
    this.#tracker.copyRead();
    // Before the peer's own listener, as in the client: an edit counts as made before it counts as sent.
    doc.on('update', (_update, _origin, _doc, { local }: Y.Transaction) => {
      if (local) this.#tracker.edited();
    });
  }

  /** Edits made so far. */
  get sent(): number {
    return this.#edits.length;
  }

  /** Edits that the server has promised to keep. */
  get acked(): number {
    return this.#promised;
  }

  get deletions(): number {
    return this.#edits.filter((trace) => trace?.kind === 'gone').length;
  }

  /** What the client would show. */
  get indicator(): SaveState {
    const { peer } = this;
    return saveState({
      connected: peer?.carry !== null && peer !== null,
      synced: peer?.synced ?? false,
      counted: this.#tracker.counted,
      acked: this.#tracker.acked,
      answered: this.#tracker.answered,
      changes: this.#tracker.changes,
      unread: 0,
      failing: peer?.notices.at(-1) === 'saving-stopped',
      readOnly: peer?.hello ? !canEdit(peer.hello.role) : false,
      rejected: (peer?.rejected ?? 0) > 0,
      closed: null
    });
  }

  get saved(): boolean {
    return this.indicator.kind === 'saved';
  }

  /** A new connection carries this person's document; call it before anything has left on it. */
  attach(peer: Peer): void {
    if (peer.doc !== this.doc) throw new Error('a ledger goes with its own document');
    if (this.peer) this.peer.onChange = () => undefined;
    this.peer = peer;
    this.#covers = [];
    this.#tracker.connecting();
    let counted = 0;
    peer.onSent = (frame) => this.#tracker.sent(frame);
    peer.onAck = (count) => this.#tracker.acknowledged(count);
    peer.onChange = () => {
      // Every frame that left since the last look holds everything done until now.
      while (counted < peer.sent) this.#covers[counted++] = peer.answered ? this.#edits.length : 0;
      if (peer.acked > 0) this.#promised = Math.max(this.#promised, this.#covers[peer.acked - 1] ?? 0);
      if (this.saved && this.#promised < this.#edits.length)
        this.lies.push(
          `${this.name} saw "saved" with ${this.#edits.length - this.#promised} edits unpromised`
        );
      this.onChange();
    };
  }

  /** Called when anything has changed, after the ledger has been written. */
  onChange: () => void = () => undefined;

  /** Adds a card that stays, one for others to delete, or a word; or deletes such a card of somebody else. */
  edit(random: Random): void {
    this.#edits.push(this.#make(random.below(4), `${this.name}-${this.#edits.length}`));
    this.peer?.onChange();
  }

  #make(turn: number, own: string): Trace | null {
    const cards = cardsOf(this.doc);
    if (turn === 0) {
      cards.set(own, new Y.Map());
      return { kind: 'there', card: own };
    }
    if (turn === 1) {
      cards.set(PREY + own, new Y.Map());
      return null;
    }
    if (turn === 2) {
      const mine = `${PREY}${this.name}-`;
      const prey = [...cards.keys()].find((key) => key.startsWith(PREY) && !key.startsWith(mine));
      if (prey !== undefined) {
        cards.delete(prey);
        return { kind: 'gone', card: prey };
      }
    }
    const word = `<${own}>`;
    const text = cards.get(this.#text)?.get('text');
    if (text instanceof Y.Text && text.length < LETTERS) text.insert(text.length, word);
    else {
      this.#text = `text-${own}`;
      cards.set(this.#text, new Y.Map<unknown>([['text', new Y.Text(word)]]));
    }
    return { kind: 'word', word };
  }

  /** The traces of the first `count` edits. */
  traces(count: number): Trace[] {
    return this.#edits.slice(0, count).flatMap((trace) => trace ?? []);
  }

  /** What this person has been shown of others: cards that nobody deletes, and words. */
  seen(): Trace[] {
    const mine = new RegExp(`^(text-)?${this.name}-`);
    const found: Trace[] = [];
    for (const [card, record] of cardsOf(this.doc)) {
      if (card.startsWith(PREY) || mine.test(card)) continue;
      const text = record.get('text');
      if (text instanceof Y.Text)
        for (const [word] of text.toJSON().matchAll(WORD)) found.push({ kind: 'word', word });
      else found.push({ kind: 'there', card });
    }
    return found;
  }
}

/** How often each word stands in a document. */
export const wordsOf = (doc: Y.Doc): Map<string, number> => {
  const words = new Map<string, number>();
  for (const record of cardsOf(doc).values()) {
    const text = record.get('text');
    if (!(text instanceof Y.Text)) continue;
    for (const [word] of text.toJSON().matchAll(WORD)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
};

/** True when a document shows an edit, given how often each word stands in it. */
export const shows = (doc: Y.Doc, words: ReadonlyMap<string, number>, trace: Trace): boolean => {
  switch (trace.kind) {
    case 'there':
      return cardsOf(doc).has(trace.card);
    case 'gone':
      return !cardsOf(doc).has(trace.card);
    case 'word':
      return words.has(trace.word);
  }
};

export const nameOf = (trace: Trace): string =>
  trace.kind === 'word' ? trace.word : `${trace.kind} ${trace.card}`;
