/** How strongly a change of feeling moves the odds of staying; log-odds per point of the -2 to 2 score, 0 or more. */
export interface Kappas {
  /** For the part of a score above 0. */
  readonly plus: number;
  /** For the part of a score below 0. */
  readonly minus: number;
}

/**
 * Change of the log-odds of staying when a stage's feeling goes from `before` to `after` (SPEC C14):
 * u(after) - u(before), u(f) = plus max(f, 0) + minus min(f, 0).
 */
export function feelingShift(before: number, after: number, { plus, minus }: Kappas): number {
  const effect = (score: number) => plus * Math.max(score, 0) + minus * Math.min(score, 0);
  return effect(after) - effect(before);
}

/**
 * Factor s'/s for every transition out of a stage whose probability of staying is s, when logit s' = logit s + shift:
 * e^shift / (1 + s (e^shift - 1)). Written without the logit, it is exact at shift 0 and loses nothing for s near 0.
 *
 * @param stay row sum. At 0 and at 1 (within 1e-9) a shift has no effect, and the factor is 1.
 */
export function stayFactor(stay: number, shift: number): number {
  if (shift === 0 || !moves(stay)) return 1;
  return Math.exp(shift) / (1 + stay * Math.expm1(shift));
}

/** d(s'/s)/ds = m (1 - m) / (1 - s) with m = s'/s, the factor itself. */
export function stayFactorSlope(stay: number, factor: number): number {
  if (factor === 1 || !moves(stay)) return 0;
  return (factor * (1 - factor)) / (1 - stay);
}

const moves = (stay: number): boolean => stay > 0 && stay < 1 - 1e-9;
