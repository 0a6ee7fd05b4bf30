import type { MetricPlace, MetricRange } from '#lib/journey/metrics.ts';
import type { NumberRange } from '#lib/journey/records.ts';

export type RangeKind = NumberRange['kind'];

/** The ways to say how sure a number is, the likeliest one first: shares of people are counted, money is estimated. */
export function kindsFor(place: MetricPlace | null, { min, unit }: MetricRange): readonly RangeKind[] {
  const counted = place?.on === 'transition' || (place?.on === 'stage' && place.metric === 'entry');
  if (counted) return ['beta', 'range'];
  return min >= 0 && unit === 'money' ? ['range', 'lognormal'] : ['range'];
}

/** A range to begin with: a hundred observations, or a tenth to either side, within what is possible. */
export function startOf(kind: RangeKind, value: number, { min, max, integer }: MetricRange): NumberRange {
  if (kind === 'beta') return { kind, nEff: 100 };
  const away = Math.abs(value) / 10 || (integer ? 1 : 0.1);
  const tidy = (number: number) => Math.min(max, Math.max(min, Number(number.toPrecision(4))));
  const low = integer ? Math.floor(tidy(value - away)) : tidy(value - away);
  const high = integer ? Math.ceil(tidy(value + away)) : tidy(value + away);
  if (kind === 'range') return { kind, low: Math.min(low, value), high: Math.max(high, value) };
  return { kind, low: Math.max(low, tidy(0.01)), high: Math.max(high, tidy(0.02)) };
}
