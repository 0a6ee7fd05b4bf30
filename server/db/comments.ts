import { and, asc, count, desc, eq, inArray, isNull, lt, or } from 'drizzle-orm';
import type { MapId } from '#lib/journey/ids.ts';
import { note } from './audit.ts';
import type { Opened, Queries } from './db.ts';
import type { UserId } from './ids.ts';
import { holdMap } from './maps.ts';
import { rightsIn } from './rights.ts';

export type CommentQueries = ReturnType<typeof commentQueries>;

/** Where a page of a list begins: after the row with this time and id. */
export interface Since {
  readonly at: Date;
  readonly id: string;
}

/** What one comment adds, beside its own row. */
export interface Said {
  readonly comment: {
    readonly id: string;
    readonly threadId: string;
    readonly userId: UserId;
    readonly text: string;
    readonly verdict: 'approve' | 'decline' | 'ask' | null;
    readonly createdAt: Date;
  };
  readonly mentions: readonly UserId[];
  readonly told: readonly {
    readonly id: string;
    readonly userId: UserId;
    readonly kind: 'mention' | 'reply' | 'verdict';
  }[];
}

/** Threads of comments and who has been told of them. Texts are `storable` already. */
export const commentQueries = ({ db, tables }: Opened) => {
  const { threads, comments, reactions, mentions, seen, inbox, users, maps, members, links } = tables;

  const add = async (tx: Queries, mapId: MapId, { comment, mentions: named, told }: Said): Promise<void> => {
    await tx.insert(comments).values(comment);
    const commentId = comment.id;
    if (named.length > 0) await tx.insert(mentions).values(named.map((userId) => ({ commentId, userId })));
    if (told.length > 0)
      await tx
        .insert(inbox)
        .values(told.map((item) => ({ ...item, mapId, commentId, at: comment.createdAt })))
        .onConflictDoNothing({ target: [inbox.userId, inbox.commentId] });
    await read(tx, comment.userId, comment.threadId, comment.createdAt);
    const { userId: by, threadId: thread, verdict } = comment;
    if (verdict !== null)
      await note(tx, tables, {
        action: 'decision',
        by,
        mapId,
        detail: { verdict, thread, comment: commentId }
      });
  };

  const markSeen = async (q: Queries, userId: UserId, threadId: string, at: Date): Promise<void> => {
    await q
      .insert(seen)
      .values({ userId, threadId, at })
      .onConflictDoUpdate({ target: [seen.userId, seen.threadId], set: { at }, setWhere: lt(seen.at, at) });
  };

  /** What is read in a thread is read in the inbox. */
  const read = async (q: Queries, userId: UserId, threadId: string, at: Date): Promise<void> => {
    await markSeen(q, userId, threadId, at);
    const said = q.select({ id: comments.id }).from(comments).where(eq(comments.threadId, threadId));
    await q
      .update(inbox)
      .set({ readAt: at })
      .where(and(eq(inbox.userId, userId), isNull(inbox.readAt), inArray(inbox.commentId, said)));
  };

  return {
    /** False when the map is in the trash or has `most` threads. */
    begin: (
      thread: typeof threads.$inferInsert & { readonly mapId: MapId },
      said: Said,
      most: number
    ): Promise<boolean> =>
      db.transaction(async (tx) => {
        if (!(await holdMap(tx, tables, thread.mapId))) return false;
        const [now] = await tx
          .select({ count: count() })
          .from(threads)
          .where(eq(threads.mapId, thread.mapId));
        if ((now?.count ?? 0) >= most) return false;
        await tx.insert(threads).values(thread);
        await add(tx, thread.mapId, said);
        return true;
      }),

    /** Adds to a thread and opens it again. False when it is not on that map or has `most` comments. */
    reply: (mapId: MapId, said: Said, most: number): Promise<boolean> =>
      db.transaction(async (tx) => {
        const { threadId } = said.comment;
        const opened = await tx
          .update(threads)
          .set({ resolvedAt: null, resolvedBy: null })
          .where(and(eq(threads.id, threadId), eq(threads.mapId, mapId)))
          .returning({ id: threads.id });
        if (opened.length === 0) return false;
        const [now] = await tx
          .select({ count: count() })
          .from(comments)
          .where(eq(comments.threadId, threadId));
        if ((now?.count ?? 0) >= most) return false;
        await add(tx, mapId, said);
        return true;
      }),

    thread: async (mapId: MapId, threadId: string) => {
      const [row] = await db
        .select()
        .from(threads)
        .where(and(eq(threads.id, threadId), eq(threads.mapId, mapId)));
      return row ?? null;
    },

    /** A comment that is on that map and not deleted. */
    comment: async (mapId: MapId, threadId: string, commentId: string) => {
      const [row] = await db
        .select({ id: comments.id, userId: comments.userId, verdict: comments.verdict })
        .from(comments)
        .innerJoin(threads, eq(threads.id, comments.threadId))
        .where(
          and(
            eq(comments.id, commentId),
            eq(comments.threadId, threadId),
            eq(threads.mapId, mapId),
            isNull(comments.deletedAt)
          )
        );
      return row ?? null;
    },

    page: (mapId: MapId, after: Since | null, limit: number) =>
      db
        .select()
        .from(threads)
        .where(
          and(
            eq(threads.mapId, mapId),
            after === null
              ? undefined
              : or(
                  lt(threads.createdAt, after.at),
                  and(eq(threads.createdAt, after.at), lt(threads.id, after.id))
                )
          )
        )
        .orderBy(desc(threads.createdAt), desc(threads.id))
        .limit(limit),

    commentsOf: (threadIds: readonly string[]) =>
      db
        .select()
        .from(comments)
        .where(inArray(comments.threadId, [...threadIds]))
        .orderBy(asc(comments.createdAt), asc(comments.id)),

    reactionsOf: (threadIds: readonly string[]) =>
      db
        .select({ commentId: reactions.commentId, userId: reactions.userId, emoji: reactions.emoji })
        .from(reactions)
        .innerJoin(comments, eq(comments.id, reactions.commentId))
        .where(inArray(comments.threadId, [...threadIds])),

    mentionsOf: (threadIds: readonly string[]) =>
      db
        .select({ commentId: mentions.commentId, userId: mentions.userId })
        .from(mentions)
        .innerJoin(comments, eq(comments.id, mentions.commentId))
        .where(inArray(comments.threadId, [...threadIds])),

    seenBy: (userId: UserId, threadIds: readonly string[]) =>
      db
        .select({ threadId: seen.threadId, at: seen.at })
        .from(seen)
        .where(and(eq(seen.userId, userId), inArray(seen.threadId, [...threadIds]))),

    /** Names of people, whether they are still on a map or not. */
    people: (ids: readonly UserId[]) =>
      db
        .select({ id: users.id, name: users.name, guest: users.guest })
        .from(users)
        .where(inArray(users.id, [...ids])),

    /** Everybody who may read the map now. */
    members: (mapId: MapId) => {
      const { link, holds } = rightsIn(tables);
      return db
        .select({ id: users.id, name: users.name, guest: users.guest })
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .innerJoin(maps, eq(maps.id, members.mapId))
        .leftJoin(links, link)
        .where(and(eq(members.mapId, mapId), holds))
        .orderBy(asc(members.joinedAt), asc(users.id));
    },

    edit: async (commentId: string, text: string, at: Date): Promise<boolean> => {
      const changed = await db
        .update(comments)
        .set({ text, editedAt: at })
        .where(and(eq(comments.id, commentId), isNull(comments.deletedAt)))
        .returning({ id: comments.id });
      return changed.length > 0;
    },

    /** Takes the words away and leaves the trace; nobody is told of it any more. */
    remove: (mapId: MapId, commentId: string, by: UserId, at: Date): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.update(comments).set({ text: '', deletedAt: at }).where(eq(comments.id, commentId));
        await tx.delete(mentions).where(eq(mentions.commentId, commentId));
        await tx.delete(reactions).where(eq(reactions.commentId, commentId));
        await tx.delete(inbox).where(eq(inbox.commentId, commentId));
        await note(tx, tables, { action: 'comment removed', by, mapId, detail: { comment: commentId } });
      }),

    resolve: async (
      mapId: MapId,
      threadId: string,
      by: { readonly userId: UserId; readonly at: Date } | null
    ) => {
      const changed = await db
        .update(threads)
        .set({ resolvedAt: by?.at ?? null, resolvedBy: by?.userId ?? null })
        .where(and(eq(threads.id, threadId), eq(threads.mapId, mapId)))
        .returning({ id: threads.id });
      return changed.length > 0;
    },

    react: async (reaction: {
      readonly commentId: string;
      readonly userId: UserId;
      readonly emoji: string;
    }) => {
      await db.insert(reactions).values(reaction).onConflictDoNothing();
    },

    unreact: async ({ commentId, userId, emoji }: { commentId: string; userId: UserId; emoji: string }) => {
      await db
        .delete(reactions)
        .where(
          and(eq(reactions.commentId, commentId), eq(reactions.userId, userId), eq(reactions.emoji, emoji))
        );
    },

    see: (userId: UserId, threadId: string, at: Date): Promise<void> =>
      db.transaction((tx) => read(tx, userId, threadId, at))
  };
};
