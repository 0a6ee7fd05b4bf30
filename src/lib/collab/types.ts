import type * as Y from 'yjs';
import type { Presence, PresenceFields, PresencePoint, PresenceUser } from '#lib/protocol/presence.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { SaveState } from '#lib/protocol/save-state.ts';

export interface ConnectOptions {
  readonly mapId: string;
  readonly doc: Y.Doc;
  /** Where the server is, without the path: `wss://example.org`. */
  readonly url: string;
  /** Who opened the page; the offline copy belongs to this person, and so does the Yjs client id. */
  readonly user: { readonly id: string };
  /** Where the offline copy lives. Default IndexedDB and localStorage; null: none. */
  readonly offline?: OfflineStore | null;
  /** For tests and programs outside a browser. */
  readonly WebSocket?: typeof globalThis.WebSocket;
  readonly random?: () => number;
}

/** The device's own copy of a map. */
export interface OfflineStore {
  /**
   * Reads the copy into `doc` and keeps it up to date from then on. True when there was one; rejects when it cannot be
   * read.
   */
  open(doc: Y.Doc): Promise<boolean>;
  /** Edits in the copy that no acknowledgement covered when they were made, by this page or an earlier one. */
  readonly pending: PendingLedger;
  /** Deletes the copy and stops keeping it. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

export interface PendingLedger {
  /** What earlier page loads left behind. */
  carried(): number;
  /** This page has so many edits of its own that are not acknowledged. */
  set(changes: number): void;
  /** Everything carried over has reached the server. */
  settle(): void;
  /** The history that the copy belongs to; null before the first connection. */
  epoch(): number | null;
  setEpoch(epoch: number): void;
}

/** Somebody else on the map. */
export interface Peer extends Presence {
  /** Yjs client id of their tab. */
  readonly clientId: number;
}

export interface MapConnectionEvents {
  /** Any of the connection's properties has changed. */
  change: () => void;
  /** Something outside the document has changed, for example `comments`. */
  poke: (topic: string) => void;
}

export interface MapConnection {
  readonly save: SaveState;
  /** The server's content is here (on this connection). */
  readonly synced: boolean;
  /** The offline copy had content. False together with `synced: false` means "not loaded yet". */
  readonly hasLocalCopy: boolean;
  /** True once there is something true to draw: a local copy, or the server's content, now or before a disconnect. */
  readonly loaded: boolean;
  /** Null until the server has said so. */
  readonly role: Role | null;
  /** This person as the server shows them to others; null until the server has said so. */
  readonly me: PresenceUser | null;
  /** The server could read only a part of the map: what is here is its last good state. */
  readonly damaged: boolean;
  /** Everybody else, by client id. A new map object whenever it changes. */
  readonly others: ReadonlyMap<number, Peer>;
  /** Resolves when the offline copy has been read: draw nothing before. Never rejects. */
  readonly ready: Promise<void>;
  on<E extends keyof MapConnectionEvents>(event: E, listener: MapConnectionEvents[E]): () => void;
  /** At most about 20 a second reach the wire; the last one always does. Null: the pointer has left. */
  setCursor(point: PresencePoint | null): void;
  setSelection(ids: PresenceFields['selection']): void;
  setEditing(id: string | null): void;
  /** What others see of this person besides; see `PresenceFields`. */
  setPresence(
    fields: Partial<Pick<PresenceFields, 'drag' | 'laser' | 'chat' | 'view' | 'following' | 'call'>>
  ): void;
  /** The Yjs client id of this tab, by which others name it. */
  readonly clientId: number;
  /** Tries again at once, also after a final close (for example after logging in). */
  reconnect(): void;
  /** Throws the offline copy away and stops. Edits that were not acknowledged are lost. */
  discardLocalCopy(): Promise<void>;
  /** Leaves the map; the offline copy stays. */
  destroy(): void;
}
