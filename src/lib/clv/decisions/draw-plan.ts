import type { Layout } from './layout.ts';
import type { RandomStream } from './random.ts';
import type { Spread } from './ranges.ts';

/** Draws every uncertain number of a map into an array of its numbers (D13, D14). */
export type DrawPlan = (random: RandomStream, numbers: Float64Array) => void;

/** @param layout in which all places of the spreads have a slot. */
export function drawPlan(spreads: readonly Spread[], layout: Layout): DrawPlan {
  const parts = spreads.map((spread) => partOf(spread, layout));
  return (random, numbers) => {
    for (const part of parts) part(random, numbers);
  };
}

function partOf(spread: Spread, layout: Layout): DrawPlan {
  if (spread.kind === 'shares') return sharesPart(spread, layout);
  const slot = layout.slotOf(spread.place);
  const round = spread.whole ? Math.round : (value: number) => value;
  const { low, high } = spread;
  if (spread.kind === 'lognormal')
    return (random, numbers) => {
      numbers[slot] = round(random.lognormal(low, high));
    };
  const { mode } = spread;
  return (random, numbers) => {
    numbers[slot] = round(random.pert(low, mode, high));
  };
}

/** Shares of what the others, as just drawn, leave of 1. */
function sharesPart(
  { places, means, rest, others, nEff }: Extract<Spread, { kind: 'shares' }>,
  layout: Layout
): DrawPlan {
  const slots = places.map((place) => layout.slotOf(place));
  const besides = others.map((place) => layout.slotOf(place));
  const total = [...means, rest].reduce((sum, share) => sum + share, 0);
  const shapes = Float64Array.from([...means, rest], (share) => nEff * share);
  const shares = new Float64Array(shapes.length);
  return (random, numbers) => {
    if (total === 0) return;
    let left = 1;
    for (const slot of besides) left -= numbers[slot]!;
    random.dirichlet(shapes, shares);
    for (let k = 0; k < slots.length; k++) numbers[slots[k]!] = Math.max(0, left) * shares[k]!;
  };
}
