import {
  bergerNasrValue,
  blattbergDeightonValue,
  constantMarginValue,
  responseTo,
  retentionElasticity,
  type SimpleResult
} from '#lib/clv/transactions/index.ts';

/** What the formulas without a model of behaviour take; shares and rates as fractions, money per year and customer. */
export interface SimpleEntries {
  readonly margin: number | undefined;
  readonly retention: number | undefined;
  readonly rate: number | undefined;
  readonly growth: number;
  readonly promotion: number;
  readonly years: number;
}

const missing: SimpleResult = {
  ok: false,
  code: 'E_RANGE',
  message: 'Enter the margin, the share that stays and the discount rate.'
};

/** The values of clv.md 1.8 side by side, with their timing, which is where such numbers differ most. */
export function simpleValues({ margin, retention, rate, growth, promotion, years }: SimpleEntries): {
  readonly end: SimpleResult;
  readonly now: SimpleResult;
  readonly elasticity: SimpleResult;
  readonly bergerNasr: SimpleResult;
} {
  if (margin === undefined || retention === undefined || rate === undefined)
    return { end: missing, now: missing, elasticity: missing, bergerNasr: missing };
  const constant = { margin, retention, discountRate: rate, growth };
  return {
    end: constantMarginValue({ ...constant, timing: 'end' }),
    now: constantMarginValue({ ...constant, timing: 'now' }),
    elasticity: retentionElasticity(retention, rate, 'end'),
    bergerNasr: bergerNasrValue({ contribution: margin, promotion, retention, discountRate: rate, years })
  };
}

/** How a budget turns into a rate: no more than `ceiling`, half of it at a budget of `half`. */
export interface Response {
  readonly ceiling: number;
  readonly half: number;
}

export interface EquityEntries {
  readonly margin: number;
  readonly rate: number;
  readonly acquisition: Response;
  readonly retention: Response;
}

/** One split of the budget and what it brings. */
export interface EquityPoint {
  /** Money per prospect, and per customer and year. */
  readonly acquisitionSpend: number;
  readonly retentionSpend: number;
  readonly acquired: number;
  readonly retained: number;
  readonly result: SimpleResult;
}

const curve = ({ ceiling, half }: Response) => ({ ceiling, efficiency: half > 0 ? Math.LN2 / half : 0 });

/** Customer equity per prospect at a budget (Blattberg & Deighton 1996). */
export function equityAt(
  { margin, rate, acquisition, retention }: EquityEntries,
  acquisitionSpend: number,
  retentionSpend: number
): EquityPoint {
  const [a, r] = [curve(acquisition), curve(retention)];
  return {
    acquisitionSpend,
    retentionSpend,
    acquired: responseTo(a, acquisitionSpend),
    retained: responseTo(r, retentionSpend),
    result: blattbergDeightonValue({
      margin,
      discountRate: rate,
      acquisition: a,
      retention: r,
      acquisitionSpend,
      retentionSpend
    })
  };
}
