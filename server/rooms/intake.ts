import { CLOSE } from '#lib/protocol/close-codes.ts';
import { BadFrame, readClientFrame, writeDenied, writeRejected } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { maySend } from '#lib/protocol/permissions.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { PendingUpdate } from '../storage/ports.ts';
import type { LiveDocument } from './live-document.ts';
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
  roleOf(connection: Connection): Role;
  send(connection: Connection, frame: Uint8Array): void;
  drop(connection: Connection, code: number, reason: string): void;
  /** Runs when everything in the document is in the log. */
  whenSettled(run: () => void): void;
  /** To be stored, and then acknowledged as frame number `count` of its connection. */
  enqueue(updates: readonly PendingUpdate[], from: Connection, count: number): void;
  /** The document in memory is wrong. */
  reload(): void;
}

/** Takes the frames of an open room's connections: reads, judges, and hands on what may stay. */
export class Intake {
  readonly #room: IntakeRoom;

  constructor(room: IntakeRoom) {
    this.#room = room;
  }

  /** A frame has arrived. Never throws. */
  receive(connection: Connection, frame: Uint8Array): void {
    try {
      this.#take(connection, frame);
    } catch (error) {
      if (error instanceof TooMuch) return this.#room.drop(connection, CLOSE.tooBig, error.message);
      if (!(error instanceof BadFrame) && !(error instanceof BadUpdate))
        this.#room.logger?.error({ err: error }, 'frame failed');
      this.#room.drop(connection, CLOSE.badFrame, error instanceof Error ? error.message : 'bad frame');
    }
  }

  #take(connection: Connection, frame: Uint8Array): void {
    if (frame.length > LIMITS.frameBytes) return this.#room.drop(connection, CLOSE.tooBig, 'frame too big');
    const message = readClientFrame(frame);
    if (!maySend(this.#room.roleOf(connection), message.kind)) return this.#refuse(connection);
    switch (message.kind) {
      case 'stateVector':
        return this.#answer(connection, message.bytes);
      case 'presence':
        return this.#room.presence.receive(connection, message.bytes);
      case 'answer':
      case 'update':
        return this.#update(connection, message.kind, message.bytes);
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
    const admitted = this.#room.document.admit(connection.identity.userId, bytes, maxStructs);
    switch (admitted.kind) {
      case 'gap':
        // Somebody who types while the connection opens builds on edits that come with the `0 1` right behind.
        if (mayWait) return this.#defer(connection, bytes);
        return this.#room.drop(connection, CLOSE.resync, 'something is missing before this update');
      case 'failed':
        this.#room.logger?.warn({ err: admitted.error }, 'update failed half-way');
        this.#room.reload();
        return this.#room.drop(connection, CLOSE.badFrame, 'the update cannot be applied');
      case 'applied':
        this.#room.enqueue(admitted.updates, connection, count);
        if (first) this.#answered(connection, count);
    }
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
