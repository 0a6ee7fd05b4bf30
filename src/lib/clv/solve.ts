import { solveAcquisition, type Acquisition } from './acquisition.ts';
import { buildChain, type Chain } from './chain.ts';
import { contributionsByLane, contributionsByStage, removalEffects } from './contributions.ts';
import { derivatives } from './derivatives.ts';
import { lifetimeTicks } from './lifetime.ts';
import { dies, dot, solveRow } from './linear.ts';
import type { JourneyModel, JourneyValue, Problem, SolveResult } from './model.ts';
import { runCustomer } from './periods.ts';
import { quoted } from './ranges.ts';
import { byStageId, solveBases, type Solution } from './solution.ts';
import { reach } from './structure.ts';

/**
 * Values a journey (SPEC C15 to C24): an absorbing Markov chain with money on visits, after Pfeifer & Carraway (2000),
 * extended by stages of any length, renewals and referrals. One factorisation of I - W, and one of I - W - Q where
 * there are referrals, serve all figures.
 *
 * Relative error of CLV and NPV: about 1e-16 times the largest number of discounted visits, which is limited to 1e10.
 *
 * @returns E_NO_EXIT, E_NO_CONVERSION or E_REFERRAL_SUPERCRITICAL when there is no finite value.
 */
export function solveJourney(model: JourneyModel): SolveResult {
  const acquisition = solveAcquisition(model);
  if (acquisition === null) return refused(noExit(model, 'acquire'));
  if (!(acquisition.conversion > 0)) return refused(noConversion(model));
  const chain = buildChain(model);
  if (!dies(chain.own) || !chain.repeats.every(Number.isFinite)) return refused(noExit(model, 'customer'));
  if (chain.hasReferrals && !dies(chain.withReferrals))
    return refused(supercritical(model, chain, acquisition));
  const solution: Solution = { model, chain, acquisition, ...solveBases(model, chain, acquisition) };
  return { ok: true, value: tell(solution) };
}

const refused = (problem: Problem): SolveResult => ({ ok: false, problems: [problem] });

function tell(solution: Solution): JourneyValue {
  const { model, chain, acquisition, customer, prospect } = solution;
  const { cac, conversion, start } = acquisition;
  const clv = customer.total;
  return {
    clv,
    clvWithReferrals: dot(start, prospect.values),
    ...runCustomer(model, start, cac),
    cac,
    ratio: cac === 0 ? null : clv / cac,
    npvPerProspect: prospect.total,
    npvWithoutReferrals: dot(
      model.stages.map(({ entry }) => entry),
      customer.values
    ),
    conversion,
    conversionShare: byStageId(model, start),
    lifetimeTicks: lifetimeTicks(model, chain, acquisition, customer.visits),
    valueByStage: byStageId(model, prospect.values),
    ownValueByStage: byStageId(model, customer.values),
    visits: {
      perCustomer: byStageId(model, customer.visits),
      perProspect: byStageId(model, prospect.visits),
      beforeConversion: byStageId(model, acquisition.visits)
    },
    contributions: { byStage: contributionsByStage(solution), byLane: contributionsByLane(solution) },
    removal: removalEffects(solution),
    derivatives: derivatives(solution)
  };
}

/** Names a stage that nobody can leave, or else the stage that keeps the most. */
function noExit({ stages, transitions }: JourneyModel, within: 'acquire' | 'customer'): Problem {
  const leadsTo = (from: number) =>
    transitions.filter((edge) => edge.from === from && edge.probability > 0).map(({ to }) => to);
  const escapes = (stage: number) =>
    stages[stage]!.retention === null
      ? stages[stage]!.stay < 1 - 1e-9 || (within === 'acquire' && stages[stage]!.kind === 'customer')
      : stages[stage]!.retention.alpha > 1;
  const trapped = stages.findIndex((_, stage) => ![...reach([stage], leadsTo)].some(escapes));
  const strongest = stages.reduce((best, { stay }, index) => (stay > stages[best]!.stay ? index : best), 0);
  const stage = stages[trapped >= 0 ? trapped : strongest]!;
  return {
    code: 'E_NO_EXIT',
    at: { on: 'stage', stage: stage.id, metric: stage.retention === null ? 'row' : 'retention' },
    message:
      within === 'acquire'
        ? `Nobody ever leaves ${quoted(stage.name)} or gets on to a customer stage.`
        : `Nobody ever leaves ${quoted(stage.name)} and nothing is discounted, so the value has no bound.`
  };
}

function noConversion({ stages }: JourneyModel): Problem {
  const stage = stages.find(({ kind }) => kind === 'acquire') ?? stages[0];
  return {
    code: 'E_NO_CONVERSION',
    at: stage ? { on: 'stage', stage: stage.id, metric: 'row' } : { on: 'map', metric: 'stages' },
    message: 'So few prospects become customers that the share cannot be told from 0.'
  };
}

function supercritical({ stages }: JourneyModel, chain: Chain, { start }: Acquisition): Problem {
  const arrivals = solveRow(chain.own, start);
  const brought = stages.map(({ referrals }, index) => arrivals[index]! * chain.repeats[index]! * referrals);
  const stage = stages[brought.indexOf(Math.max(...brought))]!;
  return {
    code: 'E_REFERRAL_SUPERCRITICAL',
    at: { on: 'stage', stage: stage.id, metric: 'referrals' },
    message: `Each customer brings more than one new customer, most of all at ${quoted(stage.name)}, so the value has no bound.`
  };
}
