/** Reading of single fields of a table: dates and numbers as people write them. */

/** Order of day and month where a date with slashes does not tell it. */
export type DateOrder = 'dmy' | 'mdy';

/** The sign before decimals; the other one groups thousands. */
export type DecimalSign = 'point' | 'comma';

const MS_PER_DAY = 86_400_000;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const MOMENT = /^(\S+?)[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A date as whole days since 1 January 1970, UTC (T4). YYYY-MM-DD, YYYYMMDD, DD.MM.YYYY, and with an `order` also dates
 * with slashes; each with a time behind it or not. A time with a zone counts on its day in UTC, a time without one on the
 * day that is written.
 *
 * @returns E_DATE for what is no date, E_DATE_ORDER for a date with slashes and no `order`.
 */
export function parseDay(text: string, order?: DateOrder): number | 'E_DATE' | 'E_DATE_ORDER' {
  const moment = MOMENT.exec(text.trim());
  if (moment === null) return parseDate(text.trim(), order);
  const day = parseDate(moment[1]!, order);
  const [hours, minutes, seconds] = [moment[2], moment[3], moment[4] ?? '0'].map(Number) as [
    number,
    number,
    number
  ];
  if (hours > 24 || minutes > 59 || seconds > 60) return 'E_DATE';
  if (typeof day === 'string' || moment[5] === undefined) return day;
  return day + Math.floor((hours * 60 + minutes - zoneMinutes(moment[5])) / 1440);
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function parseDate(text: string, order?: DateOrder): number | 'E_DATE' | 'E_DATE_ORDER' {
  const yearFirst = ISO.exec(text) ?? COMPACT.exec(text);
  if (yearFirst !== null) return dayNumber(yearFirst[1]!, yearFirst[2]!, yearFirst[3]!);
  const dotted = DOTTED.exec(text);
  if (dotted !== null) return dayNumber(dotted[3]!, dotted[2]!, dotted[1]!);
  const slashed = SLASHED.exec(text);
  if (slashed === null) return 'E_DATE';
  if (order === undefined) return 'E_DATE_ORDER';
  const [day, month] = order === 'dmy' ? [slashed[1]!, slashed[2]!] : [slashed[2]!, slashed[1]!];
  return dayNumber(slashed[3]!, month, day);
}

function dayNumber(year: string, month: string, day: string): number | 'E_DATE' {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isSame = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isSame && Number(year) >= 1000 ? date.getTime() / MS_PER_DAY : 'E_DATE';
}

/** A day number as YYYY-MM-DD. */
export const formatDay = (day: number): string => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);

const WITH_POINT = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const WITH_COMMA = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?(?:[eE][+-]?\d+)?$/;

/** A number, a currency sign before or behind it left aside; NaN for anything else, the empty field included. */
export function parseNumber(text: string, decimal: DecimalSign = 'point'): number {
  const bare = text.replace(/^([+-]?)\s*\p{Sc}|\p{Sc}\s*$/gu, '$1').trim();
  if (!(decimal === 'point' ? WITH_POINT : WITH_COMMA).test(bare) || !/\d/.test(bare)) return NaN;
  return Number(decimal === 'point' ? bare.replaceAll(',', '') : bare.replaceAll('.', '').replace(',', '.'));
}
