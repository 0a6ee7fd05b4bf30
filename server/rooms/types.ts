import type * as Y from 'yjs';
import type { MapId } from '#lib/journey/ids.ts';
import type { Poke } from '#lib/protocol/frames.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { Bus } from '../bus/bus.ts';
import type { DocumentLog, LoadedDocument, UserId } from '../storage/ports.ts';
import type { Clock } from './clock.ts';
import type { DocumentShapes } from './places.ts';

/** Who is at the other end of a socket, as the server knows it. */
export interface Identity {
  readonly userId: UserId;
  readonly name: string;
  readonly guest: boolean;
  readonly role: Role;
}

/** One connected client, whatever carries its frames. The rooms never throw because of what a wire does. */
export interface Wire {
  /** True when the client asked for frames 120 to 125. */
  readonly extended: boolean;
  /** The same bytes may go to many wires; nobody changes them. */
  send(frame: Uint8Array): void;
  /** Two frames, one right behind the other. */
  sendBoth(frame: Uint8Array, after: Uint8Array): void;
  close(code: number, reason: string): void;
  /** Stops and restarts reading from the client, when the log cannot keep up. */
  pause?(): void;
  resume?(): void;
  /** Bytes that are sent and have not left yet. */
  readonly buffered?: number;
  /** The client read too slowly and was cut off. */
  readonly cut?: boolean;
}

/** One connection's place in a room. */
export interface Session {
  /** A frame has arrived. Frames that arrive before the room has loaded wait, in order. */
  receive(frame: Uint8Array): void;
  /** The connection is gone. May be called more than once. */
  leave(): void;
}

/** Asks again what somebody may do now: null means nothing any more; a throw means that nobody knows at present. */
export type Revalidate = () => Promise<Role | null>;

/** Makes a snapshot of what the log has, elsewhere than on the event loop. Rejects when it does not read back as it was. */
export type SnapshotOf = (stored: LoadedDocument) => Promise<Uint8Array>;

export interface RoomsOptions {
  readonly log: DocumentLog;
  /** What a map's document may hold; an update that brings anything else, or too much of it, is refused. */
  readonly shapes: DocumentShapes;
  readonly bus: Bus;
  /** Other nodes write to the same log, whether the bus reaches them or not. Default false. */
  readonly shared?: boolean;
  /** With `shared`: how often the log is asked for what the bus did not tell. Default 2,500. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly logger?: RoomsLogger;
  /** For large maps; without it, all snapshots are taken on the event loop. */
  readonly snapshotOf?: SnapshotOf;
  /**
   * Called after a commit that changed the map, at most once per `editedMs` and map, and once more before the room
   * unloads. `doc` may be read before the first await, never changed, and not kept.
   */
  readonly onEdited?: (mapId: MapId, doc: Y.Doc, moment: EditedMoment) => void | Promise<void>;
  /** Default 1,000. */
  readonly editedMs?: number;
  /** How long a room without connections stays in memory. Default 60,000. */
  readonly idleMs?: number;
  /** Group commit window. Default 20. */
  readonly commitMs?: number;
  /** Rights of open connections are asked again this often. Default 60,000. */
  readonly recheckMs?: number;
  /** How long a load may take, and {@link Rooms.read} and {@link Rooms.edit} wait for a commit. Default 10,000. */
  readonly patienceMs?: number;
}

/** When {@link RoomsOptions.onEdited} was called. */
export interface EditedMoment {
  /** The document contains every update up to and including this number. */
  readonly seq: number;
  /** Resolves when all of the document is in the log: false when some of it never will be. */
  committed(): Promise<boolean>;
  /** Nobody is on the map any more, and its room is about to unload. */
  readonly leaving: boolean;
}

/** Takes a pino logger. */
export interface RoomsLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The map's document cannot be read or written at present: the log fails, or the map's rows are corrupt. */
export class RoomUnavailable extends Error {
  override readonly name = 'RoomUnavailable';
}

export interface RoomsStats {
  readonly rooms: number;
  readonly sessions: number;
  /** Open rooms whose map could be read only in part. */
  readonly damaged: number;
  /** Bytes of the documents that are in memory, as the log has them; in memory they take about twenty times that. */
  readonly loadedBytes: number;
  /** Updates in the log of those maps that no snapshot holds yet. */
  readonly logRows: number;
  /** Bytes accepted and not yet committed, and the rooms that wait for that. */
  readonly queuedBytes: number;
  readonly queuedRooms: number;
  readonly failing: boolean;
  /** How often updates of other nodes had to be read from the log. */
  readonly repairs: number;
  /** The log is not reached; everybody has been sent to another node. */
  readonly cutOff: boolean;
}

/** Every open map of this process. */
export interface Rooms {
  /**
   * Lets a client into a map's room. Loads the map when nobody is there yet. A map that does not exist closes the
   * wire with 4404, one that cannot be loaded with 4500; neither creates anything. A map
   * whose rows are damaged opens with what comes before the damage, for reading alone.
   */
  join(mapId: MapId, wire: Wire, identity: Identity, revalidate?: Revalidate): Session;
  /**
   * Reads the current document, which contains every update up to number `seq`; null when there is no such map. `look`
   * must not change or keep the document. Resolves when everything that `look` saw is committed. Throws
   * {@link RoomUnavailable}.
   */
  read<T>(mapId: MapId, look: (doc: Y.Doc, seq: number) => T): Promise<T | null>;
  /**
   * Changes the document in one transaction, attributed to `userId`. True when committed and on its way to every
   * connection, false when there is no such map. When `change` throws, nothing is kept and the error comes through.
   * Throws {@link RoomUnavailable} when the commit does not come in time; the change may still be stored later.
   */
  edit(mapId: MapId, userId: UserId | null, change: (doc: Y.Doc) => void): Promise<boolean>;
  /** Closes every connection of a map (default 4404, gone) and forgets the room, on every node. */
  evict(mapId: MapId, code?: number, reason?: string): void;
  /** Rights have changed: asks again for every connection of that map or that person, on every node. */
  recheck(scope: { readonly mapId: MapId } | { readonly userId: UserId }): void;
  /** Tells the open boards of a map that something outside the document has changed. */
  poke(mapId: MapId, poke: Poke): void;
  stats(): RoomsStats;
  /**
   * Commits, acknowledges, closes every connection with 1012, in waves over five seconds where there are many, takes
   * snapshots for twenty seconds at most, and lets go of every document. With `hurry` aborted, before or meanwhile, the
   * connections are closed at once and snapshots left to the next start.
   */
  close(hurry?: AbortSignal): Promise<void>;
}
