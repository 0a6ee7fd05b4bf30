import {
  REACTIONS,
  type Comment,
  type CommentPerson,
  type Reaction,
  type Thread
} from '#lib/protocol/comments.ts';
import type { UserId } from './access/principal.ts';
import type { CommentQueries } from './db/comments.ts';

type ThreadRow = Awaited<ReturnType<CommentQueries['page']>>[number];
type CommentRow = Awaited<ReturnType<CommentQueries['commentsOf']>>[number];

/** Puts threads together from their rows. */
export const threadsOf = (queries: CommentQueries) => {
  const peopleById = async (ids: readonly UserId[]): Promise<ReadonlyMap<string, CommentPerson>> => {
    const wanted = [...new Set(ids)];
    const rows = wanted.length === 0 ? [] : await queries.people(wanted);
    return new Map(rows.map(({ id, name, guest }) => [id, { id, name: name ?? '', guest }]));
  };

  /** `rows` as `reader` sees them. */
  const page = async (reader: UserId, rows: readonly ThreadRow[]): Promise<readonly Thread[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const [comments, reactions, mentions, seen] = await Promise.all([
      queries.commentsOf(ids),
      queries.reactionsOf(ids),
      queries.mentionsOf(ids),
      queries.seenBy(reader, ids)
    ]);
    const people = await peopleById([
      ...comments.map(({ userId }) => userId),
      ...rows.flatMap(({ resolvedBy }) => resolvedBy ?? [])
    ]);
    const [byThread, reacted, named] = [
      Map.groupBy(comments, ({ threadId }) => threadId),
      Map.groupBy(reactions, ({ commentId }) => commentId),
      Map.groupBy(mentions, ({ commentId }) => commentId)
    ];
    const readUpTo = new Map(seen.map(({ threadId, at }) => [threadId, at.getTime()]));
    const commentOf = (row: CommentRow): Comment => ({
      id: row.id,
      author: people.get(row.userId) ?? null,
      text: row.text,
      verdict: row.verdict,
      mentions: (named.get(row.id) ?? []).map(({ userId }) => userId),
      createdAt: row.createdAt.toISOString(),
      editedAt: row.editedAt?.toISOString() ?? null,
      deletedAt: row.deletedAt?.toISOString() ?? null,
      reactions: reactionsOf(reacted.get(row.id) ?? [])
    });
    return rows.map((row) => {
      const said = byThread.get(row.id) ?? [];
      const upTo = readUpTo.get(row.id) ?? -1;
      return {
        id: row.id,
        anchor: row.anchor,
        about: row.about,
        createdAt: row.createdAt.toISOString(),
        resolvedAt: row.resolvedAt?.toISOString() ?? null,
        resolvedBy: row.resolvedBy === null ? null : (people.get(row.resolvedBy) ?? null),
        unread: said.some(({ userId, createdAt }) => userId !== reader && createdAt.getTime() > upTo),
        comments: said.map(commentOf)
      };
    });
  };

  return { page, peopleById };
};

/** In the order of the palette, so that they don't jump about. */
const reactionsOf = (
  rows: readonly { readonly userId: string; readonly emoji: string }[]
): Comment['reactions'] =>
  REACTIONS.flatMap((emoji: Reaction) => {
    const people = rows.filter((row) => row.emoji === emoji).map(({ userId }) => userId);
    return people.length > 0 ? [{ emoji, people }] : [];
  });
