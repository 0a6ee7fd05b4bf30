import { describe, expect, it } from 'vitest';
import { feelingShift, stayFactor, stayFactorSlope } from './feelings.ts';

const kappas = { plus: 0.15, minus: 0.3 };

describe('C14: the effect of feelings', () => {
  it('counts good and bad points apart, and only their change', () => {
    expect(feelingShift(-1, 1, kappas)).toBeCloseTo(0.45, 15);
    expect(feelingShift(1, -2, kappas)).toBeCloseTo(-0.75, 15);
    expect(feelingShift(-2, -2, kappas)).toBe(0);
    expect(feelingShift(-2, 2, { plus: 0, minus: 0 })).toBe(0);
  });

  it('moves the log-odds of staying by the shift', () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    for (const stay of [1e-9, 0.2, 0.92, 0.9999])
      for (const shift of [-3, -0.1, 0.45, 3])
        expect(logit(stay * stayFactor(stay, shift))).toBeCloseTo(logit(stay) + shift, 10);
  });

  it('does nothing where nobody or everybody stays', () => {
    expect([stayFactor(0, 1), stayFactor(1, 1), stayFactor(1 + 1e-10, 1), stayFactor(0.5, 0)]).toEqual([
      1, 1, 1, 1
    ]);
    expect([stayFactorSlope(0, 1), stayFactorSlope(1, 1), stayFactorSlope(0.5, 1)]).toEqual([0, 0, 0]);
  });

  it('has the slope of its differences', () => {
    for (const stay of [0.1, 0.5, 0.9]) {
      const difference = (stayFactor(stay + 1e-6, 0.8) - stayFactor(stay - 1e-6, 0.8)) / 2e-6;
      expect(stayFactorSlope(stay, stayFactor(stay, 0.8))).toBeCloseTo(difference, 7);
    }
  });
});
