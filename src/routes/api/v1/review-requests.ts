import * as v from 'valibot';
import { REVIEW_INTERVALS, REVIEW_LIMITS, REVIEW_OUTCOMES } from '#lib/protocol/reviews.ts';

const YEARS_AHEAD = 20;

export const planSchema = v.strictObject({
  dueAt: v.nullable(
    v.pipe(
      v.string('This must be a date, or null.'),
      v.isoDate('This must be a date such as 2027-03-31.'),
      v.transform((day) => new Date(`${day}T00:00:00.000Z`)),
      v.check(
        (date) => Math.abs(date.getTime() - Date.now()) < YEARS_AHEAD * 366 * 86_400_000,
        `This must be within ${YEARS_AHEAD} years.`
      )
    )
  ),
  every: v.picklist(REVIEW_INTERVALS, `This must be one of: ${REVIEW_INTERVALS.join(', ')}.`),
  reviewers: v.pipe(
    v.array(v.string('This must be the id of somebody on the map.'), 'This must be a list of ids.'),
    v.maxLength(REVIEW_LIMITS.reviewers, `At most ${REVIEW_LIMITS.reviewers} people can review.`)
  )
});

export const concludeSchema = v.strictObject({
  outcome: v.picklist(REVIEW_OUTCOMES, `This must be one of: ${REVIEW_OUTCOMES.join(', ')}.`),
  note: v.optional(
    v.pipe(
      v.string('This must be text.'),
      v.trim(),
      v.maxLength(REVIEW_LIMITS.note, `A note has at most ${REVIEW_LIMITS.note} characters.`)
    ),
    ''
  )
});

export const winSchema = v.strictObject({
  text: v.pipe(
    v.string('This must be text.'),
    v.trim(),
    v.nonEmpty('A win needs words.'),
    v.maxLength(REVIEW_LIMITS.win, `A win has at most ${REVIEW_LIMITS.win} characters.`)
  ),
  amount: v.optional(v.nullable(v.pipe(v.number('This must be a number, or null.'), v.finite())), null)
});
