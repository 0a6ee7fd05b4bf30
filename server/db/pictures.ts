import { and, eq, inArray, isNull, lt, lte, notExists, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { StoredType } from '#lib/protocol/pictures.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';

/** As many parameters one statement gets. */
const CHUNK = 500;

export interface PictureRow {
  readonly hash: string;
  readonly type: StoredType;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Bytes of pictures that a map and an account may have. */
export interface Room {
  readonly mapBytes: number;
  readonly accountBytes: number | null; // null: as many as come
}

/** How putting pictures on a map went; `gone`: no such map, or in the trash. */
export type Put = 'done' | 'gone' | 'map-full' | 'account-full';

export type PictureQueries = ReturnType<typeof pictureQueries>;

/** Pictures, and which maps may show them. A picture is there once, however many maps show it. */
export const pictureQueries = ({ db, tables }: Opened) => {
  const { pictures, pictureBytes, mapPictures, members } = tables;

  /** Bytes of different pictures: a copy of a map takes no more room. */
  const sum = async (tx: Queries, where: ReturnType<typeof eq>): Promise<number> => {
    const each = tx
      .selectDistinct({ hash: mapPictures.hash, size: mapPictures.size })
      .from(mapPictures)
      .where(where)
      .as('each');
    const [row] = await tx
      .select({ bytes: sql<number>`coalesce(sum(${each.size}), 0)`.mapWith(Number) })
      .from(each);
    return row?.bytes ?? 0;
  };

  /** Lets a map show pictures that are stored. */
  const link = async (
    tx: Queries,
    mapId: MapId,
    userId: UserId,
    wanted: readonly { readonly hash: string; readonly size: number }[],
    placedAt: Date | null,
    room: Room
  ): Promise<Put> => {
    const there = new Set<string>();
    for (const part of chunks(wanted.map(({ hash }) => hash)))
      for (const { hash } of await tx
        .select({ hash: mapPictures.hash })
        .from(mapPictures)
        .where(and(eq(mapPictures.mapId, mapId), inArray(mapPictures.hash, part))))
        there.add(hash);
    const fresh = wanted.filter(({ hash }) => !there.has(hash));
    if (fresh.length === 0) return 'done';
    const more = fresh.reduce((bytes, { size }) => bytes + size, 0);
    if ((await sum(tx, eq(mapPictures.mapId, mapId))) + more > room.mapBytes) return 'map-full';
    if (
      room.accountBytes !== null &&
      (await sum(tx, eq(mapPictures.userId, userId))) + more > room.accountBytes
    )
      return 'account-full';
    const addedAt = new Date();
    for (const part of chunks(fresh))
      await tx
        .insert(mapPictures)
        .values(part.map(({ hash, size }) => ({ mapId, hash, userId, size, addedAt, placedAt })))
        .onConflictDoNothing();
    return 'done';
  };

  return {
    /** Bytes of the pictures of a map. */
    bytesOfMap: (mapId: MapId) => sum(db, eq(mapPictures.mapId, mapId)),
    bytesOfUser: (userId: UserId) => sum(db, eq(mapPictures.userId, userId)),

    /** Stores a picture, unless it is there, and lets a map show it. */
    add: (mapId: MapId, userId: UserId, picture: PictureRow, room: Room): Promise<Put> =>
      db
        .transaction(async (tx) => {
          if (!(await holdMap(tx, tables, mapId))) return 'gone';
          const at = new Date();
          const { bytes, ...about } = picture;
          const size = bytes.byteLength;
          // Written even where it is there: a sweep that is under way then waits, and sees that it is wanted.
          await tx
            .insert(pictures)
            .values({ ...about, size, at })
            .onConflictDoUpdate({ target: pictures.hash, set: { at } });
          await tx.insert(pictureBytes).values({ hash: about.hash, bytes }).onConflictDoNothing();
          const wanted = [{ hash: about.hash, size }];
          const put = await link(tx, mapId, userId, wanted, null, room);
          if (put !== 'done') throw new NotPut(put);
          return put;
        })
        .catch(answerOf),

    /** Lets a map show pictures of other maps, which takes no more room; those that are not stored are passed over. */
    share: (
      mapId: MapId,
      userId: UserId,
      hashes: readonly string[],
      placedAt: Date | null,
      room: Room
    ): Promise<Put> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return 'gone';
        const wanted: { hash: string; size: number }[] = [];
        for (const part of chunks(hashes))
          wanted.push(
            ...(await tx
              .update(pictures)
              .set({ at: new Date() })
              .where(inArray(pictures.hash, part))
              .returning({ hash: pictures.hash, size: pictures.size }))
          );
        return link(tx, mapId, userId, wanted, placedAt, { ...room, accountBytes: null });
      }),

    /** Without its bytes: that a map may show it. */
    has: async (mapId: MapId, hash: string): Promise<boolean> => {
      const [row] = await db
        .select({ hash: mapPictures.hash })
        .from(mapPictures)
        .where(and(eq(mapPictures.mapId, mapId), eq(mapPictures.hash, hash)));
      return row !== undefined;
    },

    get: async (mapId: MapId, hash: string) => {
      const [row] = await db
        .select({ type: pictures.type, bytes: pictureBytes.bytes })
        .from(mapPictures)
        .innerJoin(pictures, eq(pictures.hash, mapPictures.hash))
        .innerJoin(pictureBytes, eq(pictureBytes.hash, mapPictures.hash))
        .where(and(eq(mapPictures.mapId, mapId), eq(mapPictures.hash, hash)));
      return row ?? null;
    },

    /** The maps this person is on that show any of these pictures, whatever right they have there. */
    holders: async (userId: UserId, hashes: readonly string[]) => {
      const found: { hash: string; mapId: MapId }[] = [];
      for (const part of chunks(hashes))
        found.push(
          ...(await db
            .select({ hash: mapPictures.hash, mapId: mapPictures.mapId })
            .from(mapPictures)
            .innerJoin(members, eq(members.mapId, mapPictures.mapId))
            .where(and(eq(members.userId, userId), inArray(mapPictures.hash, part))))
        );
      return found;
    },

    /** Notes that pictures are on the board. */
    place: async (mapId: MapId, hashes: readonly string[]): Promise<void> => {
      for (const part of chunks(hashes))
        await db
          .update(mapPictures)
          .set({ placedAt: new Date() })
          .where(
            and(eq(mapPictures.mapId, mapId), inArray(mapPictures.hash, part), isNull(mapPictures.placedAt))
          );
    },

    /** Forgets what was put on maps before `before` and never on a board, and pictures that no map shows. */
    sweep: async (before: Date): Promise<void> => {
      await db.delete(mapPictures).where(and(isNull(mapPictures.placedAt), lt(mapPictures.addedAt, before)));
      await dropUnshown(db, tables, new Date(Date.now() - SETTLED_MS));
    }
  };
};

/** A picture that was put on a map within this time is being linked, perhaps by another node. */
const SETTLED_MS = 60_000;

/** Deletes pictures that no map shows any more and that were put on one at `before` or earlier. */
export const dropUnshown = async (
  tx: Queries,
  { pictures, mapPictures }: Pick<Opened['tables'], 'pictures' | 'mapPictures'>,
  before: Date
): Promise<void> => {
  const shown = tx
    .select({ one: sql`1` })
    .from(mapPictures)
    .where(eq(mapPictures.hash, pictures.hash));
  await tx.delete(pictures).where(and(lte(pictures.at, before), notExists(shown)));
};

/** Takes back what a transaction has written. */
class NotPut extends Error {
  readonly put: Put;
  constructor(put: Put) {
    super(put);
    this.put = put;
  }
}

const answerOf = (error: unknown): Put => {
  if (error instanceof NotPut) return error.put;
  throw error;
};

const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK)
  );
