import { and, asc, eq, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { note } from './audit.ts';
import type { Opened } from './db.ts';
import type { UserId } from './ids.ts';

export type PeopleQueries = ReturnType<typeof peopleQueries>;

/** Accounts and guests, their sessions and API tokens. Texts are `storable` and e-mail addresses folded already. */
export const peopleQueries = ({ db, tables }: Opened) => {
  const { users, sessions, tokens } = tables;
  const person = { userId: users.id, name: users.name, guest: users.guest };
  // Asked for each request and each socket.
  const sessionById = db
    .select({ ...person, expiresAt: sessions.expiresAt, createdAt: sessions.createdAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare();
  return {
    /** False when the e-mail address is taken. */
    addUser: (user: typeof users.$inferInsert): Promise<boolean> =>
      db.transaction(async (tx) => {
        const added = await tx
          .insert(users)
          .values(user)
          .onConflictDoNothing({ target: users.email })
          .returning({ id: users.id });
        if (added.length === 0) return false;
        if (!user.guest) await note(tx, tables, { action: 'account made', by: user.id });
        return true;
      }),

    /** Null when there is no such guest. */
    nameGuest: async (userId: UserId, name: string) => {
      const [row] = await db
        .update(users)
        .set({ name })
        .where(and(eq(users.id, userId), eq(users.guest, true)))
        .returning(person);
      return row ?? null;
    },

    userByEmail: async (email: string) => {
      const [row] = await db.select(person).from(users).where(eq(users.email, email));
      return row ?? null;
    },

    /** The one query that reads a password's hash. */
    passwordByEmail: async (email: string) => {
      const [row] = await db
        .select({ ...person, passwordHash: users.passwordHash })
        .from(users)
        .where(eq(users.email, email));
      return row ?? null;
    },

    addSession: async (session: {
      readonly id: string;
      readonly userId: UserId;
      readonly expiresAt: Date;
    }) => {
      await db.insert(sessions).values(session);
    },

    session: async (id: string) => {
      const [row] = await sessionById.execute({ id });
      return row ?? null;
    },

    sessionsOf: (userId: UserId) =>
      db
        .select({ id: sessions.id, userId: sessions.userId, expiresAt: sessions.expiresAt })
        .from(sessions)
        .where(eq(sessions.userId, userId)),

    extendSession: async (id: string, expiresAt: Date) => {
      await db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id));
    },

    removeSession: async (id: string) => {
      await db.delete(sessions).where(eq(sessions.id, id));
    },

    removeSessionsOf: async (userId: UserId) => {
      await db.delete(sessions).where(eq(sessions.userId, userId));
    },

    removeExpiredSessions: async (now: Date) => {
      await db.delete(sessions).where(lte(sessions.expiresAt, now));
    },

    addToken: (token: {
      readonly id: string;
      readonly userId: UserId;
      readonly hash: string;
    }): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.insert(tokens).values(token);
        await note(tx, tables, { action: 'token made', by: token.userId, detail: { token: token.id } });
      }),

    tokenByHash: async (hash: string) => {
      const [row] = await db
        .select({ ...person, tokenId: tokens.id, lastUsedAt: tokens.lastUsedAt })
        .from(tokens)
        .innerJoin(users, eq(users.id, tokens.userId))
        .where(eq(tokens.hash, hash));
      return row ?? null;
    },

    /** Notes a use, unless one was noted after `since`. */
    touchToken: async (tokenId: string, at: Date, since: Date) => {
      await db
        .update(tokens)
        .set({ lastUsedAt: at })
        .where(and(eq(tokens.id, tokenId), or(isNull(tokens.lastUsedAt), lt(tokens.lastUsedAt, since))));
    },

    tokensOf: (userId: UserId) =>
      db
        .select({ id: tokens.id, createdAt: tokens.createdAt, lastUsedAt: tokens.lastUsedAt })
        .from(tokens)
        .where(eq(tokens.userId, userId))
        .orderBy(asc(tokens.createdAt), asc(tokens.id)),

    removeToken: (userId: UserId, tokenId: string): Promise<boolean> =>
      db.transaction(async (tx) => {
        const removed = await tx
          .delete(tokens)
          .where(and(eq(tokens.userId, userId), eq(tokens.id, tokenId)))
          .returning({ id: tokens.id });
        if (removed.length === 0) return false;
        await note(tx, tables, { action: 'token removed', by: userId, detail: { token: tokenId } });
        return true;
      })
  };
};
