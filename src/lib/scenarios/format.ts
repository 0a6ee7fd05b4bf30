import type { MetricRange } from '#lib/journey/metrics.ts';
import type { Tick } from '#lib/journey/records.ts';
import type { Headline } from './figures.ts';

/** What formatting depends on: the map's currency and unit of time. */
export interface Units {
  readonly currency: string;
  readonly tick: Tick;
}

/** A change against the baseline, ready to be shown: sign, arrow and direction say the same thing three ways. */
export interface DeltaText {
  readonly text: string; // "+48.20", sign included
  readonly arrow: '▲' | '▼' | '';
  /** For the customer's business: a lower cost of acquisition is better. */
  readonly meaning: 'better' | 'worse' | 'same';
}

const LOCALE = 'en-US'; // the words around the numbers are English, so a comma is never a decimal comma here

const formats = new Map<string, Intl.NumberFormat>();

/** Building a formatter costs more than a solve, so each is built once. */
function formatWith(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = JSON.stringify(options);
  let format = formats.get(name);
  if (format === undefined) formats.set(name, (format = new Intl.NumberFormat(LOCALE, options)));
  return format;
}

const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code);

const moneyStyle = (currency: string): Intl.NumberFormatOptions =>
  isCurrency(currency) ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } : {};

/** A minus that is as wide as a plus, and no "-0". */
const tidy = (text: string): string => {
  const typeset = text.replace('-', '−');
  return /[1-9]/.test(typeset) ? typeset : typeset.replace('−', '');
};

/**
 * Money for reading: two decimals up to 10,000 ("€524.46"), whole up to a million, then three significant digits
 * ("€1.23M"). Amounts below one cent keep three significant digits.
 */
export function formatMoney(value: number, currency: string): string {
  const size = Math.abs(value);
  const style = moneyStyle(currency);
  if (size >= 1e6)
    return tidy(formatWith({ ...style, notation: 'compact', maximumSignificantDigits: 3 }).format(value));
  if (size >= 1e4) return tidy(formatWith({ ...style, maximumFractionDigits: 0 }).format(value));
  if (size > 0 && size < 0.01)
    return tidy(formatWith({ ...style, maximumSignificantDigits: 3 }).format(value));
  return tidy(formatWith({ ...style, minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value));
}

/** Money for checking: up to nine decimals. */
export const formatMoneyExactly = (value: number, currency: string): string =>
  tidy(formatWith({ ...moneyStyle(currency), maximumFractionDigits: 9 }).format(value));

/** A plain number for the ticks of an axis ("1.5K"). */
export const formatAxis = (value: number): string =>
  tidy(formatWith({ notation: 'compact', maximumSignificantDigits: 3 }).format(value));

/** A fraction as a percentage with up to three significant digits ("2.33%"). */
export const formatPercent = (value: number): string =>
  tidy(formatWith({ style: 'percent', maximumSignificantDigits: 3 }).format(value));

/** A fraction as a percentage, as entered: up to ten decimals. */
export const formatPercentExactly = (value: number): string =>
  tidy(formatWith({ style: 'percent', maximumFractionDigits: 10 }).format(value));

/** A plain number with three significant digits; large ones stay whole. */
export const formatNumber = (value: number): string =>
  tidy(
    Math.abs(value) >= 1000
      ? formatWith({ maximumFractionDigits: 0 }).format(value)
      : formatWith({ maximumSignificantDigits: 3 }).format(value)
  );

/** A plain number with up to ten decimals. */
export const formatNumberExactly = (value: number): string =>
  tidy(formatWith({ maximumFractionDigits: 10 }).format(value));

/** "1 month", "2 months", "20.5 months". */
export function formatTicks(value: number, tick: Tick): string {
  return `${formatNumber(value)} ${tick}${value === 1 ? '' : 's'}`;
}

const MONEY = new Set<Headline>([
  'clv',
  'clvWithReferrals',
  'clvOverHorizon',
  'cac',
  'npv',
  'npvWithoutReferrals'
]);
const TICKS = new Set<Headline>(['payback', 'discountedPayback', 'lifetime']);
const LESS_IS_BETTER = new Set<Headline>(['cac', 'payback', 'discountedPayback']);

/** A figure of the head for reading. */
export function formatHeadline(headline: Headline, value: number, { currency, tick }: Units): string {
  if (MONEY.has(headline)) return formatMoney(value, currency);
  if (value === 0 && headline !== 'lifetime' && TICKS.has(headline)) return 'First order';
  if (TICKS.has(headline)) return formatTicks(value, tick);
  if (headline === 'conversion') return formatPercent(value);
  return formatWith({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value).replace('-', '−');
}

/** The same figure for checking. */
export function formatHeadlineExactly(headline: Headline, value: number, { currency, tick }: Units): string {
  if (MONEY.has(headline)) return formatMoneyExactly(value, currency);
  if (TICKS.has(headline)) return `${formatNumberExactly(value)} ${tick}${value === 1 ? '' : 's'}`;
  if (headline === 'conversion') return formatPercentExactly(value);
  return formatNumberExactly(value);
}

/** Differences that no reader could see are none: floating point leaves dust where sums cancel. */
const DUST = 1e-9;

function sizeOf(headline: Headline, size: number, units: Units): string {
  if (TICKS.has(headline)) return formatTicks(size, units.tick);
  if (headline !== 'conversion') return formatHeadline(headline, size, units);
  const points = formatNumber(size * 100);
  return `${points} ${points === '1' ? 'point' : 'points'}`;
}

/** A change of a headline figure against the baseline. Shares change by percentage points. */
export function formatDelta(headline: Headline, delta: number, units: Units): DeltaText {
  const dust = Math.abs(delta) < DUST;
  if (dust) return { text: 'no change', arrow: '', meaning: 'same' };
  const size = sizeOf(headline, Math.abs(delta), units);
  const up = delta > 0;
  return {
    text: `${up ? '+' : '−'}${size}`,
    arrow: up ? '▲' : '▼',
    meaning: up === LESS_IS_BETTER.has(headline) ? 'worse' : 'better'
  };
}

/** An entered number with its unit, as precisely as it was entered: "30%", "€39.00", "1 month". */
export function formatMetric(value: number, unit: MetricRange['unit'], { currency, tick }: Units): string {
  switch (unit) {
    case 'fraction':
    case 'fraction per year':
      return formatPercentExactly(value);
    case 'money':
      return formatMoneyExactly(value, currency);
    case 'tick':
      return `${formatNumberExactly(value)} ${tick}${value === 1 ? '' : 's'}`;
    case 'count':
    case 'score':
    case 'log-odds':
    case 'shape':
      return formatNumberExactly(value);
  }
}

/** A computed number of the same kind for reading: "91.4%", "€39.00". */
export function formatReading(value: number, unit: MetricRange['unit'], units: Units): string {
  if (unit === 'fraction' || unit === 'fraction per year') return formatPercent(value);
  return unit === 'money'
    ? formatMoney(value, units.currency)
    : formatMetric(Number(value.toPrecision(6)), unit, units);
}

/** The sign and symbol of the currency alone ("€"). */
export function currencySymbol(currency: string): string {
  if (!isCurrency(currency)) return currency;
  const parts = formatWith(moneyStyle(currency)).formatToParts(0);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}

/** A change in money with its sign ("+€2.42"); dust is none. */
export function formatMoneyChange(value: number, currency: string): string {
  const text = formatMoney(Math.abs(value) < DUST ? 0 : value, currency);
  return value >= DUST ? `+${text}` : text;
}
