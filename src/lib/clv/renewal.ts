import { gaussF1, gaussF1Slope } from './special.ts';

/**
 * Contractual retention after Fader & Hardie (2007), the shifted-beta-geometric model: every customer has an own
 * constant chance of not renewing, Beta(alpha, beta) over customers, so that the retention of a cohort rises with age.
 */
export interface RenewalShape {
  /** Above 0. */
  readonly alpha: number;
  /** Above 0. */
  readonly beta: number;
}

/**
 * Discounted expected periods of a new customer whose first period starts now (DEL): the sum over k >= 0 of
 * S(k) z^k = F1(beta; alpha + beta; z), from Fader & Hardie (2010).
 *
 * @param z discount factor per period, 0 to 1.
 * @returns 1 or more periods; infinity at z = 1 when alpha <= 1. Accuracy as for `gaussF1`.
 */
export const expectedPeriods = ({ alpha, beta }: RenewalShape, z: number): number =>
  gaussF1(beta, alpha + beta, z);

/** Slope of {@link expectedPeriods} in z: the sum over k of k S(k) z^(k-1). Accuracy as for `gaussF1Slope`. */
export const expectedPeriodsSlope = ({ alpha, beta }: RenewalShape, z: number, periods: number): number =>
  gaussF1Slope(beta, alpha + beta, z, periods);

/**
 * Retention at renewal k = 1, 2, ...: r_k = (beta + k - 1) / (alpha + beta + k - 1). Their running product is the
 * survival S(k).
 */
export const renewalRate = ({ alpha, beta }: RenewalShape, renewal: number): number =>
  (beta + renewal - 1) / (alpha + beta + renewal - 1);
