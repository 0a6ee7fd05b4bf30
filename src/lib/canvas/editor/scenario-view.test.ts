import { expect, test } from 'vitest';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { cellKey, stageKey, transitionKey } from '#lib/journey/metrics.ts';
import { setFeeling } from './edits.ts';
import { Editor } from './editor.ts';
import { costLabel, spoken, stageFigures } from './labels.ts';

function board() {
  const document = JourneyDocument.blank();
  const trial = document.addStage({ name: 'Trial', index: 0 });
  const active = document.addStage({ name: 'Active', index: 1 });
  const support = document.addLane({ name: 'Support', kind: 'businessActions', index: 0 });
  const feelings = document.addLane({ name: 'Feelings', kind: 'feelings', index: 1 });
  const share = transitionKey(trial, active);
  const cost = cellKey(support, trial, 'cost');
  document.setMetric(share, 0.3);
  document.setMetric(cost, 4);
  const scenario = document.addScenario({ name: 'Better' });
  document.setOverride(scenario, share, 0.36);
  document.setOverride(scenario, cost, 6);
  document.setOverride(scenario, stageKey(trial, 'dwell'), 2);
  const editor = new Editor({ document, measure: () => 10, canEdit: () => true });
  const heads = () => stageFigures(editor.journey, editor.journey.stages[0]!, editor.overrides);
  const chip = () => costLabel(editor.journey, { lane: support, stage: trial }, editor.overrides);
  return { document, editor, scenario, trial, feelings, share, heads, chip };
}

test('P17: the board shows the numbers of the scenario in view, its own ones marked', () => {
  const { editor, scenario, heads, chip } = board();
  expect(heads()).toEqual(['→ Active 30%']);
  let layouts = 0;
  editor.subscribe((aspect) => (layouts += aspect === 'layout' ? 1 : 0));
  editor.scenario = scenario;
  expect(heads()).toEqual(['Δ → Active 36%', 'Δ 2 months here']);
  expect(chip()).toMatch(/^Δ .*6$/);
  expect(spoken(heads()[0]!)).toBe('→ Active 36%, changed in this scenario');
  expect(layouts).toBe(1);
  editor.scenario = null;
  expect(heads()).toEqual(['→ Active 30%']);
});

test('a scenario that is gone leaves the baseline', () => {
  const { document, editor, scenario, heads } = board();
  editor.scenario = scenario;
  document.removeScenario(scenario);
  expect(heads()).toEqual(['→ Active 30%']);
});

test('P17: a feeling that is set while a scenario is in view is the scenario’s alone', () => {
  const { document, editor, scenario, trial, feelings } = board();
  const key = cellKey(feelings, trial, 'feeling');
  editor.scenario = scenario;
  editor.select({ kind: 'cell', lane: feelings, stage: trial });
  setFeeling(editor, 1);
  expect(document.journey.metrics.has(key)).toBe(false);
  expect(document.journey.scenarios[0]?.overrides.get(key)).toBe(1);
  expect(editor.layout.cells.get(feelings, trial)?.feeling?.score).toBe(1);
  editor.scenario = null;
  setFeeling(editor, -1);
  expect(document.journey.metrics.get(key)).toBe(-1);
});
