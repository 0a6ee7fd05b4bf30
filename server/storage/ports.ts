import type { MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { StoredType } from '#lib/protocol/pictures.ts';
import type { UserId } from '../db/ids.ts';
import type { LinkRow } from '../db/links.ts';
import type { Put } from '../db/pictures.ts';

export type { Put, UserId };

/** One Yjs update with who sent it. */
interface Update {
  readonly userId: UserId | null; // null: the server itself
  /**
   * The first Yjs client id in the update. Only to show who did what: an update that does nothing but delete names
   * the writer of what it deletes. Whose an id is stands in {@link LoadedDocument.writers}.
   */
  readonly clientId: number;
  readonly bytes: Uint8Array; // Yjs update, v1
}

/** One Yjs client id on one map and the account that writes under it, for ever. */
export interface Writer {
  readonly clientId: number;
  readonly userId: UserId | null; // null: the server itself
}

/**
 * Whose the content of one Yjs client id is from this clock on, up to the next stamp. When the stamp is stored is when
 * the content came.
 */
export interface Stamp {
  readonly clientId: number;
  readonly clock: number;
  readonly userId: UserId | null; // null: the server itself
}

/** One Yjs update as it was accepted, before it has a number. */
export interface PendingUpdate extends Update {
  /** Client ids that write on this map for the first time. */
  readonly newWriters?: readonly Writer[];
  /** What becomes known with it of who wrote when; not with every update. */
  readonly newStamps?: readonly Stamp[];
}

export interface LoggedUpdate extends Update {
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
  readonly writers: readonly Writer[]; // everybody who ever wrote, in no order
  /** What the log holds and could not be read, in one clause for the operator; unset when all of it is sound. */
  readonly damage?: string;
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
   * nothing was stored for it. The updates' new writers and stamps are stored with them; an id that has a writer keeps
   * them.
   */
  append(batch: ReadonlyMap<MapId, readonly PendingUpdate[]>): Promise<ReadonlyMap<MapId, number>>;
  /**
   * Newest snapshot and everything after it; null when there is no such map. Where the newest snapshot is bad and the one
   * before with its updates gives the same, it answers those, and names the damage. Throws {@link CorruptDocument}.
   */
  load(mapId: MapId): Promise<LoadedDocument | null>;
  /**
   * What can still be read of a map that {@link load} throws on: the newest sound snapshot, and the updates after it up
   * to the first that is missing or bad. To look at, never to go on from. Null when there is no such map. Throws
   * {@link CorruptDocument} when no snapshot is sound.
   */
  salvage(mapId: MapId): Promise<LoadedDocument | null>;
  /**
   * Everything after update `after`: as updates alone where the log still reaches back that far, else as in
   * {@link DocumentLog.load}. Null when there is no such map, or it is in the trash. Throws {@link CorruptDocument}.
   */
  since(mapId: MapId, after: number): Promise<LoadedDocument | null>;
  /** The newest number of each of these maps; those that are unknown or in the trash are left out. */
  heads(mapIds: readonly MapId[]): Promise<ReadonlyMap<MapId, number>>;
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
  /** Everybody on the map, first comer first, at most {@link PEOPLE_LISTED}. A guest without a name yet has ''. */
  readonly people: readonly { readonly id: UserId; readonly name: string; readonly guest: boolean }[];
}

/** How many people of one map a {@link MapSummary} names at most. */
export const PEOPLE_LISTED = 24;

export type ShareLink = LinkRow;

/** What a link asks of those who come by it. */
export interface LinkTerms {
  readonly expiresAt?: Date | null;
  readonly passwordHash?: string | null;
  readonly usesLimit?: number | null; // how many people may come by it
}

/** What a fresh map starts from. */
export interface NewMap {
  readonly id: MapId;
  readonly title: string;
  readonly createdBy: UserId;
  readonly snapshot: Uint8Array; // Y.encodeStateAsUpdateV2 of the map's first content
}

export interface MapPage {
  readonly maps: readonly MapSummary[];
  readonly next: string | null; // cursor of the page after this one
}

/** What somebody may do on a map, and whether the map is in the trash. */
export interface Standing {
  readonly role: Role;
  readonly trashed: boolean;
  readonly until: Date | null; // when the right ends by itself
}

/** Somebody sent a page cursor that no list of ours gave out. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

/**
 * Maps as rows: titles for lists, membership, share links, trash. The content is the {@link DocumentLog}'s. `by` is who
 * the audit names; without, it is the operator.
 */
export interface MapStore {
  /** Map, its creator's ownership and its first content (snapshot at number 0), in one transaction. */
  create(map: NewMap): Promise<void>;
  /** The map as this person sees it in a list, in the trash or not; null for strangers and unknown maps. */
  summary(mapId: MapId, userId: UserId): Promise<MapSummary | null>;
  /**
   * This person's maps, newest edit first. With `trashed` it lists the trash instead: only maps they own, since
   * nobody else can restore them. `limit` is 1 to 100. Throws {@link BadCursor}.
   */
  list(
    userId: UserId,
    page: { readonly trashed: boolean; readonly cursor?: string; readonly limit: number }
  ): Promise<MapPage>;
  /** Keeps the document's title where lists can read it. Not an edit: `editedAt` stays. */
  setTitle(mapId: MapId, title: string): Promise<void>;
  /** True when the map is in the trash now and was not before. */
  trash(mapId: MapId, by?: UserId | null): Promise<boolean>;
  /** True when the map was in the trash and is not any more. */
  restore(mapId: MapId, by?: UserId | null): Promise<boolean>;
  /** Null for strangers, unknown maps, and people who came by a link that was revoked since. */
  roleOf(mapId: MapId, userId: UserId): Promise<Standing | null>;
  /**
   * Makes somebody a member, by a share link (whose role it must be) or without one (`linkId` null). Never lowers
   * a role that still holds, and lets nobody in by a link who was removed. Answers the role they have now; null when the
   * link is over, of another map or of another role, or the map is unknown or in the trash.
   */
  join(mapId: MapId, userId: UserId, linkId: string | null, role: Role): Promise<Role | null>;
  /** The token is in this answer and nowhere else. Null when the map is unknown or in the trash. */
  createLink(link: {
    readonly mapId: MapId;
    readonly role: ShareLink['role'];
    readonly createdBy: UserId;
    readonly terms?: LinkTerms;
  }): Promise<{ readonly link: ShareLink; readonly token: string } | null>;
  /** Gives a link a new token, in its place; null when it has ended or is of another map. */
  rotateLink(mapId: MapId, linkId: string, by: UserId): Promise<string | null>;
  /** The links of a map that were not ended, oldest first. */
  links(mapId: MapId): Promise<readonly ShareLink[]>;
  /** Ends a link and every right that came by it. True when it worked until now. */
  revokeLink(mapId: MapId, linkId: string, by?: UserId | null): Promise<boolean>;
  /** The link a token opens; null when it is unknown, over, or its map is in the trash or private. */
  findLink(token: string): Promise<(ShareLink & { readonly passwordHash: string | null }) | null>;
  /** Which link a token was of, whatever has become of it. */
  findDeadLink(token: string): Promise<{ readonly id: string; readonly mapId: MapId } | null>;
}

/** Why a version was kept: a new map's first content, a person's wish, time gone by, or a restore. */
export const VERSION_KINDS = ['created', 'named', 'automatic', 'restored'] as const;
export type VersionKind = (typeof VERSION_KINDS)[number];

/** Somebody a version names. An account that is gone has no name any more. */
export interface VersionPerson {
  readonly id: UserId;
  readonly name: string | null;
}

/** A state of a map that was kept, without its content. */
export interface Version {
  readonly id: string;
  readonly kind: VersionKind;
  readonly name: string | null; // only what people named has one
  readonly reason: string | null;
  readonly by: VersionPerson | null; // null: the server
  readonly restoredId: string | null; // the version that was restored; may have been thinned out since
  /** Who edited between the version before and this one, in no order. */
  readonly people: readonly VersionPerson[];
  /** CLV of the baseline when the version was kept; null when the map could not be valued. */
  readonly clv: number | null;
  readonly at: Date;
}

/** What a version is made from. */
export interface NewVersion {
  readonly mapId: MapId;
  readonly kind: VersionKind;
  readonly name: string | null;
  readonly reason: string | null;
  readonly userId: UserId | null;
  readonly restoredId: string | null;
  readonly seq: number; // the state contains every update up to and including this number
  readonly clv: number | null;
  readonly bytes: Uint8Array; // Y.encodeStateAsUpdateV2
  readonly stateVector: Uint8Array;
  /** The Yjs client ids that have written since an older state vector of this map; null: since ever. */
  readonly writersSince: (before: Uint8Array | null) => ReadonlySet<number>;
}

export interface VersionPage {
  readonly versions: readonly Version[]; // newest first
  readonly next: string | null;
}

/** As many versions of one map may have a name of their own. */
export const VERSIONS_NAMED = 200;

/** A map's history as states that were kept. They are complete: none needs the log or another one. */
export interface VersionStore {
  /**
   * Keeps a state, and thins out older automatic ones (see `outlived`). Answers null when nothing was stored: the map
   * is unknown or in the trash, or the version is an automatic one and the newest version is younger than `sinceMs`
   * or has seen the same updates. `full` when {@link VERSIONS_NAMED} have a name already.
   */
  add(version: NewVersion, sinceMs: number): Promise<Version | 'full' | null>;
  /** `limit` is 1 to 100. Throws {@link BadCursor}. */
  list(mapId: MapId, page: { readonly cursor?: string; readonly limit: number }): Promise<VersionPage>;
  /** Null when this map has no such version. */
  get(mapId: MapId, id: string): Promise<Version | null>;
  /** The state. Null when this map has no such version. Throws {@link CorruptDocument}. */
  bytes(mapId: MapId, id: string): Promise<Uint8Array | null>;
  /** Names a version, which then is kept for good. Answers what {@link VersionStore.add} answers. */
  rename(mapId: MapId, id: string, name: string, reason: string | null): Promise<Version | 'full' | null>;
}

/** A picture before it has a name. */
export interface NewPicture {
  readonly type: StoredType;
  readonly width: number; // pixels
  readonly height: number;
  readonly bytes: Uint8Array;
}

/**
 * Pictures, by the SHA-256 of their bytes. Each is stored once; a map may show what is linked to it, and nothing else. A
 * picture that no map may show any more is deleted.
 */
export interface PictureStore {
  /** Whose budget has no room left at all, before a body is read. */
  full(mapId: MapId, userId: UserId): Promise<'map-full' | 'account-full' | null>;
  /** Stores a picture and lets the map show it. Nothing is stored unless `put` is `done`. */
  add(
    mapId: MapId,
    userId: UserId,
    picture: NewPicture
  ): Promise<{ readonly put: Put; readonly hash: string }>;
  /** Lets a map show pictures that are stored already; those that are not are passed over. */
  share(mapId: MapId, userId: UserId, hashes: readonly string[], placed: boolean): Promise<Put>;
  has(mapId: MapId, hash: string): Promise<boolean>;
  /** Null when the map may not show it. */
  get(mapId: MapId, hash: string): Promise<{ readonly type: StoredType; readonly bytes: Uint8Array } | null>;
  /** Maps of this person that show any of these; what they may do there is still to be asked. */
  holders(
    userId: UserId,
    hashes: readonly string[]
  ): Promise<readonly { readonly hash: string; readonly mapId: MapId }[]>;
  /** Notes that pictures are on the map's board: they stay from then on, for its history and for undo. */
  place(mapId: MapId, hashes: readonly string[]): Promise<void>;
  /** Deletes what was added before `before` and never placed, and every picture that no map shows. */
  sweep(before: Date): Promise<void>;
}
