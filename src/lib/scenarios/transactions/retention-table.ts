import {
  fitSbg,
  sbgLifetime,
  sbgRetention,
  sbgSurvival,
  type SbgFit,
  type TimeUnit
} from '#lib/clv/transactions/index.ts';
import { TICKS_PER_YEAR } from '#lib/clv/index.ts';
import { readNumberRows, type TextProblem } from './number-rows.ts';

/** What a retention table says of customers whose leaving is seen (clv.md 1.7). */
export interface RetentionFigures {
  readonly ok: true;
  readonly cohorts: number;
  readonly fit: SbgFit;
  /** By renewals from 0: share still there, observed over all cohorts and by the model; null beyond the table. */
  readonly curve: readonly {
    readonly at: number;
    readonly observed: number | null;
    readonly expected: number;
  }[];
  /** Share that renews at renewal 1, 2, ...; it rises, since those who leave easily leave first. */
  readonly retention: readonly number[];
  /** Payments expected of a new customer, discounted, the one due now counting 1 (DEL); null without a fit. */
  readonly lifetime: number | null;
}

const AHEAD = 5;

/**
 * Fits the sBG to a pasted table: a cohort a line, customers (or percent) left after 0, 1, 2, ... renewals; or one
 * cohort in a column.
 *
 * @param customers customers of the first cohort, for a table of shares that starts at 100% or 1; counts tell it
 *   themselves.
 */
export function retentionFigures(
  text: string,
  { unit, annualRate, customers }: { unit: TimeUnit; annualRate: number; customers: number | null }
): RetentionFigures | TextProblem {
  const read = readNumberRows(text);
  if (!read.ok) return read;
  const column = read.rows.length > 1 && read.rows.every((row) => row.length <= 2);
  const table = column ? [read.rows.map((row) => row.at(-1)!)] : read.rows;
  const scaled = table.map((row) => countsOf(row, customers));
  const unsized = scaled.indexOf(null);
  if (unsized !== -1)
    return {
      ok: false,
      code: 'E_COUNT',
      line: column ? null : unsized + 1,
      message:
        'These look like shares; say of how many customers, since that is what tells how sure the fit is.'
    };
  const cohorts = scaled as number[][];
  const fit = fitSbg(cohorts);
  const observed = survivalOf(cohorts);
  if (!fit.ok) return { ok: true, cohorts: cohorts.length, fit, curve: [], retention: [], lifetime: null };
  const rate = (1 + annualRate) ** (1 / TICKS_PER_YEAR[unit]) - 1;
  const lifetime = sbgLifetime(fit.parameters, rate);
  return {
    ok: true,
    cohorts: cohorts.length,
    fit,
    curve: Array.from({ length: observed.length + AHEAD }, (_, at) => ({
      at,
      observed: observed[at] ?? null,
      expected: sbgSurvival(fit.parameters, at)
    })),
    retention: Array.from({ length: observed.length - 1 + AHEAD }, (_, at) =>
      sbgRetention(fit.parameters, at + 1)
    ),
    lifetime: Number.isFinite(lifetime) ? lifetime : null
  };
}

/** Customers of a row; null for shares of an unknown number. */
function countsOf(row: readonly number[], customers: number | null): number[] | null {
  const [first = 0] = row;
  if (first !== 1 && first !== 100) return [...row];
  // A cohort of 100 customers and a row of percents look alike only while all numbers are whole.
  if (first === 100 && customers === null && row.every(Number.isInteger)) return [...row];
  return customers === null ? null : row.map((value) => (value / first) * customers);
}

/** Share left after each renewal, over the cohorts that were watched so long. */
function survivalOf(cohorts: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...cohorts.map((cohort) => cohort.length));
  return Array.from({ length: longest }, (_, at) => {
    const watched = cohorts.filter((cohort) => cohort.length > at);
    const sum = (index: number) => watched.reduce((total, cohort) => total + (cohort[index] ?? 0), 0);
    return sum(at) / sum(0);
  });
}
