import type { ProblemDetail } from '#lib/protocol/problem.ts';

/** What the query of `GET /maps/:id/clv` asks for beside the figures. */
export interface ClvQuery {
  /** Null: no portfolio. */
  readonly budget: number | null;
  /** Null: no simulation. */
  readonly simulation: { readonly draws: number; readonly seed: number } | null;
}

const DRAWS = { min: 100, max: 10_000 };
const SEED = { min: 0, max: Number.MAX_SAFE_INTEGER };
const BUDGET = { min: 0, max: 1e12 };
/** The same figures for everybody who names no seed. */
const DEFAULT_SEED = 1;

/** Parameters that nobody knows, or that are given twice: an answer without them would look like one with them. */
function strays(query: URLSearchParams): ProblemDetail[] {
  const names = [...new Set(query.keys())];
  return names.flatMap((name): ProblemDetail[] => {
    if (!['budget', 'draws', 'seed'].includes(name))
      return [{ path: name, code: 'E_UNKNOWN_FIELD', message: `“${name}” is not a parameter here.` }];
    return query.getAll(name).length > 1
      ? [{ path: name, code: 'E_DUPLICATE', message: `“${name}” is given more than once.` }]
      : [];
  });
}

/** Reads the query; each wrong parameter is told by its name. A draws or a seed alone asks for a simulation. */
export function readQuery(
  query: URLSearchParams
): { readonly query: ClvQuery } | { readonly problems: readonly ProblemDetail[] } {
  const problems = strays(query);
  const read = (name: string, { min, max }: { min: number; max: number }, whole: boolean): number | null => {
    const text = query.get(name);
    if (text === null) return null;
    const value = /^-?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? 'a whole number' : 'a number';
    problems.push({
      path: name,
      code: Number.isNaN(value) ? 'E_TYPE' : value >= min && value <= max ? 'E_INTEGER' : 'E_RANGE',
      message: `“${name}” must be ${kind} from ${min} to ${max}.`
    });
    return null;
  };
  const budget = read('budget', BUDGET, false);
  const draws = read('draws', DRAWS, true);
  const seed = read('seed', SEED, true);
  if (problems.length > 0) return { problems };
  const simulation =
    draws === null && seed === null ? null : { draws: draws ?? DRAWS.max, seed: seed ?? DEFAULT_SEED };
  return { query: { budget, simulation } };
}
