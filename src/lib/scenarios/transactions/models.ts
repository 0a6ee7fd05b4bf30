import {
  bgNbdDiscountedPurchases,
  bgNbdDiscountedPurchasesNew,
  bgNbdExpectedPurchases,
  bgNbdExpectedPurchasesNew,
  bgNbdProbability,
  bgNbdProbabilityAlive,
  mbgNbdDiscountedPurchases,
  mbgNbdDiscountedPurchasesNew,
  mbgNbdExpectedPurchases,
  mbgNbdExpectedPurchasesNew,
  mbgNbdProbability,
  mbgNbdProbabilityAlive,
  nbdDiscountedPurchases,
  nbdExpectedPurchases,
  nbdExpectedPurchasesNew,
  nbdProbability,
  paretoNbdDiscountedPurchases,
  paretoNbdDiscountedPurchasesNew,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNew,
  paretoNbdProbability,
  paretoNbdProbabilityAlive,
  type Customer,
  type DiscountRate,
  type Duration,
  type TimeUnit
} from '#lib/clv/transactions/index.ts';

export const PURCHASE_MODELS = ['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'nbd'] as const;
export type PurchaseModelName = (typeof PURCHASE_MODELS)[number];

/** Names for people, and what the model is for. */
export const MODEL_WORDS: Readonly<
  Record<PurchaseModelName, { readonly name: string; readonly hint: string }>
> = {
  'bg-nbd': { name: 'BG/NBD', hint: 'The usual choice: customers may leave after each repeat purchase.' },
  'mbg-nbd': {
    name: 'MBG/NBD',
    hint: 'Customers may also leave after the first purchase: for files with many one-time buyers.'
  },
  'pareto-nbd': { name: 'Pareto/NBD', hint: 'Customers may leave at any time, not only when they buy.' },
  nbd: { name: 'NBD', hint: 'Nobody ever leaves: a yardstick that expects too much.' }
};

type Time = Duration<TimeUnit>;
type Buyer = Customer<TimeUnit>;

/** What a fitted model of purchases says, whichever it is. New customers' figures leave out their first purchase. */
export interface PurchaseModel {
  readonly alive: (customer: Buyer) => number;
  readonly ahead: (customer: Buyer, time: Time) => number;
  readonly aheadNew: (time: Time) => number;
  readonly discounted: (customer: Buyer, time: Time, rate: DiscountRate<TimeUnit>) => number;
  readonly discountedNew: (time: Time, rate: DiscountRate<TimeUnit>) => number;
  /** Chance of exactly n repeat purchases of a new customer. */
  readonly probability: (n: number, time: Time) => number;
}

const NEW = { x: 0, T: 0 as Time } as const;

/** A model from its name and plain parameters; null when one is missing or not above 0. */
export function modelOf(
  name: string,
  unit: TimeUnit,
  parameters: Readonly<Record<string, number>>
): PurchaseModel | null {
  const [r, alpha, a, b, s, beta] = ['r', 'alpha', 'a', 'b', 's', 'beta'].map(
    (key) => parameters[key] ?? NaN
  ) as [number, number, number, number, number, number];
  const told = (...values: number[]) => values.every((value) => value > 0 && Number.isFinite(value));
  switch (name) {
    case 'bg-nbd':
      return told(r, alpha, a, b) ? bgNbd({ model: 'bg-nbd', unit, r, alpha, a, b }) : null;
    case 'mbg-nbd':
      return told(r, alpha, a, b) ? mbgNbd({ model: 'mbg-nbd', unit, r, alpha, a, b }) : null;
    case 'pareto-nbd':
      return told(r, alpha, s, beta) ? paretoNbd({ model: 'pareto-nbd', unit, r, alpha, s, beta }) : null;
    case 'nbd':
      return told(r, alpha) ? nbd({ model: 'nbd', unit, r, alpha }) : null;
    default:
      return null;
  }
}

const bgNbd = (fit: Parameters<typeof bgNbdExpectedPurchases<TimeUnit>>[0]): PurchaseModel => ({
  alive: (customer) => bgNbdProbabilityAlive(fit, customer),
  ahead: (customer, time) => bgNbdExpectedPurchases(fit, customer, time),
  aheadNew: (time) => bgNbdExpectedPurchasesNew(fit, time),
  discounted: (customer, time, rate) => bgNbdDiscountedPurchases(fit, customer, time, rate),
  discountedNew: (time, rate) => bgNbdDiscountedPurchasesNew(fit, time, rate),
  probability: (n, time) => bgNbdProbability(fit, n, time)
});

const mbgNbd = (fit: Parameters<typeof mbgNbdExpectedPurchases<TimeUnit>>[0]): PurchaseModel => ({
  alive: (customer) => mbgNbdProbabilityAlive(fit, customer),
  ahead: (customer, time) => mbgNbdExpectedPurchases(fit, customer, time),
  aheadNew: (time) => mbgNbdExpectedPurchasesNew(fit, time),
  discounted: (customer, time, rate) => mbgNbdDiscountedPurchases(fit, customer, time, rate),
  discountedNew: (time, rate) => mbgNbdDiscountedPurchasesNew(fit, time, rate),
  probability: (n, time) => mbgNbdProbability(fit, n, time)
});

const paretoNbd = (fit: Parameters<typeof paretoNbdExpectedPurchases<TimeUnit>>[0]): PurchaseModel => ({
  alive: (customer) => paretoNbdProbabilityAlive(fit, customer),
  ahead: (customer, time) => paretoNbdExpectedPurchases(fit, customer, time),
  aheadNew: (time) => paretoNbdExpectedPurchasesNew(fit, time),
  discounted: (customer, time, rate) => paretoNbdDiscountedPurchases(fit, customer, time, rate),
  discountedNew: (time, rate) => paretoNbdDiscountedPurchasesNew(fit, time, rate),
  probability: (n, time) => paretoNbdProbability(fit, n, time)
});

const nbd = (fit: Parameters<typeof nbdExpectedPurchases<TimeUnit>>[0]): PurchaseModel => ({
  alive: () => 1,
  ahead: (customer, time) => nbdExpectedPurchases(fit, customer, time),
  aheadNew: (time) => nbdExpectedPurchasesNew(fit, time),
  discounted: (customer, time, rate) => nbdDiscountedPurchases(fit, customer, time, rate),
  discountedNew: (time, rate) => nbdDiscountedPurchases(fit, NEW, time, rate),
  probability: (n, time) => nbdProbability(fit, n, time)
});
