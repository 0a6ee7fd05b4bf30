import type { Steps } from './types.ts';

/** A choice of some of n items within a budget. */
export interface Choice {
  /** Cost by item, 0 or more. */
  readonly costs: readonly number[];
  readonly budget: number;
  /** Whether two items exclude each other. */
  conflict(a: number, b: number): boolean;
  /** Value of a set: 1 for each item in it. NaN when it has none. Nothing at all is worth 0. */
  value(chosen: Uint8Array): number;
}

export interface Found {
  readonly chosen: Uint8Array;
  readonly value: number;
}

export interface Searched extends Found {
  /** No set is worth more than this. */
  readonly bound: number;
  readonly proven: boolean;
}

interface Node {
  /** Items before this one, in the order of search, are decided. */
  readonly depth: number;
  readonly chosen: Uint8Array;
  readonly spent: number;
  /** The value of `chosen`, or, where it has none, no less than what it would be. */
  readonly worth: number;
  /** No set below this node is worth more. */
  readonly upper: number;
}

/** Sums of costs that differ from the budget by rounding only are within it. */
export const affords = (budget: number, cost: number): boolean => cost <= budget * (1 + 1e-12);

/** Whether an item can be added to a set. */
const fits = (choice: Choice, chosen: Uint8Array, spent: number, item: number): boolean =>
  affords(choice.budget, spent + choice.costs[item]!) &&
  chosen.every((taken, other) => !taken || !choice.conflict(other, item));

/**
 * Best set by depth-first branch and bound (Land & Doig 1960), with the fractional knapsack of Dantzig (1957) as its bound.
 *
 * Given that adding item k to any set adds at most `gains[k]`, a set S + {t1, ..., tm} is worth at most value(S) +
 * gains[t1] + ... + gains[tm], by adding one after the other. The most that this sum can be within the money left is at
 * most the fractional knapsack of the items not yet decided, which takes them by gain per cost and the last in part. So a
 * node whose bound is not above the best value known holds no better set.
 *
 * @param gains by item; those not above 0 can never help and are left out.
 * @param first a set to start from.
 * @param mostNodes where to stop without a proof.
 */
export function* branchAndBound(
  choice: Choice,
  gains: readonly number[],
  first: Found,
  mostNodes: number
): Steps<Searched> {
  const order = gains
    .map((_, item) => item)
    .filter((item) => gains[item]! > 0 && affords(choice.budget, choice.costs[item]!))
    .sort((a, b) => gains[b]! * choice.costs[a]! - gains[a]! * choice.costs[b]! || a - b);
  const rest = (depth: number, money: number) => fractionalKnapsack(choice.costs, gains, order, depth, money);
  const nothing = new Uint8Array(gains.length);
  let best = first.value >= 0 ? first : { chosen: nothing, value: 0 };
  const margin = () => 1e-9 * (1 + Math.abs(best.value));
  const open: Node[] = [{ depth: 0, chosen: nothing, spent: 0, worth: 0, upper: rest(0, choice.budget) }];
  for (let nodes = 0; open.length > 0; nodes++) {
    if (nodes >= mostNodes)
      return {
        ...best,
        bound: open.reduce((max, { upper }) => Math.max(max, upper), best.value),
        proven: false
      };
    if (nodes % 64 === 0) yield { done: nodes, total: mostNodes };
    const { depth, chosen, spent, worth, upper } = open.pop()!;
    const item = order[depth];
    if (item === undefined || upper <= best.value + margin()) continue;
    const left = choice.budget - spent;
    open.push({ depth: depth + 1, chosen, spent, worth, upper: worth + rest(depth + 1, left) });
    if (!fits(choice, chosen, spent, item)) continue;
    const larger = Uint8Array.from(chosen);
    larger[item] = 1;
    const value = choice.value(larger);
    if (value > best.value) best = { chosen: larger, value };
    const cost = spent + choice.costs[item]!;
    const reached = Number.isNaN(value) ? worth + gains[item]! : value;
    const below = reached + rest(depth + 1, choice.budget - cost);
    open.push({ depth: depth + 1, chosen: larger, spent: cost, worth: reached, upper: below });
  }
  return { ...best, bound: best.value, proven: true };
}

function fractionalKnapsack(
  costs: readonly number[],
  gains: readonly number[],
  order: readonly number[],
  depth: number,
  money: number
): number {
  let [sum, left] = [0, money * (1 + 1e-12)];
  for (let at = depth; at < order.length; at++) {
    const item = order[at]!;
    const cost = costs[item]!;
    if (cost > left) return sum + (gains[item]! * Math.max(0, left)) / cost;
    sum += gains[item]!;
    left -= cost;
  }
  return sum;
}

/**
 * A good set, without a proof: items are added one by one, by most value per cost and, in a second try, by most value;
 * then one item is exchanged or added as long as that helps. Of both tries the better one.
 */
export function* greedy(choice: Choice): Steps<Found> {
  const byRatio = yield* grow(choice, (gain, cost) => (cost > 0 ? gain / cost : Infinity));
  const byGain = yield* grow(choice, (gain) => gain);
  return yield* exchange(choice, byGain.value > byRatio.value ? byGain : byRatio);
}

function* grow(choice: Choice, merit: (gain: number, cost: number) => number): Steps<Found> {
  const total = choice.costs.length;
  let best: Found = { chosen: new Uint8Array(total), value: 0 };
  for (let done = 0; ; done++) {
    let next: Found | null = null;
    let bestMerit = 0;
    for (let item = 0; item < total; item++) {
      yield { done, total };
      const larger = withSwap(choice, best.chosen, null, item);
      if (larger === null) continue;
      const gain = choice.value(larger) - best.value;
      const worth = gain > 0 ? merit(gain, choice.costs[item]!) : 0;
      if (worth > bestMerit) [bestMerit, next] = [worth, { chosen: larger, value: best.value + gain }];
    }
    if (next === null) return best;
    best = next;
  }
}

function* exchange(choice: Choice, start: Found): Steps<Found> {
  const total = choice.costs.length;
  let best = start;
  for (let round = 0; round < total; round++) {
    const before: Found = best;
    for (let out = 0; out < total; out++) {
      if (!before.chosen[out]) continue;
      for (let item = 0; item < total; item++) {
        yield { done: total, total };
        const other = withSwap(choice, before.chosen, out, item);
        if (other === null) continue;
        const value = choice.value(other);
        if (value > best.value * (1 + 1e-12)) best = { chosen: other, value };
      }
    }
    if (best === before) break;
  }
  return best;
}

/** The set with `item` for `out` (or beside the others); null when it is there already or does not fit. */
function withSwap(choice: Choice, chosen: Uint8Array, out: number | null, item: number): Uint8Array | null {
  if (chosen[item]) return null;
  const next = Uint8Array.from(chosen);
  if (out !== null) next[out] = 0;
  const spent = next.reduce((sum, taken, k) => sum + (taken ? choice.costs[k]! : 0), 0);
  if (!fits(choice, next, spent, item)) return null;
  next[item] = 1;
  return next;
}
