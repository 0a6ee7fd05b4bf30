import type { Summarised, Summary } from './summary.ts';
import type { TimeUnit } from './unit.ts';

/** Fewest customers of a cohort that is fitted by itself (T19). */
export const FEWEST_IN_COHORT = 500;

/** The customers who first bought in one quarter. */
export interface QuarterCohort<U extends TimeUnit> {
  /** Calendar quarter in UTC: "1997-Q1". */
  readonly quarter: string;
  /** Times up to the cut-off of the whole table. */
  readonly summary: Summary<U>;
}

const MS_PER_DAY = 86_400_000;

/** The calendar quarter of a day (whole days since 1970, UTC), such as "1997-Q1". */
export function quarterOf(day: number): string {
  const date = new Date(day * MS_PER_DAY);
  return `${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

/** Customers by the quarter of their first purchase, earliest first (T19). Together they are all customers, once each. */
export function byQuarter<U extends TimeUnit>({
  summary,
  firstDay
}: Pick<Summarised<U>, 'summary' | 'firstDay'>): QuarterCohort<U>[] {
  const rowsOf = new Map<string, number[]>();
  firstDay.forEach((day, row) => {
    const quarter = quarterOf(day);
    const rows = rowsOf.get(quarter);
    if (rows === undefined) rowsOf.set(quarter, [row]);
    else rows.push(row);
  });
  const pick = (column: Float64Array, rows: readonly number[]) =>
    Float64Array.from(rows, (row) => column[row]!);
  return [...rowsOf]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([quarter, rows]) => ({
      quarter,
      summary: {
        unit: summary.unit,
        ids: rows.map((row) => summary.ids[row]!),
        x: pick(summary.x, rows),
        tx: pick(summary.tx, rows),
        T: pick(summary.T, rows),
        m: pick(summary.m, rows),
        spendKnown: summary.spendKnown
      }
    }));
}
