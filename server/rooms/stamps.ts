import type { Stamp, UserId } from '../storage/ports.ts';

/** So exactly is told when something was written. */
const GRAIN_MS = 60_000;

/**
 * Notes which part of a client id's content came when: one stamp for all that comes within a minute, so that a long
 * afternoon of typing costs a few hundred rows and not one for each letter.
 */
export class Stamps {
  readonly #now: () => number;
  readonly #last = new Map<number, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What was noted may not be in the log: it is noted again. */
  reset(): void {
    this.#last.clear();
  }

  /** Somebody's content under this client id goes on from `clock`; null where the last stamp still tells it. */
  take(userId: UserId | null, clientId: number, clock: number): Stamp | null {
    const now = this.#now();
    const last = this.#last.get(clientId);
    if (last !== undefined && now - last < GRAIN_MS) return null;
    this.#last.set(clientId, now);
    return { clientId, clock, userId };
  }
}
