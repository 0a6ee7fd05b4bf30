/** Counts what is in use, per key; keys nobody uses take no memory. */
export interface Tallies {
  count(key: string): number;
  /** One more. Give it back once with {@link Tallies.release}. */
  take(key: string): void;
  release(key: string): void;
}

export const createTallies = (): Tallies => {
  const counts = new Map<string, number>();
  return {
    count: (key) => counts.get(key) ?? 0,
    take: (key) => void counts.set(key, (counts.get(key) ?? 0) + 1),
    release(key) {
      const left = (counts.get(key) ?? 1) - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    }
  };
};
