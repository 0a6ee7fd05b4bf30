/** The analyst's command: fits a CLV model to a CSV file and prints it as JSON. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { TICKS_PER_YEAR } from '../src/lib/clv/model.ts';
import {
  FIT_MODELS,
  fitModel,
  parseDay,
  readTable,
  type FitModel,
  type TableData,
  type TableOptions,
  type TimeUnit
} from '../src/lib/clv/transactions/index.ts';

const USAGE = `Usage: npm run clv -- fit FILE --model MODEL

  MODEL            ${FIT_MODELS.join(', ')}
  --until DATE     last day that counts, for transactions; otherwise the last purchase
  --unit UNIT      ${Object.keys(TICKS_PER_YEAR).join(', ')}; otherwise week
  --dates ORDER    dmy or mdy, for dates with slashes
  --decimal SIGN   point or comma; otherwise comma in files separated by semicolons

FILE is a CSV with a header: customer, date, amount; or x, t_x, T, m; or x, t_x, n, weight; or survivors.`;

/** Ends with one sentence on stderr and a code that is not zero. */
function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        until: { type: 'string' },
        unit: { type: 'string', default: 'week' },
        dates: { type: 'string' },
        decimal: { type: 'string' }
      }
    });
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

/** The option's value when it is one of `choices`, or a refusal that lists them. */
function choice<T extends string>(
  name: string,
  given: string | undefined,
  choices: readonly T[]
): T | undefined {
  if (given === undefined) return undefined;
  const found = choices.find((candidate) => candidate === given);
  return found ?? refuse(`E_OPTION: --${name} must be one of ${choices.join(', ')}.`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`E_FILE: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Reads a CSV by its header. The first line that cannot be read ends the program. */
function dataOf(text: string, options: TableOptions): TableData {
  const parsed = Papa.parse<string[]>(text, { delimitersToGuess: [',', ';', '\t', '|'] });
  const quote = parsed.errors.find(({ type }) => type === 'Quotes');
  if (quote !== undefined) refuse(`E_QUOTES, record ${(quote.row ?? 0) + 1}: ${quote.message}.`);
  const [header, ...records] = parsed.data;
  if (header === undefined || text.trim() === '') refuse('E_EMPTY: The file is empty.');
  const decimal = options.decimal ?? (parsed.meta.delimiter === ';' ? 'comma' : 'point');
  const reader = readTable(header, { ...options, decimal });
  if (!reader.ok) refuse(`${reader.code}, line ${reader.line}: ${reader.message}`);
  let line = 1 + linesOf(header);
  for (const fields of records) {
    const isBlank = fields.length === 1 && fields[0]!.trim() === '';
    const problem = isBlank ? null : reader.add(fields, line);
    if (problem !== null) refuse(`${problem.code}, line ${problem.line}: ${problem.message}`);
    line += linesOf(fields);
  }
  return reader.data();
}

/** Lines that a record takes up: quoted fields may run over several. */
const linesOf = (fields: readonly string[]): number =>
  fields.reduce((lines, field) => lines + (field.includes('\n') ? field.split('\n').length - 1 : 0), 1);

function run(): void {
  const { positionals, values } = readArguments();
  const [command, file, ...rest] = positionals;
  const model: FitModel | undefined = choice('model', values.model, FIT_MODELS);
  if (command !== 'fit' || file === undefined || rest.length > 0 || model === undefined) refuse(USAGE);
  const units = Object.keys(TICKS_PER_YEAR) as TimeUnit[];
  const unit = choice('unit', values.unit, units) ?? 'week';
  const dateOrder = choice('dates', values.dates, ['dmy', 'mdy']);
  const decimal = choice('decimal', values.decimal, ['point', 'comma']);
  const until = values.until === undefined ? undefined : parseDay(values.until, dateOrder);
  if (typeof until === 'string') refuse(`${until}: --until is not a date such as 1997-09-30.`);
  const data = dataOf(textOf(file), {
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(decimal === undefined ? {} : { decimal })
  });
  const report = fitModel(data, { model, unit, ...(until === undefined ? {} : { until }) });
  if (!report.ok) refuse(`${report.code}: ${report.message}`);
  console.log(JSON.stringify(report, null, 2));
}

run();
