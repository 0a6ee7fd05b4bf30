import {
  guessColumns,
  parseDay,
  parseNumber,
  type DateOrder,
  type DecimalSign
} from '#lib/clv/transactions/index.ts';
import type { FileLayout } from './layout.ts';

/** Which column means what, and how its text is read. Columns count from 0. */
export interface ColumnMapping {
  readonly layout: FileLayout;
  readonly customer: number;
  readonly date: number;
  /** Money of a row; null when the file has none. */
  readonly amount: number | null;
  /** Multiplies the amount, where that is a price per unit. */
  readonly units: number | null;
  /** Names the currency of the amount; null when the file has no such column. */
  readonly currency: number | null;
  /** Which comes first in dates with slashes; null when the file has none. */
  readonly dateOrder: DateOrder | null;
  readonly decimal: DecimalSign;
}

/** What can be told of the dates of a file: `ask` where day and month cannot be told apart. */
export type DateReading = 'year-first' | 'dots' | 'dmy' | 'mdy' | 'ask' | 'none';

/** A mapping as guessed: -1 where nothing fits. A person looks at it before it is used. */
export interface MappingGuess {
  readonly mapping: ColumnMapping;
  readonly dates: DateReading;
}

const NAMED = {
  customer: /customer|client|user|account|member|buyer|shopper|e-?mail|kunde|cust|^id$/i,
  date: /date|datum|day|time|when|created|ordered/i,
  amount: /amount|total|revenue|value|sales|spend|spent|paid|price|betrag|umsatz|summe|preis/i,
  units: /^(units?|qty|quantity|menge|anzahl|pieces|items?)$/i,
  currency: /^(currency|curr|ccy|w(ä|ae)hrung|devise|valuta)/i
} as const;

const PRICE_PER_UNIT = /price|preis|per.?unit|unit.?(value|cost|amount)/i;

/** Guesses a mapping from names and a few rows (fields as text, without the header). */
export function guessMapping(
  layout: FileLayout,
  header: readonly string[],
  rows: readonly (readonly string[])[]
): MappingGuess {
  const column = (index: number) => rows.map((row) => row[index]?.trim() ?? '');
  const columns = header.map((_, index) => column(index));
  const known = layout.named ? guessColumns(header) : null;
  const named = (pattern: RegExp) =>
    layout.named ? header.findIndex((name) => pattern.test(name.trim())) : -1;
  const exact = known?.kind === 'transactions' ? known.columns : null;
  const dates = columns.map((values) => shareOf(values, isDate));
  const byContent = dates.findIndex((share) => share > 0.8);
  const namedDate = [exact?.date ?? -1, named(NAMED.date)].find((index) => index >= 0 && dates[index]! > 0);
  const date = namedDate ?? byContent;
  const namedCustomer = [exact?.customer ?? -1, named(NAMED.customer)].find(
    (index) => index >= 0 && index !== date
  );
  const customer = namedCustomer ?? header.findIndex((_, index) => index !== date);
  const decimal = decimalOf(columns.flat(), layout.separator);
  const taken = new Set([date, customer]);
  const numeric = (index: number) =>
    index >= 0 &&
    !taken.has(index) &&
    shareOf(columns[index]!, (text) => !Number.isNaN(parseNumber(text, decimal))) >= 0.5;
  const namedAmount = [exact?.amount ?? -1, named(NAMED.amount)].find(numeric);
  const amount =
    namedAmount ?? header.findLastIndex((_, index) => numeric(index) && !isUnits(header[index]!));
  const units = header.findIndex((name, index) => index !== amount && numeric(index) && isUnits(name));
  const perUnit = layout.named && amount >= 0 && PRICE_PER_UNIT.test(header[amount]!);
  const reading = readDates(date < 0 ? [] : columns[date]!);
  return {
    mapping: {
      layout,
      customer,
      date,
      amount: amount < 0 ? null : amount,
      units: perUnit && units >= 0 ? units : null,
      currency: amount < 0 ? null : currencyColumn(layout.named ? header : [], columns, taken),
      dateOrder: reading === 'dmy' || reading === 'mdy' ? reading : null,
      decimal: amount < 0 ? decimal : decimalOf(columns[amount]!, layout.separator)
    },
    dates: reading
  };
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** The column that is named as one of currencies, or holds their codes. */
function currencyColumn(
  names: readonly string[],
  columns: readonly (readonly string[])[],
  taken: ReadonlySet<number>
): number | null {
  const found = columns.findIndex(
    (values, index) =>
      !taken.has(index) &&
      (NAMED.currency.test(names[index]?.trim() ?? '') ||
        shareOf(values, (text) => CURRENCIES.has(text)) > 0.8)
  );
  return found < 0 ? null : found;
}

const isUnits = (name: string) => NAMED.units.test(name.trim());

const isDate = (text: string) => parseDay(text) !== 'E_DATE';

function shareOf(values: readonly string[], holds: (text: string) => boolean): number {
  const filled = values.filter((text) => text !== '');
  return filled.length === 0 ? 0 : filled.filter(holds).length / filled.length;
}

/**
 * How dates are written. With slashes, a first part above 12 in any row is a day, and so is a second part; without
 * either the person has to say.
 */
export function readDates(values: readonly string[]): DateReading {
  const filled = values.filter((text) => text !== '');
  const slashed = filled.flatMap((text) => {
    const found = /^(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(text);
    return found === null ? [] : [[Number(found[1]), Number(found[2])] as const];
  });
  if (slashed.length > 0) {
    const dayFirst = slashed.some(([first]) => first > 12);
    const monthFirst = slashed.some(([, second]) => second > 12);
    return dayFirst === monthFirst ? 'ask' : dayFirst ? 'dmy' : 'mdy';
  }
  if (filled.some((text) => /^\d{1,2}\.\d{1,2}\.\d{4}/.test(text))) return 'dots';
  return filled.some((text) => isDate(text)) ? 'year-first' : 'none';
}

/** The decimal sign under which more of the values are numbers; where both do, what such files usually have. */
export function decimalOf(values: readonly string[], separator: FileLayout['separator']): DecimalSign {
  const read = (decimal: DecimalSign) =>
    values.filter((text) => text !== '' && !Number.isNaN(parseNumber(text, decimal))).length;
  const [point, comma] = [read('point'), read('comma')];
  if (point !== comma) return point > comma ? 'point' : 'comma';
  return separator === ';' ? 'comma' : 'point';
}

/** Fields of the first line are names when none of them is a date or a number. */
export const isHeader = (fields: readonly string[]): boolean =>
  fields.every(
    (text) =>
      text.trim() === '' ||
      (!isDate(text) && [parseNumber(text), parseNumber(text, 'comma')].every(Number.isNaN))
  ) && fields.some((text) => text.trim() !== '');

/** What is still to be said before a file can be read; empty when nothing is. */
export function openQuestions(mapping: ColumnMapping, dates: DateReading): readonly string[] {
  const questions: string[] = [];
  if (mapping.customer < 0) questions.push('Choose the column that tells customers apart.');
  if (mapping.date < 0) questions.push('Choose the column with the date of the purchase.');
  else if (mapping.date === mapping.customer)
    questions.push('Customer and date are one column at the moment; choose another for one of them.');
  else if (dates === 'none') questions.push('No date could be read in the date column.');
  else if (dates === 'ask' && mapping.dateOrder === null)
    questions.push('Say which comes first in the dates, the day or the month: the rows do not tell.');
  return questions;
}
