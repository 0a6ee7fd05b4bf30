/** Where two lists differ: what stood at `old` to `oldEnd` of the first stands at `now` to `nowEnd` of the second. */
export interface Span {
  readonly old: number;
  readonly oldEnd: number;
  readonly now: number;
  readonly nowEnd: number;
}

const MOST = 64; // spans beyond which it is quicker to look at everything
const AHEAD = 32; // elements that are looked through for where two lists meet again

/**
 * The parts in which two lists differ, for lists that share most of their elements in the same order; null when they
 * differ in too many places or too much. Besides one comparison for each element the cost is that of what changed.
 */
export function changedSpans<T>(before: readonly T[], after: readonly T[]): Span[] | null {
  const spans: Span[] = [];
  let [old, now] = [0, 0];
  while (old < before.length || now < after.length) {
    if (before[old] === after[now]) {
      old += 1;
      now += 1;
      continue;
    }
    const met = meeting(before, after, old, now);
    if (met === null || spans.length === MOST) return null;
    spans.push({ old, oldEnd: met.old, now, nowEnd: met.now });
    [old, now] = [met.old, met.now];
  }
  return spans;
}

/** The nearest place from which on two lists go on with the same element, or both end. */
function meeting<T>(
  before: readonly T[],
  after: readonly T[],
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
