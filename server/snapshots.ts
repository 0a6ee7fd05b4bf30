import type { SnapshotOf } from './rooms/types.ts';
import type { SnapshotReply } from './rooms/snapshot-worker.ts';
import type { LoadedDocument } from './storage/ports.ts';
import { Thread } from './thread.ts';

/** Takes snapshots of large maps off the event loop, one after the other. */
export interface Snapshots {
  readonly of: SnapshotOf;
  close(): Promise<void>;
}

const LONGEST_MS = 60_000;

/** The thread is started with the first snapshot. */
export function createSnapshots(): Snapshots {
  let thread: Thread<LoadedDocument, SnapshotReply> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const take = async (stored: LoadedDocument): Promise<Uint8Array> => {
    const asked = (thread ??= new Thread<LoadedDocument, SnapshotReply>('snapshot'));
    const reply = await asked.ask(stored, LONGEST_MS);
    if (reply === null) {
      thread = undefined;
      await asked.end();
      throw new Error('the thread gave no answer');
    }
    if ('problem' in reply) throw new Error(reply.problem);
    return reply.bytes;
  };
  return {
    of: (stored) => {
      const snapshot = turn.then(() => take(stored));
      turn = snapshot.catch(() => undefined);
      return snapshot;
    },
    close: async () => thread?.end()
  };
}
