import { isFinal } from './close-codes.ts';

/**
 * What a person is told about their work. `changes` is how many edits exist only on this device.
 * PROTOCOL.md, rules P40 to P47.
 */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly changes: number }
  | { readonly kind: 'offline'; readonly changes: number }
  | { readonly kind: 'failing'; readonly changes: number }
  /** All else is saved; these were made earlier, and this device's copy of them cannot be read. */
  | { readonly kind: 'unread'; readonly changes: number }
  | { readonly kind: 'viewOnly' }
  /** What is edited is a copy, to be proposed; it never says so of a connection. */
  | { readonly kind: 'suggesting' }
  /** The server did not take these edits over and will not: what is shown here is not the map. */
  | { readonly kind: 'refused'; readonly changes: number }
  | {
      readonly kind: 'closed';
      readonly code: number;
      readonly reason: string;
      readonly changes: number;
    };

/** A code of the client's own: the browser has logged in as somebody else since the page was opened (P47). */
export const OTHER_ACCOUNT = 4402;

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
  /** Those of `changes` that are in a copy on this device which cannot be read. */
  readonly unread: number;
  /** The server said that it cannot write. */
  readonly failing: boolean;
  /** The role cannot edit. */
  readonly readOnly: boolean;
  /** An edit was refused: the local content is wrong. */
  readonly rejected: boolean;
  /** The server closed for good. */
  readonly closed: { readonly code: number; readonly reason: string } | null;
}

/** P40: `saved` needs a live, synced connection on which everything that was sent is committed. */
export const saveState = (facts: SaveFacts): SaveState => {
  const { changes } = facts;
  if (facts.rejected) return { kind: 'refused', changes };
  if (facts.closed && isFinal(facts.closed.code)) return { kind: 'closed', ...facts.closed, changes };
  if (facts.readOnly) return changes > 0 ? { kind: 'refused', changes } : { kind: 'viewOnly' };
  if (!facts.connected) return { kind: 'offline', changes };
  if (facts.failing) return { kind: 'failing', changes };
  const done = facts.synced && facts.answered && facts.counted === facts.acked && changes === facts.unread;
  if (!done) return { kind: 'saving', changes };
  return changes === 0 ? { kind: 'saved' } : { kind: 'unread', changes };
};

/** False where an edit could never reach the server: whatever is typed would be lost. */
export const takesEdits = ({ kind }: SaveState): boolean =>
  kind !== 'closed' && kind !== 'refused' && kind !== 'viewOnly';
