import { isFinal } from './close-codes.ts';

/**
 * What a person is told about their work. `changes` is how many edits exist only on this device.
 * PROTOCOL.md, rules P40 to P46.
 */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly changes: number }
  | { readonly kind: 'offline'; readonly changes: number }
  | { readonly kind: 'failing'; readonly changes: number }
  | { readonly kind: 'viewOnly' }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string };

/** Everything the save state depends on; nothing else may change it. */
export interface SaveFacts {
  readonly connected: boolean;
  /** The server's content has arrived on this connection. */
  readonly synced: boolean;
  /** Update frames (`0 1` and `0 2`) sent on this connection. */
  readonly counted: number;
  /** The last cumulative count acknowledged on this connection. */
  readonly acked: number;
  /** The server asked for our content on this connection and we answered (`0 1`). Readers are never asked. */
  readonly answered: boolean;
  /** Edits of this device that no acknowledgement covers, earlier page loads included. */
  readonly changes: number;
  /** The server said that it cannot write. */
  readonly failing: boolean;
  /** The role cannot edit, or an edit was refused and the local content is wrong. */
  readonly readOnly: boolean;
  /** The server closed for good. */
  readonly closed: { readonly code: number; readonly reason: string } | null;
}

/** P40: `saved` needs a live, synced connection on which everything that was sent is committed. */
export const saveState = (facts: SaveFacts): SaveState => {
  if (facts.closed && isFinal(facts.closed.code)) return { kind: 'closed', ...facts.closed };
  if (facts.readOnly) return { kind: 'viewOnly' };
  if (!facts.connected) return { kind: 'offline', changes: facts.changes };
  if (facts.failing) return { kind: 'failing', changes: facts.changes };
  const done = facts.synced && facts.answered && facts.counted === facts.acked && facts.changes === 0;
  return done ? { kind: 'saved' } : { kind: 'saving', changes: facts.changes };
};
