import { and, count, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import type { InboxKind } from '#lib/protocol/inbox.ts';
import type { Since } from './comments.ts';
import type { Opened } from './db.ts';
import { rightsIn } from './rights.ts';
import type { UserId } from './ids.ts';

export type InboxQueries = ReturnType<typeof inboxQueries>;

/** Something other than a comment that people are told of. Texts are `storable` already. */
export interface Notice {
  readonly id: string;
  readonly userId: UserId;
  readonly kind: InboxKind;
  readonly mapId: MapId;
  /** Told once: a second notice of the same subject to the same person changes nothing. */
  readonly subject: string;
  readonly byId: UserId | null;
  readonly text: string;
  readonly about: string;
  readonly at: Date;
}

export type DigestEvery = 'off' | 'hour' | 'day' | 'week';

/** What people are told of, what they don't want to be told of, and how often by mail. */
export const inboxQueries = ({ db, tables }: Opened) => {
  const { inbox, maps, members, links, comments, threads, muted, digests, users } = tables;

  /** Of maps that the person may still read: what is told of a map ends with the right to it. */
  const items = () =>
    db
      .select({
        id: inbox.id,
        kind: inbox.kind,
        at: inbox.at,
        readAt: inbox.readAt,
        mapId: maps.id,
        title: maps.title,
        threadId: threads.id,
        threadAbout: threads.about,
        commentId: comments.id,
        said: comments.text,
        author: comments.userId,
        subject: inbox.subject,
        byId: inbox.byId,
        text: inbox.text,
        about: inbox.about
      })
      .from(inbox)
      .innerJoin(maps, and(eq(maps.id, inbox.mapId), isNull(maps.trashedAt)))
      .innerJoin(members, and(eq(members.mapId, inbox.mapId), eq(members.userId, inbox.userId)))
      .leftJoin(links, rightsIn(tables).link)
      .leftJoin(comments, eq(comments.id, inbox.commentId))
      .leftJoin(threads, eq(threads.id, comments.threadId));

  return {
    list: (userId: UserId, after: Since | null, limit: number) =>
      items()
        .where(
          and(
            eq(inbox.userId, userId),
            rightsIn(tables).holds,
            after === null
              ? undefined
              : or(lt(inbox.at, after.at), and(eq(inbox.at, after.at), lt(inbox.id, after.id)))
          )
        )
        .orderBy(desc(inbox.at), desc(inbox.id))
        .limit(limit),

    unread: async (userId: UserId): Promise<number> => {
      const [row] = await db
        .select({ count: count() })
        .from(inbox)
        .innerJoin(maps, and(eq(maps.id, inbox.mapId), isNull(maps.trashedAt)))
        .innerJoin(members, and(eq(members.mapId, inbox.mapId), eq(members.userId, inbox.userId)))
        .leftJoin(links, rightsIn(tables).link)
        .where(and(eq(inbox.userId, userId), isNull(inbox.readAt), rightsIn(tables).holds));
      return row?.count ?? 0;
    },

    /** Marks as read what is named, or everything. */
    read: async (userId: UserId, ids: readonly string[] | null, at: Date): Promise<void> => {
      await db
        .update(inbox)
        .set({ readAt: at })
        .where(
          and(
            eq(inbox.userId, userId),
            isNull(inbox.readAt),
            ids === null ? undefined : inArray(inbox.id, [...ids])
          )
        );
    },

    /** Marks as read what was told of one subject. */
    readSubject: async (userId: UserId, subject: string, at: Date): Promise<void> => {
      await db
        .update(inbox)
        .set({ readAt: at })
        .where(and(eq(inbox.userId, userId), eq(inbox.subject, subject), isNull(inbox.readAt)));
    },

    tell: async (notices: readonly Notice[]): Promise<void> => {
      if (notices.length === 0) return;
      await db
        .insert(inbox)
        .values([...notices])
        .onConflictDoNothing();
    },

    /** Who of these does not want to be told of what. */
    mutedOf: (userIds: readonly UserId[]) =>
      userIds.length === 0
        ? Promise.resolve([])
        : db
            .select()
            .from(muted)
            .where(inArray(muted.userId, [...userIds])),

    setMuted: async (userId: UserId, kinds: readonly InboxKind[]): Promise<void> => {
      await db.transaction(async (tx) => {
        await tx.delete(muted).where(eq(muted.userId, userId));
        if (kinds.length > 0) await tx.insert(muted).values(kinds.map((kind) => ({ userId, kind })));
      });
    },

    digestOf: async (userId: UserId) => {
      const [row] = await db.select().from(digests).where(eq(digests.userId, userId));
      return row?.every ?? null;
    },

    setDigest: async (userId: UserId, every: DigestEvery): Promise<void> => {
      await db
        .insert(digests)
        .values({ userId, every })
        .onConflictDoUpdate({ target: digests.userId, set: { every } });
    },

    /** Accounts with something unread that was not mailed yet and is older than `until`. */
    waiting: (until: Date, limit: number) =>
      db
        .selectDistinct({
          userId: users.id,
          email: users.email,
          name: users.name,
          every: digests.every,
          sentAt: digests.sentAt
        })
        .from(inbox)
        .innerJoin(users, eq(users.id, inbox.userId))
        .leftJoin(digests, eq(digests.userId, inbox.userId))
        .where(
          and(
            isNull(inbox.readAt),
            isNull(inbox.mailedAt),
            lt(inbox.at, until),
            eq(users.guest, false),
            isNotNull(users.email),
            or(isNull(digests.every), sql`${digests.every} <> 'off'`)
          )
        )
        .limit(limit),

    /**
     * Takes a person's next digest: false when another node has just taken it, or when they have switched it off.
     * `before`: when the digest before was sent.
     */
    takeDigest: async (userId: UserId, before: Date | null, at: Date): Promise<boolean> => {
      await db.insert(digests).values({ userId, every: 'day' }).onConflictDoNothing();
      const taken = await db
        .update(digests)
        .set({ sentAt: at })
        .where(
          and(
            eq(digests.userId, userId),
            before === null ? isNull(digests.sentAt) : eq(digests.sentAt, before),
            sql`${digests.every} <> 'off'`
          )
        )
        .returning({ userId: digests.userId });
      return taken.length > 0;
    },

    giveDigestBack: async (userId: UserId, before: Date | null): Promise<void> => {
      await db.update(digests).set({ sentAt: before }).where(eq(digests.userId, userId));
    },

    /** What a digest tells, newest first. */
    unmailed: (userId: UserId, limit: number) =>
      items()
        .where(
          and(eq(inbox.userId, userId), rightsIn(tables).holds, isNull(inbox.readAt), isNull(inbox.mailedAt))
        )
        .orderBy(desc(inbox.at), desc(inbox.id))
        .limit(limit),

    /** Everything unread up to a moment has been mailed, or will never be. */
    markMailed: async (userId: UserId, upTo: Date): Promise<void> => {
      await db
        .update(inbox)
        .set({ mailedAt: upTo })
        .where(and(eq(inbox.userId, userId), isNull(inbox.mailedAt), lt(inbox.at, upTo)));
    }
  };
};
