/** Special functions against 40-digit arithmetic (mpmath 1.3), at the accuracy that their docstrings state. */
import { describe, expect, test } from 'vitest';
import { scaledExponentialIntegral } from './expint.ts';
import { digamma, logBeta, logChoose, logGamma, logGammaRise } from './gamma.ts';
import { regularisedBeta } from './incomplete-beta.ts';
import { logDifferenceExp, logSumExp, oneOver1PlusExp } from './log-sum.ts';
import { normalUpperQuantile, normalUpperTail } from './normal.ts';
import { integrate, integrateAhead } from './quadrature.ts';

const near = (found: number, wanted: number, tolerance: number) =>
  expect(Math.abs(found - wanted), `${found} instead of ${wanted}`).toBeLessThanOrEqual(tolerance);
const relative = (found: number, wanted: number, tolerance: number) =>
  near(found, wanted, tolerance * Math.abs(wanted));

describe('gamma', () => {
  test.each([
    [1e-10, 23.025850929882736],
    [0.001, 6.907178885383853],
    [0.243, 1.3180435846996699],
    [0.5, 0.5723649429247001],
    [1, 0],
    [1.5, -0.12078223763524522],
    [2, 0],
    [3.7, 1.428072326665388],
    [9.99, 12.779315214350193],
    [10, 12.80182748008147],
    [57.3, 173.56386827969143],
    [1e4, 82099.71749644238],
    [1e8, 1742068066.1038346]
  ])('logGamma(%f)', (x, wanted) => near(logGamma(x), wanted, 4e-15 + 4e-16 * Math.abs(wanted)));

  test.each([
    [1e-6, -1000000.57721402],
    [0.243, -4.351093864423211],
    [1, -0.5772156649015329],
    [1.4616321449683622, -9.241265521729427e-17],
    [5.5, 1.611093148581751],
    [10, 2.251752589066721],
    [300.25, 5.702949257642254],
    [1e7, 16.11809560095832]
  ])('digamma(%f)', (x, wanted) => near(digamma(x), wanted, 4e-15 + 4e-16 * Math.abs(wanted)));

  test.each([
    [1e-3, 1e6, 6.893363375325389],
    [0.793, 2.426, -0.5115692885937033],
    [0.5, 1e8, -8.637975427801482],
    [12, 30, -25.27486496841981],
    [5e4, 3e5, -143545.1252745059],
    [1e6, 1e6, -1386300.003362921],
    [0.2, 0.3, 2.04749687432416]
  ])('logBeta(%f, %f), either way round', (a, b, wanted) => {
    near(logBeta(a, b), wanted, 1e-14 + 1e-15 * Math.max(Math.abs(wanted), a + b));
    expect(logBeta(b, a)).toBe(logBeta(a, b));
  });

  test('logGammaRise and logChoose count', () => {
    near(logGammaRise(3, 4), Math.log(3 * 4 * 5 * 6), 1e-14);
    near(logGammaRise(20, 2), Math.log(20 * 21), 1e-14);
    near(logChoose(6, 2), Math.log(15), 1e-14);
    expect([logChoose(6, 0), logChoose(6, 6)]).toEqual([0, 0]);
  });
});

test.each([
  [0.1, 2, 3, 0.0523],
  [0.87, 0.243, 11, 0.9999999999914746],
  [0.4, 11, 0.243, 2.5647736342869733e-6],
  [0.001, 20, 5, 1.058557792304886e-56],
  [0.5, 500, 480, 0.2613560064678649],
  [0.999, 0.05, 3, 0.9999999999820497],
  [0.2, 300, 0.6, 1.526320003933644e-211]
])('regularisedBeta(%f, %f, %f)', (x, a, b, wanted) => relative(regularisedBeta(x, a, b), wanted, 1e-12));

test('regularisedBeta of large shapes and at the ends', () => {
  relative(regularisedBeta(0.512, 5e4, 4.8e4), 0.869635394272178, 1e-9);
  expect([regularisedBeta(0, 2, 3), regularisedBeta(1, 2, 3)]).toEqual([0, 1]);
});

test.each([
  [0.6, 0.0009, 34.20013115974837],
  [0.6, 0.019, 8.500054252699261],
  [0.6, 0.21, 2.1987190966776953],
  [0.606, 0.19, 2.327901558689362],
  [1, 0.001, 6.337874070325488],
  [1, 0.5, 0.9229106324837305],
  [3.05, 1e-7, 0.4878048315912232],
  [0.05, 1e-6, 516950.6989469476],
  [2.5, 0.1999, 0.5361266627510382],
  [2.5, 0.2001, 0.5360380027050384],
  [40, 0.01, 0.025634279825878657],
  [0.3, 30, 0.03301344395272009]
])('scaledExponentialIntegral(%f, %f)', (s, w, wanted) =>
  relative(scaledExponentialIntegral(s, w), wanted, 1e-12)
);

test('scaledExponentialIntegral without discount', () => {
  expect(scaledExponentialIntegral(3, 0)).toBe(0.5);
  expect(scaledExponentialIntegral(1, 0)).toBe(Infinity);
});

describe('normal', () => {
  test.each([
    [-2, 0.9772498680518208],
    [0, 0.5],
    [0.001, 0.49960105778608893],
    [1, 0.15865525393145705],
    [1.959963984540054, 0.025],
    [2.999, 0.0013543365337271062],
    [3.001, 0.0013454728250849664],
    [8, 6.220960574271784e-16],
    [30, 4.906713927148187e-198]
  ])('upper tail at %f', (z, wanted) => relative(normalUpperTail(z), wanted, 1e-13));
  test('quantile: the tail beyond it is the tail asked for', () => {
    near(normalUpperQuantile(0.025), 1.959963984540054, 1e-12);
    near(normalUpperQuantile(0.8), -0.8416212335729143, 1e-12);
    for (const tail of [0.5, 0.1, 1e-3, 1e-10, 1e-100])
      relative(normalUpperTail(normalUpperQuantile(tail)), tail, 1e-10);
  });
});

test('logarithmic sums neither overflow nor vanish', () => {
  near(logSumExp(1000, 1000), 1000 + Math.log(2), 1e-12);
  expect(logSumExp(-Infinity, -5)).toBe(-5);
  expect(logSumExp(-Infinity, -Infinity)).toBe(-Infinity);
  near(logDifferenceExp(-1000, -1001), -1000 + Math.log(1 - Math.exp(-1)), 1e-12);
  expect(logDifferenceExp(3, 3)).toBe(-Infinity);
  expect([oneOver1PlusExp(1e9), oneOver1PlusExp(-1e9), oneOver1PlusExp(-Infinity)]).toEqual([0, 1, 1]);
});

test('quadrature is exact to rounding', () => {
  near(integrate(Math.exp, 0, 3, 2), Math.expm1(3), 1e-13);
  relative(
    integrateAhead((t) => (1 + t) ** -1.5, 1e6, 1, 0),
    2 - 2 / Math.sqrt(1 + 1e6),
    1e-13
  );
  relative(
    integrateAhead((t) => Math.exp(-2 * t), Infinity, 1, 2),
    0.5,
    1e-13
  );
});
