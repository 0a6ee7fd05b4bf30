import type { JourneyInput } from '../model.ts';
import { quoted } from '../ranges.ts';
import { numberAt, numberPlace, withNumber, type NumberPlace } from './numbers.ts';
import { placeKey, refusal } from './problems.ts';
import type { Edit, Opportunity, Refused } from './types.ts';

/** All changes of one number, checked. */
export interface NumberChange {
  readonly place: NumberPlace;
  /** The number in force before any change. */
  readonly before: number | undefined;
  readonly set: number | null;
  readonly factors: readonly number[];
  readonly terms: readonly number[];
}

/**
 * Changes grouped by the number that they change (D1, D6): x' = (set, or x) times all factors, plus all terms, whatever
 * the order in which they are given.
 *
 * @returns E_CONFLICT when two of them set the same number, E_NOT_FINITE for an amount that is no number, E_MISSING when
 *   a number is to be added to or multiplied that nobody has entered, E_PLACE and E_UNKNOWN_* for places without one.
 */
export function changesOf(
  input: JourneyInput,
  edits: readonly Edit[]
): { readonly ok: true; readonly changes: readonly NumberChange[] } | Refused {
  const groups = new Map<string, Edit[]>();
  for (const edit of edits) {
    const key = placeKey(edit.place);
    const group = groups.get(key);
    if (group) group.push(edit);
    else groups.set(key, [edit]);
  }
  const changes: NumberChange[] = [];
  for (const group of groups.values()) {
    const change = changeOf(input, group);
    if ('ok' in change) return change;
    changes.push(change);
  }
  return { ok: true, changes };
}

function changeOf(input: JourneyInput, group: readonly Edit[]): NumberChange | Refused {
  const at = group[0]!.place;
  if (!group.every(({ amount }) => Number.isFinite(amount)))
    return refusal('E_NOT_FINITE', 'The amount of a change must be a number.', at);
  const place = numberPlace(input, at);
  if ('ok' in place) return place;
  const amounts = (how: Edit['how']) => group.filter((edit) => edit.how === how).map(({ amount }) => amount);
  const sets = amounts('set');
  if (sets.length > 1) return refusal('E_CONFLICT', 'Two changes set the same number.', at);
  const before = numberAt(input, place);
  if (before === undefined && sets.length === 0)
    return refusal('E_MISSING', 'A change adds to or multiplies a number that nobody has entered.', at);
  return { place, before, set: sets[0] ?? null, factors: amounts('multiply'), terms: amounts('add') };
}

/** The number after its changes. */
export function changed({ before, set, factors, terms }: NumberChange): number {
  const scaled = factors.reduce((product, factor) => product * factor, set ?? before ?? NaN);
  return terms.reduce((sum, term) => sum + term, scaled);
}

/**
 * The map after changes (D1 to D6). Whether its numbers are in range is the engine's to say: give the result to
 * `checkModel` or `evaluateJourney`. The argument stays as it is.
 *
 * @returns the refusals of {@link changesOf}.
 */
export function applyEdits(
  input: JourneyInput,
  edits: readonly Edit[]
): { readonly ok: true; readonly input: JourneyInput } | Refused {
  const found = changesOf(input, edits);
  if (!found.ok) return found;
  return {
    ok: true,
    input: found.changes.reduce((map, change) => withNumber(map, change.place, changed(change)), input)
  };
}

/** Pairs of opportunities, as positions, that set the same number and so cannot be done together (D6). */
export function conflictsAmong(opportunities: readonly Opportunity[]): [number, number][] {
  const sets = opportunities.map(
    ({ edits }) => new Set(edits.filter(({ how }) => how === 'set').map(({ place }) => placeKey(place)))
  );
  return sets.flatMap((mine, i) =>
    sets.flatMap((theirs, k): [number, number][] =>
      k > i && [...mine].some((key) => theirs.has(key)) ? [[i, k]] : []
    )
  );
}

/** The sentence for two opportunities that cannot be done together. */
export const conflictRefusal = (a: Opportunity, b: Opportunity): Refused =>
  refusal(
    'E_CONFLICT',
    `${quoted(a.name)} and ${quoted(b.name)} set the same number and cannot be done together.`,
    null,
    b.id
  );
