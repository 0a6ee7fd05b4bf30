import { concludeFit, noFit, type Check, type Fit, type NoFit } from './fit.ts';
import { digamma, logGamma } from './numeric/gamma.ts';
import { maximise, type LogLikelihood } from './optimise.ts';
import { distinctRows, levelsOf } from './rows.ts';
import type { Summary } from './summary.ts';
import type { TimeUnit } from './unit.ts';

/*
 * Gamma-Gamma model of spend (Colombo & Jiang 1999; Fader & Hardie's note 025): the values of a customer's purchases are
 * Gamma(shape p, rate nu), with nu ~ Gamma(shape q, rate v) over customers, independent of how often they buy.
 */

/** p and q have no unit, v is money. */
export interface GammaGammaParameters {
  readonly model: 'gamma-gamma';
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

export type GammaGammaFit = Fit<'p' | 'q' | 'v', GammaGammaParameters>;

/** Spend of customers: x repeat purchases of mean value m each. */
export interface SpendRows {
  readonly x: Float64Array;
  readonly m: Float64Array;
  readonly weight: Float64Array;
}

const FEWEST_REPEAT_BUYERS = 30;
/** From here on, either way, spend goes with frequency and the model's assumption does not hold (clv.md, pitfalls of Gamma-Gamma). */
const BREAKING_CORRELATION = 0.3;

/**
 * Maximum-likelihood fit to the customers who bought again and spent something (T9). Refused when there are under 30 of
 * them, when spend goes with frequency (correlation above 0.3 either way), and when q <= 1, where the population has no
 * mean.
 */
export function fitGammaGamma<U extends TimeUnit>(
  summary: Pick<Summary<U>, 'x' | 'm' | 'spendKnown'>
): GammaGammaFit {
  if (!summary.spendKnown) return noFit('E_NO_SPEND', 'These rows say nothing about spend.');
  const { rows, customers, unspent } = spendRowsOf(summary);
  if (customers < FEWEST_REPEAT_BUYERS)
    return noFit(
      'E_TOO_FEW_CUSTOMERS',
      `${customers} customers bought again and spent something; a fit needs at least ${FEWEST_REPEAT_BUYERS}.`
    );
  const correlation = weightedCorrelation(rows);
  if (Math.abs(correlation) > BREAKING_CORRELATION) return spendDepends(correlation);
  const mean = rows.m.reduce((sum, m, row) => sum + m * rows.weight[row]!, 0) / customers;
  const maximum = maximise(gammaGammaLogLikelihood(rows), [
    [1, 2, mean],
    [6, 4, mean / 2],
    [2, 10, 5 * mean],
    [20, 3, mean / 10]
  ]);
  const fit: GammaGammaFit = concludeFit(maximum, ['p', 'q', 'v'], {
    parameters: (values) => ({ model: 'gamma-gamma', ...values }),
    customers,
    checks: spendChecks(correlation, unspent)
  });
  if (fit.ok && fit.parameters.q <= 1)
    return noFit(
      'E_SPEND_MEAN',
      `The fit has q = ${fit.parameters.q.toFixed(3)}; at 1 or below the population has no mean spend.`
    );
  return fit;
}

const spendDepends = (correlation: number): NoFit =>
  noFit(
    'E_SPEND_DEPENDS',
    `What customers spend goes with how often they buy (correlation ${correlation.toFixed(2)}, more than ${BREAKING_CORRELATION} from 0), so that no mean spend is told.`
  );

const spendChecks = (correlation: number, unspent: number): Check[] => [
  {
    code: 'SPEND_INDEPENDENT',
    passed: Math.abs(correlation) <= BREAKING_CORRELATION,
    value: correlation,
    message: `Spend and frequency correlate by ${correlation.toFixed(3)}; above ${BREAKING_CORRELATION} there would be no fit.`
  },
  {
    code: 'SPEND_POSITIVE',
    passed: unspent === 0,
    value: unspent,
    message: `${unspent} customers bought again for nothing and were left out of this fit.`
  }
];

/** Distinct (x, m) of customers with x > 0 and m > 0. */
export function spendRowsOf({ x, m }: { readonly x: Float64Array; readonly m: Float64Array }) {
  const kept = Int32Array.from(x.keys()).filter((row) => x[row]! > 0 && m[row]! > 0);
  const [keptX, keptM] = [x, m].map((column) => Float64Array.from(kept, (row) => column[row]!)) as [
    Float64Array,
    Float64Array
  ];
  const { first, weight } = distinctRows([keptX, keptM], kept.length);
  const rows: SpendRows = {
    x: Float64Array.from(first, (row) => keptX[row]!),
    m: Float64Array.from(first, (row) => keptM[row]!),
    weight
  };
  const repeatBuyers = x.reduce((count, purchases) => count + (purchases > 0 ? 1 : 0), 0);
  return { rows, customers: kept.length, unspent: repeatBuyers - kept.length };
}

/** Pearson's correlation of x and m over customers; 0 when one of them does not vary. */
export function weightedCorrelation({ x, m, weight }: SpendRows): number {
  let [total, meanX, meanM, xx, mm, xm] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const share = weight[row]!;
    total += share;
    const [fromX, fromM] = [x[row]! - meanX, m[row]! - meanM];
    meanX += (share / total) * fromX;
    meanM += (share / total) * fromM;
    xx += share * fromX * (x[row]! - meanX);
    mm += share * fromM * (m[row]! - meanM);
    xm += share * fromX * (m[row]! - meanM);
  }
  return xx > 0 && mm > 0 ? xm / Math.sqrt(xx * mm) : 0;
}

/**
 * Sum over customers with x >= 1 and m > 0, parameters (p, q, v), of ln Gamma(px+q) - ln Gamma(px) - ln Gamma(q)
 * + q ln v + (px-1) ln m + px ln x - (px+q) ln(v+xm). The gamma functions are evaluated once per distinct x.
 */
export function gammaGammaLogLikelihood({ x, m, weight }: SpendRows): LogLikelihood {
  const { index: level, values, weights } = levelsOf(x, weight);
  const customers = weight.reduce((sum, entry) => sum + entry, 0);
  return (parameters, gradient) => {
    const [p, q, v] = parameters as unknown as [number, number, number];
    let sum = customers * (q * Math.log(v) - logGamma(q));
    let byP = 0;
    let byQ = customers * (Math.log(v) - digamma(q));
    let byV = (customers * q) / v;
    for (let index = 0; index < values.length; index++) {
      const [k, share] = [values[index]!, weights[index]!];
      const together = digamma(p * k + q);
      sum += share * (logGamma(p * k + q) - logGamma(p * k));
      byP += share * k * (together - digamma(p * k));
      byQ += share * together;
    }
    for (let row = 0; row < x.length; row++) {
      const [k, share] = [values[level[row]!]!, weight[row]!];
      const spent = k * m[row]!;
      const [logSpent, logAll] = [Math.log(spent), Math.log(v + spent)];
      sum += share * (p * k * logSpent - Math.log(m[row]!) - (p * k + q) * logAll);
      byP += share * k * (logSpent - logAll);
      byQ -= share * logAll;
      byV -= (share * (p * k + q)) / (v + spent);
    }
    gradient.set([byP, byQ, byV]);
    return sum;
  };
}

/**
 * Mean value of a customer's purchases given x of mean m: p (v + x m)/(p x + q - 1), the population mean and m weighted
 * (q-1) : px. At x = 0 exactly the population mean, which can exceed that of customers with few small purchases.
 *
 * @param customer m in money; its value does not matter at x = 0.
 */
export function gammaGammaExpectedSpend(
  { p, q, v }: GammaGammaParameters,
  { x, m }: { readonly x: number; readonly m: number }
): number {
  return x === 0 ? (p * v) / (q - 1) : (p * (v + x * m)) / (p * x + q - 1);
}

/** Mean value of a purchase over all customers: p v/(q - 1), for q above 1. */
export const gammaGammaMeanSpend = ({ p, q, v }: GammaGammaParameters): number => (p * v) / (q - 1);
