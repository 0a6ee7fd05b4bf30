import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dies, factorize, identityMinus, solve, solveRow } from './linear.ts';

const matrix = (...rows: number[][]) => Float64Array.from(rows.flat());

describe('LU with partial pivoting', () => {
  it('C15: solves columns and rows, and swaps rows where the first pivot is 0', () => {
    const factors = factorize(matrix([0, 2, 1], [1, 1, 1], [4, 0, 3]), 3);
    expect([...solve(factors, [7, 6, 13])]).toEqual([1, 2, 3]);
    expect([...solveRow(factors, [14, 4, 12])]).toEqual([1, 2, 3]);
  });

  it('C15: leaves what it is given', () => {
    const given = matrix([0, 2], [3, 4]);
    factorize(given, 2);
    expect([...given]).toEqual([0, 2, 3, 4]);
  });

  it('C15: undoes a product on random matrices', () => {
    const size = 6;
    const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: size * size,
      maxLength: size * size
    });
    fc.assert(
      fc.property(numbers, numbers, (entries, [...wanted]) => {
        const dominant = Float64Array.from(entries, (entry, k) => entry + (k % (size + 1) === 0 ? 8 : 0));
        const x = wanted.slice(0, size);
        const factors = factorize(dominant, size);
        const column = x.map((_, row) =>
          x.reduce((sum, value, k) => sum + dominant[row * size + k]! * value, 0)
        );
        const row = x.map((_, col) =>
          x.reduce((sum, value, k) => sum + dominant[k * size + col]! * value, 0)
        );
        solve(factors, column).forEach((value, k) => expect(value).toBeCloseTo(x[k]!, 12));
        solveRow(factors, row).forEach((value, k) => expect(value).toBeCloseTo(x[k]!, 12));
      })
    );
  });
});

describe('dies', () => {
  const radiusBelowOne = (...rows: number[][]) =>
    dies(factorize(identityMinus(matrix(...rows), rows.length), rows.length));

  it('C15: tells a spectral radius below 1 from one at or above', () => {
    expect(radiusBelowOne([0.5])).toBe(true);
    expect(radiusBelowOne([1])).toBe(false);
    expect(radiusBelowOne([1.5])).toBe(false);
    expect(radiusBelowOne([0, 2], [0.49, 0])).toBe(true);
    expect(radiusBelowOne([0, 2], [0.5, 0])).toBe(false);
    expect(radiusBelowOne([0, 2], [0.51, 0])).toBe(false);
    expect(radiusBelowOne([0, 5], [5, 0])).toBe(false);
    expect(radiusBelowOne([0.3, 0.7], [0.6, 0.4])).toBe(false);
    expect(radiusBelowOne([0, 100], [0, 0])).toBe(true);
  });
});
