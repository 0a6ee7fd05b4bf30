import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey, MetricRange } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { metricsIn } from './assumptions.ts';
import { evaluationOf, headlineOf } from './evaluate.ts';
import { HEADLINES, type Evaluation, type Headline, type MapFigures } from './figures.ts';
import { metricLabel, metricUnit } from './metric-label.ts';

/** At least and at most so many stand side by side, the baseline counted. */
export const COMPARED = { min: 2, max: 4 } as const;

export interface Compared {
  readonly columns: readonly {
    readonly id: ScenarioId | null;
    readonly name: string;
    readonly evaluation: Evaluation;
  }[];
  /** One value for each column; null where there is no such figure. */
  readonly headlines: readonly { readonly headline: Headline; readonly values: readonly (number | null)[] }[];
  /** Every number in which a column differs from the baseline, in the map's order; null where it is not set. */
  readonly differences: readonly {
    readonly key: MetricKey;
    readonly label: string;
    readonly unit: MetricRange['unit'];
    readonly baseline: number | null;
    readonly values: readonly (number | null)[];
  }[];
}

/**
 * Two to four of the baseline and the scenarios side by side, with every difference from the baseline (SPEC F21).
 *
 * @param ids null is the baseline; ids of scenarios that are gone are left out
 */
export function compareScenarios(
  journey: Journey,
  figures: MapFigures,
  ids: readonly (ScenarioId | null)[]
): Compared {
  const there = ids.filter((id) => id === null || figures.scenarios.some((scenario) => scenario.id === id));
  const columns = there.map((id) => ({
    id,
    name: nameOf(figures, id),
    evaluation: evaluationOf(figures, id)
  }));
  const metrics = there.map((id) => metricsIn(journey, id));
  // A scenario's differences come in the map's order; what several change is told where the first tells it.
  const keys = new Set(
    figures.scenarios
      .filter(({ id }) => there.includes(id))
      .flatMap(({ differences }) => differences.map(({ key }) => key))
  );
  return {
    columns,
    headlines: HEADLINES.map((headline) => ({
      headline,
      values: columns.map(({ evaluation }) => (evaluation.ok ? headlineOf(evaluation, headline) : null))
    })).filter(({ values }) => values.some((value) => value !== null)),
    differences: [...keys].map((key) => ({
      key,
      label: metricLabel(key, journey),
      unit: metricUnit(key),
      baseline: journey.metrics.get(key) ?? null,
      values: metrics.map((numbers) => numbers.get(key) ?? null)
    }))
  };
}

function nameOf(figures: MapFigures, id: ScenarioId | null): string {
  if (id === null) return 'Baseline';
  return figures.scenarios.find((scenario) => scenario.id === id)?.name.trim() || 'Unnamed scenario';
}
