import type { JourneyInput, StageInput } from '../../src/lib/clv/index.ts';

type Edges = Readonly<Record<string, number>>;

/** One stage of a worked example as a line of its table; ids are names. */
export interface Line extends Omit<StageInput, 'id' | 'name'> {
  readonly to?: Edges;
  readonly costs?: Readonly<Record<string, number>>;
}

/** Builds an input from a table of stages. */
export function journeyOf(
  settings: Omit<JourneyInput, 'stages' | 'transitions' | 'lanes' | 'costs' | 'currency'>,
  lines: Readonly<Record<string, Line>>
): JourneyInput {
  const rows = Object.entries(lines);
  const lanes = new Set(rows.flatMap(([, { costs }]) => Object.keys(costs ?? {})));
  return {
    currency: 'EUR',
    ...settings,
    stages: rows.map(([name, { to: _to, costs: _costs, ...stage }]) => ({ id: name, name, ...stage })),
    transitions: rows.flatMap(([from, { to }]) =>
      Object.entries(to ?? {}).map(([target, probability]) => ({ from, to: target, probability }))
    ),
    lanes: [...lanes].map((name) => ({ id: name, name })),
    costs: rows.flatMap(([stage, { costs }]) =>
      Object.entries(costs ?? {}).map(([lane, cost]) => ({ lane, stage, cost }))
    )
  };
}

/** J1: a monthly subscription with a trial. */
export const subscription = (change: Partial<Record<string, Line>> = {}): JourneyInput => {
  const base: Record<string, Line> = {
    Visit: { kind: 'acquire', to: { Signup: 0.12 }, dwell: 0, costs: { Ads: 1.5, Web: 0.05 } },
    Signup: { kind: 'acquire', to: { Trial: 0.55 }, dwell: 0, costs: { Web: 0.2 } },
    Trial: {
      kind: 'acquire',
      to: { Trial: 0.15, Active: 0.3 },
      dwell: 1,
      costs: { Onboarding: 4, Support: 0.5 }
    },
    Active: {
      kind: 'customer',
      to: { Active: 0.93, AtRisk: 0.04 },
      dwell: 1,
      ordersPerVisit: 1,
      orderValue: 39,
      costs: { Support: 2.1 }
    },
    AtRisk: {
      kind: 'customer',
      to: { Active: 0.35, AtRisk: 0.25 },
      dwell: 1,
      ordersPerVisit: 1,
      orderValue: 39,
      costs: { Support: 6.5, Offers: 5 }
    }
  };
  return journeyOf(
    { tick: 'month', annualDiscountRate: 0.1, grossMargin: 0.82 },
    Object.fromEntries(Object.entries(base).map(([name, line]) => [name, { ...line, ...change[name] }]))
  );
};

/** J2: a shop with loops, win-back, referrals and, on request, a change of feelings. */
export const shop = (
  change: Partial<Record<string, Line>> = {},
  feelings?: JourneyInput['feelings']
): JourneyInput => {
  const base: Record<string, Line> = {
    Aware: { kind: 'acquire', to: { Consider: 0.25 }, dwell: 0, costs: { Ads: 0.4 } },
    Consider: { kind: 'acquire', to: { Consider: 0.2, Buy: 0.18 }, dwell: 1, costs: { Web: 0.6 } },
    Buy: {
      kind: 'customer',
      to: { Use: 0.97 },
      dwell: 0,
      ordersPerVisit: 1,
      orderValue: 62,
      costs: { Fulfilment: 7.5 }
    },
    Use: {
      kind: 'customer',
      to: { Buy: 0.22, Use: 0.48, Support: 0.12, Dormant: 0.15 },
      dwell: 1,
      referrals: 0.03,
      costs: { CRM: 0.35 }
    },
    Support: {
      kind: 'customer',
      to: { Use: 0.8, Dormant: 0.12 },
      dwell: 0,
      feeling: -1,
      costs: { Service: 5.2 }
    },
    Dormant: { kind: 'customer', to: { Buy: 0.04, Dormant: 0.86 }, dwell: 1, costs: { CRM: 0.15 } }
  };
  return journeyOf(
    {
      tick: 'month',
      annualDiscountRate: 0.12,
      grossMargin: 0.45,
      referral: { entry: 'Consider', delay: 1 },
      feelings
    },
    Object.fromEntries(Object.entries(base).map(([name, line]) => [name, { ...line, ...change[name] }]))
  );
};
