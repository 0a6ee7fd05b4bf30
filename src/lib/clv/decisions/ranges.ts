import type { JourneyInput } from '../model.ts';
import { regularisedBeta } from '../transactions/numeric/incomplete-beta.ts';
import { numberAt, numberPlace, rangeAt, type NumberPlace } from './numbers.ts';
import { placeKey, refusal } from './problems.ts';
import type { Edit, NumberRange, RangedNumber, Refused, TornadoBar } from './types.ts';

const LARGEST_N_EFF = 1e9;
const SHARE_METRICS = ['annualDiscountRate', 'grossMargin', 'entry'];

/** What is drawn together. */
export type Spread =
  | {
      readonly kind: 'pert';
      readonly place: NumberPlace;
      readonly low: number;
      readonly mode: number;
      readonly high: number;
      /** Drawn, then rounded to the nearest whole number. */
      readonly whole: boolean;
    }
  | {
      readonly kind: 'lognormal';
      readonly place: NumberPlace;
      readonly low: number;
      readonly high: number;
      readonly whole: boolean;
    }
  /** Dirichlet(nEff times means and rest), scaled to what `others` leave of 1. */
  | {
      readonly kind: 'shares';
      readonly places: readonly NumberPlace[];
      readonly means: readonly number[];
      /** What is left of 1 by means and others: those lost. 0 where shares must sum to 1. */
      readonly rest: number;
      readonly others: readonly NumberPlace[];
      readonly nEff: number;
    };

/** One range on one number. */
interface Ranged {
  readonly place: NumberPlace;
  readonly entered: number;
  readonly range: NumberRange;
}

/**
 * Ranges, checked and grouped into what is drawn together (D12 to D14), in an order that depends on the places alone.
 *
 * @returns E_ORDER unless low <= mode <= high (mode: the number as entered where none is given); E_RANGE where an end is
 *   out of the metric's range, nEff not above 0 (at most 1e9), or a lognormal end not above 0; E_NOT_FINITE; E_DUPLICATE
 *   for two ranges on one number; E_MISSING where nobody has entered the number; E_PLACE where there is none, or for a
 *   beta range on what is no share.
 */
export function spreadsOf(
  input: JourneyInput,
  ranges: readonly RangedNumber[]
): { readonly ok: true; readonly spreads: readonly Spread[] } | Refused {
  const ranged = new Map<string, Ranged>();
  for (const { place, range } of ranges) {
    if (place.on === 'stage' && place.metric === 'row') continue;
    const one = rangedNumber(input, { place, range });
    if ('ok' in one) return one;
    const key = placeKey(place);
    if (ranged.has(key)) return refusal('E_DUPLICATE', 'A number has two ranges.', place);
    ranged.set(key, one);
  }
  for (const { place, range } of ranges) {
    if (place.on !== 'stage' || place.metric !== 'row') continue;
    const refused = addRow(input, place.stage, range, ranged);
    if (refused) return refused;
  }
  const sorted = [...ranged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const single = sorted.flatMap((one) => singleSpread(one));
  return { ok: true, spreads: [...single, ...groupsOf(input, sorted)] };
}

/** The transitions of a whole row, except those with a range of their own. */
function addRow(
  input: JourneyInput,
  stage: string,
  range: NumberRange,
  ranged: Map<string, Ranged>
): Refused | null {
  const at = { on: 'stage', stage, metric: 'row' } as const;
  if (range.kind !== 'beta') return refusal('E_PLACE', 'A row of shares takes a beta range.', at);
  const row = input.transitions.filter(({ from }) => from === stage);
  if (row.length === 0) return refusal('E_PLACE', 'No transition leads out of this stage.', at);
  for (const { from, to } of row) {
    const place = { on: 'transition', from, to } as const;
    const one = rangedNumber(input, { place, range });
    if ('ok' in one) return one;
    const key = placeKey(place);
    if (!ranged.has(key)) ranged.set(key, one);
  }
  return null;
}

function rangedNumber(input: JourneyInput, { place: at, range }: RangedNumber): Ranged | Refused {
  const place = numberPlace(input, at);
  if ('ok' in place) return place;
  const entered = numberAt(input, place);
  if (entered === undefined)
    return refusal('E_MISSING', 'A range is on a number that nobody has entered.', at);
  if (place.on === 'transition') {
    const renews = input.stages.some(({ id, retention }) => id === place.from && retention !== undefined);
    if (renews) return refusal('E_PLACE', 'A stage that renews has no transitions of its own.', at);
  }
  const wrong =
    range.kind === 'beta' ? checkBeta(place, entered, range.nEff) : checkEnds(place, entered, range);
  return wrong ?? { place, entered, range };
}

function checkBeta(place: NumberPlace, entered: number, nEff: number): Refused | null {
  const isShare = place.on === 'transition' || (place.on !== 'cell' && SHARE_METRICS.includes(place.metric));
  if (!isShare) return refusal('E_PLACE', 'A beta range is for shares only.', place);
  if (!Number.isFinite(nEff))
    return refusal('E_NOT_FINITE', 'The number of observations behind a share must be a number.', place);
  if (!(nEff > 0 && nEff <= LARGEST_N_EFF))
    return refusal(
      'E_RANGE',
      `The number of observations behind a share must be above 0 and at most 1,000,000,000, but is ${nEff}.`,
      place
    );
  return entered >= 0 && entered <= 1
    ? null
    : refusal('E_RANGE', 'A beta range needs a number from 0 to 1.', place);
}

function checkEnds(
  place: NumberPlace,
  entered: number,
  range: Exclude<NumberRange, { kind: 'beta' }>
): Refused | null {
  const { low, high } = range;
  const mode = range.kind === 'range' ? (range.mode ?? entered) : low;
  if (![low, mode, high].every(Number.isFinite))
    return refusal('E_NOT_FINITE', 'The ends of a range must be numbers.', place);
  if (!(low <= mode && mode <= high))
    return refusal(
      'E_ORDER',
      range.kind === 'range' && range.mode === undefined
        ? `The number as entered, ${mode}, lies outside its range from ${low} to ${high}.`
        : `A range must go from its low to its high end, with the most likely number between them.`,
      place
    );
  const { min, max } = rangeAt(place);
  if (low < min || high > max || (range.kind === 'lognormal' && low <= 0))
    return refusal(
      'E_RANGE',
      `The range from ${low} to ${high} reaches beyond what is possible here.`,
      place
    );
  return null;
}

function singleSpread({ place, entered, range }: Ranged): Spread[] {
  if (range.kind === 'beta') return [];
  const whole = rangeAt(place).whole === true;
  const { low, high } = range;
  if (range.kind === 'lognormal') return [{ kind: 'lognormal', place, low, high, whole }];
  return [{ kind: 'pert', place, low, mode: range.mode ?? entered, high, whole }];
}

/** Shares that come out of one whole are drawn together: a row with those lost, the entries, or a rate alone. */
function groupsOf(input: JourneyInput, ranged: readonly Ranged[]): Spread[] {
  const groups = new Map<string, Ranged[]>();
  for (const one of ranged) {
    if (one.range.kind !== 'beta') continue;
    const { place } = one;
    const isEntry = place.on === 'stage' && place.metric === 'entry';
    const key = place.on === 'transition' ? `row ${place.from}` : isEntry ? 'entry' : placeKey(place);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((members) => sharesSpread(input, members));
}

function sharesSpread(input: JourneyInput, members: readonly Ranged[]): Spread {
  const places = members.map(({ place }) => place);
  const means = members.map(({ entered }) => entered);
  const keys = new Set(places.map(placeKey));
  const whole = wholeOf(input, places[0]!);
  const others = whole.places.filter((place) => !keys.has(placeKey(place)));
  const taken = [...means, ...others.map((place) => numberAt(input, place) ?? 0)].reduce((a, b) => a + b, 0);
  const nEff = Math.min(...members.map(({ range }) => (range.kind === 'beta' ? range.nEff : Infinity)));
  return { kind: 'shares', places, means, others, nEff, rest: whole.mayLose ? Math.max(0, 1 - taken) : 0 };
}

/** All the shares that a share comes out of one whole with. */
function wholeOf(input: JourneyInput, place: NumberPlace): { places: NumberPlace[]; mayLose: boolean } {
  if (place.on === 'transition')
    return {
      places: input.transitions
        .filter(({ from }) => from === place.from)
        .map(({ from, to }) => ({ on: 'transition', from, to })),
      mayLose: true
    };
  if (place.on === 'stage' && place.metric === 'entry')
    return {
      places: input.stages.map(({ id }) => ({ on: 'stage', stage: id, metric: 'entry' })),
      mayLose: false
    };
  return { places: [place], mayLose: true };
}

/** The numbers that a spread moves. */
export const placesOfSpread = (spread: Spread): readonly NumberPlace[] =>
  spread.kind === 'shares' ? spread.places : [spread.place];

/**
 * The x with I(x; a, b) = `share`, by bisection to the last bit but a few.
 *
 * @param a 0 or more, as b; one of them above 0.
 */
export function betaQuantile(share: number, a: number, b: number): number {
  if (a <= 0) return 0;
  if (b <= 0) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (regularisedBeta(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Bars of a tornado out of ranges (D15): PERT from its low to its high end, lognormal and shares from P5 to P95. A share
 * of a row moves against those lost, an entry share against the other uncertain ones.
 */
export function barsOf(spreads: readonly Spread[]): TornadoBar[] {
  return spreads.flatMap((spread) => {
    if (spread.kind === 'shares') return spread.places.map((_, k) => shareBar(spread, k));
    const { place, low, high, whole } = spread;
    const end = (amount: number): Edit[] => [
      { place, how: 'set', amount: whole ? Math.round(amount) : amount }
    ];
    return [{ id: placeKey(place), places: [place], low: end(low), high: end(high) }];
  });
}

function shareBar({ places, means, rest, nEff }: Extract<Spread, { kind: 'shares' }>, k: number): TornadoBar {
  const mean = means[k]!;
  const yields = rest > 0 ? rest : means.reduce((sum, share, at) => sum + (at === k ? 0 : share), 0);
  const moves = rest > 0 || places[k]!.on === 'stage';
  const end = (share: number): Edit[] => {
    const to = moves ? (mean + yields) * betaQuantile(share, nEff * mean, nEff * yields) : mean;
    return places.flatMap((place, at): Edit[] => {
      if (at === k) return [{ place, how: 'set', amount: to }];
      if (rest > 0 || yields === 0 || !moves) return [];
      return [{ place, how: 'set', amount: (means[at]! * (mean + yields - to)) / yields }];
    });
  };
  return { id: placeKey(places[k]!), places: [places[k]!], low: end(0.05), high: end(0.95) };
}
