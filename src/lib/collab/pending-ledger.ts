import type { PendingLedger } from './types.ts';

/** The part of `localStorage` that is needed here. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * Counts unacknowledged edits beside the offline copy, so that a reload without a server still says how many there
 * are. Every page writes a line of its own: two tabs on one map share the copy and must not overwrite each other's
 * count.
 */
export const createLedger = (store: KeyValueStore, name: string, page: string): PendingLedger => {
  const own = `${name}:changes:${page}`;
  const epochKey = `${name}:epoch`;
  const carried = readLines(store, `${name}:changes:`, own);
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch {
      // Storage is full or switched off: the count lives as long as the page.
    }
  };
  return {
    carried: () => [...carried.values()].reduce((sum, text) => sum + count(text), 0),
    set: (changes) =>
      attempt(() => (changes > 0 ? store.setItem(own, String(changes)) : store.removeItem(own))),
    settle: () =>
      attempt(() => {
        // A line that has changed since belongs to a page that is still open.
        for (const [key, text] of carried) if (store.getItem(key) === text) store.removeItem(key);
        carried.clear();
      }),
    epoch: () => {
      const text = store.getItem(epochKey);
      return text === null ? null : count(text);
    },
    setEpoch: (epoch) => attempt(() => store.setItem(epochKey, String(epoch)))
  };
};

/** Forgets everything about one copy. */
export const clearLedger = (store: KeyValueStore, name: string): void => {
  for (const key of keysOf(store, `${name}:`)) store.removeItem(key);
};

function readLines(store: KeyValueStore, prefix: string, except: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const key of keysOf(store, prefix)) {
    const text = key === except ? null : store.getItem(key);
    if (text !== null) lines.set(key, text);
  }
  return lines;
}

function keysOf(store: KeyValueStore, prefix: string): string[] {
  const keys: string[] = [];
  for (let index = 0; index < store.length; index++) {
    const key = store.key(index);
    if (key?.startsWith(prefix)) keys.push(key);
  }
  return keys;
}

const count = (text: string): number => {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
};
