import {
  createLedger,
  parseDay,
  parseNumber,
  type Ledger,
  type Transactions
} from '#lib/clv/transactions/index.ts';
import type { ColumnMapping } from './mapping.ts';

/** Why a line is not taken up. */
export type RefusalCode =
  'E_FIELDS' | 'E_CUSTOMER' | 'E_DATE' | 'E_DATE_ORDER' | 'E_AMOUNT' | 'E_UNITS' | 'E_CURRENCY_MIX';

/** Lines refused for one reason: how many, and the first of them. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly count: number;
  readonly first: readonly { readonly line: number; readonly text: string }[];
}

/** What became of the lines of a file. `rows` = `taken` + all refused; blank lines and the header are none. */
export interface ImportReport {
  readonly rows: number;
  readonly taken: number;
  readonly blank: number;
  readonly zeroAmounts: number;
  readonly customers: number;
  /** Whole days since 1970; null without rows. */
  readonly firstDay: number | null;
  readonly lastDay: number | null;
  readonly refused: readonly Refusal[];
}

export interface Imported {
  readonly transactions: Transactions;
  readonly report: ImportReport;
}

const FIRST_LINES = 5;
const DAYS_KEPT = 20_000;

const MESSAGES: Readonly<Record<RefusalCode, string>> = {
  E_FIELDS: 'have fewer fields than the columns that were chosen',
  E_CUSTOMER: 'have no customer',
  E_DATE: 'have a date that cannot be read',
  E_DATE_ORDER: 'have a date with slashes, and it was not said whether day or month comes first',
  E_AMOUNT: 'have an amount that is not a number',
  E_UNITS: 'have a number of units that is not a number',
  E_CURRENCY_MIX: 'are in another currency than the first line that names one'
};

/** Takes up the lines of a file one at a time. */
export interface RowImport {
  /** @param line counted from 1, the header included. */
  add(fields: readonly string[], line: number): void;
  done(): Imported;
}

/**
 * An import under a mapping. Nothing is thrown and nothing left out silently: what is refused is counted by code, with
 * the first lines of each. Customers stay text, so that "007" and "7" are two; days are whole and UTC (clv.md 1.0).
 */
export function createImport(mapping: ColumnMapping): RowImport {
  const ledger = createLedger();
  const refusals = new Map<RefusalCode, { count: number; first: { line: number; text: string }[] }>();
  const tally = { rows: 0, blank: 0, zero: 0, first: Infinity, last: -Infinity };
  const columns = [mapping.customer, mapping.date, mapping.amount, mapping.units, mapping.currency];
  const fewest = Math.max(...columns.map((column) => column ?? 0)) + 1;
  const isOtherCurrency = oneCurrency(mapping);
  const dayOf = rememberDays(mapping);

  const refuse = (code: RefusalCode, line: number, fields: readonly string[]) => {
    const refusal = refusals.get(code) ?? { count: 0, first: [] };
    refusal.count += 1;
    if (refusal.first.length < FIRST_LINES)
      refusal.first.push({ line, text: fields.join(' · ').slice(0, 120) });
    refusals.set(code, refusal);
  };

  return {
    add(fields, line) {
      if (fields.every((text) => text.trim() === '')) {
        tally.blank += 1;
        return;
      }
      tally.rows += 1;
      if (fields.length < fewest) return refuse('E_FIELDS', line, fields);
      const customer = fields[mapping.customer]!.trim();
      if (customer === '') return refuse('E_CUSTOMER', line, fields);
      const day = dayOf(fields[mapping.date]!);
      if (typeof day === 'string') return refuse(day, line, fields);
      const amount = amountOf(fields, mapping);
      if (typeof amount === 'string') return refuse(amount, line, fields);
      if (isOtherCurrency(fields)) return refuse('E_CURRENCY_MIX', line, fields);
      if (ledger.add(customer, day, amount) !== null) return refuse('E_DATE', line, fields);
      if (amount === 0) tally.zero += 1;
      tally.first = Math.min(tally.first, day);
      tally.last = Math.max(tally.last, day);
    },
    done: () => conclude(ledger, tally, refusals)
  };
}

function amountOf(fields: readonly string[], mapping: ColumnMapping): number | undefined | RefusalCode {
  if (mapping.amount === null) return undefined;
  const amount = parseNumber(fields[mapping.amount]!.trim(), mapping.decimal);
  if (!Number.isFinite(amount)) return 'E_AMOUNT';
  if (mapping.units === null) return amount;
  const units = parseNumber(fields[mapping.units]!.trim(), mapping.decimal);
  return Number.isFinite(units) ? amount * units : 'E_UNITS';
}

/**
 * Tells lines in another currency than the first that names one, by the column of currencies or else by the sign in the
 * amount: amounts of two currencies are never added up. A line that names none is taken to be in that of the others.
 */
function oneCurrency({ amount, currency }: ColumnMapping): (fields: readonly string[]) => boolean {
  let known = '';
  return (fields) => {
    if (amount === null) return false;
    const named =
      currency === null
        ? (/\p{Sc}/u.exec(fields[amount]!)?.[0] ?? '')
        : fields[currency]!.trim().toUpperCase();
    if (known === '') known = named;
    return named !== '' && named !== known;
  };
}

/** Dates repeat in a file of transactions, so that each is read once; times of day differ, hence the bound. */
function rememberDays({ dateOrder }: ColumnMapping) {
  const known = new Map<string, ReturnType<typeof parseDay>>();
  return (text: string) => {
    let day = known.get(text);
    if (day === undefined) {
      day = parseDay(text.trim(), dateOrder ?? undefined);
      if (known.size < DAYS_KEPT) known.set(text, day);
    }
    return day;
  };
}

function conclude(
  ledger: Ledger,
  tally: { rows: number; blank: number; zero: number; first: number; last: number },
  refusals: ReadonlyMap<RefusalCode, { count: number; first: { line: number; text: string }[] }>
): Imported {
  const transactions = ledger.transactions();
  const some = ledger.size > 0;
  return {
    transactions,
    report: {
      rows: tally.rows,
      taken: ledger.size,
      blank: tally.blank,
      zeroAmounts: tally.zero,
      customers: transactions.ids.length,
      firstDay: some ? tally.first : null,
      lastDay: some ? tally.last : null,
      refused: [...refusals].map(([code, { count, first }]) => ({
        code,
        message: MESSAGES[code],
        count,
        first
      }))
    }
  };
}
