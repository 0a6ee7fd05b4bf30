import * as Y from 'yjs';
import { SLACK, type Entries, type Shape } from '#lib/document/shapes.ts';
import type { Deletions } from './deletions.ts';
import { BadUpdate, valuesIn, type StructId, type WalkedItem } from './walk.ts';

/** An item of an update that the document does not have yet. */
export interface Placed {
  readonly client: number;
  readonly clock: number;
  readonly end: number;
  readonly item: WalkedItem;
  /** Null until it is found out. */
  spot: Spot | null;
  /** Its spot is being looked for. */
  asked: boolean;
}

/** What may stand at each root of a document. */
export type DocumentShapes = Readonly<Record<string, Shape>>;

/** The structs of one client in an update, in order; `items` are those that are new. */
export interface PlacedBlock {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Placed[];
}

/** The update would make the map larger than a map may be. The message is a sentence for whoever sent it. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

type Holder = Y.AbstractType<unknown> | Placed;

/** Where an item stands: in a holder of a shape, under a key. Null for the shape: below something that is deleted. */
interface Spot {
  readonly holder: Holder | null;
  readonly shape: Shape | null;
  readonly key: string | null;
  /** For messages. */
  readonly path: string;
}

const NOWHERE: Spot = { holder: null, shape: null, key: null, path: '' };

/**
 * Knows what may stand where in a document, by its shapes. Yjs itself takes anything anywhere: a text where a record
 * is read, a table in a table in a table, a million keys.
 */
export class Places {
  readonly #roots: DocumentShapes;
  /** What the document's own types turned out to be. */
  readonly #known = new WeakMap<Y.AbstractType<unknown>, { shape: Shape; path: string } | null>();

  constructor(roots: DocumentShapes) {
    this.#roots = roots;
  }

  /** Judges the new items of an update. Throws {@link BadUpdate} or {@link TooMuch}. */
  check(doc: Y.Doc, blocks: ReadonlyMap<number, PlacedBlock>, deletions: Deletions): void {
    const tally = new Tally(deletions);
    for (const { items } of blocks.values())
      for (const placed of items) {
        const spot = this.#spotOf(doc, blocks, placed);
        this.#checkOverlap(doc, placed, spot);
        if (spot.shape === null) continue;
        this.#checkRight(doc, blocks, placed, spot);
        if (placed.item.content === 'deleted') continue;
        judge(placed, spot, spot.shape);
        tally.add(placed, spot);
      }
    tally.check();
  }

  /** Follows what an item stands beside or in, until something is known; any order of the update's structs will do. */
  #spotOf(doc: Y.Doc, blocks: ReadonlyMap<number, PlacedBlock>, wanted: Placed): Spot {
    const waiting: Placed[] = [];
    let next: Placed | null = wanted;
    while (next?.spot === null) {
      if (next.asked) throw new BadUpdate('tangled structs');
      next.asked = true;
      waiting.push(next);
      next = newStruct(doc, blocks, next.item.anchor);
    }
    for (let placed = waiting.pop(); placed; placed = waiting.pop())
      placed.spot = this.#settle(doc, blocks, placed);
    return wanted.spot ?? NOWHERE;
  }

  #settle(doc: Y.Doc, blocks: ReadonlyMap<number, PlacedBlock>, { item }: Placed): Spot {
    if (item.place === 'root') {
      const shape = Object.hasOwn(this.#roots, item.root) ? this.#roots[item.root] : undefined;
      if (!shape) throw new BadUpdate(`a map has no "${item.root}"`);
      return {
        holder: doc.getMap(item.root) as Y.AbstractType<unknown>,
        shape,
        key: item.key,
        path: item.root
      };
    }
    if (!item.anchor) return NOWHERE;
    const fresh = newStruct(doc, blocks, item.anchor);
    if (!fresh)
      return this.#storedSpot(doc, item.anchor, item.place === 'beside' ? null : { under: item.key });
    const spot = fresh.spot ?? NOWHERE;
    if (item.place === 'beside' || spot.shape === null) return spot;
    if (fresh.item.content === 'deleted') return NOWHERE;
    return { holder: fresh, ...inside(spot), key: item.key };
  }

  /** The spot beside a struct of the document, or inside the type that it holds, under a key. */
  #storedSpot(doc: Y.Doc, id: StructId, inside: { readonly under: string | null } | null): Spot {
    // A struct of the update that was deleted in the meantime, without anything known of it.
    if (id.clock >= Y.getState(doc.store, id.client)) return NOWHERE;
    const stored: Y.GC | Y.Item = Y.getItem(doc.store, Y.createID(id.client, id.clock));
    if (!(stored instanceof Y.Item)) return NOWHERE;
    const holder = !inside
      ? (stored.parent as Y.AbstractType<unknown> | null)
      : stored.content instanceof Y.ContentType
        ? (stored.content.type as Y.AbstractType<unknown>)
        : null;
    if (!(holder instanceof Y.AbstractType)) return NOWHERE;
    const known = this.#shapeOf(doc, holder);
    if (!known) throw new BadUpdate('inside of what is no part of a map');
    return { holder, ...known, key: inside ? inside.under : stored.parentSub };
  }

  /** Of an item that is known in part, the rest is put behind that part: it has to be of the same place. */
  #checkOverlap(doc: Y.Doc, { client, clock }: Placed, spot: Spot): void {
    const known = Y.getState(doc.store, client);
    if (clock >= known) return;
    const before = this.#storedSpot(doc, { client, clock: known - 1 }, null);
    if (before.holder !== spot.holder || before.key !== spot.key)
      throw new BadUpdate('a struct that contradicts a known one');
  }

  /**
   * Both neighbours have to be in the same place. Yjs takes the one's parent and keeps the other's id; a document that
   * is read again later, when one of them is deleted, then comes out different from the one that was stored.
   */
  #checkRight(doc: Y.Doc, blocks: ReadonlyMap<number, PlacedBlock>, { item }: Placed, spot: Spot): void {
    const { anchor, rightOrigin } = item;
    if (!rightOrigin || rightOrigin === anchor) return;
    const fresh = newStruct(doc, blocks, rightOrigin);
    const right = fresh ? this.#spotOf(doc, blocks, fresh) : this.#storedSpot(doc, rightOrigin, null);
    if (right.shape !== null && (right.holder !== spot.holder || right.key !== spot.key))
      throw new BadUpdate('neighbours in different places');
  }

  /** The shape of a type that is in the document; null when nothing of the kind belongs there. */
  #shapeOf(doc: Y.Doc, type: Y.AbstractType<unknown>): { shape: Shape; path: string } | null {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    let found: { shape: Shape; path: string } | null = null;
    if (type._item === null) {
      for (const [name, root] of Object.entries(this.#roots))
        if (doc.share.get(name) === type) found = { shape: root, path: name };
    } else {
      const above = this.#shapeOf(doc, type._item.parent as Y.AbstractType<unknown>);
      const shape = above && childOf(above.shape, type._item.parentSub);
      if (above && shape) found = { shape, path: `${above.path}.${type._item.parentSub}` };
    }
    this.#known.set(type, found);
    return found;
  }
}

const inside = ({ shape, key, path }: Spot): { shape: Shape | null; path: string } => ({
  shape: shape && childOf(shape, key),
  path: `${path}.${key}`
});

/** What stands under a key; null when nothing may. */
function childOf(shape: Shape, key: string | null): Shape | null {
  if (key === null) return null;
  switch (shape.kind) {
    case 'record':
      if (Object.hasOwn(shape.fields, key)) return shape.fields[key] ?? null;
      return shape.more?.isKey(key) ? shape.more.of : null;
    case 'entries':
      return shape.isKey(key) ? shape.of : null;
    case 'value':
    case 'text':
      return null;
  }
}

/** Whether an item may stand where it does. */
function judge({ item, clock, end }: Placed, { key, path }: Spot, holder: Shape): void {
  const { content, bytes } = item;
  if (holder.kind === 'text') {
    if (key === null && (content === 'letters' || content === 'mark')) return;
    throw new BadUpdate(`${path}: no text`);
  }
  const shape = childOf(holder, key);
  if (!shape) throw new BadUpdate(`${path}: nothing stands under "${key ?? ''}"`);
  const expected = shape.kind === 'value' ? 'values' : shape.kind === 'text' ? 'text' : 'map';
  if (content !== expected) throw new BadUpdate(`${path}.${key}: ${content} and not ${expected}`);
  if (shape.kind === 'value' && bytes > shape.bytes * (end - clock))
    throw new TooMuch(`${path}: a value under "${key}" is too long`);
  if (shape.kind !== 'value' || shape.is === undefined || item.values === null) return;
  for (const value of valuesIn(item.values))
    if (!shape.is(value)) throw new BadUpdate(`${path}: no such value stands under "${key}"`);
}

/** The struct of the update at an id, when the document does not have it; null also for one that was deleted. */
function newStruct(doc: Y.Doc, blocks: ReadonlyMap<number, PlacedBlock>, id: StructId | null): Placed | null {
  if (!id || id.clock < Y.getState(doc.store, id.client)) return null;
  const items = blocks.get(id.client)?.items ?? [];
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const placed = items[middle];
    if (!placed) return null;
    if (id.clock < placed.clock) high = middle - 1;
    else if (id.clock >= placed.end) low = middle + 1;
    else return placed;
  }
  return null;
}

/** What an update adds to each holder. */
class Tally {
  readonly #deletions: Deletions;
  readonly #added = new Map<
    Holder,
    { readonly shape: Shape; readonly path: string; readonly items: Placed[] }
  >();

  constructor(deletions: Deletions) {
    this.#deletions = deletions;
  }

  add(placed: Placed, { holder, shape, key, path }: Spot): void {
    if (!holder || !shape || shape.kind === 'value') return;
    // A record's own fields are as many as they are.
    if (shape.kind === 'record' && (!shape.more || Object.hasOwn(shape.fields, key ?? ''))) return;
    const added = this.#added.get(holder);
    if (added) added.items.push(placed);
    else this.#added.set(holder, { shape, path, items: [placed] });
  }

  /** Looks closer only where a rough count is above the bounds. */
  check(): void {
    for (const [holder, { shape, path, items }] of this.#added) {
      const stored = holder instanceof Y.AbstractType ? holder : null;
      const entries = shape.kind === 'entries' ? shape : shape.kind === 'record' ? shape.more : null;
      if (entries) {
        const most = entries.max * SLACK.entries;
        const rough = (stored?._map.size ?? 0) + items.length;
        if (rough > most && this.#entries(stored, items, entries) > most)
          throw new TooMuch(`${path}: ${entries.max} at most`);
      } else if (shape.kind === 'text') {
        const most = shape.letters * SLACK.letters;
        const letters = items.reduce((sum, placed) => sum + lettersOf(placed), stored?._length ?? 0);
        if (letters > most && this.#letters(stored, items) > most)
          throw new TooMuch(`${path}: a text has ${shape.letters} letters at most`);
      }
    }
  }

  /** How many keys there are at most when the update is in. */
  #entries(stored: Y.AbstractType<unknown> | null, items: readonly Placed[], { isKey }: Entries): number {
    const keys = new Set<string>();
    for (const [key, { id, deleted }] of stored?._map ?? [])
      if (!deleted && isKey(key) && this.#deletions.left(id.client, id.clock, id.clock + 1) > 0)
        keys.add(key);
    for (const { client, clock, end, spot } of items)
      if (spot?.key !== null && spot?.key !== undefined && this.#deletions.left(client, clock, end) > 0)
        keys.add(spot.key);
    return keys.size;
  }

  #letters(stored: Y.AbstractType<unknown> | null, items: readonly Placed[]): number {
    let letters = 0;
    for (let item = stored?._start ?? null; item !== null; item = item.right)
      if (!item.deleted && item.countable)
        letters += this.#deletions.left(item.id.client, item.id.clock, item.id.clock + item.length);
    for (const placed of items)
      if (placed.item.content === 'letters')
        letters += this.#deletions.left(placed.client, placed.clock, placed.end);
    return letters;
  }
}

const lettersOf = ({ item, clock, end }: Placed): number => (item.content === 'letters' ? end - clock : 0);
