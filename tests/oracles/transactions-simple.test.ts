/** Rows 68 to 81 of the published figures: margin multiples, attribution, A/B tests. */
import { describe, expect, test } from 'vitest';
import {
  attributeConversions,
  bergerNasrValue,
  blattbergDeightonValue,
  compareVariants,
  constantMarginValue,
  customerEquity,
  responseTo,
  retentionElasticity,
  type ChannelPath,
  type SimpleResult
} from '../../src/lib/clv/transactions/index.ts';
import { expectAllNear, expectNear } from './transactions.ts';

const valueOf = (result: SimpleResult) => (result.ok ? result.value : NaN);

describe('margin multiples', () => {
  const multiple = (discountRate: number, retention: number, growth = 0) =>
    valueOf(constantMarginValue({ margin: 1, retention, discountRate, growth, timing: 'end' }));
  const retentions = [0.6, 0.7, 0.8, 0.9];

  test('row 68: 100,000 customers', () => {
    const perCustomer = valueOf(
      constantMarginValue({ margin: 50 - 10, retention: 0.5, discountRate: 0.15, timing: 'now' })
    );
    expectNear(100_000 * (perCustomer - 30), 4_076_923.08, 0.01);
  });
  test('row 68 as customer equity by period', () => {
    const period = { retention: 0.5, sales: 50, cost: 0, retentionSpend: 10, addOnSpend: 0 };
    const equity = customerEquity({
      prospects: 100_000,
      acquisitionRate: 1,
      firstMargin: 40,
      acquisitionSpend: 30,
      discountRate: 0.15,
      periods: Array.from({ length: 60 }, () => period)
    });
    expectNear(valueOf(equity), 4_076_923.08, 0.01);
  });
  test('row 69: Berger & Nasr, case 1', () => {
    const value = bergerNasrValue({
      contribution: 260,
      promotion: 50,
      retention: 0.75,
      discountRate: 0.2,
      years: 10
    });
    expectNear(valueOf(value), 568.783067, 0.005);
  });
  test('row 70: 12%', () =>
    expectAllNear(
      retentions.map((r) => multiple(0.12, r)),
      [1.15, 1.67, 2.5, 4.09],
      0.005
    ));
  test('row 71: 10%', () =>
    expectAllNear(
      retentions.map((r) => multiple(0.1, r)),
      [1.2, 1.75, 2.67, 4.5],
      0.005
    ));
  test('row 72: 14% and 16%', () => {
    expectAllNear(
      retentions.map((r) => multiple(0.14, r)),
      [1.11, 1.59, 2.35, 3.75],
      0.005
    );
    expectAllNear(
      retentions.map((r) => multiple(0.16, r)),
      [1.07, 1.52, 2.22, 3.46],
      0.005
    );
  });
  test('row 73: growth of 4%', () =>
    expectAllNear(
      [0.7, 0.8, 0.9].map((r) => multiple(0.12, r, 0.04)),
      [1.7857, 2.7778, 4.8913],
      1e-4
    ));
  test('row 74: retention moves value most, then margin, then acquisition cost', () => {
    // 1% more of each at retention 0.9, 12%; a tenth of the value is spent on acquisition.
    const firm = (retention: number, margin: number, cost: number) =>
      margin * multiple(0.12, retention) - cost;
    const cost = 0.1 * multiple(0.12, 0.9);
    const base = firm(0.9, 1, cost);
    const gain = (value: number) => value / base - 1;
    const [byRetention, byMargin, byCost] = [
      gain(firm(0.909, 1, cost)),
      gain(firm(0.9, 1.01, cost)),
      gain(firm(0.9, 1, 0.99 * cost))
    ];
    expectNear(byRetention, 0.05, 0.015);
    expectNear(byMargin, 0.01, 0.002);
    expectNear(byCost, 0.001, 0.0005);
  });
  test('row 75: retention elasticity', () =>
    expectAllNear(
      [0.7, 0.8, 0.9].map((r) => valueOf(retentionElasticity(r, 0.12, 'end'))),
      [2.6667, 3.5, 5.0909],
      1e-4
    ));
  test('the timing is part of the question: 2.5 or 3.5', () => {
    const at = { margin: 1, retention: 0.8, discountRate: 0.12 };
    expectNear(valueOf(constantMarginValue({ ...at, timing: 'end' })), 2.5, 1e-12);
    expectNear(valueOf(constantMarginValue({ ...at, timing: 'now' })), 3.5, 1e-12);
  });
  test('value without end is said, not shown', () => {
    const endless = { margin: 1, retention: 1, discountRate: 0, timing: 'end' } as const;
    expect(constantMarginValue(endless)).toMatchObject({ ok: false, code: 'E_NO_END' });
    expect(constantMarginValue({ ...endless, retention: 12 })).toMatchObject({ ok: false, code: 'E_RANGE' });
    expect(constantMarginValue({ ...endless, retention: NaN })).toMatchObject({ ok: false, code: 'E_RANGE' });
  });
  test('Blattberg & Deighton: the value is that of the margins it stands for', () => {
    const input = {
      margin: 100,
      discountRate: 0.2,
      acquisition: { ceiling: 0.4, efficiency: 0.1 },
      retention: { ceiling: 0.7, efficiency: 0.05 },
      acquisitionSpend: 10,
      retentionSpend: 20
    };
    const acquired = responseTo(input.acquisition, 10);
    const retained = responseTo(input.retention, 20);
    let sum = acquired * 100 - 10;
    for (let t = 1; t <= 400; t++)
      sum += (acquired * (100 * retained ** t - 20 * retained ** (t - 1))) / 1.2 ** t;
    expectNear(valueOf(blattbergDeightonValue(input)), sum, 1e-10);
  });
});

describe('attribution by removal effects', () => {
  const path = (channels: string, conversions: number, losses: number): ChannelPath => ({
    channels: channels.split('>'),
    conversions,
    losses
  });
  const credits = (paths: ChannelPath[]) => {
    const result = attributeConversions(paths);
    if (!result.ok) throw new Error(result.message);
    return {
      rate: result.conversionRate,
      effects: result.channels.map(({ removalEffect }) => removalEffect),
      conversions: result.channels.map(({ conversions }) => conversions)
    };
  };
  const exact = 1e-12;

  test('row 76: three channels', () => {
    const found = credits([path('C1>C2>C3', 1, 0), path('C1', 0, 1), path('C2>C3', 0, 1)]);
    expectNear(found.rate, 1 / 3, exact);
    expectAllNear(found.effects, [0.5, 1, 1], exact);
    expectAllNear(found.conversions, [0.2, 0.4, 0.4], exact);
  });
  test('row 77: two channels', () => {
    const found = credits([path('G', 2, 1), path('M', 1, 0), path('G>M', 1, 0)]);
    expectNear(found.rate, 0.8, exact);
    expectAllNear(found.effects, [0.75, 0.5], exact);
    expectAllNear(found.conversions, [2.4, 1.6], exact);
  });
  test('row 78: channels met again and again', () => {
    const found = credits([path('A>B>A>B>B>A', 1, 0), path('A>B>B>A>A', 1, 0), path('A>A', 1, 0)]);
    expectAllNear(found.conversions, [2, 1], exact);
  });
  test('paths without an end are named', () => {
    expect(attributeConversions([path('A', 0, 3)])).toMatchObject({ ok: false, code: 'E_NO_CONVERSION' });
    expect(attributeConversions([path('A', 1, NaN)])).toMatchObject({ ok: false, code: 'E_PATHS' });
  });
});

describe('A/B test of 120/1000 against 145/1000', () => {
  const test1 = compareVariants({ trials: 1000, conversions: 120 }, { trials: 1000, conversions: 145 });
  if (!test1.ok) throw new Error(test1.message);
  test('row 79: P(B better)', () => expectNear(test1.probabilityBBetter, 0.9501969076, 1e-9));
  test('row 80: expected losses', () => {
    expectNear(test1.expectedLoss.choosingB, 0.0003158389, 1e-9);
    expectNear(test1.expectedLoss.choosingA, 0.0252659387, 1e-9);
  });
  test('row 81: two-sided z test', () => {
    expectNear(test1.zTest!.z, 1.648854, 1e-6);
    expectNear(test1.zTest!.p, 0.099177, 1e-6);
  });
});
