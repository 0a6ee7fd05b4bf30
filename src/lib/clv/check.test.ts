import { describe, expect, it } from 'vitest';
import { checkModel, type JourneyInput, type Place, type StageInput, type Tick } from './index.ts';

const place = {
  map: (metric: Extract<Place, { on: 'map' }>['metric']): Place => ({ on: 'map', metric }),
  stage: (stage: string, metric: Extract<Place, { on: 'stage' }>['metric']): Place => ({
    on: 'stage',
    stage,
    metric
  }),
  share: (from: string, to: string): Place => ({ on: 'transition', from, to }),
  cell: (lane: string, stage: string): Place => ({ on: 'cell', lane, stage })
};

/** Look, then buy and stay. */
const base: JourneyInput = {
  tick: 'month',
  currency: 'EUR',
  grossMargin: 0.5,
  stages: [
    { id: 'look', name: 'Look' },
    { id: 'buy', name: 'Buy', ordersPerVisit: 1, orderValue: 20 }
  ],
  transitions: [
    { from: 'look', to: 'buy', probability: 0.1 },
    { from: 'buy', to: 'buy', probability: 0.8 }
  ],
  lanes: [{ id: 'ads', name: 'Ads' }],
  costs: [{ lane: 'ads', stage: 'look', cost: 1 }]
};

const withStage = (id: string, change: Partial<StageInput>): JourneyInput => ({
  ...base,
  stages: base.stages.map((stage) => (stage.id === id ? { ...stage, ...change } : stage))
});

const withShare = (from: string, to: string, probability?: number): JourneyInput => ({
  ...base,
  transitions: [
    ...base.transitions.filter((edge) => edge.from !== from || edge.to !== to),
    { from, to, probability }
  ]
});

function problemsOf(input: JourneyInput): [string, Place][] {
  const result = checkModel(input);
  return result.ok ? [] : result.problems.map(({ code, at }) => [code, at]);
}

const warningsOf = (input: JourneyInput) => checkModel(input).warnings.map(({ code, at }) => [code, at]);

function modelOf(input: JourneyInput) {
  const result = checkModel(input);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.model;
}

describe('defaults', () => {
  it('C2 to C4, C9, C13: what is not set', () => {
    const model = modelOf(base);
    expect(model).toMatchObject({
      annualDiscountRate: 0.1,
      horizon: 36,
      prospectsPerTick: null,
      referralEntry: 0,
      referralDelay: 1
    });
    expect(model.stages).toMatchObject([
      { kind: 'acquire', dwell: 0, entry: 1, ordersPerVisit: 0, referrals: 0, costs: [1], stayFactor: 1 },
      { kind: 'customer', dwell: 1, entry: 0, grossMargin: 0.5, ownMargin: false, costs: [0] }
    ]);
    expect(warningsOf(base)).toEqual([]);
  });

  it.each([
    ['day', 1095],
    ['week', 156],
    ['month', 36],
    ['quarter', 12],
    ['year', 3]
  ] satisfies [Tick, number][])('C2: three years in ticks of a %s', (tick, horizon) => {
    expect(modelOf({ ...base, tick }).horizon).toBe(horizon);
  });

  it('C3: kinds as entered win over the default', () => {
    const input = withStage('look', { kind: 'customer' });
    expect(modelOf(input).stages.map(({ kind }) => kind)).toEqual(['customer', 'customer']);
  });

  it('C7: a margin at every stage with orders makes the map margin unnecessary', () => {
    const input = { ...withStage('buy', { grossMargin: 0.3 }), grossMargin: undefined };
    expect(modelOf(input).stages[1]).toMatchObject({ grossMargin: 0.3, ownMargin: true });
  });
});

describe('wrong values', () => {
  it.each([
    ['rate', { annualDiscountRate: 1.5 }, 'E_RANGE', place.map('annualDiscountRate')],
    ['rate', { annualDiscountRate: NaN }, 'E_NOT_FINITE', place.map('annualDiscountRate')],
    ['margin', { grossMargin: 45 }, 'E_RANGE', place.map('grossMargin')],
    ['margin', { grossMargin: undefined }, 'E_MISSING', place.map('grossMargin')],
    ['horizon', { horizon: 0 }, 'E_RANGE', place.map('horizon')],
    ['horizon', { horizon: 1.5 }, 'E_INTEGER', place.map('horizon')],
    ['prospects', { prospectsPerTick: -1 }, 'E_RANGE', place.map('prospectsPerTick')],
    ['tick', { tick: 'hour' as Tick }, 'E_ENUM', place.map('tick')],
    ['tick', { tick: 'toString' as Tick }, 'E_ENUM', place.map('tick')],
    ['currency', { currency: 'euro' }, 'E_CURRENCY', place.map('currency')],
    ['referral delay', { referral: { delay: 0 } }, 'E_RANGE', place.map('referralDelay')],
    ['referral entry', { referral: { entry: 'gone' } }, 'E_UNKNOWN_STAGE', place.map('referralEntry')],
    ['kappa', { feelings: { kappaPlus: 3 } }, 'E_RANGE', place.map('kappaPlus')],
    ['kappa', { feelings: { kappaMinus: -1 } }, 'E_RANGE', place.map('kappaMinus')]
  ] satisfies [string, Partial<JourneyInput>, string, Place][])(
    'C1: %s of the map, %o',
    (_, change, code, at) => {
      expect(problemsOf({ ...base, ...change })).toEqual([[code, at]]);
    }
  );

  it.each([
    ['dwell', { dwell: -1 }, 'E_RANGE'],
    ['dwell', { dwell: 0.5 }, 'E_INTEGER'],
    ['ordersPerVisit', { ordersPerVisit: 1001 }, 'E_RANGE'],
    ['ordersPerVisit', { ordersPerVisit: Infinity }, 'E_NOT_FINITE'],
    ['orderValue', { orderValue: -1 }, 'E_RANGE'],
    ['orderValue', { orderValue: '20' as unknown as number }, 'E_NOT_FINITE'],
    ['orderValue', { orderValue: undefined }, 'E_MISSING'],
    ['grossMargin', { grossMargin: 1.01 }, 'E_RANGE'],
    ['referrals', { referrals: 11 }, 'E_RANGE'],
    ['feeling', { feeling: 3 }, 'E_RANGE'],
    ['feeling', { feelingBefore: -3 }, 'E_RANGE'],
    ['kind', { kind: 'other' as 'acquire' }, 'E_ENUM'],
    ['retention', { retention: { alpha: 0, beta: 1 } }, 'E_RANGE'],
    ['retention', { retention: { alpha: 1, beta: 2e6 } }, 'E_RANGE'],
    ['entry', { entry: 1.5 }, 'E_RANGE']
  ] satisfies [string, Partial<StageInput>, string][])('C1: %s of a stage, %o', (metric, change, code) => {
    const at = place.stage('buy', metric as 'dwell');
    expect(problemsOf(withStage('buy', change))).toEqual([[code, at]]);
  });

  it('C1: 12 as a share is an error and not 12%, told in one sentence', () => {
    const result = checkModel(withShare('look', 'buy', 12));
    expect(result.ok ? [] : result.problems).toMatchObject([
      {
        code: 'E_RANGE',
        at: place.share('look', 'buy'),
        message: 'The share that goes from “Look” to “Buy” must be from 0 to 1, but is 12.'
      }
    ]);
  });

  it('C1: the same id, pair or cell twice', () => {
    const stages = [...base.stages, { id: 'buy', name: 'Again' }];
    expect(problemsOf({ ...base, stages })).toContainEqual(['E_DUPLICATE', place.map('stages')]);
    const transitions = [...base.transitions, base.transitions[0]!];
    expect(problemsOf({ ...base, transitions })).toEqual([['E_DUPLICATE', place.share('look', 'buy')]]);
    const costs = [...base.costs, ...base.costs];
    expect(problemsOf({ ...base, costs })).toEqual([['E_DUPLICATE', place.cell('ads', 'look')]]);
    const lanes = [...base.lanes, ...base.lanes];
    expect(problemsOf({ ...base, lanes })).toEqual([['E_DUPLICATE', place.map('stages')]]);
  });

  it('C5: a transition without a number, and one off the map', () => {
    expect(problemsOf(withShare('look', 'buy'))).toEqual([['E_MISSING', place.share('look', 'buy')]]);
    expect(problemsOf(withShare('buy', 'gone', 0.1))).toEqual([
      ['E_UNKNOWN_STAGE', place.share('buy', 'gone')]
    ]);
  });

  it('C6: a row sum above 1 is refused, never rescaled; rounding is only remarked', () => {
    expect(problemsOf(withShare('buy', 'look', 0.2 + 2e-9))).toEqual([
      ['E_ROW_SUM', place.stage('buy', 'row')]
    ]);
    const rounded = withShare('buy', 'look', 0.2 + 5e-10);
    expect(problemsOf(rounded)).toEqual([]);
    expect(warningsOf(rounded)).toEqual([['W_ROUNDING', place.stage('buy', 'row')]]);
    expect(warningsOf(withShare('buy', 'look', 0.2))).toEqual([]);
  });

  it('C7: orders at an acquire stage', () => {
    const input = withStage('buy', { kind: 'acquire' });
    expect(problemsOf(input)).toEqual([
      ['E_NO_CUSTOMER', place.stage('buy', 'ordersPerVisit')],
      ['E_ORDERS_BEFORE_CUSTOMER', place.stage('buy', 'ordersPerVisit')]
    ]);
  });

  it('C8: a negative cost, and costs off the map', () => {
    const withCost = (lane: string, stage: string, cost: number) =>
      problemsOf({ ...base, costs: [{ lane, stage, cost }] });
    expect(withCost('ads', 'look', -1)).toEqual([['E_RANGE', place.cell('ads', 'look')]]);
    expect(withCost('gone', 'look', 1)).toEqual([['E_UNKNOWN_LANE', place.cell('gone', 'look')]]);
    expect(withCost('ads', 'gone', 1)).toEqual([['E_UNKNOWN_STAGE', place.cell('ads', 'gone')]]);
  });

  it('C9: entry shares that do not add up', () => {
    expect(problemsOf(withStage('look', { entry: 0.9 }))).toEqual([
      ['E_ROW_SUM', place.stage('look', 'entry')]
    ]);
  });

  it('C10: a loop without time that nobody leaves', () => {
    const round = { ...withShare('buy', 'look', 0.2), stages: withStage('buy', { dwell: 0 }).stages };
    const endless = {
      ...round,
      transitions: round.transitions.map((edge) =>
        edge.from === 'look' ? { ...edge, probability: 1 } : edge
      )
    };
    expect(problemsOf(round)).toEqual([]);
    expect(problemsOf(endless)).toEqual([['E_ZERO_LOOP', place.stage('look', 'dwell')]]);
  });

  it('C12: a stage that renews has no other way on, takes time and has customers', () => {
    const retention = { alpha: 1, beta: 3 };
    const renewing = withStage('buy', { retention });
    expect(problemsOf(renewing)).toEqual([]);
    expect(problemsOf({ ...renewing, transitions: withShare('buy', 'look', 0.1).transitions })).toEqual([
      ['E_SBG_EDGES', place.stage('buy', 'row')]
    ]);
    expect(problemsOf(withStage('buy', { retention, dwell: 0 }))).toEqual([
      ['E_ZERO_LOOP', place.stage('buy', 'dwell')]
    ]);
    const early = withStage('look', { retention });
    expect(problemsOf({ ...early, transitions: base.transitions.slice(1) })).toEqual([
      ['E_SBG_EDGES', place.stage('look', 'retention')],
      ['E_NO_CONVERSION', place.stage('look', 'row')]
    ]);
  });
});

describe('maps that are not filled in yet', () => {
  const names = ['Aware', 'Consider', 'Buy', 'Use', 'Support', 'Renew', 'Advise', 'Leave'];
  const blank: JourneyInput = {
    tick: 'month',
    currency: 'EUR',
    stages: names.map((name) => ({ id: name.toLowerCase(), name })),
    transitions: [],
    lanes: [],
    costs: []
  };

  it('C1, C3: nothing entered asks for a margin and for a first purchase, and for nothing else', () => {
    expect(problemsOf(blank)).toEqual([
      ['E_MISSING', place.map('grossMargin')],
      ['E_NO_CUSTOMER', place.map('stages')]
    ]);
    expect(warningsOf(blank)).toEqual([]);
    expect(problemsOf({ ...blank, stages: [] })).toHaveLength(2);
  });

  it('C3: an order value without orders points to the orders', () => {
    const stages = blank.stages.map((stage) => (stage.id === 'buy' ? { ...stage, orderValue: 9 } : stage));
    const input = { ...blank, grossMargin: 0.4, stages };
    expect(problemsOf(input)).toEqual([['E_NO_CUSTOMER', place.stage('buy', 'ordersPerVisit')]]);
    expect(warningsOf(input)).toEqual([['W_UNSET', place.stage('buy', 'ordersPerVisit')]]);
  });

  it('C4: kinds without one order anywhere have no value yet', () => {
    const stages: StageInput[] = [
      { id: 'look', name: 'Look', kind: 'acquire' },
      { id: 'buy', name: 'Buy', kind: 'customer' }
    ];
    expect(problemsOf({ ...base, stages })).toEqual([['E_MISSING', place.stage('buy', 'ordersPerVisit')]]);
    const none = stages.map((stage) => (stage.id === 'buy' ? { ...stage, ordersPerVisit: 0 } : stage));
    expect(problemsOf({ ...base, stages: none })).toEqual([]);
  });

  it('C11: no way to a customer stage names the stage where the way ends', () => {
    const stages = blank.stages.map((stage) =>
      stage.id === 'buy' ? { ...stage, orderValue: 9, ordersPerVisit: 1 } : stage
    );
    const input = { ...blank, grossMargin: 0.4, stages };
    expect(problemsOf(input)).toEqual([['E_NO_CONVERSION', place.stage('aware', 'row')]]);
    const further = { ...input, transitions: [{ from: 'aware', to: 'consider', probability: 0.5 }] };
    expect(problemsOf(further)).toEqual([['E_NO_CONVERSION', place.stage('consider', 'row')]]);
    const drawn = { ...further, transitions: [...further.transitions, { from: 'consider', to: 'buy' }] };
    expect(problemsOf(drawn)).toEqual([['E_MISSING', place.share('consider', 'buy')]]);
    const none = { ...input, transitions: [{ from: 'aware', to: 'buy', probability: 0 }] };
    expect(problemsOf(none)).toEqual([['E_NO_CONVERSION', place.stage('aware', 'row')]]);
  });
});

describe('warnings', () => {
  it('C7: a negative margin', () => {
    expect(warningsOf({ ...base, grossMargin: -0.1 })).toEqual([
      ['W_NEGATIVE_MARGIN', place.map('grossMargin')]
    ]);
    expect(warningsOf(withStage('buy', { grossMargin: -0.1 }))).toEqual([
      ['W_NEGATIVE_MARGIN', place.stage('buy', 'grossMargin')]
    ]);
  });

  it('C8: a cell without a number counts 0', () => {
    const input = { ...base, costs: [{ lane: 'ads', stage: 'look' }] };
    expect(warningsOf(input)).toEqual([['W_UNSET', place.cell('ads', 'look')]]);
    expect(modelOf(input).stages[0]!.costs).toEqual([0]);
  });

  it('C11: a stage that nobody reaches, unless referred prospects do', () => {
    const stages = [...base.stages, { id: 'island', name: 'Island' }];
    expect(warningsOf({ ...base, stages })).toEqual([['W_UNREACHABLE', place.stage('island', 'row')]]);
    const referring = [base.stages[0]!, { ...base.stages[1]!, referrals: 0.1 }, stages[2]!];
    expect(warningsOf({ ...base, stages: referring, referral: { entry: 'island' } })).toEqual([]);
  });

  it('C5: a self-loop above 99.5% per tick', () => {
    expect(warningsOf(withShare('buy', 'buy', 0.996))).toEqual([
      ['W_RETENTION_EXTREME', place.share('buy', 'buy')]
    ]);
    expect(warningsOf(withShare('buy', 'buy', 0.995))).toEqual([]);
    const slow = { ...withShare('buy', 'buy', 0.985), stages: withStage('buy', { dwell: 4 }).stages };
    expect(warningsOf(slow)).toEqual([['W_RETENTION_EXTREME', place.share('buy', 'buy')]]);
  });

  it('C14: kappas without a source', () => {
    const felt = (source?: string) =>
      warningsOf({ ...base, feelings: { kappaPlus: 0.1, kappaMinus: 0.2, source } });
    expect(felt(' ')).toEqual([
      ['W_ASSUMPTION', place.map('kappaPlus')],
      ['W_ASSUMPTION', place.map('kappaMinus')]
    ]);
    expect(felt('survey')).toEqual([]);
  });
});
