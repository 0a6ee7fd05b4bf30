import { describe, expect, test } from 'vitest';
import { bgNbdCustomers, gammaDraw, seededUniform } from '../../../../tests/oracles/generated-customers.ts';
import {
  compareVariants,
  compress,
  constantMarginValue,
  continuousRate,
  createLedger,
  fitBgBb,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitModel,
  fitNbd,
  fitParetoNbd,
  fitSbg,
  parseDay,
  rfmScores,
  scoreByRank,
  scoreSizes,
  trialsNeeded,
  type Summary
} from './index.ts';
import { nelderMead } from './nelder-mead.ts';
import { maximise } from './optimise.ts';

const SEED = 11;

/** Customers who never leave: a Poisson process for ever. */
function faithful(count: number): Summary<'week'> {
  const never = { model: 'bg-nbd', unit: 'week', r: 1, alpha: 8, a: 1e-9, b: 1 } as const;
  return bgNbdCustomers(count, never, { seed: SEED, days: 365, spread: 100, wholeDays: false });
}

function spenders(
  count: number,
  spend: (x: number) => number
): Pick<Summary<'week'>, 'x' | 'm' | 'spendKnown'> {
  const x = Float64Array.from({ length: count }, (_, k) => 1 + (k % 7));
  return { x, m: x.map(spend), spendKnown: true };
}

describe('T8: refusals of purchase models', () => {
  const fits = [fitBgNbd, fitMbgNbd, fitParetoNbd, fitNbd] as const;
  const small = compress(
    bgNbdCustomers(29, { model: 'bg-nbd', unit: 'week', r: 1, alpha: 4, a: 1, b: 2 }, { seed: SEED })
  );
  test.each(fits)('%o: too few customers', (fit) =>
    expect(fit(small)).toMatchObject({ ok: false, code: 'E_TOO_FEW_CUSTOMERS' })
  );
  const once: Summary<'week'> = {
    unit: 'week',
    ids: [],
    x: new Float64Array(100),
    tx: new Float64Array(100),
    T: new Float64Array(100).fill(30),
    m: new Float64Array(100),
    spendKnown: false
  };
  test.each(fits)('%o: nobody came back', (fit) =>
    expect(fit(compress(once))).toMatchObject({ ok: false, code: 'E_NO_REPEAT_BUYERS' })
  );
  const stay = compress(faithful(2000));
  test.each([fitBgNbd, fitMbgNbd, fitParetoNbd])(`%o: nobody leaves (seed ${SEED})`, (fit) =>
    expect(fit(stay)).toMatchObject({ ok: false, code: 'E_NO_DROPOUT' })
  );
  test(`the NBD describes those who stay (seed ${SEED})`, () => {
    const fit = fitNbd(stay);
    if (!fit.ok) throw new Error(fit.message);
    expect(Math.abs(fit.parameters.r - 1)).toBeLessThan(4 * fit.standardErrors.r);
    expect(Math.abs(fit.parameters.alpha - 8)).toBeLessThan(4 * fit.standardErrors.alpha);
  });
  test('customers who all buy alike have no spread to fit', () => {
    const alike = { ...once, x: once.x.map(() => 5), tx: once.x.map(() => 25), T: once.T };
    expect(fitNbd(compress(alike))).toMatchObject({ ok: false, code: 'E_FLAT' });
  });
  test('a few customers are fitted under a warning', () => {
    const shop = { model: 'bg-nbd', unit: 'week', r: 1, alpha: 4, a: 1, b: 2 } as const;
    const fit = fitBgNbd(compress(bgNbdCustomers(300, shop, { seed: SEED })));
    expect(fit.ok && fit.checks.find(({ code }) => code === 'CUSTOMERS')).toMatchObject({ passed: false });
  });
});

describe('T9: refusals of the spend model', () => {
  const uniform = seededUniform(SEED);
  const varied = (level: number) => (level * gammaDraw(4, uniform)) / gammaDraw(3, uniform);
  test('no spend', () =>
    expect(fitGammaGamma({ ...spenders(99, () => 0), spendKnown: false })).toMatchObject({
      code: 'E_NO_SPEND'
    }));
  test('too few who spent something', () =>
    expect(fitGammaGamma(spenders(99, (x) => (x === 1 ? 5 : 0)))).toMatchObject({
      code: 'E_TOO_FEW_CUSTOMERS'
    }));
  test('spend that goes with frequency', () =>
    expect(fitGammaGamma(spenders(700, (x) => varied(10) * 0.05 + x))).toMatchObject({
      code: 'E_SPEND_DEPENDS'
    }));
  test('spend that goes with frequency a little more than the bound', () => {
    // x runs evenly through its values and the noise is another, of a size that makes the correlation 0.4.
    const fit = fitGammaGamma(spenders(2000, (x) => 40 + x + 15.9 * uniform()));
    expect(fit).toMatchObject({ code: 'E_SPEND_DEPENDS' });
    const told = fit.ok ? NaN : Number(/correlation (0\.\d+)/.exec(fit.message)?.[1]);
    expect(told).toBeGreaterThan(0.3);
    expect(told).toBeLessThan(0.5);
  });
  test('q at or below 1', () =>
    expect(
      fitGammaGamma(spenders(3000, () => (10 * gammaDraw(2, uniform)) / gammaDraw(0.5, uniform)))
    ).toMatchObject({
      code: 'E_SPEND_MEAN'
    }));
  test('those who bought again for nothing are counted', () => {
    const rows = spenders(2000, () => varied(10));
    rows.m[3] = 0;
    const fit = fitGammaGamma(rows);
    expect(fit.ok && fit.customers).toBe(1999);
    expect(fit.ok && fit.checks.find(({ code }) => code === 'SPEND_POSITIVE')).toMatchObject({
      passed: false,
      value: 1
    });
  });
});

describe('T13: refusals of discrete models', () => {
  test('patterns that cannot be', () =>
    expect(fitBgBb([{ x: 3, tx: 2, n: 6, weight: 100 }])).toMatchObject({ code: 'E_ROWS' }));
  test.each([
    ['rising survivors', [100, 80, 81]],
    ['too few renewals', [100, 80]],
    ['not a number', [100, NaN, 80]]
  ])('%s', (_, cohort) => expect(fitSbg([cohort])).toMatchObject({ code: 'E_SURVIVAL' }));
  test('no cohort, and one that nobody left', () => {
    expect(fitSbg([])).toMatchObject({ code: 'E_SURVIVAL' });
    expect(fitSbg([[100, 100, 100]])).toMatchObject({ code: 'E_NO_DROPOUT' });
  });
  test('several cohorts add up', () => {
    const [one, twice] = [
      fitSbg([[1000, 869, 743, 653]]),
      fitSbg([
        [500, 434.5, 371.5, 326.5],
        [500, 434.5, 371.5, 326.5]
      ])
    ];
    if (!one.ok || !twice.ok) throw new Error('no fit');
    expect(twice.parameters.alpha).toBeCloseTo(one.parameters.alpha, 9);
    expect(twice.logLikelihood).toBeCloseTo(one.logLikelihood, 9);
  });
});

describe('T7: the optimiser', () => {
  test('a likelihood that rises for ever is flat, not a number', () =>
    expect(
      maximise(
        (at, gradient) => {
          gradient[0] = 1 / (1 + at[0]!) ** 2;
          return -1 / (1 + at[0]!);
        },
        [[1]]
      )
    ).toMatchObject({ converged: false }));
  test('one that cannot be evaluated is not converged', () =>
    expect(maximise(() => NaN, [[1], [2]])).toMatchObject({ converged: false, reason: 'no-descent' }));
  test('a gradient that misleads is caught', () =>
    expect(
      maximise(
        (at, gradient) => {
          gradient[0] = 5;
          return -((Math.log(at[0]!) - 1) ** 2);
        },
        [[1]]
      )
    ).toMatchObject({ converged: false }));
  test('the simplex finds the bottom of a bent valley', () => {
    const found = nelderMead(([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2, Float64Array.of(-1.2, 1));
    expect(Math.abs(found[0]! - 1) + Math.abs(found[1]! - 1)).toBeLessThan(1e-3);
  });
});

describe('T14: models by name', () => {
  const cohort = { kind: 'cohort', survivors: [1000, 869, 743, 653, 593] } as const;
  test('take the table they are for', () => {
    expect(fitModel(cohort, { model: 'sbg', unit: 'year' })).toMatchObject({
      ok: true,
      unit: null,
      customers: 1000
    });
    for (const model of ['bg-nbd', 'bg-bb', 'gamma-gamma'] as const)
      expect(fitModel(cohort, { model, unit: 'week' })).toMatchObject({ ok: false, code: 'E_TABLE' });
  });
  test('a cut-off needs transactions', () => {
    const data = { kind: 'summary', summary: faithful(100) } as const;
    expect(fitModel(data, { model: 'nbd', unit: 'week', until: 5 })).toMatchObject({ code: 'E_TABLE' });
    expect(fitModel(data, { model: 'nbd', unit: 'week' })).toMatchObject({
      ok: true,
      unit: 'week',
      until: null
    });
  });
});

test('T2: 15% a year is 0.0026877 a week', () => {
  expect(continuousRate(0.15, 'week')).toBeCloseTo(0.0026877, 7);
  expect(continuousRate(0.15, 'year')).toBeCloseTo(Math.log(1.15), 14);
});

test('T15: growth as fast as the discount has no value', () =>
  expect(
    constantMarginValue({ margin: 1, retention: 1, discountRate: 0.05, growth: 0.05, timing: 'end' })
  ).toMatchObject({ ok: false, code: 'E_NO_END' }));

describe('T17: RFM', () => {
  test('five equal parts, best at 5', () => {
    const values = Float64Array.from({ length: 10 }, (_, k) => k);
    expect([...scoreByRank(values, 'high')]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect([...scoreByRank(values, 'low')]).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
  });
  test('ties share a score, wherever they stand', () => {
    const scores = scoreByRank(Float64Array.of(0, 0, 0, 0, 0, 0, 7, 0), 'high');
    // seven ties: mid-rank 3.5/8; the best: 7.5/8
    expect([...scores]).toEqual([3, 3, 3, 3, 3, 3, 5, 3]);
    expect(scoreSizes(scores)).toEqual([0, 0, 7, 0, 1]);
  });
  test('recency is better when short', () => {
    const column = Float64Array.of(1, 2, 3, 4, 5);
    const { recency, frequency } = rfmScores({ sinceLast: column, purchases: column, spend: column });
    expect([...recency]).toEqual([...frequency].toReversed());
  });
});

describe('T18: A/B tests', () => {
  const compared = (...[a, b, prior]: Parameters<typeof compareVariants>) => {
    const result = compareVariants(a, b, prior);
    if (!result.ok) throw new Error(result.message);
    return result;
  };
  const a = { trials: 1000, conversions: 120 };
  const b = { trials: 1000, conversions: 145 };
  test('sides can be changed', () => {
    const [one, other] = [compared(a, b), compared(b, a)];
    expect(one.probabilityBBetter + other.probabilityBBetter).toBeCloseTo(1, 12);
    expect(one.expectedLoss.choosingA).toBeCloseTo(other.expectedLoss.choosingB, 12);
    expect(one.difference.low).toBeCloseTo(-other.difference.high, 8);
  });
  test('a prior that is not whole goes by quadrature and agrees', () => {
    const [sum, quadrature] = [compared(a, b), compared(a, b, { alpha: 1 + 1e-9, beta: 1 })];
    expect(quadrature.probabilityBBetter).toBeCloseTo(sum.probabilityBBetter, 8);
    expect(quadrature.expectedLoss.choosingB).toBeCloseTo(sum.expectedLoss.choosingB, 8);
  });
  test('millions of trials', () => {
    const many = compared(
      { trials: 5_000_000, conversions: 600_000 },
      { trials: 5_000_000, conversions: 600_500 }
    );
    // For so many, P(B better) and the z test's one-sided p are the same to the third digit.
    expect(many.probabilityBBetter).toBeCloseTo(1 - many.zTest!.p / 2, 3);
  });
  test('the interval covers 95% of what the posteriors draw', () => {
    const { difference, posteriorA, posteriorB } = compared(a, b);
    const uniform = seededUniform(SEED);
    const draw = ({ alpha, beta }: { alpha: number; beta: number }) => {
      const x = gammaDraw(alpha, uniform);
      return x / (x + gammaDraw(beta, uniform));
    };
    let inside = 0;
    for (let k = 0; k < 20_000; k++) {
      const gap = draw(posteriorB) - draw(posteriorA);
      if (gap >= difference.low && gap <= difference.high) inside += 1;
    }
    expect(Math.abs(inside / 20_000 - 0.95)).toBeLessThan(0.007);
  });
  test('nobody converted: no z test, and no winner', () => {
    const none = compared({ trials: 10, conversions: 0 }, { trials: 10, conversions: 0 });
    expect(none.zTest).toBeNull();
    expect(none.probabilityBBetter).toBeCloseTo(0.5, 12);
  });
  test.each([
    [{ trials: 0, conversions: 0 }],
    [{ trials: 10, conversions: 11 }],
    [{ trials: 10.5, conversions: 1 }],
    [{ trials: 10, conversions: NaN }]
  ])('%o is E_COUNTS', (wrong) =>
    expect(compareVariants(a, wrong)).toMatchObject({ ok: false, code: 'E_COUNTS' })
  );
  test('trials needed: 10% against 12% takes 3,841 each', () => {
    expect(trialsNeeded(0.1, 0.12)).toBe(3841);
    expect(trialsNeeded(0.1, 0.1)).toBe(Infinity);
  });
});

describe('cohorts', () => {
  const day = (text: string) => parseDay(text) as number;
  /** Buyers of two quarters: those of the second come back much more often. */
  const ledger = createLedger();
  for (let k = 0; k < 1200; k++) {
    const first = k < 600 ? day('2023-01-10') + (k % 80) : day('2023-04-01') + (k % 90);
    ledger.add(`c${k}`, first, 10);
    const again = [0, 0, 1, 0, 4, 0, 2, 0, 9][k % 9]! * (k < 600 ? 1 : 2);
    for (let n = 1; n <= again; n++) ledger.add(`c${k}`, first + n * (9 + (k % 5)), 12);
  }
  ledger.add('late', day('2023-07-01'), 10);
  const data = { kind: 'transactions', transactions: ledger.transactions() } as const;
  const request = { model: 'nbd', unit: 'week', until: day('2023-12-31') } as const;

  test('T19: quarters are fitted by themselves, a small one is refused, all customers are in one', () => {
    const report = fitModel(data, { ...request, cohorts: 'quarter' });
    if (!report.ok) throw new Error(report.message);
    const { cohorts = [], ...whole } = report;
    expect(whole).toEqual(fitModel(data, request));
    expect(cohorts.map(({ quarter, customers }) => [quarter, customers])).toEqual([
      ['2023-Q1', 600],
      ['2023-Q2', 600],
      ['2023-Q3', 1]
    ]);
    const rates = cohorts.map(({ fit }) => (fit.ok ? fit.parameters.r! / fit.parameters.alpha! : NaN));
    const overall = report.parameters.r! / report.parameters.alpha!;
    expect(rates[0]).toBeLessThan(overall);
    expect(rates[1]).toBeGreaterThan(overall);
    expect(cohorts[2]?.fit).toMatchObject({ ok: false, code: 'E_TOO_FEW_CUSTOMERS' });
  });

  test('T19: a table that does not tell first purchases is E_TABLE', () => {
    const survivors = { kind: 'cohort', survivors: [100, 80, 70] } as const;
    expect(fitModel(survivors, { model: 'sbg', unit: 'week', cohorts: 'quarter' })).toMatchObject({
      ok: false,
      code: 'E_TABLE'
    });
  });
});
