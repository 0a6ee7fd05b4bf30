/** Customers drawn from the BG/NBD, for tests and benchmarks of fits. The same seed gives the same customers. */
import {
  DAYS_PER_UNIT,
  type BgNbdParameters,
  type Summary,
  type TimeUnit
} from '../../src/lib/clv/transactions/index.ts';

/** A uniform random number, 0 to below 1. */
export type Uniform = () => number;

/** The sfc32 generator (Doty-Humphrey), two outputs to 53 bits. */
export function seededUniform(seed: number): Uniform {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88, 1];
  const next = () => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  for (let round = 0; round < 20; round++) next();
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

const exponential = (uniform: Uniform) => -Math.log1p(-uniform());

const normal = (uniform: Uniform) => Math.sqrt(2 * exponential(uniform)) * Math.cos(2 * Math.PI * uniform());

/** Gamma(shape, 1) by Marsaglia & Tsang (2000); shapes below 1 by their power transformation. */
export function gammaDraw(shape: number, uniform: Uniform): number {
  if (shape < 1) return gammaDraw(shape + 1, uniform) * (1 - uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = normal(uniform);
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && exponential(uniform) > d * v - d * Math.log(v) - (z * z) / 2 - d) return d * v;
  }
}

export function betaDraw(a: number, b: number, uniform: Uniform): number {
  const x = gammaDraw(a, uniform);
  return x / (x + gammaDraw(b, uniform));
}

export interface Draw {
  readonly seed: number;
  /** Length of the observation. */
  readonly days?: number;
  /** First purchases spread evenly over so many days at its start. */
  readonly spread?: number;
  /** Purchases on whole days, several on a day counting once, as a shop records them; else at any moment. */
  readonly wholeDays?: boolean;
}

/** Customers drawn from BG/NBD parameters, in their unit. */
export function bgNbdCustomers<U extends TimeUnit>(
  count: number,
  { unit, alpha, r, a, b }: BgNbdParameters<U>,
  { seed, days = 273, spread = 84, wholeDays = true }: Draw
): Summary<U> {
  const uniform = seededUniform(seed);
  const perUnit = DAYS_PER_UNIT[unit];
  const [x, tx, T] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let customer = 0; customer < count; customer++) {
    const age = days - Math.floor(uniform() * spread);
    const ratePerDay = gammaDraw(r, uniform) / alpha / perUnit;
    const dropout = betaDraw(a, b, uniform);
    let last = 0;
    for (let now = 0; ;) {
      now += exponential(uniform) / ratePerDay;
      if (!(now < age)) break;
      const recorded = wholeDays ? Math.ceil(now) : now;
      if (recorded > last) {
        last = recorded;
        x[customer]! += 1;
      }
      if (uniform() < dropout) break;
    }
    tx[customer] = last / perUnit;
    T[customer] = age / perUnit;
  }
  return { unit, ids: [], x, tx, T, m: new Float64Array(count), spendKnown: false };
}
