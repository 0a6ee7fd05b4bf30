import { gaussF1 } from '../special.ts';
import { concludeFit, noFit, refuseTooFew, sizeChecks, type Fit } from './fit.ts';
import { digamma, logBeta, logChoose, logGammaRise } from './numeric/gamma.ts';
import { logSumExp } from './numeric/log-sum.ts';
import { maximise, type LogLikelihood } from './optimise.ts';

/*
 * BG/BB (Fader, Hardie & Shang 2010): at each of n opportunities a living customer buys with chance P ~ Beta(alpha, beta),
 * and dies before an opportunity with chance Theta ~ Beta(gamma, delta). For purchases that can only happen at set times,
 * or that are recorded as yes or no per period.
 */

const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const;

/** Pure shapes, no unit. */
export type BgBbParameters = Readonly<Record<(typeof NAMES)[number], number>> & { readonly model: 'bg-bb' };

export type BgBbFit = Fit<(typeof NAMES)[number], BgBbParameters>;

/** x purchases at n opportunities, the last at the t_x-th: x <= t_x <= n, t_x = 0 exactly when x = 0. */
export interface DiscreteCustomer {
  readonly x: number;
  readonly tx: number;
  readonly n: number;
}

/** A row of the recency and frequency table: a pattern and how many customers show it. */
export interface DiscreteRow extends DiscreteCustomer {
  readonly weight: number;
}

/** Maximum-likelihood fit to the table; give each pattern once, with its weight. */
export function fitBgBb(rows: readonly DiscreteRow[]): BgBbFit {
  const wrong = rows.findIndex((row) => !isPossible(row));
  if (wrong !== -1)
    return noFit(
      'E_ROWS',
      `Row ${wrong + 1} of the table is impossible: it needs whole numbers x <= t_x <= n.`
    );
  const customers = rows.reduce((sum, { weight }) => sum + weight, 0);
  const buyers = rows.reduce((sum, { x, weight }) => sum + (x > 0 ? weight : 0), 0);
  const refusal = refuseTooFew(customers, buyers);
  if (refusal !== null) return refusal;
  const maximum = maximise(bgBbLogLikelihood(rows), [
    [1, 1, 1, 1],
    [0.5, 0.5, 0.5, 2],
    [2, 2, 1, 10],
    [1, 5, 0.5, 5]
  ]);
  return concludeFit(maximum, NAMES, {
    parameters: (values) => ({ model: 'bg-bb', ...values }),
    customers,
    checks: sizeChecks(customers, buyers)
  });
}

function isPossible({ x, tx, n, weight }: DiscreteRow): boolean {
  return (
    [x, tx, n].every(Number.isInteger) && x >= 0 && x <= tx && tx <= n && x > 0 === tx > 0 && weight >= 0
  );
}

/**
 * One way to have come about: bought at x of the first m opportunities, and then either alive throughout (m = n) or dead
 * before the next (m < n). ln[ B(alpha+x, beta+m-x)/B(alpha, beta) B(gamma+{dead}, delta+m)/B(gamma, delta) ].
 */
function logWay(parameters: BgBbParameters, x: number, m: number, isDead: boolean): number {
  const { alpha, beta, gamma, delta } = parameters;
  return (
    logBeta(alpha + x, beta + m - x) -
    logBeta(alpha, beta) +
    logBeta(gamma + (isDead ? 1 : 0), delta + m) -
    logBeta(gamma, delta)
  );
}

/** ln of the likelihood of one customer: alive, or dead after any opportunity from the last purchase on. */
export function bgBbLogLikelihoodOf(parameters: BgBbParameters, { x, tx, n }: DiscreteCustomer): number {
  let sum = logWay(parameters, x, n, false);
  for (let m = tx; m < n; m++) sum = logSumExp(sum, logWay(parameters, x, m, true));
  return sum;
}

/** Sum over rows, parameters (alpha, beta, gamma, delta); the gradient weights that of each way by its chance. */
export function bgBbLogLikelihood(rows: readonly DiscreteRow[]): LogLikelihood {
  return (values, gradient) => {
    const [alpha, beta, gamma, delta] = values as unknown as [number, number, number, number];
    const parameters: BgBbParameters = { model: 'bg-bb', alpha, beta, gamma, delta };
    gradient.fill(0);
    let sum = 0;
    for (const row of rows) {
      const logLikelihood = bgBbLogLikelihoodOf(parameters, row);
      sum += row.weight * logLikelihood;
      for (let m = row.tx; m <= row.n; m++) {
        const isDead = m < row.n;
        const share = row.weight * Math.exp(logWay(parameters, row.x, m, isDead) - logLikelihood);
        addWaySlopes(parameters, { x: row.x, m, dead: isDead ? 1 : 0 }, share, gradient);
      }
    }
    return sum;
  };
}

function addWaySlopes(
  { alpha, beta, gamma, delta }: BgBbParameters,
  { x, m, dead }: { x: number; m: number; dead: number },
  share: number,
  gradient: Float64Array
): void {
  const bought = digamma(alpha + beta) - digamma(alpha + beta + m);
  const lived = digamma(gamma + delta) - digamma(gamma + delta + m + dead);
  gradient[0]! += share * (digamma(alpha + x) - digamma(alpha) + bought);
  gradient[1]! += share * (digamma(beta + m - x) - digamma(beta) + bought);
  gradient[2]! += share * (digamma(gamma + dead) - digamma(gamma) + lived);
  gradient[3]! += share * (digamma(delta + m) - digamma(delta) + lived);
}

/** Chance that a customer is alive at opportunity n + 1. */
export function bgBbProbabilityAlive(parameters: BgBbParameters, customer: DiscreteCustomer): number {
  const { alpha, beta, gamma, delta } = parameters;
  const { x, n } = customer;
  return Math.exp(
    logBeta(alpha + x, beta + n - x) -
      logBeta(alpha, beta) +
      logBeta(gamma, delta + n + 1) -
      logBeta(gamma, delta) -
      bgBbLogLikelihoodOf(parameters, customer)
  );
}

/** ln of Gamma(1+delta+n)/Gamma(gamma+delta+n), less its value at n = 0: how expected survival sums up. */
function logSurvivalSum({ gamma, delta }: BgBbParameters, n: number): number {
  return logGammaRise(1 + delta, n) - logGammaRise(gamma + delta, n);
}

/**
 * Opportunities that a new customer is expected to be alive at, of numbers from + 1 to `to`:
 * delta/(gamma-1) [e^S(from) - e^S(to)] with S from {@link logSurvivalSum}; at gamma = 1 the sum it stands for.
 */
function opportunitiesAlive(parameters: BgBbParameters, from: number, to: number): number {
  const { gamma, delta } = parameters;
  if (Math.abs(gamma - 1) < 1e-5) {
    let sum = 0;
    for (let t = from + 1; t <= to; t++) sum += Math.exp(logBeta(gamma, delta + t) - logBeta(gamma, delta));
    return sum;
  }
  const [start, end] = [logSurvivalSum(parameters, from), logSurvivalSum(parameters, to)];
  return ((-delta * Math.exp(start)) / (gamma - 1)) * Math.expm1(end - start);
}

/** Purchases expected of a known customer at the next `ahead` opportunities. Relative error below 1e-9. */
export function bgBbExpectedPurchases(
  parameters: BgBbParameters,
  customer: DiscreteCustomer,
  ahead: number
): number {
  const { alpha, beta } = parameters;
  const { x, n } = customer;
  const logBuying =
    logBeta(alpha + x + 1, beta + n - x) - logBeta(alpha, beta) - bgBbLogLikelihoodOf(parameters, customer);
  return Math.exp(logBuying) * opportunitiesAlive(parameters, n, n + ahead);
}

/** Purchases expected of a new customer at the first `n` opportunities. */
export function bgBbExpectedPurchasesNew(parameters: BgBbParameters, n: number): number {
  const { alpha, beta } = parameters;
  return (alpha / (alpha + beta)) * opportunitiesAlive(parameters, 0, n);
}

/**
 * Discounted purchases expected of a known customer at all opportunities to come, the next one discounted once (DERT).
 *
 * @param rate per opportunity, above 0.
 */
export function bgBbResidualPurchases(
  parameters: BgBbParameters,
  customer: DiscreteCustomer,
  rate: number
): number {
  const { alpha, beta, gamma, delta } = parameters;
  const { x, n } = customer;
  const logNext =
    logBeta(alpha + x + 1, beta + n - x) -
    logBeta(alpha, beta) +
    logBeta(gamma, delta + n + 1) -
    logBeta(gamma, delta) -
    bgBbLogLikelihoodOf(parameters, customer);
  return (Math.exp(logNext) * gaussF1(delta + n + 1, gamma + delta + n + 1, 1 / (1 + rate))) / (1 + rate);
}

/** Chance that a new customer buys at exactly x of the first n opportunities. */
export function bgBbProbability(parameters: BgBbParameters, x: number, n: number): number {
  let sum = logChoose(n, x) + logWay(parameters, x, n, false);
  for (let m = x; m < n; m++) sum = logSumExp(sum, logChoose(m, x) + logWay(parameters, x, m, true));
  return Math.exp(sum);
}
