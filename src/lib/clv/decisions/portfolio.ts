import { evaluateJourney } from '../evaluate.ts';
import type { JourneyInput } from '../model.ts';
import { applyEdits, conflictRefusal, conflictsAmong } from './edits.ts';
import { averageOverPatterns } from './joint.ts';
import { marginalBounds } from './marginal-bounds.ts';
import { programmeValue } from './opportunity.ts';
import {
  choiceOf,
  MOST_EXACT,
  setOf,
  setUp,
  worthOf,
  type Bench,
  type PortfolioOptions
} from './portfolio-bench.ts';
import { refusal } from './problems.ts';
import { affords, branchAndBound, greedy, type Choice, type Found } from './search.ts';
import type {
  AdditiveAnswer,
  Opportunity,
  PortfolioMethod,
  PortfolioResult,
  PortfolioSet,
  Programme,
  Refused,
  Steps
} from './types.ts';

/** Sets valued by branch and bound before it gives up the proof. */
const MOST_NODES = 60_000;
const STEP = 512;

interface Answer extends Found {
  readonly method: PortfolioMethod;
  readonly bound: number | null;
  readonly notice: string | null;
  readonly refusedSets: number;
}

/**
 * The set of opportunities that is worth most within a budget on one-off costs (D9 to D11). Sets are valued by solving
 * the map with all their changes, never by adding single uplifts; what adding would have picked is told beside it.
 *
 * Up to 15 opportunities every affordable set is solved. Beyond, branch and bound with the bounds of `marginalBounds`;
 * where these are not valid, or the search grows too long, the best set found is given with a notice.
 *
 * @returns a job in steps. Refused when the map has no value, when a number of an opportunity, the programme or the
 *   budget is out of range, or when an opportunity contradicts itself; an opportunity that leaves the map without a value
 *   is not refused but never chosen.
 */
export function* portfolioSteps(
  input: JourneyInput,
  opportunities: readonly Opportunity[],
  options: PortfolioOptions
): Steps<PortfolioResult> {
  const bench = setUp(input, opportunities, options);
  if ('ok' in bench) return bench;
  const isSmall = bench.able.length <= (options.exactUpTo ?? MOST_EXACT);
  const answer = isSmall ? yield* solveEverySet(bench) : yield* search(bench);
  const additive = yield* addSingles(bench, answer);
  const { method, bound, notice, refusedSets, value } = answer;
  return {
    ok: true,
    budget: options.budget,
    method,
    proven: notice === null,
    bound: notice === null ? value : bound,
    notice,
    best: setOf(bench, answer.chosen),
    additive,
    singles: bench.singles,
    conflicts: conflictsAmong(opportunities).map(([a, b]) => [opportunities[a]!.id, opportunities[b]!.id]),
    refusedSets,
    solves: bench.joint.solves
  };
}

/** Exact: 2^n solves less those that the budget and conflicts rule out, then one pass over all success patterns. */
function* solveEverySet(bench: Bench): Steps<Answer> {
  const { able } = bench;
  const total = 1 << able.length;
  const uplifts = new Float64Array(total).fill(NaN);
  const [chosen, allowed] = [new Uint8Array(bench.opportunities.length), new Uint8Array(total)];
  const choose = (set: number) => able.forEach((k, bit) => (chosen[k] = (set >> bit) & 1));
  for (let set = 0; set < total; set++) {
    if (set % STEP === 0) yield { done: set, total };
    if (!isAllowed(bench, set)) continue;
    choose(set);
    allowed[set] = 1;
    uplifts[set] = bench.joint.upliftOf(chosen);
  }
  averageOverPatterns(
    uplifts,
    able.map((k) => bench.chances[k]!)
  );
  let [best, value, refusedSets] = [0, 0, 0];
  for (let set = 1; set < total; set++) {
    if (!allowed[set]) continue;
    choose(set);
    const worth = worthOf(bench, chosen, uplifts[set]!);
    if (Number.isNaN(worth)) refusedSets++;
    else if (worth > value) [best, value] = [set, worth];
  }
  choose(best);
  return { chosen, value, method: 'exact', bound: value, notice: null, refusedSets };
}

function isAllowed({ opportunities, able, options, conflict }: Bench, set: number): boolean {
  let cost = 0;
  for (let bit = 0; set >> bit; bit++) {
    if (!((set >> bit) & 1)) continue;
    cost += opportunities[able[bit]!]!.oneOffCost;
    for (let other = 0; other < bit; other++)
      if ((set >> other) & 1 && conflict(able[bit]!, able[other]!)) return false;
  }
  return affords(options.budget, cost);
}

/** Branch and bound where the bounds are valid; else, and as its start, the greedy set. */
function* search(bench: Bench): Steps<Answer> {
  const { opportunities, able, joint } = bench;
  const choice = choiceOf(bench);
  const start = yield* greedy(choice);
  const everything = new Uint8Array(opportunities.length);
  for (const k of able) everything[k] = 1;
  const gains = joint.isExact(everything) ? largestGains(bench) : null;
  if (gains === null)
    return {
      ...start,
      method: 'greedy',
      bound: null,
      refusedSets: 0,
      notice: `With ${able.length} opportunities this is a good set, found step by step; a better one may exist.`
    };
  const found = yield* branchAndBound(choice, gains, start, MOST_NODES);
  const notice = found.proven
    ? null
    : `Not all sets of ${able.length} opportunities could be looked at: this is the best one found, and a better one may exist.`;
  return { ...found, method: 'branchAndBound', refusedSets: 0, notice };
}

/** At most what each opportunity adds to the programme value of any set: N a p_k M_k - K_k - run_k a (D10). */
function largestGains(bench: Bench): number[] | null {
  const { baseline, opportunities, able, journey, program, conflict, chances, discountedTicks } = bench;
  const uplifts = marginalBounds(baseline.input, opportunities, able, journey, program, conflict);
  const { programme } = bench.options;
  return (
    uplifts?.map((most, k) =>
      programmeValue(chances[k]! * most, opportunities[k]!, programme, discountedTicks)
    ) ?? null
  );
}

/** The set that adding single values would pick: a knapsack, whose gains are exact. */
function* addSingles(bench: Bench, answer: Answer): Steps<AdditiveAnswer> {
  const worths = bench.singles.map((single) => (single.ok ? single.programmeValue : 0));
  const choice: Choice = {
    ...choiceOf(bench),
    value: (chosen) => worths.reduce((sum, worth, k) => sum + (chosen[k] ? worth : 0), 0)
  };
  const nothing = { chosen: new Uint8Array(worths.length), value: 0 };
  const found = yield* branchAndBound(choice, worths, nothing, MOST_NODES);
  const set = setOf(bench, found.chosen);
  const hasValue = !Number.isNaN(set.programmeValue);
  return {
    ids: set.ids,
    claimedValue: found.value,
    set: hasValue ? set : null,
    picksWrong: !hasValue || set.programmeValue < answer.value - 1e-9 * (1 + Math.abs(answer.value))
  };
}

/**
 * One set of opportunities, re-solved together: its uplift, its interaction and its programme value (D9), whatever the
 * budget.
 *
 * @param ids of those in the set.
 * @returns as {@link portfolioSteps}; E_CONFLICT when two of them set the same number, and the engine's problems when the
 *   map changed by all of them has no value.
 */
export function evaluateSet(
  input: JourneyInput,
  opportunities: readonly Opportunity[],
  ids: readonly string[],
  programme: Programme
): { readonly ok: true; readonly set: PortfolioSet } | Refused {
  const members = opportunities.filter(({ id }) => ids.includes(id));
  const bench = setUp(input, members, { programme, budget: Number.MAX_VALUE });
  if ('ok' in bench) return bench;
  const [conflict] = conflictsAmong(members);
  if (conflict) return conflictRefusal(members[conflict[0]]!, members[conflict[1]]!);
  const set = setOf(bench, new Uint8Array(members.length).fill(1));
  if (!Number.isNaN(set.programmeValue)) return { ok: true, set };
  const edited = applyEdits(
    input,
    members.flatMap(({ edits }) => edits)
  );
  const result = edited.ok ? evaluateJourney(edited.input) : edited;
  return result.ok
    ? refusal('E_RANGE', 'Some, but not all, of these together leave the map without a value.')
    : { ok: false, problems: result.problems.map((problem) => ({ opportunity: null, ...problem })) };
}
