import {
  createLedger,
  formatDay,
  parseDay,
  type DiscreteRow,
  type TableData
} from '#lib/clv/transactions/index.ts';
import {
  isProblems,
  MOST_PROBLEMS,
  readSettings,
  refuse,
  SETTINGS,
  unknownIn,
  type FitProblem,
  type FitRead,
  type FitSettings
} from './fit-settings.ts';

const TABLES = ['transactions', 'summary', 'survivors'] as const;

/** Reads the whole body of a JSON request: settings and rows in one object. */
export function readFitJson(text: string, query: Readonly<Record<string, string>>): FitRead {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const message = 'The body is not JSON.';
    return { ok: false, broken: true, problems: [{ path: '', code: 'E_JSON', message }] };
  }
  const stray = unknownIn(query, [], (field) => `?${field}`);
  if (stray.length > 0) return refuse(...stray);
  if (!isRecord(body)) return refuse({ path: '', code: 'E_TYPE', message: 'The body must be an object.' });
  const at = (field: string) => `/${field}`;
  const unknown = unknownIn(body, [...SETTINGS, ...TABLES], at);
  if (unknown.length > 0) return refuse(...unknown);
  const settings = readSettings(body, at);
  if (isProblems(settings)) return refuse(...settings);
  const tables = TABLES.filter((name) => body[name] !== undefined);
  const [table] = tables;
  if (table === undefined || tables.length > 1)
    return refuse({
      path: '',
      code: 'E_MISSING',
      message: 'Give one of "transactions", "summary" and "survivors".'
    });
  const rows = body[table];
  if (!Array.isArray(rows))
    return refuse({ path: at(table), code: 'E_TYPE', message: 'This must be a list.' });
  const read = JSON_TABLES[table](rows as readonly unknown[], settings);
  return 'kind' in read ? { ok: true, data: read, settings } : refuse(...read);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type RowsRead = TableData | readonly FitProblem[];

const JSON_TABLES: Readonly<
  Record<(typeof TABLES)[number], (rows: readonly unknown[], settings: FitSettings) => RowsRead>
> = { transactions: transactionsOf, summary: summaryOf, survivors: survivorsOf };

function transactionsOf(rows: readonly unknown[]): RowsRead {
  const ledger = createLedger();
  const problems: FitProblem[] = [];
  for (const [index, row] of rows.entries()) {
    const at = (field: string) => `/transactions/${index}${field}`;
    const problem = addTransaction(ledger, row, at);
    if (problem !== null && problems.push(problem) >= MOST_PROBLEMS) break;
  }
  return problems.length > 0 ? problems : { kind: 'transactions', transactions: ledger.transactions() };
}

function addTransaction(
  ledger: ReturnType<typeof createLedger>,
  row: unknown,
  at: (field: string) => string
): FitProblem | null {
  if (!isRecord(row))
    return {
      path: at(''),
      code: 'E_TYPE',
      message: 'A transaction is an object of customer, date and amount.'
    };
  const { customer, date, amount, ...others } = row;
  const [stray] = Object.keys(others);
  if (stray !== undefined)
    return { path: at(`/${stray}`), code: 'E_UNKNOWN_FIELD', message: `"${stray}" is not a field here.` };
  if (typeof customer !== 'string' || customer.trim() === '')
    return { path: at('/customer'), code: 'E_CUSTOMER', message: 'The customer is text, and not empty.' };
  const day = typeof date === 'string' ? parseDay(date) : 'E_DATE';
  if (typeof day === 'string')
    return { path: at('/date'), code: 'E_DATE', message: 'The date is text such as 1997-09-30.' };
  if (amount !== undefined && (typeof amount !== 'number' || !Number.isFinite(amount)))
    return { path: at('/amount'), code: 'E_AMOUNT', message: 'The amount is a number, or left out.' };
  return ledger.add(customer.trim(), day, amount) === null
    ? null
    : { path: at('/date'), code: 'E_DATE', message: `${formatDay(day)} is too far away.` };
}

/** Rows of x, t_x, T and m; with n for models of discrete opportunities. */
function summaryOf(rows: readonly unknown[], { model }: FitSettings): RowsRead {
  const discrete = model === 'bg-bb';
  const names = discrete ? (['x', 't_x', 'n'] as const) : (['x', 't_x', 'T'] as const);
  const optional = discrete ? 'weight' : 'm';
  const problems: FitProblem[] = [];
  const patterns: DiscreteRow[] = [];
  const lists: [number[], number[], number[], number[]] = [[], [], [], []];
  let spendKnown = rows.length > 0;
  for (const [index, row] of rows.entries()) {
    if (problems.length >= MOST_PROBLEMS) break;
    const at = (field: string) => `/summary/${index}${field}`;
    const found = isRecord(row)
      ? summaryProblem(row, [...names, optional, 'n', 'T'], names, at)
      : notARow(at(''));
    if (found !== null) {
      problems.push(found);
      continue;
    }
    const { x, t_x: tx, T, n, m, weight } = row as Record<string, number>;
    patterns.push({ x: x!, tx: tx!, n: n ?? 0, weight: weight ?? 1 });
    [x!, tx!, T ?? 0, m ?? 0].forEach((value, list) => lists[list]!.push(value));
    spendKnown &&= m !== undefined || x === 0;
  }
  if (problems.length > 0) return problems;
  if (discrete) return { kind: 'discrete', rows: patterns };
  const [x, tx, T, m] = lists.map((list) => Float64Array.from(list)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array
  ];
  const ids = Array.from(x, (_, index) => String(index + 1));
  return { kind: 'summary', summary: { ids, x, tx, T, m, spendKnown } };
}

const notARow = (path: string): FitProblem => ({
  path,
  code: 'E_TYPE',
  message: 'A row is an object of x, t_x and T, or x, t_x and n.'
});

function summaryProblem(
  row: Readonly<Record<string, unknown>>,
  known: readonly string[],
  needed: readonly string[],
  at: (field: string) => string
): FitProblem | null {
  const [stray] = unknownIn(row, known, (field) => at(`/${field}`));
  if (stray !== undefined) return stray;
  for (const name of new Set([...needed, ...Object.keys(row)]))
    if (typeof row[name] !== 'number' || !Number.isFinite(row[name]))
      return {
        path: at(`/${name}`),
        code: row[name] === undefined ? 'E_MISSING' : 'E_NUMBER',
        message: `"${name}" must be a number.`
      };
  const [x, tx, until] = needed.map((name) => row[name]) as [number, number, number];
  const whole = needed.includes('n') ? [x, tx, until] : [x];
  if (whole.every(Number.isInteger) && x >= 0 && tx >= 0 && tx <= until && x > 0 === tx > 0) return null;
  return {
    path: at(''),
    code: 'E_ROW',
    message: `A row needs a whole x and 0 <= t_x <= ${needed[2]!}, t_x = 0 exactly when x = 0.`
  };
}

function survivorsOf(rows: readonly unknown[]): RowsRead {
  const survivors: number[] = [];
  for (const [index, value] of rows.entries()) {
    if (typeof value !== 'number' || !(value >= 0 && value <= (survivors.at(-1) ?? Infinity)))
      return [
        {
          path: `/survivors/${index}`,
          code: 'E_ROW',
          message: 'Survivors are numbers of 0 or more that never rise.'
        }
      ];
    survivors.push(value);
  }
  return { kind: 'cohort', survivors };
}
