import { wordsOfCard } from '#lib/journey/card-text.ts';
import type { Journey } from '#lib/journey/records.ts';
import { standingOf, withNumbers, type SuggestedChange } from '#lib/journey/suggestion.ts';
import { evaluateMap } from './evaluate.ts';
import type { MapFigures } from './figures.ts';
import { formatMetric } from './format.ts';
import { laneName, metricLabel, metricUnit, stageName } from './metric-label.ts';

const SHOWN = 60;

const short = (text: string): string => {
  const line = wordsOfCard(text).trim().replace(/\s+/g, ' ');
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN - 1)}…`;
};

/** What a suggestion changes, in a few words of the map: its card, or its number. */
export function aboutChange(change: SuggestedChange, journey: Journey): string {
  switch (change.kind) {
    case 'metric':
      return metricLabel(change.key, journey);
    case 'add':
      return `A new card in ${laneName(journey, change.lane)}, ${stageName(journey, change.stage)}`;
    case 'text':
    case 'remove':
      return short(change.from) || 'A card';
    case 'move':
      return short(journey.cards.find(({ id }) => id === change.card)?.text ?? '') || 'A card';
  }
}

/** A suggestion as old and new, each as it is shown; null where there is none. */
export function sidesOf(
  change: SuggestedChange,
  journey: Journey
): { readonly from: string | null; readonly to: string | null } {
  switch (change.kind) {
    case 'text':
      return { from: wordsOfCard(change.from), to: wordsOfCard(change.to) };
    case 'add':
      return { from: null, to: wordsOfCard(change.text) };
    case 'remove':
      return { from: wordsOfCard(change.from), to: null };
    case 'move': {
      const place = ({ lane, stage }: { lane: string; stage: string }) =>
        `${laneName(journey, lane)}, ${stageName(journey, stage)}`;
      return { from: place(change.from), to: place(change.to) };
    }
    case 'metric': {
      const shown = (value: number | null) =>
        value === null ? 'not set' : formatMetric(value, metricUnit(change.key), journey.settings);
      return { from: shown(change.from), to: shown(change.to) };
    }
  }
}

/** How much CLV the baseline would have more (or less) with suggestions accepted. */
export type ClvChange =
  | { readonly kind: 'none' } // they change no number of the map
  | { readonly kind: 'change'; readonly before: number; readonly after: number }
  /** One of the two states has no value. */
  | { readonly kind: 'unknown' };

/**
 * The change in CLV of the baseline if suggestions were accepted on the map as it is now. `now`: the map's figures, where
 * they are known.
 */
export function clvChange(
  changes: readonly SuggestedChange[],
  journey: Journey,
  now: MapFigures = evaluateMap(journey)
): ClvChange {
  const live = changes.filter((change) => ['open', 'changed'].includes(standingOf(change, journey)));
  const after = withNumbers(journey, live);
  if (after === journey) return { kind: 'none' };
  const [was, is] = [now.baseline, evaluateMap(after, now).baseline];
  if (!was.ok || !is.ok) return { kind: 'unknown' };
  return { kind: 'change', before: was.value.clv, after: is.value.clv };
}
