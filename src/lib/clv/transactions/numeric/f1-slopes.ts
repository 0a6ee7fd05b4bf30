/** F1 together with its derivatives, as the gradient of a likelihood needs them. */

/** F1(b; c; z) and its derivatives by b, c and z. */
export interface F1Slopes {
  value: number;
  byB: number;
  byC: number;
  byZ: number;
}

const FEWEST_TERMS = 6;
const MOST_TERMS = 2 ** 20;
/** Digits asked of the fraction, as a natural logarithm. */
const LN_ACCURACY = 36;

/**
 * F1(b; c; z) = 2F1(1, b; c; z) and its three partial derivatives, written into `into`.
 *
 * Gauss's continued fraction 1/(1 - k1 z/(1 - k2 z/(1 - ...))) is evaluated from its tail, and every step is
 * differentiated along with it. The error of the fraction falls by (1 - w)/(1 + w), w = sqrt(1 - z), per term, which
 * gives the number of terms; a quarter more must agree, otherwise the number is doubled.
 *
 * @param b above 0.
 * @param c at least b.
 * @param z from 0 to below 1.
 * @returns relative error about 1e-15 / (1 - z) of the value and 1e-13 / (1 - z) of the derivatives; all NaN where no
 *   agreement is reached, which is within about 1e-9 of z = 1.
 */
export function gaussF1Slopes(b: number, c: number, z: number, into: F1Slopes): void {
  const root = Math.sqrt(1 - z);
  const perTerm = Math.log((1 + root) / (1 - root));
  let terms = FEWEST_TERMS + Math.ceil(LN_ACCURACY / perTerm);
  const settled = 1e-13 + 1e-15 / (1 - z);
  for (; terms <= MOST_TERMS; terms *= 2) {
    differentiatedFraction(b, c, z, terms, into);
    const check = plainFraction(b, c, z, terms + Math.ceil(terms / 4));
    if (Math.abs(check - into.value) <= settled * check) return;
  }
  into.value = into.byB = into.byC = into.byZ = NaN;
}

function plainFraction(b: number, c: number, z: number, terms: number): number {
  let tail = 1;
  for (let term = terms; term >= 2; term--) {
    const m = term >> 1;
    const d = c + 2 * m - 1;
    const k =
      (term & 1) === 0 ? (m * (c - b + m - 1)) / ((d - 1) * d) : ((b + m) * (c + m - 1)) / (d * (d + 1));
    tail = 1 - (k * z) / tail;
  }
  return 1 / (1 - ((b / c) * z) / tail);
}

/** With t = 1 - k z / t', each derivative is -(k' z) / t' + (k z / t'^2) times that of t'. */
function differentiatedFraction(b: number, c: number, z: number, terms: number, into: F1Slopes): void {
  let tail = 1;
  let tailByB = 0;
  let tailByC = 0;
  let tailByZ = 0;
  for (let term = terms; term >= 1; term--) {
    const m = term >> 1;
    const d = c + 2 * m - 1;
    let k: number;
    let kByB: number;
    let kByC: number;
    if (term === 1) {
      k = b / c;
      kByB = 1 / c;
      kByC = -k / c;
    } else if ((term & 1) === 0) {
      const below = 1 / ((d - 1) * d);
      k = m * (c - b + m - 1) * below;
      kByB = -m * below;
      kByC = m * below - k * (2 * d - 1) * below;
    } else {
      const below = 1 / (d * (d + 1));
      k = (b + m) * (c + m - 1) * below;
      kByB = (c + m - 1) * below;
      kByC = (b + m) * below - k * (2 * d + 1) * below;
    }
    const inverse = 1 / tail;
    const pass = k * z * inverse * inverse;
    tailByB = pass * tailByB - kByB * z * inverse;
    tailByC = pass * tailByC - kByC * z * inverse;
    tailByZ = pass * tailByZ - k * inverse;
    tail = 1 - k * z * inverse;
  }
  const value = 1 / tail;
  into.value = value;
  into.byB = -tailByB * value * value;
  into.byC = -tailByC * value * value;
  into.byZ = -tailByZ * value * value;
}
