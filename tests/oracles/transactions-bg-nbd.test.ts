/** Rows 1 to 19c of the published figures: BG/NBD on CDNOW. Each test carries its row's number and tolerance. */
import { describe, expect, test } from 'vitest';
import {
  bgNbdExpectedPurchases,
  bgNbdExpectedPurchasesNew,
  bgNbdProbability,
  bgNbdProbabilityAlive,
  fitBgNbd,
  perCustomer,
  type BgNbdParameters
} from '../../src/lib/clv/transactions/index.ts';
import {
  cdnow,
  cdnowFile,
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

const fit = fitted(fitBgNbd(cdnowRows));
const fileFit = fitted(fitBgNbd(cdnowFileRows));
const { parameters } = fit;
const PAPER: BgNbdParameters<'week'> = {
  model: 'bg-nbd',
  unit: 'week',
  r: 0.243,
  alpha: 4.414,
  a: 0.793,
  b: 2.426
};

describe('CDNOW summary (Fader, Hardie & Lee 2005)', () => {
  test('row 1: customers, zero repeaters, repeat purchases', () => {
    const { x } = cdnow.summary;
    expect([x.length, x.filter((count) => count === 0).length, sumOf(x)]).toEqual([2357, 1411, 2457]);
  });

  test('row 2: the summary of the transactions is the published summary', () => {
    const { summary } = cdnow;
    expect(summary.ids.map(Number)).toEqual(cdnowFile.ids.map(Number));
    expect(summary.x).toEqual(cdnowFile.x);
    for (const column of ['tx', 'T', 'm'] as const)
      expectAllNear([...summary[column]], [...cdnowFile[column]], 0.005 + 1e-9);
  });
});

describe('BG/NBD fitted to CDNOW', () => {
  test('row 3: r', () => expectNear(parameters.r, 0.242594, 0.001));
  test('row 4: alpha', () => expectNear(parameters.alpha, 4.413602, 0.01));
  test('row 5: a', () => expectNear(parameters.a, 0.792922, 0.005));
  test('row 6: b', () => expectNear(parameters.b, 2.425908, 0.02));
  test('row 7: log-likelihood from transactions', () => expectNear(fit.logLikelihood, -9582.42921, 0.001));
  test('row 8: log-likelihood from the rounded summary', () =>
    expectNear(fileFit.logLikelihood, -9582.42556, 0.001));
  test('row 9: standard errors', () => {
    const { r, alpha, a, b } = fileFit.standardErrors;
    [0.012557, 0.378221, 0.185719, 0.705345].forEach((wanted, k) =>
      expectRelative([r, alpha, a, b][k]!, wanted, 1e-3)
    );
  });
});

describe('BG/NBD: expected purchases on CDNOW', () => {
  test('row 10: next 39 weeks of x = 2, t_x = 30.43, T = 38.86', () =>
    expectNear(bgNbdExpectedPurchases(parameters, customer(2, 30.43, 38.86), weeks(39)), 1.22591, 0.001));
  test('row 11: of a new customer', () => {
    const found = [1 / 7, 1, 3, 31.8571, 32, 78].map((t) => bgNbdExpectedPurchasesNew(parameters, weeks(t)));
    expectAllNear(found, [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], 0.0005);
    expectNear(bgNbdExpectedPurchasesNew(fileFit.parameters, weeks(78)), 1.85797, 0.0005);
  });
  test('row 12: of a new customer in 52 weeks', () =>
    expectNear(bgNbdExpectedPurchasesNew(parameters, weeks(52)), 1.444004, 1e-4));
  test('row 13: customer 1516', () => {
    const customer1516 = customerOf(cdnow.summary, '1516');
    expectNear(bgNbdExpectedPurchases(parameters, customer1516, weeks(52)), 25.75659, 0.005);
    expectNear(bgNbdProbabilityAlive(parameters, customer1516), 0.9688523, 1e-4);
  });
  test('row 14: more purchases, fewer to come', () => {
    const wanted = [0.3474606, 0.04283391, 0.004158973, 0.0003583685];
    [10, 15, 20, 25].forEach((x, k) =>
      expectRelative(bgNbdExpectedPurchases(parameters, customer(x, 20, 39), weeks(52)), wanted[k]!, 1e-3)
    );
  });
  test('row 15: chances of 0 purchases in 39 and of 10 in 2 weeks', () => {
    expectNear(bgNbdProbability(PAPER, 0, weeks(39)), 0.5737864, 1e-6);
    expectRelative(bgNbdProbability(PAPER, 10, weeks(2)), 1.07869e-7, 1e-5);
  });
  test('row 16: chances of 11, 15 and 20 purchases in 30 weeks', () => {
    const wanted = [0.0019995214, 0.0007023638, 0.000222226];
    [11, 15, 20].forEach((n, k) => expectRelative(bgNbdProbability(PAPER, n, weeks(30)), wanted[k]!, 1e-6));
  });

  const ahead = perCustomer(cdnow.summary, (known) => bgNbdExpectedPurchases(parameters, known, weeks(39)));
  test('row 17: means by frequency', () =>
    expectAllNear(
      meansByFrequency(cdnow.summary.x, ahead),
      [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.504, 6.157],
      0.001
    ));
  test('row 18: actual means of the holdout', () =>
    expectAllNear(
      meansByFrequency(cdnow.summary.x, cdnow.holdout.purchaseDays),
      [0.2367, 0.697, 1.3925, 1.56, 2.5323, 2.9474, 3.8621, 6.3594],
      1e-4
    ));
  test('row 19: holdout purchases, actual and expected', () => {
    expect(sumOf(cdnow.holdout.purchaseDays)).toBe(1882);
    expectNear(sumOf(ahead), 1653.41, 0.5);
  });
  test('row 19b: 300 purchases, and a hundred years', () => {
    const { bgNbd } = REFERENCE;
    const of = (x: number, tx: number, t: number) =>
      bgNbdExpectedPurchases(bgNbd, customer(x, tx, 38.86), weeks(t));
    expectRelative(of(300, 38, 520), 488.182975992, 1e-9);
    expectRelative(of(2, 30.43, 5200), 19.717941946, 1e-9);
  });
  test('row 19c: a = 1', () => {
    const atOne: BgNbdParameters<'week'> = { model: 'bg-nbd', unit: 'week', r: 0.3, alpha: 5, a: 1, b: 2 };
    const of = (x: number, tx: number) => bgNbdExpectedPurchases(atOne, customer(x, tx, 38.86), weeks(39));
    expectRelative(of(0, 0), 0.227714084681, 1e-9);
    expectRelative(of(2, 30.43), 1.046638388821, 1e-9);
  });
});
