import {
  aliveDiscountedPurchases,
  alivePurchases,
  betaGeometricProbability,
  fitBetaGeometric,
  type AliveCustomer,
  type BetaGeometricFit,
  type BetaGeometricParameters
} from './beta-geometric.ts';
import type { Customer } from './customer.ts';
import { oneOver1PlusExp } from './numeric/log-sum.ts';
import type { PurchaseRows } from './rows.ts';
import type { DiscountRate, Duration, TimeUnit } from './unit.ts';

/*
 * MBG/NBD (Batislam, Denizel & Filiztekin 2007; Hoppe & Wagner 2007): as BG/NBD, but a customer may drop out right after
 * the first purchase as well. The one to take where most customers bought once.
 */

export type MbgNbdParameters<U extends TimeUnit> = BetaGeometricParameters<'mbg-nbd', U>;
export type MbgNbdFit<U extends TimeUnit> = BetaGeometricFit<'mbg-nbd', U>;

/** Maximum-likelihood fit (T7, T8). */
export const fitMbgNbd = <U extends TimeUnit>(rows: PurchaseRows<U>): MbgNbdFit<U> =>
  fitBetaGeometric(rows, 'mbg-nbd', (age) => [
    [1, age / 4, 1, 1],
    [0.5, age / 6, 0.9, 1.6],
    [3, age, 2, 10],
    [0.2, age / 20, 0.2, 0.5]
  ]);

const alive = <U extends TimeUnit>(
  { r, alpha, a, b }: MbgNbdParameters<U>,
  { x, T }: Pick<Customer<U>, 'x' | 'T'>
): AliveCustomer => ({ shape: r + x, rate: alpha + T, a, b: b + x + 1 });

/** Chance that a customer is still alive at T: 1 / (1 + a/(b+x) ((alpha+T)/(alpha+t_x))^(r+x)). */
export function mbgNbdProbabilityAlive<U extends TimeUnit>(
  { r, alpha, a, b }: MbgNbdParameters<U>,
  { x, tx, T }: Customer<U>
): number {
  return oneOver1PlusExp(Math.log(a / (b + x)) + (r + x) * Math.log1p((T - tx) / (alpha + tx)));
}

/** Purchases expected of a known customer in the next `ahead`; accuracy as of {@link alivePurchases}. */
export function mbgNbdExpectedPurchases<U extends TimeUnit>(
  parameters: MbgNbdParameters<U>,
  customer: Customer<U>,
  ahead: Duration<U>
): number {
  return mbgNbdProbabilityAlive(parameters, customer) * alivePurchases(alive(parameters, customer), ahead);
}

const NEW = { x: 0, tx: 0, T: 0 } as const;

/** Repeat purchases expected of a new customer in the first `ahead`; with chance a/(a + b) there is none. */
export function mbgNbdExpectedPurchasesNew<U extends TimeUnit>(
  parameters: MbgNbdParameters<U>,
  ahead: Duration<U>
): number {
  return mbgNbdExpectedPurchases(parameters, NEW as Customer<U>, ahead);
}

/** Discounted purchases expected of a known customer in the next `ahead`, money at time s counting e^(-rate s). */
export function mbgNbdDiscountedPurchases<U extends TimeUnit>(
  parameters: MbgNbdParameters<U>,
  customer: Customer<U>,
  ahead: Duration<U>,
  rate: DiscountRate<U>
): number {
  const chance = mbgNbdProbabilityAlive(parameters, customer);
  return chance * aliveDiscountedPurchases(alive(parameters, customer), ahead, rate);
}

/** Discounted repeat purchases of a new customer in the first `ahead`; the first purchase itself is not among them. */
export function mbgNbdDiscountedPurchasesNew<U extends TimeUnit>(
  parameters: MbgNbdParameters<U>,
  ahead: Duration<U>,
  rate: DiscountRate<U>
): number {
  return mbgNbdDiscountedPurchases(parameters, NEW as Customer<U>, ahead, rate);
}

/**
 * Chance that a new customer makes exactly n repeat purchases in (0, t], as for BG/NBD with one more chance to drop out:
 * B(a, b+n+1)/B(a, b) NB(n; r, alpha, t) + B(a+1, b+n)/B(a, b) I(t/(alpha+t); n, r), where I is 1 at n = 0.
 */
export const mbgNbdProbability = <U extends TimeUnit>(
  parameters: MbgNbdParameters<U>,
  n: number,
  t: Duration<U>
): number => betaGeometricProbability(parameters, 1, n, t);
