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
 * BG/NBD (Fader, Hardie & Lee 2005): a customer buys at a Poisson rate lambda while alive and drops out with chance p
 * after every repeat purchase. lambda ~ Gamma(shape r, rate alpha), p ~ Beta(a, b).
 */

export type BgNbdParameters<U extends TimeUnit> = BetaGeometricParameters<'bg-nbd', U>;
export type BgNbdFit<U extends TimeUnit> = BetaGeometricFit<'bg-nbd', U>;

/** Maximum-likelihood fit (T7, T8). a and b are strongly correlated: judge them together. */
export const fitBgNbd = <U extends TimeUnit>(rows: PurchaseRows<U>): BgNbdFit<U> =>
  fitBetaGeometric(rows, 'bg-nbd', (age) => [
    [1, age / 4, 1, 1],
    [0.3, age / 8, 0.5, 2],
    [3, age, 2, 10],
    [0.1, age / 20, 0.2, 0.5]
  ]);

const alive = <U extends TimeUnit>(
  { r, alpha, a, b }: BgNbdParameters<U>,
  { x, T }: Pick<Customer<U>, 'x' | 'T'>
): AliveCustomer => ({ shape: r + x, rate: alpha + T, a, b: b + x });

/**
 * Chance that a customer is still alive at T: 1 / (1 + a/(b+x-1) ((alpha+T)/(alpha+t_x))^(r+x)), as a logistic so that it
 * goes to 0 instead of overflowing. It is 1 for everybody without a repeat purchase, which is a property of the model;
 * MBG/NBD and Pareto/NBD do not share it.
 */
export function bgNbdProbabilityAlive<U extends TimeUnit>(
  { r, alpha, a, b }: BgNbdParameters<U>,
  { x, tx, T }: Customer<U>
): number {
  if (x === 0) return 1;
  return oneOver1PlusExp(Math.log(a / (b + x - 1)) + (r + x) * Math.log1p((T - tx) / (alpha + tx)));
}

/** Purchases expected of a known customer in the next `ahead`; accuracy as of {@link alivePurchases}. */
export function bgNbdExpectedPurchases<U extends TimeUnit>(
  parameters: BgNbdParameters<U>,
  customer: Customer<U>,
  ahead: Duration<U>
): number {
  return bgNbdProbabilityAlive(parameters, customer) * alivePurchases(alive(parameters, customer), ahead);
}

const NEW = { x: 0, T: 0 } as const;

/** Repeat purchases expected of a new customer in the first `ahead` after the first purchase. */
export function bgNbdExpectedPurchasesNew<U extends TimeUnit>(
  parameters: BgNbdParameters<U>,
  ahead: Duration<U>
): number {
  return alivePurchases(alive(parameters, NEW as Customer<U>), ahead);
}

/** Discounted purchases expected of a known customer in the next `ahead`, money at time s counting e^(-rate s). */
export function bgNbdDiscountedPurchases<U extends TimeUnit>(
  parameters: BgNbdParameters<U>,
  customer: Customer<U>,
  ahead: Duration<U>,
  rate: DiscountRate<U>
): number {
  const chance = bgNbdProbabilityAlive(parameters, customer);
  return chance * aliveDiscountedPurchases(alive(parameters, customer), ahead, rate);
}

/** Discounted repeat purchases of a new customer in the first `ahead`; the first purchase itself is not among them. */
export function bgNbdDiscountedPurchasesNew<U extends TimeUnit>(
  parameters: BgNbdParameters<U>,
  ahead: Duration<U>,
  rate: DiscountRate<U>
): number {
  return aliveDiscountedPurchases(alive(parameters, NEW as Customer<U>), ahead, rate);
}

/**
 * Chance that a new customer makes exactly n repeat purchases in (0, t]:
 * B(a, b+n)/B(a, b) NB(n; r, alpha, t) + {n > 0} B(a+1, b+n-1)/B(a, b) I(t/(alpha+t); n, r).
 */
export const bgNbdProbability = <U extends TimeUnit>(
  parameters: BgNbdParameters<U>,
  n: number,
  t: Duration<U>
): number => betaGeometricProbability(parameters, 0, n, t);
