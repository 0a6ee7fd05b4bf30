export { checkModel } from './check.ts';
export { solveJourney } from './solve.ts';
export { evaluateJourney } from './evaluate.ts';
export { byPeriod, steadyIntake } from './periods.ts';
export { discountFactor } from './discount.ts';
export { expectedPeriods, renewalRate, type RenewalShape } from './renewal.ts';
export { RANGES, type Range } from './ranges.ts';
export {
  TICKS_PER_YEAR,
  type ByStage,
  type CheckResult,
  type Derivative,
  type EvaluateResult,
  type JourneyInput,
  type JourneyModel,
  type JourneyValue,
  type LaneContribution,
  type ModelStage,
  type ModelTransition,
  type PeriodFlow,
  type PeriodRow,
  type Place,
  type Problem,
  type ProblemCode,
  type RemovalEffect,
  type SolveResult,
  type StageContribution,
  type StageInput,
  type StageKind,
  type Tick,
  type Visits,
  type Warning,
  type WarningCode
} from './model.ts';
