import { SvelteMap } from 'svelte/reactivity';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import { placeExists, placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';

interface Entry {
  readonly scenario: ScenarioId | null;
  readonly metric: MetricKey;
  readonly text: string;
}

const keyOf = (scenario: ScenarioId | null, metric: MetricKey): string => `${scenario ?? ''} ${metric}`;

/**
 * What one person has typed into fields of numbers and could not be read. It never enters the map; the figures go on with
 * the number that was there before, and the panel says so until the field is put right.
 */
export class Unread {
  readonly #entries = new SvelteMap<string, Entry>();

  /** What stands in a field; null where everything could be read. */
  textOf(scenario: ScenarioId | null, metric: MetricKey): string | null {
    return this.#entries.get(keyOf(scenario, metric))?.text ?? null;
  }

  /** Null: the field can be read again. */
  set(scenario: ScenarioId | null, metric: MetricKey, text: string | null): void {
    if (text === null) this.#entries.delete(keyOf(scenario, metric));
    else this.#entries.set(keyOf(scenario, metric), { scenario, metric, text });
  }

  /** The numbers of a scenario, or of the baseline, whose field can't be read, while they are on the map. */
  metricsOf(scenario: ScenarioId | null, journey: Journey): MetricKey[] {
    return [...this.#entries.values()].flatMap(({ scenario: of, metric }) => {
      const place = placeOf(metric);
      return of === scenario && place !== null && placeExists(place, journey) ? [metric] : [];
    });
  }
}

const unread = new WeakMap<JourneyDocument, Unread>();

/** The unreadable fields of an open map; they outlive the fields that are on the screen. */
export function unreadOf(document: JourneyDocument): Unread {
  let found = unread.get(document);
  if (found === undefined) unread.set(document, (found = new Unread()));
  return found;
}
