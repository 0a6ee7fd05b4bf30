/** Special functions behind renewal models. */

const FEWEST_TERMS = 16;
const MOST_TERMS = 2 ** 21;

/**
 * F1(b; c; z) = 2F1(1, b; c; z) = sum over k of (b)_k / (c)_k z^k, by Gauss's continued fraction
 * 1/(1 - k1 z/(1 - k2 z/(1 - ...))) (Gautschi 1967). The fraction stays stable where the power series needs tens of
 * thousands of terms and library 2F1 routines return NaN.
 *
 * It is evaluated from its tail, with twice as many terms until nothing changes. Forward evaluation (modified Lentz) is
 * a product over the terms, and near z = 1 rounding keeps its factors away from 1: the product drifts or never settles.
 * From the tail every step damps the error of the one before. About 20/sqrt(1 - z) terms are needed.
 *
 * At z = 1 Gauss's theorem gives (c - 1)/(c - b - 1) when c - b > 1, and infinity otherwise.
 *
 * @param b above 0.
 * @param c at least b.
 * @param z from 0 to 1.
 * @returns 1 or more; relative error about 1e-16 / (1 - z), which is what one rounding of z makes as well: below 1e-12
 *   up to z = 0.999, 5e-12 up to 0.9999. NaN within 1e-10 of 1, where the value cannot be told.
 */
export function gaussF1(b: number, c: number, z: number): number {
  if (z === 0) return 1;
  if (z === 1) return c - b > 1 ? (c - 1) / (c - b - 1) : Infinity;
  const settled = 1e-12 + 1e-15 / (1 - z);
  let before = NaN;
  for (let terms = FEWEST_TERMS; terms <= MOST_TERMS; terms *= 2) {
    const value = truncatedFraction(b, c, z, terms);
    if (Math.abs(value - before) <= settled * value) return value;
    before = value;
  }
  return NaN;
}

function truncatedFraction(b: number, c: number, z: number, terms: number): number {
  let tail = 1;
  for (let term = terms; term >= 1; term--) tail = 1 - (fractionTerm(b, c, term) * z) / tail;
  return 1 / tail;
}

function fractionTerm(b: number, c: number, term: number): number {
  if (term === 1) return b / c;
  const m = Math.floor(term / 2);
  return term % 2 === 0
    ? (m * (c - b + m - 1)) / ((c + 2 * m - 2) * (c + 2 * m - 1))
    : ((b + m) * (c + m - 1)) / ((c + 2 * m - 1) * (c + 2 * m));
}

/**
 * dF1/dz, given F = F1(b; c; z), from the first-order equation z (1 - z) F' = b z F - (c - 1)(F - 1), which follows
 * from the ratio of neighbouring terms. Near z = 0 it is b/c; at z = 1 it is b (c-1) / ((c-b-1)(c-b-2)) when
 * c - b > 2, and infinity otherwise.
 *
 * @returns relative error below 1e-8 for c up to 1e6 and z up to 0.9999.
 */
export function gaussF1Slope(b: number, c: number, z: number, value: number): number {
  if (z === 1) return c - b > 2 ? (b * (c - 1)) / ((c - b - 1) * (c - b - 2)) : Infinity;
  if (z < 1e-8) return b / c;
  return (b * z * value - (c - 1) * (value - 1)) / (z * (1 - z));
}
