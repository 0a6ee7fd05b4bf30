import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  or,
  sql,
  type Placeholder,
  type SQL
} from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import { note } from './audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { rightsIn } from './rights.ts';
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
  const memberships = (q: Queries, wanted: SQL | undefined, now: Date | Placeholder = new Date()) => {
    const { link, role, holds, until } = rightsIn(tables, now);
    return q
      .select({
        id: maps.id,
        title: maps.title,
        role,
        until,
        createdAt: maps.createdAt,
        editedAt: maps.editedAt,
        trashedAt: maps.trashedAt
      })
      .from(members)
      .innerJoin(maps, eq(maps.id, members.mapId))
      .leftJoin(links, link)
      .where(and(holds, wanted));
  };
  const mine = (mapId: MapId | Placeholder, userId: UserId | Placeholder) =>
    and(eq(members.mapId, mapId), eq(members.userId, userId));
  // Asked for each request and each socket.
  const standingOf = memberships(
    db,
    mine(sql.placeholder('mapId'), sql.placeholder('userId')),
    sql.placeholder('now')
  ).prepare();

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
      const [row] = await memberships(db, mine(mapId, userId));
      return row ?? null;
    },

    /** Newest edit first; the trash lists only what the person owns. */
    page: (userId: UserId, trashed: boolean, after: Place | null, limit: number) =>
      memberships(
        db,
        and(
          eq(members.userId, userId),
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
      const { link, holds } = rightsIn(tables);
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
        .innerJoin(maps, eq(maps.id, members.mapId))
        .leftJoin(links, link)
        .where(and(inArray(members.mapId, [...mapIds]), holds))
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
      const [row] = await standingOf.execute({ mapId, userId, now: new Date() });
      return row ? { role: row.role, trashed: row.trashedAt !== null, until: row.until } : null;
    },

    /**
     * Gives somebody a right of their own (`linkId` null) or the right of a link, and never lowers what they have. The
     * map's row is held, so that of many who come by a link with one use left one comes in.
     */
    join: (mapId: MapId, userId: UserId, linkId: string | null, role: Role): Promise<Role | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return null;
        const link = linkId === null ? null : await heldLink(tx, mapId, linkId, role);
        if (linkId !== null && link === null) return null;
        const [known] = await tx.select().from(members).where(mine(mapId, userId));
        const [has] = await memberships(tx, mine(mapId, userId));
        if (link === null) {
          if (known?.role && known.role !== 'none' && isAtLeast(known.role, role)) return known.role;
          await tx
            .insert(members)
            .values({ mapId, userId, role })
            .onConflictDoUpdate({ target: [members.mapId, members.userId], set: { role } });
          return role;
        }
        // Who was removed comes back by no link.
        if (known?.role === 'none') return null;
        if (has && (known?.role || known?.linkId === link.id || isAtLeast(has.role, role))) return has.role;
        if (link.usesLimit !== null && link.uses >= link.usesLimit) return null;
        await tx
          .insert(members)
          .values({ mapId, userId, linkId: link.id })
          .onConflictDoUpdate({ target: [members.mapId, members.userId], set: { linkId: link.id } });
        await tx
          .update(links)
          .set({ uses: link.uses + 1 })
          .where(eq(links.id, link.id));
        await note(tx, tables, {
          action: 'link used',
          by: userId,
          mapId,
          detail: { link: link.id, role }
        });
        return role;
      })
  };

  /** Keeps a link from being ended until the transaction ends; null when it does not give this role here now. */
  async function heldLink(tx: Queries, mapId: MapId, linkId: string, role: Role) {
    if (role === 'owner') return null;
    const [held] = await tx
      .update(links)
      .set({ role })
      .where(
        and(
          eq(links.id, storable(linkId)),
          eq(links.mapId, mapId),
          eq(links.role, role),
          isNull(links.revokedAt),
          or(isNull(links.expiresAt), gt(links.expiresAt, new Date()))
        )
      )
      .returning();
    const [map] = await tx.select({ visibility: maps.visibility }).from(maps).where(eq(maps.id, mapId));
    return held && map?.visibility === 'link' ? held : null;
  }
};

const isAtLeast = (role: Role, wanted: Role): boolean => ROLES.indexOf(role) <= ROLES.indexOf(wanted);

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
