/*
 * CLV of constant margins and rates, from the accounting side. Every number is per customer and period; rates are
 * fractions per period. Results say when a sum has no end instead of giving a number.
 */

export type SimpleResult =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly code: 'E_RANGE' | 'E_NO_END'; readonly message: string };

/** When the first margin comes: at the `end` of the first period, if the customer is kept; or `now`, for sure. */
export type Timing = 'end' | 'now';

const value = (figure: number): SimpleResult =>
  Number.isFinite(figure) ? { ok: true, value: figure } : outOfRange('The numbers');
const outOfRange = (what: string): SimpleResult => ({
  ok: false,
  code: 'E_RANGE',
  message: `${what} must be finite and within range: retention from 0 to 1, discount rate 0 or more.`
});
const noEnd: SimpleResult = {
  ok: false,
  code: 'E_NO_END',
  message: 'The value is infinite: margins grow or last as fast as discounting shrinks them.'
};
const isShare = (share: number) => share >= 0 && share <= 1;
const isRate = (rate: number) => rate >= 0 && Number.isFinite(rate);

export interface ConstantMargin {
  readonly margin: number;
  readonly retention: number;
  readonly discountRate: number;
  /** The timing belongs next to the number: at retention 0.8 and 12% the multiples are 2.5 and 3.5. */
  readonly timing: Timing;
  /** Growth of the margin per period, 0 if left out. */
  readonly growth?: number;
}

/**
 * Constant margin m, retention r, discount rate i, growth g (Gupta & Lehmann 2003): m r / (1 + i - r(1+g)) with the first
 * margin at the end of the period (growth sets in after it), m (1+i) / (1 + i - r(1+g)) with the first margin now.
 * Needs r(1+g) < 1 + i.
 */
export function constantMarginValue(input: ConstantMargin): SimpleResult {
  const { margin, retention, discountRate, timing, growth = 0 } = input;
  if (!isShare(retention) || !isRate(discountRate) || !(growth > -1))
    return outOfRange('Retention and rates');
  const fade = 1 + discountRate - retention * (1 + growth);
  if (!(fade > 0)) return noEnd;
  return value((margin * (timing === 'end' ? retention : 1 + discountRate)) / fade);
}

/**
 * Percent of value per percent of retention, (1+i)/(1+i-r) with the first margin at the end and r/(1+i-r) with the first
 * margin now. That of the margin is always 1.
 */
export function retentionElasticity(retention: number, discountRate: number, timing: Timing): SimpleResult {
  if (!isShare(retention) || !isRate(discountRate)) return outOfRange('Retention and rate');
  const fade = 1 + discountRate - retention;
  return fade > 0 ? value((timing === 'end' ? 1 + discountRate : retention) / fade) : noEnd;
}

export interface BergerNasr {
  /** Gross contribution per year and customer. */
  readonly contribution: number;
  /** Promotion per year and customer, spent in the middle of the year before. */
  readonly promotion: number;
  readonly retention: number;
  readonly discountRate: number;
  readonly years: number;
}

/**
 * Berger & Nasr (1998), case 1, n years: sum over t = 0..n of GC r^t/(1+d)^t less the sum over t = 1..n of
 * M r^(t-1)/(1+d)^(t-1/2).
 */
export function bergerNasrValue(input: BergerNasr): SimpleResult {
  const { contribution, promotion, retention, discountRate, years } = input;
  if (
    !isShare(retention) ||
    !isRate(discountRate) ||
    !(Number.isInteger(years) && years >= 0 && years <= 10_000)
  )
    return outOfRange('Retention, rate and whole years (0 to 10,000)');
  let sum = contribution;
  for (let t = 1; t <= years; t++)
    sum +=
      (contribution * retention ** t) / (1 + discountRate) ** t -
      (promotion * retention ** (t - 1)) / (1 + discountRate) ** (t - 0.5);
  return value(sum);
}

/** How a budget per head turns into a rate: ceiling (1 - e^(-efficiency spend)) (Blattberg & Deighton 1996). */
export interface ResponseCurve {
  /** Rate that no budget exceeds, 0 to 1. */
  readonly ceiling: number;
  /** Per unit of money, 0 or more. */
  readonly efficiency: number;
}

export const responseTo = ({ ceiling, efficiency }: ResponseCurve, spend: number): number =>
  -ceiling * Math.expm1(-efficiency * spend);

export interface BlattbergDeighton {
  readonly margin: number;
  readonly discountRate: number;
  readonly acquisition: ResponseCurve;
  readonly retention: ResponseCurve;
  /** Money per prospect. */
  readonly acquisitionSpend: number;
  /** Money per customer and year. */
  readonly retentionSpend: number;
}

/**
 * Customer equity per prospect (Blattberg & Deighton 1996): a m - A + a (m - R/r) r'/(1-r'), with a = a(A), r = r(R) from
 * the response curves and r' = r/(1+d).
 */
export function blattbergDeightonValue(input: BlattbergDeighton): SimpleResult {
  const { margin, discountRate, acquisitionSpend, retentionSpend } = input;
  const spends = [acquisitionSpend, retentionSpend, input.acquisition.efficiency, input.retention.efficiency];
  const ceilings = [input.acquisition.ceiling, input.retention.ceiling];
  if (!ceilings.every(isShare) || !isRate(discountRate) || !spends.every(isRate))
    return outOfRange('Ceilings, spends and rate');
  const acquired = responseTo(input.acquisition, acquisitionSpend);
  const retained = responseTo(input.retention, retentionSpend);
  const carried = retained / (1 + discountRate);
  if (!(carried < 1)) return noEnd;
  // (m - R/r) r' = (m r - R)/(1+d), which is also right at r = 0 and R = 0.
  const later = (margin * retained - retentionSpend) / ((1 + discountRate) * (1 - carried));
  return value(acquired * margin - acquisitionSpend + acquired * later);
}

/** One period after that of acquisition. Money per customer still there. */
export interface EquityPeriod {
  /** Share of those of the period before who are still there. */
  readonly retention: number;
  readonly sales: number;
  readonly cost: number;
  readonly retentionSpend: number;
  readonly addOnSpend: number;
}

export interface CustomerEquity {
  readonly prospects: number;
  /** Share of the prospects who become customers. */
  readonly acquisitionRate: number;
  /** Sales less cost of the first purchase, per acquired customer. */
  readonly firstMargin: number;
  /** Money per prospect. */
  readonly acquisitionSpend: number;
  readonly discountRate: number;
  readonly periods: readonly EquityPeriod[];
}

/**
 * Customer equity of one cohort (Blattberg, Getz & Thomas 2001): first margins less acquisition spend, plus each later
 * period's margin of those still there, discounted.
 */
export function customerEquity(input: CustomerEquity): SimpleResult {
  const { prospects, acquisitionRate, firstMargin, acquisitionSpend, discountRate, periods } = input;
  if (
    !isShare(acquisitionRate) ||
    !isRate(discountRate) ||
    !periods.every(({ retention }) => isShare(retention))
  )
    return outOfRange('Shares and rate');
  let customers = prospects * acquisitionRate;
  let equity = customers * firstMargin - prospects * acquisitionSpend;
  periods.forEach(({ retention, sales, cost, retentionSpend, addOnSpend }, index) => {
    customers *= retention;
    equity += (customers * (sales - cost - retentionSpend - addOnSpend)) / (1 + discountRate) ** (index + 1);
  });
  return value(equity);
}

/**
 * Value of transactions that are counted in whole steps: the purchases that fall in step k count (1 + rate)^-k. `expected`
 * gives cumulative purchases; only their increments enter.
 *
 * @param expected cumulative purchases by a time from now, in the unit of `step`.
 * @param ratePerStep discount rate per step, a fraction.
 */
export function steppedPurchases(
  expected: (time: number) => number,
  { step, steps, ratePerStep }: { step: number; steps: number; ratePerStep: number }
): number {
  let sum = 0;
  let before = 0;
  for (let k = 1; k <= steps; k++) {
    const now = expected(k * step);
    sum += (now - before) / (1 + ratePerStep) ** k;
    before = now;
  }
  return sum;
}
