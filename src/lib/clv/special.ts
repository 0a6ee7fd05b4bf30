/** Special functions behind renewal models. */

const TINY = 1e-300;
const MOST_STEPS = 1_000_000;

/**
 * F1(b; c; z) = 2F1(1, b; c; z) = sum over k of (b)_k / (c)_k z^k, by Gauss's continued fraction
 * 1/(1 - k1 z/(1 - k2 z/(1 - ...))) evaluated with the modified Lentz method (Thompson & Barnett 1986). A fraction
 * stays stable where the power series needs tens of thousands of terms and library 2F1 routines return NaN.
 *
 * At z = 1 Gauss's theorem gives (c - 1)/(c - b - 1) when c - b > 1, and infinity otherwise.
 *
 * @param b above 0.
 * @param c at least b.
 * @param z from 0 to 1.
 * @returns 1 or more; relative error below 1e-12 up to z = 0.9999. NaN if a million steps are not enough.
 */
export function gaussF1(b: number, c: number, z: number): number {
  if (z === 0) return 1;
  if (z === 1) return c - b > 1 ? (c - 1) / (c - b - 1) : Infinity;
  let value = 1;
  let numerator = 1;
  let denominator = 0;
  for (let step = 1; step <= MOST_STEPS; step++) {
    const partial = -fractionTerm(b, c, step) * z;
    denominator = 1 / awayFromZero(1 + partial * denominator);
    numerator = awayFromZero(1 + partial / numerator);
    const change = numerator * denominator;
    value *= change;
    if (Math.abs(change - 1) < 2e-16) return 1 / value;
  }
  return NaN;
}

const awayFromZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

function fractionTerm(b: number, c: number, step: number): number {
  if (step === 1) return b / c;
  const m = Math.floor(step / 2);
  return step % 2 === 0
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
