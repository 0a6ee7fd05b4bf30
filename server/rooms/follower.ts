import type { MapId } from '#lib/journey/ids.ts';
import type { DocumentLog, LoadedDocument, Writer } from '../storage/ports.ts';
import type { Clock } from './clock.ts';
import type { RoomsLogger } from './types.ts';

/** How long a number that is missing may still be on its way, before it is read from the log. */
const GAP_MS = 100;
/** As many messages wait for one that is missing; beyond that the log is read anyway. */
const WAITING = 1_000;

/** Another node has stored updates `from` to `to` of a map. */
export interface News {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  /** Null: too much for the bus, it stands in the log. */
  readonly updates: readonly Uint8Array[] | null;
  readonly writers: readonly Writer[];
}

/** What was read from the log, or heard of it. */
export type Stored = Pick<LoadedDocument, 'snapshot' | 'writers'> & {
  readonly updates: readonly { readonly bytes: Uint8Array }[];
};

/** What the follower needs of its room. */
export interface Followed {
  readonly mapId: MapId;
  readonly log: DocumentLog;
  readonly clock: Clock;
  readonly logger: RoomsLogger | undefined;
  epoch(): number;
  /** Puts what is in the log into the document, and shows it. Throws when it cannot. */
  integrate(stored: Stored, from: 'log' | 'bus'): void;
  /** The log knows the map no more, or knows another history of it. */
  lost(what: 'gone' | 'epoch'): void;
  /** The document in memory is wrong. */
  reload(): void;
  /** The number that was missing had to be read from the log. */
  repaired(): void;
}

/**
 * Keeps one room in step with a log that other nodes write to as well: knows up to which number the document contains
 * everything, takes what the bus tells in the order of the numbers, and reads what is missing from the log.
 */
export class Follower {
  readonly #room: Followed;
  #head = 0;
  /** What came before something that is missing, by its first number; null: own updates, which are in the document. */
  readonly #ahead = new Map<number, { readonly to: number; readonly news: News | null }>();
  #reading: Promise<void> | null = null;
  #cancelGap: (() => void) | null = null;
  #stopped = false;

  constructor(room: Followed) {
    this.#room = room;
  }

  /** The document contains every update up to and including this number. */
  get head(): number {
    return this.#head;
  }

  loaded(head: number): void {
    this.#head = head;
    this.#ahead.clear();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelGap?.();
  }

  /** This node itself has stored `from` to `to`. */
  committed(from: number, to: number): void {
    this.#take(from, to, null);
  }

  /** Another node has. */
  heard(news: News): void {
    if (this.#stopped) return;
    if (news.epoch !== this.#room.epoch()) return this.#room.lost('epoch');
    if (news.to <= this.#head) return;
    this.#take(news.from, news.to, news);
  }

  /** The log is known to end at `head`. */
  knows(head: number): void {
    if (head > this.#head) void this.catchUp();
  }

  /** Reads what the log has and the document has not. Never rejects; what fails is tried again at the next occasion. */
  catchUp(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  #take(from: number, to: number, news: News | null): void {
    if (this.#ahead.size < WAITING) this.#ahead.set(from, { to, news });
    this.#advance();
    if (this.#ahead.size === 0 || this.#stopped) return;
    this.#cancelGap ??= this.#room.clock.after(GAP_MS, () => {
      this.#cancelGap = null;
      if (this.#ahead.size > 0) void this.catchUp();
    });
  }

  /** Takes everything that follows without a gap. */
  #advance(): void {
    for (;;) {
      const next = this.#ahead.get(this.#head + 1);
      if (!next) break;
      this.#ahead.delete(this.#head + 1);
      if (next.news !== null && !this.#integrated(next.news)) {
        void this.catchUp();
        return;
      }
      this.#head = next.to;
    }
    for (const [from, { to }] of this.#ahead) if (to <= this.#head) this.#ahead.delete(from);
  }

  #integrated({ updates, writers }: News): boolean {
    if (updates === null) return false;
    try {
      const rows = updates.map((bytes) => ({ bytes }));
      this.#room.integrate({ snapshot: null, updates: rows, writers }, 'bus');
      return true;
    } catch (error) {
      this.#room.logger?.warn({ err: error, mapId: this.#room.mapId }, 'news of another node refused');
      return false;
    }
  }

  async #read(): Promise<void> {
    const { mapId, log, logger } = this.#room;
    try {
      const stored = await log.since(mapId, this.#head);
      if (this.#stopped) return;
      if (stored === null) return this.#room.lost('gone');
      if (stored.epoch !== this.#room.epoch()) return this.#room.lost('epoch');
      if (stored.head <= this.#head) return;
      this.#catchUpWith(stored);
    } catch (error) {
      logger?.warn({ err: error, mapId }, 'what other nodes stored cannot be read');
    }
  }

  #catchUpWith(stored: LoadedDocument): void {
    try {
      this.#room.integrate(stored, 'log');
    } catch (error) {
      this.#room.logger?.error(
        { err: error, mapId: this.#room.mapId },
        'the log does not go on from the document'
      );
      return this.#room.reload();
    }
    this.#head = stored.head;
    this.#room.repaired();
    this.#advance();
  }
}
