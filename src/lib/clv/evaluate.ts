import { checkModel } from './check.ts';
import type { EvaluateResult, JourneyInput } from './model.ts';
import { solveJourney } from './solve.ts';

/**
 * Checks and values what was entered on a map: `checkModel`, then `solveJourney`. Warnings are returned either way.
 * For the by-period table, give the model to `byPeriod`.
 */
export function evaluateJourney(input: JourneyInput): EvaluateResult {
  const checked = checkModel(input);
  if (!checked.ok) return checked;
  const { model, warnings } = checked;
  const solved = solveJourney(model);
  return solved.ok
    ? { ok: true, value: solved.value, model, warnings }
    : { ok: false, problems: solved.problems, warnings };
}
