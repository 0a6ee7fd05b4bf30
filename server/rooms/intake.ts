import { CLOSE } from '#lib/protocol/close-codes.ts';
import { BadFrame, readClientFrame, writeDenied, writeRejected } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { maySend } from '#lib/protocol/permissions.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { PendingUpdate } from '../storage/ports.ts';
import type { Clock } from './clock.ts';
import type { LiveDocument, Stop } from './live-document.ts';
import { TooMuch } from './places.ts';
import type { RoomPresence } from './room-presence.ts';
import type { Connection } from './session.ts';
import type { RoomsLogger } from './types.ts';
import { BadUpdate } from './walk.ts';

const REFUSALS = 3;

/** What the intake needs of its room. */
export interface IntakeRoom {
  readonly document: LiveDocument;
  readonly presence: RoomPresence;
  readonly clock: Clock;
  readonly logger: RoomsLogger | undefined;
  isOpen(): boolean;
  roleOf(connection: Connection): Role;
  send(connection: Connection, frame: Uint8Array): void;
  drop(connection: Connection, code: number, reason: string): void;
  /** Runs when everything in the document is in the log. */
  whenSettled(run: () => void): void;
  /** So many bytes have come that are to be stored: {@link Intake.flush} is due soon. */
  announce(bytes: number): void;
  /** To be stored, and then acknowledged as frame number `count` of its connection; `bytes` were announced for it. */
  enqueue(updates: readonly PendingUpdate[], from: Connection, count: number, bytes: number): void;
  /** The document in memory is wrong. */
  reload(): void;
}

/** From so many waiting updates on, the work begins before the next commit is due. */
const MANY = 200;
/** So many of one connection are worked off before another one's turn comes, at least one. */
const SLICE = { updates: 100, bytes: 256 * 1024 };
/** So long at a stretch the work on one map may hold the event loop. */
const STRETCH_MS = 8;

/** Update frames of one connection that have arrived, in order. */
interface Arrived {
  readonly frames: Uint8Array[];
  readonly updates: Uint8Array[];
}

/**
 * Takes the frames of an open room's connections: reads, judges, and hands on what may stay. Updates wait until the next
 * commit is due, or something else is that has to see them: what one connection sent meanwhile is one transaction of the
 * document, one row of the log and one piece of news.
 */
export class Intake {
  readonly #room: IntakeRoom;
  readonly #arrived = new Map<Connection, Arrived>();
  #waiting = 0;
  #cancelStretch: (() => void) | null = null;

  constructor(room: IntakeRoom) {
    this.#room = room;
  }

  /** A frame has arrived. Never throws. */
  receive(connection: Connection, frame: Uint8Array): void {
    try {
      this.#read(connection, frame);
    } catch (error) {
      this.#fail(connection, error);
    }
  }

  #fail(connection: Connection, error: unknown): void {
    if (error instanceof TooMuch) return this.#room.drop(connection, CLOSE.tooBig, error.message);
    if (!(error instanceof BadFrame) && !(error instanceof BadUpdate))
      this.#room.logger?.error({ err: error }, 'frame failed');
    this.#room.drop(connection, CLOSE.badFrame, error instanceof Error ? error.message : 'bad frame');
  }

  #read(connection: Connection, frame: Uint8Array): void {
    if (frame.length > LIMITS.frameBytes) return this.#room.drop(connection, CLOSE.tooBig, 'frame too big');
    const message = readClientFrame(frame);
    if (!maySend(this.#room.roleOf(connection), message.kind)) return this.#refuse(connection);
    switch (message.kind) {
      case 'presence':
        return this.#room.presence.receive(connection, message.bytes);
      case 'stateVector':
        this.flush();
        return this.#answer(connection, message.bytes);
      case 'answer':
        this.flush();
        return this.#update(connection, message.kind, message.bytes);
      case 'update':
        // Before its `0 1` an update may be early, which is found out at once.
        if (!connection.answered) return this.#update(connection, message.kind, message.bytes);
        if (message.bytes.length > LIMITS.updateBytes)
          return this.#room.drop(connection, CLOSE.tooBig, 'update too big');
        return this.#wait(connection, frame, message.bytes);
    }
  }

  #wait(connection: Connection, frame: Uint8Array, update: Uint8Array): void {
    const arrived = this.#arrived.get(connection);
    if (arrived) {
      arrived.frames.push(frame);
      arrived.updates.push(update);
    } else this.#arrived.set(connection, { frames: [frame], updates: [update] });
    this.#waiting++;
    this.#room.announce(update.length);
    this.#beginEarly();
  }

  #beginEarly(): void {
    if (this.#waiting < MANY || this.#cancelStretch) return;
    this.#cancelStretch = this.#room.clock.after(0, () => {
      this.#cancelStretch = null;
      this.work();
      this.#beginEarly();
    });
  }

  /** Puts what has arrived into the document and into the queue, as much as there is time for. False: there is more. */
  work(): boolean {
    this.#take(this.#room.clock.now() + STRETCH_MS);
    return this.#waiting === 0;
  }

  /** Puts everything that has arrived into the document and into the queue. Never throws. */
  flush(): void {
    this.#take(Infinity);
  }

  stop(): void {
    this.#cancelStretch?.();
    this.#cancelStretch = null;
  }

  #take(until: number): void {
    for (const [connection, { frames, updates }] of this.#arrived) {
      const count = sliceOf(updates);
      const slice = { frames: frames.splice(0, count), updates: updates.splice(0, count) };
      this.#waiting -= slice.frames.length;
      // Whoever has more waits behind everybody else.
      this.#arrived.delete(connection);
      if (frames.length > 0) this.#arrived.set(connection, { frames, updates });
      if (this.#room.isOpen()) this.#admitAll(connection, slice);
      else this.#holdAll(connection, slice);
      if (this.#room.clock.now() >= until) return;
    }
  }

  #admitAll(connection: Connection, { updates }: Arrived): void {
    const bytes = sizeOf(updates);
    const admitted = this.#room.document.admit(connection.identity.userId, updates, LIMITS.updateStructs);
    connection.received += admitted.taken;
    this.#room.enqueue(admitted.updates, connection, connection.received, bytes);
    if (!admitted.stop) return;
    const rest = this.#arrived.get(connection);
    if (rest) {
      this.#arrived.delete(connection);
      this.#waiting -= rest.frames.length;
      this.#room.enqueue([], connection, 0, sizeOf(rest.updates));
    }
    this.#stop(connection, admitted.stop);
  }

  /** The document is being read again: everything is judged anew when it is there. */
  #holdAll(connection: Connection, { frames, updates }: Arrived): void {
    const bytes = sizeOf(updates);
    this.#room.enqueue([], connection, 0, bytes);
    for (const frame of frames)
      if (!connection.hold(frame))
        return this.#room.drop(connection, CLOSE.overloaded, 'too much before the map was open');
  }

  #stop(connection: Connection, stop: Stop): void {
    switch (stop.kind) {
      case 'gap':
        return this.#room.drop(connection, CLOSE.resync, 'something is missing before this update');
      case 'refused':
        return this.#fail(connection, stop.error);
      case 'failed':
        this.#room.logger?.warn({ err: stop.error }, 'update failed half-way');
        this.#room.reload();
        return this.#room.drop(connection, CLOSE.badFrame, 'the update cannot be applied');
    }
  }

  #refuse(connection: Connection): void {
    const count = ++connection.refused;
    if (connection.wire.extended) this.#room.send(connection, writeRejected('read-only', count));
    this.#room.send(connection, writeDenied('you may read this map and not change it'));
    if (count >= REFUSALS) this.#room.drop(connection, CLOSE.forbidden, 'read-only');
  }

  /** P12: the answer leaves when everything in it is committed, so that nobody sees what a crash takes back. */
  #answer(connection: Connection, stateVector: Uint8Array): void {
    const frame = this.#room.document.answerTo(stateVector);
    // A few bytes of question can ask for the whole map, again and again.
    connection.charge(frame.length);
    connection.missed ??= [];
    this.#room.whenSettled(() => {
      this.#room.send(connection, frame);
      if (connection.listening) return;
      connection.listening = true;
      for (const news of connection.missed ?? []) this.#room.send(connection, news);
      connection.missed = null;
      if (!connection.closed) this.#room.presence.greet(connection);
    });
  }

  #update(connection: Connection, kind: 'answer' | 'update', bytes: Uint8Array): void {
    const count = ++connection.received;
    const first = kind === 'answer' && !connection.answered;
    if (!first && bytes.length > LIMITS.updateBytes)
      return this.#room.drop(connection, CLOSE.tooBig, 'update too big');
    const mayWait = kind === 'update' && !connection.answered;
    if (mayWait && connection.early.length > 0) return this.#defer(connection, bytes);
    const maxStructs = first ? LIMITS.answerStructs : LIMITS.updateStructs;
    const { updates, stop } = this.#room.document.admit(connection.identity.userId, [bytes], maxStructs);
    // Somebody who types while the connection opens builds on edits that come with the `0 1` right behind.
    if (stop?.kind === 'gap' && mayWait) return this.#defer(connection, bytes);
    if (stop) return this.#stop(connection, stop);
    this.#room.announce(bytes.length);
    this.#room.enqueue(updates, connection, count, bytes.length);
    if (first) this.#answered(connection, count);
  }

  /** The client's `0 1` is in: what waited for it can follow. */
  #answered(connection: Connection, count: number): void {
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
      return this.#room.drop(connection, CLOSE.resync, 'too much before the first answer');
    connection.early.push(bytes);
  }
}

const sizeOf = (updates: readonly Uint8Array[]): number =>
  updates.reduce((sum, { length }) => sum + length, 0);

function sliceOf(updates: readonly Uint8Array[]): number {
  let bytes = 0;
  const end = updates.findIndex(({ length }, index) => {
    bytes += length;
    return index > 0 && (index >= SLICE.updates || bytes > SLICE.bytes);
  });
  return end < 0 ? updates.length : end;
}
