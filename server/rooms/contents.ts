import * as Y from 'yjs';
import type { LoadedDocument, Snapshot } from '../storage/ports.ts';

/** A document that was read or written does not hold what it has to. */
export class BrokenContents extends Error {
  override readonly name = 'BrokenContents';
}

/**
 * Builds the document of a stored map. Everything is applied in one transaction: one by one, or merged first, a long
 * log takes up to two hundred times as long. Throws {@link BrokenContents} when something is missing.
 */
export const buildDocument = (stored: LoadedDocument): Y.Doc => {
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      if (stored.snapshot) Y.applyUpdateV2(doc, stored.snapshot.bytes);
      for (const { bytes } of stored.updates) Y.applyUpdate(doc, bytes);
    });
    if (isIncomplete(doc)) throw new BrokenContents('the stored updates have a gap');
    return doc;
  } catch (error) {
    doc.destroy();
    throw error;
  }
};

/**
 * Builds what can be built of a map that {@link buildDocument} throws on: update by update, up to the first that Yjs
 * cannot take. Slow on a long log, and never throws.
 */
export const salvageDocument = (stored: LoadedDocument): Y.Doc => {
  let doc = new Y.Doc();
  const take = (apply: (doc: Y.Doc) => void): boolean => {
    const before = Y.encodeStateAsUpdateV2(doc);
    try {
      apply(doc);
      if (!isIncomplete(doc)) return true;
    } catch {
      // What it did before it failed is forgotten below.
    }
    doc.destroy();
    doc = new Y.Doc();
    Y.applyUpdateV2(doc, before);
    return false;
  };
  const { snapshot, updates } = stored;
  if (snapshot && !take((whole) => Y.applyUpdateV2(whole, snapshot.bytes))) return doc;
  // All at once when that works: one by one, each with its copy, only where it does not.
  const all = () =>
    take((whole) => whole.transact(() => updates.forEach(({ bytes }) => Y.applyUpdate(whole, bytes))));
  if (!all()) updates.every(({ bytes }) => take((whole) => Y.applyUpdate(whole, bytes)));
  return doc;
};

/** True while updates wait for others that never came. */
export const isIncomplete = (doc: Y.Doc): boolean =>
  doc.store.pendingStructs !== null || doc.store.pendingDs !== null;

/**
 * Encodes a snapshot and proves that it can be read back: same structs, same deletions, nothing missing. Throws
 * {@link BrokenContents}; such a snapshot must not be stored.
 */
export const takeSnapshot = (doc: Y.Doc, seq: number): Snapshot => {
  const bytes = Y.encodeStateAsUpdateV2(doc);
  const copy = new Y.Doc();
  try {
    Y.applyUpdateV2(copy, bytes);
    if (isIncomplete(copy) || !Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(copy)))
      throw new BrokenContents('the snapshot does not read back as it was');
    return { seq, bytes };
  } finally {
    copy.destroy();
  }
};
