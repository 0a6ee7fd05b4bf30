import type { Comment, Thread } from '#lib/collab/comments.ts';

/** How many threads hang on one thing, and whether something of them is new to the reader. */
export interface TalkMark {
  readonly open: number;
  readonly unread: boolean;
}

/** Open threads by what they hang on. */
export function marksOf(threads: readonly Thread[]): ReadonlyMap<string, TalkMark> {
  const marks = new Map<string, TalkMark>();
  for (const { anchor, resolvedAt, unread } of threads) {
    if (resolvedAt !== null) continue;
    const before = marks.get(anchor);
    marks.set(anchor, { open: (before?.open ?? 0) + 1, unread: unread || (before?.unread ?? false) });
  }
  return marks;
}

/** The newest decision among threads; null when nobody has decided. */
export const decisionOn = (threads: readonly Thread[]): Comment | null =>
  threads
    .flatMap(({ comments }) => comments)
    .filter(({ verdict }) => verdict !== null)
    .reduce<Comment | null>(
      (newest, comment) => (newest === null || comment.createdAt >= newest.createdAt ? comment : newest),
      null
    );
