import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { ScenarioId, StageId } from '#lib/journey/ids.ts';
import type { Journey } from '#lib/journey/records.ts';
import { j1, key, withMetrics } from '#lib/scenarios/j1.fixture.ts';
import { j3, opportunityNamed } from '#lib/scenarios/j3.fixture.ts';
import { World } from '../world.fixture.svelte.ts';
import OpportunitiesPanel from './OpportunitiesPanel.svelte';

beforeEach(() => localStorage.clear());

const show = (journey: Journey = j3(), canEdit = true): World => {
  const world = new World(journey, new Y.Doc());
  world.canEdit = canEdit;
  render(OpportunitiesPanel, { props: world });
  return world;
};
const names = () =>
  screen.getAllByLabelText<HTMLInputElement>('Name of the opportunity').map(({ value }) => value);
const opened = async (name: string) => {
  await fireEvent.click(screen.getByRole('button', { name: `Open ${name}` }));
  const card = document.querySelector<HTMLElement>('.card.open');
  if (card === null) throw new Error('no card is open');
  return within(card);
};

test('nothing yet: one sentence and one next step', async () => {
  const world = show(j1());
  expect(screen.getByText('No opportunities yet')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: /Add an opportunity/ }));
  expect(world.journey.opportunities).toHaveLength(1);
  await vi.waitFor(() =>
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Name of the opportunity')
  );
});

test('J3: those worth most stand first, with uplift, programme value, cost and status', () => {
  show();
  expect(names()).toEqual(['Guided setup', 'Landing page', 'Save desk', 'Price up']);
  const [first] = document.querySelectorAll('[data-opportunity]');
  expect(first?.textContent).toMatch(/€185,645/);
  expect(first?.textContent).toMatch(/per prospect\s*▲\s*\+€2\.42/);
  expect(first?.textContent).toMatch(/€18,000 once · €400\.00 a month · Idea/);
  expect(screen.getByText(/Over 24 months with 4,000 new prospects a month/)).toBeTruthy();
});

test('a number of the selection becomes a change, and the value follows what is typed', async () => {
  const world = show({
    ...j3(),
    opportunities: [opportunityNamed('Setup', [], { oneOffCost: 18_000, runningCost: 400 })]
  });
  const card = await opened('Setup');
  expect(card.getByText(/Pick on the map/)).toBeTruthy();
  expect(card.getByText(/does not say yet which number it changes/)).toBeTruthy();
  world.selection = { kind: 'stage', id: 'Trial' as StageId };
  flushSync();
  await fireEvent.click(card.getByRole('button', { name: /Trial → Active, share/ }));
  const field = card.getByLabelText<HTMLInputElement>('Trial → Active, share, becomes');
  expect(field.value).toBe('30');
  await fireEvent.input(field, { target: { value: '36' } });
  expect(document.querySelector('[data-opportunity]')?.textContent).toContain('€185,645');
  expect(card.getByText('30% → 36%')).toBeTruthy();
});

test('P11: the list keeps its order while one is open, and takes the new one when it is closed', async () => {
  const world = show();
  const card = await opened('Price up');
  const field = card.getByLabelText<HTMLInputElement>('Active, share that stays, plus');
  field.focus();
  await fireEvent.input(field, { target: { value: '2' } });
  expect(names().at(-1)).toBe('Price up');
  expect(document.activeElement).toBe(field);
  expect(world.journey.opportunities[2]?.edits.get(key.share('Active', 'Active'))?.amount).toBe(0.02);
  await fireEvent.click(screen.getByRole('button', { name: 'Close Price up' }));
  expect(names()[0]).toBe('Price up');
});

test('P12: how a change is said can change without changing the number', async () => {
  const world = show();
  const card = await opened('Guided setup');
  await fireEvent.change(card.getByLabelText(/How Trial → Active/), { target: { value: 'multiply' } });
  expect(world.journey.opportunities[0]?.edits.get(key.share('Trial', 'Active'))).toEqual({
    how: 'multiply',
    amount: 1.2
  });
  expect(card.getByText('30% → 36%')).toBeTruthy();
});

test('costs, chance, status, owner and scores are written as they are given', async () => {
  const world = show();
  const card = await opened('Save desk');
  await fireEvent.input(card.getByLabelText('One-off cost'), { target: { value: '10,000' } });
  await fireEvent.input(card.getByLabelText('Chance that it works'), { target: { value: '50' } });
  await fireEvent.change(card.getByLabelText('Status'), { target: { value: 'doing' } });
  await fireEvent.input(card.getByLabelText('Owner'), { target: { value: 'Ann' } });
  await fireEvent.click(card.getByRole('button', { name: 'Feasibility: 4 of 5' }));
  expect(world.journey.opportunities[1]).toMatchObject({
    oneOffCost: 10_000,
    successProbability: 0.5,
    status: 'doing',
    owner: 'Ann',
    feasibility: 4
  });
  await fireEvent.click(card.getByRole('button', { name: 'Feasibility: 4 of 5' }));
  expect(world.journey.opportunities[1]?.feasibility).toBeNull();
});

test('a scenario’s overrides become an opportunity’s changes', async () => {
  const world = show({
    ...j3(),
    scenarios: [
      {
        id: 's' as ScenarioId,
        name: 'Better trial',
        rank: 'a0',
        overrides: new Map([[key.share('Trial', 'Active'), 0.36]])
      }
    ]
  });
  await fireEvent.change(screen.getByLabelText('Make an opportunity from a scenario'), {
    target: { value: 's' }
  });
  const made = world.journey.opportunities.at(-1);
  expect(made?.name).toBe('Better trial');
  expect([...(made?.edits ?? [])]).toEqual([[key.share('Trial', 'Active'), { how: 'set', amount: 0.36 }]]);
});

test('a budget picks the best set, says what adding would have picked, and another budget another set', async () => {
  show();
  const budget = screen.getByLabelText('Budget for one-off costs');
  await fireEvent.input(budget, { target: { value: '30000' } });
  const best = () =>
    within(screen.getByRole('list', { name: 'Best within the budget' }))
      .getAllByRole('button')
      .map((button) => button.textContent?.replace(/\s*€.*$/, '').trim());
  expect(best()).toEqual(['Guided setup', 'Save desk']);
  expect(screen.getByTestId('portfolio').textContent).toContain('€277,935');
  expect(screen.getByTestId('additive').textContent).toMatch(
    /Guided setup and Landing page, worth €275,989: €1,945\.84 less/
  );
  await fireEvent.input(budget, { target: { value: '20000' } });
  expect(best()).toEqual(['Guided setup']);
});

test('P13: more than eight are worked out in the background, with a way to end it', async () => {
  const many = Array.from({ length: 12 }, (_, index) =>
    opportunityNamed(`Idea ${index}`, [[key.share('Visit', 'Signup'), 'add', 0.001 * (index + 1)]], {
      rank: `a${index}`,
      oneOffCost: 1000 * (index + 1)
    })
  );
  show({ ...j3(), opportunities: many });
  await fireEvent.input(screen.getByLabelText('Budget for one-off costs'), { target: { value: '20000' } });
  // Seen as soon as it is there: looking now and then may come too late for it.
  await screen.findByRole('progressbar', undefined, { timeout: 10_000 });
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByTestId('portfolio')).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Work it out' }));
  await vi.waitFor(() => expect(screen.getByTestId('portfolio').textContent).toContain('of €20,000'), {
    timeout: 10_000
  });
}, 20_000);

test('without an intake the uplifts stand and a sentence leads to the setting', async () => {
  const world = show(withMetrics(j3(), [[key.setting('prospectsPerTick'), undefined]]));
  await fireEvent.click(screen.getByRole('button', { name: /Enter “New prospects” per month/ }));
  expect(world.shown).toEqual([key.setting('prospectsPerTick')]);
  expect(document.querySelector('[data-opportunity]')?.textContent).toMatch(/\+€2\.42/);
  expect(document.body.textContent).not.toMatch(/NaN|Infinity/);
});

test('the matrix names its points, opens them, and says who is missing', async () => {
  show({
    ...j3(),
    opportunities: j3().opportunities.map((one, index) => ({
      ...one,
      feasibility: index === 0 ? null : index
    }))
  });
  await fireEvent.change(screen.getByLabelText('To the right'), { target: { value: 'feasibility' } });
  const matrix = within(screen.getByRole('group', { name: /Opportunities by Feasibility/ }));
  expect(matrix.getAllByRole('button')).toHaveLength(3);
  expect(screen.getByText(/it lacks one of the two numbers:\s*Guided setup/)).toBeTruthy();
  await fireEvent.click(matrix.getByRole('button', { name: /Save desk: Feasibility 1 of 5/ }));
  expect(screen.getByRole('button', { name: 'Close Save desk' })).toBeTruthy();
});

test('an A/B test tells how sure it is, and its rate is taken only when asked', async () => {
  const world = show();
  await fireEvent.change(screen.getByLabelText('Start an A/B test on an arrow'), {
    target: { value: 'Trial/Active' }
  });
  const card = within(screen.getByTestId('experiment'));
  expect(card.getByText('Enter how many people saw variant A.')).toBeTruthy();
  for (const [label, value] of [
    ['Variant A: people saw it', '1000'],
    ['Variant A: went on', '300'],
    ['Variant B: people saw it', '1000'],
    ['Variant B: went on', '360']
  ] as const)
    await fireEvent.input(card.getByLabelText(label), { target: { value } });
  expect(screen.getByTestId('experiment').textContent).toMatch(/B is better\s*99\.8% sure/);
  expect(world.journey.metrics.get(key.share('Trial', 'Active'))).toBe(0.3);
  await fireEvent.click(card.getByRole('button', { name: /Use B’s rate/ }));
  expect(world.journey.metrics.get(key.share('Trial', 'Active'))).toBe(0.36);
  expect(card.getByText('The map has B’s rate.')).toBeTruthy();
  world.document.undo();
  expect(world.journey.metrics.get(key.share('Trial', 'Active'))).toBe(0.3);
});

test('P10: a viewer sees every figure and can change none', async () => {
  show(j3(), false);
  expect(screen.queryByRole('button', { name: /Add an opportunity/ })).toBeNull();
  const card = await opened('Guided setup');
  expect(card.getByLabelText<HTMLInputElement>('One-off cost').disabled).toBe(true);
  expect(card.queryByText(/Pick on the map/)).toBeNull();
});
