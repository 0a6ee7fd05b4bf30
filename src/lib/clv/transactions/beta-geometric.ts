import { fitWithDropout } from './dropout-fit.ts';
import type { Fit } from './fit.ts';
import { digamma, logBeta, logGammaRise } from './numeric/gamma.ts';
import { regularisedBeta } from './numeric/incomplete-beta.ts';
import { integrateAhead } from './numeric/quadrature.ts';
import { addAgeTerms, addPurchaseTerms, logNegativeBinomial } from './nbd.ts';
import type { LogLikelihood } from './optimise.ts';
import type { PurchaseRows } from './rows.ts';
import type { TimeUnit } from './unit.ts';

/*
 * What BG/NBD and MBG/NBD share: purchases at a rate lambda ~ Gamma(r, alpha) while alive, and a chance p ~ Beta(a, b) to
 * drop out at each purchase. `first` is 0 when the first purchase has no such chance (BG/NBD) and 1 when it has
 * (MBG/NBD); a customer with x repeat purchases has had x + first chances to drop out.
 */

export type BetaGeometricName = 'r' | 'alpha' | 'a' | 'b';

/** r, a, b have no unit, alpha is a time. Mean rate r/alpha per unit, mean drop-out a/(a + b) per purchase. */
export interface BetaGeometricParameters<M extends 'bg-nbd' | 'mbg-nbd', U extends TimeUnit> {
  readonly model: M;
  readonly unit: U;
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

export type BetaGeometricFit<M extends 'bg-nbd' | 'mbg-nbd', U extends TimeUnit> = Fit<
  BetaGeometricName,
  BetaGeometricParameters<M, U>
>;

/**
 * Maximum-likelihood fit (T7, T8).
 *
 * @param starts (r, alpha, a, b) for the optimiser, given the median age.
 */
export function fitBetaGeometric<M extends 'bg-nbd' | 'mbg-nbd', U extends TimeUnit>(
  rows: PurchaseRows<U>,
  model: M,
  starts: (age: number) => readonly (readonly number[])[]
): BetaGeometricFit<M, U> {
  return fitWithDropout<U, BetaGeometricName, BetaGeometricParameters<M, U>>(rows, {
    names: ['r', 'alpha', 'a', 'b'],
    logLikelihood: betaGeometricLogLikelihood(rows, model === 'mbg-nbd' ? 1 : 0),
    starts,
    parameters: (values) => ({ model, unit: rows.unit, ...values })
  });
}

/**
 * Sum over customers, parameters (r, alpha, a, b), with k = x + first, of
 *
 *   ln Gamma(r+x) - ln Gamma(r) + r ln alpha + ln Gamma(a+b) + ln Gamma(b+k) - ln Gamma(b) - ln Gamma(a+b+k)
 *   + ln[ (alpha+T)^-(r+x) + {k > 0} a/(b+k-1) (alpha+t_x)^-(r+x) ]
 *
 * after Fader, Hardie & Lee 2005 and, for its form without overflow, Fader & Hardie's note 027. The bracket is taken as
 * (alpha+T)^-(r+x) (1 + e^o) with o the log-odds of having dropped out; everything but o is summed once per distinct x or
 * T. Finite for x up to 1e6 and beyond.
 */
export function betaGeometricLogLikelihood<U extends TimeUnit>(
  rows: PurchaseRows<U>,
  first: 0 | 1
): LogLikelihood {
  return (parameters, gradient) => {
    gradient.fill(0);
    return (
      addPurchaseTerms(rows, parameters, gradient) +
      addAgeTerms(rows, parameters, gradient) +
      addStayTerms(rows, first, parameters, gradient) +
      addDropoutTerms(rows, first, parameters, gradient)
    );
  };
}

/** Sum of ln Gamma(a+b) + ln Gamma(b+k) - ln Gamma(b) - ln Gamma(a+b+k), and its slopes by a and b. */
function addStayTerms<U extends TimeUnit>(
  { frequency, customers }: PurchaseRows<U>,
  first: 0 | 1,
  parameters: Float64Array,
  gradient: Float64Array
): number {
  const [a, b] = [parameters[2]!, parameters[3]!];
  let sum = 0;
  gradient[2]! += customers * digamma(a + b);
  gradient[3]! += customers * (digamma(a + b) - digamma(b));
  for (let level = 0; level < frequency.values.length; level++) {
    const chances = frequency.values[level]! + first;
    const share = frequency.weights[level]!;
    const together = digamma(a + b + chances);
    sum += share * (logGammaRise(b, chances) - logGammaRise(a + b, chances));
    gradient[2]! -= share * together;
    gradient[3]! += share * (digamma(b + chances) - together);
  }
  return sum;
}

/** Sum of ln(1 + e^o), o = ln a - ln(b+k-1) + (r+x) (ln(alpha+T) - ln(alpha+t_x)), over rows with k > 0. */
function addDropoutTerms<U extends TimeUnit>(
  { x, weight, frequency, recency, age }: PurchaseRows<U>,
  first: 0 | 1,
  parameters: Float64Array,
  gradient: Float64Array
): number {
  const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
  const logDropOdds = frequency.values.map((purchases) => Math.log(a / (b + purchases + first - 1)));
  const since = [age, recency].map(({ values }) => values.map((time) => alpha + time));
  const [sinceFirst, sinceLast] = since as [Float64Array, Float64Array];
  const [logFirst, logLast] = since.map((times) => times.map(Math.log)) as [Float64Array, Float64Array];
  const goneByLevel = new Float64Array(frequency.values.length);
  let [sum, byR, byAlpha] = [0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    if (x[row]! + first === 0) continue;
    const [level, old, last] = [frequency.index[row]!, age.index[row]!, recency.index[row]!];
    const shape = r + x[row]!;
    const logRatio = logFirst[old]! - logLast[last]!;
    const logOdds = logDropOdds[level]! + shape * logRatio;
    const small = Math.exp(-Math.abs(logOdds));
    const gone = (weight[row]! * (logOdds > 0 ? 1 : small)) / (1 + small);
    sum += weight[row]! * ((logOdds > 0 ? logOdds : 0) + Math.log1p(small));
    byR += gone * logRatio;
    byAlpha += gone * shape * (1 / sinceFirst[old]! - 1 / sinceLast[last]!);
    goneByLevel[level]! += gone;
  }
  gradient[0]! += byR;
  gradient[1]! += byAlpha;
  for (let level = 0; level < goneByLevel.length; level++) {
    if (goneByLevel[level] === 0) continue;
    gradient[2]! += goneByLevel[level]! / a;
    gradient[3]! -= goneByLevel[level]! / (b + frequency.values[level]! + first - 1);
  }
  return sum;
}

/** A customer who is alive: Gamma(shape, rate) over purchase rates, Beta(a, b) over drop-out chances. */
export interface AliveCustomer {
  /** r + x. */
  readonly shape: number;
  /** alpha + T, a time. */
  readonly rate: number;
  readonly a: number;
  /** b + x for BG/NBD, b + x + 1 for MBG/NBD. */
  readonly b: number;
}

const MOST_TERMS = 200_000;

/**
 * Purchases expected of an alive customer in the next t. With z = t/(rate + t), L = ln(rate/(rate + t)),
 * c = a + b - 1, A = a + b - 1 - shape:
 *
 *   -c expm1((a-1) L)/(a-1) - e^((a-1) L) S,   S = sum over k >= 1 of (A)_k (a)_(k-1) / ((c+1)_(k-1) k!) z^k
 *
 * which is Euler's transformation of the published form with 2F1(shape, b; c; z), with the first term taken out: it has
 * neither the published form's pole at a = 1 (the first term is -c L there) nor the one at a + b = 1, and stays finite
 * where library 2F1 routines return NaN.
 *
 * @param t 0 or more, in the unit of `rate`.
 * @returns relative error below 1e-12 for x up to 1000, t from 0.1 to 5200, a from 0.1 to 5. About 30 terms at
 *   z = 0.5 and 1,600 at z = 0.99.
 */
export function alivePurchases({ shape, rate, a, b }: AliveCustomer, t: number): number {
  const z = t / (rate + t);
  const exponent = -(a - 1) * Math.log1p(t / rate);
  const c = a + b - 1;
  const A = c - shape;
  const first = a === 1 ? Math.log1p(t / rate) : -Math.expm1(exponent) / (a - 1);
  let term = A * z;
  let sum = term;
  for (let k = 1; k < MOST_TERMS && Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (((A + k) * (a + k - 1)) / ((c + k) * (k + 1))) * z;
    sum += term;
  }
  return c * first - Math.exp(exponent) * sum;
}

/**
 * Purchases per unit of time that an alive customer is expected to make t from now:
 * shape/rate (1 + u)^-a 2F1(a, a + b - shape - 1; a + b; u/(1 + u)), u = t/rate. The derivative of
 * {@link alivePurchases} by t.
 */
export function alivePurchaseRate({ shape, rate, a, b }: AliveCustomer, t: number): number {
  const z = t / (rate + t);
  const A = a + b - 1 - shape;
  let term = 1;
  let sum = 1;
  for (let k = 0; k < MOST_TERMS && Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (((a + k) * (A + k)) / ((a + b + k) * (k + 1))) * z;
    sum += term;
  }
  return (shape / rate) * Math.exp(-a * Math.log1p(t / rate)) * sum;
}

/**
 * Purchases expected in the next t, each counted e^(-delta s) at the time s ahead: {@link alivePurchaseRate} integrated
 * by Gauss-Legendre panels. There is no simple closed form, and because drop-out chances differ the tail is long, so
 * that t belongs next to the number.
 */
export function aliveDiscountedPurchases(alive: AliveCustomer, t: number, delta: number): number {
  return integrateAhead((s) => Math.exp(-delta * s) * alivePurchaseRate(alive, s), t, alive.rate, delta);
}

/**
 * Chance of exactly n repeat purchases of a new customer in (0, t], with k = n + first chances to drop out: still alive
 * after all of them, or dropped out at the last one, I being the chance of at least n arrivals as a regularised
 * incomplete beta (1 minus a sum would lose digits).
 *
 *   B(a, b+k)/B(a, b) NB(n; r, alpha, t) + {k > 0} B(a+1, b+k-1)/B(a, b) I(t/(alpha+t); n, r),   I = 1 at n = 0
 *
 * @returns relative error below 1e-11.
 */
export function betaGeometricProbability(
  { r, alpha, a, b }: Readonly<Record<BetaGeometricName, number>>,
  first: 0 | 1,
  n: number,
  t: number
): number {
  const chances = n + first;
  const staying = Math.exp(logBeta(a, b + chances) - logBeta(a, b) + logNegativeBinomial(n, r, alpha, t));
  if (chances === 0) return staying;
  const leaving = Math.exp(logBeta(a + 1, b + chances - 1) - logBeta(a, b));
  return staying + leaving * (n === 0 ? 1 : regularisedBeta(t / (alpha + t), n, r));
}
