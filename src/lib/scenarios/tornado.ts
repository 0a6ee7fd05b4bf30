import { tornado, tornadoBars } from '#lib/clv/decisions/index.ts';
import type { Edit, TornadoEnd } from '#lib/clv/decisions/index.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { metricsIn } from './assumptions.ts';
import { decisionNotice, type DecisionNotice } from './decision-notice.ts';
import type { Computed } from './figures.ts';
import { metricLabel } from './metric-label.ts';
import { placeKey } from './place-key.ts';
import { rangesOf } from './simulation.ts';

/** A figure at one end of a number's range; null where the map then has no value, and `why`. */
export interface TornadoSide {
  /** The number at this end. */
  readonly at: number;
  /** Money. */
  readonly figure: number | null;
  readonly why: string | null;
}

/** How far a figure moves while one number goes through its range and the rest stays as entered. */
export interface TornadoLine {
  readonly key: MetricKey;
  readonly label: string;
  readonly low: TornadoSide;
  readonly high: TornadoSide;
  /** Money; null where an end has no value. */
  readonly swing: number | null;
}

export interface Tornado {
  /** The figure at the numbers as entered, money. */
  readonly base: number;
  /** Largest swing first; ends without a value before all others. */
  readonly lines: readonly TornadoLine[];
  readonly problems: readonly DecisionNotice[];
}

/** The tornado of CLV or of the value per prospect over all numbers that have a range (SPEC F20). */
export function tornadoOf(
  of: 'clv' | 'npv',
  journey: Journey,
  scenario: ScenarioId | null,
  evaluation: Computed
): Tornado {
  const { good, problems } = rangesOf(journey, scenario, evaluation);
  const metrics = metricsIn(journey, scenario);
  const base = of === 'clv' ? evaluation.value.clv : evaluation.value.npvPerProspect;
  const refuse = (found: readonly Parameters<typeof decisionNotice>[0][]): Tornado => ({
    base,
    lines: [],
    problems: [...problems, ...found.map((problem) => decisionNotice(problem, journey, metrics))]
  });
  const bars = tornadoBars(
    evaluation.input,
    good.map(({ ranged }) => ranged)
  );
  if (!bars.ok) return refuse(bars.problems);
  const result = tornado(evaluation.input, bars.bars, of);
  if (!result.ok) return refuse(result.problems);
  const keys = new Map(good.map(({ key, ranged }) => [placeKey(ranged.place), key]));
  const lines = result.rows.flatMap(({ bar, low, high, npvSwing, clvSwing }): TornadoLine[] => {
    const place = bar.places[0];
    const key = place === undefined ? undefined : keys.get(placeKey(place));
    if (place === undefined || key === undefined) return [];
    const side = (end: TornadoEnd, edits: readonly Edit[]): TornadoSide => ({
      at: edits.find((edit) => placeKey(edit.place) === placeKey(place))?.amount ?? 0,
      figure: end.ok ? (of === 'clv' ? end.clv : end.npvPerProspect) : null,
      why: end.ok ? null : (end.problems[0]?.message ?? null)
    });
    return [
      {
        key,
        label: metricLabel(key, journey),
        low: side(low, bar.low),
        high: side(high, bar.high),
        swing: of === 'clv' ? clvSwing : npvSwing
      }
    ];
  });
  return { base, lines, problems };
}
