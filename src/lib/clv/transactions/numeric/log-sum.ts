/** Sums and odds of numbers that are known by their logarithm. -Infinity stands for the logarithm of 0. */

/** ln(e^a + e^b), the larger taken out first; exact to rounding, no overflow. */
export function logSumExp(a: number, b: number): number {
  const large = a > b ? a : b;
  if (large === -Infinity) return -Infinity;
  return large + Math.log1p(Math.exp((a > b ? b : a) - large));
}

/** ln(e^a - e^b) for a >= b; -Infinity where they are equal. The relative error grows as they come close. */
export function logDifferenceExp(a: number, b: number): number {
  return b === -Infinity ? a : a + Math.log(-Math.expm1(b - a));
}

/** 1 / (1 + e^logOdds): goes to 0 and to 1 without overflow. */
export function oneOver1PlusExp(logOdds: number): number {
  return logOdds > 0 ? Math.exp(-logOdds) / (1 + Math.exp(-logOdds)) : 1 / (1 + Math.exp(logOdds));
}
