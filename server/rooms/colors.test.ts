import { expect, test } from 'vitest';
import { COLORS, Colors, colorOf } from './colors.ts';

test('P54 twelve people at once have twelve colours, whoever they are; the thirteenth shares one', () => {
  const colors = new Colors();
  const people = Array.from({ length: 13 }, (_, index) => `person ${index * 7}`);
  const taken = people.map((person) => colors.take(person));
  expect(new Set(taken.slice(0, 12)).size).toBe(COLORS.length);
  expect(COLORS).toContain(taken[12]);
});

test('P54 a person has one colour in all tabs, and gets it back after a break', () => {
  const colors = new Colors();
  const twin = Array.from({ length: 100 }, (_, index) => `twin ${index}`).find(
    (name) => colorOf(name) === colorOf('Ann')
  );
  expect(colors.take('Ann')).toBe(colorOf('Ann'));
  const other = colors.take(twin ?? '');
  expect(other).not.toBe(colorOf('Ann'));
  expect(colors.take('Ann')).toBe(colorOf('Ann'));
  colors.leave('Ann');
  expect(colors.take('Ann')).toBe(colorOf('Ann'));
  colors.leave(twin ?? '');
  colors.leave('Ann');
  colors.leave('Ann');
  expect(colors.take(twin ?? '')).toBe(other);
  colors.leave('nobody');
});
