import { medianAge } from './customer.ts';
import {
  concludeFit,
  dropoutCheck,
  noDropout,
  refuseTooFew,
  repeatBuyersOf,
  sizeChecks,
  type Fit
} from './fit.ts';
import { maximumOfNbd } from './nbd.ts';
import { maximise, type LogLikelihood } from './optimise.ts';
import type { PurchaseRows } from './rows.ts';
import type { TimeUnit } from './unit.ts';

interface Model<N extends string, P extends Readonly<Record<N, number>>> {
  readonly names: readonly N[];
  readonly logLikelihood: LogLikelihood;
  /** Starts for the optimiser, given the median age. */
  readonly starts: (age: number) => readonly (readonly number[])[];
  readonly parameters: (values: Readonly<Record<N, number>>) => P;
}

/**
 * Fits a model of purchase and drop-out, and holds it against the NBD (T8): where letting customers drop out explains
 * nothing more, the parameters would run to infinity, and "no drop-out visible" is the answer instead.
 */
export function fitWithDropout<U extends TimeUnit, N extends string, P extends Readonly<Record<N, number>>>(
  rows: PurchaseRows<U>,
  model: Model<N, P>
): Fit<N, P> {
  const repeatBuyers = repeatBuyersOf(rows);
  const refusal = refuseTooFew(rows.customers, repeatBuyers);
  if (refusal !== null) return refusal;
  const baseline = maximumOfNbd(rows);
  const maximum = maximise(model.logLikelihood, model.starts(Math.max(medianAge(rows), 1e-3)));
  const checks = sizeChecks(rows.customers, repeatBuyers);
  if (baseline.converged) {
    const reached = maximum.converged ? maximum.logLikelihood : maximum.best;
    const check = dropoutCheck(reached, baseline.logLikelihood);
    if (!check.passed) return noDropout;
    checks.push(check);
  }
  return concludeFit(maximum, model.names, {
    parameters: model.parameters,
    customers: rows.customers,
    checks
  });
}
