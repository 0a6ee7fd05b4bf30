import { and, desc, eq, inArray, isNull, lte } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { Opened } from './db.ts';
import type { UserId } from './ids.ts';

/** As many parameters one statement gets. */
const CHUNK = 1000;

export type AuthorQueries = ReturnType<typeof authorQueries>;

/** Who wrote under which client id, and when, as the log has noted it. */
export const authorQueries = ({ db, tables }: Opened) => {
  const { maps, stamps, writers, users } = tables;
  return {
    createdAt: async (mapId: MapId): Promise<Date | null> => {
      const [row] = await db.select({ at: maps.createdAt }).from(maps).where(eq(maps.id, mapId));
      return row?.at ?? null;
    },

    /** The last stamp at or before a place in a client id's history; null where nothing was noted that early. */
    stampAt: async (mapId: MapId, client: number, clock: number) => {
      const [row] = await db
        .select({ userId: stamps.userId, at: stamps.at })
        .from(stamps)
        .where(and(eq(stamps.mapId, mapId), eq(stamps.clientId, client), lte(stamps.clock, clock)))
        .orderBy(desc(stamps.clock))
        .limit(1);
      return row ?? null;
    },

    /** All stamps of the client ids that the server itself has written under, by clock. */
    serverStamps: (mapId: MapId) =>
      db
        .select({ clientId: stamps.clientId, clock: stamps.clock, userId: stamps.userId })
        .from(stamps)
        .innerJoin(writers, and(eq(writers.mapId, stamps.mapId), eq(writers.clientId, stamps.clientId)))
        .where(and(eq(stamps.mapId, mapId), isNull(writers.userId)))
        .orderBy(stamps.clientId, stamps.clock),

    /** Whose these client ids are; null is the server, those that nobody has written under are missing. */
    writers: async (mapId: MapId, clients: readonly number[]): Promise<Map<number, UserId | null>> => {
      const known = new Map<number, UserId | null>();
      for (let start = 0; start < clients.length; start += CHUNK) {
        const rows = await db
          .select({ clientId: writers.clientId, userId: writers.userId })
          .from(writers)
          .where(
            and(eq(writers.mapId, mapId), inArray(writers.clientId, clients.slice(start, start + CHUNK)))
          );
        for (const { clientId, userId } of rows) known.set(clientId, userId);
      }
      return known;
    },

    /** Those of these accounts that there are. */
    people: async (ids: readonly UserId[]) => {
      const people = new Map<UserId, { readonly name: string | null; readonly guest: boolean }>();
      for (let start = 0; start < ids.length; start += CHUNK) {
        const rows = await db
          .select({ id: users.id, name: users.name, guest: users.guest })
          .from(users)
          .where(inArray(users.id, ids.slice(start, start + CHUNK)));
        for (const { id, name, guest } of rows) people.set(id, { name, guest });
      }
      return people;
    }
  };
};
