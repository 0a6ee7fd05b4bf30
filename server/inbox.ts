import { randomUUID } from 'node:crypto';
import type { MapId } from '#lib/journey/ids.ts';
import {
  INBOX_KINDS,
  type DigestInterval,
  type InboxItem,
  type InboxKind,
  type InboxPage,
  type InboxSettings
} from '#lib/protocol/inbox.ts';
import type { Principal, UserId } from './access/principal.ts';
import { commentQueries } from './db/comments.ts';
import type { Opened } from './db/db.ts';
import { inboxQueries, type InboxQueries } from './db/inbox.ts';
import { storable } from './db/text.ts';
import { cursorOf, placeOf } from './pages.ts';
import { threadsOf } from './threads.ts';

/** Something other than a comment to tell people of. */
export interface News {
  readonly to: readonly UserId[];
  readonly kind: InboxKind;
  readonly mapId: MapId;
  /** Nobody is told of the same subject twice. */
  readonly subject: string;
  readonly by: UserId | null; // null: the server; is never told of their own doing
  readonly text: string;
  readonly about: string;
}

/** What each person is told of, in the product itself. */
export interface Inbox {
  /** Newest first. `limit` 1 to 100. Throws a BadCursor. */
  list(
    by: Principal,
    page: { readonly cursor?: string | undefined; readonly limit: number }
  ): Promise<InboxPage>;
  /** Marks as read what is named, or everything. */
  read(by: Principal, ids: readonly string[] | null): Promise<void>;
  /** Marks as read what was told of one subject. */
  readSubject(by: Principal, subject: string): Promise<void>;
  settings(by: Principal): Promise<InboxSettings>;
  change(by: Principal, to: Partial<InboxSettings>): Promise<void>;
  tell(news: News): Promise<void>;
  /** Answers who of these wants to be told of what. */
  readonly wanted: (people: readonly UserId[]) => Promise<(id: UserId, kind: InboxKind) => boolean>;
}

type Row = Awaited<ReturnType<InboxQueries['list']>>[number];

/** Turns rows of an inbox into what is shown. */
export const itemsOf = (opened: Opened) => {
  const { peopleById } = threadsOf(commentQueries(opened));
  return async (rows: readonly Row[]): Promise<readonly InboxItem[]> => {
    const authors = rows.flatMap(({ author, byId }) => author ?? byId ?? []);
    const people = await peopleById(authors);
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      map: { id: row.mapId, title: row.title },
      thread: row.threadId,
      comment: row.commentId,
      subject: row.subject,
      author: people.get(row.author ?? row.byId ?? '') ?? null,
      text: row.said ?? row.text ?? '',
      about: row.threadAbout ?? row.about ?? '',
      at: row.at.toISOString(),
      readAt: row.readAt?.toISOString() ?? null
    }));
  };
};

export function createInbox(opened: Opened): Inbox {
  const queries = inboxQueries(opened);
  const shown = itemsOf(opened);

  const wanted: Inbox['wanted'] = async (people) => {
    const rows = await queries.mutedOf(people);
    const off = new Set(rows.map(({ userId, kind }) => `${userId} ${kind}`));
    return (id, kind) => !off.has(`${id} ${kind}`);
  };

  return {
    wanted,
    list: async ({ userId }, asked) => {
      const limit = Math.min(Math.max(Math.trunc(asked.limit), 1), 100);
      const after = asked.cursor === undefined ? null : placeOf(asked.cursor);
      const rows = await queries.list(userId, after, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: await shown(page),
        unread: await queries.unread(userId),
        next: rows.length > limit && last ? cursorOf(last) : null
      };
    },
    read: ({ userId }, ids) => queries.read(userId, ids?.map(storable) ?? null, new Date()),
    readSubject: ({ userId }, subject) => queries.readSubject(userId, storable(subject), new Date()),
    settings: async ({ userId }) => {
      const off = new Set((await queries.mutedOf([userId])).map(({ kind }) => kind));
      return {
        muted: INBOX_KINDS.filter((kind) => off.has(kind)),
        digest: (await queries.digestOf(userId)) ?? 'day'
      };
    },
    change: async ({ userId }, { muted, digest }) => {
      if (muted !== undefined) await queries.setMuted(userId, [...new Set(muted)]);
      if (digest !== undefined) await queries.setDigest(userId, digest satisfies DigestInterval);
    },
    tell: async ({ to, kind, mapId, subject, by, text, about }) => {
      const people = [...new Set(to)].filter((id) => id !== by);
      const want = await wanted(people);
      const at = new Date();
      await queries.tell(
        people
          .filter((userId) => want(userId, kind))
          .map((userId) => ({
            id: randomUUID(),
            userId,
            kind,
            mapId,
            subject,
            byId: by,
            text: storable(text),
            about: storable(about),
            at
          }))
      );
    }
  };
}
