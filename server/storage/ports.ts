import type { MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';

/** A person's id: account or guest. A v4 UUID. */
export type UserId = string & { readonly __user: unique symbol };

/** One Yjs update as it was accepted, before it has a number. */
export interface PendingUpdate {
  readonly userId: UserId | null; // null: the server itself
  readonly clientId: number; // first Yjs client id in the update; for attribution
  readonly bytes: Uint8Array; // Yjs update, v1
}

export interface LoggedUpdate extends PendingUpdate {
  readonly seq: number; // 1, 2, 3 ... without gaps within a map
  readonly at: Date;
}

export interface Snapshot {
  readonly seq: number; // the snapshot contains every update up to and including this number
  readonly bytes: Uint8Array; // Y.encodeStateAsUpdateV2
}

export interface LoadedDocument {
  readonly epoch: number;
  readonly head: number;
  readonly snapshot: Snapshot | null;
  readonly updates: readonly LoggedUpdate[]; // those after the snapshot, in order
}

/** A stored row that cannot be trusted: checksum wrong, bytes unreadable. The map it names must not be opened. */
export class CorruptDocument extends Error {
  override readonly name = 'CorruptDocument';
  readonly mapId: MapId;
  constructor(mapId: MapId, message: string) {
    super(message);
    this.mapId = mapId;
  }
}

/**
 * The durable log of every map's document. "Resolved" means committed: on disk with SQLite's `synchronous=FULL`,
 * committed on Postgres.
 */
export interface DocumentLog {
  /**
   * Appends updates of any number of maps in one transaction, numbering them per map without gaps.
   * Answers each map's new head; a map that no longer exists (or is in the trash) is missing from the answer and
   * nothing was stored for it.
   */
  append(batch: ReadonlyMap<MapId, readonly PendingUpdate[]>): Promise<ReadonlyMap<MapId, number>>;
  /** Newest snapshot and everything after it; null when there is no such map. Throws {@link CorruptDocument}. */
  load(mapId: MapId): Promise<LoadedDocument | null>;
  /**
   * Stores a snapshot and deletes the log up to the *previous* snapshot's number, in one transaction, so that two
   * generations always exist. Older snapshots than those two go.
   */
  compact(mapId: MapId, snapshot: Snapshot): Promise<void>;
}

export interface MapSummary {
  readonly id: MapId;
  readonly title: string;
  readonly role: Role; // of the person who asked
  readonly createdAt: Date;
  readonly editedAt: Date;
  readonly trashedAt: Date | null;
  readonly people: readonly { readonly id: UserId; readonly name: string; readonly guest: boolean }[];
}

export interface ShareLink {
  readonly id: string;
  readonly mapId: MapId;
  readonly role: 'editor' | 'viewer';
  readonly createdAt: Date;
}
