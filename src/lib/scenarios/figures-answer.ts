import { finish } from '#lib/clv/decisions/index.ts';
import type { Journey } from '#lib/journey/records.ts';
import { decisionsJson, portfolioJson, simulationJson } from './decisions-json.ts';
import { evaluateOpportunities, type Decisions } from './decisions.ts';
import { evaluateMap } from './evaluate.ts';
import { figuresJson } from './figures-json.ts';
import type { Evaluation } from './figures.ts';
import { portfolioJob, portfolioRun } from './portfolio.ts';
import { simulationJob, simulationRun } from './simulation.ts';

/** What a program asks of a map, as plain data that can be posted to a thread. */
export interface FiguresJob {
  readonly journey: Journey;
  /** Null: no portfolio. */
  readonly budget: number | null;
  /** Null: no simulation. */
  readonly simulation: { readonly draws: number; readonly seed: number } | null;
}

/**
 * The body of `GET /maps/:id/clv`: the figures of the baseline and of every scenario, what every opportunity brings, and on
 * request the best portfolio and a simulation of the baseline (SPEC F12, F16 to F20). Takes seconds for the last two.
 */
export function answerFigures({ journey, budget, simulation }: FiguresJob): Record<string, unknown> {
  const figures = evaluateMap(journey);
  const { baseline } = figures;
  const decisions = evaluateOpportunities(journey, baseline);
  return {
    ...figuresJson(figures, journey),
    ...decisionsJson(decisions),
    ...(budget === null ? {} : { portfolio: portfolioOf(journey, baseline, decisions, budget) }),
    ...(simulation === null ? {} : { simulation: simulationOf(journey, baseline, decisions, simulation) })
  };
}

function portfolioOf(journey: Journey, baseline: Evaluation, decisions: Decisions, budget: number) {
  const job = portfolioJob(journey, baseline, decisions, budget);
  const result = job.kind === 'refused' ? job : finish(portfolioRun(job));
  return result === null ? null : portfolioJson(budget, result);
}

function simulationOf(
  journey: Journey,
  baseline: Evaluation,
  decisions: Decisions,
  asked: NonNullable<FiguresJob['simulation']>
) {
  const job = baseline.ok
    ? simulationJob(journey, null, baseline, decisions, asked)
    : ({ kind: 'refused', problems: decisions.notices } as const);
  const result = job.kind === 'refused' ? job : finish(simulationRun(job));
  return result === null ? null : simulationJson(asked, result, journey);
}

/** A journey with what figures depend on: of its cards, only where there are any, and none of their words. */
export function cellsOnly(journey: Journey): Journey {
  const cells = new Map(journey.cards.map((card) => [`${card.lane}/${card.stage}`, card]));
  return { ...journey, cards: Array.from(cells.values(), (card) => ({ ...card, text: '' })), unplaced: [] };
}
