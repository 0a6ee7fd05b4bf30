import { expect, it } from 'vitest';
import { colorOf, initialsOf } from './people.ts';
import { timeAgo } from './time-ago.ts';

it.each([
  ['Ana', 'A'],
  ['Ana Maria Souza', 'AS'],
  ['  björn  öz ', 'BÖ'],
  ['李 小龍', '李小'],
  ['', '?']
])('takes the initials of "%s"', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it('gives one person one colour, and not everybody the same', () => {
  expect(colorOf('a-person')).toBe(colorOf('a-person'));
  expect(new Set(Array.from({ length: 40 }, (_, i) => colorOf(`person ${i}`))).size).toBeGreaterThan(4);
});

it.each([
  [-5_000, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [3 * 3_600_000 + 1, '3 hours ago'],
  [25 * 3_600_000, 'yesterday'],
  [8 * 86_400_000, 'last week'],
  [400 * 86_400_000, 'last year']
])('tells %d ms ago as "%s"', (passed, told) => {
  const date = new Date('2026-05-01T12:00:00Z');
  expect(timeAgo(date, date.getTime() + passed)).toBe(told);
});
