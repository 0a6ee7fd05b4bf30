import { CLOSE } from '#lib/protocol/close-codes.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './session.ts';

/** So many connections are sent away at once when the server stops; where there are more, */
const WAVE = 50;
/** they go in so many waves at most, so long after each other: five seconds in all. */
const WAVES = 20;
const WAVE_MS = 250;
/** Snapshots make the next start quick. The log alone is enough for it. */
const SNAPSHOTS_MS = 20_000;

interface Seat {
  readonly room: { drop(connection: Connection, code: number, reason: string): void };
  readonly connection: Connection;
}

/** Resolves after `ms`, as soon as `work` has, or as soon as somebody is in a hurry. */
const pause = (
  ms: number,
  clock: Clock,
  hurry: AbortSignal | undefined,
  work?: Promise<unknown>
): Promise<void> =>
  new Promise((resolve, reject) => {
    if (hurry?.aborted) return resolve();
    const cancel = clock.after(ms, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    hurry?.addEventListener('abort', end, { once: true });
    work?.then(end, reject);
  });

/**
 * Closes everybody's connection with 1012, in waves of an uneven pace and in no order, so that neither the next node nor
 * the people of one map are all there at the same moment.
 */
export const sendAway = async (
  seats: readonly Seat[],
  clock: Clock,
  hurry: AbortSignal | undefined
): Promise<void> => {
  const waiting = shuffled(seats);
  const size = Math.max(WAVE, Math.ceil(waiting.length / WAVES));
  for (let start = 0; start < waiting.length; start += size) {
    if (start > 0) await pause(WAVE_MS * (0.5 + Math.random() / 2), clock, hurry);
    for (const { room, connection } of waiting.slice(start, start + size))
      room.drop(connection, CLOSE.restart, 'the server restarts');
  }
};

const shuffled = <T>(list: readonly T[]): T[] => {
  const shuffling = [...list];
  for (let index = shuffling.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [shuffling[index], shuffling[other]] = [shuffling[other] as T, shuffling[index] as T];
  }
  return shuffling;
};

/** Waits for the snapshots, but not for ever, and not when somebody is in a hurry. */
export const inTime = (
  snapshots: Promise<unknown>,
  clock: Clock,
  hurry: AbortSignal | undefined
): Promise<void> => pause(SNAPSHOTS_MS, clock, hurry, snapshots);
