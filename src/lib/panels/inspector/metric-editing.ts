import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import { placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';

/** A number as its field shows it. */
export interface ShownMetric {
  /** What holds: the scenario's number, or else the baseline's. Undefined: not set. */
  readonly value: number | undefined;
  readonly baseline: number | undefined;
  /** The scenario has a number of its own here. */
  readonly overridden: boolean;
}

/** The number under a key in the baseline (`null`) or a scenario. */
export function shownMetric(journey: Journey, scenario: ScenarioId | null, key: MetricKey): ShownMetric {
  const baseline = journey.metrics.get(key) ?? undefined;
  const override = journey.scenarios.find(({ id }) => id === scenario)?.overrides.get(key);
  return { value: override ?? baseline, baseline, overridden: override !== undefined };
}

/**
 * Writes a number where the person is working: into the scenario, or into the baseline. `undefined` unsets it, which in
 * a scenario means the baseline's number holds again. An arrow without its share stays drawn.
 */
export function writeMetric(
  document: JourneyDocument,
  scenario: ScenarioId | null,
  key: MetricKey,
  value: number | undefined
): void {
  const place = placeOf(key);
  if (scenario !== null) document.setOverride(scenario, key, value);
  else if (place?.on === 'transition') document.setTransition(place.from, place.to, value ?? null);
  else document.setMetric(key, value);
}
