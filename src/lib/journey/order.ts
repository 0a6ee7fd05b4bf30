import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import type { Card, Lane, Stage } from './records.ts';

interface Ranked {
  readonly id: string;
  readonly rank: string;
}

/** Board order: by rank, ties by id, both as plain code units so that every machine agrees. */
export const byRank = (a: Ranked, b: Ranked): number =>
  a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** `count` ranks in a row, for a list written at once. */
export const ranks = (count: number): string[] => generateNKeysBetween(null, null, count);

/** True when `text` is a rank that others can be put before and after. */
export function isRank(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > 200) return false;
  try {
    generateKeyBetween(text, null);
    return true;
  } catch {
    return false;
  }
}

/**
 * A rank that puts a record at `index` of `siblings` (in board order, the record itself left out).
 * Two people who insert at one place at the same time can give two neighbours the same rank; nothing fits between
 * those, so the new one goes after the run of equals.
 */
export const rankAt = (siblings: readonly Ranked[], index: number): string =>
  generateKeyBetween(...neighbours(siblings, index));

/** As {@link rankAt}, for `count` records in a row. */
export const ranksAt = (siblings: readonly Ranked[], index: number, count: number): string[] =>
  generateNKeysBetween(...neighbours(siblings, index), count);

function neighbours(siblings: readonly Ranked[], index: number): [string | null, string | null] {
  const place = Math.max(0, Math.min(index, siblings.length));
  const before = siblings[place - 1]?.rank ?? null;
  const after =
    siblings.slice(place).find((sibling) => before === null || sibling.rank > before)?.rank ?? null;
  return [before, after];
}

/** Cards in board order, and those whose stage or lane is gone. */
export interface PlacedCards {
  readonly cards: readonly Card[];
  readonly unplaced: readonly Card[];
}

interface BoardOrder {
  readonly isPlaced: (card: Card) => boolean;
  readonly compare: (a: Card, b: Card) => number; // both placed
}

function boardOrder(stages: readonly Stage[], lanes: readonly Lane[]): BoardOrder {
  const column = new Map(stages.map((stage, index) => [stage.id, index]));
  const row = new Map(lanes.map((lane, index) => [lane.id, index]));
  return {
    isPlaced: (card) => column.has(card.stage) && row.has(card.lane),
    compare: (a, b) =>
      (column.get(a.stage) ?? 0) - (column.get(b.stage) ?? 0) ||
      (row.get(a.lane) ?? 0) - (row.get(b.lane) ?? 0) ||
      byRank(a, b)
  };
}

/** Cards in board order, apart from those whose stage or lane is gone. */
export function placeCards(
  cards: Iterable<Card>,
  stages: readonly Stage[],
  lanes: readonly Lane[]
): PlacedCards {
  const { isPlaced, compare } = boardOrder(stages, lanes);
  const placed: Card[] = [];
  const unplaced: Card[] = [];
  for (const card of cards) (isPlaced(card) ? placed : unplaced).push(card);
  return { cards: placed.sort(compare), unplaced: unplaced.sort(byRank) };
}

/** One card as it was and as it is; null where it was not, or is not any more. */
export interface CardChange {
  readonly before: Card | null;
  readonly after: Card | null;
}

/**
 * What {@link placeCards} would answer for the changed cards, from its answer for those before: each change is a search
 * by halves. Stages and lanes are the same as then.
 */
export function replaceCards(
  { cards, unplaced }: PlacedCards,
  changes: readonly CardChange[],
  stages: readonly Stage[],
  lanes: readonly Lane[]
): PlacedCards {
  const { isPlaced, compare } = boardOrder(stages, lanes);
  const lists = { placed: [...cards], unplaced: [...unplaced] };
  const touched = { placed: false, unplaced: false };
  const listOf = (card: Card) => {
    const name = isPlaced(card) ? 'placed' : 'unplaced';
    touched[name] = true;
    return { list: lists[name], order: name === 'placed' ? compare : byRank };
  };
  for (const { before } of changes) {
    if (before === null) continue;
    const { list, order } = listOf(before);
    const index = placeIn(list, before, order);
    if (list[index]?.id === before.id) list.splice(index, 1);
  }
  for (const { after } of changes) {
    if (after === null) continue;
    const { list, order } = listOf(after);
    list.splice(placeIn(list, after, order), 0, after);
  }
  return {
    cards: touched.placed ? lists.placed : cards,
    unplaced: touched.unplaced ? lists.unplaced : unplaced
  };
}

/** The index of the first card that does not come before `card`. */
function placeIn(list: readonly Card[], card: Card, order: (a: Card, b: Card) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = list[middle];
    if (other !== undefined && order(other, card) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
