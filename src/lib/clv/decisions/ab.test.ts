import { describe, expect, it } from 'vitest';
import { subscription } from '../../../../tests/oracles/maps.ts';
import { programmeOnSubscription as programme } from '../../../../tests/oracles/opportunities.ts';
import { evaluateJourney } from '../index.ts';
import { chanceAbove, compareVariants } from '../transactions/ab-test.ts';
import { abOnMapSteps, moreTrialsNeeded, type AbOptions } from './ab.ts';
import { finish } from './steps.ts';

const a = { trials: 1000, conversions: 120 };
const b = { trials: 1000, conversions: 145 };
const test = (() => {
  const result = compareVariants(a, b);
  if (!result.ok) throw new Error(result.message);
  return { from: 'Visit', to: 'Signup', posteriorA: result.posteriorA, posteriorB: result.posteriorB };
})();

function onMap(change: Partial<AbOptions> = {}) {
  const options = { seed: 1, draws: 4000, programme, oneOffCost: 0, runningCost: 0, ...change };
  const result = finish(abOnMapSteps(subscription(), test, options));
  if (!result?.ok || result.figures === null) throw new Error(JSON.stringify(result));
  return result.figures;
}

describe('D19: an A/B test on the map', () => {
  it('row 79 on J1: pays as often as B is better when it costs nothing', () => {
    const { pays, npvGain, clvGain } = onMap();
    expect(Math.abs(pays.value - 0.9501969076)).toBeLessThan(4 * pays.standardError);
    const value = (rate: number) => {
      const result = evaluateJourney(subscription({ Visit: { to: { Signup: rate } } }));
      return result.ok ? result.value.npvPerProspect : NaN;
    };
    expect(npvGain.base).toBeCloseTo(value(146 / 1002) - value(121 / 1002), 9);
    expect(Math.abs(npvGain.mean.value - npvGain.base)).toBeLessThan(4 * npvGain.mean.standardError);
    expect(clvGain.mean.value).toBeCloseTo(0, 9);
  });

  it('pays less often the more it costs', () => {
    const [free, cheap, dear] = [0, 100_000, 1e7].map((oneOffCost) => onMap({ oneOffCost }).pays.value);
    expect(free).toBeGreaterThan(cheap!);
    expect(cheap).toBeGreaterThan(dear!);
    expect(dear).toBe(0);
  });

  it('the same seed gives the same numbers, and wrong options are refused', () => {
    expect(onMap({ draws: 500 })).toEqual(onMap({ draws: 500 }));
    const options = { seed: 1, draws: 10, programme, oneOffCost: -1, runningCost: 0 };
    expect(finish(abOnMapSteps(subscription(), test, options))).toMatchObject({ ok: false });
  });
});

describe('D20: more trials', () => {
  const chanceAfter = (more: number) =>
    chanceAbove(
      { alpha: 1 + Math.round(145 + 0.145 * more), beta: 1 + Math.round(855 + 0.855 * more) },
      { alpha: 1 + Math.round(120 + 0.12 * more), beta: 1 + Math.round(880 + 0.88 * more) }
    );

  it('is enough and not much more than enough', () => {
    const more = moreTrialsNeeded(a, b, 0.99)!;
    expect(chanceAfter(more)).toBeGreaterThanOrEqual(0.99);
    expect(chanceAfter(0.95 * more)).toBeLessThan(0.99);
    expect(moreTrialsNeeded(b, a, 0.99)).toBe(more);
  });

  it('is none when sure already, and unknown when the rates are equal', () => {
    expect(moreTrialsNeeded(a, b, 0.95)).toBe(0);
    expect(moreTrialsNeeded(a, a, 0.95)).toBeNull();
  });
});
