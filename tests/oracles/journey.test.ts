import { describe, expect, it } from 'vitest';
import {
  byPeriod,
  evaluateJourney,
  expectedPeriods,
  renewalRate,
  steadyIntake,
  type Derivative,
  type JourneyInput,
  type Place
} from '../../src/lib/clv/index.ts';
import { journeyOf, shop, subscription, type Line } from './maps.ts';

/** Six decimals, unless a published table has fewer. */
const MICRO = 6;

function valueOf(input: JourneyInput) {
  const result = evaluateJourney(input);
  if (!result.ok)
    throw new Error(result.problems.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return result;
}

function expectAll(found: Readonly<Record<string, number>>, wanted: Record<string, number>, digits = MICRO) {
  for (const [name, number] of Object.entries(wanted)) expect(found[name], name).toBeCloseTo(number, digits);
}

function derivativeAt(list: readonly Derivative[], at: Place): Derivative {
  const found = list.find((entry) => JSON.stringify(entry.at) === JSON.stringify(at));
  if (!found) throw new Error(`no derivative at ${JSON.stringify(at)}`);
  return found;
}

const money = (stage: string): Place => ({ on: 'stage', stage, metric: 'orderValue' });
const share = (from: string, to: string): Place => ({ on: 'transition', from, to });

function expectDerivatives(
  list: readonly Derivative[],
  wanted: readonly (readonly [Place, number, number])[]
) {
  for (const [at, derivative, elasticity] of wanted) {
    const found = derivativeAt(list, at);
    expect(found.derivative, JSON.stringify(at)).toBeCloseTo(derivative, MICRO);
    expect(found.elasticity, JSON.stringify(at)).toBeCloseTo(elasticity, MICRO);
  }
}

describe('J1, subscription trial', () => {
  const { value, model } = valueOf(subscription());

  it('C2: the monthly factor at 10% a year', () => {
    expect(model.discountFactor).toBeCloseTo(0.992088943447, 12);
  });

  it('C15: values by stage', () => {
    const wanted = {
      Visit: 10.180468,
      Signup: 97.753901,
      Trial: 178.098001,
      Active: 524.464543,
      AtRisk: 269.410115
    };
    expectAll(value.valueByStage, wanted);
    expect(value.ownValueByStage).toEqual(value.valueByStage);
  });

  it('C16: conversion, visits before it, CAC', () => {
    expect(value.conversion).toBeCloseTo(0.023294117647, 11);
    expectAll(value.visits.beforeConversion, { Visit: 1, Signup: 0.12, Trial: 0.077647058824 }, 11);
    expect(value.cac).toBeCloseTo(82.570707071, 8);
  });

  it('C17, C24: CLV, ratio, NPV, lifetime, payback', () => {
    expect(value.clv).toBeCloseTo(524.464542929, 8);
    expect(value.ratio).toBeCloseTo(6.351702214, 8);
    expect(value.npvPerProspect).toBeCloseTo(10.18046806, 8);
    expect(value.lifetimeTicks).toBeCloseTo(20.519481, MICRO);
    expect(value.clvOverHorizon).toBeCloseTo(462.24627, MICRO);
    expect([value.paybackTicks, value.discountedPaybackTicks]).toEqual([2, 2]);
    const cumulative = byPeriod(model, 3).map((row) => row.perCustomer.cumulative);
    [29.88, 58.4876, 85.715788].forEach((cash, tick) => expect(cumulative[tick]).toBeCloseTo(cash, MICRO));
  });

  it('C18: contributions by stage and lane', () => {
    const stages = Object.fromEntries(value.contributions.byStage.map((row) => [row.stage, row.perCustomer]));
    expectAll(stages, { Visit: 0, Signup: 0, Trial: 0, Active: 506.156587, AtRisk: 18.307956 });
    const name = (row: (typeof value.contributions.byLane)[number]) =>
      row.on === 'money' ? 'money' : row.lane;
    const rows = value.contributions.byLane;
    const perCustomer = Object.fromEntries(rows.map((row) => [name(row), row.perCustomer]));
    expectAll(perCustomer, { money: 570.318143, Support: -41.383885, Offers: -4.469716, Ads: 0 });
    const perProspect = Object.fromEntries(rows.map((row) => [name(row), row.perProspect]));
    expectAll(perProspect, {
      money: 13.161585,
      Ads: -1.5,
      Onboarding: -0.310155,
      Support: -0.993811,
      Offers: -0.10315,
      Web: -0.074
    });
  });

  it('C23: 4,000 prospects by period', () => {
    const rows = byPeriod(model, 6).map((row) => row.perProspect);
    const table = {
      entries: [0, 79.2, 85.536, 82.43928, 78.410534, 74.484718],
      revenue: [0, 3088.8, 3459.456, 3379.45608, 3227.697158, 3069.646011],
      net: [-7484, 2188.296, 2593.96632, 2545.567438, 2431.412414, 2312.023835]
    };
    rows.forEach((row, tick) => {
      expect(4000 * row.entries['Active']!).toBeCloseTo(table.entries[tick]!, MICRO);
      expect(4000 * row.revenue).toBeCloseTo(table.revenue[tick]!, MICRO);
      expect(4000 * row.net).toBeCloseTo(table.net[tick]!, MICRO);
    });
    const intake = steadyIntake(rows, 4000);
    expect(intake[2]!.entries['Active']).toBeCloseTo(79.2 + 85.536, MICRO);
    expect(intake[2]!.net).toBeCloseTo(-7484 + 2188.296 + 2593.96632, MICRO);
    expect(intake[2]!.cumulative).toBeCloseTo(3 * -7484 + 2 * 2188.296 + 2593.96632, MICRO);
  });

  it('C20, C21: derivatives and elasticities of NPV', () => {
    expectDerivatives(value.derivatives.npv, [
      [share('Active', 'Active'), 203.405192, 18.581349],
      [money('Active'), 0.32056, 1.228022],
      [share('Trial', 'Active'), 40.344642, 1.188884],
      [share('Signup', 'Trial'), 21.37176, 1.15461],
      [share('Visit', 'Signup'), 97.753901, 1.152252],
      [share('AtRisk', 'Active'), 10.734149, 0.369035],
      [{ on: 'cell', lane: 'Ads', stage: 'Visit' }, -1, -0.147341],
      [{ on: 'map', metric: 'annualDiscountRate' }, -16.109103, -0.158235]
    ]);
  });

  it('C19: removal effects', () => {
    const removal = new Map(value.removal.map((effect) => [effect.stage, effect]));
    for (const stage of ['Visit', 'Signup', 'Trial'])
      expect(removal.get(stage)!.conversion).toBeCloseTo(1, 12);
    expect(removal.get('Active')!.conversion).toBeNull();
    expect(value.npvPerProspect - removal.get('AtRisk')!.npv).toBeCloseTo(7.233484, MICRO);
  });

  it.each([
    ['stay .91', { Active: { to: { Active: 0.91, AtRisk: 0.04 } } }, 7.135737],
    ['stay .95', { Active: { to: { Active: 0.95, AtRisk: 0.04 } } }, 16.30817],
    ['trial .25', { Trial: { to: { Trial: 0.15, Active: 0.25 } } }, 8.163236],
    ['trial .35', { Trial: { to: { Trial: 0.15, Active: 0.35 } } }, 12.1977],
    ['prices -10%', { Active: { orderValue: 35.1 }, AtRisk: { orderValue: 35.1 } }, 8.86431],
    ['prices +10%', { Active: { orderValue: 42.9 }, AtRisk: { orderValue: 42.9 } }, 11.496627],
    ['ads 1.80', { Visit: { costs: { Ads: 1.8, Web: 0.05 } } }, 9.880468],
    ['ads 1.20', { Visit: { costs: { Ads: 1.2, Web: 0.05 } } }, 10.480468]
  ] satisfies [string, Partial<Record<string, Line>>, number][])('C15: tornado, %s', (_, change, npv) => {
    expect(valueOf(subscription(change)).value.npvPerProspect).toBeCloseTo(npv, MICRO);
  });

  it('C15: tornado, annual rate 15% and 5%; CLV at stay .91 and .95', () => {
    const atRate = (annualDiscountRate: number) =>
      valueOf({ ...subscription(), annualDiscountRate }).value.npvPerProspect;
    expect(atRate(0.15)).toBeCloseTo(9.439202, MICRO);
    expect(atRate(0.05)).toBeCloseTo(11.062606, MICRO);
    const atStay = (stay: number) =>
      valueOf(subscription({ Active: { to: { Active: stay, AtRisk: 0.04 } } })).value.clv;
    expect(atStay(0.91)).toBeCloseTo(392.530172, MICRO);
    expect(atStay(0.95)).toBeCloseTo(789.990308, MICRO);
  });
});

describe('J2, retail with loops, win-back, referral and feelings', () => {
  const { value, model } = valueOf(shop());

  it('C15 to C17: values with and without referrals', () => {
    expect(model.discountFactor).toBeCloseTo(0.990600397943, 12);
    expect(value.conversion).toBeCloseTo(0.05625, 12);
    expect(value.cac).toBeCloseTo(10.444444444, 8);
    expect(value.clv).toBeCloseTo(43.589790117, 8);
    expect(value.clvWithReferrals).toBeCloseTo(45.11238819, 8);
    expect(value.ratio).toBeCloseTo(4.173490543, 8);
    expect(value.npvPerProspect).toBeCloseTo(1.920766101, 8);
    expect(value.npvWithoutReferrals).toBeCloseTo(1.8361239, 8);
    const wanted = { Aware: 1.920766, Consider: 9.283064, Buy: 45.112388, Use: 25.476689 };
    expectAll(value.valueByStage, { ...wanted, Support: 16.508331, Dormant: 11.058168 });
    const own = { Aware: 1.836124, Consider: 8.944496, Buy: 43.58979, Use: 23.907 };
    expectAll(value.ownValueByStage, { ...own, Support: 15.203691, Dormant: 10.650754 });
  });

  it('C18: visits and contributions', () => {
    const visits = { Buy: 2.443311, Use: 5.519175, Support: 0.656076, Dormant: 6.069702 };
    expectAll(value.visits.perCustomer, visits);
    const stages = Object.fromEntries(value.contributions.byStage.map((row) => [row.stage, row.perCustomer]));
    expectAll(stages, { Buy: 49.84355, Use: -1.931711, Support: -3.411593, Dormant: -0.910455 });
    const rows = value.contributions.byLane.map((row) => [
      row.on === 'money' ? 'money' : row.lane,
      row.perCustomer
    ]);
    expectAll(Object.fromEntries(rows) as Record<string, number>, {
      money: 68.168384,
      Fulfilment: -18.324834,
      Service: -3.411593,
      CRM: -2.842166
    });
  });

  it('C23, C24: periods, payback, horizon', () => {
    const wanted = [62, 13.2308, 10.839874, 8.981506, 7.524223, 6.370343];
    const rows = byPeriod(model, 6);
    rows.forEach((row, tick) => expect(row.perCustomer.revenue).toBeCloseTo(wanted[tick]!, MICRO));
    expect(rows[0]!.perCustomer.net).toBeCloseTo(20.0605, MICRO);
    expect(value.paybackTicks).toBe(0);
    expect(value.clvOverHorizon).toBeCloseTo(43.106902, MICRO);
  });

  it('C20, C21: derivatives and elasticities of NPV', () => {
    expectDerivatives(value.derivatives.npv, [
      [money('Buy'), 0.063435, 2.047603],
      [share('Use', 'Use'), 8.036239, 2.008258],
      [share('Buy', 'Use'), 3.59136, 1.813661],
      [share('Consider', 'Buy'), 14.45974, 1.35506],
      [{ on: 'stage', stage: 'Use', metric: 'referrals' }, 2.928203, 0.045735],
      [{ on: 'map', metric: 'annualDiscountRate' }, -1.141874, -0.071339]
    ]);
  });

  const better = { Support: { feeling: 1, feelingBefore: -1 } };

  it('C14: a better feeling at Support', () => {
    const felt = valueOf(shop(better, { kappaPlus: 0.15, kappaMinus: 0.3, source: 'panel survey' }));
    const scaled = felt.model.transitions
      .filter(({ from }) => from === 4)
      .map(({ probability }) => probability);
    expect(scaled[0]).toBeCloseTo(0.823884195, 8);
    expect(scaled[1]).toBeCloseTo(0.123582629, 8);
    expect(felt.value.clv).toBeCloseTo(43.996265319, 8);
    expect(felt.value.clvWithReferrals).toBeCloseTo(45.561513966, 8);
    expect(felt.value.npvPerProspect).toBeCloseTo(1.94573329, 8);
    expect(felt.value.clv - value.clv).toBeCloseTo(0.406475203, 8);
    expect(felt.warnings).toEqual([]);
  });

  it('C14: with kappas 0 or no change of feeling not one digit moves', () => {
    expect(valueOf(shop(better, { kappaPlus: 0, kappaMinus: 0 })).value).toEqual(value);
    expect(valueOf(shop({}, { kappaPlus: 0.15, kappaMinus: 0.3 })).value).toEqual(value);
  });

  it('C15: value has no bound from a referral rate of .822556384 on', () => {
    const finite = (referrals: number) => evaluateJourney(shop({ Use: { referrals } })).ok;
    let [low, high] = [0.03, 2];
    while (high - low > 1e-9) {
      const middle = (low + high) / 2;
      if (finite(middle)) low = middle;
      else high = middle;
    }
    expect(low).toBeCloseTo(0.822556384, 7);
    const refused = evaluateJourney(shop({ Use: { referrals: 0.83 } }));
    expect(refused).toMatchObject({
      ok: false,
      problems: [{ code: 'E_REFERRAL_SUPERCRITICAL', at: { on: 'stage', stage: 'Use', metric: 'referrals' } }]
    });
  });
});

/** A mail-order chain by recency, after Pfeifer & Carraway: buy again from r_k, else move on, else be lost. */
function recency(
  chances: readonly number[],
  settings: { rate: number; margin: number; mail: number; lastMailed?: number },
  start = 0
): JourneyInput {
  const last = chances.length - 1;
  const lines = chances.map((chance, k): [string, Line] => [
    `r${k + 1}`,
    {
      kind: 'customer',
      dwell: 1,
      entry: k === start ? 1 : 0,
      to:
        k === 0
          ? { r1: chance, ...(last > 0 ? { r2: 1 - chance } : {}) }
          : { r1: chance, ...(k < last ? { [`r${k + 2}`]: 1 - chance } : {}) },
      ...(k === 0 ? { ordersPerVisit: 1, orderValue: settings.margin } : {}),
      costs: { Mail: settings.mail }
    }
  ]);
  return journeyOf(
    { tick: 'year', annualDiscountRate: settings.rate, grossMargin: 1, horizon: 5 },
    Object.fromEntries(lines)
  );
}

describe('Pfeifer & Carraway 2000', () => {
  const paper = { rate: 0.2, margin: 40, mail: 4 };
  const values = (input: JourneyInput) => Object.values(valueOf(input).value.valueByStage);
  const overFive = (chances: readonly number[]) =>
    chances.map((_, start) => valueOf(recency(chances, paper, start)).value.clvOverHorizon);
  const expectRow = (found: readonly number[], wanted: readonly number[], digits: number) => {
    expect(found).toHaveLength(wanted.length);
    wanted.forEach((number, k) => expect(found[k]).toBeCloseTo(number, digits));
  };

  it('row 63: infinite horizon', () => {
    expectRow(
      values(recency([0.3, 0.2, 0.15, 0.05], paper)),
      [52.319609, 5.553784, 1.250773, -1.820016],
      MICRO
    );
  });

  it('row 64: periods 0 to 4', () => {
    expectRow(overFive([0.3, 0.2, 0.15, 0.05]), [50.115, 4.22, 0.592, -1.98], 3);
  });

  it('row 65: one mailing fewer', () => {
    expectRow(values(recency([0.3, 0.2, 0.15], paper)), [53.149, 6.621, 2.644], 3);
  });

  it('row 66: three periods of recency, periods 0 to 4', () => {
    expectRow(overFive([0.3, 0.2, 0.05]), [49.404707, 2.6875, -1.982832], MICRO);
  });

  it('row 67: three periods of recency, no mailing cost', () => {
    const chain = recency([0.5, 0.2, 0.1], { rate: 0.1, margin: 100, mail: 0 });
    expectRow(values(chain), [231.076389, 57.291667, 21.006944], MICRO);
  });
});

describe('shifted-beta-geometric renewals', () => {
  const renewing = (alpha: number, beta: number): JourneyInput =>
    journeyOf(
      { tick: 'year', annualDiscountRate: 0.1, grossMargin: 1 },
      { Contract: { ordersPerVisit: 1, orderValue: 1, retention: { alpha, beta } } }
    );

  it.each([
    ['case 1', 3.8, 15.2, 4.008926],
    ['case 2', 0.067, 0.267, 7.973487],
    ['Regular', 0.704, 1.182, 3.695147],
    ['High End', 0.668, 3.806, 5.922596]
  ])('row 62: DEL, %s, through a journey', (_, alpha, beta, wanted) => {
    const { value } = valueOf(renewing(alpha, beta));
    expect(value.clv).toBeCloseTo(wanted, MICRO);
    expect(value.cac).toBe(0);
    expect(value.ratio).toBeNull();
  });

  const residual = (alpha: number, beta: number, renewals: number) =>
    renewalRate({ alpha, beta }, renewals + 1) *
    expectedPeriods({ alpha, beta: beta + renewals + 1 }, 1 / 1.1);

  it.each([
    [58, 3.8, 15.2, [3.3098, 3.451, 3.5865, 3.7168, 3.8421]],
    [59, 0.067, 0.267, [7.6708, 9.4553, 9.8508, 10.0562, 10.1886]]
  ])('row %i: residual periods before renewals 1 to 5', (_, alpha, beta, wanted) => {
    wanted.forEach((periods, k) => expect(residual(alpha, beta, k)).toBeCloseTo(periods, 4));
  });

  it('row 61: High End after seven renewals', () => {
    expect(residual(0.668, 3.806, 7)).toBeCloseTo(7.53, 3);
  });

  it('MC-1: the mean over uncertain retention is a renewal stage', () => {
    const { value } = valueOf(
      journeyOf(
        { tick: 'month', annualDiscountRate: 0.1, grossMargin: 1 },
        { Active: { ordersPerVisit: 1, orderValue: 29.88, retention: { alpha: 7, beta: 93 } } }
      )
    );
    expect(value.clv).toBeCloseTo(431.418372, MICRO);
  });
});

describe('simple models as journeys', () => {
  const loyal = (rate: number, retention: number): JourneyInput =>
    journeyOf(
      { tick: 'year', annualDiscountRate: rate, grossMargin: 1 },
      { Active: { ordersPerVisit: 1, orderValue: 1, to: { Active: retention } } }
    );

  it.each([
    [0.12, [1.15, 1.67, 2.5, 4.09]],
    [0.1, [1.2, 1.75, 2.67, 4.5]],
    [0.14, [1.11, 1.59, 2.35, 3.75]],
    [0.16, [1.07, 1.52, 2.22, 3.46]]
  ])('rows 70 to 72: margin multiple at %d and retention .6 to .9', (rate, wanted) => {
    wanted.forEach((multiple, k) => {
      const { clv } = valueOf(loyal(rate, 0.6 + k / 10)).value;
      expect(Math.abs(clv - 1 - multiple)).toBeLessThanOrEqual(0.0051);
    });
  });

  it('row 75: retention elasticity at 12%', () => {
    [2.6667, 3.5, 5.0909].forEach((wanted, k) => {
      const retention = 0.7 + k / 10;
      const { value } = valueOf(loyal(0.12, retention));
      const { derivative } = derivativeAt(value.derivatives.clv, share('Active', 'Active'));
      expect((derivative * retention) / (value.clv - 1)).toBeCloseTo(wanted, 4);
    });
  });

  it('row 68: value of 100,000 customers', () => {
    const { value } = valueOf(
      journeyOf(
        { tick: 'year', annualDiscountRate: 0.15, grossMargin: 1 },
        {
          Win: { to: { Active: 1 }, costs: { Acquisition: 30 } },
          Active: { ordersPerVisit: 1, orderValue: 50, to: { Active: 0.5 }, costs: { Marketing: 10 } }
        }
      )
    );
    expect(100_000 * value.npvPerProspect).toBeCloseTo(4_076_923.08, 2);
  });
});

describe('attribution by removal', () => {
  const removalOf = (lines: Record<string, Line>) => {
    const { value } = valueOf(
      journeyOf({ tick: 'day', grossMargin: 1 }, { ...lines, Won: { ordersPerVisit: 1, orderValue: 1 } })
    );
    return { conversion: value.conversion, removal: value.removal.map((effect) => effect.conversion) };
  };

  it('row 76: three channels', () => {
    const { conversion, removal } = removalOf({
      C1: { entry: 2 / 3, to: { C2: 0.5 } },
      C2: { entry: 1 / 3, to: { C3: 1 } },
      C3: { to: { Won: 0.5 } }
    });
    expect(conversion).toBeCloseTo(1 / 3, 14);
    [0.5, 1, 1].forEach((effect, k) => expect(removal[k]).toBeCloseTo(effect, 14));
  });

  it('row 77: two channels', () => {
    const { conversion, removal } = removalOf({
      G: { entry: 0.8, to: { Won: 0.5, M: 0.25 } },
      M: { entry: 0.2, to: { Won: 1 } }
    });
    expect(conversion).toBeCloseTo(0.8, 14);
    [0.75, 0.5].forEach((effect, k) => expect(removal[k]).toBeCloseTo(effect, 14));
  });
});
