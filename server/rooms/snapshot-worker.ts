/** Takes snapshots of large maps in a thread of its own: encoding one and reading it back takes longer than a loop may. */
import { parentPort } from 'node:worker_threads';
import type { LoadedDocument } from '../storage/ports.ts';
import { buildDocument, takeSnapshot } from './contents.ts';

/** What the log has, as a snapshot that reads back as it was; or why there is none. */
export type SnapshotReply = { readonly bytes: Uint8Array } | { readonly problem: string };

parentPort?.on('message', (stored: LoadedDocument) => parentPort?.postMessage(reply(stored)));

function reply(stored: LoadedDocument): SnapshotReply {
  try {
    const doc = buildDocument(stored);
    return { bytes: takeSnapshot(doc, stored.head).bytes };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'unknown' };
  }
}
