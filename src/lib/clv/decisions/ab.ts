import type { JourneyInput } from '../model.ts';
import { chanceAbove, type BetaShape, type VariantCounts } from '../transactions/ab-test.ts';
import { LeanJourney } from './lean.ts';
import { numberPlace } from './numbers.ts';
import { annuity, baselineOf, checkProgramme, programmeValue } from './opportunity.ts';
import { refusal } from './problems.ts';
import { chanceOf, distributionOf } from './quantiles.ts';
import { createRandom } from './random.ts';
import type { Distribution, Estimate, Programme, Refused, Steps } from './types.ts';

const STEP = 512;
const MOST_DRAWS = 100_000;
/** Beyond so many more trials per variant nobody waits for the answer. */
const MOST_TRIALS = 1e9;

/** An A/B test of one transition: A is how it is, B how it could be. */
export interface AbOnMap {
  readonly from: string;
  readonly to: string;
  /** What is known of the two rates, from `compareVariants`. */
  readonly posteriorA: BetaShape;
  readonly posteriorB: BetaShape;
}

export interface AbOptions {
  /** Whole, 0 to 2^53 - 1. */
  readonly seed: number;
  /** Whole, 1 to 100,000; 10,000 if left out. */
  readonly draws?: number | undefined;
  /** Over what a change to B has to pay. */
  readonly programme: Programme;
  /** What a change to B costs: K, and money per tick. */
  readonly oneOffCost: number;
  readonly runningCost: number;
}

/** What changing from A to B is worth. */
export interface AbValue {
  readonly ok: true;
  readonly seed: number;
  readonly draws: number;
  /** Draws in which both maps have a value; the figures are over these. */
  readonly valued: number;
  /** Null when no draw has a value. */
  readonly figures: {
    /** B less A, money per customer, per prospect, and for the programme; `base` is at the mean rates. */
    readonly clvGain: Distribution;
    readonly npvGain: Distribution;
    readonly programmeValue: Distribution;
    /** Chance that the programme value of changing to B is above 0. */
    readonly pays: Estimate;
  } | null;
}

/**
 * Carries the doubt of an A/B test through the journey (D19): in each draw both rates are drawn from their posteriors, the
 * map is solved with either at the transition, everything else as entered, and the difference is kept.
 *
 * @returns a job in steps. Refused when the map has no value, and for a seed, a number of draws or a cost out of range.
 */
export function* abOnMapSteps(
  input: JourneyInput,
  { from, to, posteriorA, posteriorB }: AbOnMap,
  options: AbOptions
): Steps<AbValue | Refused> {
  const { seed, draws = 10_000, programme } = options;
  const wrong = checkOptions(options, draws);
  if (wrong) return wrong;
  const baseline = baselineOf(input);
  if (!baseline.ok) return baseline;
  const place = numberPlace(input, { on: 'transition', from, to });
  if ('ok' in place) return place;
  const journey = new LeanJourney(input, baseline.model, [place]);
  const slot = journey.layout.slotOf(place);
  const numbers = Float64Array.from(journey.base);
  const figuresAt = (rate: number) => {
    numbers[slot] = rate;
    return journey.solve(numbers) === null ? { clv: journey.clv, npv: journey.npv } : null;
  };
  const gainOf = (rateA: number, rateB: number) => {
    const [a, b] = [figuresAt(rateA), figuresAt(rateB)];
    return a && b ? { clv: b.clv - a.clv, npv: b.npv - a.npv } : null;
  };
  const discountedTicks = annuity(baseline.model.discountFactor, programme.ticks);
  const valueOf = (npv: number) => programmeValue(npv, options, programme, discountedTicks);
  const random = createRandom(seed);
  const [clv, npv] = [new Float64Array(draws), new Float64Array(draws)];
  let valued = 0;
  for (let draw = 0; draw < draws; draw++) {
    if (draw % STEP === 0) yield { done: draw, total: draws };
    const rateA = random.beta(posteriorA.alpha, posteriorA.beta);
    const gain = gainOf(rateA, random.beta(posteriorB.alpha, posteriorB.beta));
    if (gain === null) continue;
    [clv[valued], npv[valued]] = [gain.clv, gain.npv];
    valued++;
  }
  const base = gainOf(meanOf(posteriorA), meanOf(posteriorB));
  if (valued === 0 || base === null) return { ok: true, seed, draws, valued, figures: null };
  const values = npv.subarray(0, valued).map(valueOf);
  return {
    ok: true,
    seed,
    draws,
    valued,
    figures: {
      clvGain: distributionOf(clv.subarray(0, valued), base.clv, false),
      npvGain: distributionOf(npv.subarray(0, valued), base.npv, false),
      programmeValue: distributionOf(values, valueOf(base.npv), false),
      pays: chanceOf(values.filter((value) => value > 0).length, valued)
    }
  };
}

const meanOf = ({ alpha, beta }: BetaShape): number => alpha / (alpha + beta);

function checkOptions(
  { seed, programme, oneOffCost, runningCost }: AbOptions,
  draws: number
): Refused | null {
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    return refusal('E_RANGE', 'The seed must be a whole number, 0 or more.');
  if (!(Number.isInteger(draws) && draws >= 1 && draws <= MOST_DRAWS))
    return refusal('E_RANGE', 'The number of draws must be a whole number from 1 to 100,000.');
  if (![oneOffCost, runningCost].every((cost) => Number.isFinite(cost) && cost >= 0))
    return refusal('E_RANGE', 'The costs of a change must be numbers, 0 or more.');
  return checkProgramme(programme);
}

/**
 * How many more trials each variant needs until the test is as sure as wanted (D20): the smallest m such that, if both
 * variants go on converting at the rates seen so far, P(B better) or P(A better) reaches `certainty` with m more trials
 * each. The priors are uniform. A plan, not a promise: the rates will move.
 *
 * @param certainty above 0.5, below 1.
 * @returns whole trials per variant, 0 when the test is sure already; null when the rates seen are equal, or when a
 *   thousand million would not do. Good to one part in a thousand.
 */
export function moreTrialsNeeded(a: VariantCounts, b: VariantCounts, certainty: number): number | null {
  const [rateA, rateB] = [a.conversions / a.trials, b.conversions / b.trials];
  const certaintyAfter = (more: number) => {
    const after = ({ trials, conversions }: VariantCounts, rate: number): BetaShape => ({
      alpha: 1 + Math.round(conversions + rate * more),
      beta: 1 + Math.round(trials - conversions + (1 - rate) * more)
    });
    const bBetter = chanceAbove(after(b, rateB), after(a, rateA));
    return rateB > rateA ? bBetter : 1 - bBetter;
  };
  if (Math.max(certaintyAfter(0), 1 - certaintyAfter(0)) >= certainty) return 0;
  if (rateA === rateB) return null;
  let high = Math.max(16, Math.min(a.trials, b.trials) / 8);
  while (certaintyAfter(high) < certainty) {
    high *= 2;
    if (high > MOST_TRIALS) return null;
  }
  let low = 0;
  while (high - low > 1 + high / 1000) {
    const middle = (low + high) / 2;
    if (certaintyAfter(middle) < certainty) low = middle;
    else high = middle;
  }
  return Math.ceil(high);
}
