import type { CardColor, Confidence } from './card-facets.ts';
import { tagKey } from './card-facets.ts';
import type { LaneId, StageId } from './ids.ts';
import type { Card } from './records.ts';

/** Which cards are shown; a part that is null lets all through. Unset by name: nothing is filtered. */
export interface CardFilter {
  readonly lane: LaneId | null;
  readonly tag: string | null; // as written
  readonly color: CardColor | null;
  readonly confidence: Confidence | null;
  readonly owner: string | null;
}

export const NO_FILTER: CardFilter = { lane: null, tag: null, color: null, confidence: null, owner: null };

export const isFiltering = (filter: CardFilter): boolean =>
  Object.values(filter).some((part) => part !== null);

/** True when a card has everything that the filter asks for. */
export function passes(filter: CardFilter, { lane, facets }: Card): boolean {
  const { tag, color, confidence, owner } = filter;
  return (
    (filter.lane === null || filter.lane === lane) &&
    (tag === null || facets.tags.some((other) => tagKey(other) === tagKey(tag))) &&
    (color === null || facets.color === color) &&
    (confidence === null || facets.confidence === confidence) &&
    (owner === null || facets.owner === owner)
  );
}

/** Stages and lanes that are folded to a strip. */
export type Folded = ReadonlySet<StageId | LaneId>;

export const NOTHING_FOLDED: Folded = new Set();
