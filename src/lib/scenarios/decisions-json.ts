import type { PortfolioResult, PortfolioSet, SimulationResult } from '#lib/clv/decisions/index.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { DecisionNotice } from './decision-notice.ts';
import type { Decisions, OpportunityFigures } from './decisions.ts';
import type { NoticeJson } from './figures-json.ts';

/** What one opportunity brings against the baseline, unrounded; null where it cannot be computed. */
export interface OpportunityJson {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly owner: string;
  readonly edits: readonly { readonly where: string; readonly how: string; readonly amount: number }[];
  readonly oneOffCost: number;
  readonly runningCost: number;
  readonly successProbability: number;
  readonly reach: number;
  readonly scores: {
    readonly satisfaction: number | null;
    readonly business: number | null;
    readonly feasibility: number | null;
  };
  /** Money per customer and per prospect, if it succeeds with everybody. */
  readonly clvUplift: number | null;
  readonly npvUplift: number | null;
  /** Money per prospect, with chance of success and reach. */
  readonly expectedUplift: number | null;
  readonly programmeValue: number | null;
  readonly problems: readonly NoticeJson[];
}

/** The opportunities of `GET /maps/:id/clv`, those worth most first. */
export interface DecisionsJson {
  readonly programme: { readonly intake: number | null; readonly ticks: number };
  readonly opportunities: readonly OpportunityJson[];
}

interface PortfolioJson {
  readonly budget: number;
  readonly method: string | null;
  readonly proven: boolean | null;
  readonly bound: number | null;
  readonly notice: string | null;
  readonly best: PortfolioSet | null;
  readonly additive: {
    readonly opportunities: readonly string[];
    readonly claimedValue: number;
    readonly programmeValue: number | null;
    readonly picksWrong: boolean;
  } | null;
  readonly conflicts: readonly (readonly [string, string])[];
  readonly problems: readonly NoticeJson[];
}

export const decisionNoticeJson = ({ code, path, message }: DecisionNotice): NoticeJson => ({
  code,
  where: path,
  message
});

/** Opportunities for programs (SPEC F12, F16 to F18). */
export const decisionsJson = ({ programme, ranked }: Decisions): DecisionsJson => ({
  programme: { intake: programme.intake, ticks: programme.ticks },
  opportunities: ranked.map(opportunityJson)
});

function opportunityJson({ opportunity, result }: OpportunityFigures): OpportunityJson {
  const { satisfaction, business, feasibility } = opportunity;
  const none = { clvUplift: null, npvUplift: null, expectedUplift: null, programmeValue: null };
  const { clvUplift, npvUplift, expectedUplift, programmeValue } = result.ok ? result : none;
  return {
    id: opportunity.id,
    name: opportunity.name,
    status: opportunity.status,
    owner: opportunity.owner,
    edits: [...opportunity.edits].map(([where, { how, amount }]) => ({ where, how, amount })),
    oneOffCost: opportunity.oneOffCost,
    runningCost: opportunity.runningCost,
    successProbability: opportunity.successProbability,
    reach: opportunity.reach,
    scores: { satisfaction, business, feasibility },
    clvUplift,
    npvUplift,
    expectedUplift,
    programmeValue,
    problems: result.ok ? [] : result.problems.map(decisionNoticeJson)
  };
}

const problemsOf = (
  result: Extract<PortfolioResult | SimulationResult, { ok: false }>
): readonly NoticeJson[] =>
  result.problems.map(({ code, opportunity, message }) => ({
    code,
    where: opportunity === null ? 'opportunities' : `opportunities/${opportunity}`,
    message
  }));

/** A portfolio for programs; every figure null where it was refused. */
export function portfolioJson(
  budget: number,
  result: PortfolioResult | { readonly kind: 'refused'; readonly problems: readonly DecisionNotice[] }
): PortfolioJson {
  const refused = (problems: readonly NoticeJson[]): PortfolioJson => ({
    budget,
    method: null,
    proven: null,
    bound: null,
    notice: null,
    best: null,
    additive: null,
    conflicts: [],
    problems
  });
  if ('kind' in result) return refused(result.problems.map(decisionNoticeJson));
  if (!result.ok) return refused(problemsOf(result));
  const { method, proven, bound, notice, best, additive, conflicts } = result;
  return {
    budget,
    method,
    proven,
    bound,
    notice,
    best,
    additive: {
      opportunities: additive.ids,
      claimedValue: additive.claimedValue,
      programmeValue: additive.set?.programmeValue ?? null,
      picksWrong: additive.picksWrong
    },
    conflicts,
    problems: []
  };
}

/** A simulation for programs: the engine's own shape, with the seed that gives it again; figures null where refused. */
export function simulationJson(
  asked: { readonly seed: number; readonly draws: number },
  result: SimulationResult | { readonly kind: 'refused'; readonly problems: readonly DecisionNotice[] },
  journey: Pick<Journey, 'ranges'>
): Record<string, unknown> {
  const ranges = journey.ranges.size;
  if ('kind' in result || !result.ok) {
    const problems = 'kind' in result ? result.problems.map(decisionNoticeJson) : problemsOf(result);
    return { ...asked, ranges, valued: null, figures: null, band: [], topThree: [], problems };
  }
  const { ok: _, ...figures } = result;
  return { ...figures, ranges, problems: [] };
}
