import {
  byPeriod,
  evaluateJourney,
  steadyIntake,
  type JourneyInput,
  type JourneyValue,
  type PeriodFlow,
  type PeriodRow,
  type Problem,
  type Warning
} from '#lib/clv/index.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import { placeExists, placeOf } from '#lib/journey/metrics.ts';
import type { Journey, Scenario } from '#lib/journey/records.ts';
import { assumptionsOf, cellsWithCards, metricsIn, type Metrics } from './assumptions.ts';
import {
  HEADLINES,
  type Computed,
  type Deltas,
  type Difference,
  type Evaluation,
  type Headline,
  type MapFigures,
  type Notice,
  type ScenarioFigures
} from './figures.ts';
import { noticeOf } from './notice.ts';
import { same } from '#lib/journey/same.ts';
import { unseenProblems } from './unseen.ts';

/**
 * What a map is worth: the baseline and every scenario (SPEC F1 to F9).
 *
 * @param before the figures of an earlier state of the same map. Whatever was computed from the same assumptions is
 *   taken over as it is, identity included, so that a keystroke re-solves only what it changes.
 */
export function evaluateMap(journey: Journey, before?: MapFigures): MapFigures {
  const filled = cellsWithCards(journey);
  const evaluate = (scenario: ScenarioId | null, former: Evaluation | undefined) =>
    evaluateOne(journey, scenario, assumptionsOf(journey, scenario, filled), former);
  const baseline = evaluate(null, before?.baseline);
  return {
    baseline,
    scenarios: journey.scenarios.map((scenario): ScenarioFigures => {
      // A fresh copy has the baseline's assumptions, so the baseline is what it was before.
      const former = before?.scenarios.find(({ id }) => id === scenario.id)?.evaluation ?? baseline;
      const evaluation = evaluate(scenario.id, former);
      const { id, name } = scenario;
      return {
        id,
        name,
        evaluation,
        differences: differencesOf(journey, scenario),
        deltas: deltasOf(baseline, evaluation)
      };
    })
  };
}

/** Parts of a map that say nothing to its figures; of the cards only in which cells there are any. */
const SILENT = new Set<keyof Journey>(['title', 'cards', 'unplaced', 'objects', 'views']);

/** True when two states of a map have the same figures because nothing that figures are made of has changed. */
export const haveSameFigures = (before: Journey, after: Journey): boolean =>
  (Object.keys(after) as (keyof Journey)[]).every(
    (part) => SILENT.has(part) || before[part] === after[part]
  ) &&
  (before.cards === after.cards || sameSet(cellsWithCards(before), cellsWithCards(after)));

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));

/** The figures that a scenario shows; the baseline's for null and for a scenario that is gone. */
export const evaluationOf = (figures: MapFigures, scenario: ScenarioId | null): Evaluation =>
  figures.scenarios.find(({ id }) => id === scenario)?.evaluation ?? figures.baseline;

function evaluateOne(
  journey: Journey,
  scenario: ScenarioId | null,
  input: JourneyInput,
  former: Evaluation | undefined
): Evaluation {
  const metrics = metricsIn(journey, scenario);
  const unseen = unseenProblems(journey, metrics);
  if (former?.ok && unseen.length === 0 && same(former.input, input)) return former;
  const answer = evaluateJourney(input);
  const told = (findings: readonly (Problem | Warning)[]): Notice[] =>
    findings.map((finding) => noticeOf(finding, journey, metrics));
  const warnings = told(answer.warnings);
  if (!answer.ok) return { ok: false, input, problems: [...told(answer.problems), ...unseen], warnings };
  if (unseen.length > 0) return { ok: false, input, problems: unseen, warnings };
  if (!isBounded(answer.value)) return { ok: false, input, problems: [noBound(journey, metrics)], warnings };
  return { ok: true, input, model: answer.model, value: answer.value, warnings };
}

/** A share near the smallest number that a computer can hold passes every rule and still overflows a quotient. */
const isBounded = (value: JourneyValue): boolean =>
  HEADLINES.every((headline) => {
    const figure = READ[headline](value);
    return figure === null || Number.isFinite(figure);
  });

const noBound = (journey: Journey, metrics: Metrics): Notice =>
  noticeOf(
    {
      code: 'E_NO_CONVERSION',
      at: { on: 'stage', stage: journey.stages[0]?.id ?? '', metric: 'row' },
      message: 'So few prospects become customers that the figures have no bound.'
    },
    journey,
    metrics
  );

function differencesOf(journey: Journey, scenario: Scenario): Difference[] {
  const column = new Map<string, number>(journey.stages.map(({ id }, index) => [id, index + 1]));
  const differences: (Difference & { order: number })[] = [];
  for (const [key, value] of scenario.overrides) {
    const place = placeOf(key);
    if (place === null || !placeExists(place, journey)) continue;
    const stage = place.on === 'transition' ? place.from : place.on === 'settings' ? '' : place.stage;
    differences.push({
      key,
      baseline: journey.metrics.get(key) ?? null,
      value,
      order: column.get(stage) ?? 0
    });
  }
  return differences
    .sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
    .map(({ key, baseline, value }) => ({ key, baseline, value }));
}

const READ: Readonly<Record<Headline, (value: JourneyValue) => number | null>> = {
  clv: (value) => value.clv,
  clvWithReferrals: (value) => value.clvWithReferrals,
  clvOverHorizon: (value) => value.clvOverHorizon,
  cac: (value) => value.cac,
  ratio: (value) => value.ratio,
  payback: (value) => value.paybackTicks,
  discountedPayback: (value) => value.discountedPaybackTicks,
  npv: (value) => value.npvPerProspect,
  npvWithoutReferrals: (value) => value.npvWithoutReferrals,
  conversion: (value) => value.conversion,
  lifetime: (value) => value.lifetimeTicks
};

/** One figure of the head; null where there is none (no CAC to divide by, no payback in time). */
export const headlineOf = (evaluation: Computed, headline: Headline): number | null =>
  READ[headline](evaluation.value);

function deltasOf(baseline: Evaluation, evaluation: Evaluation): Deltas {
  const delta = (headline: Headline): number | null => {
    if (!baseline.ok || !evaluation.ok) return null;
    const [before, after] = [headlineOf(baseline, headline), headlineOf(evaluation, headline)];
    return before === null || after === null ? null : after - before;
  };
  return Object.fromEntries(HEADLINES.map((headline) => [headline, delta(headline)])) as Record<
    Headline,
    number | null
  >;
}

const tables = new WeakMap<Computed, readonly PeriodRow[]>();

/** The by-period table over the horizon, computed when first asked for and kept with its evaluation. */
export function periodsOf(evaluation: Computed): readonly PeriodRow[] {
  const known = tables.get(evaluation);
  if (known !== undefined) return known;
  const rows = byPeriod(evaluation.model, evaluation.model.horizon);
  tables.set(evaluation, rows);
  return rows;
}

/**
 * Visits and cash of the whole map by tick over the horizon, with its number of new prospects in every tick; null while
 * that number is not set.
 */
export function intakeOf(evaluation: Computed): readonly PeriodFlow[] | null {
  const { prospectsPerTick } = evaluation.model;
  if (prospectsPerTick === null) return null;
  return steadyIntake(
    periodsOf(evaluation).map(({ perProspect }) => perProspect),
    prospectsPerTick
  );
}
