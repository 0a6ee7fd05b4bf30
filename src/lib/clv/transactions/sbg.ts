import { expectedPeriods, renewalRate } from '../renewal.ts';
import { gaussF1 } from '../special.ts';
import { concludeFit, noFit, type Fit, type NoFit } from './fit.ts';
import { digamma, logBeta } from './numeric/gamma.ts';
import { maximise, type LogLikelihood } from './optimise.ts';

/*
 * Shifted beta-geometric (Fader & Hardie 2007, 2010): subscribers whose leaving is seen. Each has a constant chance
 * theta ~ Beta(alpha, beta) of not renewing, so that the retention of a cohort rises with its age. Not for settings where
 * nobody says that they left.
 */

/** Shapes, no unit. */
export interface SbgParameters {
  readonly model: 'sbg';
  readonly alpha: number;
  readonly beta: number;
}

export type SbgFit = Fit<'alpha' | 'beta', SbgParameters>;

/** Customers of a cohort who are left after 0, 1, 2, ... renewals. */
export type Cohort = readonly number[];

/** Maximum-likelihood fit to one or more cohorts, whose numbers never rise. */
export function fitSbg(cohorts: readonly Cohort[]): SbgFit {
  const refusal = refuseCohorts(cohorts);
  if (refusal !== null) return refusal;
  const maximum = maximise(sbgLogLikelihood(cohorts), [
    [1, 1],
    [0.5, 3],
    [5, 20],
    [0.1, 0.3]
  ]);
  return concludeFit(maximum, ['alpha', 'beta'], {
    parameters: (values) => ({ model: 'sbg', ...values }),
    customers: cohorts.reduce((sum, cohort) => sum + cohort[0]!, 0),
    checks: []
  });
}

function refuseCohorts(cohorts: readonly Cohort[]): NoFit | null {
  for (const cohort of cohorts) {
    const rise = cohort.findIndex((left, t) => !(left >= 0 && left <= (cohort[t - 1] ?? Infinity)));
    if (rise !== -1)
      return noFit(
        'E_SURVIVAL',
        `The cohort's number ${rise + 1} is negative, not a number, or above the one before.`
      );
    if (cohort.length < 3 || !Number.isFinite(cohort[0]))
      return noFit('E_SURVIVAL', 'A cohort needs its size and at least two renewals.');
  }
  if (cohorts.length === 0) return noFit('E_SURVIVAL', 'There is no cohort.');
  if (cohorts.every((cohort) => cohort[0] === cohort.at(-1)))
    return noFit('E_NO_DROPOUT', 'Nobody has left, so that no churn can be told.');
  return null;
}

/** Sum over t of lost_t ln P(churn at t) + left_n ln S(n), over cohorts; parameters (alpha, beta). */
export function sbgLogLikelihood(cohorts: readonly Cohort[]): LogLikelihood {
  return (parameters, gradient) => {
    const [alpha, beta] = [parameters[0]!, parameters[1]!];
    const whole = logBeta(alpha, beta);
    gradient.fill(0);
    let sum = 0;
    const add = (share: number, a: 0 | 1, b: number) => {
      if (share === 0) return;
      const together = digamma(alpha + beta) - digamma(alpha + beta + a + b);
      sum += share * (logBeta(alpha + a, beta + b) - whole);
      gradient[0]! += share * (digamma(alpha + a) - digamma(alpha) + together);
      gradient[1]! += share * (digamma(beta + b) - digamma(beta) + together);
    };
    for (const cohort of cohorts) {
      for (let t = 1; t < cohort.length; t++) add(cohort[t - 1]! - cohort[t]!, 1, t - 1);
      add(cohort.at(-1)!, 0, cohort.length - 1);
    }
    return sum;
  };
}

/** Chance of leaving exactly at renewal t = 1, 2, ...: B(alpha+1, beta+t-1)/B(alpha, beta). */
export const sbgChurn = ({ alpha, beta }: SbgParameters, t: number): number =>
  Math.exp(logBeta(alpha + 1, beta + t - 1) - logBeta(alpha, beta));

/** Chance of still being there after t renewals: B(alpha, beta+t)/B(alpha, beta). */
export const sbgSurvival = ({ alpha, beta }: SbgParameters, t: number): number =>
  Math.exp(logBeta(alpha, beta + t) - logBeta(alpha, beta));

/** Share of those who came to renewal t = 1, 2, ... and renew; rises with t. */
export const sbgRetention = (parameters: SbgParameters, t: number): number => renewalRate(parameters, t);

/**
 * Discounted expected lifetime of a new customer in payments, the one due now counting 1 (DEL): F1(beta; alpha+beta;
 * 1/(1+rate)).
 *
 * @param rate per period, 0 or more; at 0 infinite when alpha <= 1.
 */
export const sbgLifetime = (parameters: SbgParameters, rate: number): number =>
  expectedPeriods(parameters, 1 / (1 + rate));

/**
 * Discounted expected residual lifetime in payments of a customer with `renewals` made, just before the next (DERL): the
 * coming payment is not discounted but not yet sure. The 2010 paper counts contract periods n = renewals + 1.
 */
export function sbgResidualLifetime({ alpha, beta }: SbgParameters, renewals: number, rate: number): number {
  const b = beta + renewals;
  return (b / (alpha + b)) * gaussF1(b + 1, alpha + b + 1, 1 / (1 + rate));
}
