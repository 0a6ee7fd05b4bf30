import { randomUUID } from 'node:crypto';
import { aboutOf, parseAnchor } from '#lib/journey/anchor.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import type { Journey } from '#lib/journey/records.ts';
import {
  COMMENT_LIMITS,
  COMMENTS_TOPIC,
  type CommentPerson,
  type Reaction,
  type Thread,
  type ThreadPage,
  type Verdict
} from '#lib/protocol/comments.ts';
import type { Action, Authorize, Denied } from './access/access.ts';
import type { Principal, UserId } from './access/principal.ts';
import { commentQueries, type Said } from './db/comments.ts';
import type { Opened } from './db/db.ts';
import { storable } from './db/text.ts';
import type { Inbox } from './inbox.ts';
import type { Outcome } from './maps.ts';
import type { Rooms } from './rooms/types.ts';
import { cursorOf, placeOf } from './pages.ts';
import { threadsOf } from './threads.ts';

/** What somebody says. `mentions`: ids of people on the map; others are left out. */
export interface Words {
  readonly text: string; // 1 to 4,000 characters after trimming
  readonly mentions?: readonly string[];
  readonly verdict?: Verdict | null;
}

export type CommentRefusal =
  | Denied['reason']
  | 'text' // empty or too long
  | 'anchor' // names nothing on the map
  | 'verdict' // only opportunities are decided on
  | 'full' // no more threads on this map, or comments in this thread
  | 'not-yours' // somebody else's comment
  | 'decided'; // a verdict stays as it was given

export type CommentOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: CommentRefusal };

/**
 * Talk about a map, stamped with its author by the server. Each call asks for the right first; what changes is poked to
 * the open boards of the map.
 */
export interface Comments {
  /** Newest thread first. `limit` 1 to 200. Throws a BadCursor. */
  list(
    by: Principal | null,
    mapId: string,
    page: { readonly cursor?: string | undefined; readonly limit: number }
  ): Promise<CommentOutcome<ThreadPage>>;
  /** Who can be mentioned: everybody on the map. */
  people(by: Principal | null, mapId: string): Promise<CommentOutcome<readonly CommentPerson[]>>;
  /** Answers the new thread's id. */
  begin(
    by: Principal | null,
    mapId: string,
    given: Words & { readonly anchor: string }
  ): Promise<CommentOutcome<string>>;
  /** Answers the new comment's id. A resolved thread is open again. */
  reply(by: Principal | null, mapId: string, threadId: string, given: Words): Promise<CommentOutcome<string>>;
  /** The author's own words alone; a verdict stays. */
  edit(
    by: Principal | null,
    mapId: string,
    threadId: string,
    commentId: string,
    text: string
  ): Promise<CommentOutcome<void>>;
  /** The author, or an owner of the map; the trace of it stays. A verdict stays whole. */
  remove(
    by: Principal | null,
    mapId: string,
    threadId: string,
    commentId: string
  ): Promise<CommentOutcome<void>>;
  resolve(
    by: Principal | null,
    mapId: string,
    threadId: string,
    resolved: boolean
  ): Promise<CommentOutcome<void>>;
  react(
    by: Principal | null,
    mapId: string,
    threadId: string,
    commentId: string,
    emoji: Reaction,
    on: boolean
  ): Promise<CommentOutcome<void>>;
  /** The reader has read the thread up to now; pokes nobody. */
  see(by: Principal | null, mapId: string, threadId: string): Promise<CommentOutcome<void>>;
}

interface Parts {
  readonly opened: Opened;
  readonly authorize: Authorize;
  readonly rooms: Pick<Rooms, 'poke'>;
  readonly journey: (by: Principal | null, mapId: string) => Promise<Outcome<Journey>>;
  /** What somebody wants to be told of. */
  readonly wanted: Inbox['wanted'];
}

export function createComments({ opened, authorize, rooms, journey, wanted: wants }: Parts): Comments {
  const queries = commentQueries(opened);
  const { page } = threadsOf(queries);

  const allowed = async <T>(
    by: Principal | null,
    mapId: string,
    action: Action,
    work: (mapId: MapId, by: Principal, isOwner: boolean) => Promise<CommentOutcome<T>>
  ): Promise<CommentOutcome<T>> => {
    const grant = await authorize(by, mapId, action);
    if (!grant.allowed) return { ok: false, reason: grant.reason };
    return by !== null && isMapId(mapId) ? work(mapId, by, grant.role === 'owner') : refused('unknown');
  };
  /** The same for what others see at once. */
  const changing = <T>(
    by: Principal | null,
    mapId: string,
    work: (mapId: MapId, by: Principal, isOwner: boolean) => Promise<CommentOutcome<T>>
  ) =>
    allowed(by, mapId, 'comment', async (id, who, isOwner) => {
      const outcome = await work(id, who, isOwner);
      if (outcome.ok) rooms.poke(id, { topic: COMMENTS_TOPIC });
      return outcome;
    });

  /** A comment with whom it names and whom it concerns: those named, else those who were in the thread before. */
  const said = async (
    mapId: MapId,
    threadId: string,
    { userId }: Principal,
    { text, mentions = [], verdict = null }: Words
  ): Promise<Said> => {
    const members = await queries.members(mapId);
    const wanted = new Set(mentions.slice(0, COMMENT_LIMITS.mentions));
    const named = members.map(({ id }) => id).filter((id) => wanted.has(id));
    const before = new Set((await queries.commentsOf([threadId])).map((comment) => comment.userId));
    const here = new Set<UserId>(members.map(({ id }) => id));
    const told = new Map<UserId, Said['told'][number]['kind']>();
    const want = await wants([...before, ...named]);
    const tell = (id: UserId, kind: Said['told'][number]['kind']) => want(id, kind) && told.set(id, kind);
    for (const id of before) if (here.has(id)) tell(id, verdict === null ? 'reply' : 'verdict');
    for (const id of named) tell(id, 'mention');
    told.delete(userId);
    return {
      comment: { id: randomUUID(), threadId, userId, text: tidy(text), verdict, createdAt: new Date() },
      mentions: named,
      told: [...told].map(([id, kind]) => ({ id: randomUUID(), userId: id, kind }))
    };
  };

  /** A comment of this map that is still there. */
  const existing = async (
    mapId: MapId,
    threadId: string,
    commentId: string
  ): Promise<
    CommentOutcome<{ readonly id: string; readonly userId: UserId; readonly verdict: Verdict | null }>
  > => {
    const comment = await queries.comment(mapId, storable(threadId), storable(commentId));
    return comment === null ? refused('unknown') : { ok: true, value: comment };
  };

  return {
    list: (by, mapId, asked) =>
      allowed(by, mapId, 'read', async (id, { userId }) => {
        const limit = Math.min(Math.max(Math.trunc(asked.limit), 1), 200);
        const after = asked.cursor === undefined ? null : placeOf(asked.cursor);
        const rows = await queries.page(id, after, limit + 1);
        const threads: readonly Thread[] = await page(userId, rows.slice(0, limit));
        const last = rows[limit - 1];
        const next = rows.length > limit && last ? cursorOf({ at: last.createdAt, id: last.id }) : null;
        return { ok: true, value: { threads, next } };
      }),
    people: (by, mapId) =>
      allowed(by, mapId, 'read', async (id) => ({
        ok: true,
        value: (await queries.members(id)).map((person) => ({ ...person, name: person.name ?? '' }))
      })),
    begin: (by, mapId, { anchor: text, ...words }) =>
      changing(by, mapId, async (id, who) => {
        if (!isText(words.text)) return refused('text');
        const anchor = parseAnchor(text);
        const read = anchor && (await journey(by, mapId));
        const about = anchor !== null && read?.ok ? aboutOf(anchor, read.value) : null;
        if (anchor === null || about === null) return refused('anchor');
        if (words.verdict && anchor.on !== 'opportunity') return refused('verdict');
        const threadId = randomUUID();
        const first = await said(id, threadId, who, words);
        const thread = {
          id: threadId,
          mapId: id,
          anchor: text,
          about: storable(about),
          createdAt: first.comment.createdAt
        };
        const begun = await queries.begin(thread, first, COMMENT_LIMITS.threadsOnMap);
        return begun ? { ok: true, value: threadId } : refused('full');
      }),
    reply: (by, mapId, threadId, words) =>
      changing(by, mapId, async (id, who) => {
        if (!isText(words.text)) return refused('text');
        const thread = await queries.thread(id, storable(threadId));
        if (thread === null) return refused('unknown');
        if (words.verdict && !thread.anchor.startsWith('opportunity/')) return refused('verdict');
        const answer = await said(id, thread.id, who, words);
        const added = await queries.reply(id, answer, COMMENT_LIMITS.commentsInThread);
        return added ? { ok: true, value: answer.comment.id } : refused('full');
      }),
    edit: (by, mapId, threadId, commentId, text) =>
      changing(by, mapId, async (id, who) => {
        if (!isText(text)) return refused('text');
        const comment = await existing(id, threadId, commentId);
        if (!comment.ok) return comment;
        if (comment.value.userId !== who.userId) return refused('not-yours');
        if (comment.value.verdict !== null) return refused('decided');
        await queries.edit(comment.value.id, tidy(text), new Date());
        return done;
      }),
    remove: (by, mapId, threadId, commentId) =>
      changing(by, mapId, async (id, who, isOwner) => {
        const comment = await existing(id, threadId, commentId);
        if (!comment.ok) return comment;
        if (comment.value.userId !== who.userId && !isOwner) return refused('not-yours');
        if (comment.value.verdict !== null) return refused('decided');
        await queries.remove(id, comment.value.id, who.userId, new Date());
        return done;
      }),
    resolve: (by, mapId, threadId, resolved) =>
      changing(by, mapId, async (id, { userId }) => {
        const at = resolved ? { userId, at: new Date() } : null;
        return (await queries.resolve(id, storable(threadId), at)) ? done : refused('unknown');
      }),
    react: (by, mapId, threadId, commentId, emoji, on) =>
      changing(by, mapId, async (id, { userId }) => {
        const comment = await existing(id, threadId, commentId);
        if (!comment.ok) return comment;
        const reaction = { commentId: comment.value.id, userId, emoji };
        await (on ? queries.react(reaction) : queries.unreact(reaction));
        return done;
      }),
    see: (by, mapId, threadId) =>
      allowed(by, mapId, 'read', async (id, { userId }) => {
        const thread = await queries.thread(id, storable(threadId));
        if (thread === null) return refused('unknown');
        await queries.see(userId, thread.id, new Date());
        return done;
      })
  };
}

const refused = (reason: CommentRefusal) => ({ ok: false, reason }) as const;

const done = { ok: true, value: undefined } as const;

const tidy = (text: string): string => storable(text).trim();

const isText = (text: string): boolean => {
  const { length } = tidy(text);
  return length > 0 && length <= COMMENT_LIMITS.text;
};
