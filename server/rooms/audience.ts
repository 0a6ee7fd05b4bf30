import * as Y from 'yjs';
import { KEEP_ALIVE, STOCK_KEEP_ALIVE, writeAck, writeUpdate } from '#lib/protocol/frames.ts';
import type { Clock } from './clock.ts';
import type { Entry } from './committer.ts';
import type { Connection } from './session.ts';

/** Yjs merges a few updates quickly and thousands of them hardly at all. */
const MERGE_AT_MOST = 64;

/** Everybody who is connected to one map, and what goes out to them. */
export class Audience implements Iterable<Connection> {
  readonly #clock: Clock;
  readonly #connections = new Set<Connection>();
  #paused = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Those who are here now, whoever comes or goes while they are looked at. */
  [Symbol.iterator](): Iterator<Connection> {
    return [...this.#connections].values();
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
    if (this.#paused) connection.pause('log');
  }

  /** False when it was not here. */
  delete(connection: Connection): boolean {
    return this.#connections.delete(connection);
  }

  send(connection: Connection, frame: Uint8Array): void {
    connection.send(frame, this.#clock.now());
  }

  /** To every client that knows our own frames and has been introduced. */
  tell(frame: Uint8Array): void {
    for (const connection of this.#connections)
      if (connection.wire.extended && connection.welcomed) this.send(connection, frame);
  }

  /** To whoever has heard nothing since `since`. */
  keepAlive(since: number): void {
    for (const connection of this.#connections)
      if (connection.welcomed && connection.lastSent < since)
        this.send(connection, connection.wire.extended ? KEEP_ALIVE : STOCK_KEEP_ALIVE);
  }

  /** Stops or goes on reading from everybody. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const connection of this.#connections)
      if (paused) connection.pause('log');
      else connection.resume('log');
  }

  /** Shows what is in the log now: merged, encoded once, and not to the one who sent it. */
  broadcast(entries: readonly Entry[]): void {
    const news = entries.filter(({ update }) => update !== null);
    for (let start = 0; start < news.length; start += MERGE_AT_MOST) {
      const part = news.slice(start, start + MERGE_AT_MOST);
      const updates = part.flatMap(({ update }): Uint8Array[] => (update ? [update.bytes] : []));
      const [only] = updates;
      if (!only) continue;
      const frame = writeUpdate(updates.length === 1 ? only : Y.mergeUpdates(updates));
      const author = part.every(({ from }) => from === part[0]?.from) ? part[0]?.from : null;
      for (const connection of this.#connections)
        if (connection.listening && connection !== author) this.send(connection, frame);
    }
  }

  /** Shows to everybody what another node has stored. */
  show(updates: readonly Uint8Array[]): void {
    for (const update of updates) {
      const frame = writeUpdate(update);
      for (const connection of this.#connections) if (connection.listening) this.send(connection, frame);
    }
  }

  acknowledge(entries: readonly Entry[]): void {
    const heard = new Set<Connection>();
    for (const { from, count } of entries) {
      if (!from || count <= from.acked) continue;
      from.acked = count;
      heard.add(from);
    }
    for (const connection of heard)
      if (connection.wire.extended) this.send(connection, writeAck(connection.acked));
  }
}
