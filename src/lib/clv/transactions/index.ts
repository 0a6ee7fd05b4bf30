export {
  continuousRate,
  DAYS_PER_UNIT,
  discountRate,
  duration,
  type DiscountRate,
  type Duration,
  type TimeUnit
} from './unit.ts';
export { createLedger, type Ledger, type RowProblemCode, type Transactions } from './ledger.ts';
export {
  summarise,
  type Holdout,
  type Summarised,
  type Summary,
  type SummaryNote,
  type SummaryOptions,
  type SummaryResult
} from './summary.ts';
export { compress, uncompressed, type Levels, type PurchaseRows } from './rows.ts';
export { perCustomer, type Customer } from './customer.ts';
export type { Check, Fit, FitProblemCode, Fitted, NoFit } from './fit.ts';
export {
  bgNbdDiscountedPurchases,
  bgNbdDiscountedPurchasesNew,
  bgNbdExpectedPurchases,
  bgNbdExpectedPurchasesNew,
  bgNbdProbability,
  bgNbdProbabilityAlive,
  fitBgNbd,
  type BgNbdFit,
  type BgNbdParameters
} from './bg-nbd.ts';
export {
  fitMbgNbd,
  mbgNbdDiscountedPurchases,
  mbgNbdDiscountedPurchasesNew,
  mbgNbdExpectedPurchases,
  mbgNbdExpectedPurchasesNew,
  mbgNbdProbability,
  mbgNbdProbabilityAlive,
  type MbgNbdFit,
  type MbgNbdParameters
} from './mbg-nbd.ts';
export {
  fitParetoNbd,
  paretoNbdDiscountedPurchases,
  paretoNbdDiscountedPurchasesNew,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNew,
  paretoNbdProbability,
  paretoNbdProbabilityAlive,
  paretoNbdResidualPurchases,
  paretoNbdResidualPurchasesNew,
  type ParetoNbdFit,
  type ParetoNbdParameters
} from './pareto-nbd.ts';
export {
  fitNbd,
  nbdDiscountedPurchases,
  nbdExpectedPurchases,
  nbdExpectedPurchasesNew,
  nbdProbability,
  type NbdFit,
  type NbdParameters
} from './nbd.ts';
export {
  fitGammaGamma,
  gammaGammaExpectedSpend,
  gammaGammaMeanSpend,
  type GammaGammaFit,
  type GammaGammaParameters
} from './gamma-gamma.ts';
export {
  bgBbExpectedPurchases,
  bgBbExpectedPurchasesNew,
  bgBbProbability,
  bgBbProbabilityAlive,
  bgBbResidualPurchases,
  fitBgBb,
  type BgBbFit,
  type BgBbParameters,
  type DiscreteCustomer,
  type DiscreteRow
} from './bg-bb.ts';
export {
  fitSbg,
  sbgChurn,
  sbgLifetime,
  sbgResidualLifetime,
  sbgRetention,
  sbgSurvival,
  type Cohort,
  type SbgFit,
  type SbgParameters
} from './sbg.ts';
export {
  bergerNasrValue,
  blattbergDeightonValue,
  constantMarginValue,
  customerEquity,
  responseTo,
  retentionElasticity,
  steppedPurchases,
  type BergerNasr,
  type BlattbergDeighton,
  type ConstantMargin,
  type CustomerEquity,
  type EquityPeriod,
  type ResponseCurve,
  type SimpleResult,
  type Timing
} from './simple.ts';
export {
  attributeConversions,
  type AttributionResult,
  type ChannelCredit,
  type ChannelPath
} from './attribution.ts';
export { rfmScores, scoreByRank, scoreSizes, type RfmScores, type ScoreSizes } from './rfm.ts';
export {
  chanceAbove,
  compareVariants,
  trialsNeeded,
  type AbTest,
  type AbTestResult,
  type BetaShape,
  type VariantCounts
} from './ab-test.ts';
export { formatDay, parseDay, parseNumber, type DateOrder, type DecimalSign } from './field.ts';
export {
  guessColumns,
  readTable,
  readTransactions,
  type TableData,
  type TableKind,
  type TableOptions,
  type TableProblem,
  type TableReader
} from './table.ts';
export { byQuarter, FEWEST_IN_COHORT, quarterOf, type QuarterCohort } from './cohorts.ts';
export {
  FIT_MODELS,
  fitByQuarter,
  fitModel,
  type CohortFit,
  type FitModel,
  type FitRefusal,
  type FitReport,
  type FitRequest
} from './fit-model.ts';
