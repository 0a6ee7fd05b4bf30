import { rfmScores, type Summary, type TimeUnit } from '#lib/clv/transactions/index.ts';

export const SEGMENTS = ['best', 'quiet', 'recent', 'slipping', 'gone'] as const;
export type SegmentName = (typeof SEGMENTS)[number];

/** Names for people, with the rule: R and F are scores of 1 to 5, 5 is best. No break within a score. */
export const SEGMENT_WORDS: Readonly<Record<SegmentName, { readonly name: string; readonly rule: string }>> =
  {
    best: { name: 'Often and lately', rule: 'R\u00a04–5, F\u00a04–5' },
    quiet: { name: 'Often, quiet lately', rule: 'R\u00a01–3, F\u00a04–5' },
    recent: { name: 'Seldom, lately', rule: 'R\u00a04–5, F\u00a01–3' },
    slipping: { name: 'Seldom, a while ago', rule: 'R\u00a02–3, F\u00a01–3' },
    gone: { name: 'Seldom, long ago', rule: 'R\u00a01, F\u00a01–3' }
  };

/** Customers with like recency and frequency. Figures are means per customer. */
export interface Segment {
  readonly name: SegmentName;
  readonly customers: number;
  /** Mean score of spend, 1 to 5. */
  readonly monetary: number;
  readonly alive: number;
  /** Purchases expected in the next year. */
  readonly purchases: number;
  /** Discounted revenue over the map's horizon; null without a spend model. */
  readonly revenue: number | null;
}

/** Figures per customer, in the summary's order. */
export interface CustomerFigures {
  readonly alive: Float64Array;
  readonly purchases: Float64Array;
  readonly revenue: Float64Array | null;
}

const segmentOf = (recency: number, frequency: number): SegmentName => {
  if (frequency >= 4) return recency >= 4 ? 'best' : 'quiet';
  return recency >= 4 ? 'recent' : recency >= 2 ? 'slipping' : 'gone';
};

/** RFM segments with their sizes and what the models expect of them. Scores are for display, value is the models'. */
export function segmentsOf(summary: Summary<TimeUnit>, figures: CustomerFigures): Segment[] {
  const scores = rfmScores({
    sinceLast: summary.T.map((T, row) => T - summary.tx[row]!),
    purchases: summary.x,
    spend: summary.m
  });
  const sums = new Map(
    SEGMENTS.map((name) => [name, { customers: 0, monetary: 0, alive: 0, purchases: 0, revenue: 0 }])
  );
  for (let row = 0; row < summary.x.length; row++) {
    const sum = sums.get(segmentOf(scores.recency[row]!, scores.frequency[row]!))!;
    sum.customers += 1;
    sum.monetary += scores.monetary[row]!;
    sum.alive += figures.alive[row]!;
    sum.purchases += figures.purchases[row]!;
    sum.revenue += figures.revenue?.[row] ?? 0;
  }
  return [...sums].flatMap(([name, { customers, ...sum }]) =>
    customers === 0
      ? []
      : {
          name,
          customers,
          monetary: sum.monetary / customers,
          alive: sum.alive / customers,
          purchases: sum.purchases / customers,
          revenue: figures.revenue === null ? null : sum.revenue / customers
        }
  );
}
