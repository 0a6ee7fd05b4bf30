import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey, NumberRange } from '#lib/journey/records.ts';
import type { StageId } from '#lib/journey/ids.ts';
import { key } from '#lib/scenarios/j1.fixture.ts';
import { j3 } from '#lib/scenarios/j3.fixture.ts';
import Inspector from '../inspector/Inspector.svelte';
import { questionsOf } from '../decisions/run.svelte.ts';
import { World } from '../world.fixture.svelte.ts';
import ClvPanel from './ClvPanel.svelte';

beforeEach(() => localStorage.clear());

const RANGES: readonly (readonly [MetricKey, NumberRange])[] = [
  [key.share('Active', 'Active'), { kind: 'range', low: 0.91, high: 0.95 }],
  [key.cost('Ads', 'Visit'), { kind: 'range', low: 1.2, high: 1.8 }]
];
const ranged = (ranges = RANGES): Journey => ({ ...j3(), ranges: new Map(ranges) });

const showPanel = (journey = ranged()): World => {
  const world = new World(journey, new Y.Doc());
  render(ClvPanel, { props: world });
  return world;
};
const button = (name: RegExp) => screen.getByRole('button', { name });

test('J1: the widest bar stands first, with both ends, and leads to its number', async () => {
  const world = showPanel();
  await fireEvent.click(screen.getByLabelText('Value per prospect'));
  const rows = within(screen.getByRole('list', { name: /How far Value per prospect moves/ })).getAllByRole(
    'button'
  );
  expect(rows[0]?.textContent).toMatch(/Active, share that stays.*91% → €7\.14.*95% → €16\.31/s);
  await fireEvent.click(rows[0]!);
  expect(world.shown).toEqual([key.share('Active', 'Active')]);
});

test('a range out of order is told and leads to its number; nothing is simulated', async () => {
  const world = showPanel(
    ranged([...RANGES, [key.stage('Active', 'orderValue'), { kind: 'range', low: 50, high: 60 }]])
  );
  const simulate = screen.getByRole<HTMLButtonElement>('button', { name: 'Simulate' });
  expect(simulate.disabled).toBe(true);
  await fireEvent.click(screen.getAllByRole('button', { name: /Active, order value:/ })[0]!);
  expect(world.shown).toEqual([key.stage('Active', 'orderValue')]);
});

test('a simulation keeps its seed; a change makes it stale; one that is cancelled leaves it', async () => {
  const world = showPanel();
  await fireEvent.click(screen.getByText('Repeat with a seed'));
  await fireEvent.input(screen.getByLabelText('Seed'), { target: { value: '11' } });
  await fireEvent.click(button(/^Simulate$/));
  await vi.waitFor(
    () => expect(screen.getByTestId('simulation').textContent).toContain('Seed 11, 10,000 draws'),
    {
      timeout: 20_000,
      interval: 100
    }
  );
  const shown = screen.getByTestId('simulation').textContent;
  expect(screen.getByText('P5 to P95')).toBeTruthy();
  expect(shown).toMatch(/CLV:CAC is under 3/);
  expect(shown).toMatch(/Guided setup\s*100%/);
  expect(shown).not.toMatch(/NaN|Infinity/);
  await fireEvent.click(button(/Simulate again/));
  await fireEvent.click(button(/Cancel/));
  expect(screen.getByTestId('simulation').textContent).toBe(shown);
  expect(screen.queryByText('The map has changed since this was drawn.')).toBeNull();
  world.document.setMetric(key.cost('Ads', 'Visit'), 1.4);
  flushSync();
  expect(screen.getByText('The map has changed since this was drawn.')).toBeTruthy();
  expect(questionsOf(world.document).simulation.last?.job.seed).toBe(11);
}, 30_000);

test('the inspector’s ± says from how many observations a share is known, and takes it back', async () => {
  const world = new World(j3(), new Y.Doc());
  world.selection = { kind: 'transition', from: 'Trial' as StageId, to: 'Active' as StageId };
  render(Inspector, { props: world });
  await fireEvent.click(button(/How sure: go to Active/));
  await fireEvent.change(screen.getByLabelText('How sure'), { target: { value: 'beta' } });
  await fireEvent.input(screen.getByLabelText('Observations behind it'), { target: { value: '400' } });
  const metric = key.share('Trial', 'Active');
  expect(world.journey.ranges.get(metric)).toEqual({ kind: 'beta', nEff: 400 });
  expect(screen.getByText(/Nine times in ten between 2\d\.?\d*% and 3\d\.?\d*%/)).toBeTruthy();
  await fireEvent.click(button(/Certain again/));
  expect(world.journey.ranges.has(metric)).toBe(false);
});

test('money is low, likely and high; what is out of order is told at once', async () => {
  const world = new World(j3(), new Y.Doc());
  world.selection = { kind: 'stage', id: 'Active' as StageId };
  render(Inspector, { props: world });
  await fireEvent.click(button(/How sure: Order value/));
  await fireEvent.change(screen.getByLabelText('How sure'), { target: { value: 'range' } });
  expect(world.journey.ranges.get(key.stage('Active', 'orderValue'))).toEqual({
    kind: 'range',
    low: 35.1,
    high: 42.9
  });
  await fireEvent.input(screen.getByLabelText('At least'), { target: { value: '41' } });
  expect(screen.getByText(/lies outside its range from 41 to 42\.9/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText('Most likely'), { target: { value: '42' } });
  expect(screen.getByText('Between €41.00 and €42.90.')).toBeTruthy();
});
