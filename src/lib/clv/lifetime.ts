import type { Acquisition } from './acquisition.ts';
import type { Chain } from './chain.ts';
import { dies, dot, factorize, identityMinus, solve } from './linear.ts';
import type { JourneyModel } from './model.ts';
import { expectedPeriods } from './renewal.ts';

/**
 * Expected undiscounted ticks that an acquired customer spends in customer stages: phi (I - P)^-1 t, with t the dwell
 * of customer stages, times the expected number of periods where a stage renews (SPEC C17). Stages that customers
 * never come to do not take part.
 *
 * @param visits discounted visits per customer; above 0 where a customer can come.
 * @returns null when the time has no bound (nobody leaves, or renewals with alpha <= 1).
 */
export function lifetimeTicks(
  { stages, transitions }: JourneyModel,
  { size }: Chain,
  { start }: Acquisition,
  visits: Float64Array
): number | null {
  const matrix = new Float64Array(size * size);
  for (const { from, to, probability } of transitions)
    if (visits[from]! > 0) matrix[from * size + to] = probability;
  const factors = factorize(identityMinus(matrix, size), size);
  if (!dies(factors)) return null;
  const stay = stages.map(({ kind, dwell, retention }, stage) => {
    if (kind === 'acquire' || !(visits[stage]! > 0)) return 0;
    return dwell * (retention === null ? 1 : expectedPeriods(retention, 1));
  });
  const ticks = dot(start, solve(factors, stay));
  return Number.isFinite(ticks) ? ticks : null;
}
