import { duration, perCustomer, type PurchaseRows, type TimeUnit } from '#lib/clv/transactions/index.ts';
import { modelOf, type PurchaseModel, type PurchaseModelName } from './models.ts';

/** Purchases expected of all fitted customers together after the cut-off. */
export interface Forecast {
  /** Units after the cut-off. */
  readonly ahead: number;
  readonly expected: number;
  /** 95%: doubt of the parameters and chance of the purchases together. */
  readonly low: number;
  readonly high: number;
}

interface FitOf {
  readonly model: PurchaseModelName;
  readonly parameters: Readonly<Record<string, number>>;
  /** Of the parameters in their order, row by row. */
  readonly covariance: readonly (readonly number[])[];
}

const NORMAL_95 = 1.959963984540054;
const RELATIVE_STEP = 1e-4;

type Weighted = Pick<PurchaseRows<TimeUnit>, 'unit' | 'x' | 'tx' | 'T' | 'weight'>;

const totalAhead = (model: PurchaseModel, rows: Weighted, ahead: number): number => {
  const time = duration(ahead, rows.unit);
  return perCustomer(rows, (customer) => model.ahead(customer, time)).reduce(
    (sum, each, row) => sum + each * rows.weight[row]!,
    0
  );
};

/** Rows enough to tell slopes by: those of a large table come from every k-th of its rows. */
const ROWS_FOR_SLOPES = 5000;

function thinned(rows: PurchaseRows<TimeUnit>): Weighted {
  const every = Math.ceil(rows.x.length / ROWS_FOR_SLOPES);
  if (every === 1) return rows;
  const pick = (column: Float64Array) => column.filter((_, row) => row % every === 0);
  return { unit: rows.unit, x: pick(rows.x), tx: pick(rows.tx), T: pick(rows.T), weight: pick(rows.weight) };
}

/**
 * The forecast with its interval. Variance: g' C g by the delta method, with C the covariance of the estimates and g
 * the slopes of the total by central differences, and the total itself for chance, as purchases of many customers are
 * nearly Poisson. The interval is symmetric in the logarithm, so that it stays above 0. It knows nothing of whether
 * the model is right: the holdout tells that.
 */
export function forecast(fit: FitOf, rows: PurchaseRows<TimeUnit>, ahead: number): Forecast | null {
  const total = (of: Weighted, parameters: FitOf['parameters']): number => {
    const model = modelOf(fit.model, rows.unit, parameters);
    return model === null ? NaN : totalAhead(model, of, ahead);
  };
  const expected = total(rows, fit.parameters);
  const sample = thinned(rows);
  const scale = sample === rows ? 1 : expected / total(sample, fit.parameters);
  const slopes = Object.entries(fit.parameters).map(([name, value]) => {
    const step = value * RELATIVE_STEP;
    const [up, down] = [value + step, value - step].map((moved) =>
      total(sample, { ...fit.parameters, [name]: moved })
    );
    return (scale * (up! - down!)) / (2 * step);
  });
  let variance = expected;
  slopes.forEach((slope, row) =>
    slopes.forEach((other, column) => (variance += slope * other * (fit.covariance[row]?.[column] ?? NaN)))
  );
  const spread = Math.exp((NORMAL_95 * Math.sqrt(variance)) / expected);
  const result = { ahead, expected, low: expected / spread, high: expected * spread };
  return Object.values(result).every(Number.isFinite) ? result : null;
}
