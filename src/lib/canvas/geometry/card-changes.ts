import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { Card } from '#lib/journey/records.ts';
import { changedSpans } from './list-changes.ts';

/** The cards of one cell, as they now are. */
export interface ChangedCell {
  readonly lane: LaneId;
  readonly stage: StageId;
  readonly cards: readonly Card[];
}

/**
 * The cells in which two lists of cards differ; null when that is many. Both are in board order, and cards that did not
 * change are the same objects in both.
 */
export function changedCells(before: readonly Card[], after: readonly Card[]): ChangedCell[] | null {
  const spans = changedSpans(before, after);
  if (spans === null) return null;
  const found = new Map<string, ChangedCell>();
  const touch = ({ lane, stage }: Card, at: number): void => {
    const key = `${lane}/${stage}`;
    if (!found.has(key)) found.set(key, { lane, stage, cards: runAround(after, lane, stage, at) });
  };
  for (const { old, oldEnd, now, nowEnd } of spans) {
    // What is there first: it says where the cell's cards are.
    after.slice(now, nowEnd).forEach((card, index) => touch(card, now + index));
    for (const card of before.slice(old, oldEnd)) {
      const left = after[now - 1];
      touch(card, left?.lane === card.lane && left.stage === card.stage ? now : nowEnd);
    }
  }
  return [...found.values()];
}

/** The cards of a cell, which stand together at or just before an index. */
function runAround(cards: readonly Card[], lane: LaneId, stage: StageId, at: number): readonly Card[] {
  const isIn = (index: number) => cards[index]?.lane === lane && cards[index].stage === stage;
  let start = at;
  while (isIn(start - 1)) start -= 1;
  let end = at;
  while (isIn(end)) end += 1;
  return cards.slice(start, end);
}
