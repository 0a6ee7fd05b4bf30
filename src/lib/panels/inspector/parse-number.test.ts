import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METRICS } from '#lib/journey/metrics.ts';
import { fieldText, parseEntry, rangeMessage, stepBy } from './parse-number.ts';

const units = { currency: 'EUR', tick: 'month' } as const;
const share = (text: string) => parseEntry(text, 'fraction');
const money = (text: string) => parseEntry(text, 'money');

test.each([
  ['12', 0.12],
  ['12%', 0.12],
  ['12 %', 0.12],
  ['12,5', 0.125],
  ['0.12%', 0.0012],
  ['0.12', 0.0012],
  ['7', 0.07],
  ['57', 0.57],
  ['0,125', 0.00125],
  ['100', 1],
  ['1200', 12],
  ['-5', -0.05]
])('P1: “%s” in a percent field is %d', (text, value) => {
  expect(share(text)).toMatchObject({ kind: 'number', value });
});

test('P1: less than one percent without the sign is taken as it stands, with a note', () => {
  expect(share('0.12')).toMatchObject({ note: 'That is 0.12%. For 12% type 12.' });
  expect(share('0.12%')).not.toHaveProperty('note');
  expect(share('12')).not.toHaveProperty('note');
  expect(parseEntry('0.5', 'fraction per year')).not.toHaveProperty('note');
});

test.each([
  ['1,500', 1500],
  ['1,500.25', 1500.25],
  ['1.500,25', 1500.25],
  ['12,5', 12.5],
  ['€ 39', 39],
  ['39 EUR', 39],
  ["1'500", 1500],
  ['1 500', 1500],
  ['.5', 0.5],
  ['−3', -3],
  ['1e-4', 0.0001]
])('P2: “%s” as money is %d', (text, value) => {
  expect(money(text)).toEqual({ kind: 'number', value });
});

test('P2: units are read over', () => {
  expect(parseEntry('2 months', 'tick')).toEqual({ kind: 'number', value: 2 });
  expect(parseEntry('3%', 'count')).toEqual({ kind: 'number', value: 0.03 });
});

test.each(['abc', '1.2.3', '--1', '1/2', '12x', '-'])('P3: “%s” cannot be read', (text) => {
  expect(money(text)).toEqual({ kind: 'unreadable', message: `“${text}” is not a number.` });
});

test('P3: a percentage of money, and a number beyond all bounds', () => {
  expect(money('5%')).toEqual({ kind: 'unreadable', message: 'This number is not a percentage.' });
  expect(money('1e999')).toEqual({ kind: 'unreadable', message: 'This number is too large.' });
});

test('P4: the range in the words of the field', () => {
  expect(rangeMessage(12, METRICS.transitions.probability, units)).toBe('This must be from 0% to 100%.');
  expect(rangeMessage(1.5, METRICS.stages.dwell, units)).toBe('This must be a whole number.');
  expect(rangeMessage(-1, METRICS.cells.cost, units)).toBe('This must be from €0.00 to €1,000,000,000.00.');
  expect(rangeMessage(0, METRICS.stages.sbgAlpha, units)).toBe('This must be above 0 and at most 1,000,000.');
  expect(rangeMessage(0.3, METRICS.transitions.probability, units)).toBeNull();
  expect(rangeMessage(undefined, METRICS.transitions.probability, units)).toBeNull();
});

test('P5: arrows step by what one is, inside the range', () => {
  expect(stepBy(0.3, 1, METRICS.transitions.probability)).toBe(0.31);
  expect(stepBy(0.3, 10, METRICS.transitions.probability)).toBe(0.4);
  expect(stepBy(0.995, 1, METRICS.transitions.probability)).toBe(1);
  expect(stepBy(1, -0.1, METRICS.stages.dwell)).toBe(0);
  expect(stepBy(undefined, 1, METRICS.cells.cost)).toBe(1);
});

test('P5: what a field shows reads back to the very same number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (billionths) => {
      const value = Number(`${billionths}e-9`);
      expect(share(fieldText(value, 'fraction'))).toMatchObject({ kind: 'number', value });
    })
  );
});
