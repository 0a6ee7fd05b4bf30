import { factorize, identityMinus, type Factors } from './linear.ts';
import type { JourneyModel } from './model.ts';
import { expectedPeriods } from './renewal.ts';

/** A journey as matrices. Arrays are by stage; matrices are row-major. */
export interface Chain {
  readonly size: number;
  /** v^dwell: what one visit's length does to money that comes after it. */
  readonly dwellDiscount: Float64Array;
  /** W: discounted transitions; a renewal stage has none. */
  readonly steps: Float64Array;
  /** Discounted visits that one arrival makes by itself: 1, or F1 at a renewal stage. */
  readonly repeats: Float64Array;
  /** Money per visit: margin on orders minus costs. */
  readonly gain: Float64Array;
  /** Discounted new prospects per visit. */
  readonly referred: Float64Array;
  readonly hasReferrals: boolean;
  /** I - W. */
  readonly own: Factors;
  /** I - W - Q, which is `own` itself when there are no referrals. */
  readonly withReferrals: Factors;
}

/** Builds and factorises the matrices of a journey (SPEC C15). */
export function buildChain(model: JourneyModel): Chain {
  const { stages, discountFactor: v } = model;
  const size = stages.length;
  const dwellDiscount = Float64Array.from(stages, ({ dwell }) => v ** dwell);
  const steps = new Float64Array(size * size);
  for (const { from, to, probability } of model.transitions)
    steps[from * size + to] = dwellDiscount[from]! * probability;
  const repeats = Float64Array.from(stages, ({ retention }, index) =>
    retention === null ? 1 : expectedPeriods(retention, dwellDiscount[index]!)
  );
  const referralDiscount = v ** model.referralDelay;
  const referred = Float64Array.from(stages, ({ referrals }) => referrals * referralDiscount);
  const hasReferrals = referred.some((count) => count > 0);
  const own = factorize(identityMinus(steps, size), size);
  return {
    size,
    dwellDiscount,
    steps,
    repeats,
    gain: gainPerVisit(model),
    referred,
    hasReferrals,
    own,
    withReferrals: hasReferrals ? factorWithReferrals(model, steps, repeats, referred) : own
  };
}

/** Money per visit by stage: orders x value x margin minus the costs of all lanes. */
export const gainPerVisit = ({ stages }: JourneyModel): Float64Array =>
  Float64Array.from(
    stages,
    ({ ordersPerVisit, orderValue, grossMargin, costs }) =>
      ordersPerVisit * orderValue * grossMargin - costs.reduce((sum, cost) => sum + cost, 0)
  );

function factorWithReferrals(
  { stages, referralEntry }: JourneyModel,
  steps: Float64Array,
  repeats: Float64Array,
  referred: Float64Array
): Factors {
  const size = stages.length;
  const all = Float64Array.from(steps);
  for (let stage = 0; stage < size; stage++)
    all[stage * size + referralEntry]! += repeats[stage]! * referred[stage]!;
  return factorize(identityMinus(all, size), size);
}
