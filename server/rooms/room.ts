import * as Y from 'yjs';
import type { MapId } from '#lib/journey/ids.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import {
  BadFrame,
  KEEP_ALIVE,
  readClientFrame,
  STOCK_KEEP_ALIVE,
  writeAck,
  writeAnswer,
  writeDenied,
  writeHello,
  writeNotice,
  writeRejected,
  writeStateVector,
  writeUpdate
} from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { maySend } from '#lib/protocol/permissions.ts';
import { canEdit } from '#lib/protocol/roles.ts';
import type { DocumentLog, PendingUpdate, UserId } from '../storage/ports.ts';
import { AnswerCache } from './answers.ts';
import type { Clock } from './clock.ts';
import type { Committable, Committer, Entry } from './committer.ts';
import { Compaction } from './compaction.ts';
import { buildDocument, isIncomplete } from './contents.ts';
import { DurableQueue } from './durable-queue.ts';
import { guardUpdate } from './guard.ts';
import { RoomPresence } from './room-presence.ts';
import type { Connection } from './session.ts';
import { RoomUnavailable, type RoomsOptions } from './types.ts';
import { BadUpdate } from './walk.ts';
import { Writers } from './writers.ts';

/** The part of a room's surroundings that all rooms share. */
export interface RoomContext {
  readonly log: DocumentLog;
  readonly clock: Clock;
  readonly committer: Committer;
  readonly roots: ReadonlySet<string>;
  readonly logger: RoomsOptions['logger'];
  readonly onEdited: RoomsOptions['onEdited'];
  readonly editedMs: number;
  readonly idleMs: number;
  /** The room is closed and has let go of everything. */
  readonly onClosed: (room: Room) => void;
}

type Phase = 'loading' | 'open' | 'draining' | 'closed';
type Loaded = 'open' | 'unknown' | 'broken';

/** Origin of the server's own transactions. */
const SERVER = Symbol('server');
/** Yjs merges a few updates quickly and thousands of them hardly at all. */
const MERGE_AT_MOST = 64;
const REFUSALS = 3;

/**
 * One map in memory: its document, the connections on it, and the edits on their way to the log. What a client sends
 * is guarded, applied, queued, committed with everybody else's, and only then shown to others and acknowledged.
 *
 *     loading -> open -> draining -> closed
 *        ^        |
 *        +--------+  the document in memory went wrong: read again from the log
 */
export class Room implements Committable {
  readonly mapId: MapId;
  readonly connections = new Set<Connection>();
  /** How the load went. Never rejects. */
  loaded: Promise<Loaded>;
  readonly closed: Promise<void>;
  readonly #context: RoomContext;
  readonly #presence: RoomPresence;
  readonly #compaction: Compaction;
  readonly #answers = new AnswerCache();
  #markClosed: () => void = () => undefined;
  #phase: Phase = 'loading';
  #doc = new Y.Doc();
  #epoch = 0;
  readonly #queue = new DurableQueue();
  #emitted: Uint8Array[] = [];
  #vanished = false;
  #saving = true;
  #paused = false;
  /** What connections were told when the room was shut. */
  #farewell: { readonly code: number; readonly reason: string } | null = null;
  readonly #writers = new Writers();
  #busy = 0;
  #cancelIdle: (() => void) | null = null;
  #cancelEdited: (() => void) | null = null;

  constructor(mapId: MapId, context: RoomContext) {
    this.mapId = mapId;
    this.#context = context;
    this.closed = new Promise((resolve) => (this.#markClosed = resolve));
    this.#compaction = new Compaction(mapId, context);
    this.#presence = new RoomPresence(context.clock, this.connections, (connection, clientId) =>
      this.#writers.mayWrite(connection.identity.userId, clientId)
    );
    this.loaded = this.#load();
  }

  get phase(): Phase {
    return this.#phase;
  }

  // Loading and closing

  async #load(): Promise<Loaded> {
    let outcome: Loaded = 'broken';
    try {
      const stored = await this.#context.log.load(this.mapId);
      if (stored) {
        this.#doc.destroy();
        this.#doc = buildDocument(stored);
        this.#writers.reset(stored.writers);
        this.#epoch = stored.epoch;
        this.#compaction.loaded(stored);
        this.#doc.on('update', (update: Uint8Array) => this.#emitted.push(update));
        outcome = 'open';
      } else outcome = 'unknown';
    } catch (error) {
      this.#context.logger?.error({ err: error, mapId: this.mapId }, 'map cannot be loaded');
    }
    if (this.#phase !== 'loading') return outcome;
    if (outcome === 'open') this.#open();
    else if (outcome === 'unknown') this.shut(CLOSE.gone, 'no such map');
    else this.shut(CLOSE.resync, 'the map cannot be loaded');
    return outcome;
  }

  #open(): void {
    this.#phase = 'open';
    this.#answers.clear();
    for (const connection of [...this.connections]) this.#welcome(connection);
    this.#checkIdle();
  }

  /** Memory and log may differ: forget the one, read the other, and go on where the connections were. */
  #reload(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'loading';
    this.#emitted = [];
    this.loaded = new Promise((resolve) =>
      this.#queue.whenSettled(
        () => resolve(this.#load()),
        () => resolve('unknown')
      )
    );
  }

  /** Closes every connection and the room. What is queued still goes to the log. */
  shut(code: number, reason: string): void {
    this.#farewell = { code, reason };
    for (const connection of [...this.connections]) this.drop(connection, code, reason);
    this.#finish();
  }

  #checkIdle(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = null;
    if (this.#phase !== 'open' || this.connections.size > 0 || this.#busy > 0) return;
    this.#cancelIdle = this.#context.clock.after(this.#context.idleMs, () => {
      if (this.#queue.settled) void this.drain();
      else this.#checkIdle();
    });
  }

  /** Lets go of a room that nobody uses: last word to the observer, snapshot, end. Everything must be committed. */
  async drain(): Promise<void> {
    if (this.#phase !== 'open') return this.closed;
    this.#phase = 'draining';
    await this.#tellEdited();
    if (this.#queue.settled) await this.#compaction.beforeUnload(this.#doc);
    this.#finish();
  }

  #finish(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#cancelIdle?.();
    this.#cancelEdited?.();
    this.#presence.stop();
    this.#doc.destroy();
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
    this.connections.add(connection);
    if (this.#paused) connection.wire.pause?.();
    this.#cancelIdle?.();
    if (this.#phase === 'open') this.#welcome(connection);
    return true;
  }

  #welcome(connection: Connection): void {
    const { identity } = connection;
    if (connection.wire.extended && !connection.welcomed) {
      const { userId: id, name, color, guest, role } = identity;
      this.#send(connection, writeHello({ role, epoch: this.#epoch, user: { id, name, color, guest } }));
      if (!this.#saving) this.#send(connection, writeNotice('saving-stopped'));
    }
    // Readers are not asked for what they have: they must not answer.
    if (canEdit(identity.role) && !connection.welcomed)
      this.#send(connection, writeStateVector(Y.encodeStateVector(this.#doc)));
    connection.welcomed = true;
    for (const frame of connection.release()) this.receive(connection, frame);
  }

  /** A frame has arrived. Never throws. */
  receive(connection: Connection, frame: Uint8Array): void {
    if (connection.closed) return;
    if (this.#phase !== 'open') {
      if (!connection.hold(frame))
        this.drop(connection, CLOSE.overloaded, 'too much before the map was open');
      return;
    }
    try {
      if (frame.length > LIMITS.frameBytes) return this.drop(connection, CLOSE.tooBig, 'frame too big');
      const message = readClientFrame(frame);
      if (!maySend(connection.identity.role, message.kind)) return this.#refuse(connection);
      switch (message.kind) {
        case 'stateVector':
          return this.#answer(connection, message.bytes);
        case 'presence':
          return this.#presence.receive(connection, message.bytes);
        case 'answer':
        case 'update':
          return this.#update(connection, message.kind, message.bytes);
      }
    } catch (error) {
      if (!(error instanceof BadFrame) && !(error instanceof BadUpdate))
        this.#context.logger?.error({ err: error, mapId: this.mapId }, 'frame failed');
      this.drop(connection, CLOSE.badFrame, error instanceof Error ? error.message : 'bad frame');
    }
  }

  /** The connection is gone. */
  leave(connection: Connection): void {
    connection.closed = true;
    if (!this.connections.delete(connection)) return;
    this.#presence.remove(connection);
    this.#checkIdle();
  }

  drop(connection: Connection, code: number, reason: string): void {
    connection.close(code, reason.slice(0, 100));
    this.leave(connection);
  }

  /** To every client that knows our own frames and has been introduced. */
  send(frame: Uint8Array): void {
    for (const connection of this.connections)
      if (connection.wire.extended && connection.welcomed) this.#send(connection, frame);
  }

  /** To whoever has heard nothing since `since`. */
  keepAlive(since: number): void {
    for (const connection of this.connections)
      if (connection.welcomed && connection.lastSent < since)
        this.#send(connection, connection.wire.extended ? KEEP_ALIVE : STOCK_KEEP_ALIVE);
  }

  /** Stops or goes on reading from everybody. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const { wire } of this.connections)
      if (paused) wire.pause?.();
      else wire.resume?.();
  }

  expirePresence(): void {
    this.#presence.expire();
  }

  #send(connection: Connection, frame: Uint8Array): void {
    connection.send(frame, this.#context.clock.now());
  }

  #refuse(connection: Connection): void {
    const count = ++connection.refused;
    if (connection.wire.extended) this.#send(connection, writeRejected('read-only', count));
    this.#send(connection, writeDenied('you may read this map and not change it'));
    if (count >= REFUSALS) this.drop(connection, CLOSE.forbidden, 'read-only');
  }

  /** P12: the answer leaves when everything in it is committed, so that nobody sees what a crash takes back. */
  #answer(connection: Connection, stateVector: Uint8Array): void {
    const frame = this.#answers.get(stateVector, () => {
      checkStateVector(stateVector);
      return writeAnswer(Y.encodeStateAsUpdate(this.#doc, stateVector));
    });
    this.#queue.whenSettled(() => {
      this.#send(connection, frame);
      if (connection.listening) return;
      connection.listening = true;
      if (!connection.closed) this.#presence.greet(connection);
    });
  }

  // Edits

  #update(connection: Connection, kind: 'answer' | 'update', bytes: Uint8Array): void {
    const count = ++connection.received;
    const first = kind === 'answer' && !connection.answered;
    if (!first && bytes.length > LIMITS.updateBytes)
      return this.drop(connection, CLOSE.tooBig, 'update too big');
    const mayWait = kind === 'update' && !connection.answered;
    const maxStructs = first ? LIMITS.answerStructs : LIMITS.updateStructs;
    if (mayWait && connection.early.length > 0) return this.#defer(connection, bytes);
    const { userId } = connection.identity;
    const verdict = guardUpdate(this.#doc, bytes, {
      roots: this.#context.roots,
      maxStructs,
      mayWriteAs: (clientId) => this.#writers.mayWrite(userId, clientId)
    });
    if (verdict.kind === 'gap') {
      // Somebody who types while the connection opens builds on edits that come with the `0 1` right behind.
      if (mayWait) return this.#defer(connection, bytes);
      return this.drop(connection, CLOSE.resync, 'something is missing before this update');
    }
    if (!this.#apply(bytes, connection))
      return this.drop(connection, CLOSE.badFrame, 'the update cannot be applied');
    const newWriters = this.#writers.bind(userId, verdict.writers);
    this.#enqueue({ userId, clientId: verdict.clientId, newWriters }, connection, count);
    if (!first) return;
    connection.answered = true;
    const early = connection.early;
    connection.early = [];
    // They keep their count: it is below the answer's, which acknowledges them.
    connection.received -= early.length;
    for (const update of early) if (!connection.closed) this.#update(connection, 'update', update);
    connection.received = Math.max(connection.received, count);
  }

  #defer(connection: Connection, bytes: Uint8Array): void {
    connection.earlyBytes += bytes.length;
    if (connection.earlyBytes > LIMITS.earlyBytes)
      return this.drop(connection, CLOSE.resync, 'too much before the first answer');
    connection.early.push(bytes);
  }

  /** False when Yjs gave up half-way; the document is read again from the log then. */
  #apply(bytes: Uint8Array, origin: unknown): boolean {
    this.#emitted = [];
    try {
      Y.applyUpdate(this.#doc, bytes, origin);
      if (!isIncomplete(this.#doc)) return true;
    } catch (error) {
      this.#context.logger?.warn({ err: error, mapId: this.mapId }, 'update failed half-way');
    }
    this.#reload();
    return false;
  }

  /** What Yjs says has changed is stored, not what was sent: that would repeat the whole delete set each time. */
  #enqueue(by: Omit<PendingUpdate, 'bytes'>, from: Connection | null, count: number): void {
    const updates = this.#emitted;
    this.#emitted = [];
    let bytes = 0;
    for (const update of updates) {
      bytes += update.length;
      this.#queue.push({ update: { ...by, bytes: update }, from, count });
    }
    if (updates.length === 0) this.#queue.push({ update: null, from, count });
    else this.#answers.clear();
    this.#context.committer.add(this, bytes);
  }

  // The log's side

  take(): Entry[] {
    return this.#queue.take();
  }

  untake(entries: Entry[]): void {
    this.#queue.untake(entries);
  }

  committed(entries: readonly Entry[], head: number | null): void {
    // Newcomers' answers first: they hold at least what they were waiting for, the rest follows as updates.
    this.#queue.committed(entries.length);
    this.#broadcast(entries.filter(({ update }) => update !== null));
    this.#acknowledge(entries);
    if (head === null || this.#phase === 'closed') return;
    this.#cancelEdited ??= this.#context.clock.after(this.#context.editedMs, () => void this.#tellEdited());
    if (this.#phase === 'open') this.#compaction.committed(entries, head, this.#doc, this.#queue);
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

  #broadcast(entries: readonly Entry[]): void {
    for (let start = 0; start < entries.length; start += MERGE_AT_MOST) {
      const part = entries.slice(start, start + MERGE_AT_MOST);
      const updates = part.flatMap(({ update }): Uint8Array[] => (update ? [update.bytes] : []));
      const [only] = updates;
      if (!only) continue;
      const frame = writeUpdate(updates.length === 1 ? only : Y.mergeUpdates(updates));
      const author = part.every(({ from }) => from === part[0]?.from) ? part[0]?.from : null;
      for (const connection of this.connections)
        if (connection.listening && connection !== author) this.#send(connection, frame);
    }
  }

  #acknowledge(entries: readonly Entry[]): void {
    const heard = new Set<Connection>();
    for (const { from, count } of entries) {
      if (!from || count <= from.acked) continue;
      from.acked = count;
      heard.add(from);
    }
    for (const connection of heard)
      if (connection.wire.extended) this.#send(connection, writeAck(connection.acked));
  }

  async #tellEdited(): Promise<void> {
    if (!this.#cancelEdited) return;
    this.#cancelEdited();
    this.#cancelEdited = null;
    try {
      if (this.#phase !== 'closed') await this.#context.onEdited?.(this.mapId, this.#doc);
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
    work: (doc: Y.Doc) => T,
    author: { readonly userId: UserId | null } | null
  ): Promise<{ readonly value: T } | null> {
    this.#busy++;
    this.#cancelIdle?.();
    try {
      while (this.#phase === 'loading') await Promise.race([this.loaded, this.closed]);
      if (this.#vanished) return null;
      if (this.#phase !== 'open') throw new RoomUnavailable('the map is not open');
      const value = author ? this.#edit(work, author.userId) : work(this.#doc);
      await new Promise<void>((resolve) => this.#queue.whenSettled(resolve, resolve));
      return this.#vanished ? null : { value };
    } finally {
      this.#busy--;
      this.#checkIdle();
    }
  }

  #edit<T>(work: (doc: Y.Doc) => T, userId: UserId | null): T {
    this.#emitted = [];
    try {
      const result = this.#doc.transact(() => work(this.#doc), SERVER);
      const { clientID: clientId } = this.#doc;
      const newWriters = this.#emitted.length > 0 ? this.#writers.bind(null, [clientId]) : [];
      this.#enqueue({ userId, clientId, newWriters }, null, 0);
      return result;
    } catch (error) {
      this.#reload();
      throw error;
    }
  }
}

/** A state vector with a million entries costs more to read than the map it asks for. */
function checkStateVector(bytes: Uint8Array): void {
  if (bytes.length > LIMITS.stateVectorEntries * 10) throw new BadFrame('state vector too long');
  try {
    if (Y.decodeStateVector(bytes).size > LIMITS.stateVectorEntries)
      throw new BadFrame('state vector too long');
  } catch (error) {
    throw error instanceof BadFrame ? error : new BadFrame('state vector unreadable');
  }
}
