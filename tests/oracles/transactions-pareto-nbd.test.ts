/** Rows 20 to 36 of the published figures: MBG/NBD, Pareto/NBD and NBD on CDNOW, with the hard cases. */
import { describe, expect, test } from 'vitest';
import {
  bgNbdDiscountedPurchases,
  bgNbdExpectedPurchases,
  bgNbdProbabilityAlive,
  compress,
  continuousRate,
  discountRate,
  fitMbgNbd,
  fitNbd,
  fitParetoNbd,
  gammaGammaExpectedSpend,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNew,
  paretoNbdProbabilityAlive,
  paretoNbdResidualPurchases,
  perCustomer,
  type ParetoNbdParameters
} from '../../src/lib/clv/transactions/index.ts';
import {
  blankOdds,
  deathOdds,
  paretoLogLikelihood
} from '../../src/lib/clv/transactions/pareto-likelihood.ts';
import {
  cdnow,
  cdnow78,
  cdnowFileRows,
  cdnowRows,
  customer,
  customerOf,
  expectAllNear,
  expectNear,
  expectRelative,
  fitted,
  meansByFrequency,
  REFERENCE,
  sumOf,
  weeks
} from './transactions.ts';

const pareto = fitted(fitParetoNbd(cdnowRows));
const at = (r: number, alpha: number, s: number, beta: number): ParetoNbdParameters<'week'> => ({
  model: 'pareto-nbd',
  unit: 'week',
  r,
  alpha,
  s,
  beta
});

describe('MBG/NBD and NBD fitted to CDNOW', () => {
  const mbg = fitted(fitMbgNbd(cdnowFileRows));
  const nbd = fitted(fitNbd(cdnowFileRows));
  test('row 20: MBG/NBD parameters', () => {
    expectNear(mbg.parameters.r, 0.524838, 0.002);
    expectNear(mbg.parameters.alpha, 6.182992, 0.02);
    expectNear(mbg.parameters.a, 0.891356, 0.01);
    expectNear(mbg.parameters.b, 1.613999, 0.02);
  });
  test('row 21: MBG/NBD log-likelihood', () => expectNear(mbg.logLikelihood, -9582.1327, 0.001));
  test('row 35: NBD parameters and log-likelihood', () => {
    expectRelative(nbd.parameters.r, 0.384768, 1e-3);
    expectRelative(nbd.parameters.alpha, 12.072084, 1e-3);
    expectNear(nbd.logLikelihood, -9763.6602, 0.001);
  });
});

describe('Pareto/NBD fitted to CDNOW', () => {
  const { parameters, standardErrors } = pareto;
  test('row 22: parameters', () => {
    expectNear(parameters.r, 0.553277, 0.002);
    expectNear(parameters.alpha, 10.577684, 0.05);
    expectNear(parameters.s, 0.60624, 0.01);
    expectNear(parameters.beta, 11.668732, 0.3);
  });
  test('row 23: log-likelihood', () => expectNear(pareto.logLikelihood, -9594.97618, 0.001));
  test('row 24: standard errors', () => {
    expectRelative(standardErrors.r, 0.0476264, 2e-3);
    expectRelative(standardErrors.alpha, 0.8427222, 2e-3);
    expectRelative(standardErrors.s, 0.1872594, 2e-3);
    expectRelative(standardErrors.beta, 6.2105448, 2e-3);
  });
  test('row 25: a new customer in 52 weeks', () =>
    expectNear(paretoNbdExpectedPurchasesNew(parameters, weeks(52)), 1.473434, 1e-4));
  test('row 26: customer 1516', () => {
    const customer1516 = customerOf(cdnow.summary, '1516');
    expectNear(paretoNbdExpectedPurchases(parameters, customer1516, weeks(52)), 25.45647, 0.005);
    expectNear(paretoNbdProbabilityAlive(parameters, customer1516), 0.997874, 1e-5);
  });
  test('row 27: more purchases, fewer to come', () => {
    const wanted = [0.7062289, 0.1442396, 0.02250658, 0.00309267];
    [10, 15, 20, 25].forEach((x, k) =>
      expectRelative(paretoNbdExpectedPurchases(parameters, customer(x, 20, 39), weeks(52)), wanted[k]!, 2e-3)
    );
  });
  test('row 28: x = 132 and 133 with t_x = T', () => {
    const paper = at(0.55, 10.58, 0.61, 11.67);
    const of = (x: number) => paretoNbdExpectedPurchases(paper, customer(x, 200, 200), weeks(10));
    expectRelative(of(132), 6.20605179, 1e-8);
    expectRelative(of(133), 6.25287225, 1e-8);
  });

  const ahead = perCustomer(cdnow.summary, (known) =>
    paretoNbdExpectedPurchases(parameters, known, weeks(39))
  );
  test('row 29: means by frequency', () =>
    expectAllNear(
      meansByFrequency(cdnow.summary.x, ahead),
      [0.138, 0.6, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403],
      0.001
    ));
  test('row 36: holdout purchases', () => expectNear(sumOf(ahead), 1665.51, 0.5));
});

describe('Pareto/NBD after 78 weeks', () => {
  const fit = fitted(fitParetoNbd(compress(cdnow78.summary)));
  test('row 31: parameters', () => {
    const { r, alpha, s, beta } = fit.parameters;
    [0.563004, 12.559169, 0.408107, 10.514545].forEach((wanted, k) =>
      expectRelative([r, alpha, s, beta][k]!, wanted, 2e-3)
    );
  });
  test('row 32: log-likelihood', () => expectNear(fit.logLikelihood, -17135.8359, 0.01));

  const published = at(0.5629966, 12.559037, 0.4081095, 10.5148048);
  const residual = (x: number, tx: number) =>
    paretoNbdResidualPurchases(published, customer(x, tx, 77.86), discountRate(0.0027, 'week'));
  test('row 33: DERT of x = 7, t_x = 35', () => expectRelative(residual(7, 35), 1.8641833281, 1e-8));
  test('row 34: DERT of x = 1 to 10, t_x = 30', () =>
    expectAllNear(
      Array.from({ length: 10 }, (_, k) => residual(k + 1, 30)),
      [2.1992, 2.8435, 2.8671, 2.4454, 1.8405, 1.2624, 0.8096, 0.4948, 0.292, 0.1679],
      1e-4
    ));
});

describe('Pareto/NBD: hard cases', () => {
  test('row 30: P(alive) of four frequent customers', () => {
    const parameters = at(0.5143, 2.8845, 0.2856, 14.1087);
    const found = (
      [
        [221, 103.42857, 103.57143],
        [254, 97.14286, 97.28571],
        [161, 94.71429, 98],
        [204, 98.57143, 99.42857]
      ] as const
    ).map(([x, tx, T]) => paretoNbdProbabilityAlive(parameters, customer(x, tx, T)));
    expectAllNear(found, [0.99959605, 0.99955823, 0.74948775, 0.99425508], 1e-7);
  });

  test.each([
    [[0.55, 10.58, 0.61, 11.67], [3, 20, 30], -1.14565646397004],
    [[0.5143, 2.8845, 0.2856, 14.1087], [221, 103.42857, 103.57143], -7.813821158944973],
    [[0.55, 1e-3, 0.61, 1e4], [2, 5, 30], -4.028626968850588],
    [[0.55, 1e4, 0.61, 1e-3], [0, 0, 30], 6.288265021105788],
    [[0.55, 10.58, 0.61, 11.67], [10_000, 20, 30], 2819.874570250878],
    [[2.5, 10, 30, 1e5], [4, 1, 40], 2.433941453040586],
    [[10.465, 0.00798565181, 3.0516, 2.82], [450, 3, 20], 871.0076328611826]
  ] as const)('odds of having died, at %o for %o, against 40-digit arithmetic', (shape, known, wanted) => {
    const [[r, alpha, s, beta], [x, tx, T]] = [shape, known];
    const odds = blankOdds();
    deathOdds({ r, alpha, s, beta }, x, tx, T, odds);
    expectNear(odds.logOdds, wanted, 1e-12 * Math.max(1, Math.abs(wanted)));
  });

  const figures = (parameters: ParetoNbdParameters<'week'>, x: number, tx: number, T: number) => {
    const known = customer(x, tx, T);
    const row = compress({
      unit: 'week',
      ids: ['one'],
      x: Float64Array.of(x),
      tx: Float64Array.of(tx),
      T: Float64Array.of(T),
      m: Float64Array.of(0),
      spendKnown: false
    });
    const gradient = new Float64Array(4);
    const { r, alpha, s, beta } = parameters;
    return [
      paretoLogLikelihood(row)(Float64Array.of(r, alpha, s, beta), gradient),
      ...gradient,
      paretoNbdProbabilityAlive(parameters, known),
      paretoNbdExpectedPurchases(parameters, known, weeks(52)),
      paretoNbdResidualPurchases(parameters, known, discountRate(0.0027, 'week'))
    ];
  };
  test('x of 400 to 500 in five weeks stays finite', () => {
    const parameters = at(10.465, 0.00798565181, 3.0516, 2.82);
    for (const x of [400, 425, 450, 475, 500])
      for (const tx of [1, 3, 5])
        for (const T of [6, 20, 37])
          expect(figures(parameters, x, tx, T)).toSatisfy((all: number[]) => all.every(Number.isFinite));
  });
  test.each([
    ['t_x = T', at(0.55, 10.58, 0.61, 11.67), [3, 20, 20]],
    ['t_x = T = 0', at(0.55, 10.58, 0.61, 11.67), [0, 0, 0]],
    ['alpha = beta', at(0.55, 10.58, 0.61, 10.58), [3, 20, 30]],
    ['s = 1', at(0.55, 10.58, 1, 11.67), [3, 20, 30]],
    ['x = 10,000', at(0.55, 10.58, 0.61, 11.67), [10_000, 20, 30]]
  ] as const)('%s stays finite', (_, parameters, [x, tx, T]) =>
    expect(figures(parameters, x, tx, T)).toSatisfy((all: number[]) => all.every(Number.isFinite))
  );
});

describe('the customer table of section 2c', () => {
  const { bgNbd, pareto: parameters, spend } = REFERENCE;
  const [bgRate, paretoRate] = [continuousRate(0.1, 'week'), continuousRate(0.15, 'week')];
  test.each([
    ['0001', 24.653919, 0.72662, 1.225994, 1.491741, 0.869134, 1.455202, 6.500353],
    ['0002', 18.910018, 0.212391, 0.203419, 0.24884, 0.167996, 0.171114, 0.764364],
    ['0003', 35.17037, 1, 0.194794, 0.240582, 0.295113, 0.10707, 0.47828],
    ['0006', 71.464705, 0.641835, 3.337571, 4.02246, 0.749453, 3.712087, 16.581809],
    ['0009', 27.281931, 0.784873, 1.324282, 1.611333, 0.958545, 1.604903, 7.169067],
    ['1516', 39.890287, 0.968854, 20.748901, 24.699878, 0.997873, 20.114821, 86.257637]
  ])('customer %s', (id, ...wanted) => {
    const known = customerOf(cdnow.summary, id);
    const m = cdnow.summary.m[cdnow.summary.ids.indexOf(id)]!;
    expectAllNear(
      [
        gammaGammaExpectedSpend(spend, { x: known.x, m }),
        bgNbdProbabilityAlive(bgNbd, known),
        bgNbdExpectedPurchases(bgNbd, known, weeks(39)),
        bgNbdDiscountedPurchases(bgNbd, known, weeks(52), bgRate),
        paretoNbdProbabilityAlive(parameters, known),
        paretoNbdExpectedPurchases(parameters, known, weeks(39)),
        paretoNbdResidualPurchases(parameters, known, paretoRate)
      ],
      wanted,
      2e-5
    );
  });

  test('holdout revenue, expected and actual', () => {
    const revenue = (purchases: Float64Array) =>
      sumOf(
        purchases.map(
          (count, row) =>
            count * gammaGammaExpectedSpend(spend, { x: cdnow.summary.x[row]!, m: cdnow.summary.m[row]! })
        )
      );
    const expected = (figure: (known: ReturnType<typeof customer>) => number) =>
      revenue(perCustomer(cdnow.summary, figure));
    expectNear(
      expected((known) => bgNbdExpectedPurchases(bgNbd, known, weeks(39))),
      59_931.62,
      0.5
    );
    expectNear(
      expected((known) => paretoNbdExpectedPurchases(parameters, known, weeks(39))),
      60_449.31,
      0.5
    );
    expectNear(sumOf(cdnow.holdout.spend), 70_976.39, 0.005);
  });
});
