/** Rows 37 to 62 of the published figures: spend, CLV in steps, BG/BB and sBG. */
import { describe, expect, test } from 'vitest';
import {
  bgBbExpectedPurchases,
  bgBbExpectedPurchasesNew,
  bgBbProbability,
  bgBbProbabilityAlive,
  bgBbResidualPurchases,
  bgNbdExpectedPurchases,
  constantMarginValue,
  fitBgBb,
  fitBgNbd,
  fitGammaGamma,
  fitSbg,
  gammaGammaExpectedSpend,
  sbgLifetime,
  sbgResidualLifetime,
  sbgRetention,
  sbgSurvival,
  steppedPurchases,
  type BgBbParameters,
  type GammaGammaParameters,
  type SbgParameters
} from '../../src/lib/clv/transactions/index.ts';
import { sbgLogLikelihood } from '../../src/lib/clv/transactions/sbg.ts';
import {
  cdnow,
  cdnowFile,
  cdnowFileRows,
  customer,
  donations,
  expectAllNear,
  expectNear,
  expectRelative,
  fitted,
  highEnd,
  regular,
  weeks
} from './transactions.ts';

describe('Gamma-Gamma fitted to CDNOW', () => {
  const { parameters, logLikelihood, customers, checks } = fitted(fitGammaGamma(cdnow.summary));
  test('row 37: p, q, v from 946 repeaters', () => {
    expect(customers).toBe(946);
    expectNear(parameters.p, 6.24957, 0.02);
    expectNear(parameters.q, 3.74423, 0.01);
    expectNear(parameters.v, 15.44352, 0.05);
  });
  test('row 38: log-likelihood', () => expectNear(logLikelihood, -4055.91769, 0.001));
  test('row 39: mean spend of customers 1 to 10', () => {
    const wanted = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    const spends = (at: GammaGammaParameters) =>
      wanted.map((_, k) => gammaGammaExpectedSpend(at, { x: cdnow.summary.x[k]!, m: cdnow.summary.m[k]! }));
    expectAllNear(spends({ model: 'gamma-gamma', p: 6.25, q: 3.74, v: 15.44 }), wanted, 0.06);
    expectAllNear(spends(parameters), wanted, 0.01);
  });
  test('spend and frequency correlate by 0.114', () => {
    const check = checks.find(({ code }) => code === 'SPEND_INDEPENDENT')!;
    expectNear(check.value, 0.114, 0.0005);
    expect(check.passed).toBe(true);
  });
});

describe('CLV in steps', () => {
  const bgNbd = fitted(fitBgNbd(cdnowFileRows)).parameters;
  const spend = fitted(fitGammaGamma(cdnowFile)).parameters;
  const valueInSteps = (step: number) =>
    [1, 2, 3, 6, 7, 9].map((id) => {
      const row = id - 1;
      const [x, m] = [cdnowFile.x[row]!, cdnowFile.m[row]!];
      const known = customer(x, cdnowFile.tx[row]!, cdnowFile.T[row]!);
      const purchases = steppedPurchases((time) => bgNbdExpectedPurchases(bgNbd, known, weeks(time)), {
        step,
        steps: 12,
        ratePerStep: 0.01
      });
      return purchases * gammaGammaExpectedSpend(spend, { x, m });
    });
  test('row 40: the figures of lifetimes, which read 360 weeks as 12 months', () =>
    expectAllNear(
      valueInSteps(30),
      [140.096211, 18.943467, 38.180574, 1003.868107, 28.109683, 167.418216],
      0.01
    ));
  test('row 41: months of 4.345 weeks', () =>
    expectAllNear(valueInSteps(4.345), [36.2785, 4.6375, 8.3441, 283.5236, 6.8814, 43.3536], 0.01));
});

describe('BG/BB fitted to the donations (Fader, Hardie & Shang 2010)', () => {
  const { parameters, logLikelihood } = fitted(fitBgBb(donations));
  const donor = (x: number, tx: number) => ({ x, tx, n: 6 });
  const PAPER: BgBbParameters = { model: 'bg-bb', alpha: 1.2, beta: 0.75, gamma: 0.66, delta: 2.78 };
  test('row 43: parameters', () => {
    expectNear(parameters.alpha, 1.203522, 0.002);
    expectNear(parameters.beta, 0.749716, 0.002);
    expectNear(parameters.gamma, 0.656718, 0.002);
    expectNear(parameters.delta, 2.783442, 0.005);
  });
  test('row 44: log-likelihood', () => expectNear(logLikelihood, -33225.5813, 0.01));
  test('row 45: P(alive in year 7)', () =>
    expectAllNear(
      [donor(0, 0), donor(2, 4), donor(6, 6)].map((known) => bgBbProbabilityAlive(parameters, known)),
      [0.1081, 0.59, 0.93],
      0.005
    ));
  test('row 46: gifts of the next five years', () => {
    const total = donations.reduce(
      (sum, row) => sum + row.weight * bgBbExpectedPurchases(parameters, row, 5),
      0
    );
    expectNear(total, 12_884.157, 0.5);
  });
  test('row 47: donors with 0 and with 6 gifts', () =>
    expectAllNear(
      [0, 6].map((x) => 11_104 * bgBbProbability(parameters, x, 6)),
      [3454.9, 1253.1],
      0.1
    ));
  test('row 48: a new donor at 10 opportunities', () =>
    expectNear(bgBbExpectedPurchasesNew(parameters, 10), 3.179829, 1e-4));
  test('row 49: the next 10 opportunities', () =>
    expectAllNear(
      [donor(0, 0), donor(4, 5)].map((known) => bgBbExpectedPurchases(parameters, known, 10)),
      [0.1302169, 3.627858],
      2e-4
    ));
  test('row 50: DERT at 10%', () => {
    const found = [donor(3, 4), ...[1, 2, 3, 4, 5, 6].map((x) => donor(x, 6))].map((known) =>
      bgBbResidualPurchases(PAPER, known, 0.1)
    );
    [1.62137919, 1.8020448, 2.62115607, 3.44026734, 4.25937861, 5.07848989, 5.89760116].forEach((wanted, k) =>
      expectRelative(found[k]!, wanted, 1e-7)
    );
  });
});

describe('sBG fitted to two cohorts (Fader & Hardie 2007)', () => {
  const regularFit = fitted(fitSbg([regular.slice(0, 8)]));
  const highEndFit = fitted(fitSbg([highEnd.slice(0, 8)]));
  const sbg = (alpha: number, beta: number): SbgParameters => ({ model: 'sbg', alpha, beta });
  const [case1, case2] = [sbg(3.8, 15.2), sbg(0.067, 0.267)];
  const survivals = (parameters: SbgParameters) =>
    [8, 9, 10, 11, 12].map((year) => sbgSurvival(parameters, year));

  test('row 51: Regular', () => {
    expectNear(regularFit.parameters.alpha, 0.704077, 0.001);
    expectNear(regularFit.parameters.beta, 1.182043, 0.001);
  });
  test('row 52: High End', () => {
    expectNear(highEndFit.parameters.alpha, 0.668088, 0.001);
    expectNear(highEndFit.parameters.beta, 3.806095, 0.001);
  });
  test('row 53: log-likelihoods', () => {
    expectNear(regularFit.logLikelihood, -1680.2652, 0.05);
    expectNear(highEndFit.logLikelihood, -1611.1581, 0.05);
  });
  test('row 54: log-likelihood per customer at (1, 1)', () => {
    const logLikelihood = sbgLogLikelihood([highEnd.slice(0, 8)]);
    expectNear(logLikelihood(Float64Array.of(1, 1), new Float64Array(2)) / 1000, -2.115546, 1e-5);
  });
  test('row 55: High End survival of years 8 to 12', () =>
    expectAllNear(survivals(highEndFit.parameters), [0.46, 0.436, 0.414, 0.395, 0.378], 0.0005));
  test('row 56: Regular survival of years 8 to 12', () =>
    expectAllNear(survivals(regularFit.parameters), [0.22, 0.204, 0.191, 0.18, 0.17], 0.001));
  test('row 57: High End retention', () =>
    expectAllNear(
      [1, 2, 3, 4, 5].map((t) => sbgRetention(highEndFit.parameters, t)),
      [0.851, 0.878, 0.897, 0.911, 0.921],
      0.001
    ));
  const residuals = (parameters: SbgParameters) =>
    [1, 2, 3, 4, 5].map((period) => sbgResidualLifetime(parameters, period - 1, 0.1));
  test('row 58: DERL of case 1', () =>
    expectAllNear(residuals(case1), [3.3098, 3.451, 3.5865, 3.7168, 3.8421], 0.005));
  test('row 59: DERL of case 2', () =>
    expectAllNear(residuals(case2), [7.6708, 9.4553, 9.8508, 10.0562, 10.1886], 0.01));
  test('row 60: a constant retention of 80%', () => {
    // The coming payment is not discounted: r (1+d)/(1+d-r).
    const multiple = constantMarginValue({ margin: 0.8, retention: 0.8, discountRate: 0.1, timing: 'now' });
    expectNear(multiple.ok ? multiple.value : NaN, 2.9333, 1e-4);
  });
  test('row 61: DERL of High End after 7 renewals', () =>
    expectNear(sbgResidualLifetime(highEndFit.parameters, 7, 0.1), 7.52995, 0.001));
  test('row 62: DEL of four cases, at the published parameters', () =>
    expectAllNear(
      [case1, case2, sbg(0.704, 1.182), sbg(0.668, 3.806)].map((at) => sbgLifetime(at, 0.1)),
      [4.008926, 7.973487, 3.695147, 5.922596],
      1e-6
    ));
});
