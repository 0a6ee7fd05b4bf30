import { integrate } from './quadrature.ts';

const MOST_STEPS = 1024;

/**
 * e^w E_s(w) = integral over y >= 0 of e^(-w y) (1 + y)^(-s), the scaled generalised exponential integral; equal to
 * Tricomi's U(1, 2 - s, w).
 *
 * From w = 0.2 by the continued fraction 1/(w+s - 1 s/(w+s+2 - 2(s+1)/(w+s+4 - ...))) (Abramowitz & Stegun 5.1.22),
 * evaluated from its tail. Below, where the fraction would need thousands of steps, y = e^u - 1 turns the integrand into
 * exp(u (1 - s) - w (e^u - 1)), which Gauss-Legendre panels integrate to rounding.
 *
 * @param s above 0.
 * @param w 0 or more. At 0 the value is 1/(s - 1), infinite for s <= 1.
 * @returns relative error below 1e-12.
 */
export function scaledExponentialIntegral(s: number, w: number): number {
  if (w === 0) return s > 1 ? 1 / (s - 1) : Infinity;
  return w < 0.2 ? byQuadrature(s, w) : byFraction(s, w);
}

function byFraction(s: number, w: number): number {
  let before = NaN;
  for (let steps = 32; steps <= MOST_STEPS; steps *= 2) {
    let tail = w + s + 2 * steps;
    for (let k = steps; k >= 1; k--) tail = w + s + 2 * (k - 1) - (k * (s + k - 1)) / tail;
    const value = 1 / tail;
    if (Math.abs(value - before) <= 1e-14 * value) return value;
    before = value;
  }
  return before;
}

function byQuadrature(s: number, w: number): number {
  const lastWithWeight = Math.min(Math.log1p(750 / w), s > 1 ? 1 + 40 / (s - 1) : Infinity);
  const panels = Math.ceil(lastWithWeight * (1.5 + s / 8));
  return integrate((u) => Math.exp(u * (1 - s) - w * Math.expm1(u)), 0, lastWithWeight, panels);
}
