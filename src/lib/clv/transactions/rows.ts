import type { Summary } from './summary.ts';
import type { TimeUnit } from './unit.ts';

/** The distinct values of a column, and where they occur. */
export interface Levels {
  /** Per row, the index of its value. */
  readonly index: Int32Array;
  readonly values: Float64Array;
  /** Customers with each value. */
  readonly weights: Float64Array;
}

/**
 * What a purchase model is fitted to: distinct (x, t_x, T) with the number of customers who share them (T6). Logarithms
 * and gamma functions are taken once per distinct x, t_x and T; with whole days these are few.
 */
export interface PurchaseRows<U extends TimeUnit> {
  readonly unit: U;
  readonly x: Float64Array;
  readonly tx: Float64Array;
  readonly T: Float64Array;
  /** Customers of the row. */
  readonly weight: Float64Array;
  readonly frequency: Levels;
  readonly recency: Levels;
  readonly age: Levels;
  /** Repeat purchases of the customers with each distinct T. */
  readonly agePurchases: Float64Array;
  readonly customers: number;
}

/** Every customer a row of weight 1. A fit to these gives what {@link compress}ed rows give, more slowly. */
export function uncompressed<U extends TimeUnit>(summary: Summary<U>): PurchaseRows<U> {
  const { unit, x, tx, T } = summary;
  return withLevels({ unit, x, tx, T, weight: new Float64Array(x.length).fill(1) });
}

/** Customers with the same (x, t_x, T) in one row, in the order of the first of each; one pass with a hash table. */
export function compress<U extends TimeUnit>(summary: Summary<U>): PurchaseRows<U> {
  const { unit, x, tx, T } = summary;
  const { first, weight } = distinctRows([x, tx, T], x.length);
  const pick = (column: Float64Array) => Float64Array.from(first, (row) => column[row]!);
  return withLevels({ unit, x: pick(x), tx: pick(tx), T: pick(T), weight });
}

type Unlevelled<U extends TimeUnit> = Pick<PurchaseRows<U>, 'unit' | 'x' | 'tx' | 'T' | 'weight'>;

function withLevels<U extends TimeUnit>(rows: Unlevelled<U>): PurchaseRows<U> {
  const [frequency, recency, age] = [rows.x, rows.tx, rows.T].map((column) =>
    levelsOf(column, rows.weight)
  ) as [Levels, Levels, Levels];
  const agePurchases = new Float64Array(age.values.length);
  let customers = 0;
  for (let row = 0; row < rows.x.length; row++) {
    agePurchases[age.index[row]!]! += rows.weight[row]! * rows.x[row]!;
    customers += rows.weight[row]!;
  }
  return { ...rows, frequency, recency, age, agePurchases, customers };
}

/** The distinct values of a column in the order of the first of each. */
export function levelsOf(column: Float64Array, weight: Float64Array): Levels {
  const indexOf = new Map<number, number>();
  const index = new Int32Array(column.length);
  const weights: number[] = [];
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    let level = indexOf.get(value);
    if (level === undefined) {
      level = weights.push(0) - 1;
      indexOf.set(value, level);
    }
    index[row] = level;
    weights[level]! += weight[row]!;
  }
  return { index, values: Float64Array.from(indexOf.keys()), weights: Float64Array.from(weights) };
}

/**
 * The first of every set of rows that agree in all columns, with the size of the set. Open addressing; two rows are the
 * same when all their numbers are.
 */
export function distinctRows(columns: readonly Float64Array[], size: number) {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2 * size, 16)))).fill(-1);
  const mask = slots.length - 1;
  const first = new Int32Array(size);
  const weight = new Float64Array(size);
  const hash = hashOf(columns);
  let found = 0;
  for (let row = 0; row < size; row++) {
    let slot = hash(row) & mask;
    while (slots[slot] !== -1 && !agree(columns, first[slots[slot]!]!, row)) slot = (slot + 1) & mask;
    if (slots[slot] === -1) {
      slots[slot] = found;
      first[found++] = row;
    }
    weight[slots[slot]!]! += 1;
  }
  return { first: first.subarray(0, found), weight: weight.slice(0, found) };
}

function agree(columns: readonly Float64Array[], one: number, other: number): boolean {
  for (const column of columns) if (column[one] !== column[other]) return false;
  return true;
}

/** Mixes the bits of a row's numbers with the multipliers of MurmurHash3 (Appleby, public domain). */
function hashOf(columns: readonly Float64Array[]): (row: number) => number {
  const number = new Float64Array(1);
  const halves = new Int32Array(number.buffer);
  return (row) => {
    let hash = 0;
    for (const column of columns) {
      number[0] = column[row]! + 0; // -0 becomes 0
      hash = Math.imul(hash ^ halves[0]!, 0xcc9e2d51);
      hash = Math.imul((hash ^ (hash >>> 15)) + halves[1]!, 0x1b873593);
      hash ^= hash >>> 13;
    }
    return hash ^ (hash >>> 16);
  };
}
