import { TICKS_PER_YEAR, type Tick } from '../model.ts';

/** Unit of every time of a model: recencies, ages, horizons and the parameters that are times. */
export type TimeUnit = Tick;

/** Length of a unit in days (T1). A month is the twelfth part, a quarter the fourth part of 365 days. */
export const DAYS_PER_UNIT: Readonly<Record<TimeUnit, number>> = {
  day: 1,
  week: 7,
  month: 365 / 12,
  quarter: 365 / 4,
  year: 365
};

declare const durationUnit: unique symbol;
declare const rateUnit: unique symbol;

/** A length of time counted in units U. The brand keeps 39 weeks from being read as 39 days. */
export type Duration<U extends TimeUnit> = number & { readonly [durationUnit]: U };

/** A continuous discount rate per unit U: money at time t is worth e^(-rate t). */
export type DiscountRate<U extends TimeUnit> = number & { readonly [rateUnit]: U };

/** `length` units, for example `duration(39, 'week')`. */
export function duration<U extends TimeUnit>(length: number, unit: U): Duration<U>;
export function duration<U extends TimeUnit>(length: number): Duration<U> {
  return length as Duration<U>;
}

/** A rate that is known per unit already, for example `discountRate(0.0027, 'week')`. */
export function discountRate<U extends TimeUnit>(perUnit: number, unit: U): DiscountRate<U>;
export function discountRate<U extends TimeUnit>(perUnit: number): DiscountRate<U> {
  return perUnit as DiscountRate<U>;
}

/**
 * Continuous rate per unit of an annual rate i: ln(1 + i) / k with k = 365, 52, 12, 4 or 1 units a year (T2).
 *
 * @param annualRate fraction per year, 0 or more; 0.15 gives 0.0026877 a week.
 */
export function continuousRate<U extends TimeUnit>(annualRate: number, unit: U): DiscountRate<U> {
  return discountRate(Math.log1p(annualRate) / TICKS_PER_YEAR[unit], unit);
}
