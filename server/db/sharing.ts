import { and, asc, eq, gt, ne } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import { note } from './audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';
import { rightsIn } from './rights.ts';
import { storable } from './text.ts';

type Lent = 'editor' | 'commenter' | 'viewer';

/** Why somebody's right stays as it is. */
export type RightRefusal =
  | 'unknown' // not on this map, or no such map
  | 'last-owner' // a map always has one
  | 'guest'; // a guest's browser may forget them: they own nothing they did not make

export type SharingQueries = ReturnType<typeof sharingQueries>;

/** Who may open a map and as what: people, invitations, visibility. Whoever changes a right holds the map's row. */
export const sharingQueries = ({ db, tables }: Opened) => {
  const { maps, members, links, users, invitations } = tables;

  const hasOtherOwner = async (tx: Queries, mapId: MapId, userId: UserId): Promise<boolean> => {
    const [other] = await tx
      .select({ userId: members.userId })
      .from(members)
      .where(and(eq(members.mapId, mapId), eq(members.role, 'owner'), ne(members.userId, userId)))
      .limit(1);
    return other !== undefined;
  };
  const rightOf = async (tx: Queries, mapId: MapId, userId: string) => {
    const { link, role, holds } = rightsIn(tables);
    const [row] = await tx
      .select({ userId: users.id, role, guest: users.guest })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(maps, eq(maps.id, members.mapId))
      .leftJoin(links, link)
      .where(and(eq(members.mapId, mapId), eq(members.userId, storable(userId) as UserId), holds));
    return row ?? null;
  };

  return {
    visibility: async (mapId: MapId) => {
      const [row] = await db.select({ visibility: maps.visibility }).from(maps).where(eq(maps.id, mapId));
      return row?.visibility ?? null;
    },

    /** False when it was so before. */
    setVisibility: (mapId: MapId, visibility: 'private' | 'link', by: UserId): Promise<boolean> =>
      db.transaction(async (tx) => {
        const changed = await tx
          .update(maps)
          .set({ visibility })
          .where(and(eq(maps.id, mapId), ne(maps.visibility, visibility)))
          .returning({ id: maps.id });
        if (changed.length === 0) return false;
        await note(tx, tables, { action: 'visibility changed', by, mapId, detail: { visibility } });
        return true;
      }),

    /** Everybody on a map, first comer first. `linkId`: by which link; null for a right of their own. */
    people: async (mapId: MapId) => {
      const { link, role, holds } = rightsIn(tables);
      const rows = await db
        .select({
          id: users.id,
          name: users.name,
          guest: users.guest,
          role,
          own: members.role,
          linkId: members.linkId
        })
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .innerJoin(maps, eq(maps.id, members.mapId))
        .leftJoin(links, link)
        .where(and(eq(members.mapId, mapId), holds))
        .orderBy(asc(members.joinedAt), asc(users.id));
      return rows.map(({ own, linkId, ...person }) => ({ ...person, linkId: own === null ? linkId : null }));
    },

    /** Gives somebody on the map another right, which from then on is their own. */
    setRole: (mapId: MapId, userId: string, role: Role, by: UserId): Promise<RightRefusal | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return 'unknown';
        const person = await rightOf(tx, mapId, userId);
        if (!person) return 'unknown';
        if (role === 'owner' && person.guest) return 'guest';
        if (person.role === 'owner' && role !== 'owner' && !(await hasOtherOwner(tx, mapId, person.userId)))
          return 'last-owner';
        await tx
          .update(members)
          .set({ role, linkId: null })
          .where(and(eq(members.mapId, mapId), eq(members.userId, person.userId)));
        const owners = role === 'owner' || person.role === 'owner';
        await note(tx, tables, {
          action: owners ? 'owner changed' : 'role changed',
          by,
          mapId,
          person: person.userId,
          detail: { role, before: person.role }
        });
        return null;
      }),

    /** Makes somebody the owner in the place of `by`, who stays as an editor. */
    transfer: (mapId: MapId, userId: string, by: UserId): Promise<RightRefusal | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return 'unknown';
        const [person, self] = [await rightOf(tx, mapId, userId), await rightOf(tx, mapId, by)];
        if (!person || self?.role !== 'owner' || person.userId === by) return 'unknown';
        if (person.guest) return 'guest';
        for (const [id, role] of [
          [person.userId, 'owner'],
          [by, 'editor']
        ] as const)
          await tx
            .update(members)
            .set({ role, linkId: null })
            .where(and(eq(members.mapId, mapId), eq(members.userId, id)));
        await note(tx, tables, { action: 'owner changed', by, mapId, person: person.userId });
        return null;
      }),

    /** Takes somebody off the map: for good until they get a right anew, or, of their own will, until they come back. */
    remove: (mapId: MapId, userId: string, by: UserId): Promise<RightRefusal | null> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return 'unknown';
        const person = await rightOf(tx, mapId, userId);
        if (!person) return 'unknown';
        if (person.role === 'owner' && !(await hasOtherOwner(tx, mapId, person.userId))) return 'last-owner';
        const row = and(eq(members.mapId, mapId), eq(members.userId, person.userId));
        if (person.userId === by) {
          await tx.delete(members).where(row);
          await note(tx, tables, { action: 'person left', by, mapId });
        } else {
          await tx.update(members).set({ role: 'none', linkId: null }).where(row);
          await note(tx, tables, { action: 'person removed', by, mapId, person: person.userId });
        }
        return null;
      }),

    /** Invites an address; a further invitation of the same one takes the place of the first. */
    invite: (row: {
      readonly id: string;
      readonly mapId: MapId;
      readonly email: string;
      readonly role: Lent;
      readonly tokenHash: string;
      readonly invitedBy: UserId;
      readonly expiresAt: Date;
    }): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, row.mapId))) return false;
        const { id, role, tokenHash, invitedBy, expiresAt } = row;
        await tx
          .insert(invitations)
          .values(row)
          .onConflictDoUpdate({
            target: [invitations.mapId, invitations.email],
            set: { id, role, tokenHash, invitedBy, expiresAt }
          });
        await note(tx, tables, {
          action: 'invited',
          by: invitedBy,
          mapId: row.mapId,
          detail: { invitation: id, role }
        });
        return true;
      }),

    invitations: (mapId: MapId) =>
      db
        .select({
          id: invitations.id,
          email: invitations.email,
          role: invitations.role,
          expiresAt: invitations.expiresAt
        })
        .from(invitations)
        .where(and(eq(invitations.mapId, mapId), gt(invitations.expiresAt, new Date())))
        .orderBy(asc(invitations.createdAt), asc(invitations.id)),

    withdraw: (mapId: MapId, id: string, by: UserId): Promise<boolean> =>
      db.transaction(async (tx) => {
        const gone = await tx
          .delete(invitations)
          .where(and(eq(invitations.mapId, mapId), eq(invitations.id, storable(id))))
          .returning({ id: invitations.id });
        if (gone.length === 0) return false;
        await note(tx, tables, { action: 'invitation ended', by, mapId, detail: { invitation: id } });
        return true;
      }),

    /** The invitation of a token, while it holds. */
    invitation: async (tokenHash: string) => {
      const [row] = await db
        .select({
          id: invitations.id,
          mapId: invitations.mapId,
          email: invitations.email,
          role: invitations.role,
          title: maps.title,
          inviter: users.name
        })
        .from(invitations)
        .innerJoin(maps, eq(maps.id, invitations.mapId))
        .leftJoin(users, eq(users.id, invitations.invitedBy))
        .where(and(eq(invitations.tokenHash, tokenHash), gt(invitations.expiresAt, new Date())));
      return row ?? null;
    },

    /** Uses an invitation up: of two who come with it at once one comes in. False when it does not hold. */
    accept: (mapId: MapId, invitationId: string, userId: UserId): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, mapId))) return false;
        const [used] = await tx
          .delete(invitations)
          .where(and(eq(invitations.id, invitationId), gt(invitations.expiresAt, new Date())))
          .returning();
        if (!used) return false;
        const before = await rightOf(tx, mapId, userId);
        // What the owner gives decides; but nobody stops being an owner by accepting something.
        const role = before?.role === 'owner' ? 'owner' : used.role;
        await tx
          .insert(members)
          .values({ mapId, userId, role })
          .onConflictDoUpdate({ target: [members.mapId, members.userId], set: { role, linkId: null } });
        await note(tx, tables, {
          action: 'invitation accepted',
          by: userId,
          mapId,
          person: used.invitedBy,
          detail: { invitation: used.id, role: used.role }
        });
        return true;
      })
  };
};
