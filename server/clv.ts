/** The analyst's command: fits a CLV model to a CSV file and prints it as JSON. */
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { TICKS_PER_YEAR } from '../src/lib/clv/model.ts';
import {
  FIT_MODELS,
  fitModel,
  parseDay,
  type FitModel,
  type TableData,
  type TimeUnit
} from '../src/lib/clv/transactions/index.ts';
import type { TextReading } from '../src/lib/scenarios/transactions/fit-settings.ts';
import { createTextTable } from '../src/lib/scenarios/transactions/text-table.ts';

const USAGE = `Usage: npm run clv -- fit FILE --model MODEL

  MODEL            ${FIT_MODELS.join(', ')}
  --until DATE     last day that counts, for transactions; otherwise the last purchase
  --unit UNIT      ${Object.keys(TICKS_PER_YEAR).join(', ')}; otherwise week
  --dates ORDER    dmy or mdy, for dates with slashes
  --decimal SIGN   point or comma; otherwise comma in files separated by semicolons
  --cohorts KIND   quarter: fits every quarter of first purchases by itself as well

FILE is a CSV with a header: customer, date, amount; or x, t_x, T, m; or x, t_x, n, weight; or survivors. Transactions
may come without a header, as CSV or in columns of fixed width: customer, date and amount are told by their content.`;

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
        decimal: { type: 'string' },
        cohorts: { type: 'string' }
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

/** Reads a table as it comes from the disk. The first line that cannot be read ends the program. */
async function dataOf(file: string, reading: TextReading): Promise<TableData> {
  const table = createTextTable(reading);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of createReadStream(file))
      table.push(decoder.decode(bytes as Buffer, { stream: true }));
    table.push(decoder.decode());
  } catch (error) {
    return refuse(`E_FILE: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = table.end();
  if ('data' in read) return read.data;
  const [first] = read.problems;
  const where = first?.path.replace('line/', ', line ') ?? '';
  return refuse(`${first?.code}${where}: ${first?.message}`);
}

async function run(): Promise<void> {
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
  const cohorts = choice('cohorts', values.cohorts, ['quarter']);
  const data = await dataOf(file, {
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(decimal === undefined ? {} : { decimal })
  });
  const report = fitModel(data, {
    model,
    unit,
    ...(until === undefined ? {} : { until }),
    ...(cohorts === undefined ? {} : { cohorts })
  });
  if (!report.ok) refuse(`${report.code}: ${report.message}`);
  console.log(JSON.stringify(report, null, 2));
}

await run();
