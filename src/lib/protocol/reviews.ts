import type { CommentPerson } from './comments.ts';

/** How often a map is looked through again. */
export const REVIEW_INTERVALS = ['never', 'month', 'quarter', 'half', 'year'] as const;
export type ReviewInterval = (typeof REVIEW_INTERVALS)[number];

/** What a review came to: the map holds, it was changed, or it is out of date and waits for somebody. */
export const REVIEW_OUTCOMES = ['holds', 'changed', 'outdated'] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];

/** Bounds, in characters or counts. */
export const REVIEW_LIMITS = { note: 2000, reviewers: 20, win: 300, wins: 1000 } as const;

/** How many days before it is due reviewers are reminded. */
export const REMIND_DAYS = 7;

/** People are stamped by the server; null: their account is gone. Times are ISO 8601 in UTC. */
export interface ConcludedReview {
  readonly id: string;
  readonly by: CommentPerson | null;
  readonly outcome: ReviewOutcome;
  readonly note: string;
  readonly clv: number | null; // of the baseline then; null: the map could not be valued
  readonly at: string;
}

export interface Win {
  readonly id: string;
  readonly by: CommentPerson | null;
  readonly text: string;
  readonly amount: number | null; // in the map's currency
  readonly at: string;
}

export interface Review {
  readonly dueAt: string | null;
  readonly every: ReviewInterval;
  readonly reviewers: readonly CommentPerson[];
  readonly concluded: readonly ConcludedReview[]; // newest first, at most 50
  readonly wins: readonly Win[]; // newest first, at most 100
}

/** The topic of the poke that says a map's review or wins have changed. */
export const REVIEW_TOPIC = 'review';

const MONTHS: Readonly<Record<Exclude<ReviewInterval, 'never'>, number>> = {
  month: 1,
  quarter: 3,
  half: 6,
  year: 12
};

/** When a review is due again after one at `from`; null for never. The last day of a shorter month stands for later ones. */
export function nextReview(from: Date, every: ReviewInterval): Date | null {
  if (every === 'never') return null;
  const months = from.getUTCMonth() + MONTHS[every];
  const last = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(from.getUTCFullYear(), months, Math.min(from.getUTCDate(), last)));
}
