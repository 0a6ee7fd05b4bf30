import type { Levels } from './rows.ts';
import type { Summary } from './summary.ts';
import type { Duration, TimeUnit } from './unit.ts';

/**
 * What purchase models know of a customer: x repeat purchases, the last of them t_x after the first purchase, observed
 * for T. 0 <= t_x <= T, and t_x = 0 exactly when x = 0.
 */
export interface Customer<U extends TimeUnit> {
  readonly x: number;
  readonly tx: Duration<U>;
  readonly T: Duration<U>;
}

/** One figure per customer of a summary, in its order. The customer handed to `figure` is valid during the call only. */
export function perCustomer<U extends TimeUnit>(
  { x, tx, T }: Pick<Summary<U>, 'x' | 'tx' | 'T'>,
  figure: (customer: Customer<U>) => number
): Float64Array {
  const customer = { x: 0, tx: 0, T: 0 };
  const figures = new Float64Array(x.length);
  for (let row = 0; row < x.length; row++) {
    customer.x = x[row]!;
    customer.tx = tx[row]!;
    customer.T = T[row]!;
    figures[row] = figure(customer as Customer<U>);
  }
  return figures;
}

/** Median T of the customers: the scale of time for an optimiser's start. */
export function medianAge({ age }: { readonly age: Levels }): number {
  const order = Int32Array.from(age.values.keys()).sort((a, b) => age.values[a]! - age.values[b]!);
  const half = age.weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let sum = 0;
  for (const level of order) {
    sum += age.weights[level]!;
    if (sum >= half) return age.values[level]!;
  }
  return 0;
}
