import type { Edit, Opportunity, RangedNumber, SimulationResult, Steps } from '#lib/clv/decisions/index.ts';
import { simulationSteps, tornadoBars } from '#lib/clv/decisions/index.ts';
import type { JourneyInput } from '#lib/clv/index.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { metricsIn } from './assumptions.ts';
import { decisionNotice, type DecisionNotice } from './decision-notice.ts';
import { openOpportunities, type Decisions } from './decisions.ts';
import { engineRanges } from './engine-places.ts';
import type { Computed } from './figures.ts';
import { placeKey } from './place-key.ts';

/** Everything that a simulation takes, as plain data that can be posted to a worker. */
export interface SimulationJob {
  readonly kind: 'simulation';
  readonly input: JourneyInput;
  readonly ranges: readonly RangedNumber[];
  readonly opportunities: readonly Opportunity[];
  readonly seed: number;
  readonly draws: number;
}

/** How many draws a simulation takes unless somebody asks for another number. */
export const DRAWS = 10_000;

/** A map's ranges, each checked by itself, so that every wrong one is told and not only the first. */
export function rangesOf(
  journey: Journey,
  scenario: ScenarioId | null,
  { input }: Computed
): {
  readonly good: readonly { readonly key: MetricKey; readonly ranged: RangedNumber }[];
  readonly problems: readonly DecisionNotice[];
} {
  const { ranges, problems } = engineRanges(journey.ranges, journey);
  const wrong: DecisionNotice[] = [...problems];
  const metrics = metricsIn(journey, scenario);
  const good = ranges.filter(({ key, ranged }) => {
    const checked = tornadoBars(input, [ranged]);
    if (!checked.ok)
      wrong.push(
        ...checked.problems.map((problem) => ({ ...decisionNotice(problem, journey, metrics), key }))
      );
    return checked.ok;
  });
  return { good, problems: wrong };
}

/** Between which ends a number with a range lies nine times in ten; the problems of a range that is wrong. */
export function rangeOfNumber(
  key: MetricKey,
  journey: Journey,
  scenario: ScenarioId | null,
  evaluation: Computed
): { readonly low: number; readonly high: number } | { readonly problems: readonly DecisionNotice[] } | null {
  const range = journey.ranges.get(key);
  if (range === undefined) return null;
  const { good, problems } = rangesOf({ ...journey, ranges: new Map([[key, range]]) }, scenario, evaluation);
  const bars = tornadoBars(
    evaluation.input,
    good.map(({ ranged }) => ranged)
  );
  const bar = bars.ok ? bars.bars[0] : undefined;
  const place = good[0]?.ranged.place;
  if (bar === undefined || place === undefined) return { problems };
  const at = (edits: readonly Edit[]) =>
    edits.find((edit) => placeKey(edit.place) === placeKey(place))?.amount ?? 0;
  return { low: at(bar.low), high: at(bar.high) };
}

/**
 * The job of drawing every uncertain number again and again (SPEC F20).
 *
 * @returns notices while a range is wrong; a simulation without it would say too little doubt.
 */
export function simulationJob(
  journey: Journey,
  scenario: ScenarioId | null,
  evaluation: Computed,
  decisions: Decisions,
  { seed, draws = DRAWS }: { readonly seed: number; readonly draws?: number }
): SimulationJob | { readonly kind: 'refused'; readonly problems: readonly DecisionNotice[] } {
  const { good, problems } = rangesOf(journey, scenario, evaluation);
  if (problems.length > 0) return { kind: 'refused', problems };
  return {
    kind: 'simulation',
    input: evaluation.input,
    ranges: good.map(({ ranged }) => ranged),
    opportunities: openOpportunities(journey, decisions),
    seed,
    draws
  };
}

/** Runs a simulation, step by step. */
export const simulationRun = ({
  input,
  ranges,
  opportunities,
  seed,
  draws
}: SimulationJob): Steps<SimulationResult> => simulationSteps(input, ranges, { seed, draws, opportunities });
