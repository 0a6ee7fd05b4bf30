import { integrateAhead } from './numeric/quadrature.ts';
import { digamma, logGamma } from './numeric/gamma.ts';
import type { LogLikelihood } from './optimise.ts';
import type { PurchaseRows } from './rows.ts';
import type { TimeUnit } from './unit.ts';

/*
 * What BG/NBD and MBG/NBD share: purchases at a rate lambda ~ Gamma(r, alpha) while alive, and a chance p ~ Beta(a, b) to
 * drop out at each purchase. `first` is 0 when the first purchase has no such chance (BG/NBD) and 1 when it has
 * (MBG/NBD); a customer with x repeat purchases has had x + first chances to drop out.
 */

/**
 * Sum over customers, parameters (r, alpha, a, b), with k = x + first, of
 *
 *   ln Gamma(r+x) - ln Gamma(r) + r ln alpha + ln Gamma(a+b) + ln Gamma(b+k) - ln Gamma(b) - ln Gamma(a+b+k)
 *   + ln[ (alpha+T)^-(r+x) + {k > 0} a/(b+k-1) (alpha+t_x)^-(r+x) ]
 *
 * after Fader, Hardie & Lee 2005 and, for its form without overflow, Fader & Hardie's note 027. The terms without a time
 * are evaluated once per distinct x. Finite for x up to 1e6 and beyond.
 */
export function betaGeometricLogLikelihood<U extends TimeUnit>(
  rows: PurchaseRows<U>,
  first: 0 | 1
): LogLikelihood {
  const { x, tx, T, weight, level, frequencies } = rows;
  const logDropOdds = new Float64Array(frequencies.length);
  return (parameters, gradient) => {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
    gradient.fill(0);
    for (let index = 0; index < frequencies.length; index++) {
      const chances = frequencies[index]! + first;
      logDropOdds[index] = chances > 0 ? Math.log(a / (b + chances - 1)) : -Infinity;
    }
    let sum = addTimelessTerms(rows, first, parameters, gradient);
    let [byR, byAlpha, byA, byB] = [0, 0, 0, 0];
    for (let row = 0; row < x.length; row++) {
      const shape = r + x[row]!;
      const logAge = Math.log(alpha + T[row]!);
      const share = weight[row]!;
      const dropOdds = logDropOdds[level[row]!]!;
      if (dropOdds === -Infinity) {
        sum -= share * shape * logAge;
        byR -= share * logAge;
        byAlpha -= (share * shape) / (alpha + T[row]!);
        continue;
      }
      const logRecency = Math.log(alpha + tx[row]!);
      const logOdds = dropOdds + shape * (logAge - logRecency);
      const small = Math.exp(-Math.abs(logOdds));
      const gone = logOdds > 0 ? 1 / (1 + small) : small / (1 + small);
      sum += share * (Math.max(logOdds, 0) + Math.log1p(small) - shape * logAge);
      byR -= share * ((1 - gone) * logAge + gone * logRecency);
      byAlpha -= share * shape * ((1 - gone) / (alpha + T[row]!) + gone / (alpha + tx[row]!));
      byA += share * gone;
      byB -= (share * gone) / (b + frequencies[level[row]!]! + first - 1);
    }
    gradient[0]! += byR;
    gradient[1]! += byAlpha;
    gradient[2]! += byA / a;
    gradient[3]! += byB;
    return sum;
  };
}

/** The likelihood's terms without a time, and their derivatives. */
function addTimelessTerms<U extends TimeUnit>(
  { frequencies, frequencyWeights, customers }: PurchaseRows<U>,
  first: 0 | 1,
  parameters: Float64Array,
  gradient: Float64Array
): number {
  const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
  let sum = customers * (r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b));
  gradient[0]! += customers * (Math.log(alpha) - digamma(r));
  gradient[1]! += (customers * r) / alpha;
  gradient[2]! += customers * digamma(a + b);
  gradient[3]! += customers * (digamma(a + b) - digamma(b));
  for (let index = 0; index < frequencies.length; index++) {
    const x = frequencies[index]!;
    const share = frequencyWeights[index]!;
    const chances = x + first;
    const together = digamma(a + b + chances);
    sum += share * (logGamma(r + x) + logGamma(b + chances) - logGamma(a + b + chances));
    gradient[0]! += share * digamma(r + x);
    gradient[2]! -= share * together;
    gradient[3]! += share * (digamma(b + chances) - together);
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
