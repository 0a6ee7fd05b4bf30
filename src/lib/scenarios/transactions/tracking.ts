import {
  DAYS_PER_UNIT,
  duration,
  type Summarised,
  type TimeUnit,
  type Transactions
} from '#lib/clv/transactions/index.ts';
import type { PurchaseModel } from './models.ts';

/** Repeat purchases of the fitted customers, added up to a moment. */
export interface TrackingPoint {
  /** Units since the first purchase of all. */
  readonly at: number;
  readonly observed: number;
  readonly expected: number;
}

const MOST_POINTS = 104;

/**
 * Repeat purchase days of the fitted customers, by day from the first purchase of all to the last: index 0 is the first
 * day. A customer's purchases of one day are one; the first day is no repeat; returns are none.
 *
 * Sorts one number per row, customer and day in one.
 */
export function repeatsByDay(
  { customer, day, amount }: Transactions,
  { first, last, until }: { first: number; last: number; until: number }
): Float64Array {
  const span = last - first + 1;
  const visits = new Float64Array(day.length);
  let size = 0;
  for (let row = 0; row < day.length; row++)
    if (amount[row]! >= 0) visits[size++] = customer[row]! * span + (day[row]! - first);
  const sorted = visits.subarray(0, size).sort();
  const repeats = new Float64Array(span);
  let [buyer, before, counts] = [-1, -1, false];
  for (const visit of sorted) {
    if (visit === before) continue;
    before = visit;
    const who = Math.floor(visit / span);
    const when = visit - who * span;
    if (who === buyer) {
      if (counts) repeats[when]! += 1;
    } else {
      buyer = who;
      counts = first + when <= until;
    }
  }
  return repeats;
}

/**
 * Observed against expected repeat purchases, cumulated, in steps of whole units. A customer who first bought on day d
 * is expected to have bought E[X(t - d)] times again by day t; customers of one first day are counted together.
 */
export function track(
  model: PurchaseModel,
  { summary: { unit }, firstDay }: Pick<Summarised<TimeUnit>, 'summary' | 'firstDay'>,
  repeats: Float64Array,
  first: number
): TrackingPoint[] {
  const perUnit = DAYS_PER_UNIT[unit];
  const starters = new Float64Array(repeats.length);
  for (const day of firstDay) starters[day - first]! += 1;
  const starts = Array.from(starters.keys()).filter((day) => starters[day]! > 0);
  const ahead = new Float64Array(repeats.length).fill(NaN);
  const expectedAfter = (days: number) => {
    if (Number.isNaN(ahead[days])) ahead[days] = model.aheadNew(duration(days / perUnit, unit));
    return ahead[days]!;
  };
  const last = repeats.length - 1;
  const step = Math.max(1, Math.ceil(last / perUnit / MOST_POINTS)) * perUnit;
  const points: TrackingPoint[] = [];
  let observed = 0;
  let counted = -1;
  for (let index = 0; ; index++) {
    const day = Math.min(Math.round(index * step), last);
    while (counted < day) observed += repeats[++counted]!;
    let expected = 0;
    for (const start of starts) if (start < day) expected += starters[start]! * expectedAfter(day - start);
    points.push({ at: day / perUnit, observed, expected });
    if (day >= last) return points;
  }
}
