import { describe, expect, it } from 'vitest';
import { subscription } from '../../../../tests/oracles/maps.ts';
import { orderValue, share } from '../../../../tests/oracles/opportunities.ts';
import type { Place } from '../index.ts';
import { betaQuantile, spreadsOf } from './ranges.ts';
import { tornado, tornadoBars } from './tornado.ts';
import type { Edit, NumberRange, RangedNumber, TornadoBar } from './types.ts';

const input = subscription();
const ads: Place = { on: 'cell', lane: 'Ads', stage: 'Visit' };
const rate: Place = { on: 'map', metric: 'annualDiscountRate' };
const values = [orderValue('Active'), orderValue('AtRisk')];

const bar = (
  id: string,
  places: Place[],
  low: number,
  high: number,
  how: Edit['how'] = 'set'
): TornadoBar => ({
  id,
  places,
  low: places.map((place) => ({ place, how, amount: low })),
  high: places.map((place) => ({ place, how, amount: high }))
});

const bars = [
  bar('ads', [ads], 1.8, 1.2),
  bar('rate', [rate], 0.15, 0.05),
  bar('value', values, 0.9, 1.1, 'multiply'),
  bar('start', [share('Trial', 'Active')], 0.25, 0.35),
  bar('stay', [share('Active', 'Active')], 0.91, 0.95)
];

function rowsOf(made: readonly TornadoBar[], by?: 'npv' | 'clv') {
  const result = tornado(input, made, by);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.rows;
}

const codesOf = (place: Place, range: NumberRange) => {
  const result = spreadsOf(input, [{ place, range }]);
  return result.ok ? [] : result.problems.map(({ code }) => code);
};

describe('J1: tornado', () => {
  it('D15: NPV at both ends, largest swing first', () => {
    const wanted: [string, number, number][] = [
      ['stay', 7.135737, 16.30817],
      ['start', 8.163236, 12.1977],
      ['value', 8.86431, 11.496627],
      ['rate', 9.439202, 11.062606],
      ['ads', 9.880468, 10.480468]
    ];
    const rows = rowsOf(bars);
    expect(rows.map(({ bar: { id } }) => id)).toEqual(wanted.map(([id]) => id));
    rows.forEach(({ low, high, npvSwing }, k) => {
      expect(low.ok && low.npvPerProspect).toBeCloseTo(wanted[k]![1], 6);
      expect(high.ok && high.npvPerProspect).toBeCloseTo(wanted[k]![2], 6);
      expect(npvSwing).toBeCloseTo(wanted[k]![2] - wanted[k]![1], 5);
    });
  });

  it('D15: CLV at stay .91 and .95, and what CLV does not depend on has no swing', () => {
    const rows = rowsOf(bars, 'clv');
    expect(rows[0]).toMatchObject({ bar: { id: 'stay' } });
    expect(rows[0]!.low.ok && rows[0]!.low.clv).toBeCloseTo(392.530172, 6);
    expect(rows[0]!.high.ok && rows[0]!.high.clv).toBeCloseTo(789.990308, 6);
    expect(rows.find(({ bar: { id } }) => id === 'ads')?.clvSwing).toBeCloseTo(0, 9);
  });

  it('D15: an end without a value is told, and stands first', () => {
    const rows = rowsOf([...bars, bar('crowd', [share('Active', 'Active')], 0.9, 0.99)]);
    expect(rows[0]).toMatchObject({ bar: { id: 'crowd' }, npvSwing: null, high: { ok: false } });
  });
});

describe('D12: ranges', () => {
  const stay = share('Active', 'Active');

  it('refuses ends out of order or out of range, and observations that are none', () => {
    expect(codesOf(ads, { kind: 'range', low: 2, high: 1 })).toEqual(['E_ORDER']);
    expect(codesOf(ads, { kind: 'range', low: 1, mode: 3, high: 2 })).toEqual(['E_ORDER']);
    expect(codesOf(ads, { kind: 'range', low: 2, high: 3 })).toEqual(['E_ORDER']);
    expect(codesOf(ads, { kind: 'range', low: 2, mode: 2.5, high: 3 })).toEqual([]);
    expect(codesOf(ads, { kind: 'range', low: -1, high: 2 })).toEqual(['E_RANGE']);
    expect(codesOf(stay, { kind: 'range', low: 0.9, high: 1.2 })).toEqual(['E_RANGE']);
    expect(codesOf(stay, { kind: 'beta', nEff: 0 })).toEqual(['E_RANGE']);
    expect(codesOf(stay, { kind: 'beta', nEff: NaN })).toEqual(['E_NOT_FINITE']);
    expect(codesOf(ads, { kind: 'lognormal', low: 0, high: 2 })).toEqual(['E_RANGE']);
    expect(codesOf(ads, { kind: 'lognormal', low: 3, high: 2 })).toEqual(['E_ORDER']);
    expect(codesOf(ads, { kind: 'range', low: NaN, high: 2 })).toEqual(['E_NOT_FINITE']);
  });

  it('refuses places without a number or without a share', () => {
    expect(codesOf(ads, { kind: 'beta', nEff: 10 })).toEqual(['E_PLACE']);
    expect(codesOf(orderValue('Visit'), { kind: 'range', low: 1, high: 2 })).toEqual(['E_MISSING']);
    expect(codesOf({ on: 'map', metric: 'tick' }, { kind: 'range', low: 1, high: 2 })).toEqual(['E_PLACE']);
    expect(
      codesOf({ on: 'stage', stage: 'Visit', metric: 'row' }, { kind: 'range', low: 0, high: 1 })
    ).toEqual(['E_PLACE']);
    const twice: RangedNumber = { place: stay, range: { kind: 'beta', nEff: 10 } };
    expect(spreadsOf(input, [twice, twice])).toMatchObject({
      ok: false,
      problems: [{ code: 'E_DUPLICATE' }]
    });
  });
});

describe('D13, D15: bars out of ranges', () => {
  const made = (...ranges: RangedNumber[]) => {
    const result = tornadoBars(input, ranges);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.bars;
  };

  it('goes from end to end of PERT, from P5 to P95 of the others', () => {
    const [pert] = made({ place: ads, range: { kind: 'range', low: 1.2, high: 1.8 } });
    expect([pert!.low[0]!.amount, pert!.high[0]!.amount]).toEqual([1.2, 1.8]);
    const [beta] = made({ place: share('Visit', 'Signup'), range: { kind: 'beta', nEff: 50 } });
    expect(beta!.low[0]!.amount).toBeCloseTo(betaQuantile(0.05, 6, 44), 14);
    expect(betaQuantile(0.5, 2, 2)).toBeCloseTo(0.5, 14);
    expect(betaQuantile(0.95, 1, 3)).toBeCloseTo(1 - Math.cbrt(0.05), 13);
  });

  it('takes a row apart, each share against those lost', () => {
    const bars = made({
      place: { on: 'stage', stage: 'AtRisk', metric: 'row' },
      range: { kind: 'beta', nEff: 20 }
    });
    expect(bars.map(({ places }) => places)).toEqual([
      [share('AtRisk', 'Active')],
      [share('AtRisk', 'AtRisk')]
    ]);
    const rows = rowsOf(bars);
    expect(rows.every(({ low, high }) => low.ok && high.ok)).toBe(true);
    expect(bars[0]!.high[0]!.amount).toBeLessThan(0.75);
  });
});
