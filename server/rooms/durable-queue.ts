import type { Entry } from './committer.ts';

interface Waiter {
  readonly needs: number;
  readonly run: () => void;
  /** Called instead when something that it waits for will never be in the log. */
  readonly lost: (() => void) | null;
}

/** What a room has accepted and the log does not have yet, in order, and what waits until it does. */
export class DurableQueue {
  #entries: Entry[] = [];
  /** Entries ever queued, and how many of them are dealt with. */
  #queued = 0;
  #durable = 0;
  #waiting: Waiter[] = [];

  /** Nothing is on its way. */
  get settled(): boolean {
    return this.#durable === this.#queued;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#queued++;
  }

  take(): Entry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  untake(entries: readonly Entry[]): void {
    this.#entries = [...entries, ...this.#entries];
  }

  /** The oldest `count` entries are in the log. */
  committed(count: number): void {
    this.#durable += count;
    while (this.#waiting[0] && this.#waiting[0].needs <= this.#durable) this.#waiting.shift()?.run();
  }

  /** The oldest `count` entries never will be: who can be told so is not kept waiting. */
  dropped(count: number): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ lost }) => lost === null);
    for (const { lost } of waiting) lost?.();
    this.committed(count);
  }

  /** Runs when everything queued by now is in the log, or at once; without `lost`, also when it never will be. */
  whenSettled(run: () => void, lost: (() => void) | null = null): void {
    if (this.settled) run();
    else this.#waiting.push({ needs: this.#queued, run, lost });
  }
}
