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

/** Cards in board order, apart from those whose stage or lane is gone. */
export function placeCards(
  cards: Iterable<Card>,
  stages: readonly Stage[],
  lanes: readonly Lane[]
): { cards: Card[]; unplaced: Card[] } {
  const column = new Map(stages.map((stage, index) => [stage.id, index]));
  const row = new Map(lanes.map((lane, index) => [lane.id, index]));
  const placed: Card[] = [];
  const unplaced: Card[] = [];
  for (const card of cards) (column.has(card.stage) && row.has(card.lane) ? placed : unplaced).push(card);
  placed.sort(
    (a, b) =>
      (column.get(a.stage) ?? 0) - (column.get(b.stage) ?? 0) ||
      (row.get(a.lane) ?? 0) - (row.get(b.lane) ?? 0) ||
      byRank(a, b)
  );
  return { cards: placed, unplaced: unplaced.sort(byRank) };
}
