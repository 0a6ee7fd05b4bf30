import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Card, Journey, Scenario } from '#lib/journey/records.ts';
import { evaluateMap, haveSameFigures, headlineOf, periodsOf } from './evaluate.ts';
import type { Computed, Evaluation } from './figures.ts';
import { j1, key, laneNamed, withMetrics } from './j1.fixture.ts';

const computed = (evaluation: Evaluation): Computed => {
  if (!evaluation.ok) throw new Error(evaluation.problems.map(({ message }) => message).join(' '));
  return evaluation;
};

const scenario = (id: string, overrides: readonly (readonly [MetricKey, number])[]): Scenario => ({
  id: id as ScenarioId,
  name: id,
  rank: 'a0',
  overrides: new Map(overrides)
});

const withScenarios = (journey: Journey, ...scenarios: Scenario[]): Journey => ({ ...journey, scenarios });

const BETTER_TRIAL = [[key.share('Trial', 'Active'), 0.36]] as const;
const DEARER = [[key.stage('Active', 'orderValue'), 45]] as const;

describe('J1', () => {
  const { value } = computed(evaluateMap(j1()).baseline);

  test('F1: J1 as a map gives the published figures', () => {
    expect(value.clv).toBeCloseTo(524.464542929, 6);
    expect(value.cac).toBeCloseTo(82.570707071, 6);
    expect(value.ratio).toBeCloseTo(6.351702214, 6);
    expect(value.npvPerProspect).toBeCloseTo(10.18046806, 6);
    expect(value.paybackTicks).toBe(2);
    expect(value.discountedPaybackTicks).toBe(2);
    expect(value.clvOverHorizon).toBeCloseTo(462.24627, 6);
  });

  test('F13: contributions by stage and by lane each add up to CLV', () => {
    const { byStage, byLane } = value.contributions;
    const sum = (parts: readonly { perCustomer: number }[]) =>
      parts.reduce((total, { perCustomer }) => total + perCustomer, 0);
    expect(sum(byStage)).toBeCloseTo(value.clv, 9);
    expect(sum(byLane)).toBeCloseTo(value.clv, 9);
  });

  test('the table by period covers the horizon and is computed once', () => {
    const evaluation = computed(evaluateMap(j1()).baseline);
    const rows = periodsOf(evaluation);
    expect(rows).toHaveLength(36);
    expect(rows[2]?.perCustomer.cumulative).toBeCloseTo(85.715788, 6);
    expect(periodsOf(evaluation)).toBe(rows);
  });
});

describe('scenarios', () => {
  test('F2: an override gives what entering it in the baseline gives', () => {
    const figures = evaluateMap(withScenarios(j1(), scenario('o1', BETTER_TRIAL)));
    const direct = computed(evaluateMap(withMetrics(j1(), BETTER_TRIAL)).baseline);
    expect(computed(figures.scenarios[0]!.evaluation).value).toEqual(direct.value);
    expect(direct.value.cac).toBeCloseTo(68.808923, 6);
    expect(computed(figures.baseline).value.cac).toBeCloseTo(82.570707, 6);
  });

  test('F2: an override may draw an arrow that the baseline lacks', () => {
    const changes = [[key.share('AtRisk', 'Trial'), 0.1]] as const;
    const figures = evaluateMap(withScenarios(j1(), scenario('s', changes)));
    expect(figures.scenarios[0]!.evaluation).toEqual(evaluateMap(withMetrics(j1(), changes)).baseline);
  });

  test('F9: differences stand in the map’s order with the baseline beside them, deltas are scenario minus baseline', () => {
    const gone = key.stage('Gone', 'dwell');
    const figures = evaluateMap(
      withScenarios(
        j1(),
        scenario('s', [...DEARER, [gone, 3], ...BETTER_TRIAL, [key.setting('horizon'), 24]])
      )
    );
    const [first] = figures.scenarios;
    expect(first?.differences).toEqual([
      { key: key.setting('horizon'), baseline: null, value: 24 },
      { key: key.share('Trial', 'Active'), baseline: 0.3, value: 0.36 },
      { key: key.stage('Active', 'orderValue'), baseline: 39, value: 45 }
    ]);
    const [baseline, changed] = [computed(figures.baseline), computed(first!.evaluation)];
    expect(first?.deltas.clv).toBe(changed.value.clv - baseline.value.clv);
    expect(first?.deltas.cac).toBeCloseTo(68.808923 - 82.570707, 5);
  });

  test('F9: without a baseline figure there is no delta, though the scenario has its own', () => {
    const broken = withMetrics(j1(), [[key.setting('grossMargin'), undefined]]);
    const figures = evaluateMap(withScenarios(broken, scenario('s', [[key.setting('grossMargin'), 0.82]])));
    expect(figures.baseline.ok).toBe(false);
    expect(headlineOf(computed(figures.scenarios[0]!.evaluation), 'clv')).toBeCloseTo(524.464542929, 6);
    expect(figures.scenarios[0]?.deltas.clv).toBeNull();
  });
});

describe('what is missing or wrong', () => {
  const required = [...j1().metrics.keys()].filter(
    (name) =>
      name === key.setting('grossMargin') || name.endsWith('/orderValue') || name.startsWith('transitions/')
  );

  test('F6, F7: without any one required number there is a notice that names it, and no figure', () => {
    fc.assert(
      fc.property(fc.constantFrom(...required), (name) => {
        const blank = name.startsWith('transitions/') ? null : undefined;
        const { baseline } = evaluateMap(withMetrics(j1(), [[name, blank]]));
        expect(baseline.ok).toBe(false);
        expect('value' in baseline).toBe(false);
        const problems = baseline.ok ? [] : baseline.problems;
        expect(problems.map(({ key: at }) => at)).toContain(name);
        expect(problems.every(({ message, where }) => message.length > 10 && where.length > 3)).toBe(true);
      })
    );
  });

  test('F6: whatever numbers a map carries, every figure is finite or absent', () => {
    const anyNumber = fc.oneof(
      fc.constantFrom(NaN, Infinity, -1, 0, 1, 12, 1e9),
      fc.double({ min: 0, max: 1, noNaN: true })
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...j1().metrics.keys()), anyNumber), { maxLength: 4 }),
        (changes) => {
          const { baseline } = evaluateMap(withMetrics(j1(), changes));
          if (!baseline.ok) return baseline.problems.length > 0;
          const { value } = baseline;
          return [value.clv, value.cac, value.npvPerProspect, value.clvWithReferrals].every(Number.isFinite);
        }
      ),
      { numRuns: 300 }
    );
  });

  test('F7: a notice tells where in the map’s own names', () => {
    const { baseline } = evaluateMap(withMetrics(j1(), [[key.stage('Signup', 'dwell'), 1.5]]));
    expect(baseline.ok ? [] : baseline.problems).toMatchObject([
      {
        code: 'E_INTEGER',
        key: key.stage('Signup', 'dwell'),
        path: 'stages/Signup/dwell',
        where: 'Signup, dwell'
      }
    ]);
  });

  test('F7: a share out of range is told in percent, as it was entered', () => {
    const { baseline } = evaluateMap(withMetrics(j1(), [[key.share('Trial', 'Active'), 12]]));
    expect(baseline.ok ? '' : baseline.problems[0]?.message).toMatch(/from 0% to 100%, but is 1,200%\.$/);
  });

  test('F7: shares above 100% lead to the first arrow of the row and name the row', () => {
    const { baseline } = evaluateMap(withMetrics(j1(), [[key.share('Trial', 'Active'), 0.95]]));
    expect(baseline.ok ? [] : baseline.problems).toMatchObject([
      { code: 'E_ROW_SUM', key: key.share('Trial', 'Trial'), path: 'transitions/Trial' }
    ]);
  });

  test('F7: an empty map has a notice without a number to go to; with a stage there is always one', () => {
    const empty = { ...j1(), stages: [], cards: [], metrics: new Map() };
    expect(evaluateMap(empty).baseline.ok).toBe(false);
    const { baseline } = evaluateMap({ ...j1(), metrics: new Map() });
    const problems = baseline.ok ? [] : baseline.problems;
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ key: at }) => at !== null)).toBe(true);
  });

  test('F3: a cost cell with cards and no cost counts 0 and says so; one without cards is silent', () => {
    const unset = withMetrics(j1(), [[key.cost('Offers', 'AtRisk'), undefined]]);
    const { warnings } = computed(evaluateMap(unset).baseline);
    expect(warnings).toMatchObject([
      { code: 'W_UNSET', key: key.cost('Offers', 'AtRisk'), where: 'Offers in AtRisk, cost per visit' }
    ]);
    expect(computed(evaluateMap({ ...unset, cards: [] }).baseline).warnings).toEqual([]);
  });

  test('F5: half a renewal shape is missing its other half', () => {
    const { baseline } = evaluateMap(withMetrics(j1(), [[key.stage('Active', 'sbgAlpha'), 1]]));
    expect(baseline.ok ? [] : baseline.problems).toContainEqual(
      expect.objectContaining({ code: 'E_MISSING', key: key.stage('Active', 'sbgBeta') })
    );
  });

  test('F5: a feeling outside its five states does not vanish in the mean', () => {
    const two = { ...j1(), lanes: [...j1().lanes, laneNamed('Mood', 'feelings', 'b0')] };
    const { baseline } = evaluateMap(
      withMetrics(two, [
        [key.feeling('Feelings', 'Trial'), 5],
        [key.feeling('Mood', 'Trial'), -2]
      ])
    );
    expect(baseline.ok ? [] : baseline.problems).toMatchObject([
      { code: 'E_RANGE', key: key.feeling('Feelings', 'Trial') }
    ]);
  });
});

describe('feelings', () => {
  const felt = withMetrics(j1(), [
    [key.feeling('Feelings', 'AtRisk'), -1],
    [key.setting('kappaMinus'), 0.3],
    [key.setting('kappaPlus'), 0.15]
  ]);

  test('F4: the baseline’s feelings change nothing, a scenario that lifts them keeps more people', () => {
    const figures = evaluateMap(withScenarios(felt, scenario('s', [[key.feeling('Feelings', 'AtRisk'), 1]])));
    expect(computed(figures.baseline).value.clv).toBeCloseTo(524.464542929, 6);
    expect(computed(figures.scenarios[0]!.evaluation).value.clv).toBeGreaterThan(525);
  });
});

describe('memory', () => {
  const journey = withScenarios(j1(), scenario('o1', BETTER_TRIAL), scenario('o3', DEARER));

  test('F8: a change that no figure depends on takes everything over', () => {
    const before = evaluateMap(journey);
    const after = evaluateMap({ ...journey, title: 'Another title' }, before);
    expect(after.baseline).toBe(before.baseline);
    expect(after.scenarios.map(({ evaluation }) => evaluation)).toEqual(
      before.scenarios.map(({ evaluation }) => evaluation)
    );
    expect(after.scenarios[0]?.evaluation).toBe(before.scenarios[0]?.evaluation);
  });

  test('F8: an edit in one scenario re-solves that one only', () => {
    const before = evaluateMap(journey);
    const edited = withScenarios(
      journey,
      scenario('o1', [[key.share('Trial', 'Active'), 0.4]]),
      journey.scenarios[1]!
    );
    const after = evaluateMap(edited, before);
    expect(after.baseline).toBe(before.baseline);
    expect(after.scenarios[1]?.evaluation).toBe(before.scenarios[1]?.evaluation);
    expect(after.scenarios[0]?.evaluation).not.toBe(before.scenarios[0]?.evaluation);
  });

  test('F8: an edit of an overridden baseline number leaves the scenario as it was', () => {
    const before = evaluateMap(journey);
    const after = evaluateMap(withMetrics(journey, [[key.share('Trial', 'Active'), 0.2]]), before);
    expect(after.baseline).not.toBe(before.baseline);
    expect(after.scenarios[0]?.evaluation).toBe(before.scenarios[0]?.evaluation);
    expect(after.scenarios[0]?.deltas.cac).not.toBe(before.scenarios[0]?.deltas.cac);
  });

  test('F8: along any run of edits the result equals a fresh one', () => {
    const edit = fc.tuple(
      fc.constantFrom<MetricKey>(
        key.share('Trial', 'Active'),
        key.stage('Active', 'orderValue'),
        key.setting('grossMargin')
      ),
      fc.constantFrom(0, 0.2, 0.36, 45, NaN, undefined)
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        let current = journey;
        let figures = evaluateMap(current);
        for (const change of edits) {
          current = withMetrics(current, [change]);
          figures = evaluateMap(current, figures);
          expect(figures).toEqual(evaluateMap(current));
        }
      }),
      { numRuns: 50 }
    );
  });

  test('F8: a stage that is renamed is re-told', () => {
    const unset = withMetrics(j1(), [[key.stage('Active', 'orderValue'), undefined]]);
    const before = evaluateMap(unset);
    const stages = unset.stages.map((stage) =>
      stage.id === ('Active' as StageId) ? { ...stage, name: 'Member' } : stage
    );
    const after = evaluateMap({ ...unset, stages }, before);
    expect(after.baseline.ok ? [] : after.baseline.problems[0]?.where).toBe('Member, order value');
  });
});

test('figures are another only when what they are made of has changed', () => {
  const map = j1();
  const [stage, lane] = [map.stages[0], map.lanes[0]];
  const card = {
    id: 'c' as CardId,
    stage: stage?.id,
    lane: lane?.id,
    rank: 'a0',
    text: '',
    facets: BARE_FACETS
  } as Card;
  const one = { ...map, cards: [card] };
  expect(
    haveSameFigures(one, {
      ...one,
      cards: [
        { ...card, text: 'New' },
        { ...card, id: 'd' as CardId }
      ]
    })
  ).toBe(true);
  expect(haveSameFigures(one, { ...one, title: 'New', objects: [] })).toBe(true);
  // A cell with cards asks for a cost.
  expect(haveSameFigures(one, { ...one, cards: [] })).toBe(false);
  expect(haveSameFigures(one, { ...one, cards: [{ ...card, stage: map.stages[1]?.id ?? card.stage }] })).toBe(
    false
  );
  expect(haveSameFigures(one, withMetrics(one, BETTER_TRIAL))).toBe(false);
});
