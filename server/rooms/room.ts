import type * as Y from 'yjs';
import type { MapId } from '#lib/journey/ids.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { writeHello, writeNotice, writeStateVector, type PresenceEntry } from '#lib/protocol/frames.ts';
import { canEdit, type Role } from '#lib/protocol/roles.ts';
import type { DocumentLog, PendingUpdate, UserId } from '../storage/ports.ts';
import { Audience } from './audience.ts';
import type { Clock } from './clock.ts';
import type { Committable, Committer, Entry } from './committer.ts';
import { Colors } from './colors.ts';
import { Compaction } from './compaction.ts';
import { DurableQueue } from './durable-queue.ts';
import { Follower, type News, type Stored } from './follower.ts';
import { Intake } from './intake.ts';
import { LiveDocument } from './live-document.ts';
import { loadMap, type Loaded } from './loading.ts';
import type { DocumentShapes } from './places.ts';
import { RoomPresence } from './room-presence.ts';
import type { Connection } from './session.ts';
import { RoomUnavailable, type RoomsOptions } from './types.ts';

/** The part of a room's surroundings that all rooms share. */
export interface RoomContext {
  readonly log: DocumentLog;
  readonly clock: Clock;
  readonly committer: Committer;
  readonly shapes: DocumentShapes;
  readonly logger: RoomsOptions['logger'];
  readonly snapshotOf: RoomsOptions['snapshotOf'];
  readonly onEdited: RoomsOptions['onEdited'];
  readonly editedMs: number;
  readonly idleMs: number;
  readonly patienceMs: number;
  /** Other nodes may write to the same log. */
  readonly shared: boolean;
  /** Tells the other nodes what is stored now. */
  readonly tell: (
    mapId: MapId,
    news: Omit<News, 'updates'> & { readonly updates: readonly Uint8Array[] }
  ) => void;
  /** Tells the other nodes who is here. */
  readonly tellPresence: (mapId: MapId, entries: readonly PresenceEntry[]) => void;
  /** A number that was missing had to be read from the log. */
  readonly onRepair: () => void;
  /** The map is in memory, and people may come in. */
  readonly onOpen: (room: Room) => void;
  /** The room is closed and has let go of everything. */
  readonly onClosed: (room: Room) => void;
}

type Phase = 'loading' | 'open' | 'draining' | 'closed';

/**
 * One map in memory: its document, the connections on it, and the edits on their way to the log. What a client sends
 * is guarded and applied by the {@link Intake}, queued, committed with everybody else's, and only then shown to the
 * {@link Audience} and acknowledged. The room itself is the life of all that:
 *
 *     loading -> open -> draining -> closed
 *        ^        |
 *        +--------+  the document in memory went wrong: read again from the log
 */
export class Room implements Committable {
  readonly mapId: MapId;
  /** How the load went. Never rejects. */
  loaded: Promise<Loaded['kind']>;
  readonly closed: Promise<void>;
  readonly #context: RoomContext;
  readonly #audience: Audience;
  readonly #document: LiveDocument;
  readonly #presence: RoomPresence;
  readonly #intake: Intake;
  readonly #compaction: Compaction;
  readonly #follower: Follower;
  readonly #queue = new DurableQueue();
  #markClosed: () => void = () => undefined;
  #phase: Phase = 'loading';
  #vanished = false;
  /** Only a part of the map could be read. It can be looked at. */
  #damaged = false;
  #saving = true;
  /** What connections were told when the room was shut. */
  #farewell: { readonly code: number; readonly reason: string } | null = null;
  #busy = 0;
  readonly #colors = new Colors();
  #cancelIdle: (() => void) | null = null;
  /** Something has been committed since the map was loaded. */
  #edited = false;
  #cancelEdited: (() => void) | null = null;

  constructor(mapId: MapId, context: RoomContext) {
    this.mapId = mapId;
    this.#context = context;
    this.closed = new Promise((resolve) => (this.#markClosed = resolve));
    this.#audience = new Audience(context.clock);
    this.#document = new LiveDocument(context.shapes, () => context.clock.now());
    this.#compaction = new Compaction(
      mapId,
      context,
      () => this.#document.bytes,
      ({ bytes }) => this.#document.compacted(bytes.length)
    );
    this.#presence = new RoomPresence({
      clock: context.clock,
      connections: this.#audience,
      mayBe: ({ identity }, clientId) => this.#document.mayWrite(identity.userId, clientId),
      tell: (entries) => context.tellPresence(mapId, entries)
    });
    this.#follower = new Follower({
      mapId,
      log: context.log,
      clock: context.clock,
      logger: context.logger,
      epoch: () => this.#document.epoch,
      integrate: (stored, from) => this.#integrate(stored, from),
      lost: (what) =>
        what === 'gone'
          ? this.shut(CLOSE.gone, 'the map is gone')
          : this.shut(CLOSE.resync, 'the map has another history now'),
      reload: () => this.#reload(),
      repaired: context.onRepair
    });
    this.#intake = new Intake({
      document: this.#document,
      presence: this.#presence,
      clock: context.clock,
      logger: context.logger,
      roleOf: (connection) => this.#roleOf(connection),
      send: (connection, frame) => this.#audience.send(connection, frame),
      drop: (connection, code, reason) => this.drop(connection, code, reason),
      whenSettled: (run) => this.#queue.whenSettled(run),
      isOpen: () => this.#phase === 'open',
      announce: (bytes) => context.committer.add(this, bytes),
      enqueue: (updates, from, count, bytes) => this.#enqueue(updates, from, count, bytes),
      reload: () => this.#reload()
    });
    this.loaded = this.#load();
  }

  get phase(): Phase {
    return this.#phase;
  }

  get damaged(): boolean {
    return this.#damaged && this.#phase === 'open';
  }

  /** Of its document, as the log has it. */
  get bytes(): number {
    return this.#document.bytes;
  }

  /** Updates in its log that no snapshot holds. */
  get logRows(): number {
    return this.#compaction.rows;
  }

  /** Everything that was accepted is in the log. */
  get settled(): boolean {
    return this.#queue.settled;
  }

  get connections(): Iterable<Connection> {
    return this.#audience;
  }

  // Loading and closing

  async #load(): Promise<Loaded['kind']> {
    const loaded = await loadMap(this.mapId, this.#document, this.#context);
    const { kind } = loaded;
    if (this.#phase !== 'loading') {
      this.#document.destroy();
      return kind;
    }
    switch (kind) {
      case 'open':
      case 'damaged':
        this.#compaction.loaded(loaded.stored);
        this.#follow(loaded.stored.head);
        this.#damaged = kind === 'damaged';
        this.#open();
        break;
      case 'unknown':
        this.shut(CLOSE.gone, 'no such map');
        break;
      case 'broken':
        this.shut(CLOSE.resync, 'the map cannot be loaded at present');
    }
    return kind;
  }

  /** Read anew: whoever was here already must not miss what other nodes have stored since. */
  #follow(head: number): void {
    const missed = head !== this.#follower.head;
    this.#follower.loaded(head);
    if (!missed) return;
    for (const connection of this.#audience)
      if (connection.listening) this.drop(connection, CLOSE.resync, 'start over');
  }

  #open(): void {
    this.#phase = 'open';
    this.#context.onOpen(this);
    for (const connection of this.#audience)
      // Who came in as an editor of the whole has to hear that it is not whole any more.
      if (this.#damaged && connection.welcomed) this.drop(connection, CLOSE.resync, 'the map is damaged');
      else this.#welcome(connection);
    this.#checkIdle();
  }

  /** Memory and log may differ: forget the one, read the other, and go on where the connections were. */
  #reload(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'loading';
    // What is not in the document yet waits for the other one, before what comes meanwhile.
    this.#intake.flush();
    this.loaded = new Promise((resolve) =>
      this.#queue.whenSettled(
        () => resolve(this.#load()),
        () => resolve('unknown')
      )
    );
  }

  /** Closes every connection and the room. What is queued still goes to the log. */
  shut(code: number, reason: string): void {
    if (this.#phase === 'open') this.#intake.flush();
    this.#farewell = { code, reason };
    for (const connection of this.#audience) this.drop(connection, code, reason);
    this.#finish();
  }

  #checkIdle(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = null;
    if (this.#phase !== 'open' || this.#audience.size > 0 || this.#busy > 0) return;
    this.#cancelIdle = this.#context.clock.after(this.#context.idleMs, () => {
      this.#intake.flush();
      if (this.#queue.settled) void this.drain();
      else this.#checkIdle();
    });
  }

  /** Lets go of a room that nobody uses: last word to the observer, snapshot, end. Everything must be committed. */
  async drain(): Promise<void> {
    if (this.#phase !== 'open') return this.closed;
    this.#intake.flush();
    this.#phase = 'draining';
    await this.#tellEdited(true);
    if (this.#queue.settled && !this.#damaged)
      await this.#compaction.beforeUnload(this.#document.doc, this.#follower.head);
    this.#finish();
  }

  #finish(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#cancelIdle?.();
    this.#cancelEdited?.();
    this.#presence.stop();
    this.#follower.stop();
    this.#intake.stop();
    this.#document.destroy();
    // The map must not be loaded again before everything that was accepted here is in the log.
    this.#queue.whenSettled(() => {
      this.#context.onClosed(this);
      this.#markClosed();
    });
  }

  // Connections

  /** Lets a connection in; what it has sent so far is waiting in it. False when the room is on its way out. */
  seat(connection: Connection): boolean {
    if (connection.closed) return true;
    if (this.#farewell) {
      connection.close(this.#farewell.code, this.#farewell.reason);
      return true;
    }
    if (this.#phase === 'draining' || this.#phase === 'closed') return false;
    this.#audience.add(connection);
    connection.color = this.#colors.take(connection.identity.userId);
    this.#cancelIdle?.();
    if (this.#phase === 'open') this.#welcome(connection);
    return true;
  }

  #welcome(connection: Connection): void {
    const role = this.#roleOf(connection);
    if (connection.wire.extended && !connection.welcomed) {
      const { userId: id, name, guest } = connection.identity;
      const user = { id, name, color: connection.color, guest };
      const damaged = this.#damaged && ({ damaged: true } as const);
      const hello = { role, epoch: this.#document.epoch, user, ...damaged };
      this.#audience.send(connection, writeHello(hello));
      if (!this.#saving) this.#audience.send(connection, writeNotice('saving-stopped'));
    }
    // Readers are not asked for what they have: they must not answer.
    if (canEdit(role) && !connection.welcomed)
      this.#audience.send(connection, writeStateVector(this.#document.stateVector()));
    connection.welcomed = true;
    for (const frame of connection.release()) this.receive(connection, frame);
  }

  /** What somebody may do here now: nobody edits a map that is damaged. */
  #roleOf({ identity }: Connection): Role {
    return this.#damaged ? 'viewer' : identity.role;
  }

  /** A frame has arrived. Never throws. */
  receive(connection: Connection, frame: Uint8Array): void {
    if (connection.closed) return;
    if (this.#phase === 'open') this.#intake.receive(connection, frame);
    else if (!connection.hold(frame))
      this.drop(connection, CLOSE.overloaded, 'too much before the map was open');
  }

  /** The connection is gone. */
  leave(connection: Connection): void {
    connection.closed = true;
    if (!this.#audience.delete(connection)) return;
    this.#colors.leave(connection.identity.userId);
    this.#presence.remove(connection);
    this.#checkIdle();
  }

  drop(connection: Connection, code: number, reason: string): void {
    connection.close(code, reason.slice(0, 100));
    this.leave(connection);
  }

  /** To every client that knows our own frames and has been introduced. */
  send(frame: Uint8Array): void {
    this.#audience.tell(frame);
  }

  /** To whoever has heard nothing since `since`. */
  keepAlive(since: number): void {
    this.#audience.keepAlive(since);
  }

  /** Stops or goes on reading from everybody. */
  pause(paused: boolean): void {
    this.#audience.pause(paused);
  }

  expirePresence(): void {
    this.#presence.expire();
  }

  // The log's side

  #enqueue(
    updates: readonly PendingUpdate[],
    from: Connection | null,
    count: number,
    announced: number
  ): void {
    if (updates.length === 0) this.#queue.push({ update: null, from, count, bytes: announced });
    for (const [index, update] of updates.entries())
      this.#queue.push({ update, from, count, bytes: index === 0 ? announced : 0 });
  }

  take(): Entry[] {
    // What there is no time for comes with the next commit.
    if (!this.#intake.work()) this.#context.committer.add(this, 0);
    return this.#queue.take();
  }

  untake(entries: Entry[]): void {
    this.#queue.untake(entries);
  }

  committed(entries: readonly Entry[], head: number | null): void {
    // Newcomers' answers first: they hold at least what they were waiting for, the rest follows as updates.
    this.#queue.committed(entries.length);
    this.#audience.publish(entries);
    if (head === null || this.#phase === 'closed') return;
    this.#edited = true;
    this.#cancelEdited ??= this.#context.clock.after(
      this.#context.editedMs,
      () => void this.#tellEdited(false)
    );
    this.#tell(entries, head);
    if (this.#phase === 'open')
      this.#compaction.committed(entries, this.#follower.head, this.#document.doc, this.#queue);
  }

  /** What this node has stored, up to number `head`, in the order of all nodes' numbers. */
  #tell(entries: readonly Entry[], head: number): void {
    const updates = entries.flatMap(({ update }) => update ?? []);
    const from = head - updates.length + 1;
    this.#follower.committed(from, head);
    if (!this.#context.shared) return;
    this.#context.tell(this.mapId, {
      epoch: this.#document.epoch,
      from,
      to: head,
      updates: updates.map(({ bytes }) => bytes),
      writers: updates.flatMap(({ newWriters = [] }) => newWriters)
    });
  }

  // Other nodes

  /** Another node has stored something on this map. */
  heard(news: News): void {
    if (this.#phase === 'open' && !this.#damaged) this.#follower.heard(news);
  }

  /** The log is known to end at `head`. */
  knows(head: number): void {
    if (this.#phase === 'open' && !this.#damaged) this.#follower.knows(head);
  }

  /** Another node tells who is there. */
  heardPresence(entries: readonly PresenceEntry[]): void {
    if (this.#phase === 'open') this.#presence.hear(entries);
  }

  /** Who is connected here, for other nodes. */
  get presence(): readonly PresenceEntry[] {
    return this.#presence.own();
  }

  #integrate(stored: Stored, from: 'log' | 'bus'): void {
    this.#audience.show(this.#document.integrate(stored, from));
  }

  vanished(entries: readonly Entry[]): void {
    this.#vanished = true;
    this.shut(CLOSE.gone, 'the map is gone');
    this.#queue.dropped(entries.length);
  }

  broken(error: unknown): void {
    this.#context.logger?.error({ err: error, mapId: this.mapId }, 'what was committed could not be shown');
    // Somebody may have missed an update, and would not show later ones that build on it.
    this.shut(CLOSE.resync, 'something went wrong here');
  }

  saving(works: boolean): void {
    this.#saving = works;
    this.send(writeNotice(works ? 'saving-again' : 'saving-stopped'));
  }

  async #tellEdited(leaving: boolean): Promise<void> {
    if (leaving ? !this.#edited : !this.#cancelEdited) return;
    this.#cancelEdited?.();
    this.#cancelEdited = null;
    try {
      if (this.#phase === 'closed') return;
      const committed = () =>
        new Promise<boolean>((resolve) =>
          this.#queue.whenSettled(
            () => resolve(true),
            () => resolve(false)
          )
        );
      const moment = { seq: this.#follower.head, committed, leaving };
      await this.#context.onEdited?.(this.mapId, this.#document.doc, moment);
    } catch (error) {
      this.#context.logger?.error({ err: error, mapId: this.mapId }, 'observer of edits failed');
    }
  }

  // The server's own reads and edits

  /**
   * Runs `work` on the open document and resolves when everything in it is committed; null when the map turns out to
   * be gone. With an author, `work` may change the document.
   */
  async use<T>(
    work: (doc: Y.Doc, seq: number) => T,
    author: { readonly userId: UserId | null } | null
  ): Promise<{ readonly value: T } | null> {
    this.#busy++;
    this.#cancelIdle?.();
    try {
      while (this.#phase === 'loading') await Promise.race([this.loaded, this.closed]);
      if (this.#vanished) return null;
      this.#intake.flush();
      // Somebody may have been told by another node that their edit is stored.
      if (this.#context.shared && !this.#damaged) await this.#follower.catchUp();
      if (this.#phase !== 'open') throw new RoomUnavailable('the map is not open');
      if (author && this.#damaged) throw new RoomUnavailable('the map is damaged and can only be read');
      const value = author ? this.#edit(work, author.userId) : work(this.#document.doc, this.#follower.head);
      await new Promise<void>((resolve) => this.#queue.whenSettled(resolve, resolve));
      return this.#vanished ? null : { value };
    } finally {
      this.#busy--;
      this.#checkIdle();
    }
  }

  #edit<T>(work: (doc: Y.Doc, seq: number) => T, userId: UserId | null): T {
    try {
      const { value, updates } = this.#document.edit((doc) => work(doc, this.#follower.head), userId);
      const bytes = updates.reduce((sum, { bytes: { length } }) => sum + length, 0);
      this.#context.committer.add(this, bytes);
      this.#enqueue(updates, null, 0, bytes);
      return value;
    } catch (error) {
      this.#reload();
      throw error;
    }
  }
}
