import * as Y from 'yjs';
import { same } from '#lib/journey/same.ts';
import { rootsOf } from './layout.ts';

/** A stored state cannot be read: not the bytes of a whole document. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';
}

/** The state of a document, to be kept: `Y.encodeStateAsUpdateV2` and its state vector. */
export const stateOf = (doc: Y.Doc): { readonly bytes: Uint8Array; readonly stateVector: Uint8Array } => ({
  bytes: Y.encodeStateAsUpdateV2(doc),
  stateVector: Y.encodeStateVector(doc)
});

/** A document of its own with a kept state. Destroy it after use. Throws {@link UnreadableState}. */
export function documentOf(bytes: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  try {
    Y.applyUpdateV2(doc, bytes);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
      throw new UnreadableState('the state is not a whole document');
    return doc;
  } catch (cause) {
    doc.destroy();
    throw cause instanceof UnreadableState
      ? cause
      : new UnreadableState('the state cannot be read', { cause });
  }
}

/** The Yjs client ids that have written since `before`, a state vector of the same document; null: since ever. */
export function writersBetween(before: Uint8Array | null, now: Uint8Array): ReadonlySet<number> {
  const known = before === null ? new Map<number, number>() : Y.decodeStateVector(before);
  const grown = [...Y.decodeStateVector(now)].filter(([id, clock]) => clock > (known.get(id) ?? 0));
  return new Set(grown.map(([id]) => id));
}

/**
 * Edits a document until it says what another one says, record by record and field by field, in one transaction on its
 * own history: what is alike is not touched, what people type together stays the same shared text. Content is compared
 * as Yjs holds it, so a kind of record that this program does not know comes along as well.
 */
export function restoreContents(doc: Y.Doc, wanted: Y.Doc): void {
  const [own, other] = [rootsOf(doc), rootsOf(wanted)];
  doc.transact(() => {
    for (const name of Object.keys(own) as (keyof typeof own)[])
      alignMap(own[name] as Y.Map<unknown>, other[name] as Y.Map<unknown>);
  });
}

/** Bytes that {@link restoreContents} would send, tried on a copy. */
export function restoreSize(doc: Y.Doc, wanted: Y.Doc): number {
  const copy = documentOf(Y.encodeStateAsUpdateV2(doc));
  try {
    const before = Y.encodeStateVector(copy);
    restoreContents(copy, wanted);
    return Y.encodeStateAsUpdate(copy, before).length;
  } finally {
    copy.destroy();
  }
}

function alignMap(own: Y.Map<unknown>, wanted: Y.Map<unknown>): void {
  for (const key of [...own.keys()]) if (!wanted.has(key)) own.delete(key);
  for (const [key, value] of wanted.entries()) {
    const mine = own.get(key);
    if (mine instanceof Y.Map && value instanceof Y.Map) alignMap(mine, value);
    else if (mine instanceof Y.Text && value instanceof Y.Text) alignText(mine, value);
    else if (!own.has(key) || !alike(mine, value)) own.set(key, copyOf(value));
  }
}

const alike = (mine: unknown, value: unknown): boolean =>
  mine instanceof Y.Array && value instanceof Y.Array
    ? same(mine.toJSON(), value.toJSON())
    : !(mine instanceof Y.AbstractType) && !(value instanceof Y.AbstractType) && same(mine, value);

const copyOf = (value: unknown): unknown => (value instanceof Y.AbstractType ? value.clone() : value);

/** Replaces only the stretch in which two texts differ, so that a cursor before or behind it stays. */
function alignText(own: Y.Text, wanted: Y.Text): void {
  const [mine, other] = [own.toDelta() as Delta, wanted.toDelta() as Delta];
  if (same(mine, other)) return;
  if (isFormatted(mine) || isFormatted(other)) {
    own.delete(0, own.length);
    own.applyDelta(other);
    return;
  }
  setWords(own, wanted.toJSON());
}

/** Replaces only the stretch of a text without marks in which it differs from `to`. */
export function setWords(own: Y.Text, to: string): void {
  const from = own.toJSON();
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  // Half a character outside the basic plane cannot be stored.
  if (start > 0 && isHigh(from, start - 1)) start--;
  if (end > 0 && isHigh(from, from.length - end - 1)) end--;
  own.delete(start, from.length - start - end);
  own.insert(start, to.slice(start, to.length - end));
}

const isHigh = (text: string, index: number): boolean => /[\ud800-\udbff]/.test(text.charAt(index));

/** A text as Quill writes it: stretches of words, each with its marks. */
type Delta = { readonly insert?: unknown; readonly attributes?: unknown }[];

const isFormatted = (delta: Delta): boolean =>
  delta.some(({ insert, attributes }) => typeof insert !== 'string' || attributes !== undefined);
