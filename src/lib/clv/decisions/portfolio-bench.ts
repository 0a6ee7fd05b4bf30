import type { JourneyInput } from '../model.ts';
import { quoted } from '../ranges.ts';
import { conflictsAmong } from './edits.ts';
import { EditProgram, placesOf } from './edit-program.ts';
import { JointUplift } from './joint.ts';
import { LeanJourney } from './lean.ts';
import {
  annuity,
  baselineOf,
  checkOpportunity,
  checkProgramme,
  effectChance,
  evaluateOpportunity,
  programmeValue,
  type Baseline
} from './opportunity.ts';
import { refusal } from './problems.ts';
import { affords, type Choice } from './search.ts';
import type { Opportunity, OpportunityResult, PortfolioSet, Programme, Refused } from './types.ts';

/** Sets of up to so many opportunities are all solved. */
export const MOST_EXACT = 15;
/** In larger portfolios, success patterns are drawn for sets of more uncertain opportunities than this. */
const MOST_UNCERTAIN = 12;

export interface PortfolioOptions {
  readonly programme: Programme;
  /** Money for one-off costs, 0 or more. */
  readonly budget: number;
  /** For tests of the methods: how many opportunities are solved set by set, 0 to 15. */
  readonly exactUpTo?: number;
}

/** A portfolio while it is being worked out. */
export interface Bench {
  readonly baseline: Baseline;
  readonly opportunities: readonly Opportunity[];
  readonly singles: readonly OpportunityResult[];
  /** Positions of those that can be paid and leave the map with a value. */
  readonly able: readonly number[];
  readonly chances: readonly number[];
  readonly joint: JointUplift;
  readonly journey: LeanJourney;
  readonly program: EditProgram;
  readonly conflict: (a: number, b: number) => boolean;
  readonly discountedTicks: number;
  readonly options: PortfolioOptions;
}

/** Checks everything and values each opportunity alone. */
export function setUp(
  input: JourneyInput,
  opportunities: readonly Opportunity[],
  options: PortfolioOptions
): Bench | Refused {
  const { budget, programme } = options;
  if (!(budget >= 0 && Number.isFinite(budget)))
    return refusal('E_RANGE', 'The budget must be a number, 0 or more.');
  const twin = opportunities.find(({ id }, k) => opportunities.findIndex((other) => other.id === id) < k);
  if (twin)
    return refusal('E_DUPLICATE', `Two opportunities share the id of ${quoted(twin.name)}.`, null, twin.id);
  const wrong = opportunities.map(checkOpportunity).find((found) => found !== null);
  const refused = wrong ?? checkProgramme(programme);
  if (refused) return refused;
  const baseline = baselineOf(input);
  if (!baseline.ok) return baseline;
  const journey = new LeanJourney(input, baseline.model, placesOf(input, opportunities));
  const program = EditProgram.compile(input, opportunities, journey.layout);
  if (!(program instanceof EditProgram)) return program;
  const chances = opportunities.map(effectChance);
  const singles = opportunities.map((opportunity) => evaluateOpportunity(baseline, opportunity, programme));
  const able = opportunities.flatMap(({ oneOffCost }, k) =>
    singles[k]!.ok && affords(budget, oneOffCost) ? [k] : []
  );
  const excluded = new Set(conflictsAmong(opportunities).map(([a, b]) => a * opportunities.length + b));
  return {
    baseline,
    opportunities,
    singles,
    able,
    chances,
    joint: new JointUplift(
      journey,
      program,
      chances,
      able.length <= MOST_EXACT ? MOST_EXACT : MOST_UNCERTAIN
    ),
    journey,
    program,
    conflict: (a, b) => excluded.has(Math.min(a, b) * opportunities.length + Math.max(a, b)),
    discountedTicks: annuity(baseline.model.discountFactor, programme.ticks),
    options
  };
}

/** Programme value of a set by its expected uplift. */
export function worthOf(
  { opportunities, options, discountedTicks }: Bench,
  chosen: Uint8Array,
  uplift: number
): number {
  const costs = { oneOffCost: 0, runningCost: 0 };
  for (let k = 0; k < opportunities.length; k++) {
    if (!chosen[k]) continue;
    costs.oneOffCost += opportunities[k]!.oneOffCost;
    costs.runningCost += opportunities[k]!.runningCost;
  }
  return programmeValue(uplift, costs, options.programme, discountedTicks);
}

/** The portfolio as a choice within the budget. */
export function choiceOf(bench: Bench): Choice {
  return {
    costs: bench.opportunities.map(({ oneOffCost }, k) => (bench.able.includes(k) ? oneOffCost : Infinity)),
    budget: bench.options.budget,
    conflict: bench.conflict,
    value: (chosen) => worthOf(bench, chosen, bench.joint.expectedUplift(chosen))
  };
}

/** One set with its figures, which are NaN when it has no value. */
export function setOf(bench: Bench, chosen: Uint8Array): PortfolioSet {
  const members = bench.opportunities.filter((_, k) => chosen[k]);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const uplift = bench.joint.expectedUplift(chosen);
  const sumOfSingles = sum(
    bench.singles.map((single, k) => (chosen[k] && single.ok ? single.expectedUplift : 0))
  );
  return {
    ids: members.map(({ id }) => id),
    oneOffCost: sum(members.map(({ oneOffCost }) => oneOffCost)),
    runningCost: sum(members.map(({ runningCost }) => runningCost)),
    uplift,
    sumOfSingles,
    interaction: uplift - sumOfSingles,
    programmeValue: worthOf(bench, chosen, uplift)
  };
}
