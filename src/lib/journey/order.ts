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

/** Ranks as they nearly always are: a letter that says how long the whole part is, and a fraction without a last zero. */
const USUAL = /^[a-y][0-9A-Za-z]{1,198}$/;
const isUsual = (text: string): boolean => {
  if (!USUAL.test(text)) return false;
  const whole = text.charCodeAt(0) - 95; // "a" and one digit
  return text.length === whole || (text.length > whole && !text.endsWith('0'));
};

/** True when `text` is a rank that others can be put before and after. */
export function isRank(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > 200) return false;
  if (isUsual(text)) return true;
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

/** One record as it was and as it is; null where it was not, or is not any more. */
export interface RecordChange<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** The list in its order with the changes made; each is a search by halves. The same list when nothing changed. */
export function replaceRanked<T extends Ranked>(
  list: readonly T[],
  changes: readonly RecordChange<T>[],
  order: (a: T, b: T) => number = byRank
): readonly T[] {
  const next = [...list];
  let touched = false;
  for (const { before } of changes) {
    if (before === null) continue;
    const index = placeIn(next, before, order);
    if (next[index]?.id !== before.id) continue;
    next.splice(index, 1);
    touched = true;
  }
  for (const { after } of changes) {
    if (after === null) continue;
    next.splice(placeIn(next, after, order), 0, after);
    touched = true;
  }
  return touched ? next : list;
}

/**
 * What {@link placeCards} would answer for the changed cards, from its answer for those before. Stages and lanes are the
 * same as then.
 */
export function replaceCards(
  { cards, unplaced }: PlacedCards,
  changes: readonly RecordChange<Card>[],
  stages: readonly Stage[],
  lanes: readonly Lane[]
): PlacedCards {
  const { isPlaced, compare } = boardOrder(stages, lanes);
  const only = (placed: boolean) => {
    const pick = (card: Card | null) => (card !== null && isPlaced(card) === placed ? card : null);
    return changes.map(({ before, after }) => ({ before: pick(before), after: pick(after) }));
  };
  return {
    cards: replaceRanked(cards, only(true), compare),
    unplaced: replaceRanked(unplaced, only(false))
  };
}

/** The index of the first record that does not come before `record`. */
function placeIn<T>(list: readonly T[], record: T, order: (a: T, b: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = list[middle];
    if (other !== undefined && order(other, record) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
