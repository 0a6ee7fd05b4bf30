import { describe, expect, test } from 'vitest';
import type { ScenarioId } from '#lib/journey/ids.ts';
import { driversOf } from './drivers.ts';
import { evaluateMap } from './evaluate.ts';
import { figuresJson } from './figures-json.ts';
import { HEADLINES, type Computed, type FigureId } from './figures.ts';
import { formatDelta, formatHeadline, formatMetric, formatMoney, formatPercent } from './format.ts';
import { impossible } from './invalid.ts';
import { j1, key, stageNamed, withMetrics } from './j1.fixture.ts';
import { metricLabel } from './metric-label.ts';
import { pedigreeOf } from './pedigree.ts';

const baseline = (journey = j1()): Computed => {
  const { baseline: evaluation } = evaluateMap(journey);
  if (!evaluation.ok) throw new Error('J1 must compute');
  return evaluation;
};
const pedigree = (figure: FigureId, journey = j1()) => pedigreeOf(figure, journey, null, baseline(journey));
const inputs = (figure: FigureId, journey = j1()) =>
  pedigree(figure, journey).inputs.map(({ key: name }) => name);

describe('pedigree', () => {
  test('F10: CAC comes from acquisition costs and the shares of acquire stages, nothing else', () => {
    expect(inputs('cac')).toEqual([
      key.cost('Ads', 'Visit'),
      key.cost('Web', 'Visit'),
      key.cost('Web', 'Signup'),
      key.cost('Onboarding', 'Trial'),
      key.cost('Support', 'Trial'),
      key.share('Visit', 'Signup'),
      key.share('Signup', 'Trial'),
      key.share('Trial', 'Trial'),
      key.share('Trial', 'Active')
    ]);
  });

  test('F10: every input of every figure moves it, and no other number of the map does', () => {
    const journey = j1();
    const read = {
      clv: (v: Computed['value']) => v.clv,
      cac: (v: Computed['value']) => v.cac,
      npv: (v: Computed['value']) => v.npvPerProspect,
      conversion: (v: Computed['value']) => v.conversion,
      'stages/AtRisk': (v: Computed['value']) =>
        v.contributions.byStage.find(({ stage }) => stage === 'AtRisk')?.perCustomer ?? 0
    };
    for (const [figure, of] of Object.entries(read)) {
      const named = new Set(inputs(figure as FigureId, journey));
      for (const [name, entered] of journey.metrics) {
        const change = name.endsWith('dwell') ? 2 : (entered ?? 0) * 0.9;
        const moved =
          of(baseline(withMetrics(journey, [[name, change]])).value) !== of(baseline(journey).value);
        expect([figure, name, named.has(name)]).toEqual([figure, name, moved]);
      }
    }
  });

  test('F10: a default that holds is named as one', () => {
    const bare = withMetrics(j1(), [
      [key.setting('annualDiscountRate'), undefined],
      [key.stage('Active', 'dwell'), undefined]
    ]);
    const { inputs: used } = pedigree('clv', bare);
    expect(used.find(({ key: name }) => name === key.setting('annualDiscountRate'))).toMatchObject({
      value: 0.1,
      set: false
    });
    expect(used.find(({ key: name }) => name === key.stage('Active', 'dwell'))).toMatchObject({
      value: 1,
      set: false,
      unit: 'tick'
    });
    expect(used.find(({ key: name }) => name === key.stage('AtRisk', 'dwell'))?.set).toBe(true);
  });

  test('F10: an override is the value of the scenario’s pedigree', () => {
    const id = 's' as ScenarioId;
    const journey = {
      ...j1(),
      scenarios: [{ id, name: 's', rank: 'a0', overrides: new Map([[key.share('Trial', 'Active'), 0.36]]) }]
    };
    const { evaluation } = evaluateMap(journey).scenarios[0]!;
    if (!evaluation.ok) throw new Error('must compute');
    const used = pedigreeOf('conversion', journey, id, evaluation).inputs;
    expect(used.find(({ key: name }) => name === key.share('Trial', 'Active'))?.value).toBe(0.36);
  });

  test('F10: every figure has a formula, a source and inputs', () => {
    const figures: FigureId[] = [
      ...HEADLINES,
      'money',
      'periods/2',
      ...baseline().model.stages.map(({ id }) => `stages/${id}` as FigureId),
      ...baseline().model.lanes.map(({ id }) => `lanes/${id}` as FigureId)
    ];
    for (const figure of figures) {
      const { title, formula, source, inputs: used } = pedigree(figure);
      expect([figure, title !== '', formula.includes('='), source.endsWith('.'), used.length > 0]).toEqual([
        figure,
        true,
        true,
        true,
        true
      ]);
    }
    expect(pedigree('ratio').worked).toBe('€524.46 ÷ €82.57 = 6.35');
  });
});

describe('drivers', () => {
  test('F15: the strongest driver of J1 is how many stay active', () => {
    const drivers = driversOf('npv', j1(), null, baseline());
    expect(drivers[0]).toMatchObject({
      key: key.share('Active', 'Active'),
      label: 'Active, share that stays'
    });
    expect(drivers[0]?.relative).toBeCloseTo(0.18581349, 6);
    expect(drivers.find(({ key: name }) => name === key.cost('Ads', 'Visit'))?.effect).toBeCloseTo(-0.015, 9);
    const sizes = drivers.map(({ effect }) => Math.abs(effect));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });
});

describe('at import', () => {
  const codes = (changes: Parameters<typeof withMetrics>[1]) =>
    impossible(withMetrics(j1(), changes)).map(({ code, path }) => [code, path]);

  test('F11: what is missing is no reason to refuse', () => {
    expect(impossible(j1())).toEqual([]);
    expect(impossible({ ...j1(), metrics: new Map() })).toEqual([]);
    expect(codes([[key.share('Trial', 'Active'), null]])).toEqual([]);
  });

  test.each([
    [
      'a probability of 12',
      [[key.share('Trial', 'Active'), 12]],
      'E_RANGE',
      'transitions/Trial/Active/probability'
    ],
    [
      'a row sum of 1.2',
      [
        [key.share('Trial', 'Trial'), 0.3],
        [key.share('Trial', 'Active'), 0.9]
      ],
      'E_ROW_SUM',
      'transitions/Trial'
    ],
    ['half a tick', [[key.stage('Trial', 'dwell'), 0.5]], 'E_INTEGER', 'stages/Trial/dwell'],
    [
      'a loop in no time',
      [
        [key.share('Visit', 'Visit'), 1],
        [key.share('Visit', 'Signup'), 0]
      ],
      'E_ZERO_LOOP',
      'stages/Visit/dwell'
    ],
    [
      'a stage nobody leaves',
      [
        [key.setting('annualDiscountRate'), 0],
        [key.share('Active', 'Active'), 1],
        [key.share('Active', 'AtRisk'), 0]
      ],
      'E_NO_EXIT',
      'transitions/Active'
    ],
    ['an unknown stage', [[key.stage('Nowhere', 'dwell'), 1]], 'E_UNKNOWN_STAGE', 'stages/Nowhere/dwell'],
    ['an unknown lane', [[key.cost('Nowhere', 'Trial'), 1]], 'E_UNKNOWN_LANE', 'cells/Nowhere/Trial/cost'],
    ['not a number', [[key.setting('grossMargin'), NaN]], 'E_NOT_FINITE', 'settings/grossMargin']
  ] as [string, Parameters<typeof withMetrics>[1], string, string][])(
    'F11: %s is refused by name',
    (_, changes, code, path) => {
      expect(codes(changes)).toContainEqual([code, path]);
    }
  );

  test('F11: a loop that nobody leaves is a map like another where a discount makes it finite, and told as extreme', () => {
    const loyal = [
      [key.share('Active', 'Active'), 1],
      [key.share('Active', 'AtRisk'), 0]
    ] as const;
    expect(codes(loyal)).toEqual([]);
    const { baseline } = evaluateMap(withMetrics(j1(), loyal));
    // 29.88 a month for ever, from now on: 29.88 / (1 - v).
    expect(baseline.ok && baseline.value.clv).toBeCloseTo(29.88 / (1 - 1.1 ** (-1 / 12)), 6);
    expect(baseline.ok && baseline.value.lifetimeTicks).toBeNull();
    expect(baseline.warnings.map(({ code }) => code)).toContain('W_RETENTION_EXTREME');
    const undiscounted = [...loyal, [key.setting('annualDiscountRate'), 0]] as const;
    expect(codes(undiscounted)).toEqual([['E_NO_EXIT', 'transitions/Active']]);
    // Conversion is not discounted: prospects who never get on have no share of customers, at any rate.
    const trapped = [
      [key.share('Signup', 'Active'), 0.1],
      [key.share('Trial', 'Trial'), 1],
      [key.share('Trial', 'Active'), 0]
    ] as const;
    expect(codes(trapped)).toEqual([['E_NO_EXIT', 'transitions/Trial']]);
  });

  test('F11: a scenario is judged too, and each thing is told once', () => {
    const scenarios = [
      {
        id: 's' as ScenarioId,
        name: 's',
        rank: 'a0',
        overrides: new Map([[key.share('Trial', 'Active'), 12]])
      }
    ];
    expect(impossible({ ...j1(), scenarios }).map(({ code, path }) => [code, path])).toEqual([
      ['E_RANGE', 'scenarios/s/overrides/transitions/Trial/Active/probability']
    ]);
  });
});

describe('for programs', () => {
  test('F12: full precision under clear names', () => {
    const json = figuresJson(evaluateMap(j1()), j1());
    expect(json.baseline.clv).toBeCloseTo(524.464542929, 6);
    expect(json.baseline.clvToCac).toBeCloseTo(6.351702214, 6);
    expect(json.baseline.npvPerProspect).toBeCloseTo(10.18046806, 6);
    expect(json.baseline.byPeriod).toHaveLength(36);
    expect(json.baseline.derivatives?.npvPerProspect).toContainEqual(
      expect.objectContaining({ where: 'transitions/Active/Active/probability' })
    );
    expect(json.warnings).toEqual([]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test('F12: null and the problems instead of numbers', () => {
    const journey = withMetrics(j1(), [[key.setting('grossMargin'), undefined]]);
    const { baseline: told } = figuresJson(evaluateMap(journey), journey);
    const { problems, warnings, ...numbers } = told;
    expect(Object.values(numbers).every((value) => value === null)).toBe(true);
    expect(Object.keys(numbers)).toEqual(
      Object.keys(figuresJson(evaluateMap(j1()), j1()).baseline).filter(
        (name) => name !== 'problems' && name !== 'warnings'
      )
    );
    expect(problems).toMatchObject([{ code: 'E_MISSING', where: 'settings/grossMargin' }]);
    expect(warnings).toEqual([]);
  });
});

describe('words and figures', () => {
  const euros = { currency: 'EUR', tick: 'month' } as const;

  test('F14: headlines', () => {
    expect(formatHeadline('clv', 524.464542929, euros)).toBe('€524.46');
    expect(formatHeadline('ratio', 6.351702214, euros)).toBe('6.35');
    expect(formatHeadline('payback', 2, euros)).toBe('2 months');
    expect(formatHeadline('payback', 1, euros)).toBe('1 month');
    expect(formatHeadline('payback', 0, euros)).toBe('First order');
    expect(formatHeadline('conversion', 0.023294117647, euros)).toBe('2.33%');
    expect(formatMoney(-0.00001, 'EUR')).toBe('−€0.00001');
    expect(formatMoney(-0, 'EUR')).toBe('€0.00');
    expect(formatMoney(1234567, 'USD')).toBe('$1.23M');
    expect(formatMoney(12, 'wrong')).toBe('12.00');
    expect(formatPercent(0.93)).toBe('93%');
  });

  test('F14: a delta has sign, arrow and a direction that knows costs', () => {
    expect(formatDelta('clv', 48.2, euros)).toEqual({ text: '+€48.20', arrow: '▲', meaning: 'better' });
    expect(formatDelta('cac', 3, euros)).toEqual({ text: '+€3.00', arrow: '▲', meaning: 'worse' });
    expect(formatDelta('conversion', -0.01, euros)).toEqual({
      text: '−1 point',
      arrow: '▼',
      meaning: 'worse'
    });
    expect(formatDelta('payback', 0, euros).text).toBe('no change');
    expect(formatDelta('clv', 1e-14, euros)).toEqual({ text: 'no change', arrow: '', meaning: 'same' });
  });

  test('F14: an entered number is shown as entered', () => {
    expect(formatMetric(0.3, 'fraction', euros)).toBe('30%');
    expect(formatMetric(0.0012, 'fraction', euros)).toBe('0.12%');
    expect(formatMetric(39, 'money', euros)).toBe('€39.00');
    expect(formatMetric(3, 'tick', euros)).toBe('3 months');
  });

  test('labels use the map’s names', () => {
    const journey = { ...j1(), stages: [...j1().stages, { ...stageNamed('x'), name: ' ' }] };
    expect(metricLabel(key.share('Trial', 'Active'), journey)).toBe('Trial → Active, share');
    expect(metricLabel(key.share('Active', 'Active'), journey)).toBe('Active, share that stays');
    expect(metricLabel(key.cost('Ads', 'Visit'), journey)).toBe('Ads in Visit, cost per visit');
    expect(metricLabel(key.stage('x', 'dwell'), journey)).toBe('Unnamed stage, dwell');
    expect(metricLabel(key.setting('grossMargin'), journey)).toBe('Gross margin');
  });
});
