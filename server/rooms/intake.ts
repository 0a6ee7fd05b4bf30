import { CLOSE } from '#lib/protocol/close-codes.ts';
import { BadFrame, readClientFrame, writeDenied, writeRejected } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { maySend } from '#lib/protocol/permissions.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { PendingUpdate } from '../storage/ports.ts';
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

/** So much may wait for the next commit. More is worked off at once, so that no turn of the loop has too much to do. */
const WAITING = { frames: 1_000, bytes: 256 * 1024 };

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
  #arrived = new Map<Connection, Arrived>();
  #waiting = { frames: 0, bytes: 0 };

  constructor(room: IntakeRoom) {
    this.#room = room;
  }

  /** A frame has arrived. Never throws. */
  receive(connection: Connection, frame: Uint8Array): void {
    try {
      this.#take(connection, frame);
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

  #take(connection: Connection, frame: Uint8Array): void {
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
    this.#waiting.frames++;
    this.#waiting.bytes += update.length;
    this.#room.announce(update.length);
    if (this.#waiting.frames >= WAITING.frames || this.#waiting.bytes >= WAITING.bytes) this.flush();
  }

  /** Puts what has arrived into the document and into the queue. Never throws. */
  flush(): void {
    if (this.#waiting.frames === 0) return;
    const all = this.#arrived;
    this.#arrived = new Map();
    this.#waiting = { frames: 0, bytes: 0 };
    for (const [connection, arrived] of all) {
      if (this.#room.isOpen()) this.#admitAll(connection, arrived);
      else this.#holdAll(connection, arrived);
    }
  }

  #admitAll(connection: Connection, { updates }: Arrived): void {
    const bytes = updates.reduce((sum, { length }) => sum + length, 0);
    const admitted = this.#room.document.admit(connection.identity.userId, updates, LIMITS.updateStructs);
    connection.received += admitted.taken;
    this.#room.enqueue(admitted.updates, connection, connection.received, bytes);
    if (admitted.stop) this.#stop(connection, admitted.stop);
  }

  /** The document is being read again: everything is judged anew when it is there. */
  #holdAll(connection: Connection, { frames, updates }: Arrived): void {
    const bytes = updates.reduce((sum, { length }) => sum + length, 0);
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
    this.#room.whenSettled(() => {
      this.#room.send(connection, frame);
      if (connection.listening) return;
      connection.listening = true;
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
