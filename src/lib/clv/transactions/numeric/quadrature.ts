/** Numerical integration of smooth functions by Gauss-Legendre panels. */

interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Nodes and weights on [-1, 1]: Newton's method on the Legendre polynomial, from Tricomi's first guess. */
function gaussLegendre(points: number): Rule {
  const nodes = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let index = 0; index < points; index++) {
    let node = Math.cos((Math.PI * (index + 0.75)) / (points + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step++) {
      let before = 1;
      let value = node;
      for (let degree = 2; degree <= points; degree++)
        [before, value] = [value, ((2 * degree - 1) * node * value - (degree - 1) * before) / degree];
      slope = (points * (node * value - before)) / (node * node - 1);
      node -= value / slope;
    }
    nodes[index] = node;
    weights[index] = 2 / ((1 - node * node) * slope * slope);
  }
  return { nodes, weights };
}

const RULE = gaussLegendre(16);

/** Nodes and weights of the 16-point rule on [-1, 1], for integrands that yield several sums at once. */
export const { nodes: GAUSS_NODES, weights: GAUSS_WEIGHTS } = RULE;

/**
 * Integral of f from `low` to `high` in one panel of 16 points: exact for polynomials of degree 31, and to rounding for
 * functions that are analytic well beyond the panel.
 */
export function integratePanel(f: (at: number) => number, low: number, high: number): number {
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  let sum = 0;
  for (let index = 0; index < RULE.nodes.length; index++)
    sum += RULE.weights[index]! * f(middle + half * RULE.nodes[index]!);
  return half * sum;
}

/** Integral over `panels` panels of equal width. */
export function integrate(f: (at: number) => number, low: number, high: number, panels: number): number {
  const width = (high - low) / panels;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++)
    sum += integratePanel(f, low + panel * width, low + (panel + 1) * width);
  return sum;
}

/**
 * Integral from 0 to `end` of a function of time whose scale is `scale` at the start and grows with t, as a power of
 * (scale + t) has, times e^(-rate t). Panels double with scale + t and stay below 2/rate.
 *
 * @param scale above 0.
 * @param end 0 or more, finite.
 * @param rate 0 or more.
 * @returns relative error about 1e-13 for such functions.
 */
export function integrateAhead(f: (at: number) => number, end: number, scale: number, rate: number): number {
  let sum = 0;
  let low = 0;
  while (low < end) {
    const width = Math.min(scale + low, rate > 0 ? 2 / rate : Infinity);
    const high = Math.min(end, low + width);
    sum += integratePanel(f, low, high);
    low = high;
    if (rate * low > 750) break; // e^(-750) is 0
  }
  return sum;
}
