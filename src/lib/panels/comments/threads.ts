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

/** Open threads as the board marks them, newest first. */
export const markedThreads = (threads: readonly Thread[]) =>
  threads
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ id, anchor, unread, comments }) => ({
      id,
      anchor,
      unread,
      opener: { id: comments[0]?.author?.id ?? '', name: comments[0]?.author?.name ?? '' },
      comments: comments.filter(({ deletedAt }) => deletedAt === null).length
    }));

/** The next thread with something new after `from`, or before it; round at the end. Null when nothing is new. */
export function nextUnread(threads: readonly Thread[], from: string, by: 1 | -1): string | null {
  const open = threads.filter(({ resolvedAt }) => resolvedAt === null);
  const start = open.findIndex(({ id }) => id === from);
  for (let step = 1; step <= open.length; step += 1) {
    // From nowhere the first one is the first, or backwards the last.
    const at = start === -1 && by === -1 ? open.length - step : start + by * step;
    const thread = open[(at + open.length * 2) % open.length];
    if (thread?.unread) return thread.id;
  }
  return null;
}

/** Which threads are listed, and by whom. */
export const THREAD_FILTERS = ['open', 'mine', 'named', 'resolved'] as const;
export type ThreadFilter = (typeof THREAD_FILTERS)[number];

/** True when a thread passes; `person`: an id, or '' for everybody. */
export function passesFilter(
  { comments, resolvedAt }: Pick<Thread, 'comments' | 'resolvedAt'>,
  filter: ThreadFilter,
  me: string,
  person: string
): boolean {
  if (person !== '' && !comments.some(({ author }) => author?.id === person)) return false;
  switch (filter) {
    case 'open':
      return resolvedAt === null;
    case 'resolved':
      return resolvedAt !== null;
    case 'mine':
      return comments.some(({ author }) => author?.id === me);
    case 'named':
      return comments.some(({ mentions }) => mentions.includes(me));
  }
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
