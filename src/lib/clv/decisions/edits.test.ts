import { describe, expect, it } from 'vitest';
import { shop, subscription } from '../../../../tests/oracles/maps.ts';
import { orderValue, share } from '../../../../tests/oracles/opportunities.ts';
import { evaluateJourney, type JourneyInput, type Place } from '../index.ts';
import { applyEdits } from './edits.ts';
import type { Edit } from './types.ts';

const input = subscription();

function edited(map: JourneyInput, ...edits: Edit[]): JourneyInput {
  const result = applyEdits(map, edits);
  if (!result.ok)
    throw new Error(result.problems.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return result.input;
}

const codesOf = (map: JourneyInput, ...edits: Edit[]) => {
  const result = applyEdits(map, edits);
  return result.ok ? [] : result.problems.map(({ code, at }) => [code, at]);
};

const at = (stage: string, metric: Extract<Place, { on: 'stage' }>['metric']): Place => ({
  on: 'stage',
  stage,
  metric
});

const probabilityOf = (map: JourneyInput, from: string, to: string) =>
  map.transitions.find((edge) => edge.from === from && edge.to === to)?.probability;

describe('D1: one number, several edits', () => {
  const place = share('Visit', 'Signup');
  const edits: Edit[] = [
    { place, how: 'add', amount: 0.01 },
    { place, how: 'multiply', amount: 2 },
    { place, how: 'set', amount: 0.1 }
  ];

  it('sets, then multiplies, then adds, in whatever order they come', () => {
    expect(probabilityOf(edited(input, ...edits), 'Visit', 'Signup')).toBeCloseTo(0.21, 15);
    expect(edited(input, ...edits.toReversed())).toEqual(edited(input, ...edits));
  });

  it('leaves its argument alone', () => {
    const before = structuredClone(input);
    edited(input, ...edits);
    expect(input).toEqual(before);
  });

  it('starts from the number in force: defaults, the margin of the map, transitions not drawn', () => {
    const rate: Place = { on: 'map', metric: 'annualDiscountRate' };
    expect(
      edited({ ...input, annualDiscountRate: undefined }, { place: rate, how: 'multiply', amount: 2 })
    ).toHaveProperty('annualDiscountRate', 0.2);
    const margin = edited(input, { place: at('Active', 'grossMargin'), how: 'add', amount: 0.08 });
    expect(margin.stages.map(({ grossMargin }) => grossMargin)[3]).toBeCloseTo(0.9, 15);
    const drawn = edited(input, { place: share('AtRisk', 'Trial'), how: 'add', amount: 0.1 });
    expect(probabilityOf(drawn, 'AtRisk', 'Trial')).toBe(0.1);
    const cost = edited(input, { place: { on: 'cell', lane: 'Ads', stage: 'Trial' }, how: 'add', amount: 2 });
    expect(cost.costs).toContainEqual({ lane: 'Ads', stage: 'Trial', cost: 2 });
    expect(codesOf(input, { place: orderValue('Visit'), how: 'multiply', amount: 2 })).toEqual([
      ['E_MISSING', orderValue('Visit')]
    ]);
  });
});

describe('D2: where edits can be', () => {
  it('refuses places that hold no number or are not on the map, and amounts that are none', () => {
    const kind = at('Visit', 'kind');
    const away = share('Visit', 'Nowhere');
    const lane: Place = { on: 'cell', lane: 'Nothing', stage: 'Visit' };
    const set = (place: Place, amount = 0.5): Edit => ({ place, how: 'set', amount });
    expect(codesOf(input, set(kind))).toEqual([['E_PLACE', kind]]);
    expect(codesOf(input, set({ on: 'map', metric: 'currency' }))).toEqual([
      ['E_PLACE', { on: 'map', metric: 'currency' }]
    ]);
    expect(codesOf(input, set(away))).toEqual([['E_UNKNOWN_STAGE', away]]);
    expect(codesOf(input, set(lane))).toEqual([['E_UNKNOWN_LANE', lane]]);
    expect(codesOf(input, set(orderValue('Active'), NaN))).toEqual([['E_NOT_FINITE', orderValue('Active')]]);
  });

  it('reaches every number of the map', () => {
    const places: Place[] = [
      ...(['annualDiscountRate', 'grossMargin', 'horizon', 'prospectsPerTick', 'referralDelay'] as const).map(
        (metric): Place => ({ on: 'map', metric })
      ),
      { on: 'map', metric: 'kappaPlus' },
      { on: 'map', metric: 'kappaMinus' },
      ...(['dwell', 'ordersPerVisit', 'orderValue', 'grossMargin', 'referrals', 'feeling'] as const).map(
        (metric) => at('Use', metric)
      ),
      at('Aware', 'entry')
    ];
    for (const place of places) {
      const changed = edited(shop(), { place, how: 'set', amount: 2 });
      expect(changed, JSON.stringify(place)).not.toEqual(shop());
      expect(
        evaluateJourney(edited(shop(), { place, how: 'set', amount: 1e12 })),
        JSON.stringify(place)
      ).toHaveProperty('ok', false);
    }
  });
});

describe('D3: what is out of range is the problem of the engine', () => {
  it('adjusts nothing', () => {
    const place = share('Active', 'Active');
    const result = evaluateJourney(edited(input, { place, how: 'set', amount: 0.98 }));
    expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(['E_ROW_SUM']);
  });
});

describe('D4, D5: what goes with a change', () => {
  it('keeps the kinds of stages when orders change', () => {
    const plain: JourneyInput = {
      ...input,
      stages: input.stages.map((stage) => ({ ...stage, kind: undefined }))
    };
    const none = edited(plain, { place: at('Active', 'ordersPerVisit'), how: 'set', amount: 0 });
    expect(none.stages.map(({ kind }) => kind)).toEqual([
      'acquire',
      'acquire',
      'acquire',
      'customer',
      'customer'
    ]);
  });

  it('writes the default entries out before one of them changes', () => {
    const moved = edited(
      input,
      { place: at('Visit', 'entry'), how: 'add', amount: -0.25 },
      { place: at('Trial', 'entry'), how: 'add', amount: 0.25 }
    );
    expect(moved.stages.map(({ entry }) => entry)).toEqual([0.75, 0, 0.25, 0, 0]);
    expect(evaluateJourney(moved).ok).toBe(true);
  });

  it('J2: a better feeling at Support acts through the kappas', () => {
    const feelings = { kappaPlus: 0.15, kappaMinus: 0.3, source: 'assumed' };
    const better = edited(shop({}, feelings), { place: at('Support', 'feeling'), how: 'add', amount: 2 });
    const result = evaluateJourney(better);
    expect(result.ok && result.value.clv).toBeCloseTo(43.996265319, 6);
  });
});

describe('D6: conflicts', () => {
  it('refuses two edits that set the same number', () => {
    const place = share('Trial', 'Active');
    const set = (amount: number): Edit => ({ place, how: 'set', amount });
    expect(codesOf(input, set(0.3), set(0.4))).toEqual([['E_CONFLICT', place]]);
    expect(codesOf(input, set(0.3), set(0.3))).toEqual([['E_CONFLICT', place]]);
    expect(codesOf(input, set(0.3), { place, how: 'add', amount: 0.01 })).toEqual([]);
  });
});
