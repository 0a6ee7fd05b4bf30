import type { Opportunity, PortfolioResult, Programme, Steps } from '#lib/clv/decisions/index.ts';
import { finish, portfolioSteps } from '#lib/clv/decisions/index.ts';
import type { JourneyInput } from '#lib/clv/index.ts';
import type { Journey } from '#lib/journey/records.ts';
import { missingIntake, type DecisionNotice } from './decision-notice.ts';
import { openOpportunities, type Decisions } from './decisions.ts';
import type { Evaluation } from './figures.ts';

/** Everything that working out a portfolio takes, as plain data that can be posted to a worker. */
export interface PortfolioJob {
  readonly kind: 'portfolio';
  readonly input: JourneyInput;
  readonly opportunities: readonly Opportunity[];
  readonly programme: Programme;
  readonly budget: number;
}

/** Up to so many opportunities are solved at once, within a keystroke. */
export const AT_ONCE = 8;

/**
 * The job of finding the best set within a budget: all open opportunities that have a figure of their own (SPEC F19).
 *
 * @returns notices where the map has no value or no intake.
 */
export function portfolioJob(
  journey: Journey,
  baseline: Evaluation,
  decisions: Decisions,
  budget: number
): PortfolioJob | { readonly kind: 'refused'; readonly problems: readonly DecisionNotice[] } {
  const { intake, ticks } = decisions.programme;
  if (!baseline.ok) return { kind: 'refused', problems: decisions.notices };
  if (intake === null) return { kind: 'refused', problems: [missingIntake(journey)] };
  return {
    kind: 'portfolio',
    input: baseline.input,
    opportunities: openOpportunities(journey, decisions),
    programme: { intake, ticks },
    budget
  };
}

/** Works a portfolio out, step by step. */
export const portfolioRun = ({
  input,
  opportunities,
  programme,
  budget
}: PortfolioJob): Steps<PortfolioResult> => portfolioSteps(input, opportunities, { programme, budget });

/** Works a small portfolio out at once. */
export const solvePortfolio = (job: PortfolioJob): PortfolioResult | null => finish(portfolioRun(job));
