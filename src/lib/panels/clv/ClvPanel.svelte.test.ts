import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { j1, key, withMetrics } from '#lib/scenarios/j1.fixture.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { Journey } from '#lib/journey/records.ts';
import { World } from '../world.fixture.svelte.ts';
import ClvPanel from './ClvPanel.svelte';

beforeEach(() => localStorage.clear());

const show = (journey: Journey = j1()): World => {
  const world = new World(journey, new Y.Doc());
  render(ClvPanel, { props: world });
  return world;
};
const head = () => screen.getByTestId('clv-head');
const figure = (name: RegExp) => screen.getByRole('button', { name });

test('the head shows CLV, ratio and payback of J1, and the others beside them', () => {
  show();
  expect(within(head()).getByRole('button', { name: /Customer lifetime value/ }).textContent).toContain(
    '€524.46'
  );
  expect(within(head()).getByRole('button', { name: /CLV:CAC/ }).textContent).toContain('6.35');
  expect(within(head()).getByRole('button', { name: /Payback/ }).textContent).toContain('2 months');
  expect(figure(/Cost of acquisition/).textContent).toContain('€82.57');
  expect(figure(/Value per prospect \(NPV\) €10.18/).textContent).toContain('€10.18');
  expect(figure(/Customer lifetime value/).title).toBe('€524.464542929');
});

test('P7: what is missing stands where the figures would be, and leads to its field', async () => {
  const world = show(
    withMetrics(j1(), [
      [key.setting('grossMargin'), undefined],
      [key.share('Trial', 'Active'), null]
    ])
  );
  const missing = screen.getByTestId('clv-missing');
  expect(missing.textContent).toContain('To see what a customer is worth, fill in:');
  expect(screen.queryByTestId('clv-head')).toBeNull();
  expect(missing.textContent).not.toMatch(/NaN|Infinity|€|—|–/);
  const steps = within(missing).getAllByRole('button');
  expect(steps).toHaveLength(2);
  await fireEvent.click(within(missing).getByRole('button', { name: /from “Trial” to “Active”/ }));
  expect(world.shown).toEqual([key.share('Trial', 'Active')]);
  await fireEvent.click(steps[0]!);
  expect(document.activeElement?.getAttribute('data-metric')).toBe(key.setting('grossMargin'));
});

test('P7: the figures come as soon as the last number is there', () => {
  const world = show(withMetrics(j1(), [[key.setting('grossMargin'), undefined]]));
  expect(screen.queryByTestId('clv-head')).toBeNull();
  world.document.setMetric(key.setting('grossMargin'), 0.82);
  flushSync();
  expect(head().textContent).toContain('€524.46');
});

test('P8: a figure opens its pedigree, whose inputs lead to their fields', async () => {
  const world = show();
  await fireEvent.click(figure(/Cost of acquisition/));
  const pedigree = screen.getByRole('region', { name: /Cost of acquisition/ });
  expect(pedigree.textContent).toContain('÷ conversion');
  expect(pedigree.textContent).not.toContain('order value');
  await fireEvent.click(within(pedigree).getByRole('button', { name: /Ads in Visit, cost per visit €1.50/ }));
  expect(world.shown).toEqual([key.cost('Ads', 'Visit')]);
  await fireEvent.click(figure(/Cost of acquisition/));
  expect(screen.queryByRole('region', { name: /Cost of acquisition/ })).toBeNull();
});

test('P8: every figure is a button with a pedigree: parts of stages and lanes too', async () => {
  show();
  await fireEvent.click(figure(/AtRisk €18.31/));
  expect(screen.getByRole('region', { name: /AtRisk’s part of CLV/ }).textContent).toContain('visits ×');
  expect(screen.getAllByText('Adds up to CLV')).toHaveLength(2);
});

test('P18: a copy of the baseline is chosen at once, its name ready to be typed over, and shows what its overrides change', async () => {
  const world = show();
  await fireEvent.click(figure(/Copy baseline/));
  expect(world.journey.scenarios.map(({ name }) => name)).toEqual(['Scenario 1']);
  expect(world.scenario).toBe(world.journey.scenarios[0]?.id);
  const name = screen.getByLabelText<HTMLInputElement>('Name of the scenario');
  expect(document.activeElement).toBe(name);
  expect(name.value.slice(name.selectionStart ?? 0, name.selectionEnd ?? 0)).toBe('Scenario 1');
  expect(head().textContent).toContain('no change');
  world.document.setOverride(world.scenario!, key.share('Trial', 'Active'), 0.36);
  flushSync();
  expect(figure(/Cost of acquisition/).textContent).toMatch(/▼\s*−€13.76/);
  const changes = screen.getByRole('list', { name: 'What “Scenario 1” changes' });
  expect(changes.textContent).toMatch(/Trial → Active, share\s*30%\s*36%/);
  await fireEvent.click(within(changes).getByRole('button', { name: /Reset/ }));
  expect(world.journey.scenarios[0]?.overrides.size).toBe(0);
  expect(world.journey.metrics.get(key.share('Trial', 'Active'))).toBe(0.3);
});

test('deleting the chosen scenario goes back to the baseline', async () => {
  const world = show();
  await fireEvent.click(figure(/Copy baseline/));
  await fireEvent.click(figure(/Delete/));
  expect(world.scenario).toBeNull();
  expect(world.journey.scenarios).toEqual([]);
});

test('a driver’s bar leads to its number', async () => {
  const world = show();
  const list = screen.getByRole('list', { name: 'What drives CLV' });
  await fireEvent.click(within(list).getByRole('button', { name: /Active, share that stays/ }));
  expect(world.shown).toEqual([key.share('Active', 'Active')]);
});

test('the table holds the numbers of the chart', async () => {
  show();
  const tables = screen.getAllByRole('button', { name: /Show as a table/ });
  await fireEvent.click(tables.at(-1)!);
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows[2]?.textContent).toMatch(/1\s*€37.83\s*€28.61\s*€58.49/);
  expect(screen.getByRole('table').textContent).toContain('Pays back the CAC of €82.57');
});

test('amounts in the table are rounded to cents, however small they get', async () => {
  show(withMetrics(j1(), [[key.share('Active', 'Active'), 0.12]]));
  await fireEvent.click(screen.getAllByRole('button', { name: /Show as a table/ }).at(-1)!);
  await fireEvent.click(screen.getByRole('button', { name: 'Show all 36' }));
  const cells = within(screen.getByRole('table')).getAllByRole('cell');
  const amounts = cells.map(({ textContent }) => textContent.trim()).filter((text) => text.startsWith('€'));
  expect(amounts).toHaveLength(36 * 3);
  expect(amounts.filter((text) => !/^€\d+\.\d\d$/.test(text))).toEqual([]);
});

test('a folded section stays folded', async () => {
  const world = new World(j1(), new Y.Doc());
  const { unmount } = render(ClvPanel, { props: world });
  await fireEvent.click(figure(/What drives it/));
  unmount();
  render(ClvPanel, { props: world });
  expect(figure(/What drives it/).getAttribute('aria-expanded')).toBe('false');
});

test('P10: a viewer sees every figure and can change none', async () => {
  const world = new World(j1(), new Y.Doc());
  world.canEdit = false;
  render(ClvPanel, { props: world });
  expect(screen.queryByRole('button', { name: /Copy baseline/ })).toBeNull();
  await fireEvent.click(figure(/Numbers of the whole map/));
  expect(screen.getByLabelText<HTMLInputElement>('Gross margin').disabled).toBe(true);
});

test('P14, P20: a scenario becomes the baseline in one step that says whose it is, and undo takes both back', async () => {
  const world = show();
  await fireEvent.click(figure(/Copy baseline/));
  const id = world.scenario!;
  world.document.setOverride(id, key.share('Trial', 'Active'), 0.36);
  world.document.setOverride(id, key.cost('Ads', 'Visit'), 1);
  flushSync();
  await fireEvent.click(figure(/Make this the baseline/));
  expect(world.scenario).toBeNull();
  expect(world.journey.scenarios).toEqual([]);
  expect(world.journey.metrics.get(key.share('Trial', 'Active'))).toBe(0.36);
  expect(toaster.list.at(-1)?.text).toBe('“Scenario 1” is the baseline now: 2 numbers taken over.');
  expect(screen.getByTestId('promotion').textContent?.replace(/\s+/g, ' ')).toContain(
    'With the numbers of “Scenario 1”, which Ann made the baseline just now.'
  );
  toaster.list.at(-1)?.action?.run();
  expect(world.journey.metrics.get(key.share('Trial', 'Active'))).toBe(0.3);
  expect(world.journey.scenarios[0]?.overrides.size).toBe(2);
  flushSync();
  expect(screen.queryByTestId('promotion')).toBeNull();
});

test('scenarios stand side by side with every number that differs', async () => {
  const world = show();
  await fireEvent.click(figure(/Copy baseline/));
  world.document.setOverride(world.scenario!, key.share('Trial', 'Active'), 0.36);
  flushSync();
  await fireEvent.click(figure(/Compare/));
  const table = screen.getByRole('table', { name: 'Scenarios side by side' });
  expect(table.textContent).toMatch(/Baseline\s*Scenario 1/);
  expect(table.textContent).toMatch(/CAC\s*€82\.57\s*€68\.81/);
  await fireEvent.click(within(table).getByRole('button', { name: 'Trial → Active, share' }));
  expect(world.shown).toEqual([key.share('Trial', 'Active')]);
});
