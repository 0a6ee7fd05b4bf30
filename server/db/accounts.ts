import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import { note } from './audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { dropUnshown } from './pictures.ts';
import { isTaken } from './problems.ts';
import { rightsIn } from './rights.ts';

export type AccountQueries = ReturnType<typeof accountQueries>;

/** What becomes of a map when its only owner goes: it passes to `heir`, or to nobody and is deleted. */
export interface Estate {
  readonly mapId: MapId;
  readonly title: string;
  readonly heir: { readonly userId: UserId; readonly name: string | null } | null;
}

/** The life of an account after it was made: claimed, changed, recovered, deleted. Texts are `storable` already. */
export const accountQueries = ({ db, tables }: Opened) => {
  const { users, resets, tries, maps, members, links, tokens, mapPictures } = tables;
  const person = { userId: users.id, name: users.name, guest: users.guest };

  /** The maps that only this person owns, each with the editor who has been there longest. */
  const estates = async (q: Queries, userId: UserId): Promise<Estate[]> => {
    const owned = await q
      .select({ mapId: maps.id, title: maps.title })
      .from(members)
      .innerJoin(maps, eq(maps.id, members.mapId))
      .where(and(eq(members.userId, userId), eq(members.role, 'owner')))
      .orderBy(asc(maps.title), asc(maps.id));
    if (owned.length === 0) return [];
    // Whoever came by a link loses that right with the link, so only accounts with a right of their own, or none yet
    // revoked, can take a map over; and no guest, whose browser may forget them.
    const { link, role, holds } = rightsIn(tables);
    const others = await q
      .select({ mapId: members.mapId, role, userId: users.id, name: users.name })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(maps, eq(maps.id, members.mapId))
      .leftJoin(links, link)
      .where(
        and(
          inArray(
            members.mapId,
            owned.map(({ mapId }) => mapId)
          ),
          ne(members.userId, userId),
          eq(users.guest, false),
          holds,
          inArray(role, ['owner', 'editor'])
        )
      )
      .orderBy(asc(members.joinedAt), asc(users.id));
    return owned
      .filter(({ mapId }) => !others.some((other) => other.mapId === mapId && other.role === 'owner'))
      .map(({ mapId, title }) => {
        const heir = others.find((other) => other.mapId === mapId);
        return { mapId, title, heir: heir ? { userId: heir.userId, name: heir.name } : null };
      });
  };

  /** Of two links the one that gives more now. */
  const betterLink = async (tx: Queries, one: string | null, other: string | null) => {
    const ids = [one, other].filter((id) => id !== null);
    if (ids.length < 2) return ids[0] ?? null;
    const working = await tx
      .select({ id: links.id, role: links.role })
      .from(links)
      .where(
        and(
          inArray(links.id, ids),
          isNull(links.revokedAt),
          or(isNull(links.expiresAt), gt(links.expiresAt, new Date()))
        )
      );
    return working.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))[0]?.id ?? one;
  };

  /** Locks a person's row until the transaction ends. */
  const hold = async (tx: Queries, userId: UserId): Promise<void> => {
    await tx
      .update(users)
      .set({ guest: sql`${users.guest}` })
      .where(eq(users.id, userId));
  };

  return {
    /** Makes an account of a guest, who keeps everything. Null when the address is taken or this is no guest. */
    claim: async (
      userId: UserId,
      account: { readonly email: string; readonly name: string; readonly passwordHash: string }
    ) => {
      try {
        return await db.transaction(async (tx) => {
          const [row] = await tx
            .update(users)
            .set({ ...account, guest: false })
            .where(and(eq(users.id, userId), eq(users.guest, true)))
            .returning(person);
          if (row) await note(tx, tables, { action: 'account made', by: userId, detail: { guest: true } });
          return row ?? null;
        });
      } catch (problem) {
        if (isTaken(problem)) return null;
        throw problem;
      }
    },

    /** Name and address of an account; null for guests. */
    profile: async (userId: UserId) => {
      const [row] = await db
        .select({ name: users.name, email: users.email, createdAt: users.createdAt })
        .from(users)
        .where(and(eq(users.id, userId), eq(users.guest, false)));
      return row ?? null;
    },

    rename: async (userId: UserId, name: string): Promise<boolean> => {
      const renamed = await db
        .update(users)
        .set({ name })
        .where(and(eq(users.id, userId), eq(users.guest, false)))
        .returning({ id: users.id });
      return renamed.length > 0;
    },

    passwordOf: async (userId: UserId): Promise<string | null> => {
      const [row] = await db
        .select({ passwordHash: users.passwordHash })
        .from(users)
        .where(eq(users.id, userId));
      return row?.passwordHash ?? null;
    },

    /** A new password ends every way in that the old one may have opened: resets and API tokens go with it. */
    setPassword: (userId: UserId, passwordHash: string, how: 'changed' | 'reset'): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
        await tx.delete(resets).where(eq(resets.userId, userId));
        await tx.delete(tokens).where(eq(tokens.userId, userId));
        await note(tx, tables, { action: `password ${how}`, by: userId });
      }),

    /**
     * Gives a guest's rights to an account: the larger one where both are on a map. The guest is left without any, and
     * stays only as the author of what they wrote.
     */
    adopt: (guestId: UserId, userId: UserId): Promise<void> =>
      db.transaction(async (tx) => {
        await hold(tx, guestId);
        const brought = await tx
          .select()
          .from(members)
          .innerJoin(users, eq(users.id, members.userId))
          .where(and(eq(members.userId, guestId), eq(users.guest, true)))
          .orderBy(asc(members.mapId));
        for (const { members: right } of brought) {
          // Whoever changes a right holds the map's row.
          await tx
            .update(maps)
            .set({ head: sql`${maps.head}` })
            .where(eq(maps.id, right.mapId));
          const mine = and(eq(members.mapId, right.mapId), eq(members.userId, userId));
          const [own] = await tx.select().from(members).where(mine);
          if (!own) await tx.insert(members).values({ ...right, userId });
          // Who was removed as an account does not come back as the guest that they were.
          else if (own.role !== 'none' && right.role !== 'none')
            await tx
              .update(members)
              .set({
                role: larger(own.role, right.role),
                linkId: await betterLink(tx, own.linkId, right.linkId)
              })
              .where(mine);
        }
        if (brought.length > 0) await tx.delete(members).where(eq(members.userId, guestId));
        await tx.update(mapPictures).set({ userId }).where(eq(mapPictures.userId, guestId));
      }),

    estates: (userId: UserId) => estates(db, userId),

    /** Deletes an account: its maps pass on or go, as {@link Estate} says. Answers what was done. */
    remove: async (userId: UserId): Promise<readonly Estate[]> => {
      const passed = await db.transaction(async (tx) => {
        await hold(tx, userId);
        const passing = await estates(tx, userId);
        for (const { mapId, heir } of passing) {
          if (heir === null) await tx.delete(maps).where(eq(maps.id, mapId));
          else
            await tx
              .update(members)
              .set({ role: 'owner', linkId: null })
              .where(and(eq(members.mapId, mapId), eq(members.userId, heir.userId)));
        }
        await tx.delete(users).where(eq(users.id, userId));
        for (const { mapId, heir } of passing)
          if (heir === null) await note(tx, tables, { action: 'map deleted', by: userId, mapId });
          else await note(tx, tables, { action: 'owner changed', by: userId, mapId, person: heir.userId });
        await note(tx, tables, { action: 'account deleted', by: userId });
        return passing;
      });
      // Where this meets a picture that is put on another map just now, the sweep comes back for the others.
      await dropUnshown(db, tables, new Date()).catch(() => undefined);
      return passed;
    },

    addReset: (reset: typeof resets.$inferInsert): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.insert(resets).values(reset);
        await note(tx, tables, { action: 'reset offered', by: null, person: reset.userId });
      }),

    /** Whom a reset is for, while it holds. */
    reset: async (hash: string, now: Date) => {
      const [row] = await db
        .select({ userId: users.id, name: users.name, expiresAt: resets.expiresAt })
        .from(resets)
        .innerJoin(users, eq(users.id, resets.userId))
        .where(eq(resets.hash, hash));
      return row && row.expiresAt > now ? row : null;
    },

    /** Uses a reset up: two who come with it at once get it once. */
    takeReset: async (hash: string, now: Date): Promise<UserId | null> => {
      const [row] = await db.delete(resets).where(eq(resets.hash, hash)).returning();
      return row && row.expiresAt > now ? row.userId : null;
    },

    tried: async (who: string) => {
      const [row] = await db.select().from(tries).where(eq(tries.who, who));
      return row ?? null;
    },

    /** Writes a count in place of the one that was read; false when somebody else was quicker. */
    setTries: async (
      who: string,
      before: { readonly failed: number; readonly at: Date } | null,
      after: { readonly failed: number; readonly at: Date }
    ): Promise<boolean> => {
      const written =
        before === null
          ? await db
              .insert(tries)
              .values({ who, ...after })
              .onConflictDoNothing()
              .returning({ who: tries.who })
          : await db
              .update(tries)
              .set(after)
              .where(and(eq(tries.who, who), eq(tries.failed, before.failed), eq(tries.at, before.at)))
              .returning({ who: tries.who });
      return written.length > 0;
    },

    giveTryBack: async (who: string): Promise<void> => {
      await db
        .update(tries)
        .set({ failed: sql`${tries.failed} - 1` })
        .where(and(eq(tries.who, who), gt(tries.failed, 0)));
    },

    forgetTries: async (who: string): Promise<void> => {
      await db.delete(tries).where(eq(tries.who, who));
    },

    removeExpired: async (now: Date, triesBefore: Date): Promise<void> => {
      await db.delete(resets).where(lte(resets.expiresAt, now));
      await db.delete(tries).where(lte(tries.at, triesBefore));
    },

    /** True when this guest has been let onto a map by somebody's link. */
    wasInvited: async (userId: UserId): Promise<boolean> => {
      const [row] = await db
        .select({ one: sql`1` })
        .from(members)
        .innerJoin(links, eq(links.id, members.linkId))
        .where(and(eq(members.userId, userId), isNull(links.revokedAt), isNotNull(members.linkId)))
        .limit(1);
      return row !== undefined;
    }
  };
};

const ROLES = ['owner', 'editor', 'commenter', 'viewer'] as const;
type Own = (typeof ROLES)[number] | null;

const larger = (one: Own, other: Own): Own =>
  one === null || (other !== null && ROLES.indexOf(other) < ROLES.indexOf(one)) ? other : one;
