import { describe, expect, it } from 'vitest';
import { gaussF1, gaussF1Slope } from './special.ts';

/** b, c, z, F1 and its slope, summed term by term in 30-digit arithmetic. */
const REFERENCE: readonly (readonly [number, number, number, number, number])[] = [
  [186, 200, 0.9921, 13.6528537192826, 185.184271467601],
  [186, 200, 0.992088943447, 13.6508065484965, 185.124777757959],
  [3.806, 4.474, 0.5, 1.7668794966619, 2.79292924297664],
  [93, 100, 0.992, 14.4185982360543, 221.896861901472],
  [1e6, 2e6, 0.9, 1.81818242674711, 1.6528955740768],
  [1e6, 1e6 + 0.5, 0.99, 99.9950507373666, 9999.00522243125],
  [0.001, 0.002, 0.99, 50.2727245793588, 4972.11607348824],
  [2, 2.001, 0.9995, 1986.8363563441, 3969712.2233749456],
  [0.5, 1, 0.9996, 50.0000000000027, 62500.0000000103],
  [0.5, 20.5, 0.9999, 1.02631293862165, 0.0285082688456403],
  [0.05, 0.1, 0.9999, 3180.62658552555, 30209814.512618]
];

describe('F1', () => {
  it.each(REFERENCE)('C12: F1(%d; %d; %d) and its slope', (b, c, z, value, slope) => {
    const found = gaussF1(b, c, z);
    expect(Math.abs(found / value - 1)).toBeLessThan(5e-12);
    expect(Math.abs(gaussF1Slope(b, c, z, found) / slope - 1)).toBeLessThan(1e-8);
  });

  it('C12: settles where a forward evaluation goes round in rounding errors', () => {
    expect(gaussF1(0.5, 1, 1.02 ** (-1 / 52))).toBeCloseTo(1 / Math.sqrt(1 - 1.02 ** (-1 / 52)), 9);
  });

  it('C12: both ends of its range', () => {
    expect(gaussF1(2, 5, 0)).toBe(1);
    expect(gaussF1Slope(2, 5, 0, 1)).toBe(0.4);
    expect(gaussF1(2, 5, 1)).toBe(2);
    expect(gaussF1(2, 5, 1 - 1e-7)).toBeCloseTo(2, 6);
    expect(gaussF1Slope(2, 5, 1, 2)).toBe(4);
    expect(gaussF1(2, 3, 1)).toBe(Infinity);
    expect(gaussF1Slope(2, 4, 1, 3)).toBe(Infinity);
  });
});
