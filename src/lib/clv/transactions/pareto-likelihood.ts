import { addPurchaseTerms } from './nbd.ts';
import { GAUSS_NODES, GAUSS_WEIGHTS } from './numeric/quadrature.ts';
import type { LogLikelihood } from './optimise.ts';
import type { PurchaseRows } from './rows.ts';
import type { TimeUnit } from './unit.ts';

/*
 * The integral that Pareto/NBD turns on is INT = integral from t_x to T of (alpha+u)^-(r+x) (beta+u)^-(s+1) du, the weight
 * of having died at u. Published as a difference of two 2F1, it is taken here by Gauss-Legendre panels: nothing is
 * subtracted, no ratio of alpha and beta makes it slow, and its derivatives are averages over the same nodes.
 *
 * With m the smaller of alpha and beta and m + u = (m + t_x) e^v, the integrand is e^h(v) with h(0) = 0 and nearest
 * singularities at a distance of pi, so that 16 nodes per panel reach rounding as long as h changes by less than 12.
 */

export interface ParetoShape {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/** ln of the odds of having died by T, and under the law of the time of death u: means that the gradient needs. */
export interface DeathOdds {
  logOdds: number;
  /** Mean of ln((alpha+u)/(alpha+t_x)). */
  logAlpha: number;
  /** Mean of 1/(alpha+u). */
  perAlpha: number;
  logBeta: number;
  perBeta: number;
}

export const blankOdds = (): DeathOdds => ({ logOdds: 0, logAlpha: 0, perAlpha: 0, logBeta: 0, perBeta: 0 });

/** Where the integrand has fallen to e^-FALL, the rest does not count. */
const FALL = 45;
const CHANGE_PER_PANEL = 12;
const WIDEST_PANEL = 2;
const MOST_PANELS = 2000;

/**
 * ln[ s (alpha+T)^(r+x) (beta+T)^s INT ], the log-odds of having died, with means over the time of death.
 *
 * @returns in `into`; error of the log-odds below 1e-12 for x up to 10,000 and any ratio of alpha and beta. -Infinity
 *   when t_x = T. NaN where more than 2,000 panels would be needed, far beyond parameters of customers.
 */
export function deathOdds(shape: ParetoShape, x: number, tx: number, T: number, into: DeathOdds): void {
  const { alpha, s, beta } = shape;
  const k = shape.r + x;
  const isAlphaSmaller = alpha <= beta;
  const [a, b] = [alpha + tx, beta + tx];
  const [smaller, larger] = isAlphaSmaller ? [a, b] : [b, a];
  // h(v) = v - near v - far ln(1 + (smaller/larger) (e^v - 1))
  const [near, far] = isAlphaSmaller ? [k, s + 1] : [s + 1, k];
  const all = Math.log1p((T - tx) / smaller);
  const slowest = near - 1 + (far * smaller) / larger;
  const fastest = near + 1 + (far * (smaller + T - tx)) / (larger + T - tx);
  const end = slowest > 0 ? Math.min(all, FALL / slowest) : all;
  const panels = Math.ceil(end * Math.max(1 / WIDEST_PANEL, fastest / CHANGE_PER_PANEL));
  let [sum, nearLog, nearPer, farLog, farPer] = [0, 0, 0, 0, 0];
  if (!(panels <= MOST_PANELS)) sum = NaN;
  else
    for (let panel = 0; panel < panels; panel++)
      for (let node = 0; node < GAUSS_NODES.length; node++) {
        const v = ((panel + (1 + GAUSS_NODES[node]!) / 2) * end) / panels;
        const passed = smaller * Math.expm1(v);
        const log = Math.log1p(passed / larger);
        const weight = GAUSS_WEIGHTS[node]! * Math.exp(v - near * v - far * log);
        sum += weight;
        nearLog += weight * v;
        nearPer += weight / (smaller + passed);
        farLog += weight * log;
        farPer += weight / (larger + passed);
      }
  const integral = (sum * end) / (2 * panels);
  into.logOdds =
    T === tx
      ? -Infinity
      : Math.log((s * smaller * integral) / b) + k * Math.log1p((T - tx) / a) + s * Math.log1p((T - tx) / b);
  [into.logAlpha, into.logBeta] = isAlphaSmaller
    ? [nearLog / sum, farLog / sum]
    : [farLog / sum, nearLog / sum];
  [into.perAlpha, into.perBeta] = isAlphaSmaller
    ? [nearPer / sum, farPer / sum]
    : [farPer / sum, nearPer / sum];
}

/**
 * Sum over customers, parameters (r, alpha, s, beta), of
 *
 *   ln Gamma(r+x) - ln Gamma(r) + r ln alpha + s ln beta + ln[ (alpha+T)^-(r+x) (beta+T)^-s + s INT ]
 *
 * (Schmittlein, Morrison & Colombo 1987; Fader & Hardie's note 008 for the likelihood), the bracket as its first term
 * times 1 + odds of having died. Finite for x up to 10,000.
 */
export function paretoLogLikelihood<U extends TimeUnit>(rows: PurchaseRows<U>): LogLikelihood {
  const { x, tx, T, weight, customers } = rows;
  const odds = blankOdds();
  return (parameters, gradient) => {
    const [r, alpha, s, beta] = parameters as unknown as [number, number, number, number];
    const shape = { r, alpha, s, beta };
    gradient.fill(0);
    let sum = addPurchaseTerms(rows, parameters, gradient) + customers * s * Math.log(beta);
    let [byR, byAlpha] = [gradient[0]!, gradient[1]!];
    let [byS, byBeta] = [customers * Math.log(beta), (customers * s) / beta];
    for (let row = 0; row < x.length; row++) {
      const k = r + x[row]!;
      const [logA, logB] = [Math.log(alpha + T[row]!), Math.log(beta + T[row]!)];
      let dead = 0;
      let logWithDeath = 0;
      if (tx[row]! < T[row]!) {
        deathOdds(shape, x[row]!, tx[row]!, T[row]!, odds);
        const small = Math.exp(-Math.abs(odds.logOdds));
        dead = (weight[row]! * (odds.logOdds > 0 ? 1 : small)) / (1 + small);
        logWithDeath = Math.max(odds.logOdds, 0) + Math.log1p(small);
        byR -= dead * (Math.log(alpha + tx[row]!) + odds.logAlpha);
        byAlpha -= dead * k * odds.perAlpha;
        byS += dead * (1 / s - Math.log(beta + tx[row]!) - odds.logBeta);
        byBeta -= dead * (s + 1) * odds.perBeta;
      }
      const living = weight[row]! - dead;
      sum += weight[row]! * (logWithDeath - k * logA - s * logB);
      byR -= living * logA;
      byAlpha -= (living * k) / (alpha + T[row]!);
      byS -= living * logB;
      byBeta -= (living * s) / (beta + T[row]!);
    }
    gradient.set([byR, byAlpha, byS, byBeta]);
    return sum;
  };
}
