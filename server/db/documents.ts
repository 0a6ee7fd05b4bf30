import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';

/** 7 columns each; SQLite takes 32,766 parameters in one statement. */
const ROWS_PER_INSERT = 1000;

export interface NewUpdate {
  readonly userId: UserId | null;
  readonly clientId: number;
  readonly bytes: Uint8Array;
  readonly crc: number;
}

export interface NewWriter {
  readonly clientId: number;
  readonly userId: UserId | null;
}

export interface NewStamp extends NewWriter {
  readonly clock: number;
}

/** What one map gets in one transaction. */
export interface NewRows {
  readonly rows: readonly NewUpdate[];
  readonly writers: readonly NewWriter[];
  readonly stamps: readonly NewStamp[];
}

export interface SnapshotRow {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** One map's content at one moment. */
export type DocumentReader = ReturnType<typeof readerOf>;

export type DocumentQueries = ReturnType<typeof documentQueries>;

/** The log of each map's updates, and its snapshots. Checksums are made and judged by the caller. */
export const documentQueries = ({ db, tables, append }: Opened) => {
  const { maps, updates, snapshots, writers, stamps } = tables;

  const appendTo = async (tx: Queries, mapId: MapId, added: NewRows, at: Date) => {
    const { rows } = added;
    // Counting first takes the map's lock, so that no two writers get the same numbers.
    const [counted] = await tx
      .update(maps)
      .set({ head: sql`${maps.head} + ${rows.length}`, ...(rows.length > 0 && { editedAt: at }) })
      .where(and(eq(maps.id, mapId), isNull(maps.trashedAt)))
      .returning({ head: maps.head });
    if (!counted) return null;
    const first = counted.head - rows.length + 1;
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      const chunk = rows.slice(start, start + ROWS_PER_INSERT);
      await tx
        .insert(updates)
        .values(chunk.map((row, index) => ({ ...row, mapId, seq: first + start + index, at })));
    }
    for (let start = 0; start < added.writers.length; start += ROWS_PER_INSERT) {
      const chunk = added.writers.slice(start, start + ROWS_PER_INSERT);
      await tx
        .insert(writers)
        .values(chunk.map(({ clientId, userId }) => ({ mapId, clientId, userId })))
        .onConflictDoNothing();
    }
    for (let start = 0; start < added.stamps.length; start += ROWS_PER_INSERT) {
      const chunk = added.stamps.slice(start, start + ROWS_PER_INSERT);
      await tx
        .insert(stamps)
        .values(chunk.map(({ clientId, clock, userId }) => ({ mapId, clientId, clock, userId, at })))
        .onConflictDoNothing();
    }
    return counted.head;
  };

  return {
    /** Answers each map's new head; maps that are unknown or in the trash are left out, in the answer too. */
    append:
      append ??
      ((batch: ReadonlyMap<MapId, NewRows>): Promise<Map<MapId, number>> =>
        db.transaction(async (tx) => {
          const at = new Date();
          const heads = new Map<MapId, number>();
          // Two batches that lock the same maps in different orders would wait for each other.
          for (const [mapId, added] of [...batch].sort(([a], [b]) => (a < b ? -1 : 1))) {
            const head = await appendTo(tx, mapId, added, at);
            if (head !== null) heads.set(mapId, head);
          }
          return heads;
        })),

    heads: async (mapIds: readonly MapId[]): Promise<Map<MapId, number>> => {
      const heads = new Map<MapId, number>();
      for (let start = 0; start < mapIds.length; start += ROWS_PER_INSERT) {
        const rows = await db
          .select({ id: maps.id, head: maps.head })
          .from(maps)
          .where(and(inArray(maps.id, mapIds.slice(start, start + ROWS_PER_INSERT)), isNull(maps.trashedAt)));
        for (const { id, head } of rows) heads.set(id, head);
      }
      return heads;
    },

    reading: <T>(mapId: MapId, work: (reader: DocumentReader) => Promise<T>): Promise<T> =>
      db.reading((tx) => work(readerOf(tx, tables, mapId))),

    /**
     * Stores a snapshot unless a newer one is there, and deletes what lies before the newest older snapshot that
     * `isSound`. Unsound ones go too; without a sound one the log stays whole. Throws when the snapshot's number is
     * above the log's.
     */
    compact: (
      mapId: MapId,
      snapshot: SnapshotRow,
      isSound: (stored: SnapshotRow) => boolean
    ): Promise<void> =>
      db.transaction(async (tx) => {
        const [map] = await tx
          .update(maps)
          .set({ head: sql`${maps.head}` })
          .where(eq(maps.id, mapId))
          .returning({ head: maps.head });
        if (!map) return;
        const { seq, bytes, sha256 } = snapshot;
        if (seq > map.head)
          throw new Error(`Snapshot ${seq} of map ${mapId} is ahead of its log (${map.head}).`);
        const reader = readerOf(tx, tables, mapId);
        const newest = await reader.snapshotBelow(null);
        if (newest && newest.seq > seq) return;
        await tx
          .insert(snapshots)
          .values({ mapId, seq, bytes, sha256 })
          .onConflictDoUpdate({
            target: [snapshots.mapId, snapshots.seq],
            set: { bytes, sha256, at: new Date() }
          });
        let previous = await reader.snapshotBelow(seq);
        while (previous && !isSound(previous)) previous = await reader.snapshotBelow(previous.seq);
        if (!previous) return;
        const { seq: kept } = previous;
        await tx.delete(updates).where(and(eq(updates.mapId, mapId), lte(updates.seq, kept)));
        await tx.delete(snapshots).where(and(eq(snapshots.mapId, mapId), lt(snapshots.seq, kept)));
        await tx
          .delete(snapshots)
          .where(and(eq(snapshots.mapId, mapId), gt(snapshots.seq, kept), lt(snapshots.seq, seq)));
      })
  };
};

const readerOf = (q: Queries, { maps, snapshots, updates, writers }: Opened['tables'], mapId: MapId) => ({
  map: async () => {
    const [row] = await q
      .select({ epoch: maps.epoch, head: maps.head, trashedAt: maps.trashedAt })
      .from(maps)
      .where(eq(maps.id, mapId));
    return row ?? null;
  },

  /** The newest snapshot with a number below `seq`; with null the newest of all. */
  snapshotBelow: async (seq: number | null): Promise<SnapshotRow | null> => {
    const [row] = await q
      .select({ seq: snapshots.seq, bytes: snapshots.bytes, sha256: snapshots.sha256 })
      .from(snapshots)
      .where(and(eq(snapshots.mapId, mapId), seq === null ? undefined : lt(snapshots.seq, seq)))
      .orderBy(desc(snapshots.seq))
      .limit(1);
    return row ?? null;
  },

  oldestUpdate: async (): Promise<number | null> => {
    const [row] = await q
      .select({ seq: updates.seq })
      .from(updates)
      .where(eq(updates.mapId, mapId))
      .orderBy(asc(updates.seq))
      .limit(1);
    return row?.seq ?? null;
  },

  updatesAfter: (seq: number) =>
    q
      .select({
        seq: updates.seq,
        userId: updates.userId,
        clientId: updates.clientId,
        bytes: updates.bytes,
        crc: updates.crc,
        at: updates.at
      })
      .from(updates)
      .where(and(eq(updates.mapId, mapId), gt(updates.seq, seq)))
      .orderBy(asc(updates.seq)),

  writers: () =>
    q
      .select({ clientId: writers.clientId, userId: writers.userId })
      .from(writers)
      .where(eq(writers.mapId, mapId))
});
