import { evaluateJourney } from '../evaluate.ts';
import type { JourneyInput, JourneyModel, JourneyValue } from '../model.ts';
import { checkNumber, quoted, RANGES, type Findings, type Range } from '../ranges.ts';
import { applyEdits } from './edits.ts';
import { fromEngine } from './problems.ts';
import type { KeyFigures, Opportunity, OpportunityResult, Programme, Refused } from './types.ts';

const SHARE: Range = { min: 0, max: 1 };
const MONEY: Range = { min: 0, max: Number.MAX_VALUE };
const NOWHERE = { on: 'map', metric: 'stages' } as const;

/**
 * Discounted number of ticks of a programme whose first tick is now (D8): a = 1 + v + ... + v^(Hp-1) =
 * (1 - v^Hp) / (1 - v), which is Hp at v = 1.
 *
 * @param factor v, above 0, at most 1.
 * @param ticks Hp, whole, 1 or more.
 * @returns ticks; relative error about 1e-16 / (1 - v), far below 1e-9 at any rate that people enter.
 */
export function annuity(factor: number, ticks: number): number {
  return factor === 1 ? ticks : Math.expm1(ticks * Math.log(factor)) / (factor - 1);
}

/**
 * Expected value of a programme (D8): N a dJ - K - run a. Costs are spent whether or not it succeeds.
 *
 * @param uplift expected dJ per prospect, money: chance of success and reach are in it.
 * @param oneOffCost K, money.
 * @param runningCost money per tick.
 * @param discountedTicks a, from {@link annuity}.
 */
export const programmeValue = (
  uplift: number,
  { oneOffCost, runningCost }: Pick<Opportunity, 'oneOffCost' | 'runningCost'>,
  { intake }: Programme,
  discountedTicks: number
): number => intake * uplift * discountedTicks - oneOffCost - runningCost * discountedTicks;

/** Chance that one prospect meets an opportunity that works: s u. */
export const effectChance = ({ successProbability, reach }: Opportunity): number =>
  successProbability * reach;

/** Problems with an opportunity's own four numbers (D7); none when they are in order. */
export function checkOpportunity(opportunity: Opportunity): Refused | null {
  const findings: Findings = { problems: [], warnings: [] };
  const check = (value: unknown, range: Range, label: string) => {
    if (value === undefined) check(NaN, range, label);
    else checkNumber(findings, value, range, NOWHERE, `${label} of ${quoted(opportunity.name)}`);
  };
  check(opportunity.oneOffCost, MONEY, 'The one-off cost');
  check(opportunity.runningCost, MONEY, 'The running cost');
  check(opportunity.successProbability, SHARE, 'The chance of success');
  check(opportunity.reach, SHARE, 'The reach');
  return refusedFor(findings, opportunity);
}

/** Problems with the intake or the length of a programme (D7). */
export function checkProgramme({ intake, ticks }: Programme): Refused | null {
  const findings: Findings = { problems: [], warnings: [] };
  const at = { on: 'map', metric: 'prospectsPerTick' } as const;
  checkNumber(findings, intake, RANGES.prospectsPerTick, at, 'The number of prospects per tick');
  checkNumber(findings, ticks, RANGES.horizon, NOWHERE, 'The length of the programme');
  return refusedFor(findings, null);
}

function refusedFor({ problems }: Findings, opportunity: Opportunity | null): Refused | null {
  if (problems.length === 0) return null;
  return {
    ok: false,
    problems: problems.map(({ code, message, at }) => ({
      code,
      message,
      at: at === NOWHERE ? null : at,
      opportunity: opportunity?.id ?? null
    }))
  };
}

/** The figures of {@link KeyFigures} out of all. */
export const keyFigures = ({ npvPerProspect, clv, cac, ratio, conversion }: JourneyValue): KeyFigures => ({
  npvPerProspect,
  clv,
  cac,
  ratio,
  conversion
});

/** A map that has a value, checked and solved. */
export interface Baseline {
  readonly ok: true;
  readonly input: JourneyInput;
  readonly model: JourneyModel;
  readonly figures: KeyFigures;
}

/** Checks and solves the map as entered. */
export function baselineOf(input: JourneyInput): Baseline | Refused {
  const result = evaluateJourney(input);
  if (!result.ok) return fromEngine(result.problems);
  return { ok: true, input, model: result.model, figures: keyFigures(result.value) };
}

/**
 * What one opportunity brings, alone: the uplift in CLV and in NPV per prospect by re-solving the changed map, and the
 * value of doing it for a programme (D7, D8).
 *
 * @returns the engine's problems where the changed map has no value, and those of the edits and the opportunity itself.
 */
export function evaluateOpportunity(
  baseline: Baseline,
  opportunity: Opportunity,
  programme: Programme
): OpportunityResult {
  const wrong = checkOpportunity(opportunity) ?? checkProgramme(programme);
  if (wrong) return wrong;
  const edited = applyEdits(baseline.input, opportunity.edits);
  if (!edited.ok)
    return {
      ok: false,
      problems: edited.problems.map((problem) => ({ ...problem, opportunity: opportunity.id }))
    };
  const result = evaluateJourney(edited.input);
  if (!result.ok) return fromEngine(result.problems, opportunity);
  const before = baseline.figures;
  const after = keyFigures(result.value);
  const npvUplift = after.npvPerProspect - before.npvPerProspect;
  const expectedUplift = effectChance(opportunity) * npvUplift;
  const discountedTicks = annuity(baseline.model.discountFactor, programme.ticks);
  return {
    ok: true,
    id: opportunity.id,
    before,
    after,
    clvUplift: after.clv - before.clv,
    npvUplift,
    expectedUplift,
    annuity: discountedTicks,
    programmeValue: programmeValue(expectedUplift, opportunity, programme, discountedTicks)
  };
}
