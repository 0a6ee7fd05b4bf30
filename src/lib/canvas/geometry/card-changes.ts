import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { Card } from '#lib/journey/records.ts';

/** The cards of one cell, as they now are. */
export interface ChangedCell {
  readonly lane: LaneId;
  readonly stage: StageId;
  readonly cards: readonly Card[];
}

const MOST = 64; // cells beyond which it is quicker to look at all of them
const AHEAD = 32; // cards that are looked through for where two lists meet again

/**
 * The cells in which two lists of cards differ; null when that is many. Both are in board order, and cards that did not
 * change are the same objects in both: besides one comparison for each card the cost is that of what changed.
 */
export function changedCells(before: readonly Card[], after: readonly Card[]): ChangedCell[] | null {
  const found = new Map<string, ChangedCell>();
  const touch = ({ lane, stage }: Card, at: number): void => {
    const key = `${lane}/${stage}`;
    if (!found.has(key)) found.set(key, { lane, stage, cards: runAround(after, lane, stage, at) });
  };
  let [old, now] = [0, 0];
  while (old < before.length || now < after.length) {
    if (before[old] === after[now]) {
      old += 1;
      now += 1;
      continue;
    }
    const met = meeting(before, after, old, now);
    if (met === null) return null;
    // What is there first: it says where the cell's cards are.
    for (let index = now; index < met.now; index += 1) touch(after[index] as Card, index);
    for (let index = old; index < met.old; index += 1) touch(before[index] as Card, met.now);
    if (found.size > MOST) return null;
    [old, now] = [met.old, met.now];
  }
  return [...found.values()];
}

/** The nearest place from which on two lists go on with the same card, or both end. */
function meeting(
  before: readonly Card[],
  after: readonly Card[],
  old: number,
  now: number
): { old: number; now: number } | null {
  for (let steps = 1; steps <= AHEAD; steps += 1)
    for (let skipped = 0; skipped <= steps; skipped += 1) {
      const at = { old: old + skipped, now: now + steps - skipped };
      if (at.old > before.length || at.now > after.length) continue;
      if (before[at.old] === after[at.now]) return at;
    }
  return null;
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
