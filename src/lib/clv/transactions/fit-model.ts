import { fitBgBb } from './bg-bb.ts';
import { fitBgNbd } from './bg-nbd.ts';
import { byQuarter, FEWEST_IN_COHORT } from './cohorts.ts';
import { formatDay } from './field.ts';
import type { Check, Fitted, NoFit } from './fit.ts';
import { fitGammaGamma } from './gamma-gamma.ts';
import { fitMbgNbd } from './mbg-nbd.ts';
import { fitNbd } from './nbd.ts';
import { fitParetoNbd } from './pareto-nbd.ts';
import { compress } from './rows.ts';
import { fitSbg } from './sbg.ts';
import { summarise, type Summarised, type Summary, type SummaryNote } from './summary.ts';
import type { TableData } from './table.ts';
import type { TimeUnit } from './unit.ts';

export const FIT_MODELS = ['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'nbd', 'gamma-gamma', 'bg-bb', 'sbg'] as const;

export type FitModel = (typeof FIT_MODELS)[number];

export interface FitRequest {
  readonly model: FitModel;
  /** Unit of the times: what transactions are counted in, or what a summary was counted in. */
  readonly unit: TimeUnit;
  /** Last day that counts, for transactions only. */
  readonly until?: number;
  /** Fits every quarter of first purchases by itself as well (T19), for transactions only. */
  readonly cohorts?: 'quarter';
}

/** The fit to the customers who first bought in one quarter. */
export interface CohortFit {
  /** Calendar quarter in UTC: "1997-Q1". */
  readonly quarter: string;
  readonly customers: number;
  readonly fit: FitReport | FitRefusal;
}

type Summed = Pick<Summarised<TimeUnit>, 'until' | 'notes'>;

/** A fit as programs get it: plain data. */
export interface FitReport {
  readonly ok: true;
  readonly model: FitModel;
  /** Null for models without a time: Gamma-Gamma, BG/BB, sBG. */
  readonly unit: TimeUnit | null;
  /** The cut-off as YYYY-MM-DD; null when the table was no list of transactions. */
  readonly until: string | null;
  readonly customers: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly standardErrors: Readonly<Record<string, number>>;
  readonly covariance: readonly (readonly number[])[];
  readonly logLikelihood: number;
  readonly checks: readonly Check[];
  readonly notes: readonly SummaryNote[];
  readonly evaluations: number;
  /** Only when asked for, earliest first. */
  readonly cohorts?: readonly CohortFit[];
}

export interface FitRefusal {
  readonly ok: false;
  readonly code: NoFit['code'] | 'E_NO_ROWS' | 'E_CUTOFF' | 'E_TABLE';
  readonly message: string;
}

/** Fits a model to a table by name (T14): what the command line, the API and the import share. */
export function fitModel(data: TableData, request: FitRequest): FitReport | FitRefusal {
  const { model, unit } = request;
  if (request.cohorts !== undefined && data.kind !== 'transactions')
    return wrongTable('Cohorts need transactions; this table does not tell when customers first bought.');
  if (model === 'bg-bb')
    return data.kind === 'discrete'
      ? reportOf(fitBgBb(data.rows), request, null)
      : wrongTable('BG/BB needs a table of x, t_x and n.');
  if (model === 'sbg')
    return data.kind === 'cohort'
      ? reportOf(fitSbg([data.survivors]), request, null)
      : wrongTable('sBG needs a column of survivors.');
  if (request.until !== undefined && data.kind !== 'transactions')
    return wrongTable('A cut-off needs transactions; this table is already summed up.');
  if (data.kind === 'summary') return fitSummary({ ...data.summary, unit }, request, null);
  if (data.kind !== 'transactions') return wrongTable('This model needs transactions, or x, t_x and T.');
  const summed = summarise(data.transactions, {
    unit,
    ...(request.until === undefined ? {} : { until: request.until })
  });
  if (!summed.ok) return summed;
  const report = fitSummary(summed.summary, request, summed);
  return report.ok && request.cohorts === 'quarter'
    ? { ...report, cohorts: fitByQuarter(summed, request) }
    : report;
}

/**
 * The model fitted to every quarter of first purchases by itself, so that customers who came at different times may
 * differ (T19). A quarter of fewer than {@link FEWEST_IN_COHORT} customers has no figure but a sentence.
 */
export const fitByQuarter = (
  summed: Summarised<TimeUnit>,
  { model, unit }: Pick<FitRequest, 'model' | 'unit'>
): CohortFit[] =>
  byQuarter(summed).map(({ quarter, summary }) => {
    const customers = summary.x.length;
    if (customers >= FEWEST_IN_COHORT)
      return {
        quarter,
        customers,
        fit: fitSummary(summary, { model, unit }, { until: summed.until, notes: [] })
      };
    const message = `${customers} customers first bought in ${quarter}, and a quarter is fitted from ${FEWEST_IN_COHORT} on.`;
    return { quarter, customers, fit: { ok: false, code: 'E_TOO_FEW_CUSTOMERS', message } };
  });

const wrongTable = (message: string): FitRefusal => ({ ok: false, code: 'E_TABLE', message });

function fitSummary(
  summary: Summary<TimeUnit>,
  request: FitRequest,
  summed: Summed | null
): FitReport | FitRefusal {
  if (request.model === 'gamma-gamma') return reportOf(fitGammaGamma(summary), request, summed);
  const rows = compress(summary);
  switch (request.model) {
    case 'mbg-nbd':
      return reportOf(fitMbgNbd(rows), request, summed);
    case 'pareto-nbd':
      return reportOf(fitParetoNbd(rows), request, summed);
    case 'nbd':
      return reportOf(fitNbd(rows), request, summed);
    default:
      return reportOf(fitBgNbd(rows), request, summed);
  }
}

function reportOf<N extends string, P extends Readonly<Record<N, number>>>(
  fit: Fitted<N, P> | NoFit,
  { model, unit }: FitRequest,
  summed: Summed | null
): FitReport | FitRefusal {
  if (!fit.ok) return fit;
  return {
    ok: true,
    model,
    unit: model === 'gamma-gamma' || model === 'bg-bb' || model === 'sbg' ? null : unit,
    until: summed === null ? null : formatDay(summed.until),
    customers: fit.customers,
    parameters: Object.fromEntries(fit.names.map((name) => [name, fit.parameters[name]])),
    standardErrors: fit.standardErrors,
    covariance: fit.covariance,
    logLikelihood: fit.logLikelihood,
    checks: fit.checks,
    notes: summed?.notes ?? [],
    evaluations: fit.evaluations
  };
}
