import {
  FIT_MODELS,
  parseDay,
  type DateOrder,
  type DecimalSign,
  type FitModel,
  type FitRequest,
  type TableData,
  type TimeUnit
} from '#lib/clv/transactions/index.ts';
import { TICKS } from '#lib/journey/records.ts';

/** What is wrong with a request: a JSON Pointer into its body, `?name` in its query, or `line/17` of its file. */
export interface FitProblem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export const MOST_PROBLEMS = 20;

/** What a table is to be fitted as. */
export type FitSettings = Pick<FitRequest, 'model' | 'unit' | 'until' | 'cohorts'>;

/** A request understood, or what keeps it from being. `broken`: the body cannot be read at all. */
export type FitRead =
  | { readonly ok: true; readonly data: TableData; readonly settings: FitSettings }
  | { readonly ok: false; readonly broken?: true; readonly problems: readonly FitProblem[] };

export const refuse = (...problems: FitProblem[]): FitRead => ({ ok: false, problems });

/** Model, unit, cut-off and cohorts, from a body or a query. `at` names the place of a field. */
export function readSettings(
  given: Readonly<Record<string, unknown>>,
  at: (field: string) => string
): FitSettings | readonly FitProblem[] {
  const problems: FitProblem[] = [];
  const model: FitModel | undefined = FIT_MODELS.find((name) => name === given.model);
  if (model === undefined)
    problems.push({
      path: at('model'),
      code: given.model === undefined ? 'E_MISSING' : 'E_ENUM',
      message: `Name a model: ${FIT_MODELS.join(', ')}.`
    });
  const unit: TimeUnit | undefined =
    given.unit === undefined ? 'week' : TICKS.find((name) => name === given.unit);
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
  const cohorts = given.cohorts === undefined || given.cohorts === 'quarter';
  if (!cohorts) problems.push({ path: at('cohorts'), code: 'E_ENUM', message: 'The cohorts are: quarter.' });
  if (model === undefined || unit === undefined || typeof until === 'string' || !cohorts) return problems;
  return {
    model,
    unit,
    ...(until === undefined ? {} : { until }),
    ...(given.cohorts === undefined ? {} : { cohorts: 'quarter' })
  };
}

export const SETTINGS = ['model', 'unit', 'until', 'cohorts'] as const;

export const isProblems = (read: object): read is readonly FitProblem[] => Array.isArray(read);

export const unknownIn = (
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

/** How dates and numbers of a text are to be read, where somebody has said so. */
export interface TextReading {
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalSign;
}
