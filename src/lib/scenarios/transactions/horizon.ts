import { TICKS_PER_YEAR } from '#lib/clv/model.ts';
import { DAYS_PER_UNIT } from '#lib/clv/transactions/index.ts';
import { settingsKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';

const YEARS = 3;
const ANNUAL_RATE = 0.1;

/** The map's horizon in days and its discount rate, or the defaults that hold while they are not set (SPEC C2). */
export function horizonOf({ settings: { tick }, metrics }: Pick<Journey, 'settings' | 'metrics'>): {
  horizonDays: number;
  annualRate: number;
} {
  const horizon = metrics.get(settingsKey('horizon')) ?? YEARS * TICKS_PER_YEAR[tick];
  const annualRate = metrics.get(settingsKey('annualDiscountRate')) ?? ANNUAL_RATE;
  return { horizonDays: horizon * DAYS_PER_UNIT[tick], annualRate };
}
