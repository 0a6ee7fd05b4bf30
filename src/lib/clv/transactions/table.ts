import type { DiscreteRow } from './bg-bb.ts';
import { parseDay, parseNumber, type DateOrder, type DecimalSign } from './field.ts';
import { createLedger, type Transactions } from './ledger.ts';
import type { Summary } from './summary.ts';
import type { TimeUnit } from './unit.ts';

/** What a table can hold; its header tells which. */
export type TableKind = 'transactions' | 'summary' | 'discrete' | 'cohort';

export type TableData =
  | { readonly kind: 'transactions'; readonly transactions: Transactions }
  | { readonly kind: 'summary'; readonly summary: Omit<Summary<TimeUnit>, 'unit'> }
  | { readonly kind: 'discrete'; readonly rows: readonly DiscreteRow[] }
  | { readonly kind: 'cohort'; readonly survivors: readonly number[] };

/** A line that cannot be read, or a table that cannot. */
export interface TableProblem {
  readonly ok: false;
  readonly code:
    'E_COLUMNS' | 'E_FIELDS' | 'E_CUSTOMER' | 'E_DATE' | 'E_DATE_ORDER' | 'E_AMOUNT' | 'E_NUMBER' | 'E_ROW';
  /** Counted from 1, the header included. */
  readonly line: number;
  readonly message: string;
}

export interface TableOptions {
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalSign;
}

/** Takes a table up line by line. */
export interface TableReader {
  readonly ok: true;
  readonly kind: TableKind;
  /** @returns the problem, and then the line was not taken up; null when it was. */
  add(fields: readonly string[], line: number): TableProblem | null;
  data(): TableData;
}

/** Names of columns, compared by letters and digits alone. */
const NAMES = {
  customer: ['customerid', 'customer', 'id', 'clientid', 'client', 'userid', 'user', 'cid'],
  date: ['date', 'orderdate', 'purchasedate', 'transactiondate', 'invoicedate', 'day', 'timestamp', 'time'],
  amount: ['amount', 'spend', 'value', 'ordervalue', 'revenue', 'sales', 'total', 'price'],
  x: ['x', 'frequency'],
  tx: ['tx', 'recency'],
  T: ['t', 'age'],
  m: ['m', 'zbar', 'monetaryvalue', 'monetary', 'meanspend'],
  n: ['n', 'periods', 'opportunities'],
  weight: ['weight', 'weights', 'customers', 'count'],
  survivors: ['survivors', 'remaining', 'customers']
} as const;

type ColumnName = keyof typeof NAMES;

/** Column per meaning, -1 where there is none. */
type Columns = Readonly<Record<ColumnName, number>>;

const SHAPES: readonly (readonly [TableKind, readonly ColumnName[]])[] = [
  ['transactions', ['customer', 'date']],
  ['discrete', ['x', 'tx', 'n']],
  ['summary', ['x', 'tx', 'T']],
  ['cohort', ['survivors']]
];

/** What kind of table a header announces, and in which columns; null when none. */
export function guessColumns(header: readonly string[]): { kind: TableKind; columns: Columns } | null {
  const plain = header.map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const find = (names: readonly string[]) =>
    names.reduce((found, name) => (found === -1 ? plain.indexOf(name) : found), -1);
  const columns = Object.fromEntries(
    Object.entries(NAMES).map(([name, names]) => [name, find(names)])
  ) as Columns;
  const shape = SHAPES.find(([, needed]) => needed.every((name) => columns[name] !== -1));
  return shape === undefined ? null : { kind: shape[0], columns };
}

/** A reader for the table with this header (T4), or E_COLUMNS. */
export function readTable(header: readonly string[], options: TableOptions = {}): TableReader | TableProblem {
  const guess = guessColumns(header);
  if (guess === null)
    return problem(
      'E_COLUMNS',
      1,
      'The header needs customer and date; or x, t_x and T; or x, t_x and n; or survivors.'
    );
  const line: LineReader = { columns: guess.columns, decimal: options.decimal ?? 'point' };
  switch (guess.kind) {
    case 'transactions':
      return transactionsReader(line, options.dateOrder);
    case 'summary':
      return summaryReader(line);
    case 'discrete':
      return discreteReader(line);
    case 'cohort':
      return cohortReader(line);
  }
}

const problem = (code: TableProblem['code'], line: number, message: string): TableProblem => ({
  ok: false,
  code,
  line,
  message
});

/**
 * A reader for transactions whose columns are known by other means than a header (T4).
 *
 * @param columns counted from 0; `amount` -1 where there is none.
 */
export const readTransactions = (
  columns: Readonly<Record<'customer' | 'date' | 'amount', number>>,
  { dateOrder, decimal = 'point' }: TableOptions = {}
): TableReader => transactionsReader({ columns, decimal }, dateOrder);

interface LineReader {
  readonly columns: Columns;
  readonly decimal: DecimalSign;
}

const tooShort = (line: number) => problem('E_FIELDS', line, 'The line has fewer fields than the header.');

const LEDGER_MESSAGES = {
  E_CUSTOMER: 'The customer is missing.',
  E_DAY: 'The date is too far away.',
  E_AMOUNT: 'The amount is not a number.'
} as const;

function transactionsReader(
  {
    columns,
    decimal
  }: {
    readonly columns: Readonly<Record<'customer' | 'date' | 'amount', number>>;
    readonly decimal: DecimalSign;
  },
  order?: DateOrder
): TableReader {
  const ledger = createLedger();
  const fewest = Math.max(columns.customer, columns.date, columns.amount) + 1;
  return {
    ok: true,
    kind: 'transactions',
    add(fields, line) {
      if (fields.length < fewest) return tooShort(line);
      const date = fields[columns.date]!;
      const day = parseDay(date, order);
      if (day === 'E_DATE') return problem(day, line, `"${date}" is not a date.`);
      if (day === 'E_DATE_ORDER')
        return problem(day, line, `"${date}" does not tell day and month apart; say which comes first.`);
      const amount = columns.amount === -1 ? undefined : parseNumber(fields[columns.amount]!, decimal);
      const refused = ledger.add(fields[columns.customer]!.trim(), day, amount);
      if (refused === null) return null;
      return problem(refused === 'E_DAY' ? 'E_DATE' : refused, line, LEDGER_MESSAGES[refused]);
    },
    data: () => ({ kind: 'transactions', transactions: ledger.transactions() })
  };
}

/** The numbers in the named columns of a line, NaN where one is not a number; null when the line is too short. */
function numbersOf(
  { columns, decimal }: LineReader,
  fields: readonly string[],
  names: readonly ColumnName[]
): number[] | null {
  const places = names.map((name) => columns[name]);
  if (fields.length <= Math.max(...places)) return null;
  return places.map((place) => parseNumber(fields[place]!, decimal));
}

function summaryReader(reader: LineReader): TableReader {
  const { columns } = reader;
  const spendKnown = columns.m !== -1;
  const names: ColumnName[] = spendKnown ? ['x', 'tx', 'T', 'm'] : ['x', 'tx', 'T'];
  const ids: string[] = [];
  const lists: [number[], number[], number[], number[]] = [[], [], [], []];
  return {
    ok: true,
    kind: 'summary',
    add(fields, line) {
      const numbers = numbersOf(reader, fields, names);
      if (numbers === null) return tooShort(line);
      const [x, tx, T, m = 0] = numbers as [number, number, number, number?];
      // A customer without a repeat purchase has no mean spend.
      const spend = x === 0 && Number.isNaN(m) ? 0 : m;
      if (![x, tx, T, spend].every(Number.isFinite))
        return problem('E_NUMBER', line, 'x, t_x, T or the spend is not a number.');
      if (!(Number.isInteger(x) && x >= 0 && tx >= 0 && tx <= T && x > 0 === tx > 0))
        return problem(
          'E_ROW',
          line,
          'The line needs a whole x and 0 <= t_x <= T, t_x = 0 exactly when x = 0.'
        );
      ids.push(columns.customer === -1 ? String(ids.length + 1) : fields[columns.customer]!.trim());
      [x, tx, T, spend].forEach((value, k) => lists[k]!.push(value));
      return null;
    },
    data() {
      const [x, tx, T, m] = lists.map((list) => Float64Array.from(list)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array
      ];
      return { kind: 'summary', summary: { ids, x, tx, T, m, spendKnown } };
    }
  };
}

function discreteReader(reader: LineReader): TableReader {
  const hasWeight = reader.columns.weight !== -1;
  const rows: DiscreteRow[] = [];
  return {
    ok: true,
    kind: 'discrete',
    add(fields, line) {
      const numbers = numbersOf(reader, fields, hasWeight ? ['x', 'tx', 'n', 'weight'] : ['x', 'tx', 'n']);
      if (numbers === null) return tooShort(line);
      const [x, tx, n, weight = 1] = numbers as [number, number, number, number?];
      if (![x, tx, n, weight].every(Number.isFinite))
        return problem('E_NUMBER', line, 'x, t_x, n or the weight is not a number.');
      if (!(
        [x, tx, n].every(Number.isInteger) &&
        x >= 0 &&
        x <= tx &&
        tx <= n &&
        x > 0 === tx > 0 &&
        weight >= 0
      ))
        return problem(
          'E_ROW',
          line,
          'The line needs whole numbers x <= t_x <= n, t_x = 0 exactly when x = 0.'
        );
      rows.push({ x, tx, n, weight });
      return null;
    },
    data: () => ({ kind: 'discrete', rows })
  };
}

function cohortReader(reader: LineReader): TableReader {
  const survivors: number[] = [];
  return {
    ok: true,
    kind: 'cohort',
    add(fields, line) {
      const numbers = numbersOf(reader, fields, ['survivors']);
      if (numbers === null) return tooShort(line);
      if (!Number.isFinite(numbers[0])) return problem('E_NUMBER', line, 'The survivors are not a number.');
      if (!(numbers[0]! >= 0 && numbers[0]! <= (survivors.at(-1) ?? Infinity)))
        return problem('E_ROW', line, 'Survivors are 0 or more and never rise.');
      survivors.push(numbers[0]!);
      return null;
    },
    data: () => ({ kind: 'cohort', survivors })
  };
}
