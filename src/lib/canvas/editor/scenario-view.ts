import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';

/** Numbers that stand in place of the baseline's. */
export type Overrides = ReadonlyMap<MetricKey, number>;

const NONE: Overrides = new Map();
const shown = new WeakMap<Journey, Map<ScenarioId, Journey>>();

/** What a scenario changes; nothing for the baseline and for a scenario that is gone. */
export const overridesOf = (journey: Journey, scenario: ScenarioId | null): Overrides =>
  journey.scenarios.find(({ id }) => id === scenario)?.overrides ?? NONE;

/** The journey with a scenario's numbers in place of the baseline's. The same object while nothing changes. */
export function journeyIn(journey: Journey, scenario: ScenarioId | null): Journey {
  const overrides = overridesOf(journey, scenario);
  if (scenario === null || overrides.size === 0) return journey;
  const known = shown.get(journey) ?? new Map<ScenarioId, Journey>();
  shown.set(journey, known);
  let found = known.get(scenario);
  if (found === undefined) {
    found = { ...journey, metrics: new Map([...journey.metrics, ...overrides]) };
    known.set(scenario, found);
  }
  return found;
}
