/** The gamma function's logarithm, its derivative and what is built from it. Arguments are above 0 throughout. */

const HALF_LN_TWO_PI = 0.9189385332046728;
/** Above this the asymptotic series are exact to rounding with the terms kept. */
const ASYMPTOTIC = 10;

/**
 * Remainder of Stirling's formula, ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], by its asymptotic series
 * (Abramowitz & Stegun 6.1.41).
 *
 * @param x at least 10; the first term left out is below 1e-17 there.
 */
function stirlingRemainder(x: number): number {
  const y = 1 / (x * x);
  return (
    (1 / 12 -
      y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360 - y / 156)))))) /
    x
  );
}

/**
 * ln Gamma(x). Stirling's series above 10; below, x is raised by the recurrence Gamma(x + 1) = x Gamma(x).
 *
 * @param x above 0.
 * @returns error below 4e-15 or 4e-16 of the value, whichever is larger.
 */
export function logGamma(x: number): number {
  let product = 1;
  let z = x;
  while (z < ASYMPTOTIC) {
    product *= z;
    z += 1;
  }
  return (z - 0.5) * Math.log(z) - z + HALF_LN_TWO_PI + stirlingRemainder(z) - Math.log(product);
}

/**
 * Digamma, the derivative of ln Gamma (Abramowitz & Stegun 6.3.18, raised by 6.3.5 below 10).
 *
 * @param x above 0.
 * @returns error below 4e-15 or 4e-16 of the value, whichever is larger.
 */
export function digamma(x: number): number {
  let sum = 0;
  let z = x;
  while (z < ASYMPTOTIC) {
    sum += 1 / z;
    z += 1;
  }
  const y = 1 / (z * z);
  const series =
    y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * (691 / 32760 - y / 12))))));
  return Math.log(z) - 0.5 / z - series - sum;
}

/**
 * ln Gamma(x + a) - ln Gamma(x), without the loss of digits that the difference of two large logarithms has.
 *
 * @param x above 0.
 * @param a 0 or more.
 * @returns relative error below 1e-14 where the value is not near 0.
 */
export function logGammaRise(x: number, a: number): number {
  if (x < ASYMPTOTIC) return logGamma(x + a) - logGamma(x);
  return (
    (x - 0.5) * Math.log1p(a / x) +
    a * (Math.log(x + a) - 1) +
    (stirlingRemainder(x + a) - stirlingRemainder(x))
  );
}

/**
 * ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b), for any mixture of small and large arguments (the idea of
 * Didonato & Morris 1992, algorithm 708: only the remainder of Stirling's formula is subtracted).
 *
 * @param a above 0.
 * @param b above 0.
 * @returns error below 1e-14 or 1e-15 of the larger of |value| and a + b.
 */
export function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  return logGamma(small) - logGammaRise(large, small);
}

/** ln of the binomial coefficient "n over k", whole numbers 0 <= k <= n; errors as of {@link logBeta}. */
export function logChoose(n: number, k: number): number {
  return k === 0 || k === n ? 0 : -Math.log(n + 1) - logBeta(k + 1, n - k + 1);
}
