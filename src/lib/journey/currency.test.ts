import { expect, test } from 'vitest';
import { currencyFor } from './currency.ts';

test.each([
  ['en-US,en;q=0.9', 'USD'],
  ['de-CH;q=1, de;q=0.8', 'CHF'],
  ['de-DE,de;q=0.9', 'EUR'],
  ['en', 'EUR'],
  ['', 'EUR'],
  [null, 'EUR'],
  ['x-__proto__', 'EUR']
])('a map started by somebody who reads %j begins in %s', (header, currency) => {
  expect(currencyFor(header)).toBe(currency);
});
