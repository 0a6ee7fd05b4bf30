import { and, asc, desc, eq, exists, inArray, isNotNull, isNull, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import { note } from './audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { storable } from './text.ts';

/** Where a page of a list begins: after the map with this edit time and id. */
export interface Place {
  readonly editedAt: Date;
  readonly id: string;
}

export type MapQueries = ReturnType<typeof mapQueries>;

/** Maps, who is on them, and their trash. Share links are in `links.ts`, content in `documents.ts`. */
export const mapQueries = ({ db, tables }: Opened) => {
  const { maps, members, links, users, snapshots } = tables;
  const summary = {
    id: maps.id,
    title: maps.title,
    role: members.role,
    createdAt: maps.createdAt,
    editedAt: maps.editedAt,
    trashedAt: maps.trashedAt
  };
  // A right that came by a link ends with the link, so every look at `members` looks at its link.
  const linkHolds = isNull(links.revokedAt);
  const memberships = (q: Queries) =>
    q
      .select(summary)
      .from(members)
      .innerJoin(maps, eq(maps.id, members.mapId))
      .leftJoin(links, eq(links.id, members.linkId));
  // Asked for each request and each socket.
  const standingOf = memberships(db)
    .where(
      and(
        eq(members.mapId, sql.placeholder('mapId')),
        eq(members.userId, sql.placeholder('userId')),
        linkHolds
      )
    )
    .prepare();

  return {
    create: (map: {
      readonly id: MapId;
      readonly title: string;
      readonly createdBy: UserId;
      readonly bytes: Uint8Array;
      readonly sha256: string;
    }): Promise<void> =>
      db.transaction(async (tx) => {
        const { id, createdBy, bytes, sha256 } = map;
        await tx.insert(maps).values({ id, title: storable(map.title), createdBy });
        await tx.insert(members).values({ mapId: id, userId: createdBy, role: 'owner' });
        await tx.insert(snapshots).values({ mapId: id, seq: 0, bytes, sha256 });
        await note(tx, tables, { action: 'map made', by: createdBy, mapId: id });
      }),

    one: async (mapId: MapId, userId: UserId) => {
      const [row] = await memberships(db).where(
        and(eq(members.mapId, mapId), eq(members.userId, userId), linkHolds)
      );
      return row ?? null;
    },

    /** Newest edit first; the trash lists only what the person owns. */
    page: (userId: UserId, trashed: boolean, after: Place | null, limit: number) =>
      memberships(db)
        .where(
          and(
            eq(members.userId, userId),
            linkHolds,
            trashed ? and(isNotNull(maps.trashedAt), eq(members.role, 'owner')) : isNull(maps.trashedAt),
            after === null
              ? undefined
              : or(
                  lt(maps.editedAt, after.editedAt),
                  and(eq(maps.editedAt, after.editedAt), lt(maps.id, after.id as MapId))
                )
          )
        )
        .orderBy(desc(maps.editedAt), desc(maps.id))
        .limit(limit),

    /** The people of several maps, first comer first, at most `each` per map. */
    people: async (mapIds: readonly MapId[], each: number) => {
      if (mapIds.length === 0) return [];
      const ranked = db
        .select({
          mapId: members.mapId,
          id: users.id,
          name: users.name,
          guest: users.guest,
          place:
            sql<number>`row_number() over (partition by ${members.mapId} order by ${members.joinedAt}, ${members.userId})`
              .mapWith(Number)
              .as('place')
        })
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .leftJoin(links, eq(links.id, members.linkId))
        .where(and(inArray(members.mapId, [...mapIds]), linkHolds))
        .as('ranked');
      return db
        .select()
        .from(ranked)
        .where(lte(ranked.place, each))
        .orderBy(asc(ranked.mapId), asc(ranked.place));
    },

    setTitle: async (mapId: MapId, title: string): Promise<void> => {
      const kept = storable(title);
      await db
        .update(maps)
        .set({ title: kept })
        .where(and(eq(maps.id, mapId), ne(maps.title, kept)));
    },

    trash: (mapId: MapId, by: UserId | null): Promise<boolean> =>
      db.transaction(async (tx) => {
        const changed = await tx
          .update(maps)
          .set({ trashedAt: new Date() })
          .where(and(eq(maps.id, mapId), isNull(maps.trashedAt)))
          .returning({ id: maps.id });
        if (changed.length === 0) return false;
        await note(tx, tables, { action: 'map trashed', by, mapId });
        return true;
      }),

    restore: (mapId: MapId, by: UserId | null): Promise<boolean> =>
      db.transaction(async (tx) => {
        const changed = await tx
          .update(maps)
          .set({ trashedAt: null })
          .where(and(eq(maps.id, mapId), isNotNull(maps.trashedAt)))
          .returning({ id: maps.id });
        if (changed.length === 0) return false;
        await note(tx, tables, { action: 'map restored', by, mapId });
        return true;
      }),

    standing: async (mapId: MapId, userId: UserId) => {
      const [row] = await standingOf.execute({ mapId, userId });
      return row ? { role: row.role, trashed: row.trashedAt !== null } : null;
    },

    /**
     * Makes somebody a member or raises them; the decision sits in the statements, since two may join at once.
     * One row holds one right: somebody who had a smaller one of their own and was raised by a link has only the
     * link's.
     */
    join: (mapId: MapId, userId: UserId, linkId: string | null, role: Role): Promise<Role | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return null;
        if (linkId !== null && !(await holdLink(tx, mapId, linkId, role))) return null;
        const revoked = tx
          .select({ one: sql`1` })
          .from(links)
          .where(and(eq(links.id, members.linkId), isNotNull(links.revokedAt)));
        const smaller = inArray(members.role, ROLES.slice(ROLES.indexOf(role) + 1));
        const lent = and(eq(members.role, role), isNotNull(members.linkId));
        await tx
          .insert(members)
          .values({ mapId, userId, role, linkId })
          .onConflictDoUpdate({
            target: [members.mapId, members.userId],
            set: { role, linkId },
            setWhere: or(smaller, linkId === null ? lent : undefined, exists(revoked))
          });
        const [now] = await tx
          .select({ role: members.role })
          .from(members)
          .where(and(eq(members.mapId, mapId), eq(members.userId, userId)));
        return now?.role ?? null;
      })
  };

  /** Keeps a link from being revoked until the transaction ends; false when it does not give this role here. */
  async function holdLink(tx: Queries, mapId: MapId, linkId: string, role: Role): Promise<boolean> {
    if (role === 'owner') return false;
    const held = await tx
      .update(links)
      .set({ role })
      .where(
        and(
          eq(links.id, storable(linkId)),
          eq(links.mapId, mapId),
          eq(links.role, role),
          isNull(links.revokedAt)
        )
      )
      .returning({ id: links.id });
    return held.length > 0;
  }
};

const ROLES: Role[] = ['owner', 'editor', 'commenter', 'viewer'];

/** Locks a map's row until the transaction ends; false when the map is unknown or in the trash. */
export const holdMap = async (tx: Queries, { maps }: Opened['tables'], mapId: MapId): Promise<boolean> => {
  const held = await tx
    .update(maps)
    .set({ head: sql`${maps.head}` })
    .where(and(eq(maps.id, mapId), isNull(maps.trashedAt)))
    .returning({ id: maps.id });
  return held.length > 0;
};
