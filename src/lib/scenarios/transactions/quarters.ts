import {
  continuousRate,
  DAYS_PER_UNIT,
  duration,
  fitByQuarter,
  gammaGammaMeanSpend,
  type FitRefusal,
  type FitReport,
  type Summarised,
  type TimeUnit
} from '#lib/clv/transactions/index.ts';
import type { AnalysisOptions } from './analyse.ts';
import { modelOf } from './models.ts';
import { spendOf } from './spend.ts';

/** The customers who first bought in one quarter, by themselves (X12). */
export interface QuarterFigures {
  /** Calendar quarter in UTC: "1997-Q1". */
  readonly quarter: string;
  readonly customers: number;
  /** Refused with E_TOO_FEW_CUSTOMERS below 500 customers. */
  readonly fit: FitReport | FitRefusal;
  readonly spend: FitReport | FitRefusal;
  /** What a new customer like these is expected to do; null without a fit. */
  readonly newcomer: {
    /** Orders of the first year, the first one included. */
    readonly ordersInYear: number;
    /** Mean money of an order: E(M); null without a spend model. */
    readonly meanSpend: number | null;
    /** Discounted revenue over the map's horizon, the first order included; null without a spend model. */
    readonly revenue: number | null;
  } | null;
}

/**
 * The analysis's models fitted quarter by quarter (clv.md 4.12): one fit over customers who came at different times
 * takes their differences for chance. Quarters stand apart; nothing of them enters the fit of all.
 */
export function quartersOf(summed: Summarised<TimeUnit>, options: AnalysisOptions): QuarterFigures[] {
  const { model, unit } = options;
  const spends = fitByQuarter(summed, { model: 'gamma-gamma', unit });
  return fitByQuarter(summed, { model, unit }).map(({ quarter, customers, fit }, index) => {
    const spend = spends[index]!.fit;
    return { quarter, customers, fit, spend, newcomer: newcomerOf(fit, spend, options) };
  });
}

function newcomerOf(
  fit: FitReport | FitRefusal,
  spend: FitReport | FitRefusal,
  { model, unit, horizonDays, annualRate }: AnalysisOptions
): QuarterFigures['newcomer'] {
  const purchases = fit.ok ? modelOf(model, unit, fit.parameters) : null;
  if (purchases === null) return null;
  const perUnit = DAYS_PER_UNIT[unit];
  const money = spend.ok ? spendOf(spend.parameters) : null;
  const meanSpend = money === null ? null : gammaGammaMeanSpend(money);
  const discounted = purchases.discountedNew(
    duration(horizonDays / perUnit, unit),
    continuousRate(annualRate, unit)
  );
  return {
    ordersInYear: 1 + purchases.aheadNew(duration(365 / perUnit, unit)),
    meanSpend,
    revenue: meanSpend === null ? null : meanSpend * (1 + discounted)
  };
}
