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

  /**
   * Shows what is in the log now, merged, encoded once, and not to the one who sent it; and tells everybody how many of
   * their frames are in it. Who has to hear both hears them at once.
   */
  publish(entries: readonly Entry[]): void {
    const acks = acknowledgements(entries);
    const news = entries.filter(({ update }) => update !== null);
    for (let start = 0; start < news.length; start += MERGE_AT_MOST) {
      const part = news.slice(start, start + MERGE_AT_MOST);
      const ends = start + MERGE_AT_MOST >= news.length;
      const updates = part.flatMap(({ update }): Uint8Array[] => (update ? [update.bytes] : []));
      const [only] = updates;
      if (!only) continue;
      const frame = writeUpdate(updates.length === 1 ? only : Y.mergeUpdates(updates));
      const author = part.every(({ from }) => from === part[0]?.from) ? part[0]?.from : null;
      const now = this.#clock.now();
      for (const connection of this.#connections) {
        if (!connection.listening || connection === author) continue;
        const ack = ends ? acks.get(connection) : undefined;
        connection.send(frame, now, ack);
        if (ack) acks.delete(connection);
      }
    }
    for (const [connection, ack] of acks) this.send(connection, ack);
  }

  /** Shows to everybody what another node has stored. */
  show(updates: readonly Uint8Array[]): void {
    for (const update of updates) {
      const frame = writeUpdate(update);
      for (const connection of this.#connections)
        if (connection.listening) this.send(connection, frame);
        else connection.missed?.push(frame);
    }
  }
}

/** The acknowledgement that each connection is owed for these. */
function acknowledgements(entries: readonly Entry[]): Map<Connection, Uint8Array> {
  const heard = new Set<Connection>();
  for (const { from, count } of entries) {
    if (!from || count <= from.acked) continue;
    from.acked = count;
    heard.add(from);
  }
  const acks = new Map<Connection, Uint8Array>();
  for (const connection of heard)
    if (connection.wire.extended) acks.set(connection, writeAck(connection.acked));
  return acks;
}
