import { medianAge, type Customer } from './customer.ts';
import { concludeFit, refuseTooFew, repeatBuyersOf, sizeChecks, type Fit } from './fit.ts';
import { digamma, logGamma, logGammaRise } from './numeric/gamma.ts';
import { maximise, type LogLikelihood, type Maximum, type NoMaximum } from './optimise.ts';
import type { PurchaseRows } from './rows.ts';
import type { DiscountRate, Duration, TimeUnit } from './unit.ts';

/*
 * NBD (Ehrenberg 1959): every customer buys at a Poisson rate lambda for ever; lambda ~ Gamma(shape r, rate alpha). The
 * yardstick that a model with drop-out has to beat; it forecasts too much wherever customers leave.
 */

const NAMES = ['r', 'alpha'] as const;

/** r has no unit, alpha is a time; r/alpha is the mean rate per unit. */
export interface NbdParameters<U extends TimeUnit> {
  readonly model: 'nbd';
  readonly unit: U;
  readonly r: number;
  readonly alpha: number;
}

export type NbdFit<U extends TimeUnit> = Fit<(typeof NAMES)[number], NbdParameters<U>>;

/** Maximum-likelihood fit, from the times of the purchases (the count form differs by a constant). */
export function fitNbd<U extends TimeUnit>(rows: PurchaseRows<U>): NbdFit<U> {
  const repeatBuyers = repeatBuyersOf(rows);
  const refusal = refuseTooFew(rows.customers, repeatBuyers);
  if (refusal !== null) return refusal;
  return concludeFit(maximumOfNbd(rows), NAMES, {
    parameters: (values) => ({ model: 'nbd', unit: rows.unit, ...values }),
    customers: rows.customers,
    checks: sizeChecks(rows.customers, repeatBuyers)
  });
}

export function maximumOfNbd<U extends TimeUnit>(rows: PurchaseRows<U>): Maximum | NoMaximum {
  const age = Math.max(medianAge(rows), 1e-3);
  return maximise(nbdLogLikelihood(rows), [
    [1, age / 4],
    [0.3, age / 4],
    [3, age],
    [0.1, age / 20]
  ]);
}

/**
 * Sum of ln Gamma(r + x) - ln Gamma(r) + r ln alpha - (r + x) ln(alpha + T), parameters (r, alpha). All that the NBD
 * needs of customers is how many share an x, and how many share a T with how many purchases.
 */
export function nbdLogLikelihood<U extends TimeUnit>(rows: PurchaseRows<U>): LogLikelihood {
  return (parameters, gradient) => {
    gradient.fill(0);
    return addPurchaseTerms(rows, parameters, gradient) + addAgeTerms(rows, parameters, gradient);
  };
}

/** Sum of ln Gamma(r + x) - ln Gamma(r) + r ln alpha, and its slopes by r and alpha; once per distinct x. */
export function addPurchaseTerms<U extends TimeUnit>(
  { frequency, customers }: PurchaseRows<U>,
  parameters: Float64Array,
  gradient: Float64Array
): number {
  const [r, alpha] = [parameters[0]!, parameters[1]!];
  let sum = customers * r * Math.log(alpha);
  gradient[0]! += customers * (Math.log(alpha) - digamma(r));
  gradient[1]! += (customers * r) / alpha;
  for (let level = 0; level < frequency.values.length; level++) {
    const [x, share] = [frequency.values[level]!, frequency.weights[level]!];
    sum += share * logGammaRise(r, x);
    gradient[0]! += share * digamma(r + x);
  }
  return sum;
}

/** Sum of -(r + x) ln(alpha + T), and its slopes by r and alpha; once per distinct T. */
export function addAgeTerms<U extends TimeUnit>(
  { age, agePurchases }: PurchaseRows<U>,
  parameters: Float64Array,
  gradient: Float64Array
): number {
  const [r, alpha] = [parameters[0]!, parameters[1]!];
  let sum = 0;
  for (let level = 0; level < age.values.length; level++) {
    const since = alpha + age.values[level]!;
    const share = age.weights[level]!;
    const shape = share * r + agePurchases[level]!;
    sum -= shape * Math.log(since);
    gradient[0]! -= share * Math.log(since);
    gradient[1]! -= shape / since;
  }
  return sum;
}

/** Purchases expected of a known customer in the next `ahead`: ahead (r + x)/(alpha + T). */
export function nbdExpectedPurchases<U extends TimeUnit>(
  { r, alpha }: NbdParameters<U>,
  { x, T }: Pick<Customer<U>, 'x' | 'T'>,
  ahead: Duration<U>
): number {
  return (ahead * (r + x)) / (alpha + T);
}

/** Purchases expected of a new customer in `ahead`: ahead r/alpha. */
export function nbdExpectedPurchasesNew<U extends TimeUnit>(
  { r, alpha }: NbdParameters<U>,
  ahead: Duration<U>
): number {
  return (ahead * r) / alpha;
}

/** Discounted purchases of a known customer in the next `ahead`; as (1 - e^(-rate ahead))/rate instead of `ahead`. */
export function nbdDiscountedPurchases<U extends TimeUnit>(
  parameters: NbdParameters<U>,
  customer: Pick<Customer<U>, 'x' | 'T'>,
  ahead: Duration<U>,
  rate: DiscountRate<U>
): number {
  const perUnit: number = rate;
  const discounted = perUnit === 0 ? ahead : -Math.expm1(-perUnit * ahead) / perUnit;
  return nbdExpectedPurchases(parameters, customer, discounted as Duration<U>);
}

/** Chance that a new customer makes exactly n repeat purchases in (0, t]: negative binomial. */
export function nbdProbability<U extends TimeUnit>(
  { r, alpha }: NbdParameters<U>,
  n: number,
  t: Duration<U>
): number {
  return Math.exp(logNegativeBinomial(n, r, alpha, t));
}

/** ln of Gamma(r + n)/(Gamma(r) n!) (alpha/(alpha + t))^r (t/(alpha + t))^n. */
export function logNegativeBinomial(n: number, r: number, alpha: number, t: number): number {
  const ways = n === 0 ? 0 : logGammaRise(r, n) - logGamma(n + 1);
  return ways - r * Math.log1p(t / alpha) + (n === 0 ? 0 : n * Math.log(t / (alpha + t)));
}
