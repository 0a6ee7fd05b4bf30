/** Properties that hold for every fit and every customer; fast-check prints the seed of a counterexample. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  bgNbdDiscountedPurchases,
  bgNbdExpectedPurchases,
  bgNbdExpectedPurchasesNew,
  bgNbdProbability,
  bgNbdProbabilityAlive,
  compress,
  discountRate,
  duration,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  mbgNbdDiscountedPurchases,
  mbgNbdExpectedPurchases,
  mbgNbdExpectedPurchasesNew,
  mbgNbdProbability,
  mbgNbdProbabilityAlive,
  nbdExpectedPurchases,
  nbdProbability,
  paretoNbdDiscountedPurchases,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNew,
  paretoNbdProbability,
  paretoNbdProbabilityAlive,
  paretoNbdResidualPurchases,
  sbgLifetime,
  sbgRetention,
  sbgSurvival,
  uncompressed,
  type BgNbdParameters,
  type Customer,
  type Fit,
  type MbgNbdParameters,
  type NbdParameters,
  type ParetoNbdParameters,
  type PurchaseRows,
  type SbgParameters,
  type Summary
} from '../../src/lib/clv/transactions/index.ts';
import { betaGeometricLogLikelihood } from '../../src/lib/clv/transactions/beta-geometric.ts';
import { bgBbLogLikelihood } from '../../src/lib/clv/transactions/bg-bb.ts';
import { gammaGammaLogLikelihood, spendRowsOf } from '../../src/lib/clv/transactions/gamma-gamma.ts';
import { nbdLogLikelihood } from '../../src/lib/clv/transactions/nbd.ts';
import { integrateAhead } from '../../src/lib/clv/transactions/numeric/quadrature.ts';
import type { LogLikelihood } from '../../src/lib/clv/transactions/optimise.ts';
import { paretoLogLikelihood } from '../../src/lib/clv/transactions/pareto-likelihood.ts';
import { sbgLogLikelihood } from '../../src/lib/clv/transactions/sbg.ts';
import { bgNbdCustomers } from './generated-customers.ts';
import {
  CALIBRATION_END,
  cdnow,
  cdnowRows,
  cdnowTransactions,
  customer,
  donations,
  expectNear,
  expectRelative,
  fitted,
  highEnd,
  REFERENCE,
  regular,
  summaryOf,
  sumOf,
  weeks
} from './transactions.ts';

vi.setConfig({ testTimeout: 60_000 });

const shape = fc.double({ min: 0.05, max: 5, noNaN: true });
const time = fc.double({ min: 0.5, max: 40, noNaN: true });

const bgNbd = fc
  .tuple(shape, time, shape, shape)
  .map(([r, alpha, a, b]): BgNbdParameters<'week'> => ({ model: 'bg-nbd', unit: 'week', r, alpha, a, b }));
const mbgNbd = bgNbd.map((at): MbgNbdParameters<'week'> => ({ ...at, model: 'mbg-nbd' }));
const pareto = fc.tuple(shape, time, shape, time).map(([r, alpha, s, beta]): ParetoNbdParameters<'week'> => ({
  model: 'pareto-nbd',
  unit: 'week',
  r,
  alpha,
  s,
  beta
}));

/** Customers of every age, some of them frequent, some seen for the last time on the last day. */
const anyCustomer = fc
  .tuple(
    fc.integer({ min: 0, max: 300 }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
    fc.double({ min: 1, max: 150, noNaN: true })
  )
  .map(([x, share, T]) => customer(x, x === 0 ? 0 : share * T, T));

const holds = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  property: (...values: T) => void,
  numRuns = 200
) => fc.assert(fc.property(...arbitraries, property), { numRuns });

describe('T1: the unit of time', () => {
  const inDays = compress(summaryOf(cdnowTransactions, { unit: 'day', until: CALIBRATION_END }).summary);
  test('days for weeks: alpha by 7, r, a, b the same, log-likelihood less by ln 7 per repeat purchase', () => {
    const [week, day] = [fitted(fitBgNbd(cdnowRows)), fitted(fitBgNbd(inDays))];
    expectRelative(day.parameters.alpha, 7 * week.parameters.alpha, 1e-8);
    for (const name of ['r', 'a', 'b'] as const)
      expectRelative(day.parameters[name], week.parameters[name], 1e-8);
    expectNear(day.logLikelihood, week.logLikelihood - Math.log(7) * sumOf(cdnow.summary.x), 1e-7);
    expectNear(day.logLikelihood, -14_363.53044, 1e-4);
    expect(day.parameters.unit).toBe('day');
  });
  test('Pareto/NBD: alpha and beta by 7', () => {
    const [week, day] = [fitted(fitParetoNbd(cdnowRows)), fitted(fitParetoNbd(inDays))];
    for (const name of ['alpha', 'beta'] as const)
      expectRelative(day.parameters[name], 7 * week.parameters[name], 1e-8);
    const [inWeeks, sameInDays] = [
      paretoNbdExpectedPurchasesNew(week.parameters, weeks(52)),
      paretoNbdExpectedPurchasesNew(day.parameters, duration(364, 'day'))
    ];
    expectRelative(sameInDays, inWeeks, 1e-8);
  });
});

describe('T6: compression and the order of rows', () => {
  /** Everything a fit found, as one list of numbers. */
  const found = <N extends string, P extends Readonly<Record<N, number>>>(fit: Fit<N, P>): number[] => {
    const { logLikelihood, parameters, names } = fitted(fit);
    return [logLikelihood, ...names.map((name) => parameters[name])];
  };
  type Rows = PurchaseRows<'week'>;
  const fits: readonly (readonly [string, (rows: Rows) => number[]])[] = [
    ['BG/NBD', (rows) => found(fitBgNbd(rows))],
    ['MBG/NBD', (rows) => found(fitMbgNbd(rows))],
    ['Pareto/NBD', (rows) => found(fitParetoNbd(rows))]
  ];
  const { summary } = cdnow;
  const order = Int32Array.from(summary.x, (_, row) => (row * 1009 + 77) % summary.x.length);
  const shuffled = (column: Float64Array) => Float64Array.from(order, (row) => column[row]!);
  const reordered: Summary<'week'> = {
    ...summary,
    x: shuffled(summary.x),
    tx: shuffled(summary.tx),
    T: shuffled(summary.T),
    m: shuffled(summary.m)
  };
  test.each(fits)('%s: neither changes the fit', (_, fit) => {
    const base = fit(cdnowRows);
    for (const rows of [uncompressed(summary), compress(reordered)])
      fit(rows).forEach((value, k) => expectRelative(value, base[k]!, 1e-9));
  });
  test('Gamma-Gamma: the order does not change the fit', () => {
    const base = found(fitGammaGamma(summary));
    found(fitGammaGamma(reordered)).forEach((value, k) => expectRelative(value, base[k]!, 1e-9));
  });
});

describe('T10: chances', () => {
  test('BG/NBD at t = 39: 0 to 399 purchases are certain', () => {
    let sum = 0;
    for (let n = 0; n < 400; n++) sum += bgNbdProbability(REFERENCE.bgNbd, n, weeks(39));
    expectNear(sum, 1, 1e-14);
  });
  test('counts sum to 1, and their mean is the expectation', () => {
    const check = (chance: (n: number) => number, mean: number) => {
      let [sum, moment] = [0, 0];
      for (let n = 0; n < 400; n++) {
        sum += chance(n);
        moment += n * chance(n);
      }
      expectNear(sum, 1, 1e-9);
      expectRelative(moment, mean, 1e-8);
    };
    const t = weeks(20);
    const rate = fc.tuple(shape, fc.double({ min: 4, max: 40, noNaN: true }));
    holds(
      [rate, bgNbd],
      ([r, alpha], drop) => {
        const bg = { ...drop, r, alpha };
        check((n) => bgNbdProbability(bg, n, t), bgNbdExpectedPurchasesNew(bg, t));
        const mbg = { ...bg, model: 'mbg-nbd' } as const;
        check((n) => mbgNbdProbability(mbg, n, t), mbgNbdExpectedPurchasesNew(mbg, t));
      },
      15
    );
    const published = REFERENCE.pareto;
    check((n) => paretoNbdProbability(published, n, t), paretoNbdExpectedPurchasesNew(published, t));
  });
  test('P(alive) lies in [0, 1] and falls as a customer stays away', () => {
    const check = (alive: (known: Customer<'week'>) => number, known: Customer<'week'>) => {
      const now = alive(known);
      const later = alive({ ...known, T: weeks(known.T + 1) });
      expect(now).toBeGreaterThanOrEqual(0);
      expect(now).toBeLessThanOrEqual(1);
      expect(later).toBeLessThanOrEqual(now + 1e-12);
    };
    holds([bgNbd, mbgNbd, pareto, anyCustomer], (bg, mbg, shapes, known) => {
      check((who) => bgNbdProbabilityAlive(bg, who), known);
      check((who) => mbgNbdProbabilityAlive(mbg, who), known);
      check((who) => paretoNbdProbabilityAlive(shapes, who), known);
    });
  });
  test('1,000 purchases and then silence: not alive, and not NaN', () => {
    expect(bgNbdProbabilityAlive(REFERENCE.bgNbd, customer(1000, 10, 100))).toBe(0);
    expect(paretoNbdProbabilityAlive(REFERENCE.pareto, customer(1000, 10, 100))).toBeLessThan(1e-200);
  });
});

describe('T11: expected purchases', () => {
  /** Nothing at once, more with time, ever more slowly. */
  const grows = (of: (t: number) => number) => {
    expect(of(0)).toBe(0);
    let [before, slope] = [0, Infinity];
    for (const t of [5, 10, 15, 20, 25]) {
      const now = of(t);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now - before).toBeLessThanOrEqual(slope * (1 + 1e-9));
      [before, slope] = [now, now - before];
    }
  };
  test('are 0 at once, grow and flatten', () => {
    holds([bgNbd, mbgNbd, pareto, anyCustomer], (bg, mbg, shapes, known) => {
      grows((t) => bgNbdExpectedPurchases(bg, known, weeks(t)));
      grows((t) => mbgNbdExpectedPurchases(mbg, known, weeks(t)));
      grows((t) => paretoNbdExpectedPurchases(shapes, known, weeks(t)));
    });
  });
  test('are the discounted ones at a rate of 0, by quadrature of the purchase rate', () => {
    const none = discountRate(0, 'week');
    holds(
      [bgNbd, mbgNbd, pareto, anyCustomer],
      (bg, mbg, shapes, known) => {
        const t = weeks(60);
        const agree = (quadrature: number, closed: number) =>
          expectNear(quadrature, closed, 1e-11 * Math.max(closed, 1e-200));
        agree(bgNbdDiscountedPurchases(bg, known, t, none), bgNbdExpectedPurchases(bg, known, t));
        agree(mbgNbdDiscountedPurchases(mbg, known, t, none), mbgNbdExpectedPurchases(mbg, known, t));
        agree(
          paretoNbdDiscountedPurchases(shapes, known, t, none),
          paretoNbdExpectedPurchases(shapes, known, t)
        );
      },
      60
    );
  });
  test('a discount takes what it should: by parts of the cumulative ones', () => {
    const delta = 0.01;
    const rate = discountRate(delta, 'week');
    const known = customer(2, 30.43, 38.86);
    const ahead = (t: number) => bgNbdExpectedPurchases(REFERENCE.bgNbd, known, weeks(t));
    const byParts =
      Math.exp(-delta * 52) * ahead(52) +
      delta * integrateAhead((t) => Math.exp(-delta * t) * ahead(t), 52, 5, delta);
    expectRelative(bgNbdDiscountedPurchases(REFERENCE.bgNbd, known, weeks(52), rate), byParts, 1e-11);
  });
});

describe('T12: DERT', () => {
  test('falls as the discount rate rises', () => {
    holds([pareto, anyCustomer], (shapes, known) => {
      let before = Infinity;
      for (const rate of [1e-6, 1e-5, 1e-4, 0.001, 0.003, 0.01, 0.1, 1]) {
        const now = paretoNbdResidualPurchases(shapes, known, discountRate(rate, 'week'));
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(before);
        before = now;
      }
    });
  });
  test('tends to all purchases to come as the rate goes to 0, when s > 1', () => {
    const shapes = { ...REFERENCE.pareto, s: 2.5 };
    const known = customer(3, 20, 30);
    const all = paretoNbdExpectedPurchases(shapes, known, weeks(1e12));
    expectRelative(paretoNbdResidualPurchases(shapes, known, discountRate(1e-9, 'week')), all, 1e-5);
    expectRelative(paretoNbdResidualPurchases(shapes, known, discountRate(0, 'week')), all, 1e-9);
  });
  test('is what the discounted purchases of ever longer times come to', () => {
    const rate = discountRate(0.01, 'week');
    const known = customer(3, 20, 30);
    expectRelative(
      paretoNbdDiscountedPurchases(REFERENCE.pareto, known, weeks(6000), rate),
      paretoNbdResidualPurchases(REFERENCE.pareto, known, rate),
      1e-11
    );
  });
});

describe('T13: models agree in the limit', () => {
  const nbd: NbdParameters<'week'> = { model: 'nbd', unit: 'week', r: 0.4, alpha: 12 };
  const known = customer(3, 20, 30);
  const t = weeks(39);
  test('BG/NBD without drop-out is the NBD', () => {
    const limit: BgNbdParameters<'week'> = { ...nbd, model: 'bg-nbd', a: 1e-14, b: 1 };
    expectRelative(bgNbdExpectedPurchases(limit, known, t), nbdExpectedPurchases(nbd, known, t), 1e-6);
    for (const n of [0, 1, 5]) expectRelative(bgNbdProbability(limit, n, t), nbdProbability(nbd, n, t), 1e-6);
    const gradient = new Float64Array(4);
    expectNear(
      betaGeometricLogLikelihood(cdnowRows, 0)(Float64Array.of(0.4, 12, 1e-14, 1), gradient),
      nbdLogLikelihood(cdnowRows)(Float64Array.of(0.4, 12), gradient),
      1e-5
    );
  });
  test('Pareto/NBD without death is the NBD', () => {
    const limit: ParetoNbdParameters<'week'> = { ...nbd, model: 'pareto-nbd', s: 0.001, beta: 1e6 };
    expectRelative(paretoNbdExpectedPurchases(limit, known, t), nbdExpectedPurchases(nbd, known, t), 1e-6);
    expectRelative(paretoNbdProbability(limit, 2, t), nbdProbability(nbd, 2, t), 1e-6);
  });
  test('sBG with one churn chance for all is constant retention', () => {
    const limit: SbgParameters = { model: 'sbg', alpha: 0.2e8, beta: 0.8e8 };
    for (const k of [1, 5, 20]) {
      expectRelative(sbgRetention(limit, k), 0.8, 1e-6);
      expectRelative(sbgSurvival(limit, k), 0.8 ** k, 1e-5);
    }
    expectRelative(sbgLifetime(limit, 0.1), 1.1 / 0.3, 1e-6);
  });
  test('sBG: DEL is the sum of survivors, discounted', () => {
    for (const [alpha, beta] of [
      [3.8, 15.2],
      [0.704, 1.182],
      [0.067, 0.267]
    ] as const) {
      const at: SbgParameters = { model: 'sbg', alpha, beta };
      let sum = 0;
      for (let k = 0; k < 400; k++) sum += sbgSurvival(at, k) / 1.1 ** k;
      expectRelative(sbgLifetime(at, 0.1), sum, 1e-12);
    }
  });
});

describe('T7: likelihoods', () => {
  const frequent: Summary<'week'> = {
    unit: 'week',
    ids: [],
    x: Float64Array.of(0, 1, 100, 1000, 10_000),
    tx: Float64Array.of(0, 1, 20, 38, 39),
    T: Float64Array.of(39, 39, 39, 39, 39),
    m: new Float64Array(5),
    spendKnown: false
  };
  const rows = compress(frequent);
  const spend = spendRowsOf(cdnow.summary).rows;
  const four = [0.3, 5, 0.8, 2.5];
  const models: readonly (readonly [string, LogLikelihood, readonly number[]])[] = [
    ['BG/NBD', betaGeometricLogLikelihood(rows, 0), four],
    ['MBG/NBD', betaGeometricLogLikelihood(rows, 1), four],
    ['Pareto/NBD', paretoLogLikelihood(rows), [0.5, 10, 0.6, 12]],
    ['Pareto/NBD, alpha below beta', paretoLogLikelihood(cdnowRows), [0.5, 8, 0.6, 30]],
    ['Pareto/NBD, alpha above beta', paretoLogLikelihood(cdnowRows), [0.5, 30, 0.6, 8]],
    ['BG/NBD on CDNOW', betaGeometricLogLikelihood(cdnowRows, 0), four],
    ['MBG/NBD on CDNOW', betaGeometricLogLikelihood(cdnowRows, 1), four],
    ['NBD', nbdLogLikelihood(cdnowRows), [0.4, 12]],
    ['Gamma-Gamma', gammaGammaLogLikelihood(spend), [5, 3, 20]],
    ['BG/BB', bgBbLogLikelihood(donations), [1.1, 0.8, 0.7, 2.5]],
    ['sBG', sbgLogLikelihood([regular, highEnd.slice(0, 8)]), [0.8, 3]]
  ];
  test.each(models)('%s: finite to x = 10,000, gradient = central differences', (_, logLikelihood, at) => {
    const gradient = new Float64Array(at.length);
    const value = logLikelihood(Float64Array.from(at), gradient);
    expect(Number.isFinite(value)).toBe(true);
    const scratch = new Float64Array(at.length);
    const slopes = Array.from(gradient);
    slopes.forEach((slope, k) => {
      const step = 1e-4 * at[k]!;
      const side = (steps: number) =>
        logLikelihood(
          Float64Array.from(at, (entry, index) => (index === k ? entry + steps * step : entry)),
          scratch
        );
      const difference = (8 * (side(1) - side(-1)) - (side(2) - side(-2))) / (12 * step);
      expectNear(slope, difference, 1e-6 * Math.abs(slope) + (1e-12 * Math.abs(value)) / step);
    });
  });

  const seed = 7;
  test(`a fit finds what customers were drawn from, within four standard errors (seed ${seed})`, () => {
    const truth: BgNbdParameters<'day'> = { model: 'bg-nbd', unit: 'day', r: 0.6, alpha: 60, a: 0.9, b: 3 };
    const drawn = bgNbdCustomers(20_000, truth, { seed, days: 400, spread: 200, wholeDays: false });
    const { parameters, standardErrors } = fitted(fitBgNbd(compress(drawn)));
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      expectNear(parameters[name], truth[name], 4 * standardErrors[name]);
  });
});
