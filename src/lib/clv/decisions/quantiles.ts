import type { Distribution, Estimate } from './types.ts';

/**
 * Quantile of sorted numbers with linear interpolation between the two nearest (Hyndman & Fan 1996, type 7).
 *
 * @param sorted one or more, ascending.
 * @param share 0 to 1.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (at - below) * (high - low);
}

/**
 * The same of numbers in any order, which this call reorders: Hoare's selection (1961), in time proportional to their
 * number.
 */
export function quantileOfUnsorted(values: Float64Array, share: number): number {
  const at = (values.length - 1) * share;
  const below = Math.floor(at);
  const low = select(values, below);
  if (at === below) return low;
  let high = Infinity;
  for (let k = below + 1; k < values.length; k++) high = Math.min(high, values[k]!);
  return low + (at - below) * (high - low);
}

/** Puts the number of rank `rank` in its place, smaller ones before it and larger ones after it. */
function select(values: Float64Array, rank: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let [i, k] = [left, right];
    while (i <= k) {
      while (values[i]! < pivot) i++;
      while (values[k]! > pivot) k--;
      if (i > k) break;
      const held = values[i]!;
      values[i++] = values[k]!;
      values[k--] = held;
    }
    if (rank <= k) right = k;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank]!;
}

/**
 * Quantile with its standard error: half the distance between the order statistics one standard deviation of the binomial
 * count, sqrt(n q (1 - q)), to either side (David & Nagaraja 2003, section 7.1). No density is needed.
 */
function quantileEstimate(sorted: Float64Array, share: number): Estimate {
  const spread = Math.sqrt((share * (1 - share)) / sorted.length);
  const [low, high] = [Math.max(0, share - spread), Math.min(1, share + spread)];
  return {
    value: quantile(sorted, share),
    standardError: (quantile(sorted, high) - quantile(sorted, low)) / 2
  };
}

/** Chance from a count, with the standard error sqrt(p (1 - p)/n). */
export function chanceOf(count: number, total: number): Estimate {
  const value = count / total;
  return { value, standardError: Math.sqrt((value * (1 - value)) / total) };
}

/**
 * Mean, standard deviation (with n - 1) and quantiles of draws. The mean is summed from the first draw, so that draws that
 * are all the same have exactly that mean and no deviation.
 *
 * @param values one or more, in any order.
 * @param convex whether a mean above `base` is to be told; it is when it exceeds it by two standard errors.
 */
export function distributionOf(values: Float64Array, base: number, convex: boolean): Distribution {
  const origin = values[0]!;
  const count = values.length;
  const shift = values.reduce((sum, value) => sum + (value - origin), 0) / count;
  const mean = origin + shift;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const sd = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  const standardError = sd / Math.sqrt(count);
  const sorted = Float64Array.from(values).sort();
  return {
    base,
    mean: { value: mean, standardError },
    sd,
    p5: quantileEstimate(sorted, 0.05),
    p50: quantileEstimate(sorted, 0.5),
    p95: quantileEstimate(sorted, 0.95),
    meanAboveBase: convex && mean - base > 2 * standardError && sd > 0
  };
}
