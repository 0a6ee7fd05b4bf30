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
