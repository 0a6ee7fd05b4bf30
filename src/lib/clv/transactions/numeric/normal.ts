/** The normal distribution, for tests of proportions. */

const SQRT_TWO_PI = 2.5066282746310002;

/**
 * Chance that a standard normal variable exceeds z, Q(z).
 *
 * For |z| below 3 from the series Phi(z) = 1/2 + phi(z) (z + z^3/3 + z^5/(3 5) + ...) (Abramowitz & Stegun 26.2.11),
 * else from the continued fraction 1/(z + 1/(z + 2/(z + ...))) (26.2.14), so that small chances keep their digits.
 *
 * @returns relative error below 1e-13.
 */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  const density = Math.exp((-z * z) / 2) / SQRT_TWO_PI;
  if (z >= 3) {
    let tail = z;
    for (let k = 100; k >= 1; k--) tail = z + k / tail;
    return density / tail;
  }
  let sum = z;
  let term = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}

/**
 * The z that a standard normal variable exceeds with chance `tail`: Newton's method on {@link normalUpperTail}.
 *
 * @param tail above 1e-300 and below 1.
 * @returns error below 1e-12.
 */
export function normalUpperQuantile(tail: number): number {
  if (tail > 0.5) return -normalUpperQuantile(1 - tail);
  // Hastings' rational start (Abramowitz & Stegun 26.2.22), good to 3e-3.
  const t = Math.sqrt(-2 * Math.log(tail));
  let z = t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t));
  for (let step = 0; step < 6; step++) {
    const found = normalUpperTail(z);
    // Halley's step on ln Q keeps its pace in the far tail.
    const hazard = Math.exp((-z * z) / 2) / SQRT_TWO_PI / found;
    const move = Math.log(found / tail) / hazard;
    z += move;
    if (Math.abs(move) < 1e-14 * (1 + z)) break;
  }
  return z;
}
