import type { MetricRange } from '#lib/journey/metrics.ts';
import { formatMetric, type Units } from '#lib/scenarios/format.ts';

/** What a person has typed into a number field. */
export type Entry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'number'; readonly value: number; readonly note?: string }
  | { readonly kind: 'unreadable'; readonly message: string };

type Unit = MetricRange['unit'];

/** Fields that carry a percent sign: what is typed there is a percentage, whatever its size. */
export const isPercent = (unit: Unit): boolean => unit === 'fraction' || unit === 'fraction per year';

/** Moves the decimal point without the dust of a multiplication: 0.07 becomes 7, not 7.000000000000001. */
function shift(value: number, digits: number): number {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

const GROUPED_BY_COMMA = /^-?[1-9]\d{0,2}(,\d{3})+$/;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/**
 * Reads what was typed (rules P1 to P4 of panels/SPEC.md): "12", "12%", "12,5", "€ 1,500.00", "1 500", "-3", "1e-4".
 *
 * In a percent field 12 is 12%, and 0.12 is 0.12%: the field carries the sign, so it never guesses. A comma is a decimal
 * comma unless it separates groups of three digits in a field that is no percentage.
 */
export function parseEntry(text: string, unit: Unit): Entry {
  const typed = text.trim();
  if (typed === '') return { kind: 'empty' };
  const percentSign = typed.includes('%');
  if (percentSign && unit !== 'count' && !isPercent(unit))
    return { kind: 'unreadable', message: 'This number is not a percentage.' };
  const bare = decimalPoint(
    typed
      .replace(/%|\p{Sc}|[\s'’_]|\b(EUR|USD|GBP|CHF|JPY|days?|weeks?|months?|quarters?|years?)\b/giu, '')
      .replace('−', '-'),
    isPercent(unit)
  );
  if (!NUMBER.test(bare)) return { kind: 'unreadable', message: `“${typed}” is not a number.` };
  const number = Number(bare);
  if (!Number.isFinite(number)) return { kind: 'unreadable', message: 'This number is too large.' };
  if (!percentSign && !isPercent(unit)) return { kind: 'number', value: number };
  const value = shift(number, -2);
  const unsure = !percentSign && unit === 'fraction' && number > 0 && number < 1;
  if (!unsure) return { kind: 'number', value };
  return {
    kind: 'number',
    value,
    note: `That is ${number}%. For ${shift(number, 2)}% type ${shift(number, 2)}.`
  };
}

function decimalPoint(text: string, percent: boolean): string {
  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  if (comma >= 0 && point >= 0)
    return comma > point ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  if (comma >= 0 && !percent && GROUPED_BY_COMMA.test(text)) return text.replaceAll(',', '');
  return text.replace(',', '.');
}

/** The text of a number in its field, without its unit. */
export const fieldText = (value: number | undefined, unit: Unit): string =>
  value === undefined ? '' : String(isPercent(unit) && Number.isFinite(value) ? shift(value, 2) : value);

/** One sentence when a stored number is out of its range; null when it is fine. */
export function rangeMessage(value: number | undefined, range: MetricRange, units: Units): string | null {
  if (value === undefined) return null;
  if (!Number.isFinite(value)) return 'This must be a number.';
  const { min, max, integer, unit } = range;
  if (value < min || value > max) {
    const text = (bound: number) => formatMetric(bound, unit, units);
    return min === Number.MIN_VALUE
      ? `This must be above 0 and at most ${text(max)}.`
      : `This must be from ${text(min)} to ${text(max)}.`;
  }
  return integer && !Number.isInteger(value) ? 'This must be a whole number.' : null;
}

/** What one press of an arrow key adds: one point, one unit of money, one tick. Shift: ten; Alt: a tenth. */
export function stepBy(value: number | undefined, presses: number, range: MetricRange): number {
  const size = isPercent(range.unit) ? 0.01 : range.unit === 'log-odds' ? 0.05 : 1;
  const step = range.integer ? Math.sign(presses) * Math.max(1, Math.abs(presses)) : presses * size;
  const next = Number(((value ?? 0) + step).toPrecision(12));
  return Math.min(range.max, Math.max(range.min, next));
}
