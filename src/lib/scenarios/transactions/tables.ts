import { duration, type PurchaseRows, type TimeUnit } from '#lib/clv/transactions/index.ts';
import type { PurchaseModel } from './models.ts';

/** How many customers bought n times again: counted, and as the model has it. */
export interface FrequencyBar {
  /** Repeat purchases; the last bar holds everybody with as many or more. */
  readonly n: number;
  readonly orMore: boolean;
  readonly observed: number;
  readonly expected: number;
}

const LAST_BAR = 7;
const MOST_AGES = 150;

/** Customers by repeat purchases up to the cut-off; expected: the sum over customers of the chance of n in their T. */
export function frequencies(model: PurchaseModel, rows: PurchaseRows<TimeUnit>): FrequencyBar[] {
  const observed = new Float64Array(LAST_BAR + 1);
  rows.frequency.values.forEach((x, level) => {
    observed[Math.min(x, LAST_BAR)]! += rows.frequency.weights[level]!;
  });
  const expected = new Float64Array(LAST_BAR + 1);
  for (const { T, weight } of ages(rows)) {
    let rest = 1;
    for (let n = 0; n < LAST_BAR; n++) {
      const chance = T > 0 ? model.probability(n, duration(T, rows.unit)) : n === 0 ? 1 : 0;
      expected[n]! += weight * chance;
      rest -= chance;
    }
    expected[LAST_BAR]! += weight * Math.max(rest, 0);
  }
  return Array.from(observed, (count, n) => ({
    n,
    orMore: n === LAST_BAR,
    observed: count,
    expected: expected[n]!
  }));
}

/** Distinct T with their customers; neighbours stand together at their mean where there are very many. */
function ages({ age }: PurchaseRows<TimeUnit>): { T: number; weight: number }[] {
  const levels = Array.from(age.values, (T, level) => ({ T, weight: age.weights[level]! })).sort(
    (one, other) => one.T - other.T
  );
  const size = Math.ceil(levels.length / MOST_AGES);
  const groups: { T: number; weight: number }[] = [];
  for (let from = 0; from < levels.length; from += size) {
    const group = levels.slice(from, from + size);
    const weight = group.reduce((sum, level) => sum + level.weight, 0);
    groups.push({ T: group.reduce((sum, level) => sum + level.T * level.weight, 0) / weight, weight });
  }
  return groups;
}

/** Chance that a customer is still there, by what they bought and how long ago. */
export interface AliveGrid {
  /** Units since the first purchase of the customers in the table: the median of all. */
  readonly observedFor: number;
  /** Units since the last purchase, a column each. */
  readonly since: readonly number[];
  readonly rows: readonly {
    /** Repeat purchases. */
    readonly x: number;
    /** By column; null where the last purchase would be the first. */
    readonly alive: readonly (number | null)[];
  }[];
  /** One-time buyers after `observedFor`. */
  readonly oneTime: number;
}

const COLUMNS = 6;
const COUNTS = [1, 2, 3, 4, 6, 8, 12, 20, 40];

/** P(alive) of customers observed for the median time, by recency and frequency. */
export function aliveGrid(model: PurchaseModel, rows: PurchaseRows<TimeUnit>): AliveGrid {
  const T = medianOf(rows);
  const most = rows.frequency.values.reduce((max, x) => Math.max(max, x), 0);
  const step = niceStep(T / COLUMNS);
  const since = Array.from({ length: COLUMNS }, (_, column) => column * step);
  const at = (x: number, tx: number) =>
    model.alive({ x, tx: duration(tx, rows.unit), T: duration(T, rows.unit) });
  return {
    observedFor: T,
    since,
    rows: COUNTS.filter((x) => x <= Math.max(most, 1)).map((x) => ({
      x,
      alive: since.map((ago) => (T - ago > 0 ? at(x, T - ago) : null))
    })),
    oneTime: at(0, 0)
  };
}

function medianOf({ age, customers }: PurchaseRows<TimeUnit>): number {
  const order = Array.from(age.values.keys()).sort((a, b) => age.values[a]! - age.values[b]!);
  let sum = 0;
  for (const level of order) {
    sum += age.weights[level]!;
    if (2 * sum >= customers) return age.values[level]!;
  }
  return 0;
}

/** A step of 1, 2 or 5 times a power of ten, not above `rough`. */
function niceStep(rough: number): number {
  if (!(rough > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [5, 2, 1].find((factor) => factor * power <= rough * (1 + 1e-9)) ?? 1;
  return step * power;
}
