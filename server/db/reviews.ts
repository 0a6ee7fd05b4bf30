import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lt } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { ReviewInterval } from '#lib/protocol/reviews.ts';
import type { Opened } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';
import { rightsIn } from './rights.ts';

export type ReviewQueries = ReturnType<typeof reviewQueries>;

const CONCLUDED = 50;
const WINS = 100;

/** When maps are to be looked through, what came of it, and what went well. Texts are `storable` already. */
export const reviewQueries = ({ db, tables }: Opened) => {
  const { reviews, reviewers, outcomes, wins, maps, members, users, links } = tables;
  const person = { id: users.id, name: users.name, guest: users.guest };

  return {
    plan: async (mapId: MapId) => {
      const [row] = await db.select().from(reviews).where(eq(reviews.mapId, mapId));
      return row ?? null;
    },

    /** Those who may still read the map. */
    reviewers: (mapId: MapId) => {
      const { link, holds } = rightsIn(tables);
      return db
        .select(person)
        .from(reviewers)
        .innerJoin(users, eq(users.id, reviewers.userId))
        .innerJoin(members, and(eq(members.mapId, reviewers.mapId), eq(members.userId, reviewers.userId)))
        .innerJoin(maps, eq(maps.id, members.mapId))
        .leftJoin(links, link)
        .where(and(eq(reviewers.mapId, mapId), holds))
        .orderBy(asc(users.name), asc(users.id));
    },

    owners: (mapId: MapId) =>
      db
        .select({ id: members.userId })
        .from(members)
        .where(and(eq(members.mapId, mapId), eq(members.role, 'owner'))),

    concluded: (mapId: MapId) =>
      db
        .select()
        .from(outcomes)
        .where(eq(outcomes.mapId, mapId))
        .orderBy(desc(outcomes.at), desc(outcomes.id))
        .limit(CONCLUDED),

    wins: (mapId: MapId) =>
      db.select().from(wins).where(eq(wins.mapId, mapId)).orderBy(desc(wins.at), desc(wins.id)).limit(WINS),

    /** False when the map is in the trash. */
    setPlan: (
      mapId: MapId,
      dueAt: Date | null,
      every: ReviewInterval,
      people: readonly UserId[]
    ): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return false;
        await tx
          .insert(reviews)
          .values({ mapId, dueAt, every })
          .onConflictDoUpdate({ target: reviews.mapId, set: { dueAt, every } });
        await tx.delete(reviewers).where(eq(reviewers.mapId, mapId));
        if (people.length > 0) await tx.insert(reviewers).values(people.map((userId) => ({ mapId, userId })));
        return true;
      }),

    /** Keeps what a review came to; `dueAt` is when the next one is. */
    conclude: (row: typeof outcomes.$inferInsert & { mapId: MapId }, dueAt: Date | null): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, row.mapId))) return false;
        await tx.insert(outcomes).values(row);
        await tx.update(reviews).set({ dueAt }).where(eq(reviews.mapId, row.mapId));
        return true;
      }),

    /** False when the map is in the trash or has `most` wins. */
    addWin: (row: typeof wins.$inferInsert & { mapId: MapId }, most: number): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, row.mapId))) return false;
        const [now] = await tx.select({ count: count() }).from(wins).where(eq(wins.mapId, row.mapId));
        if ((now?.count ?? 0) >= most) return false;
        await tx.insert(wins).values(row);
        return true;
      }),

    win: async (mapId: MapId, id: string) => {
      const [row] = await db
        .select()
        .from(wins)
        .where(and(eq(wins.id, id), eq(wins.mapId, mapId)));
      return row ?? null;
    },

    removeWin: async (id: string): Promise<void> => {
      await db.delete(wins).where(eq(wins.id, id));
    },

    /** Reviews that are due before `until`, of maps that are not in the trash. */
    due: (until: Date) =>
      db
        .select({ mapId: reviews.mapId, dueAt: reviews.dueAt })
        .from(reviews)
        .innerJoin(maps, and(eq(maps.id, reviews.mapId), isNull(maps.trashedAt)))
        .where(and(isNotNull(reviews.dueAt), lt(reviews.dueAt, until))),

    people: (ids: readonly UserId[]) =>
      ids.length === 0
        ? Promise.resolve([])
        : db
            .select(person)
            .from(users)
            .where(inArray(users.id, [...ids])),

    /** Everybody who may read the map now. */
    members: (mapId: MapId) => {
      const { link, holds } = rightsIn(tables);
      return db
        .select({ id: members.userId })
        .from(members)
        .innerJoin(maps, eq(maps.id, members.mapId))
        .leftJoin(links, link)
        .where(and(eq(members.mapId, mapId), holds));
    }
  };
};
