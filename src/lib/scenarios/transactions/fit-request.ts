import {
  createLedger,
  FIT_MODELS,
  fitModel,
  formatDay,
  parseDay,
  readTable,
  type DateOrder,
  type DecimalSign,
  type DiscreteRow,
  type FitModel,
  type FitReport,
  type TableData,
  type TimeUnit
} from '#lib/clv/transactions/index.ts';
import { TICKS } from '#lib/journey/records.ts';
import { createRecordReader, readOpening } from './records.ts';

/** What is wrong with a request: a JSON Pointer into its body, `?name` in its query, or `line/17` of its file. */
export interface FitProblem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** `broken`: the body cannot be read at all. `refused`: it can, and breaks a rule. */
export type FitAnswer =
  | { readonly kind: 'fitted'; readonly report: FitReport }
  | { readonly kind: 'broken' | 'refused'; readonly problems: readonly FitProblem[] };

/** A request as it came: bytes, what they are, and the query. Plain, so that it can be sent to a thread. */
export interface FitJob {
  readonly body: Uint8Array;
  readonly format: 'json' | 'csv';
  readonly query: Readonly<Record<string, string>>;
}

const MOST_PROBLEMS = 20;

type Read =
  | {
      readonly ok: true;
      readonly data: TableData;
      readonly model: FitModel;
      readonly unit: TimeUnit;
      readonly until?: number;
    }
  | { readonly ok: false; readonly broken?: true; readonly problems: readonly FitProblem[] };

/** Reads a request and fits (T14). Takes seconds on large tables: run it in a thread of its own. */
export function answerFit({ body, format, query }: FitJob): FitAnswer {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return {
      kind: 'broken',
      problems: [{ path: '', code: 'E_TEXT', message: 'The body is not text in UTF-8.' }]
    };
  }
  const read = format === 'json' ? readJson(text, query) : readCsv(text, query);
  if (!read.ok) return { kind: read.broken ? 'broken' : 'refused', problems: read.problems };
  const { data, model, unit, until } = read;
  const report = fitModel(data, { model, unit, ...(until === undefined ? {} : { until }) });
  if (report.ok) return { kind: 'fitted', report };
  return { kind: 'refused', problems: [{ path: '', code: report.code, message: report.message }] };
}

const refuse = (...problems: FitProblem[]): Read => ({ ok: false, problems });

interface Settings {
  readonly model: FitModel;
  readonly unit: TimeUnit;
  readonly until?: number;
}

/** Model, unit and cut-off, from a body or a query. `at` names the place of a field. */
function readSettings(
  given: Readonly<Record<string, unknown>>,
  at: (field: string) => string
): Settings | readonly FitProblem[] {
  const problems: FitProblem[] = [];
  const model = FIT_MODELS.find((name) => name === given.model);
  if (model === undefined)
    problems.push({
      path: at('model'),
      code: given.model === undefined ? 'E_MISSING' : 'E_ENUM',
      message: `Name a model: ${FIT_MODELS.join(', ')}.`
    });
  const unit = given.unit === undefined ? 'week' : TICKS.find((name) => name === given.unit);
  if (unit === undefined)
    problems.push({ path: at('unit'), code: 'E_ENUM', message: `The unit is one of: ${TICKS.join(', ')}.` });
  const until =
    given.until === undefined
      ? undefined
      : typeof given.until === 'string'
        ? parseDay(given.until)
        : 'E_DATE';
  if (typeof until === 'string')
    problems.push({
      path: at('until'),
      code: 'E_DATE',
      message: 'The cut-off is a date such as 1997-09-30.'
    });
  if (model === undefined || unit === undefined || typeof until === 'string') return problems;
  return { model, unit, ...(until === undefined ? {} : { until }) };
}

const isProblems = (read: Settings | readonly FitProblem[]): read is readonly FitProblem[] =>
  Array.isArray(read);

const unknownIn = (
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  at: (field: string) => string
): FitProblem[] =>
  Object.keys(given)
    .filter((field) => !known.includes(field))
    .map((field) => ({
      path: at(field),
      code: 'E_UNKNOWN_FIELD',
      message: `"${field}" is not a field here.`
    }));

const TABLES = ['transactions', 'summary', 'survivors'] as const;

function readJson(text: string, query: FitJob['query']): Read {
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
  const unknown = unknownIn(body, ['model', 'unit', 'until', ...TABLES], at);
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
  return 'kind' in read ? { ok: true, data: read, ...settings } : refuse(...read);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type RowsRead = TableData | readonly FitProblem[];

const JSON_TABLES: Readonly<
  Record<(typeof TABLES)[number], (rows: readonly unknown[], settings: Settings) => RowsRead>
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
function summaryOf(rows: readonly unknown[], { model }: Settings): RowsRead {
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

const oneOf = <T extends string>(values: readonly T[], text: string | undefined): T | undefined =>
  values.find((value) => value === text);

function readCsv(text: string, query: FitJob['query']): Read {
  const at = (field: string) => `?${field}`;
  const unknown = unknownIn(query, ['model', 'unit', 'until', 'dates', 'decimal'], at);
  if (unknown.length > 0) return refuse(...unknown);
  const settings = readSettings(query, at);
  if (isProblems(settings)) return refuse(...settings);
  const dateOrder = oneOf<DateOrder>(['dmy', 'mdy'], query.dates);
  const given = oneOf<DecimalSign>(['point', 'comma'], query.decimal);
  if (query.dates !== undefined && dateOrder === undefined)
    return refuse({ path: at('dates'), code: 'E_ENUM', message: 'dates is dmy or mdy.' });
  if (query.decimal !== undefined && given === undefined)
    return refuse({ path: at('decimal'), code: 'E_ENUM', message: 'decimal is point or comma.' });
  const opening = readOpening(text.slice(0, 65_536));
  if (opening === null)
    return refuse({ path: '', code: 'E_EMPTY', message: 'There is nothing in the body.' });
  const decimal = given ?? (opening.mapping.layout.separator === ';' ? 'comma' : 'point');
  const table = readTable(opening.header, { decimal, ...(dateOrder === undefined ? {} : { dateOrder }) });
  if (!table.ok) return refuse({ path: 'line/1', code: table.code, message: table.message });
  const problems: FitProblem[] = [];
  let header = true;
  const reader = createRecordReader(opening.mapping.layout, (fields, line) => {
    const blank = fields.every((field) => field.trim() === '');
    if (blank || header) {
      header &&= blank;
      return;
    }
    if (problems.length >= MOST_PROBLEMS) return;
    const problem = table.add(fields, line);
    if (problem !== null)
      problems.push({ path: `line/${problem.line}`, code: problem.code, message: problem.message });
  });
  if (!reader.push(text) || !reader.end())
    problems.push({
      path: `line/${reader.line}`,
      code: 'E_QUOTES',
      message: 'A quotation mark opens here and is not closed.'
    });
  return problems.length > 0 ? refuse(...problems) : { ok: true, data: table.data(), ...settings };
}
