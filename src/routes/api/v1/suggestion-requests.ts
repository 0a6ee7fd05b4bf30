import * as v from 'valibot';
import { isRecordId, type CardId, type LaneId, type StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { placeOf, rangeOf, type MetricKey } from '#lib/journey/metrics.ts';
import type { SuggestedChange } from '#lib/journey/suggestion.ts';
import { problem } from '#lib/protocol/problem.ts';
import { SUGGESTION_LIMITS } from '#lib/protocol/suggestions.ts';
import type { SuggestionRefusal } from '../../../../server/suggestions.ts';

const id = <Id extends string>() =>
  v.custom<Id>((value) => typeof value === 'string' && isRecordId(value), 'This must be the id of a record.');

const cardText = v.pipe(
  v.string('This must be text.'),
  v.maxLength(LIMITS.cardText, `A card has at most ${LIMITS.cardText} characters.`)
);

const cell = { lane: id<LaneId>(), stage: id<StageId>() };

const number = v.nullable(v.pipe(v.number('This must be a number, or null for none.'), v.finite()));

const metric = v.pipe(
  v.strictObject({
    kind: v.literal('metric'),
    key: v.custom<MetricKey>(
      (value) => typeof value === 'string' && placeOf(value) !== null,
      'This must be the key of a number, such as stages/ID/dwell.'
    ),
    from: number,
    to: number
  }),
  v.check(({ key, to }) => {
    const place = placeOf(key);
    if (place === null || to === null) return place !== null;
    const { min, max } = rangeOf(place);
    return to >= min && to <= max;
  }, 'The suggested number is outside its range.')
);

const change = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.literal('text'), card: id<CardId>(), from: cardText, to: cardText }),
    v.strictObject({ kind: v.literal('add'), card: id<CardId>(), text: cardText, ...cell }),
    v.strictObject({ kind: v.literal('remove'), card: id<CardId>(), from: cardText }),
    v.strictObject({
      kind: v.literal('move'),
      card: id<CardId>(),
      from: v.strictObject(cell),
      to: v.strictObject(cell)
    }),
    metric
  ],
  'A change is of kind text, add, remove, move or metric.'
);

const words = (what: string) =>
  v.optional(
    v.nullable(
      v.pipe(
        v.string('This must be text.'),
        v.trim(),
        v.maxLength(SUGGESTION_LIMITS.why, `${what} has at most ${SUGGESTION_LIMITS.why} characters.`),
        v.transform((text) => (text === '' ? null : text))
      )
    ),
    null
  );

export const proposalSchema = v.strictObject({
  changes: v.pipe(
    v.array(change, 'This must be a list of changes.'),
    v.minLength(1, 'There is nothing to suggest.'),
    v.maxLength(
      SUGGESTION_LIMITS.atOnce,
      `At most ${SUGGESTION_LIMITS.atOnce} changes can be suggested at once.`
    )
  ),
  why: words('The reason')
});

/** Compiles only while what is read is what the journey knows. */
export const changesOf = ({ changes }: v.InferOutput<typeof proposalSchema>): readonly SuggestedChange[] =>
  changes;

export const suggestionChangeSchema = v.variant(
  'decision',
  [
    v.strictObject({
      decision: v.literal('accept'),
      reason: words('The reason'),
      anyway: v.optional(v.boolean('This must be true or false.'), false)
    }),
    v.strictObject({ decision: v.literal('decline'), reason: words('The reason') }),
    v.strictObject({ decision: v.literal('hold') }),
    v.strictObject({ decision: v.literal('withdraw') })
  ],
  'The decision is accept, decline, hold or withdraw.'
);

const REFUSED: Readonly<Record<SuggestionRefusal, readonly [status: number, message?: string]>> = {
  login: [401],
  unknown: [404],
  gone: [404],
  forbidden: [403],
  nothing: [422, 'One of the changes is of something that is not on the map, or the map says it already.'],
  full: [422, 'There is no room for more suggestions; some have to be decided first.'],
  decided: [409, 'This suggestion has been decided, or taken back.'],
  held: [409, 'Somebody else is just accepting this. Look again in a moment.'],
  changed: [409, 'The map says something else by now than what this was suggested for. Nothing was changed.'],
  vanished: [409, 'What this is about is no longer on the map. Nothing was changed.'],
  'not-yours': [403, 'Only who suggested it may take it back.']
};

/** The answer to somebody whose suggestion, or decision on one, was not taken. */
export function refusedSuggestion({ reason }: { readonly reason: SuggestionRefusal }): Response {
  const [status, message] = REFUSED[reason];
  if (message === undefined) return problem(status);
  const code = `E_${reason.replace('-', '_').toUpperCase()}`;
  return problem(status, message, [{ path: '', code, message }]);
}
