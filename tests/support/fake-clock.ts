import type { Clock } from '../../server/rooms/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on, running what falls due on the way, in order. */
  advance(ms: number): void;
  /** How many tasks wait for their time. */
  pending(): number;
}

export const createFakeClock = (): FakeClock => {
  let now = 0;
  let order = 0;
  const tasks = new Map<number, { readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    pending: () => tasks.size,
    after(ms, task) {
      const id = order++;
      tasks.set(id, { at: now + ms, task });
      return () => tasks.delete(id);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        let first: [number, { readonly at: number; readonly task: () => void }] | undefined;
        for (const entry of tasks)
          if (entry[1].at <= until && (!first || entry[1].at < first[1].at)) first = entry;
        if (!first) break;
        tasks.delete(first[0]);
        now = first[1].at;
        first[1].task();
      }
      now = until;
    }
  };
};
