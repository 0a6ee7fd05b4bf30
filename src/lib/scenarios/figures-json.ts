import type { Derivative } from '#lib/clv/index.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import { metricsIn, type Metrics } from './assumptions.ts';
import { periodsOf } from './evaluate.ts';
import type { Computed, Deltas, Evaluation, MapFigures, Notice } from './figures.ts';
import { keyOf } from './notice.ts';

/** A problem or warning as the API tells it. `where` is a metric key or the path above one. */
export interface NoticeJson {
  readonly code: string;
  readonly where: string;
  readonly message: string;
}

interface PeriodJson {
  readonly tick: number;
  readonly perCustomer: { revenue: number; net: number; cumulative: number; entries: Record<string, number> };
  readonly perProspect: { revenue: number; net: number; cumulative: number; entries: Record<string, number> };
}

interface DerivativeJson {
  readonly where: string;
  readonly derivative: number;
  readonly elasticity: number | null;
}

/** The numbers of one evaluation, unrounded. Money in the map's currency, shares as fractions, times in ticks. */
export interface NumbersJson {
  readonly clv: number;
  readonly clvWithReferrals: number;
  readonly clvOverHorizon: number;
  readonly cac: number;
  readonly clvToCac: number | null;
  readonly npvPerProspect: number;
  readonly npvPerProspectWithoutReferrals: number;
  readonly paybackTicks: number | null;
  readonly discountedPaybackTicks: number | null;
  readonly conversion: number;
  readonly lifetimeTicks: number | null;
  readonly valueByStage: Record<string, number>;
  readonly byPeriod: readonly PeriodJson[];
  readonly contributions: {
    readonly byStage: readonly { stage: string; perCustomer: number; perProspect: number }[];
    /** `lane` is null for the margin on orders. */
    readonly byLane: readonly { lane: string | null; perCustomer: number; perProspect: number }[];
  };
  readonly removal: readonly { stage: string; conversion: number | null; npvPerProspect: number }[];
  readonly derivatives: {
    readonly npvPerProspect: readonly DerivativeJson[];
    readonly clv: readonly DerivativeJson[];
  };
}

/** Every number, or null for every number; `problems` say why. */
export type EvaluationJson = (NumbersJson | { readonly [K in keyof NumbersJson]: null }) & {
  readonly problems: readonly NoticeJson[];
  readonly warnings: readonly NoticeJson[];
};

export type ScenarioJson = EvaluationJson & {
  readonly id: string;
  readonly name: string;
  readonly overrides: readonly { where: string; baseline: number | null; value: number }[];
  /** Scenario minus baseline. */
  readonly differences: Readonly<Record<string, number | null>>;
};

/** The body of `GET /maps/:id/clv`. */
export interface FiguresJson {
  readonly currency: string;
  readonly tick: string;
  readonly baseline: EvaluationJson;
  readonly scenarios: readonly ScenarioJson[];
  /** The baseline's. */
  readonly warnings: readonly NoticeJson[];
}

/** A map's figures for programs (SPEC F12): full precision, and null instead of a number that cannot be computed. */
export function figuresJson(figures: MapFigures, journey: Journey): FiguresJson {
  const baseline = evaluationJson(figures.baseline, journey, null);
  return {
    currency: journey.settings.currency,
    tick: journey.settings.tick,
    baseline,
    scenarios: figures.scenarios.map(({ id, name, evaluation, differences, deltas }) => ({
      id,
      name,
      ...evaluationJson(evaluation, journey, id),
      overrides: differences.map(({ key, baseline: before, value }) => ({
        where: key,
        baseline: before,
        value
      })),
      differences: deltasJson(deltas)
    })),
    warnings: baseline.warnings
  };
}

const noticeJson = ({ code, path, message }: Notice): NoticeJson => ({ code, where: path, message });

function evaluationJson(
  evaluation: Evaluation,
  journey: Journey,
  scenario: ScenarioId | null
): EvaluationJson {
  const warnings = evaluation.warnings.map(noticeJson);
  return evaluation.ok
    ? { ...numbersJson(evaluation, journey, metricsIn(journey, scenario)), problems: [], warnings }
    : { ...NO_NUMBERS, problems: evaluation.problems.map(noticeJson), warnings };
}

const NO_NUMBERS: { readonly [K in keyof NumbersJson]: null } = {
  clv: null,
  clvWithReferrals: null,
  clvOverHorizon: null,
  cac: null,
  clvToCac: null,
  npvPerProspect: null,
  npvPerProspectWithoutReferrals: null,
  paybackTicks: null,
  discountedPaybackTicks: null,
  conversion: null,
  lifetimeTicks: null,
  valueByStage: null,
  byPeriod: null,
  contributions: null,
  removal: null,
  derivatives: null
};

function numbersJson(evaluation: Computed, journey: Journey, metrics: Metrics): NumbersJson {
  const { value } = evaluation;
  const derivatives = (list: readonly Derivative[]): DerivativeJson[] =>
    list.flatMap(({ at, derivative, elasticity }) => {
      const where = keyOf(at, journey, metrics);
      return where === null ? [] : [{ where, derivative, elasticity }];
    });
  return {
    clv: value.clv,
    clvWithReferrals: value.clvWithReferrals,
    clvOverHorizon: value.clvOverHorizon,
    cac: value.cac,
    clvToCac: value.ratio,
    npvPerProspect: value.npvPerProspect,
    npvPerProspectWithoutReferrals: value.npvWithoutReferrals,
    paybackTicks: value.paybackTicks,
    discountedPaybackTicks: value.discountedPaybackTicks,
    conversion: value.conversion,
    lifetimeTicks: value.lifetimeTicks,
    valueByStage: { ...value.valueByStage },
    byPeriod: periodsOf(evaluation).map(({ tick, perCustomer, perProspect }) => ({
      tick,
      perCustomer: { ...perCustomer, entries: { ...perCustomer.entries } },
      perProspect: { ...perProspect, entries: { ...perProspect.entries } }
    })),
    contributions: {
      byStage: value.contributions.byStage.map((part) => ({ ...part })),
      byLane: value.contributions.byLane.map((part) => ({
        lane: part.on === 'lane' ? part.lane : null,
        perCustomer: part.perCustomer,
        perProspect: part.perProspect
      }))
    },
    removal: value.removal.map(({ stage, conversion, npv }) => ({ stage, conversion, npvPerProspect: npv })),
    derivatives: {
      npvPerProspect: derivatives(value.derivatives.npv),
      clv: derivatives(value.derivatives.clv)
    }
  };
}

const deltasJson = (deltas: Deltas): Record<string, number | null> => ({
  clv: deltas.clv,
  clvWithReferrals: deltas.clvWithReferrals,
  clvOverHorizon: deltas.clvOverHorizon,
  cac: deltas.cac,
  clvToCac: deltas.ratio,
  npvPerProspect: deltas.npv,
  npvPerProspectWithoutReferrals: deltas.npvWithoutReferrals,
  paybackTicks: deltas.payback,
  discountedPaybackTicks: deltas.discountedPayback,
  conversion: deltas.conversion,
  lifetimeTicks: deltas.lifetime
});
