import type { CardColor, CardFacets, Confidence } from './card-facets.ts';
import { tagKey } from './card-facets.ts';
import type { CardId, LaneId, ScenarioId, StageId, ViewId } from './ids.ts';

/** Which cards are shown; a part that is null lets all through. Unset by name: nothing is filtered. */
export interface CardFilter {
  readonly lane: LaneId | null;
  readonly tag: string | null; // as written
  readonly color: CardColor | null;
  readonly confidence: Confidence | null;
  readonly owner: string | null;
  /** Account id of who put the card there, as the server knows it; see {@link Authors}. */
  readonly author: string | null;
}

export const NO_FILTER: CardFilter = {
  lane: null,
  tag: null,
  color: null,
  confidence: null,
  owner: null,
  author: null
};

export const isFiltering = (filter: CardFilter): boolean =>
  Object.values(filter).some((part) => part !== null);

/** Who put each card there: account ids by card. What the server has not answered for is missing. */
export type Authors = ReadonlyMap<string, string>;

interface Filtered {
  readonly id: CardId;
  readonly lane: LaneId;
  readonly facets: CardFacets;
}

/** True when a card has everything that the filter asks for. While `authors` is null they don't count. */
export function passes(
  filter: CardFilter,
  { id, lane, facets }: Filtered,
  authors: Authors | null = null
): boolean {
  const { tag, color, confidence, owner, author } = filter;
  return (
    (filter.lane === null || filter.lane === lane) &&
    (tag === null || facets.tags.some((other) => tagKey(other) === tagKey(tag))) &&
    (color === null || facets.color === color) &&
    (confidence === null || facets.confidence === confidence) &&
    (owner === null || facets.owner === owner) &&
    (author === null || authors === null || authors.get(id) === author)
  );
}

/** Stages and lanes that are folded to a strip. */
export type Folded = ReadonlySet<StageId | LaneId>;

export const NOTHING_FOLDED: Folded = new Set();

/** A part of the board, in board units. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number; // 1 or more
  readonly height: number;
}

/** What somebody saw of the map, kept under a name for everybody on it. */
export interface SavedView {
  readonly id: ViewId;
  readonly name: string;
  readonly rank: string;
  /** What the window showed; another window shows all of it, as large as it fits. */
  readonly area: Area;
  readonly filter: CardFilter;
  readonly folded: readonly (StageId | LaneId)[];
  readonly scenario: ScenarioId | null; // null: the baseline
}
