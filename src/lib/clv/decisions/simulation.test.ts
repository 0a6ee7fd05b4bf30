import { describe, expect, it, vi } from 'vitest';
import { journeyOf, shop, subscription } from '../../../../tests/oracles/maps.ts';
import { onSubscription, orderValue, share } from '../../../../tests/oracles/opportunities.ts';
import { byPeriod, evaluateJourney, expectedPeriods, type JourneyInput, type Place } from '../index.ts';
import { quantile, quantileOfUnsorted } from './quantiles.ts';
import { createRandom } from './random.ts';
import { simulationSteps, type SimulationOptions } from './simulation.ts';
import { finish } from './steps.ts';
import type { Progress, RangedNumber, SimulationValue } from './types.ts';

vi.setConfig({ testTimeout: 120_000 });

function simulate(
  input: JourneyInput,
  ranges: readonly RangedNumber[],
  options: SimulationOptions
): SimulationValue {
  const result = finish(simulationSteps(input, ranges, options));
  if (!result?.ok) throw new Error(JSON.stringify(result?.problems));
  return result;
}

const figuresOf = ({ figures }: SimulationValue) => {
  if (figures === null) throw new Error('no draw has a value');
  return figures;
};

const oneStage = journeyOf(
  { tick: 'month', annualDiscountRate: 0.1, grossMargin: 1 },
  { Active: { kind: 'customer', to: { Active: 0.93 }, dwell: 1, ordersPerVisit: 1, orderValue: 29.88 } }
);
const stay = share('Active', 'Active');
const row = (stage: string): Place => ({ on: 'stage', stage, metric: 'row' });
const rows = (nEff: number, input: JourneyInput): RangedNumber[] =>
  [...new Set(input.transitions.map(({ from }) => from))].map((stage) => ({
    place: row(stage),
    range: { kind: 'beta', nEff }
  }));

describe('MC-1: one stage, r ~ Beta(93, 7)', () => {
  it('has this mean exactly', () => {
    const v = 0.992088943447;
    expect(29.88 * expectedPeriods({ alpha: 7, beta: 93 }, v)).toBeCloseTo(431.418372, 5);
  });

  it.each([1, 20_261_122])('D17: mean, deviation and quantiles of 10,000 draws with seed %i', (seed) => {
    const result = simulate(oneStage, [{ place: stay, range: { kind: 'beta', nEff: 100 } }], { seed });
    const { clv, ratioBelow3, paybackOver12Months } = figuresOf(result);
    expect(result).toMatchObject({ seed, draws: 10_000, valued: 10_000, withoutValue: { count: 0 } });
    expect(clv.base).toBeCloseTo(386.25969, 5);
    expect(Math.abs(clv.mean.value - 431.418372)).toBeLessThan(4.7);
    expect(Math.abs(clv.sd / 154.724267 - 1)).toBeLessThan(0.05);
    expect(Math.abs(clv.p5.value / 242.720945 - 1)).toBeLessThan(0.02);
    expect(Math.abs(clv.p50.value / 400.952188 - 1)).toBeLessThan(0.02);
    expect(Math.abs(clv.p95.value / 723.520991 - 1)).toBeLessThan(0.03);
    expect(clv.mean.standardError).toBeCloseTo(clv.sd / 100, 12);
    expect(clv.p95.standardError).toBeGreaterThan(clv.p5.standardError);
    expect([ratioBelow3.value, paybackOver12Months.value]).toEqual([0, 0]);
  });

  it('D18: says that the mean exceeds the value at the mean', () => {
    const uncertain: RangedNumber[] = [{ place: stay, range: { kind: 'beta', nEff: 100 } }];
    expect(figuresOf(simulate(oneStage, uncertain, { seed: 1 })).clv.meanAboveBase).toBe(true);
    const priced: RangedNumber[] = [
      { place: orderValue('Active'), range: { kind: 'range', low: 20, mode: 40, high: 60 } }
    ];
    expect(figuresOf(simulate(oneStage, priced, { seed: 1, draws: 500 })).clv.meanAboveBase).toBe(false);
  });
});

describe('D16: zero spread is the map itself', () => {
  const narrow = (input: JourneyInput): RangedNumber[] =>
    input.stages.flatMap(({ id, orderValue: value }): RangedNumber[] =>
      value === undefined
        ? []
        : [{ place: orderValue(id), range: { kind: 'range', low: value, high: value } }]
    );

  it.each([
    ['J1', subscription()],
    ['J2', shop()]
  ])('%s, without ranges and with ranges of no width', (_, input) => {
    const base = evaluateJourney(input);
    if (!base.ok) throw new Error('no value');
    for (const ranges of [[], narrow(input)]) {
      const result = simulate(input, ranges, { seed: 3, draws: 50 });
      const { npvPerProspect, clv, cac } = figuresOf(result);
      for (const [figure, wanted] of [
        [npvPerProspect, base.value.npvPerProspect],
        [clv, base.value.clv],
        [cac, base.value.cac]
      ] as const) {
        for (const { value } of [figure.mean, figure.p5, figure.p50, figure.p95])
          expect(value).toBeCloseTo(wanted, 9);
        expect([figure.sd, figure.mean.standardError, figure.p50.standardError]).toEqual([0, 0, 0]);
        expect(figure.meanAboveBase).toBe(false);
      }
      const table = byPeriod(base.model, 36);
      result.band.forEach(({ tick, p5, p50, p95 }) => {
        for (const value of [p5, p50, p95]) expect(value).toBeCloseTo(table[tick]!.perCustomer.cumulative, 9);
      });
      expect(result.band).toHaveLength(36);
    }
  });
});

describe('D14, D16: seeds', () => {
  const input = shop();
  const ranges: RangedNumber[] = [
    ...rows(60, input),
    { place: orderValue('Buy'), range: { kind: 'lognormal', low: 50, high: 80 } },
    { place: { on: 'stage', stage: 'Use', metric: 'dwell' }, range: { kind: 'range', low: 1, high: 3 } }
  ];
  const options = { draws: 400, opportunities: [] };

  it('the same seed gives the same numbers, in whatever order the ranges come', () => {
    const first = simulate(input, ranges, { seed: 11, ...options });
    expect(simulate(input, ranges, { seed: 11, ...options })).toEqual(first);
    expect(simulate(input, ranges.toReversed(), { seed: 11, ...options })).toEqual(first);
    expect(simulate(input, ranges, { seed: 12, ...options })).not.toEqual(first);
  });

  it('refuses a seed and a number of draws that are none', () => {
    const codesOf = (options: SimulationOptions) => {
      const result = finish(simulationSteps(input, ranges, options));
      return result?.ok === false ? result.problems.map(({ code }) => code) : [];
    };
    expect(codesOf({ seed: -1 })).toEqual(['E_RANGE']);
    expect(codesOf({ seed: 0.5 })).toEqual(['E_RANGE']);
    expect(codesOf({ seed: 1, draws: 0 })).toEqual(['E_RANGE']);
    expect(codesOf({ seed: 1, draws: 1e6 })).toEqual(['E_RANGE']);
  });
});

describe('D13: rows', () => {
  it('keep their means, and never sum above 1', () => {
    const result = simulate(subscription(), rows(8, subscription()), { seed: 4, draws: 4000 });
    expect(result.withoutValue).toEqual({ count: 0, byCode: {} });
    const { cac } = figuresOf(result);
    expect(cac.p5.value).toBeLessThan(cac.base);
    expect(cac.p95.value).toBeGreaterThan(cac.base);
  });

  it('one uncertain share moves against those lost alone', () => {
    const only: RangedNumber[] = [{ place: share('AtRisk', 'Active'), range: { kind: 'beta', nEff: 1 } }];
    const result = simulate(subscription(), only, { seed: 5, draws: 2000 });
    expect(result.withoutValue.count).toBe(0);
    const best = evaluateJourney(subscription({ AtRisk: { to: { Active: 0.75, AtRisk: 0.25 } } }));
    const { clv } = figuresOf(result);
    expect(clv.p95.value).toBeLessThanOrEqual((best.ok ? best.value.clv : NaN) + 1e-9);
  });
});

describe('D17: draws without a value', () => {
  it('are counted by reason, not hidden, and no figure is infinite', () => {
    const referrals: Place = { on: 'stage', stage: 'Use', metric: 'referrals' };
    const result = simulate(
      shop(),
      [{ place: referrals, range: { kind: 'range', low: 0, mode: 0.5, high: 2 } }],
      { seed: 6, draws: 2000 }
    );
    expect(result.withoutValue.count).toBeGreaterThan(100);
    expect(result.withoutValue.byCode).toEqual({ E_REFERRAL_SUPERCRITICAL: result.withoutValue.count });
    expect(result.valued + result.withoutValue.count).toBe(2000);
    expect(JSON.stringify(result)).not.toContain('null');
  });

  it('when none has a value there are no figures', () => {
    const crowded: RangedNumber[] = [
      { place: stay, range: { kind: 'range', low: 0.98, mode: 0.99, high: 1 } }
    ];
    const result = simulate(subscription(), crowded, { seed: 7, draws: 50 });
    expect(result).toMatchObject({ valued: 0, figures: null, band: [], topThree: [] });
    expect(result.withoutValue.byCode).toEqual({ E_ROW_SUM: 50 });
  });
});

describe('D17: chances', () => {
  it('of a ratio below 3 and of a payback over twelve months', () => {
    const costly = subscription({ Visit: { costs: { Ads: 4, Web: 0.05 } } });
    const { ratioBelow3, paybackOver12Months } = figuresOf(
      simulate(costly, rows(30, costly), { seed: 8, draws: 2000 })
    );
    for (const { value, standardError } of [ratioBelow3, paybackOver12Months]) {
      expect(value).toBeGreaterThan(0.02);
      expect(value).toBeLessThan(0.98);
      expect(standardError).toBeCloseTo(Math.sqrt((value * (1 - value)) / 2000), 12);
    }
  });

  it('agree with the engine at the ends', () => {
    const dear = subscription({ Visit: { costs: { Ads: 15, Web: 0.05 } } });
    const base = evaluateJourney(dear);
    const { ratioBelow3, paybackOver12Months } = figuresOf(simulate(dear, [], { seed: 1, draws: 5 }));
    expect(base.ok && [base.value.ratio! < 3, (base.value.paybackTicks ?? Infinity) > 12]).toEqual([
      true,
      true
    ]);
    expect([ratioBelow3.value, paybackOver12Months.value]).toEqual([1, 1]);
  });
});

describe('D18: the top three', () => {
  it('J3: O3 loses money in nearly every draw and is hardly ever among them', () => {
    const { topThree } = simulate(subscription(), rows(400, subscription()), {
      seed: 9,
      draws: 1000,
      opportunities: onSubscription
    });
    expect(topThree.map(({ id }) => id)).toEqual(['O1', 'O2', 'O3', 'O4']);
    const shares = topThree.map(({ share: { value } }) => value);
    expect(shares[0]).toBeGreaterThan(0.9);
    expect(shares[1]).toBeGreaterThan(0.9);
    expect(shares[2]).toBeLessThan(0.2);
    expect(shares[3]).toBeGreaterThan(0.9);
  });
});

describe('jobs', () => {
  it('report progress, can be cancelled, and leave nothing half done', () => {
    const input = subscription();
    const ranges = rows(50, input);
    const seen: Progress[] = [];
    const cancelled = finish(simulationSteps(input, ranges, { seed: 1 }), (progress) => {
      seen.push(progress);
      return progress.done < 1000;
    });
    expect(cancelled).toBeNull();
    expect(seen.at(-1)!.done).toBeLessThan(1300);
    expect(seen.every(({ total }) => total === 10_000)).toBe(true);
    expect(input).toEqual(subscription());
    const again = simulate(input, ranges, { seed: 1, draws: 300 });
    expect(simulate(input, ranges, { seed: 1, draws: 300 })).toEqual(again);
  });
});

describe('quantiles', () => {
  it('by selection as by sorting', () => {
    const random = createRandom(3);
    for (const length of [1, 2, 3, 10, 57, 200]) {
      const values = Float64Array.from({ length }, () => Math.floor(random.uniform() * 40));
      const sorted = Float64Array.from(values).sort();
      for (const at of [0, 0.05, 0.5, 0.95, 1])
        expect(quantileOfUnsorted(Float64Array.from(values), at)).toBe(quantile(sorted, at));
    }
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  });
});
