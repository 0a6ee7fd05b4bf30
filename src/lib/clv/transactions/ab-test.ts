import { logBeta } from './numeric/gamma.ts';
import { regularisedBeta } from './numeric/incomplete-beta.ts';
import { normalUpperQuantile, normalUpperTail } from './numeric/normal.ts';
import { integrate } from './numeric/quadrature.ts';

/*
 * Two variants with counts: a beta-binomial comparison, and the two-sided z test beside it. A variant's conversion rate is
 * Beta(prior alpha + conversions, prior beta + failures).
 */

export interface VariantCounts {
  readonly trials: number;
  readonly conversions: number;
}

/** A Beta distribution; the default prior is the uniform one, (1, 1). */
export interface BetaShape {
  readonly alpha: number;
  readonly beta: number;
}

export interface AbTest {
  readonly ok: true;
  readonly posteriorA: BetaShape;
  readonly posteriorB: BetaShape;
  /** P(rate of B > rate of A). */
  readonly probabilityBBetter: number;
  /** Expected rate given away by choosing a variant that turns out worse. */
  readonly expectedLoss: { readonly choosingA: number; readonly choosingB: number };
  /** 95% interval of B's rate less A's: its 2.5% and 97.5% points. */
  readonly difference: { readonly mean: number; readonly low: number; readonly high: number };
  /** Pooled z test; null when nobody or everybody converted. */
  readonly zTest: { readonly z: number; readonly p: number } | null;
}

export type AbTestResult =
  AbTest | { readonly ok: false; readonly code: 'E_COUNTS'; readonly message: string };

const LARGEST_EXACT = 1e5;

/** Compares variants A and B. The figures are exact to about 1e-9. */
export function compareVariants(
  a: VariantCounts,
  b: VariantCounts,
  prior: BetaShape = { alpha: 1, beta: 1 }
): AbTestResult {
  const wrong = [a, b].findIndex(({ trials, conversions }) => !areCounts(trials, conversions));
  if (wrong !== -1 || !(prior.alpha > 0 && prior.beta > 0))
    return {
      ok: false,
      code: 'E_COUNTS',
      message:
        wrong === -1
          ? 'The prior needs two numbers above 0.'
          : `Variant ${'AB'[wrong]} needs whole trials above 0 and conversions from 0 to the trials.`
    };
  const [posteriorA, posteriorB] = [posterior(a, prior), posterior(b, prior)];
  return {
    ok: true,
    posteriorA,
    posteriorB,
    probabilityBBetter: chanceAbove(posteriorB, posteriorA),
    expectedLoss: {
      choosingA: expectedExcess(posteriorB, posteriorA),
      choosingB: expectedExcess(posteriorA, posteriorB)
    },
    difference: {
      mean: meanOf(posteriorB) - meanOf(posteriorA),
      low: differenceQuantile(posteriorB, posteriorA, 0.025),
      high: differenceQuantile(posteriorB, posteriorA, 0.975)
    },
    zTest: zTest(a, b)
  };
}

const areCounts = (trials: number, conversions: number) =>
  Number.isInteger(trials) &&
  Number.isInteger(conversions) &&
  trials > 0 &&
  conversions >= 0 &&
  conversions <= trials;

const posterior = ({ trials, conversions }: VariantCounts, prior: BetaShape): BetaShape => ({
  alpha: prior.alpha + conversions,
  beta: prior.beta + trials - conversions
});

const meanOf = ({ alpha, beta }: BetaShape) => alpha / (alpha + beta);

/**
 * P(X > Y) of independent beta variables. For a whole alpha of X up to 1e5 the finite sum over i = 0..alpha_X - 1 of
 * exp( lB(alpha_Y+i, beta_Y+beta_X) - ln(beta_X+i) - lB(1+i, beta_X) - lB(alpha_Y, beta_Y) ); with the sides changed when
 * Y's is the smaller; else by quadrature.
 */
export function chanceAbove(x: BetaShape, y: BetaShape): number {
  const canSum = ({ alpha }: BetaShape) => Number.isInteger(alpha) && alpha <= LARGEST_EXACT;
  if (canSum(x) && (x.alpha <= y.alpha || !canSum(y))) return chanceAboveBySum(x, y);
  if (canSum(y)) return 1 - chanceAboveBySum(y, x);
  return 1 - differenceAtMost(x, y, 0);
}

function chanceAboveBySum(x: BetaShape, y: BetaShape): number {
  let term = Math.exp(logBeta(y.alpha, y.beta + x.beta) - logBeta(y.alpha, y.beta));
  if (term < 1e-290) return 1 - differenceAtMost(x, y, 0);
  let sum = 0;
  for (let i = 0; i < x.alpha; i++) {
    sum += term;
    term *= ((y.alpha + i) * (x.beta + i)) / ((y.alpha + y.beta + x.beta + i) * (i + 1));
  }
  return Math.min(1, sum);
}

/** E[(X - Y)+] = E[X] P(X' > Y) - E[Y] P(X > Y'), where ' raises alpha by 1. */
function expectedExcess(x: BetaShape, y: BetaShape): number {
  const raised = ({ alpha, beta }: BetaShape): BetaShape => ({ alpha: alpha + 1, beta });
  return Math.max(0, meanOf(x) * chanceAbove(raised(x), y) - meanOf(y) * chanceAbove(x, raised(y)));
}

/** P(X - Y <= d): Y's density times X's distribution function, by Gauss-Legendre panels where Y's density is. */
function differenceAtMost(x: BetaShape, y: BetaShape, d: number): number {
  const { low, high } = supportOf(y);
  const front = logBeta(y.alpha, y.beta);
  const density = (at: number) =>
    Math.exp((y.alpha - 1) * Math.log(at) + (y.beta - 1) * Math.log1p(-at) - front);
  // The mass below and above is split off exactly where X's distribution function is 0 or 1 anyway.
  const sum = integrate((at) => density(at) * regularisedBeta(at + d, x.alpha, x.beta), low, high, 24);
  const covered = regularisedBeta(high, y.alpha, y.beta) - regularisedBeta(low, y.alpha, y.beta);
  return Math.min(1, Math.max(0, sum / covered));
}

/** Where all but about 1e-15 of a beta variable lies. */
function supportOf(shape: BetaShape): { low: number; high: number } {
  const mean = meanOf(shape);
  const deviation = Math.sqrt((mean * (1 - mean)) / (shape.alpha + shape.beta + 1));
  const reach = (8 + 40 / Math.sqrt(Math.min(shape.alpha, shape.beta))) * deviation;
  return { low: Math.max(0, mean - reach), high: Math.min(1, mean + reach) };
}

/** The d that X - Y stays below with chance `share`: bisection to 1e-10. */
function differenceQuantile(x: BetaShape, y: BetaShape, share: number): number {
  let [low, high] = [-1, 1];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (differenceAtMost(x, y, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Two-sided test of equal rates with the pooled variance. */
function zTest(a: VariantCounts, b: VariantCounts): AbTest['zTest'] {
  const pooled = (a.conversions + b.conversions) / (a.trials + b.trials);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials));
  if (deviation === 0) return null;
  const z = (b.conversions / b.trials - a.conversions / a.trials) / deviation;
  return { z, p: 2 * normalUpperTail(Math.abs(z)) };
}

/**
 * Trials per variant that a two-sided z test needs to find the difference between two rates (Fleiss, Levin & Paik 2003,
 * formula 4.14 without continuity correction).
 *
 * @param rateA from 0 to 1, as `rateB`; equal rates can never be told apart: infinity.
 * @param options `level` of the test, 0.05 if left out; `power`, 0.8 if left out.
 */
export function trialsNeeded(
  rateA: number,
  rateB: number,
  { level = 0.05, power = 0.8 }: { level?: number; power?: number } = {}
): number {
  if (rateA === rateB) return Infinity;
  const middle = (rateA + rateB) / 2;
  const chance = normalUpperQuantile(level / 2) * Math.sqrt(2 * middle * (1 - middle));
  const miss = normalUpperQuantile(1 - power) * Math.sqrt(rateA * (1 - rateA) + rateB * (1 - rateB));
  return Math.ceil(((chance + miss) / (rateB - rateA)) ** 2);
}
