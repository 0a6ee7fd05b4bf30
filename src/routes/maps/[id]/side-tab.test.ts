import { expect, it } from 'vitest';
import { fileName } from './file-name.ts';
import { AT_FIRST, chosen, selectionChanged } from './side-tab.ts';

const select = (state = AT_FIRST, busy = false) => selectionChanged(state, true, busy);
const clear = (state = AT_FIRST) => selectionChanged(state, false, false);

it('opens details for a selection and goes back when it is gone', () => {
  expect(select().tab).toBe('details');
  expect(clear(select()).tab).toBe('clv');
});

it('leaves somebody who works in the CLV panel where they are', () => {
  expect(select(AT_FIRST, true).tab).toBe('clv');
});

it('does not pull back somebody who chose CLV over the details, until they have nothing selected', () => {
  const went = chosen('clv', true);
  expect(select(went).tab).toBe('clv');
  expect(select(clear(went)).tab).toBe('details');
});

it('keeps details open that the person asked for', () => {
  expect(clear(chosen('details', true)).tab).toBe('details');
});

it('leaves somebody among the opportunities there, who picks numbers on the map', () => {
  const there = chosen('opportunities', false);
  expect(select(there).tab).toBe('opportunities');
  expect(clear(select(there)).tab).toBe('opportunities');
});

it('leaves somebody in the history there, whatever is selected meanwhile', () => {
  const there = chosen('history', true);
  expect(select(there).tab).toBe('history');
  expect(clear(select(there)).tab).toBe('history');
});

it.each([
  ['Subscription with a free trial', 'subscription-with-a-free-trial.json'],
  ['  Größe / 2026!  ', 'größe-2026.json'],
  ['***', 'map.json']
])('names the file of "%s"', (title, name) => {
  expect(fileName(title)).toBe(name);
});
