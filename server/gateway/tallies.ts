/** Counts what is in use, per key; keys nobody uses take no memory. */
export interface Tallies {
  count(key: string): number;
  /** One more. The answer gives it back, once. */
  take(key: string): () => void;
}

export const createTallies = (): Tallies => {
  const counts = new Map<string, number>();
  return {
    count: (key) => counts.get(key) ?? 0,
    take(key) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      let taken = true;
      return () => {
        if (!taken) return;
        taken = false;
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    }
  };
};
