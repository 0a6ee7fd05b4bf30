import { eliminate, solveInPlace } from './lean-matrix.ts';

/** One stage under one combination of changes: money per arrival, and discounted arrivals at stages that follow. */
export interface RowChoice {
  readonly gain: number;
  readonly next: Float64Array;
}

const SLACK = 1e-12;
const MOST_ROUNDS = 200;

/**
 * Largest expected total reward from each stage when the row of every stage may be chosen freely among its choices: a
 * Markov decision process, solved by Howard's policy iteration (1960; Puterman 1994, section 7.2).
 *
 * @param choices by stage; the first of each is where the search starts.
 * @param reward of an arrival at a stage under a choice.
 * @returns null when it does not settle, as when a choice of rows goes round for ever.
 */
export function largestTotal(
  choices: readonly (readonly RowChoice[])[],
  reward: (choice: RowChoice, stage: number) => number
): Float64Array | null {
  const size = choices.length;
  const scratch = new Int32Array(size);
  const policy = choices.map((rows) => rows[0]!);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const matrix = matrixOf(policy);
    if (!eliminate(matrix, size, scratch)) return null;
    const values = Float64Array.from(policy, reward);
    solveInPlace(matrix, size, values);
    if (!values.every(Number.isFinite)) return null;
    const worth = (choice: RowChoice, stage: number) =>
      choice.next.reduce((sum, share, to) => sum + share * values[to]!, reward(choice, stage));
    let improved = false;
    choices.forEach((rows, stage) => {
      for (const row of rows) {
        const now = worth(policy[stage]!, stage);
        if (worth(row, stage) <= now + SLACK * (1 + Math.abs(now))) continue;
        policy[stage] = row;
        improved = true;
      }
    });
    if (!improved) return values;
  }
  return null;
}

/** I minus the chosen rows. */
function matrixOf(rows: readonly RowChoice[]): Float64Array {
  const size = rows.length;
  const matrix = new Float64Array(size * size);
  rows.forEach(({ next }, stage) => {
    for (let to = 0; to < size; to++) matrix[stage * size + to] = (to === stage ? 1 : 0) - next[to]!;
  });
  return matrix;
}

/** Ends between which a number lies whatever the choice of rows. */
export interface Between {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Bounds over all choices of rows on the value from each stage and on the discounted arrivals at each stage per
 * prospect; null when some choice has no value, or could not be told.
 *
 * That y = 1 + max A y has a finite solution y >= 1 shows that every choice of rows dies out, because A y < y for each.
 */
export function boundsOverPolicies(
  choices: readonly (readonly RowChoice[])[],
  entry: Float64Array
): { readonly value: Between; readonly arrivals: Between } | null {
  const visits = largestTotal(choices, () => 1);
  if (visits === null || !visits.every((y) => y >= 1 - 1e-9 && y <= 1e10)) return null;
  const highest = largestTotal(choices, ({ gain }) => gain);
  const lowest = largestTotal(choices, ({ gain }) => -gain);
  if (highest === null || lowest === null) return null;
  const arrivals = { low: new Float64Array(choices.length), high: new Float64Array(choices.length) };
  for (let target = 0; target < choices.length; target++) {
    const [most, least] = [1, -1].map((sign) =>
      largestTotal(choices, (_, stage) => (stage === target ? sign : 0))
    );
    if (!most || !least) return null;
    arrivals.high[target] = entry.reduce((sum, share, from) => sum + share * most[from]!, 0);
    arrivals.low[target] = Math.max(
      0,
      entry.reduce((sum, share, from) => sum - share * least[from]!, 0)
    );
  }
  return { value: { low: lowest.map((v) => -v), high: highest }, arrivals };
}
