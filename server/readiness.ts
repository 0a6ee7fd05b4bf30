import type { Opened } from './db/db.ts';
import { storeKey } from './db/keys.ts';

/** A database that takes longer than this to write a few bytes is not ready. */
const WITHIN_MS = 1_000;
/** An answer holds so long: whoever asks, and anybody may, the database is asked no more often. */
const HOLDS_MS = 1_000;

/**
 * Whether people should be sent to this node: it is not stopping, reaches its database, and can write to it. A database
 * that is full, or open to readers alone, still answers every question.
 */
export const createReadiness = (opened: Opened, mayServe: () => boolean): (() => Promise<boolean>) => {
  let asked = -Infinity;
  let answer: Promise<boolean> = Promise.resolve(false);
  const probe = async (): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), WITHIN_MS);
    });
    const moment = new Uint8Array(new Float64Array([Date.now()]).buffer);
    const written = storeKey(opened, 'readiness', moment).then(
      () => true,
      () => false
    );
    try {
      return await Promise.race([written, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return async () => {
    if (!mayServe()) return false;
    if (performance.now() - asked > HOLDS_MS) {
      asked = performance.now();
      answer = probe();
    }
    return (await answer) && mayServe();
  };
};
