/** The published data sets that the tests of the transaction models stand on, and what is fitted to them. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import {
  compress,
  createLedger,
  duration,
  summarise,
  type Customer,
  type DiscreteRow,
  type Fitted,
  type NoFit,
  type Summarised,
  type Summary,
  type TimeUnit
} from '../../src/lib/clv/transactions/index.ts';

const table = (name: string) =>
  readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));

export const dayOf = (date: string) => Date.parse(date) / 86_400_000;

/** CDNOW, one row per transaction: customer, day, amount. */
export const cdnowTransactions = table('cdnow_sample_transactions.csv').map(
  ([customer, date, , amount]) => [customer!, dayOf(date!), Number(amount)] as const
);

/** Rows of (customer, day, amount) as a summary. */
export function summaryOf<U extends TimeUnit>(
  rows: readonly (readonly [string, number, number])[],
  options: { unit: U; until?: number }
): Summarised<U> {
  const ledger = createLedger();
  for (const [customer, day, amount] of rows) expect(ledger.add(customer, day, amount)).toBeNull();
  const result = summarise(ledger.transactions(), options);
  if (!result.ok) throw new Error(result.message);
  return result;
}

export const CALIBRATION_END = dayOf('1997-09-30');

/** CDNOW after 39 weeks, exact times. */
export const cdnow = summaryOf(cdnowTransactions, { unit: 'week', until: CALIBRATION_END });

/** CDNOW after all 78 weeks. */
export const cdnow78 = summaryOf(cdnowTransactions, { unit: 'week' });

const columns = (rows: string[][], column: number) => Float64Array.from(rows, (row) => Number(row[column]));

/** The published customer summary, times and spend rounded to two decimals. */
export const cdnowFile: Summary<'week'> = (() => {
  const rows = table('cdnow_customers_summary_with_spend.csv');
  return {
    unit: 'week',
    ids: rows.map((row) => row[0]!),
    x: columns(rows, 1),
    tx: columns(rows, 2),
    T: columns(rows, 3),
    m: columns(rows, 4),
    spendKnown: true
  };
})();

export const cdnowRows = compress(cdnow.summary);
export const cdnowFileRows = compress(cdnowFile);

export const donations: readonly DiscreteRow[] = table('donations_bgbb.csv').map((row) => {
  const [x, tx, n, weight] = row.map(Number) as [number, number, number, number];
  return { x, tx, n, weight };
});

/** Survivors of 1,000 customers after 0, 1, ..., 12 renewals. */
const cohort = (column: number) =>
  table('sbg_survival_2007.csv').map((row) => Math.round(Number(row[column]) * 10));
export const regular = cohort(1);
export const highEnd = cohort(2);

/** The fit, or the test fails with its message. */
export function fitted<N extends string, P extends Readonly<Record<N, number>>>(
  fit: Fitted<N, P> | NoFit
): Fitted<N, P> {
  if (!fit.ok) throw new Error(`${fit.code}: ${fit.message}`);
  return fit;
}

export const weeks = (length: number) => duration(length, 'week');

export const customer = (x: number, tx: number, T: number): Customer<'week'> => ({
  x,
  tx: weeks(tx),
  T: weeks(T)
});

/** The customer of a summary by its id. */
export function customerOf({ ids, x, tx, T }: Summary<'week'>, id: string): Customer<'week'> {
  const row = ids.indexOf(id);
  return customer(x[row]!, tx[row]!, T[row]!);
}

/** |found - wanted| <= tolerance, with a message that shows both. */
export function expectNear(found: number, wanted: number, tolerance: number): void {
  if (!(Math.abs(found - wanted) <= tolerance))
    throw new Error(`${found} instead of ${wanted}, more than ${tolerance} apart`);
}

export const expectRelative = (found: number, wanted: number, tolerance: number) =>
  expectNear(found, wanted, tolerance * Math.abs(wanted));

export function expectAllNear(found: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, index) => expectNear(value, wanted[index]!, tolerance));
}

export const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** Means of `values` over the customers with 0, 1, ..., 6 and with 7 or more purchases. */
export function meansByFrequency(x: Float64Array, values: Float64Array): number[] {
  const [sums, counts] = [new Float64Array(8), new Float64Array(8)];
  x.forEach((purchases, row) => {
    const bin = Math.min(purchases, 7);
    sums[bin]! += values[row]!;
    counts[bin]! += 1;
  });
  return Array.from(sums, (sum, bin) => sum / counts[bin]!);
}

/** Estimates that the reference rows of a customer table were made at. */
export const REFERENCE = {
  bgNbd: { model: 'bg-nbd', unit: 'week', r: 0.24259452, alpha: 4.41360183, a: 0.79292228, b: 2.42590765 },
  pareto: {
    model: 'pareto-nbd',
    unit: 'week',
    r: 0.55327703,
    alpha: 10.57768361,
    s: 0.60623985,
    beta: 11.66873161
  },
  spend: { model: 'gamma-gamma', p: 6.24957268, q: 3.74422502, v: 15.44352126 }
} as const;
