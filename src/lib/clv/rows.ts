import type { JourneyInput, ModelTransition, StageInput } from './model.ts';
import { checkNumber, quoted, RANGES, refuse, warn, type Findings } from './ranges.ts';

/** The transitions out of one stage, before any change of feeling. */
export interface Row {
  readonly transitions: readonly Omit<ModelTransition, 'probability'>[];
  /** Stages that a drawn transition may lead to, those still without a number included. */
  readonly mayLeadTo: readonly number[];
  /** Sum of what is known. */
  readonly stay: number;
  /** False while a number is missing or wrong. */
  readonly complete: boolean;
}

const SUM_SLACK = 1e-9;
const FLOAT_NOISE = 1e-12;

/**
 * Checks the transitions out of one stage (SPEC C5, C6). At a renewal stage a self-loop is allowed and ignored.
 *
 * @param indexOf position of a stage by id.
 */
export function checkRow(
  input: JourneyInput,
  from: number,
  indexOf: ReadonlyMap<string, number>,
  findings: Findings
): Row {
  const stage = input.stages[from]!;
  const transitions: Omit<ModelTransition, 'probability'>[] = [];
  const mayLeadTo: number[] = [];
  let complete = true;
  for (const { to, probability } of uniqueTransitions(input, stage, findings)) {
    const target = indexOf.get(to);
    if (target === undefined) continue;
    if (stage.retention !== undefined && target === from) continue;
    const entered = checkProbability(stage, input.stages[target]!, probability, findings);
    if (entered === undefined) complete = false;
    else if (stage.retention === undefined) transitions.push({ from, to: target, entered });
    if (entered !== 0) mayLeadTo.push(target);
  }
  const stay = transitions.reduce((sum, { entered }) => sum + entered, 0);
  checkSum(stage, stay, complete, findings);
  if (stage.retention !== undefined && mayLeadTo.length > 0)
    refuse(
      findings,
      'E_SBG_EDGES',
      { on: 'stage', stage: stage.id, metric: 'row' },
      `${quoted(stage.name)} renews, so no transition may lead from it to another stage.`
    );
  return { transitions, mayLeadTo, stay, complete };
}

function uniqueTransitions(input: JourneyInput, stage: StageInput, findings: Findings) {
  const seen = new Set<string>();
  return input.transitions.filter(({ from, to }) => {
    if (from !== stage.id) return false;
    if (!seen.has(to)) {
      seen.add(to);
      return true;
    }
    refuse(
      findings,
      'E_DUPLICATE',
      { on: 'transition', from, to },
      `A transition out of ${quoted(stage.name)} is there twice.`
    );
    return false;
  });
}

function checkProbability(
  from: StageInput,
  to: StageInput,
  probability: number | undefined,
  findings: Findings
): number | undefined {
  const at = { on: 'transition', from: from.id, to: to.id } as const;
  const way =
    from.id === to.id
      ? `that stays in ${quoted(from.name)}`
      : `that goes from ${quoted(from.name)} to ${quoted(to.name)}`;
  if (probability === undefined) {
    refuse(findings, 'E_MISSING', at, `Enter the share ${way}.`);
    return undefined;
  }
  const entered = checkNumber(findings, probability, RANGES.probability, at, `The share ${way}`);
  if (entered !== undefined && from.id === to.id) warnExtremeRetention(from, entered, findings);
  return entered;
}

function warnExtremeRetention(stage: StageInput, probability: number, findings: Findings): void {
  const dwell = Math.max(1, stage.dwell ?? 1);
  if (probability ** (1 / dwell) <= 0.995) return;
  warn(
    findings,
    'W_RETENTION_EXTREME',
    { on: 'transition', from: stage.id, to: stage.id },
    `More than 99.5% stay in ${quoted(stage.name)} from tick to tick.`
  );
}

function checkSum(stage: StageInput, stay: number, complete: boolean, findings: Findings): void {
  const at = { on: 'stage', stage: stage.id, metric: 'row' } as const;
  if (stay > 1 + SUM_SLACK)
    refuse(
      findings,
      'E_ROW_SUM',
      at,
      `The shares out of ${quoted(stage.name)} add up to ${Number((stay * 100).toPrecision(6))}%, more than 100%.`
    );
  else if (complete && Math.abs(stay - 1) <= SUM_SLACK && Math.abs(stay - 1) > FLOAT_NOISE)
    warn(
      findings,
      'W_ROUNDING',
      at,
      `The shares out of ${quoted(stage.name)} add up to 100% except for rounding.`
    );
}

/** Refuses transitions that start or end at a stage that is not on the map (SPEC C5). */
export function checkTransitionEnds(
  input: JourneyInput,
  indexOf: ReadonlyMap<string, number>,
  findings: Findings
): void {
  for (const { from, to } of input.transitions) {
    if (indexOf.has(from) && indexOf.has(to)) continue;
    const known = input.stages.find((stage) => stage.id === from || stage.id === to);
    const which = known === undefined ? 'A transition' : `A transition at ${quoted(known.name)}`;
    refuse(
      findings,
      'E_UNKNOWN_STAGE',
      { on: 'transition', from, to },
      `${which} leads from or to a stage that is not on the map.`
    );
  }
}
