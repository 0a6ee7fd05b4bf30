import { checkCosts } from './costs.ts';
import { discountFactor } from './discount.ts';
import { feelingShift, stayFactor } from './feelings.ts';
import type { CheckResult, JourneyInput, JourneyModel, ModelStage, Place } from './model.ts';
import { quoted, refuse, type Findings } from './ranges.ts';
import { checkRow, checkTransitionEnds, type Row } from './rows.ts';
import { checkSettings, type Settings } from './settings.ts';
import { checkEntries, checkEssentials, checkStage, resolveKinds, type StageNumbers } from './stages.ts';
import { checkConversion, checkZeroLoops, warnUnreachable } from './structure.ts';

/**
 * Applies every default and every rule to what was entered on a map (SPEC C1 to C14). Collects all problems, in the
 * order in which a person should see to them: the map, then stage by stage with its transitions, costs, and last what
 * only shows in the whole. Never throws and never changes its argument.
 */
export function checkModel(input: JourneyInput): CheckResult {
  const findings: Findings = { problems: [], warnings: [] };
  const settings = checkSettings(input, findings);
  const indexOf = indexStages(input, findings);
  const kinds = resolveKinds(input.stages, findings);
  checkEssentials(input, kinds, findings);
  const entries = checkEntries(input.stages, findings);
  const numbers: StageNumbers[] = [];
  const rows: Row[] = [];
  input.stages.forEach((stage, index) => {
    numbers.push(checkStage(stage, kinds[index]!, settings, findings));
    rows.push(checkRow(input, index, indexOf, findings));
  });
  checkTransitionEnds(input, indexOf, findings);
  const costs = checkCosts(input, indexOf, findings);
  checkShape(input, settings, numbers, entries, rows, findings);
  const { problems, warnings } = findings;
  if (problems.length > 0) return { ok: false, problems, warnings };
  return { ok: true, model: assemble(input, settings, numbers, entries, rows, costs), warnings };
}

function indexStages(input: JourneyInput, findings: Findings): Map<string, number> {
  const indexOf = new Map<string, number>();
  input.stages.forEach(({ id, name }, index) => {
    if (indexOf.has(id))
      refuse(
        findings,
        'E_DUPLICATE',
        { on: 'map', metric: 'stages' },
        `Two stages share the id of ${quoted(name)}.`
      );
    else indexOf.set(id, index);
  });
  return indexOf;
}

function checkShape(
  { stages }: JourneyInput,
  { referralEntry }: Settings,
  numbers: readonly StageNumbers[],
  entries: readonly number[],
  rows: readonly Row[],
  findings: Findings
): void {
  const shape = {
    ids: stages.map(({ id }) => id),
    names: stages.map(({ name }) => name),
    kinds: numbers.map(({ kind }) => kind),
    dwells: numbers.map(({ dwell }) => dwell),
    renews: stages.map(({ retention }) => retention !== undefined),
    referrals: numbers.map(({ referrals }) => referrals),
    entries,
    rows,
    referralEntry
  };
  checkZeroLoops(shape, findings);
  checkConversion(shape, findings);
  if (findings.problems.length === 0) warnUnreachable(shape, findings);
}

function assemble(
  input: JourneyInput,
  settings: Settings,
  numbers: readonly StageNumbers[],
  entries: readonly number[],
  rows: readonly Row[],
  costs: readonly (readonly number[])[]
): JourneyModel {
  const stages = input.stages.map(({ id, name }, index): ModelStage => {
    const { feeling, feelingBefore, ...rest } = numbers[index]!;
    const { stay } = rows[index]!;
    const shift = feelingShift(feelingBefore, feeling, settings.kappas);
    return {
      id,
      name,
      ...rest,
      entry: entries[index]!,
      stay,
      stayFactor: stayFactor(stay, shift),
      costs: costs[index]!
    };
  });
  return {
    tick: settings.tick,
    currency: input.currency,
    annualDiscountRate: settings.annualDiscountRate,
    discountFactor: discountFactor(settings.annualDiscountRate, settings.tick),
    horizon: settings.horizon,
    prospectsPerTick: settings.prospectsPerTick,
    stages,
    transitions: rows.flatMap((row) =>
      row.transitions.map((transition) => ({
        ...transition,
        probability: transition.entered * stages[transition.from]!.stayFactor
      }))
    ),
    lanes: input.lanes,
    referralEntry: settings.referralEntry,
    referralDelay: settings.referralDelay,
    inputs: inputsOf(input, stages, rows)
  };
}

/** The places whose numbers a derivative can be taken by (SPEC C22). */
function inputsOf(input: JourneyInput, stages: readonly ModelStage[], rows: readonly Row[]): Place[] {
  const places: Place[] = [{ on: 'map', metric: 'annualDiscountRate' }];
  if (input.grossMargin !== undefined) places.push({ on: 'map', metric: 'grossMargin' });
  input.stages.forEach(({ id, ...stage }, index) => {
    for (const metric of ['ordersPerVisit', 'orderValue', 'grossMargin', 'referrals'] as const)
      if (stage[metric] !== undefined) places.push({ on: 'stage', stage: id, metric });
    for (const { to } of rows[index]!.transitions)
      places.push({ on: 'transition', from: id, to: stages[to]!.id });
  });
  for (const { lane, stage, cost } of input.costs)
    if (cost !== undefined) places.push({ on: 'cell', lane, stage });
  return places;
}
