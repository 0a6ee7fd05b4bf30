import {
  compress,
  continuousRate,
  DAYS_PER_UNIT,
  duration,
  fitModel,
  formatDay,
  gammaGammaExpectedSpend,
  summarise,
  type Customer,
  type FitRefusal,
  type FitReport,
  type Summarised,
  type Summary,
  type SummaryNote,
  type TimeUnit
} from '#lib/clv/transactions/index.ts';
import { forecast, type Forecast } from './forecast.ts';
import type { Imported, ImportReport } from './import.ts';
import { modelOf, type PurchaseModel, type PurchaseModelName } from './models.ts';
import { quartersOf, type QuarterFigures } from './quarters.ts';
import { segmentsOf, type CustomerFigures, type Segment } from './segments.ts';
import { spendOf } from './spend.ts';
import { aliveGrid, frequencies, type AliveGrid, type FrequencyBar } from './tables.ts';
import { repeatsByDay, track, type TrackingPoint } from './tracking.ts';

export interface AnalysisOptions {
  readonly model: PurchaseModelName;
  readonly unit: TimeUnit;
  /** Last day that the fit may see; null: the last quarter of the time is held back to test the model. */
  readonly until: number | null;
  /** The map's horizon in days, and its discount rate per year: what revenue is counted over. */
  readonly horizonDays: number;
  readonly annualRate: number;
}

/** What the model says of the customers after the cut-off, against what they did. */
export interface HoldoutTest extends Forecast {
  readonly observed: number;
  /** The same total under the NBD, in which nobody leaves; null when it could not be fitted. */
  readonly withoutDropout: number | null;
}

/** Everything that may leave the worker: counts and figures, no row and no customer. */
export interface Analysis {
  readonly options: AnalysisOptions;
  readonly report: ImportReport;
  readonly notes: readonly SummaryNote[];
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly repeatPurchases: number;
  /** YYYY-MM-DD: first purchase, cut-off, last purchase. */
  readonly from: string;
  readonly until: string;
  readonly last: string;
  readonly fit: FitReport | FitRefusal;
  readonly spend: FitReport | FitRefusal;
  readonly figures: PurchaseFigures | null;
  /** The same models fitted to every quarter of first purchases by itself, earliest first. */
  readonly quarters: readonly QuarterFigures[];
}

/** What stands behind a fit that may be shown. Times are in the fit's unit. */
export interface PurchaseFigures {
  readonly tracking: readonly TrackingPoint[];
  /** Where the holdout begins; null when there is none. */
  readonly holdoutAt: number | null;
  readonly holdout: HoldoutTest | null;
  readonly nextYear: Forecast | null;
  readonly frequencies: readonly FrequencyBar[];
  readonly alive: AliveGrid;
  readonly segments: readonly Segment[];
  /** Mean over all customers of discounted revenue to come over the map's horizon; null without a spend model. */
  readonly revenuePerCustomer: number | null;
}

export type AnalysisResult =
  | { readonly ok: true; readonly analysis: Analysis }
  | { readonly ok: false; readonly code: 'E_NO_ROWS' | 'E_CUTOFF'; readonly message: string };

/** What an analysis does after the rows are read, in this order. */
export type AnalysisStage = 'fitting' | 'figures';

const HELD_BACK = 0.25;

/** The cut-off when none is given: three quarters of the way from the first to the last purchase. */
export const defaultCutoff = (first: number, last: number): number =>
  Math.floor(first + (1 - HELD_BACK) * (last - first));

/**
 * Fits the chosen model, the NBD beside it and Gamma-Gamma, and makes the figures that people look at. Where a fit is
 * refused or spend depends on frequency there is a sentence and no figure.
 */
export function analyse(
  { transactions, report }: Imported,
  options: AnalysisOptions,
  onStage: (stage: AnalysisStage) => void = () => undefined
): AnalysisResult {
  const { firstDay: first, lastDay: last } = report;
  if (first === null || last === null)
    return { ok: false, code: 'E_NO_ROWS', message: 'No line of this file could be read as a purchase.' };
  onStage('fitting');
  const until = options.until ?? defaultCutoff(first, last);
  const summed = summarise(transactions, { unit: options.unit, until });
  if (!summed.ok) return summed;
  const { summary } = summed;
  const fitted = (model: PurchaseModelName | 'gamma-gamma') =>
    fitModel({ kind: 'summary', summary }, { model, unit: options.unit });
  const fit = fitted(options.model);
  const spend = fitted('gamma-gamma');
  const model = fit.ok ? modelOf(options.model, options.unit, fit.parameters) : null;
  onStage('figures');
  return {
    ok: true,
    analysis: {
      options,
      report,
      notes: summed.notes,
      customers: summary.x.length,
      repeatCustomers: summary.x.reduce((count, x) => count + (x > 0 ? 1 : 0), 0),
      repeatPurchases: summary.x.reduce((sum, x) => sum + x, 0),
      from: formatDay(first),
      until: formatDay(until),
      last: formatDay(last),
      fit,
      spend,
      figures:
        fit.ok && model !== null
          ? figuresOf(
              { summed, options, fit, spend, model },
              repeatsByDay(transactions, { first, last, until }),
              {
                first,
                nbd: () => fitted('nbd')
              }
            )
          : null,
      quarters: quartersOf(summed, options)
    }
  };
}

interface Fitted {
  readonly summed: Summarised<TimeUnit>;
  readonly options: AnalysisOptions;
  readonly fit: FitReport;
  readonly spend: FitReport | FitRefusal;
  readonly model: PurchaseModel;
}

function figuresOf(
  { summed, options, fit, spend, model }: Fitted,
  repeats: Float64Array,
  { first, nbd }: { first: number; nbd: () => FitReport | FitRefusal }
): PurchaseFigures {
  const { summary, until } = summed;
  const perUnit = DAYS_PER_UNIT[options.unit];
  const rows = compress(summary);
  const base = { model: options.model, parameters: fit.parameters, covariance: fit.covariance };
  const heldBack = (first + repeats.length - 1 - until) / perUnit;
  const customers = customerFigures(summary, { options, model, spend });
  const holdout = (): HoldoutTest | null => {
    const expected = forecast(base, rows, heldBack);
    if (expected === null) return null;
    const yardstick = nbd();
    const withoutDropout = yardstick.ok
      ? forecast(
          { model: 'nbd', parameters: yardstick.parameters, covariance: yardstick.covariance },
          rows,
          heldBack
        )
      : null;
    return {
      ...expected,
      observed: summed.holdout.purchaseDays.reduce((sum, days) => sum + days, 0),
      withoutDropout: withoutDropout?.expected ?? null
    };
  };
  return {
    tracking: track(model, summed, repeats, first),
    holdoutAt: heldBack > 0 ? (until - first) / perUnit : null,
    holdout: heldBack > 0 ? holdout() : null,
    nextYear: forecast(base, rows, 365 / perUnit),
    frequencies: frequencies(model, rows),
    alive: aliveGrid(model, rows),
    segments: segmentsOf(summary, customers),
    revenuePerCustomer:
      customers.revenue === null
        ? null
        : customers.revenue.reduce((sum, each) => sum + each, 0) / customers.revenue.length
  };
}

/**
 * Chance to be there, purchases of the next year, and discounted revenue over the horizon, per customer. Customers who
 * share x, t_x and T share all but their spend, so each such row is computed once.
 */
function customerFigures(
  summary: Summary<TimeUnit>,
  { options, model, spend }: Pick<Fitted, 'options' | 'model' | 'spend'>
): CustomerFigures {
  const { unit, annualRate, horizonDays } = options;
  const perUnit = DAYS_PER_UNIT[unit];
  const year = duration(365 / perUnit, unit);
  const horizon = duration(horizonDays / perUnit, unit);
  const rate = continuousRate(annualRate, unit);
  const money = spend.ok ? spendOf(spend.parameters) : null;
  const size = summary.x.length;
  const figures = {
    alive: new Float64Array(size),
    purchases: new Float64Array(size),
    revenue: money === null ? null : new Float64Array(size)
  };
  const known = new Map<number, readonly [alive: number, purchases: number, discounted: number]>();
  for (let row = 0; row < size; row++) {
    const customer = { x: summary.x[row]!, tx: summary.tx[row]!, T: summary.T[row]! } as Customer<TimeUnit>;
    const key = keyOf(customer, perUnit);
    let shared = known.get(key);
    if (shared === undefined) {
      const discounted = money === null ? 0 : model.discounted(customer, horizon, rate);
      shared = [model.alive(customer), model.ahead(customer, year), discounted];
      known.set(key, shared);
    }
    [figures.alive[row], figures.purchases[row]] = shared;
    if (money !== null && figures.revenue !== null) {
      const m = summary.m[row]!;
      figures.revenue[row] = shared[2] * gammaGammaExpectedSpend(money, { x: m > 0 ? customer.x : 0, m });
    }
  }
  return figures;
}

const LONGEST_DAYS = 65_536;

/** x, t_x and T in one number: times are whole days, at most 179 years. */
const keyOf = ({ x, tx, T }: Customer<TimeUnit>, perUnit: number): number =>
  (x * LONGEST_DAYS + Math.round(tx * perUnit)) * LONGEST_DAYS + Math.round(T * perUnit);
