import type { MapId } from '#lib/journey/ids.ts';
import type {
  DocumentLog,
  LoggedUpdate,
  PendingUpdate,
  Snapshot,
  Writer
} from '../../server/storage/ports.ts';

/** A log in memory whose troubles a test decides. */
export interface MemoryLog extends DocumentLog {
  create(mapId: MapId): void;
  remove(mapId: MapId): void;
  /** In the trash a map can be read and takes no edits. */
  trash(mapId: MapId): void;
  restore(mapId: MapId): void;
  rows(mapId: MapId): readonly LoggedUpdate[];
  snapshots(mapId: MapId): readonly Snapshot[];
  /** How far {@link DocumentLog.salvage} comes. */
  readableTo: number;
  /** Called before each operation; a throw fails it, a promise delays it. */
  trouble:
    | ((
        operation: 'append' | 'load' | 'salvage' | 'since' | 'heads' | 'compact',
        mapIds: readonly MapId[]
      ) => void | Promise<void>)
    | null;
}

interface Stored {
  head: number;
  updates: LoggedUpdate[];
  snapshots: Snapshot[];
  readonly writers: Map<number, Writer>;
}

export const createMemoryLog = (): MemoryLog => {
  const maps = new Map<MapId, Stored>();
  const trashed = new Set<MapId>();
  const log: MemoryLog = {
    trouble: null,
    readableTo: Infinity,
    create: (mapId) => void maps.set(mapId, { head: 0, updates: [], snapshots: [], writers: new Map() }),
    remove: (mapId) => void maps.delete(mapId),
    trash: (mapId) => void trashed.add(mapId),
    restore: (mapId) => void trashed.delete(mapId),
    rows: (mapId) => maps.get(mapId)?.updates ?? [],
    snapshots: (mapId) => maps.get(mapId)?.snapshots ?? [],

    async append(batch: ReadonlyMap<MapId, readonly PendingUpdate[]>) {
      await log.trouble?.('append', [...batch.keys()]);
      const heads = new Map<MapId, number>();
      for (const [mapId, updates] of batch) {
        const stored = maps.get(mapId);
        if (!stored || trashed.has(mapId)) continue;
        for (const { newWriters = [], ...update } of updates) {
          stored.updates.push({ ...update, seq: ++stored.head, at: new Date(0) });
          for (const writer of newWriters)
            if (!stored.writers.has(writer.clientId)) stored.writers.set(writer.clientId, writer);
        }
        heads.set(mapId, stored.head);
      }
      return heads;
    },

    async load(mapId) {
      await log.trouble?.('load', [mapId]);
      const stored = maps.get(mapId);
      if (!stored) return null;
      const snapshot = stored.snapshots.at(-1) ?? null;
      const updates = stored.updates.filter(({ seq }) => seq > (snapshot?.seq ?? 0));
      return { epoch: 1, head: stored.head, snapshot, updates, writers: [...stored.writers.values()] };
    },

    async salvage(mapId) {
      await log.trouble?.('salvage', [mapId]);
      const stored = maps.get(mapId);
      if (!stored) return null;
      const updates = stored.updates.filter(({ seq }) => seq <= log.readableTo);
      const head = updates.at(-1)?.seq ?? 0;
      return { epoch: 1, head, snapshot: null, updates, writers: [], damage: `readable up to ${head}` };
    },

    async since(mapId, after) {
      await log.trouble?.('since', [mapId]);
      const stored = maps.get(mapId);
      if (!stored || trashed.has(mapId)) return null;
      const oldest = stored.updates[0]?.seq ?? stored.head + 1;
      if (stored.head > after && oldest > after + 1) return log.load(mapId);
      return {
        epoch: 1,
        head: stored.head,
        snapshot: null,
        updates: stored.updates.filter(({ seq }) => seq > after),
        writers: [...stored.writers.values()]
      };
    },

    async heads(mapIds) {
      await log.trouble?.('heads', mapIds);
      return new Map(
        mapIds.flatMap((mapId) => {
          const stored = maps.get(mapId);
          return stored && !trashed.has(mapId) ? [[mapId, stored.head] as const] : [];
        })
      );
    },

    async compact(mapId, snapshot) {
      await log.trouble?.('compact', [mapId]);
      const stored = maps.get(mapId);
      if (!stored) return;
      const previous = stored.snapshots.at(-1);
      stored.snapshots = previous ? [previous, snapshot] : [snapshot];
      if (previous) stored.updates = stored.updates.filter(({ seq }) => seq > previous.seq);
    }
  };
  return log;
};
