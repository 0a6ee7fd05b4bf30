import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { Selection } from '#lib/canvas/editor/selection.ts';
import { j1, key } from '#lib/scenarios/j1.fixture.ts';
import { focusMetric, selectionOf } from '../show.ts';
import ClvPanel from '../clv/ClvPanel.svelte';
import { World } from '../world.fixture.svelte.ts';
import Inspector from './Inspector.svelte';

beforeEach(() => localStorage.clear());

const TRIAL: Selection = { kind: 'stage', id: 'Trial' as StageId };
const TO_ACTIVE = key.share('Trial', 'Active');

const show = (selection: Selection = TRIAL): World => {
  const world = new World(j1(), new Y.Doc());
  world.selection = selection;
  render(Inspector, { props: world });
  return world;
};
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const type = (label: string, text: string) => fireEvent.input(field(label), { target: { value: text } });
const clv = ({ figures: { baseline } }: World) => (baseline.ok ? baseline.value.clv : null);

test('P5: every keystroke that can be read is written', async () => {
  const world = show();
  expect(field('go to Active').value).toBe('30');
  await type('go to Active', '3');
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.03);
  await type('go to Active', '36%');
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.36);
  expect(clv(world)).not.toBeNull();
});

test('P5: one visit to a field is one undo step', async () => {
  const world = show();
  await fireEvent.focus(field('go to Active'));
  for (const text of ['4', '45', '45%']) await type('go to Active', text);
  await fireEvent.blur(field('go to Active'));
  await fireEvent.focus(field('stay here'));
  await type('stay here', '20');
  world.document.undo();
  expect(world.journey.metrics.get(key.share('Trial', 'Trial'))).toBe(0.15);
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.45);
  world.document.undo();
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.3);
});

test('P5: Escape writes back what was there, empty unsets and keeps the arrow', async () => {
  const world = show();
  await fireEvent.focus(field('go to Active'));
  await type('go to Active', '');
  expect(world.journey.metrics.get(TO_ACTIVE)).toBeNull();
  expect(clv(world)).toBeNull();
  await fireEvent.keyDown(field('go to Active'), { key: 'Escape' });
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.3);
  expect(field('go to Active').value).toBe('30');
});

test('P5: arrows step by a point, with Shift by ten', async () => {
  const world = show();
  await fireEvent.keyDown(field('go to Active'), { key: 'ArrowUp' });
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.31);
  await fireEvent.keyDown(field('go to Active'), { key: 'ArrowDown', shiftKey: true });
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.21);
});

test('P3: what can’t be read is kept, told, and changes nothing', async () => {
  const world = show();
  await type('go to Active', 'a third');
  await fireEvent.blur(field('go to Active'));
  expect(field('go to Active').value).toBe('a third');
  expect(screen.getByRole('alert').textContent).toContain('“a third” is not a number.');
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.3);
});

test('P3: what was typed does not move to another stage with the selection', async () => {
  const world = show();
  await type('A visit lasts', 'one');
  world.selection = { kind: 'stage', id: 'Active' as StageId };
  flushSync();
  expect(field('A visit lasts').value).toBe('1');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('P4: out of range is stored and told at the field at once', async () => {
  const world = show();
  await type('go to Active', '1200');
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(12);
  expect(screen.getAllByRole('alert')[0]?.textContent).toContain('This must be from 0% to 100%.');
  expect(clv(world)).toBeNull();
});

test('P9: what remains is lost, and more than 100% is told at once', async () => {
  show();
  expect(screen.getByText('are lost').parentElement?.textContent).toContain('55%');
  await type('go to Active', '95');
  expect(screen.getByRole('alert').textContent).toContain('add up to 110%');
});

test('what others change shows at once', () => {
  const world = show();
  world.document.setTransition('Trial' as StageId, 'Active' as StageId, 0.4);
  flushSync();
  expect(field('go to Active').value).toBe('40');
});

test('a way is added without its share, and the panel then asks for it', async () => {
  const world = show();
  await fireEvent.change(screen.getByLabelText('Add a way on'), { target: { value: 'Visit' } });
  expect(world.journey.metrics.get(key.share('Trial', 'Visit'))).toBeNull();
  expect(document.activeElement).toBe(field('go to Visit'));
  await fireEvent.click(screen.getByRole('button', { name: 'Remove: go to Visit' }));
  expect(world.journey.metrics.has(key.share('Trial', 'Visit'))).toBe(false);
});

test('P6: in a scenario a field shows and edits the scenario’s number, with the baseline’s beside it', async () => {
  const world = show();
  const id = world.document.addScenario({ name: 'Guided setup' });
  world.scenario = id;
  flushSync();
  expect(screen.getByText(/You are editing the scenario “Guided setup”/)).toBeTruthy();
  await fireEvent.focus(field('go to Active'));
  await type('go to Active', '36');
  expect(world.journey.metrics.get(TO_ACTIVE)).toBe(0.3);
  expect(world.journey.scenarios[0]?.overrides.get(TO_ACTIVE)).toBe(0.36);
  expect(screen.getByText('baseline 30%')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Reset go to Active to the baseline' }));
  expect(world.journey.scenarios[0]?.overrides.size).toBe(0);
  expect(screen.queryByText('baseline 30%')).toBeNull();
});

test('P6: Escape in a scenario leaves no override behind', async () => {
  const world = show();
  world.scenario = world.document.addScenario({ name: 's' });
  flushSync();
  await fireEvent.focus(field('go to Active'));
  await type('go to Active', '36');
  await fireEvent.keyDown(field('go to Active'), { key: 'Escape' });
  expect(world.journey.scenarios[0]?.overrides.size).toBe(0);
});

test('a stage tells what it is automatically and what it adds', () => {
  show({ kind: 'stage', id: 'Active' as StageId });
  expect(screen.getByText('customers (automatic)')).toBeTruthy();
  expect(screen.getByText('€506.16').parentElement?.textContent).toMatch(/to\s+the CLV, now €524.46/);
});

test('a cell of a feelings lane offers the five named feelings', async () => {
  const world = show({ kind: 'cell', lane: 'Feelings' as LaneId, stage: 'Trial' as StageId });
  const group = screen.getByRole('group', { name: 'How the customer feels' });
  expect(within(group).getAllByRole('button')).toHaveLength(5);
  await fireEvent.click(within(group).getByRole('button', { name: 'Satisfied' }));
  expect(world.journey.metrics.get(key.feeling('Feelings', 'Trial'))).toBe(1);
  await fireEvent.click(within(group).getByRole('button', { name: 'Satisfied' }));
  expect(world.journey.metrics.has(key.feeling('Feelings', 'Trial'))).toBe(false);
});

test('the field of every number of J1 is found from its key', () => {
  const world = new World(j1(), new Y.Doc());
  const { container } = render(Inspector, { props: world });
  for (const name of world.journey.metrics.keys()) {
    if (name.startsWith('settings/')) continue;
    world.selection = selectionOf(name, world.journey);
    flushSync();
    expect([name, focusMetric(container, name)]).toEqual([name, true]);
    expect(document.activeElement?.getAttribute('data-metric')).toBe(name);
  }
});

test('P10: a viewer reads the fields and can change none', () => {
  const world = new World(j1(), new Y.Doc());
  world.selection = TRIAL;
  world.canEdit = false;
  render(Inspector, { props: world });
  expect(field('go to Active').disabled).toBe(true);
  expect(screen.queryByLabelText('Add a way on')).toBeNull();
});

test('P16: what can’t be read is still there after the field was away, and the figures say whose last value they use', async () => {
  const world = show();
  render(ClvPanel, { props: world });
  expect(screen.queryByTestId('unreadable')).toBeNull();
  await type('go to Active', 'a third');
  const told = screen.getByTestId('unreadable');
  expect(told.textContent).toContain('1 field can’t be read: figures use its last value.');
  await fireEvent.click(within(told).getByRole('button', { name: 'Trial → Active, share' }));
  expect(world.shown).toEqual([TO_ACTIVE]);
  world.selection = { kind: 'stage', id: 'Active' as StageId };
  flushSync();
  world.selection = TRIAL;
  flushSync();
  expect(field('go to Active').value).toBe('a third');
  expect(screen.getByText(/not a number|can’t be read/i, { selector: '.trouble' })).toBeTruthy();
  await type('go to Active', '33');
  expect(screen.queryByTestId('unreadable')).toBeNull();
});
