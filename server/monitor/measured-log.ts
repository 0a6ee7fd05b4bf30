import { CorruptDocument, type DocumentLog, type LoadedDocument } from '../storage/ports.ts';
import type { Counts } from './counts.ts';

/** Takes durations in seconds. */
export interface Durations {
  observe(seconds: number): void;
}

export interface LogDurations {
  readonly commit: Durations;
  readonly load: Durations;
  readonly compaction: Durations;
}

/** The log with a clock on it: nothing of what it does changes. */
export const measuredLog = (log: DocumentLog, counts: Counts, durations: LogDurations): DocumentLog => {
  const timed = async <T>(into: Durations, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    into.observe((performance.now() - start) / 1000);
    return result;
  };
  /** Bad rows are counted wherever they are met. */
  const checked = async <T extends LoadedDocument | null>(read: () => Promise<T>): Promise<T> => {
    try {
      const stored = await read();
      if (stored?.damage !== undefined) counts.checksumFailures++;
      return stored;
    } catch (error) {
      if (error instanceof CorruptDocument) counts.checksumFailures++;
      throw error;
    }
  };
  return {
    ...log,
    async append(batch) {
      try {
        const heads = await timed(durations.commit, () => log.append(batch));
        for (const [mapId, updates] of batch) {
          if (!heads.has(mapId)) continue;
          counts.stored += updates.length;
          for (const { bytes } of updates) counts.storedBytes += bytes.length;
        }
        return heads;
      } catch (error) {
        counts.commitsFailed++;
        throw error;
      }
    },
    load: (mapId) => checked(() => timed(durations.load, () => log.load(mapId))),
    since: (mapId, after) => checked(() => log.since(mapId, after)),
    compact: (mapId, snapshot) => timed(durations.compaction, () => log.compact(mapId, snapshot))
  };
};
