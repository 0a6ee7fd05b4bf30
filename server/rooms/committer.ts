import type { MapId } from '#lib/journey/ids.ts';
import type { DocumentLog, PendingUpdate } from '../storage/ports.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './session.ts';
import type { RoomsLogger } from './types.ts';

/** One accepted update frame on its way to the log. */
export interface Entry {
  /** Null when the frame added nothing: there is only an acknowledgement to send, in its turn. */
  readonly update: PendingUpdate | null;
  readonly from: Connection | null;
  /** The connection's count that is acknowledged with it. */
  readonly count: number;
}

/** What the committer needs to know of a room. */
export interface Committable {
  readonly mapId: MapId;
  /** Takes everything that waits, oldest first. */
  take(): Entry[];
  /** Puts back what could not be stored, before what came since. */
  untake(entries: Entry[]): void;
  committed(entries: readonly Entry[], head: number | null): void;
  /** The log does not know the map any more. */
  vanished(entries: readonly Entry[]): void;
}

interface Batch {
  readonly room: Committable;
  readonly entries: Entry[];
  readonly updates: PendingUpdate[];
}

const EARLY_BYTES = 256 * 1024;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/**
 * Group commit: everything that arrives within a few milliseconds, on whatever map, is one transaction. One batch is
 * on its way at a time; what arrives meanwhile is the next one.
 */
export class Committer {
  readonly #log: DocumentLog;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #logger: RoomsLogger | undefined;
  readonly #onHealth: (failing: boolean) => void;
  readonly #dirty = new Set<Committable>();
  #queuedBytes = 0;
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #failures = 0;

  constructor(options: {
    log: DocumentLog;
    clock: Clock;
    windowMs: number;
    logger: RoomsLogger | undefined;
    onHealth: (failing: boolean) => void;
  }) {
    this.#log = options.log;
    this.#clock = options.clock;
    this.#windowMs = options.windowMs;
    this.#logger = options.logger;
    this.#onHealth = options.onHealth;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get failing(): boolean {
    return this.#failures > 0;
  }

  /** The room has `bytes` more to store. */
  add(room: Committable, bytes: number): void {
    this.#dirty.add(room);
    this.#queuedBytes += bytes;
    if (this.#running || this.failing) return;
    if (this.#queuedBytes >= EARLY_BYTES) this.#start(0);
    else if (!this.#cancelTimer) this.#start(this.#windowMs);
  }

  /** Stores what there is now; when that fails, says so and leaves it in the queue. */
  async flush(): Promise<boolean> {
    while (this.#running) await this.#running;
    while (this.#dirty.size > 0) {
      this.#stopTimer();
      await this.#run();
      if (this.failing) return false;
    }
    return true;
  }

  /** Ends the timers. Call {@link flush} first. */
  stop(): void {
    this.#stopTimer();
  }

  #start(ms: number): void {
    this.#stopTimer();
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = null;
      void this.#run();
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #run(): Promise<void> {
    this.#running ??= this.#commitAll().finally(() => {
      this.#running = null;
      if (this.#dirty.size === 0 || this.#cancelTimer) return;
      const backOff = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LAST_RETRY_MS);
      this.#start(this.failing ? backOff : this.#windowMs);
    });
    return this.#running;
  }

  async #commitAll(): Promise<void> {
    const batches = [...this.#dirty].map((room): Batch => {
      const entries = room.take();
      return { room, entries, updates: entries.flatMap(({ update }) => update ?? []) };
    });
    this.#dirty.clear();
    // One map that cannot be stored must not keep the others from it.
    const groups = this.#failures < 2 ? [batches] : batches.map((batch) => [batch]);
    let failed = false;
    for (const group of groups) failed = !(await this.#commit(group)) || failed;
    this.#health(failed);
  }

  async #commit(batches: readonly Batch[]): Promise<boolean> {
    const rows = new Map(
      batches.filter(({ updates }) => updates.length > 0).map(({ room, updates }) => [room.mapId, updates])
    );
    let heads: ReadonlyMap<MapId, number>;
    try {
      heads = rows.size > 0 ? await this.#log.append(rows) : new Map();
    } catch (error) {
      this.#logger?.error({ err: error, maps: rows.size }, 'commit failed');
      for (const { room, entries } of batches) {
        room.untake(entries);
        this.#dirty.add(room);
      }
      return false;
    }
    for (const { room, entries, updates } of batches) {
      for (const { bytes } of updates) this.#queuedBytes -= bytes.length;
      const head = heads.get(room.mapId);
      if (updates.length > 0 && head === undefined) room.vanished(entries);
      else room.committed(entries, head ?? null);
    }
    return true;
  }

  #health(failed: boolean): void {
    const before = this.failing;
    this.#failures = failed ? this.#failures + 1 : 0;
    if (before !== this.failing) this.#onHealth(this.failing);
  }
}
