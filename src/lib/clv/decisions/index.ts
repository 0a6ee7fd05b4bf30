export { applyEdits } from './edits.ts';
export { annuity, baselineOf, evaluateOpportunity, programmeValue, type Baseline } from './opportunity.ts';
export { evaluateSet, portfolioSteps } from './portfolio.ts';
export type { PortfolioOptions } from './portfolio-bench.ts';
export { simulationSteps, type SimulationOptions } from './simulation.ts';
export { tornado, tornadoBars } from './tornado.ts';
export { abOnMapSteps, moreTrialsNeeded, type AbOnMap, type AbOptions, type AbValue } from './ab.ts';
export { createRandom, type RandomStream } from './random.ts';
export { finish } from './steps.ts';
export type {
  AdditiveAnswer,
  BandPoint,
  DecisionProblem,
  DecisionProblemCode,
  Distribution,
  Edit,
  Estimate,
  KeyFigures,
  NumberRange,
  Opportunity,
  OpportunityResult,
  OpportunityValue,
  PortfolioMethod,
  PortfolioResult,
  PortfolioSet,
  PortfolioValue,
  Programme,
  Progress,
  RangedNumber,
  Refused,
  SimulationResult,
  SimulationValue,
  Steps,
  TornadoBar,
  TornadoEnd,
  TornadoResult,
  TornadoRow,
  TornadoValue
} from './types.ts';
