import { TICKS_PER_YEAR, type Tick } from './model.ts';

/**
 * Factor by which money loses value per tick: v = (1 + i)^(-1/k), k ticks a year (SPEC C2).
 *
 * @param annualRate i, a fraction per year, 0 or more.
 * @returns above 0, at most 1; exactly 1 at i = 0. Relative error below 1e-15.
 */
export function discountFactor(annualRate: number, tick: Tick): number {
  return Math.exp(-Math.log1p(annualRate) / TICKS_PER_YEAR[tick]);
}

/** dv/di = -v / (k (1 + i)), per unit of the annual rate. Domain as for {@link discountFactor}. */
export function discountFactorSlope(annualRate: number, tick: Tick): number {
  return -discountFactor(annualRate, tick) / (TICKS_PER_YEAR[tick] * (1 + annualRate));
}
