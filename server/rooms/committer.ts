import type { MapId } from '#lib/journey/ids.ts';
import type { DocumentLog, PendingUpdate } from '../storage/ports.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './session.ts';
import type { RoomsLogger } from './types.ts';

/** One accepted update on its way to the log. */
export interface Entry {
  /** Null when nothing was added: there is only an acknowledgement to send, in its turn. */
  readonly update: PendingUpdate | null;
  readonly from: Connection | null;
  /** The connection's count that is acknowledged with it. */
  readonly count: number;
  /** What {@link Committer.add} was told for it. */
  readonly bytes: number;
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
  /** The room could not deal with what was committed; the log has it. */
  broken(error: unknown): void;
  /** Its edits cannot be stored at present, or can be again. Said once each time. */
  saving(works: boolean): void;
}

interface Batch {
  readonly room: Committable;
  readonly entries: Entry[];
  readonly updates: PendingUpdate[];
}

/** What a room has in the queue, and how its last tries went. */
interface Standing {
  bytes: number;
  failures: number;
  retryAt: number;
  /** Others could be stored when it could not: its trouble is its own, and it is tried apart from them. */
  apart: boolean;
}

const EARLY_BYTES = 256 * 1024;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** When so many in a row fail by themselves and none succeeds, it is not them. */
const PROBES = 3;

/**
 * Group commit: everything that arrives within a few milliseconds, on whatever map, is one transaction. One batch is
 * on its way at a time; what arrives meanwhile is the next one. A transaction that fails is split, so that a map that
 * cannot be stored stands alone with its failure and its waiting time.
 */
export class Committer {
  readonly #log: DocumentLog;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #logger: RoomsLogger | undefined;
  /** The rooms that have something to store, the ones that were tried last at the end. */
  readonly #dirty = new Set<Committable>();
  /** Those, and the ones under way. */
  readonly #standings = new Map<Committable, Standing>();
  #freshBytes = 0;
  #wakeAt = Infinity;
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;

  constructor(options: {
    log: DocumentLog;
    clock: Clock;
    windowMs: number;
    logger: RoomsLogger | undefined;
  }) {
    this.#log = options.log;
    this.#clock = options.clock;
    this.#windowMs = options.windowMs;
    this.#logger = options.logger;
  }

  /** Accepted and not committed: of every room, of one, or of those whose trouble is not their own. */
  queuedBytes(of: Committable | 'all' | 'not apart' = 'all'): number {
    if (typeof of !== 'string') return this.#standings.get(of)?.bytes ?? 0;
    let sum = 0;
    for (const { bytes, apart } of this.#standings.values()) if (of === 'all' || !apart) sum += bytes;
    return sum;
  }

  /** True when a room's edits cannot be stored at present; without a room, when any room's cannot. */
  isFailing(room?: Committable): boolean {
    if (room) return (this.#standings.get(room)?.failures ?? 0) > 0;
    return [...this.#standings.values()].some(({ failures }) => failures > 0);
  }

  /** The room has `bytes` more to store. */
  add(room: Committable, bytes: number): void {
    const standing = this.#standingOf(room);
    standing.bytes += bytes;
    this.#dirty.add(room);
    if (standing.failures === 0) this.#freshBytes += bytes;
    this.#wakeFor(standing);
  }

  /** Tries once to store everything there is now, waiting times or not. */
  async pass(): Promise<void> {
    while (this.#running) await this.#running;
    await this.#run(true);
  }

  /** Goes on until everything is stored or has just failed. Nothing may be added meanwhile, or it may never end. */
  async flush(): Promise<void> {
    do await this.pass();
    while ([...this.#dirty].some((room) => !this.isFailing(room)));
  }

  /** Ends the timers. Call {@link flush} first. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#wakeAt = Infinity;
  }

  #standingOf(room: Committable): Standing {
    const known = this.#standings.get(room);
    if (known) return known;
    const standing = { bytes: 0, failures: 0, retryAt: 0, apart: false };
    this.#standings.set(room, standing);
    return standing;
  }

  #wakeFor({ failures, retryAt }: Standing): void {
    if (this.#running) return; // looks at everybody when it ends
    const now = this.#clock.now();
    const due = failures > 0 ? retryAt : now + (this.#freshBytes >= EARLY_BYTES ? 0 : this.#windowMs);
    if (due >= this.#wakeAt) return;
    this.#cancelTimer?.();
    this.#wakeAt = due;
    this.#cancelTimer = this.#clock.after(Math.max(due - now, 0), () => {
      this.stop();
      void this.#run(false);
    });
  }

  #run(everybody: boolean): Promise<void> {
    this.#running ??= this.#commitDue(everybody).finally(() => {
      this.#running = null;
      for (const room of this.#dirty) this.#wakeFor(this.#standingOf(room));
    });
    return this.#running;
  }

  async #commitDue(everybody: boolean): Promise<void> {
    this.stop();
    this.#freshBytes = 0;
    const now = this.#clock.now();
    const together: Batch[] = [];
    const apart: Batch[] = [];
    for (const room of [...this.#dirty]) {
      const standing = this.#standingOf(room);
      if (standing.retryAt > now && !everybody) continue;
      this.#dirty.delete(room);
      const entries = room.take();
      const batch = { room, entries, updates: entries.flatMap(({ update }) => update ?? []) };
      (standing.apart ? apart : together).push(batch);
    }
    if (!(await this.#commit(together))) await this.#split(together);
    for (const batch of apart) if (!(await this.#commit([batch]))) this.#failed(batch, true);
  }

  /** A transaction of several rooms has failed: whose fault is it? */
  async #split(batches: readonly Batch[]): Promise<void> {
    const failed: Batch[] = [];
    let stored = 0;
    if (batches.length > 1)
      for (const batch of batches) {
        if (stored === 0 && failed.length === PROBES) break;
        if (await this.#commit([batch])) stored++;
        else failed.push(batch);
      }
    // Who was not tried comes first next time.
    const untried = batches.slice(stored === 0 ? failed.length : batches.length);
    for (const batch of [...untried, ...failed]) this.#failed(batch, stored > 0);
  }

  /** False when the log failed; nothing is stored then. */
  async #commit(batches: readonly Batch[]): Promise<boolean> {
    const rows = new Map(
      batches.filter(({ updates }) => updates.length > 0).map(({ room, updates }) => [room.mapId, updates])
    );
    let heads: ReadonlyMap<MapId, number>;
    try {
      heads = rows.size > 0 ? await this.#log.append(rows) : new Map();
    } catch (error) {
      this.#logger?.error({ err: error, maps: rows.size }, 'commit failed');
      return false;
    }
    for (const batch of batches) {
      this.#settle(batch);
      try {
        const head = heads.get(batch.room.mapId) ?? null;
        if (batch.updates.length > 0 && head === null) batch.room.vanished(batch.entries);
        else batch.room.committed(batch.entries, head);
      } catch (error) {
        // The others' edits are in the same transaction, and their people wait for the word.
        batch.room.broken(error);
      }
    }
    return true;
  }

  #settle({ room, entries }: Batch): void {
    const standing = this.#standingOf(room);
    for (const { bytes } of entries) standing.bytes -= bytes;
    const failed = standing.failures > 0;
    if (this.#dirty.has(room)) Object.assign(standing, { failures: 0, retryAt: 0, apart: false });
    else this.#standings.delete(room);
    if (failed) room.saving(true);
  }

  #failed({ room, entries }: Batch, apart: boolean): void {
    const standing = this.#standingOf(room);
    const backOff = Math.min(FIRST_RETRY_MS * 2 ** standing.failures, LAST_RETRY_MS);
    standing.failures++;
    standing.retryAt = this.#clock.now() + backOff;
    standing.apart ||= apart;
    room.untake(entries);
    this.#dirty.delete(room);
    this.#dirty.add(room);
    if (standing.failures === 1) room.saving(false);
  }
}
