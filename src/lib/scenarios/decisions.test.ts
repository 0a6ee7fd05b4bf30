import { finish } from '#lib/clv/decisions/index.ts';
import type { ExperimentId, StageId } from '#lib/journey/ids.ts';
import type { Experiment, Journey, NumberRange, Opportunity, Scenario } from '#lib/journey/records.ts';
import type { ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import { describe, expect, test } from 'vitest';
import { compareScenarios } from './compare.ts';
import { evaluateOpportunities, programmeOf, type Uplift } from './decisions.ts';
import { evaluateMap } from './evaluate.ts';
import { judgeExperiment } from './experiments.ts';
import type { Computed } from './figures.ts';
import { j1, key, laneNamed, withMetrics } from './j1.fixture.ts';
import { j3, opportunityNamed } from './j3.fixture.ts';
import { portfolioJob, portfolioRun } from './portfolio.ts';
import { simulationJob, simulationRun } from './simulation.ts';
import { tornadoOf } from './tornado.ts';

const decide = (journey: Journey) => evaluateOpportunities(journey, evaluateMap(journey).baseline);
const upliftOf = (journey: Journey, name: string): Uplift => {
  const found = decide(journey).ranked.find(({ opportunity }) => opportunity.name === name);
  if (!found?.result.ok) throw new Error(`${name} has no figure`);
  return found.result;
};
const withOpportunities = (journey: Journey, opportunities: readonly Opportunity[]): Journey => ({
  ...journey,
  opportunities
});
const computed = (journey: Journey): Computed => {
  const { baseline } = evaluateMap(journey);
  if (!baseline.ok) throw new Error('the map has no value');
  return baseline;
};
const withRanges = (journey: Journey, ranges: readonly (readonly [MetricKey, NumberRange])[]): Journey => ({
  ...journey,
  ranges: new Map(ranges)
});

describe('F16 to F18: opportunities of a map', () => {
  test.each([
    ['Guided setup', 2.420679, 185_645.31],
    ['Save desk', 1.177877, 71_617.37],
    ['Price up', -0.145744, -18_789.42],
    ['Landing page', 0.938437, 73_350.22]
  ])('J3: %s brings what the specification says', (name, uplift, value) => {
    const result = upliftOf(j3(), name);
    expect(result.expectedUplift).toBeCloseTo(uplift, 6);
    expect(result.programmeValue).toBeCloseTo(value, 1);
  });

  test('those worth most come first, closed ones last', () => {
    const journey = j3();
    expect(decide(journey).ranked.map(({ opportunity }) => opportunity.name)).toEqual([
      'Guided setup',
      'Landing page',
      'Save desk',
      'Price up'
    ]);
    const closed = journey.opportunities.map((one) =>
      one.name === 'Guided setup' ? { ...one, status: 'done' as const } : one
    );
    expect(
      decide(withOpportunities(journey, closed))
        .ranked.map(({ opportunity }) => opportunity.name)
        .at(-1)
    ).toBe('Guided setup');
  });

  test('without an intake there are uplifts, no programme value, and a notice that leads to the setting', () => {
    const journey = withMetrics(j3(), [[key.setting('prospectsPerTick'), undefined]]);
    const { notices, ranked } = decide(journey);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ code: 'E_MISSING', key: key.setting('prospectsPerTick') });
    expect(notices[0]?.message).toContain('New prospects');
    expect(ranked.every(({ result }) => result.ok && result.programmeValue === null)).toBe(true);
    expect(ranked[0]?.id).toBe('guided-setup');
  });

  test('a programme runs for 24 months, or for the horizon where that is shorter', () => {
    expect(programmeOf(j3()).ticks).toBe(24);
    expect(programmeOf(withMetrics(j3(), [[key.setting('horizon'), 6]])).ticks).toBe(6);
    expect(programmeOf({ ...j3(), settings: { ...j3().settings, tick: 'quarter' } }).ticks).toBe(8);
  });

  test('a map without a value says why, and no opportunity has a figure', () => {
    const { notices, ranked } = decide(withMetrics(j3(), [[key.setting('grossMargin'), undefined]]));
    expect(notices[0]?.key).toBe(key.setting('grossMargin'));
    expect(ranked.some(({ result }) => result.ok)).toBe(false);
  });

  test('what changes nothing, breaks the map, or points at words has a sentence and no figure', () => {
    const journey = withOpportunities(j3(), [
      opportunityNamed('Empty', []),
      opportunityNamed('Too much', [[key.share('Trial', 'Active'), 'set', 0.95]]),
      opportunityNamed('Words', [[key.stage('Active', 'sbgAlpha'), 'set', 2]])
    ]);
    const problems = decide(journey).ranked.map(({ result }) => (result.ok ? [] : result.problems));
    expect(problems.map(([first]) => first?.code)).toEqual(['E_MISSING', 'E_ROW_SUM', 'E_PLACE']);
    expect(problems[0]?.[0]?.message).toContain('“Empty”');
    expect(problems[1]?.[0]?.key).toBe(key.share('Trial', 'Trial'));
    for (const [first] of problems) expect(first?.message).toMatch(/^[A-Z“].*\.$/);
  });

  test('a better feeling in one of two feelings lanes moves their mean', () => {
    const base = j1();
    const lanes = [...base.lanes, laneNamed('Mood', 'feelings', 'z0')];
    const journey = withMetrics({ ...base, lanes }, [
      [key.setting('kappaPlus'), 0.15],
      [key.setting('kappaMinus'), 0.3],
      [key.feeling('Feelings', 'AtRisk'), -2],
      [key.feeling('Mood', 'AtRisk'), 0]
    ]);
    const one = upliftOf(
      withOpportunities(journey, [opportunityNamed('One', [[key.feeling('Feelings', 'AtRisk'), 'add', 2]])]),
      'One'
    );
    const scenario: Scenario = {
      id: 's' as ScenarioId,
      name: 's',
      rank: 'a0',
      overrides: new Map([[key.feeling('Feelings', 'AtRisk'), 0]])
    };
    const [after] = evaluateMap({ ...journey, scenarios: [scenario] }).scenarios;
    expect(one.clvUplift).toBeGreaterThan(0);
    expect(one.clvUplift).toBeCloseTo(after?.deltas.clv ?? NaN, 9);
  });

  test('results stay while the numbers of the map and the opportunity stay', () => {
    const journey = j3();
    const { baseline } = evaluateMap(journey);
    const before = evaluateOpportunities(journey, baseline);
    const after = evaluateOpportunities({ ...journey, title: 'Another' }, baseline);
    expect(after.ranked[0]?.result).toBe(before.ranked[0]?.result);
  });
});

describe('F19: portfolio', () => {
  const best = (journey: Journey, budget: number) => {
    const { baseline } = evaluateMap(journey);
    const job = portfolioJob(journey, baseline, evaluateOpportunities(journey, baseline), budget);
    if (job.kind === 'refused') throw new Error(job.problems[0]?.message);
    const result = finish(portfolioRun(job));
    if (!result?.ok) throw new Error('refused');
    return result;
  };

  test('J3: the best pair is solved together, and adding single values picks the other one', () => {
    const { best: set, additive } = best(j3(), 30_000);
    expect(set.ids).toEqual(['guided-setup', 'save-desk']);
    expect(set.programmeValue).toBeCloseTo(277_935.01, 1);
    expect(set.interaction).toBeCloseTo(0.235575, 6);
    expect(additive.ids).toEqual(['guided-setup', 'landing-page']);
    expect(additive.picksWrong).toBe(true);
    expect(additive.set?.programmeValue).toBeCloseTo(275_989.17, 1);
  });

  test('another budget picks others; what is done or dropped is not bought again', () => {
    expect(best(j3(), 20_000).best.ids).not.toEqual(best(j3(), 30_000).best.ids);
    const closed = j3().opportunities.map((one) => ({ ...one, status: 'dropped' as const }));
    expect(best(withOpportunities(j3(), closed), 30_000).best.ids).toEqual([]);
  });
});

describe('F20: doubt', () => {
  const ranged = withRanges(j3(), [
    [key.share('Active', 'Active'), { kind: 'range', low: 0.91, high: 0.95 }],
    [key.cost('Ads', 'Visit'), { kind: 'range', low: 1.2, high: 1.8 }]
  ]);

  test('J1: the tornado’s bars end where the specification says, the widest first', () => {
    const { base, lines, problems } = tornadoOf('npv', ranged, null, computed(ranged));
    expect(problems).toEqual([]);
    expect(base).toBeCloseTo(10.180468, 6);
    expect(lines.map((line) => line.key)).toEqual([key.share('Active', 'Active'), key.cost('Ads', 'Visit')]);
    expect(lines[0]).toMatchObject({ low: { at: 0.91 }, high: { at: 0.95 } });
    expect(lines[0]?.low.figure).toBeCloseTo(7.135737, 6);
    expect(lines[0]?.high.figure).toBeCloseTo(16.30817, 5);
    expect(lines[1]?.low.figure).toBeCloseTo(10.480468, 6);
  });

  test('every wrong range is told with its number; the right ones still have their bars', () => {
    const wrong = withRanges(j3(), [
      ...ranged.ranges,
      [key.stage('Active', 'orderValue'), { kind: 'range', low: 50, high: 60 }],
      [key.share('Visit', 'Signup'), { kind: 'beta', nEff: -1 }]
    ]);
    const { lines, problems } = tornadoOf('clv', wrong, null, computed(wrong));
    expect(lines).toHaveLength(2);
    expect(problems.map((problem) => [problem.code, problem.key])).toEqual([
      ['E_ORDER', key.stage('Active', 'orderValue')],
      ['E_RANGE', key.share('Visit', 'Signup')]
    ]);
    const decisions = decide(wrong);
    expect(simulationJob(wrong, null, computed(wrong), decisions, { seed: 1 }).kind).toBe('refused');
  });

  test('a simulation ranks the open opportunities and is the same for the same seed', () => {
    const run = () => {
      const job = simulationJob(ranged, null, computed(ranged), decide(ranged), { seed: 7, draws: 400 });
      if (job.kind === 'refused') throw new Error('refused');
      return finish(simulationRun(job));
    };
    const result = run();
    expect(result).toEqual(run());
    if (!result?.ok) throw new Error('refused');
    expect(result.seed).toBe(7);
    expect(result.topThree.map(({ id }) => id)).toEqual(j3().opportunities.map(({ id }) => id));
    expect(result.topThree[0]?.share.value).toBe(1);
  });
});

describe('F21: scenarios side by side', () => {
  const scenario = (id: string, overrides: readonly (readonly [MetricKey, number])[]): Scenario => ({
    id: id as ScenarioId,
    name: id,
    rank: 'a0',
    overrides: new Map(overrides)
  });

  test('every number in which one differs from the baseline is listed, with all values', () => {
    const journey = {
      ...j1(),
      scenarios: [
        scenario('One', [[key.share('Trial', 'Active'), 0.36]]),
        scenario('Two', [
          [key.share('Trial', 'Active'), 0.33],
          [key.cost('Ads', 'Visit'), 1]
        ])
      ]
    };
    const compared = compareScenarios(journey, evaluateMap(journey), [
      null,
      ...journey.scenarios.map(({ id }) => id),
      'gone' as ScenarioId
    ]);
    expect(compared.columns.map(({ name }) => name)).toEqual(['Baseline', 'One', 'Two']);
    expect(compared.differences.map(({ key: metric, values }) => [metric, values])).toEqual([
      [key.share('Trial', 'Active'), [0.3, 0.36, 0.33]],
      [key.cost('Ads', 'Visit'), [1.5, 1.5, 1]]
    ]);
    const clv = compared.headlines.find(({ headline }) => headline === 'clv');
    expect(clv?.values[0]).toBeCloseTo(524.464543, 6);
  });
});

describe('F22: A/B', () => {
  const experiment = (a: Experiment['a'], b: Experiment['b']): Experiment => ({
    id: 'e' as ExperimentId,
    name: 'Setup',
    rank: 'a0',
    from: 'Trial' as StageId,
    to: 'Active' as StageId,
    a,
    b
  });
  const judge = (one: Experiment, journey = j1()) =>
    judgeExperiment(one, journey, evaluateMap(journey).baseline);

  test('B’s rate is carried through the journey', () => {
    const result = judge(experiment({ observed: 1000, converted: 300 }, { observed: 1000, converted: 360 }));
    if (!result.ok) throw new Error(result.message);
    expect(result.rates).toEqual({ a: 0.3, b: 0.36 });
    expect(result.test.probabilityBBetter).toBeGreaterThan(0.99);
    expect(result.taken.ok && result.taken.npv).toBeCloseTo(2.420679, 6);
    expect(result.gain.ok && result.gain.npv.p50.value).toBeGreaterThan(1.5);
    expect(result.more).toBe(0);
  });

  test('too few observations: how many more each variant needs', () => {
    const result = judge(experiment({ observed: 50, converted: 15 }, { observed: 50, converted: 18 }));
    expect(result.ok && result.more).toBeGreaterThan(100);
  });

  test('counts that cannot be are told in the words of the fields', () => {
    const empty = judge(experiment({ observed: 0, converted: 0 }, { observed: 1, converted: 0 }));
    expect(empty).toEqual({ ok: false, message: 'Enter how many people saw variant A.' });
    const wrong = judge(experiment({ observed: 4, converted: 3 }, { observed: 4, converted: 5 }));
    expect(wrong.ok ? '' : wrong.message).toContain('no more than 4');
  });
});
