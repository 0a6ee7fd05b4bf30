/*
 * RFM: recency, frequency and monetary value as scores of 1 to 5. For display only; what a customer is worth comes from
 * the purchase and spend models.
 */

/** Scores of the customers, in their order. */
export interface RfmScores {
  readonly recency: Uint8Array;
  readonly frequency: Uint8Array;
  readonly monetary: Uint8Array;
}

/** How many customers got each score, [1] to [5]; with many ties fewer than five scores occur. */
export type ScoreSizes = readonly [number, number, number, number, number];

/**
 * Scores 1 to 5 by mid-rank: with pr = (number strictly worse + half the ties, oneself included) / n, the score is
 * min(5, 1 + floor(5 pr)). Equal values share a score, whatever the order of the rows.
 *
 * @param values finite.
 * @param better which end is good.
 */
export function scoreByRank(values: Float64Array, better: 'high' | 'low'): Uint8Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const scores = new Uint8Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    const ties = to - from;
    const worse = better === 'high' ? from : order.length - to;
    // (worse + ties/2)/n in whole numbers, so that rounding decides nothing.
    const score = Math.min(5, 1 + Math.floor((5 * (2 * worse + ties)) / (2 * order.length)));
    for (let place = from; place < to; place++) scores[order[place]!] = score;
    from = to;
  }
  return scores;
}

/**
 * @param columns per customer: time since the last purchase (fewer is better), purchase days, and spend.
 */
export function rfmScores(columns: {
  readonly sinceLast: Float64Array;
  readonly purchases: Float64Array;
  readonly spend: Float64Array;
}): RfmScores {
  return {
    recency: scoreByRank(columns.sinceLast, 'low'),
    frequency: scoreByRank(columns.purchases, 'high'),
    monetary: scoreByRank(columns.spend, 'high')
  };
}

export function scoreSizes(scores: Uint8Array): ScoreSizes {
  const sizes: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const score of scores) sizes[score - 1]! += 1;
  return sizes;
}
