import type { Transactions } from './ledger.ts';
import { DAYS_PER_UNIT, type TimeUnit } from './unit.ts';

/**
 * One row per customer, as columns, at the cut-off. With the purchase days of a customer d_0 < d_1 < ... < d_x:
 * x repeat purchases, t_x = d_x - d_0, T = cut-off - d_0. Always 0 <= t_x <= T, and t_x = 0 exactly when x = 0.
 */
export interface Summary<U extends TimeUnit> {
  readonly unit: U;
  readonly ids: readonly string[];
  /** Repeat purchase days. */
  readonly x: Float64Array;
  /** First to last purchase, in units; 0 when x = 0. */
  readonly tx: Float64Array;
  /** First purchase to the cut-off, in units. */
  readonly T: Float64Array;
  /** Mean spend of a repeat purchase day, money; 0 when x = 0. */
  readonly m: Float64Array;
  readonly spendKnown: boolean;
}

/** What happened after the cut-off to the customers of a summary, in its order: the holdout. */
export interface Holdout {
  readonly purchaseDays: Float64Array;
  readonly spend: Float64Array;
}

/** What was merged or left out on the way, and how often (T3). */
export interface SummaryNote {
  readonly code: 'N_SAME_DAY' | 'N_RETURN' | 'N_AFTER_CUTOFF' | 'N_LATE_CUSTOMER' | 'N_NO_PURCHASE';
  readonly count: number;
  readonly message: string;
}

/** A summary made from transactions. */
export interface Summarised<U extends TimeUnit> {
  readonly ok: true;
  readonly summary: Summary<U>;
  /** Day of the first purchase, whole days since 1970, UTC. */
  readonly firstDay: Int32Array;
  /** The cut-off: the last day that counts. */
  readonly until: number;
  readonly holdout: Holdout;
  readonly notes: readonly SummaryNote[];
}

export type SummaryResult<U extends TimeUnit> =
  Summarised<U> | { readonly ok: false; readonly code: 'E_NO_ROWS' | 'E_CUTOFF'; readonly message: string };

export interface SummaryOptions<U extends TimeUnit> {
  readonly unit: U;
  /** Last day that counts; otherwise the day of the last purchase. */
  readonly until?: number;
  /** Lets the first purchase day into the mean spend. The published Gamma-Gamma figures leave it out. */
  readonly includeFirstPurchase?: boolean;
}

/**
 * Transactions to one row per customer (T3). Purchases of one customer on one day are one purchase of their sum; x counts
 * the days after the first. Negative amounts are returns, not purchases, and are left out; an amount of 0 is a
 * purchase. Customers whose first purchase comes after the cut-off are left out. All that is counted in the notes.
 *
 * Takes time in proportion to the rows, and a sort per customer whose rows are not in order.
 */
export function summarise<U extends TimeUnit>(
  transactions: Transactions,
  options: SummaryOptions<U>
): SummaryResult<U> {
  const grouped = groupByCustomer(transactions);
  const until = options.until ?? lastPurchaseDay(transactions);
  if (until === null) return noRows;
  const columns = columnsOf(transactions.ids.length);
  const counts = { sameDay: 0, after: 0, late: 0, none: 0 };
  const perUnit = DAYS_PER_UNIT[options.unit];
  let kept = 0;
  for (let customer = 0; customer < transactions.ids.length; customer++) {
    const visit = visitOf(grouped, customer, until);
    counts.sameDay += visit.merged;
    counts.after += visit.rowsAfter;
    if (visit.days === 0) {
      if (visit.daysAfter > 0) counts.late += 1;
      else counts.none += 1;
      continue;
    }
    const x = visit.days - 1;
    const all = options.includeFirstPurchase === true;
    columns.kept[kept] = customer;
    columns.x[kept] = x;
    columns.tx[kept] = (visit.last - visit.first) / perUnit;
    columns.T[kept] = (until - visit.first) / perUnit;
    columns.m[kept] = x === 0 ? 0 : all ? visit.spend / (x + 1) : (visit.spend - visit.firstSpend) / x;
    columns.firstDay[kept] = visit.first;
    columns.daysAfter[kept] = visit.daysAfter;
    columns.spendAfter[kept] = visit.spendAfter;
    kept += 1;
  }
  if (kept === 0)
    return { ok: false, code: 'E_CUTOFF', message: 'No customer bought anything up to the cut-off.' };
  return {
    ok: true,
    summary: {
      unit: options.unit,
      ids: Array.from(columns.kept.subarray(0, kept), (customer) => transactions.ids[customer]!),
      x: columns.x.slice(0, kept),
      tx: columns.tx.slice(0, kept),
      T: columns.T.slice(0, kept),
      m: columns.m.slice(0, kept),
      spendKnown: transactions.spendKnown
    },
    firstDay: columns.firstDay.slice(0, kept),
    until,
    holdout: {
      purchaseDays: columns.daysAfter.slice(0, kept),
      spend: columns.spendAfter.slice(0, kept)
    },
    notes: notesOf({ ...counts, returns: grouped.returns })
  };
}

const noRows = { ok: false, code: 'E_NO_ROWS', message: 'There is no purchase in these rows.' } as const;

const columnsOf = (customers: number) => ({
  kept: new Int32Array(customers),
  x: new Float64Array(customers),
  tx: new Float64Array(customers),
  T: new Float64Array(customers),
  m: new Float64Array(customers),
  firstDay: new Int32Array(customers),
  daysAfter: new Float64Array(customers),
  spendAfter: new Float64Array(customers)
});

function lastPurchaseDay({ day, amount }: Transactions): number | null {
  let last: number | null = null;
  for (let row = 0; row < day.length; row++)
    if (amount[row]! >= 0 && (last === null || day[row]! > last)) last = day[row]!;
  return last;
}

/** Purchases of customer k stand at from[k] to from[k + 1] - 1, in order of their days. */
interface Grouped {
  readonly from: Int32Array;
  readonly day: Int32Array;
  readonly amount: Float64Array;
  readonly returns: number;
}

/** Counting sort by customer; returns are left out. */
function groupByCustomer({ ids, customer, day, amount }: Transactions): Grouped {
  const from = new Int32Array(ids.length + 1);
  let returns = 0;
  for (let row = 0; row < day.length; row++)
    if (amount[row]! < 0) returns += 1;
    else from[customer[row]! + 1]! += 1;
  for (let index = 0; index < ids.length; index++) from[index + 1]! += from[index]!;
  const next = from.slice();
  const grouped = new Int32Array(day.length - returns);
  const groupedAmount = new Float64Array(day.length - returns);
  for (let row = 0; row < day.length; row++) {
    if (amount[row]! < 0) continue;
    const place = next[customer[row]!]!++;
    grouped[place] = day[row]!;
    groupedAmount[place] = amount[row]!;
  }
  for (let index = 0; index < ids.length; index++)
    sortByDay(
      grouped.subarray(from[index], from[index + 1]),
      groupedAmount.subarray(from[index], from[index + 1])
    );
  return { from, day: grouped, amount: groupedAmount, returns };
}

function sortByDay(day: Int32Array, amount: Float64Array): void {
  let sorted = true;
  for (let row = 1; sorted && row < day.length; row++) sorted = day[row - 1]! <= day[row]!;
  if (sorted) return;
  const order = Array.from(day, (_, row) => row).sort((a, b) => day[a]! - day[b]!);
  const [days, amounts] = [day.slice(), amount.slice()];
  order.forEach((row, place) => {
    day[place] = days[row]!;
    amount[place] = amounts[row]!;
  });
}

/** One customer's purchase days up to the cut-off, and after it. */
function visitOf({ from, day, amount }: Grouped, customer: number, until: number) {
  const visit = {
    days: 0,
    first: 0,
    last: 0,
    spend: 0,
    firstSpend: 0,
    merged: 0,
    rowsAfter: 0,
    daysAfter: 0,
    spendAfter: 0
  };
  let before = -Infinity;
  for (let row = from[customer]!; row < from[customer + 1]!; row++) {
    const today = day[row]!;
    const isNewDay = today !== before;
    before = today;
    if (!isNewDay) visit.merged += 1;
    if (today > until) {
      visit.rowsAfter += 1;
      visit.spendAfter += amount[row]!;
      if (isNewDay) visit.daysAfter += 1;
      continue;
    }
    if (isNewDay) visit.days += 1;
    if (visit.days === 1) {
      visit.first = today;
      visit.firstSpend += amount[row]!;
    }
    visit.last = today;
    visit.spend += amount[row]!;
  }
  return visit;
}

function notesOf(counts: Record<'sameDay' | 'after' | 'late' | 'none' | 'returns', number>): SummaryNote[] {
  const notes: SummaryNote[] = [
    {
      code: 'N_SAME_DAY',
      count: counts.sameDay,
      message: 'rows were added to a purchase of the same customer on the same day'
    },
    { code: 'N_RETURN', count: counts.returns, message: 'rows have a negative amount and were left out' },
    {
      code: 'N_AFTER_CUTOFF',
      count: counts.after,
      message: 'rows come after the cut-off and count for the holdout only'
    },
    {
      code: 'N_LATE_CUSTOMER',
      count: counts.late,
      message: 'customers bought first after the cut-off and were left out'
    },
    { code: 'N_NO_PURCHASE', count: counts.none, message: 'customers have returns only and were left out' }
  ];
  return notes.filter(({ count }) => count > 0);
}
