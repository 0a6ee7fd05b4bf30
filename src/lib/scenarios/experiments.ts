import type { AbValue, Distribution } from '#lib/clv/decisions/index.ts';
import {
  abOnMapSteps,
  baselineOf,
  evaluateOpportunity,
  finish,
  moreTrialsNeeded
} from '#lib/clv/decisions/index.ts';
import type { JourneyInput } from '#lib/clv/index.ts';
import { compareVariants, type AbTest, type VariantCounts } from '#lib/clv/transactions/ab-test.ts';
import { transitionKey } from '#lib/journey/metrics.ts';
import type { Experiment, Journey, Variant } from '#lib/journey/records.ts';
import { decisionNotice, type DecisionNotice } from './decision-notice.ts';
import type { Evaluation } from './figures.ts';

/** Draws and seed of the gain's interval: few enough for a keystroke, and the same figures for everybody. */
const GAIN = { draws: 2000, seed: 1 } as const;

/** How sure is sure enough to stop watching. */
export const SURE = 0.95;

type Missing = { readonly ok: false; readonly problems: readonly DecisionNotice[] };

/** What two variants of an arrow say (SPEC F22). */
export interface ExperimentFigures {
  readonly test: Omit<AbTest, 'ok'>;
  /** As counted, fractions. */
  readonly rates: { readonly a: number; readonly b: number };
  /** The arrow's share on the map; null while it has none. */
  readonly share: number | null;
  /** B less A at the arrow, carried through the journey with the doubt about both rates. Money. */
  readonly gain: { readonly ok: true; readonly clv: Distribution; readonly npv: Distribution } | Missing;
  /** What the map's own figures would change by with B's rate as counted. Money. */
  readonly taken: { readonly ok: true; readonly clv: number; readonly npv: number } | Missing;
  /** Further observations in each variant until it is 95% sure which is better; null for rates too much alike. */
  readonly more: number | null;
}

export type ExperimentResult =
  ({ readonly ok: true } & ExperimentFigures) | { readonly ok: false; readonly message: string };

interface Tested {
  readonly test: AbTest;
  readonly more: number | null;
}
const tested = new WeakMap<Experiment, Tested>();
const gains = new WeakMap<Experiment, { readonly input: JourneyInput; readonly value: AbValue | null }>();

const countsOf = ({ observed, converted }: Variant): VariantCounts => ({
  trials: observed,
  conversions: converted
});

/** Judges an experiment: how sure B is better, what it would bring to the map, how much longer to watch. */
export function judgeExperiment(
  experiment: Experiment,
  journey: Journey,
  baseline: Evaluation
): ExperimentResult {
  const { a, b, from, to } = experiment;
  const known = tested.get(experiment);
  const test = known?.test ?? compareVariants(countsOf(a), countsOf(b));
  if (!test.ok) return { ok: false, message: messageFor(experiment) ?? test.message };
  const more = known === undefined ? moreTrialsNeeded(countsOf(a), countsOf(b), SURE) : known.more;
  tested.set(experiment, { test, more });
  const rates = { a: a.converted / a.observed, b: b.converted / b.observed };
  return {
    ok: true,
    test,
    rates,
    share: journey.metrics.get(transitionKey(from, to)) ?? null,
    gain: gainOf(experiment, test, baseline),
    taken: takenOf(experiment, rates.b, journey, baseline),
    more
  };
}

/** What keeps two pairs of counts from being compared, in the words of the fields. */
function messageFor({ a, b }: Experiment): string | null {
  for (const [name, { observed, converted }] of [
    ['A', a],
    ['B', b]
  ] as const) {
    if (observed === 0) return `Enter how many people saw variant ${name}.`;
    if (converted > observed)
      return `Of the ${observed} people who saw variant ${name}, no more than ${observed} can have gone on.`;
  }
  return null;
}

const withoutMap = (baseline: Extract<Evaluation, { ok: false }>): Missing => ({
  ok: false,
  problems: baseline.problems.map((problem) => ({ ...problem, opportunity: null }))
});

function gainOf(experiment: Experiment, test: AbTest, baseline: Evaluation): ExperimentFigures['gain'] {
  if (!baseline.ok) return withoutMap(baseline);
  const { input } = baseline;
  let known = gains.get(experiment);
  if (known?.input !== input) {
    const { from, to } = experiment;
    const { posteriorA, posteriorB } = test;
    const programme = { intake: 0, ticks: 1 };
    const options = { ...GAIN, programme, oneOffCost: 0, runningCost: 0 };
    const result = finish(abOnMapSteps(input, { from, to, posteriorA, posteriorB }, options));
    known = { input, value: result?.ok ? result : null };
    gains.set(experiment, known);
  }
  const figures = known.value?.figures;
  return figures ? { ok: true, clv: figures.clvGain, npv: figures.npvGain } : { ok: false, problems: [] };
}

function takenOf(
  { id, name, from, to }: Experiment,
  rate: number,
  journey: Journey,
  baseline: Evaluation
): ExperimentFigures['taken'] {
  if (!baseline.ok) return withoutMap(baseline);
  const solved = baselineOf(baseline.input);
  const edit = { place: { on: 'transition', from, to }, how: 'set', amount: rate } as const;
  const alone = { id, name, edits: [edit], oneOffCost: 0, runningCost: 0, successProbability: 1, reach: 1 };
  const result = solved.ok ? evaluateOpportunity(solved, alone, { intake: 0, ticks: 1 }) : solved;
  if (result.ok) return { ok: true, clv: result.clvUplift, npv: result.npvUplift };
  const problems = result.problems.map((problem) => decisionNotice(problem, journey, journey.metrics));
  return { ok: false, problems: problems.map((problem) => ({ ...problem, opportunity: null })) };
}
