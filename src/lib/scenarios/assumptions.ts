import type { JourneyInput, StageInput } from '#lib/clv/model.ts';
import type { LaneId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import {
  cellKey,
  METRICS,
  settingsKey,
  stageKey,
  transitionsOf,
  type MetricKey,
  type SettingsMetric,
  type StageMetric
} from '#lib/journey/metrics.ts';
import { carriesCost, type Journey } from '#lib/journey/records.ts';

/** Numbers by key, as a journey holds them. */
export type Metrics = Journey['metrics'];

/** The numbers that hold in a scenario: its overrides over the baseline's. Null is the baseline itself. */
export function metricsIn(journey: Journey, scenario: ScenarioId | null): Metrics {
  const overrides = journey.scenarios.find(({ id }) => id === scenario)?.overrides;
  if (overrides === undefined || overrides.size === 0) return journey.metrics;
  return new Map<MetricKey, number | null>([...journey.metrics, ...overrides]);
}

const cellId = (lane: LaneId, stage: StageId): string => `${lane}/${stage}`;

/** The cells that hold at least one card. In a cost lane such a cell is expected to have a cost. */
export function cellsWithCards({ cards }: Pick<Journey, 'cards'>): ReadonlySet<string> {
  const filled = new Set<string>();
  // The cards of a cell stand together: its name is made once for all of them.
  cards.forEach(({ lane, stage }, index) => {
    const before = cards[index - 1];
    if (before?.lane !== lane || before.stage !== stage) filled.add(cellId(lane, stage));
  });
  return filled;
}

/** True for a feeling that can be averaged: from -2 to 2. */
export const isFeeling = (score: number): boolean =>
  score >= METRICS.cells.feeling.min && score <= METRICS.cells.feeling.max;

/** Mean of the scores that the feelings lanes carry at a stage; undefined without any. */
export function feelingAt(
  journey: Pick<Journey, 'lanes'>,
  metrics: Metrics,
  stage: StageId
): number | undefined {
  const scores = journey.lanes
    .filter(({ kind }) => kind === 'feelings')
    .flatMap(({ id }) => metrics.get(cellKey(id, stage, 'feeling')) ?? [])
    .filter(isFeeling);
  return scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * What the engine is asked for the baseline (`null`) or for one scenario. Numbers are handed over as entered, wrong
 * ones included: the engine judges. What is not entered stays undefined.
 *
 * @param filled cells with cards, when the caller evaluates several scenarios of one journey
 */
export function assumptionsOf(
  journey: Journey,
  scenario: ScenarioId | null,
  filled: ReadonlySet<string> = cellsWithCards(journey)
): JourneyInput {
  const metrics = metricsIn(journey, scenario);
  const setting = (metric: SettingsMetric) => metrics.get(settingsKey(metric)) ?? undefined;
  const { settings } = journey;
  const lanes = journey.lanes.filter(({ kind }) => carriesCost(kind));
  return {
    tick: settings.tick,
    currency: settings.currency,
    annualDiscountRate: setting('annualDiscountRate'),
    grossMargin: setting('grossMargin'),
    horizon: setting('horizon'),
    prospectsPerTick: setting('prospectsPerTick'),
    stages: journey.stages.map((stage) => stageInput(journey, metrics, stage)),
    transitions: transitionsOf({ stages: journey.stages, metrics }).map(({ from, to, probability }) => ({
      from,
      to,
      probability: probability ?? undefined
    })),
    lanes: lanes.map(({ id, name }) => ({ id, name })),
    costs: lanes.flatMap(({ id: lane }) =>
      journey.stages.flatMap(({ id: stage }) => {
        const cost = metrics.get(cellKey(lane, stage, 'cost')) ?? undefined;
        return cost === undefined && !filled.has(cellId(lane, stage)) ? [] : [{ lane, stage, cost }];
      })
    ),
    referral: { entry: settings.referralEntry ?? undefined, delay: setting('referralDelay') },
    feelings: {
      kappaPlus: setting('kappaPlus'),
      kappaMinus: setting('kappaMinus'),
      source: settings.feelingsSource
    }
  };
}

function stageInput(journey: Journey, metrics: Metrics, stage: Journey['stages'][number]): StageInput {
  const number = (metric: StageMetric) => metrics.get(stageKey(stage.id, metric)) ?? undefined;
  const alpha = number('sbgAlpha');
  const beta = number('sbgBeta');
  const feeling = feelingAt(journey, metrics, stage.id);
  return {
    id: stage.id,
    name: stage.name,
    kind: stage.kind ?? undefined,
    dwell: number('dwell'),
    ordersPerVisit: number('ordersPerVisit'),
    orderValue: number('orderValue'),
    grossMargin: number('grossMargin'),
    referrals: number('referrals'),
    entry: number('entry'),
    retention: alpha === undefined || beta === undefined ? undefined : { alpha, beta },
    feeling,
    // Transitions were entered while customers felt as the baseline says; where it says nothing they felt neutral.
    feelingBefore: feeling === undefined ? undefined : (feelingAt(journey, journey.metrics, stage.id) ?? 0)
  };
}
