/** What a manager says of an opportunity. */
export const VERDICTS = ['approve', 'decline', 'ask'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a comment can be answered with, without words. */
export const REACTIONS = ['👍', '❤️', '🎉', '🤔', '👀', '✅'] as const;
export type Reaction = (typeof REACTIONS)[number];

/** Bounds of comments, in characters or counts. */
export const COMMENT_LIMITS = {
  text: 4000,
  mentions: 20,
  threadsOnMap: 5000,
  commentsInThread: 500
} as const;

/** Somebody as comments show them. Stamped by the server; null stands for somebody whose account is gone. */
export interface CommentPerson {
  readonly id: string;
  readonly name: string; // '' for a guest who has not been asked yet
  readonly guest: boolean;
}

/** Times are ISO 8601 in UTC. */
export interface Comment {
  readonly id: string;
  readonly author: CommentPerson | null;
  readonly text: string; // '' when deleted
  readonly verdict: Verdict | null;
  readonly mentions: readonly string[]; // ids of people
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  readonly reactions: readonly { readonly emoji: Reaction; readonly people: readonly string[] }[];
}

export interface Thread {
  readonly id: string;
  readonly anchor: string; // journey/anchor.ts
  /** What it hung on, in the words of the map when it began. */
  readonly about: string;
  readonly createdAt: string;
  readonly resolvedAt: string | null;
  readonly resolvedBy: CommentPerson | null;
  /** True when somebody else said something that the reader has not seen. */
  readonly unread: boolean;
  readonly comments: readonly Comment[]; // oldest first, at least one
}

export interface ThreadPage {
  readonly threads: readonly Thread[]; // newest first
  readonly next: string | null; // cursor of the page after this one
}

/** The topic of the poke that says a map's comments have changed. */
export const COMMENTS_TOPIC = 'comments';
