import { evaluateJourney } from '../evaluate.ts';
import type { JourneyInput } from '../model.ts';
import { applyEdits } from './edits.ts';
import { baselineOf, type Baseline } from './opportunity.ts';
import { fromEngine } from './problems.ts';
import { barsOf, spreadsOf } from './ranges.ts';
import type {
  Edit,
  RangedNumber,
  Refused,
  TornadoBar,
  TornadoEnd,
  TornadoResult,
  TornadoRow
} from './types.ts';

/**
 * One-way sensitivity (D15): each bar at its low and at its high end, everything else as entered, by re-solving. Sorted by
 * swing, largest first; bars of equal swing stay in the order given.
 *
 * @param bars from {@link tornadoBars}, or made by hand, as for several numbers that move together.
 * @param by the figure whose swing sorts the rows.
 * @returns the engine's problems when the map itself has no value; an end without a value is told in its row.
 */
export function tornado(
  input: JourneyInput,
  bars: readonly TornadoBar[],
  by: 'npv' | 'clv' = 'npv'
): TornadoResult {
  const baseline = baselineOf(input);
  if (!baseline.ok) return baseline;
  const size = (row: TornadoRow) => (by === 'npv' ? row.npvSwing : row.clvSwing) ?? Number.MAX_VALUE;
  const rows = bars.map((bar) => rowOf(baseline, bar));
  return { ok: true, base: baseline.figures, rows: rows.sort((a, b) => size(b) - size(a)) };
}

/** One bar for each number with a range; the refusals of `spreadsOf`. */
export function tornadoBars(
  input: JourneyInput,
  ranges: readonly RangedNumber[]
): { readonly ok: true; readonly bars: readonly TornadoBar[] } | Refused {
  const found = spreadsOf(input, ranges);
  return found.ok ? { ok: true, bars: barsOf(found.spreads) } : found;
}

function rowOf(baseline: Baseline, bar: TornadoBar): TornadoRow {
  const [low, high] = [endOf(baseline, bar.low), endOf(baseline, bar.high)];
  const swing = (figure: 'npvPerProspect' | 'clv') => {
    if (!low.ok || !high.ok) return null;
    const values = [low[figure], baseline.figures[figure], high[figure]];
    return Math.max(...values) - Math.min(...values);
  };
  return { bar, low, high, npvSwing: swing('npvPerProspect'), clvSwing: swing('clv') };
}

function endOf({ input }: Baseline, edits: readonly Edit[]): TornadoEnd {
  const edited = applyEdits(input, edits);
  if (!edited.ok) return edited;
  const result = evaluateJourney(edited.input);
  if (!result.ok) return fromEngine(result.problems);
  const { npvPerProspect, clv } = result.value;
  return { ok: true, npvPerProspect, clv };
}
