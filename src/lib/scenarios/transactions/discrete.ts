import {
  bgBbExpectedPurchases,
  bgBbExpectedPurchasesNew,
  bgBbProbability,
  bgBbProbabilityAlive,
  DAYS_PER_UNIT,
  fitBgBb,
  type BgBbFit,
  type BgBbParameters,
  type DiscreteRow,
  type TimeUnit,
  type Transactions
} from '#lib/clv/transactions/index.ts';

/** What the BG/BB says of the same purchases, taken as bought or not per whole unit of time (clv.md 1.6). */
export interface DiscreteAnalysis {
  readonly unit: TimeUnit;
  /** Customers with at least one whole unit after the one of their first purchase. */
  readonly customers: number;
  readonly fit: BgBbFit;
  readonly figures: DiscreteFigures | null;
}

export interface DiscreteFigures {
  /** Units of the year that follows. */
  readonly ahead: number;
  /** Units with a purchase, of all customers in the year after the cut-off. */
  readonly expected: number;
  /** Of a new customer, in the year after the first purchase. */
  readonly expectedNew: number;
  /** Share of the customers who are still there. */
  readonly alive: number;
  readonly frequencies: readonly {
    readonly x: number;
    readonly orMore: boolean;
    readonly observed: number;
    readonly expected: number;
  }[];
}

const LAST_BAR = 7;

/**
 * The recency and frequency table of whole units after that of the first purchase: n units up to the cut-off, x of them
 * with a purchase, the last such one the t_x-th. Returns (negative amounts) are no purchase; customers without a whole
 * unit before the cut-off are left out. Sorts one number per row.
 */
export function discreteRows(
  { customer, day, amount }: Transactions,
  { unit, until }: { readonly unit: TimeUnit; readonly until: number }
): DiscreteRow[] {
  const visits = new Float64Array(day.length);
  const first = day.reduce((least, each) => Math.min(least, each), Infinity);
  const span = until - first + 1;
  let size = 0;
  for (let row = 0; row < day.length; row++)
    if (amount[row]! >= 0 && day[row]! <= until) visits[size++] = customer[row]! * span + (day[row]! - first);
  const sorted = visits.subarray(0, size).sort();
  const patterns = new Map<string, DiscreteRow>();
  for (let from = 0; from < size;) {
    const who = Math.floor(sorted[from]! / span);
    const came = sorted[from]! - who * span;
    const n = Math.floor((span - 1 - came) / DAYS_PER_UNIT[unit]);
    let [x, tx] = [0, 0];
    let at = from;
    for (; at < size && Math.floor(sorted[at]! / span) === who; at++) {
      const since = Math.ceil((sorted[at]! - who * span - came) / DAYS_PER_UNIT[unit]);
      if (since < 1 || since > n || since === tx) continue;
      x += 1;
      tx = since;
    }
    from = at;
    if (n < 1) continue;
    const key = `${x} ${tx} ${n}`;
    patterns.set(key, { x, tx, n, weight: (patterns.get(key)?.weight ?? 0) + 1 });
  }
  return [...patterns.values()];
}

/** Fits the BG/BB to the same purchases as the other models, and makes its figures; none where the fit is refused. */
export function analyseDiscrete(
  transactions: Transactions,
  options: { readonly unit: TimeUnit; readonly until: number }
): DiscreteAnalysis {
  const rows = discreteRows(transactions, options);
  const fit = fitBgBb(rows);
  return {
    unit: options.unit,
    customers: rows.reduce((sum, { weight }) => sum + weight, 0),
    fit,
    figures: fit.ok ? figuresOf(fit.parameters, rows, Math.round(365 / DAYS_PER_UNIT[options.unit])) : null
  };
}

function figuresOf(parameters: BgBbParameters, rows: readonly DiscreteRow[], ahead: number): DiscreteFigures {
  const customers = rows.reduce((sum, { weight }) => sum + weight, 0);
  const over = (figure: (row: DiscreteRow) => number) =>
    rows.reduce((sum, row) => sum + row.weight * figure(row), 0);
  const byAge = new Map<number, number>();
  for (const { n, weight } of rows) byAge.set(n, (byAge.get(n) ?? 0) + weight);
  const ages = [...byAge];
  const exactly = (x: number) =>
    ages.reduce((sum, [n, weight]) => sum + (x <= n ? weight * bgBbProbability(parameters, x, n) : 0), 0);
  const expected = Array.from({ length: LAST_BAR }, (_, x) => exactly(x));
  return {
    ahead,
    expected: over((row) => bgBbExpectedPurchases(parameters, row, ahead)),
    expectedNew: bgBbExpectedPurchasesNew(parameters, ahead),
    alive: over((row) => bgBbProbabilityAlive(parameters, row)) / customers,
    frequencies: [...expected, customers - expected.reduce((sum, each) => sum + each, 0)].map((value, x) => ({
      x,
      orMore: x === LAST_BAR,
      observed: over((row) => (row.x === x || (x === LAST_BAR && row.x > x) ? 1 : 0)),
      expected: Math.max(0, value)
    }))
  };
}
