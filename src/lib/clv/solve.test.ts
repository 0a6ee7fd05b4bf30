import { describe, expect, it } from 'vitest';
import { byPeriod, discountFactor, evaluateJourney, steadyIntake, type JourneyInput } from './index.ts';

/** Look, then buy and stay: the smallest journey with a cost and a loop. */
const base: JourneyInput = {
  tick: 'year',
  currency: 'EUR',
  annualDiscountRate: 0,
  grossMargin: 0.5,
  stages: [
    { id: 'look', name: 'Look', dwell: 1 },
    { id: 'buy', name: 'Buy', ordersPerVisit: 1, orderValue: 20 }
  ],
  transitions: [
    { from: 'look', to: 'buy', probability: 0.1 },
    { from: 'buy', to: 'buy', probability: 0.8 }
  ],
  lanes: [{ id: 'ads', name: 'Ads' }],
  costs: [{ lane: 'ads', stage: 'look', cost: 1 }]
};

function valueOf(input: JourneyInput) {
  const result = evaluateJourney(input);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result;
}

const problemsOf = (input: JourneyInput) => {
  const result = evaluateJourney(input);
  return result.ok ? [] : result.problems.map(({ code, at }) => [code, at]);
};

const withShares = (...shares: [from: string, to: string, probability: number][]): JourneyInput => ({
  ...base,
  transitions: shares.map(([from, to, probability]) => ({ from, to, probability }))
});

describe('C2: discounting', () => {
  it('is 1 without a rate, and a year of ticks makes a year', () => {
    expect(discountFactor(0, 'day')).toBe(1);
    expect(discountFactor(0.15, 'week') ** 52).toBeCloseTo(1 / 1.15, 14);
    expect(-Math.log(discountFactor(0.15, 'week'))).toBeCloseTo(0.0026877, 7);
  });
});

describe('values by hand', () => {
  it('C16, C17: five visits of 10 each, ten prospects per customer', () => {
    const { value } = valueOf(base);
    expect(value.clv).toBeCloseTo(50, 12);
    expect(value.cac).toBeCloseTo(10, 12);
    expect(value.ratio).toBeCloseTo(5, 12);
    expect(value.npvPerProspect).toBeCloseTo(4, 12);
    expect(value.lifetimeTicks).toBeCloseTo(5, 12);
    expect(value.paybackTicks).toBe(0);
  });

  it('C24: payback when the cash only just covers the CAC, or never does', () => {
    const paid = (cost: number) =>
      valueOf({ ...base, costs: [{ lane: 'ads', stage: 'look', cost }] }).value.paybackTicks;
    expect(paid(1.8)).toBe(1);
    expect(paid(1.81)).toBe(2);
    expect(paid(5.01)).toBeNull();
  });

  it('C21: a figure that is not above 0 has no elasticities', () => {
    const { value } = valueOf({ ...base, costs: [{ lane: 'ads', stage: 'look', cost: 6 }] });
    expect(value.npvPerProspect).toBeCloseTo(-1, 12);
    expect(value.derivatives.npv.every(({ elasticity }) => elasticity === null)).toBe(true);
    expect(value.derivatives.clv.every(({ elasticity }) => elasticity !== null)).toBe(true);
  });

  it('C16: customers who come back to an acquire stage bear its cost, not the CAC', () => {
    const { value } = valueOf(withShares(['look', 'buy', 0.1], ['buy', 'look', 0.5]));
    expect(value.cac).toBeCloseTo(10, 12);
    expect(value.clv).toBeCloseTo((10 - 0.5) / (1 - 0.05), 12);
  });

  it('C12: undiscounted renewals have a value only while few enough are loyal for ever', () => {
    const renewing = (alpha: number): JourneyInput => ({
      ...base,
      stages: [base.stages[0]!, { ...base.stages[1]!, retention: { alpha, beta: 2 } }]
    });
    const { value } = valueOf(renewing(3));
    expect(value.lifetimeTicks).toBeCloseTo(2, 12);
    expect(value.clv).toBeCloseTo(20, 12);
    expect(problemsOf(renewing(1))).toEqual([
      ['E_NO_EXIT', { on: 'stage', stage: 'buy', metric: 'retention' }]
    ]);
    expect(valueOf({ ...renewing(1), annualDiscountRate: 0.1 }).value.lifetimeTicks).toBeNull();
  });

  it('C22: no derivative by the rate where it has no bound', () => {
    const stages = [base.stages[0]!, { ...base.stages[1]!, retention: { alpha: 1.5, beta: 2 } }];
    const rate = { on: 'map', metric: 'annualDiscountRate' };
    const places = (input: JourneyInput) => valueOf(input).value.derivatives.npv.map(({ at }) => at);
    expect(places({ ...base, stages })).not.toContainEqual(rate);
    expect(places({ ...base, stages, annualDiscountRate: 0.1 })).toContainEqual(rate);
  });
});

describe('journeys without a value', () => {
  it('C15: nobody leaves and nothing is discounted', () => {
    const loyal = withShares(['look', 'buy', 0.1], ['buy', 'buy', 1]);
    expect(problemsOf(loyal)).toEqual([['E_NO_EXIT', { on: 'stage', stage: 'buy', metric: 'row' }]]);
    expect(valueOf({ ...loyal, annualDiscountRate: 0.25 }).value.clv).toBeCloseTo(50, 10);
  });

  it('C16: prospects who go round for ever, whatever the rate', () => {
    const input = {
      ...base,
      annualDiscountRate: 0.1,
      stages: [...base.stages, { id: 'trap', name: 'Trap', kind: 'acquire', dwell: 1 }],
      transitions: [...base.transitions, { from: 'look', to: 'trap', probability: 0.5 }]
    } satisfies JourneyInput;
    expect(problemsOf(input)).toEqual([]);
    const trapped = {
      ...input,
      transitions: [...input.transitions, { from: 'trap', to: 'trap', probability: 1 }]
    };
    expect(problemsOf(trapped)).toEqual([['E_NO_EXIT', { on: 'stage', stage: 'trap', metric: 'row' }]]);
  });

  it('C15: more than one new customer per customer', () => {
    const referring = (referrals: number): JourneyInput => ({
      ...base,
      stages: [base.stages[0]!, { ...base.stages[1]!, referrals }]
    });
    expect(problemsOf(referring(1.99))).toEqual([]);
    const at = { on: 'stage', stage: 'buy', metric: 'referrals' };
    expect(problemsOf(referring(2))).toEqual([['E_REFERRAL_SUPERCRITICAL', at]]);
    expect(problemsOf(referring(2.01))).toEqual([['E_REFERRAL_SUPERCRITICAL', at]]);
  });

  it('C16: a share of customers too small to be told from 0', () => {
    const stages = [{ id: 'far', name: 'Far' }, ...base.stages];
    const transitions = [
      { from: 'far', to: 'look', probability: 1e-200 },
      { from: 'look', to: 'buy', probability: 1e-200 }
    ];
    expect(problemsOf({ ...base, stages, transitions })).toEqual([
      ['E_NO_CONVERSION', { on: 'stage', stage: 'far', metric: 'row' }]
    ]);
  });
});

describe('C23: periods', () => {
  it('waits for dwell and delay, and repeats renewals', () => {
    const input: JourneyInput = {
      ...base,
      stages: [
        { id: 'look', name: 'Look', dwell: 2 },
        {
          id: 'buy',
          name: 'Buy',
          ordersPerVisit: 1,
          orderValue: 20,
          dwell: 2,
          referrals: 0.5,
          retention: { alpha: 1, beta: 1 }
        }
      ],
      transitions: [{ from: 'look', to: 'buy', probability: 0.1 }],
      referral: { delay: 3 },
      annualDiscountRate: 0.2
    };
    const rows = byPeriod(valueOf(input).model, 8);
    const entries = (stage: string) => rows.map((row) => row.perProspect.entries[stage]!);
    const expectNear = (found: number[], wanted: number[]) =>
      found.forEach((count, tick) => expect(count, `tick ${tick}`).toBeCloseTo(wanted[tick]!, 14));
    expectNear(entries('look'), [1, 0, 0, 0, 0, 0.05, 0, 0.025]);
    expectNear(entries('buy'), [0, 0, 0.1, 0, 0.05, 0, 0.1 / 3, 0.005]);
    expectNear(
      rows.map((row) => row.perCustomer.entries['buy']!),
      [1, 0, 1 / 2, 0, 1 / 3, 0, 1 / 4, 0]
    );
    expect(rows.map(({ tick }) => tick)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('adds up a steady intake', () => {
    const rows = byPeriod(valueOf(base).model, 3).map((row) => row.perProspect);
    const intake = steadyIntake(rows, 100);
    expect(intake.map(({ entries }) => entries['buy'])).toEqual([0, 10, 18]);
    [-100, 0, 80].forEach((net, tick) => expect(intake[tick]!.net).toBeCloseTo(net, 10));
    [-100, -100, -20].forEach((sum, tick) => expect(intake[tick]!.cumulative).toBeCloseTo(sum, 10));
  });
});
