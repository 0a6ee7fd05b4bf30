import { problem } from '#lib/protocol/problem.ts';
import type { Journey } from '#lib/journey/records.ts';
import { decisionsJson, portfolioJson, simulationJson } from '#lib/scenarios/decisions-json.ts';
import { evaluateOpportunities } from '#lib/scenarios/decisions.ts';
import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import { figuresJson } from '#lib/scenarios/figures-json.ts';
import type { MapFigures } from '#lib/scenarios/figures.ts';
import { portfolioJob, portfolioRun } from '#lib/scenarios/portfolio.ts';
import { simulationJob, simulationRun } from '#lib/scenarios/simulation.ts';
import { answer, caller, refused } from '../../../requests.ts';
import { readQuery, type ClvQuery } from './query.ts';
import { inSlices } from './slices.ts';
import type { RequestHandler } from './$types.ts';

const LATE = 'Working this out took too long. Ask for fewer draws, or try again in a moment.';

/**
 * The figures of the baseline and of every scenario, in full precision, with what they were computed under, and what
 * every opportunity brings. `?budget=` adds the best portfolio, `?draws=&seed=` a simulation of the baseline.
 */
export const GET: RequestHandler = async (event) => {
  const who = await caller(event);
  if ('refused' in who) return who.refused;
  const read = readQuery(event.url.searchParams);
  if ('problems' in read) return problem(400, 'The query asks for what cannot be.', read.problems);
  const journey = await event.locals.app.maps.journey(who.principal, event.params.id);
  if (!journey.ok) return refused(journey);
  const figures = evaluateMap(journey.value);
  const asked = await askedFor(read.query, journey.value, figures, event.request.signal);
  if (asked === null) return problem(503, LATE, [], { 'retry-after': '5' });
  const decisions = evaluateOpportunities(journey.value, figures.baseline);
  return answer({ ...figuresJson(figures, journey.value), ...decisionsJson(decisions), ...asked });
};

/** The parts that only the query asks for; null when they took too long. */
async function askedFor(
  { budget, simulation }: ClvQuery,
  journey: Journey,
  figures: MapFigures,
  signal: AbortSignal
): Promise<Record<string, unknown> | null> {
  const { baseline } = figures;
  const decisions = evaluateOpportunities(journey, baseline);
  const parts: Record<string, unknown> = {};
  if (budget !== null) {
    const job = portfolioJob(journey, baseline, decisions, budget);
    const result = job.kind === 'refused' ? job : await inSlices(() => portfolioRun(job), signal);
    if (result === null) return null;
    parts.portfolio = portfolioJson(budget, result);
  }
  if (simulation !== null) {
    const job = baseline.ok
      ? simulationJob(journey, null, baseline, decisions, simulation)
      : { kind: 'refused' as const, problems: decisions.notices };
    const result = job.kind === 'refused' ? job : await inSlices(() => simulationRun(job), signal);
    if (result === null) return null;
    parts.simulation = simulationJson(simulation, result, journey);
  }
  return parts;
}
