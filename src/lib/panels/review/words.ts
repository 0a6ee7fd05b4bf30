import type { Review, ReviewInterval, ReviewOutcome } from '#lib/collab/reviews.ts';
import { timeAgo } from '#lib/ui/time-ago.ts';

export const OUTCOME_WORDS: Readonly<Record<ReviewOutcome, string>> = {
  holds: 'It holds',
  changed: 'It was changed',
  outdated: 'It is out of date'
};

export const INTERVAL_WORDS: Readonly<Record<ReviewInterval, string>> = {
  never: 'Only once',
  month: 'Every month',
  quarter: 'Every quarter',
  half: 'Every half year',
  year: 'Every year'
};

const DAY_MS = 86_400_000;

/** How a map stands to its review: `late` when it is overdue or was found out of date. */
export interface Staleness {
  readonly words: string;
  readonly tone: 'calm' | 'soon' | 'late';
}

const SOON_DAYS = 7;

/** Null while nobody has planned or concluded a review. `day`: how a date is written. */
export function stalenessOf(
  { dueAt, concluded }: Pick<Review, 'dueAt' | 'concluded'>,
  now: Date,
  day: (date: Date) => string
): Staleness | null {
  const [last] = concluded;
  if (dueAt === null && last === undefined) return null;
  const seen =
    last === undefined ? 'Never reviewed' : `Reviewed ${timeAgo(new Date(last.at), now.getTime())}`;
  const days = dueAt === null ? null : Math.ceil((new Date(dueAt).getTime() - now.getTime()) / DAY_MS);
  const due =
    dueAt === null ? '' : days !== null && days <= 0 ? ', due now' : `, due ${day(new Date(dueAt))}`;
  const outdated = last?.outcome === 'outdated' ? ', out of date' : '';
  const isLate = outdated !== '' || (days !== null && days <= 0);
  return {
    words: `${seen}${outdated}${due}`,
    tone: isLate ? 'late' : days !== null && days <= SOON_DAYS ? 'soon' : 'calm'
  };
}
