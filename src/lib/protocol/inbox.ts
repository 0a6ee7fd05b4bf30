import type { CommentPerson } from './comments.ts';

/**
 * What a person is told of: their name in a comment, an answer, a decision on an opportunity, a suggestion to decide on,
 * the answer to an own one, a review that is due, a win.
 */
export const INBOX_KINDS = ['mention', 'reply', 'verdict', 'suggestion', 'answer', 'review', 'win'] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];

/** How often an account's unread inbox comes by mail, where the server can send any. */
export const DIGEST_INTERVALS = ['off', 'hour', 'day', 'week'] as const;
export type DigestInterval = (typeof DIGEST_INTERVALS)[number];

/** Of a comment: `thread` and `comment`. Of anything else: `subject`, such as `suggestion/ID` or `review/ID`. */
export interface InboxItem {
  readonly id: string;
  readonly kind: InboxKind;
  readonly map: { readonly id: string; readonly title: string };
  readonly thread: string | null;
  readonly comment: string | null;
  readonly subject: string | null;
  readonly author: CommentPerson | null; // null: the server, or somebody whose account is gone
  readonly text: string;
  readonly about: string;
  readonly at: string;
  readonly readAt: string | null;
}

export interface InboxPage {
  readonly items: readonly InboxItem[]; // newest first
  readonly unread: number;
  readonly next: string | null;
}

export interface InboxSettings {
  readonly muted: readonly InboxKind[];
  readonly digest: DigestInterval;
}

/** The path of the very thing that an item tells of. */
export function pathOfItem({ map, thread, subject }: Pick<InboxItem, 'map' | 'thread' | 'subject'>): string {
  const base = `/maps/${map.id}`;
  if (thread !== null) return `${base}?thread=${encodeURIComponent(thread)}`;
  const [what = '', id = ''] = (subject ?? '').split('/');
  if (what === 'suggestion' || what === 'answer') return `${base}?suggestion=${encodeURIComponent(id)}`;
  return what === 'review' || what === 'win' ? `${base}?review` : base;
}

/** Items of one kind about one thing, told as one. */
export interface InboxGroup {
  readonly newest: InboxItem;
  readonly items: readonly InboxItem[]; // newest first, at least one
}

/** Groups floods: what is of one kind, in one thread (or on one map, for what is no comment) and of one day. */
export function grouped(items: readonly InboxItem[]): readonly InboxGroup[] {
  const groups = new Map<string, InboxItem[]>();
  for (const item of items) {
    const place = item.thread ?? item.map.id;
    const key = [item.kind, place, item.at.slice(0, 10), item.readAt === null].join(' ');
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [item]);
    else same.push(item);
  }
  return [...groups.values()].flatMap((same) => {
    const [newest] = same;
    return newest === undefined ? [] : [{ newest, items: same }];
  });
}

const MANY: Readonly<Record<InboxKind, string>> = {
  mention: 'times named',
  reply: 'replies',
  verdict: 'decisions',
  suggestion: 'suggestions',
  answer: 'answers to your suggestions',
  review: 'reminders of a review',
  win: 'wins'
};

const ONE: Readonly<Record<InboxKind, string>> = {
  mention: 'named you',
  reply: 'answered you',
  verdict: 'decided',
  suggestion: 'suggests a change',
  answer: 'answered your suggestion',
  review: 'Review',
  win: 'shared a win'
};

/** What a group tells, in a few words: “Ann named you”, “5 replies in “Prices””. */
export function headingOfGroup({ newest, items }: InboxGroup): string {
  if (items.length > 1) return `${items.length} ${MANY[newest.kind]} in “${newest.about}”`;
  if (newest.kind === 'review' && newest.author === null) return newest.about;
  const who = newest.author === null ? 'Somebody who left' : newest.author.name || 'A guest';
  return newest.kind === 'review' ? `${who}: ${newest.about}` : `${who} ${ONE[newest.kind]}`;
}
