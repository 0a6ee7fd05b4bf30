import { gaussF1 } from '../special.ts';
import { gaussF1Slopes, type F1Slopes } from './numeric/f1-slopes.ts';
import { addPurchaseTerms } from './nbd.ts';
import { logDifferenceExp } from './numeric/log-sum.ts';
import type { LogLikelihood } from './optimise.ts';
import type { PurchaseRows } from './rows.ts';
import type { TimeUnit } from './unit.ts';

/*
 * The integral that Pareto/NBD turns on: INT = integral from t_x to T of (alpha+u)^-(r+x) (beta+u)^-(s+1) du, the weight of
 * having died at u. With q = r + s + x it is G(t_x) - G(T), and expanding around the larger of alpha and beta keeps the
 * argument z of F1 between 0 and 1:
 *
 *   alpha >= beta: z = (alpha-beta)/(alpha+u)   G(u) = F1(r+x; q+1; z) / ( q (alpha+u)^(r+x) (beta+u)^s )
 *   beta > alpha:  z = (beta-alpha)/(beta+u)    G(u) = F1(s+1; q+1; z) / ( q (alpha+u)^(r+x-1) (beta+u)^(s+1) )
 *
 * Everything stays in logarithms, so that neither x in the hundreds nor t_x = T nor alpha = beta is a special case.
 */

export interface ParetoShape {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/** ln G(u). Relative error of G about 1e-13 for alpha and beta within a factor of 1e4. */
function logUpperIntegral({ r, alpha, s, beta }: ParetoShape, x: number, u: number): number {
  const q = r + s + x;
  const [logAlpha, logBeta] = [Math.log(alpha + u), Math.log(beta + u)];
  if (alpha >= beta) {
    const f1 = gaussF1(r + x, q + 1, (alpha - beta) / (alpha + u));
    return Math.log(f1 / q) - (r + x) * logAlpha - s * logBeta;
  }
  const f1 = gaussF1(s + 1, q + 1, (beta - alpha) / (beta + u));
  return Math.log(f1 / q) - (r + x - 1) * logAlpha - (s + 1) * logBeta;
}

/** ln INT; -Infinity when t_x = T. */
export function logDeathIntegral(shape: ParetoShape, x: number, tx: number, T: number): number {
  if (tx === T) return -Infinity;
  return logDifferenceExp(logUpperIntegral(shape, x, tx), logUpperIntegral(shape, x, T));
}

/** ln G(u) with its derivatives by r, alpha, s, beta. */
interface LogIntegral {
  value: number;
  byR: number;
  byAlpha: number;
  byS: number;
  byBeta: number;
}

function logUpperIntegralSlopes(
  { r, alpha, s, beta }: ParetoShape,
  x: number,
  u: number,
  f1: F1Slopes,
  into: LogIntegral
): void {
  const q = r + s + x;
  const [a, b] = [alpha + u, beta + u];
  const [logA, logB] = [Math.log(a), Math.log(b)];
  const isAlphaLarger = alpha >= beta;
  if (isAlphaLarger) gaussF1Slopes(r + x, q + 1, (alpha - beta) / a, f1);
  else gaussF1Slopes(s + 1, q + 1, (beta - alpha) / b, f1);
  const [byB, byC, byZ] = [f1.byB / f1.value, f1.byC / f1.value, f1.byZ / f1.value];
  const [powerA, powerB] = isAlphaLarger ? [r + x, s] : [r + x - 1, s + 1];
  into.value = Math.log(f1.value / q) - powerA * logA - powerB * logB;
  into.byR = byC + (isAlphaLarger ? byB : 0) - 1 / q - logA;
  into.byS = byC + (isAlphaLarger ? 0 : byB) - 1 / q - logB;
  into.byAlpha = (isAlphaLarger ? (byZ * b) / (a * a) : -byZ / b) - powerA / a;
  into.byBeta = (isAlphaLarger ? -byZ / a : (byZ * a) / (b * b)) - powerB / b;
}

const blankIntegral = (): LogIntegral => ({ value: 0, byR: 0, byAlpha: 0, byS: 0, byBeta: 0 });

/**
 * Sum over customers, parameters (r, alpha, s, beta), of
 *
 *   ln Gamma(r+x) - ln Gamma(r) + r ln alpha + s ln beta + ln[ (alpha+T)^-(r+x) (beta+T)^-s + s INT ]
 *
 * (Schmittlein, Morrison & Colombo 1987; Fader & Hardie's note 008 for the likelihood). Finite for x up to 10,000.
 */
export function paretoLogLikelihood<U extends TimeUnit>(rows: PurchaseRows<U>): LogLikelihood {
  const { x, tx, T, weight, customers } = rows;
  const f1: F1Slopes = { value: 0, byB: 0, byC: 0, byZ: 0 };
  const [early, late] = [blankIntegral(), blankIntegral()];
  return (parameters, gradient) => {
    const [r, alpha, s, beta] = parameters as unknown as [number, number, number, number];
    const shape = { r, alpha, s, beta };
    gradient.fill(0);
    let sum = addPurchaseTerms(rows, parameters, gradient) + customers * s * Math.log(beta);
    let [byR, byAlpha] = [gradient[0]!, gradient[1]!];
    let [byS, byBeta] = [customers * Math.log(beta), (customers * s) / beta];
    for (let row = 0; row < x.length; row++) {
      const share = weight[row]!;
      const [k, age] = [r + x[row]!, T[row]!];
      const [logA, logB] = [Math.log(alpha + age), Math.log(beta + age)];
      const aliveTerm = -k * logA - s * logB;
      let [dead, ratio] = [0, 0]; // chance of having died, and G(T)/G(t_x)
      let logOdds = -Infinity;
      if (tx[row]! < age) {
        logUpperIntegralSlopes(shape, x[row]!, tx[row]!, f1, early);
        logUpperIntegralSlopes(shape, x[row]!, age, f1, late);
        ratio = Math.exp(late.value - early.value);
        logOdds = Math.log(s) + logDifferenceExp(early.value, late.value) - aliveTerm;
      }
      if (logOdds > -Infinity) {
        const small = Math.exp(-Math.abs(logOdds));
        dead = logOdds > 0 ? 1 / (1 + small) : small / (1 + small);
        sum += share * (aliveTerm + Math.max(logOdds, 0) + Math.log1p(small));
        const scale = (share * dead) / (1 - ratio);
        byR += scale * (early.byR - ratio * late.byR);
        byAlpha += scale * (early.byAlpha - ratio * late.byAlpha);
        byS += scale * (early.byS - ratio * late.byS) + (share * dead) / s;
        byBeta += scale * (early.byBeta - ratio * late.byBeta);
      } else sum += share * aliveTerm + (Number.isNaN(logOdds) ? NaN : 0);
      const living = share * (1 - dead);
      byR -= living * logA;
      byAlpha -= (living * k) / (alpha + age);
      byS -= living * logB;
      byBeta -= (living * s) / (beta + age);
    }
    gradient.set([byR, byAlpha, byS, byBeta]);
    return sum;
  };
}
