import type { CardId } from '#lib/journey/ids.ts';
import type { Journey } from '#lib/journey/records.ts';
import {
  isFiltering,
  NO_FILTER,
  NOTHING_FOLDED,
  passes,
  type Authors,
  type CardFilter,
  type Folded
} from '#lib/journey/views.ts';

/**
 * What a person chose to see of the map. It is theirs alone, as the camera is; a saved view hands it to others.
 */
export interface Look {
  readonly filter: CardFilter;
  readonly folded: Folded;
  /** Cards that are shown whatever the filter says: made, pasted or found while it is on. */
  readonly kept: ReadonlySet<CardId>;
  /** Who put the cards there; null while nobody has asked. */
  readonly authors: Authors | null;
}

export const WHOLE_MAP: Look = { filter: NO_FILTER, folded: NOTHING_FOLDED, kept: new Set(), authors: null };

/** The journey without the cards that the filter leaves out. Equal to `journey` without a filter. */
export function lookedAt(journey: Journey, { filter, kept, authors }: Look): Journey {
  if (!isFiltering(filter)) return journey;
  return {
    ...journey,
    cards: journey.cards.filter((card) => passes(filter, card, authors) || kept.has(card.id))
  };
}
