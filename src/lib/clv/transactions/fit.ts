import type { Maximum, NoMaximum } from './optimise.ts';
import type { Levels } from './rows.ts';

/** Why a model gives no figure (T8). */
export type FitProblemCode =
  | 'E_TOO_FEW_CUSTOMERS'
  | 'E_NO_REPEAT_BUYERS'
  | 'E_ROWS'
  | 'E_NOT_CONVERGED'
  | 'E_FLAT'
  | 'E_NO_DROPOUT'
  | 'E_NO_SPEND'
  | 'E_SPEND_DEPENDS'
  | 'E_SPEND_MEAN'
  | 'E_SURVIVAL';

/** What was looked at before the figures are to be trusted. A check that is not passed is a warning, not a refusal. */
export interface Check {
  readonly code:
    | 'CUSTOMERS'
    | 'REPEAT_BUYERS'
    | 'DROPOUT_VISIBLE'
    | 'PARAMETERS_TOLD'
    | 'SPEND_INDEPENDENT'
    | 'SPEND_POSITIVE'
    | 'LONG_TAIL';
  readonly passed: boolean;
  /** The figure that the check looked at. */
  readonly value: number;
  readonly message: string;
}

/** A maximum-likelihood fit. N names the model's numeric parameters, P is their whole shape. */
export interface Fitted<N extends string, P extends Readonly<Record<N, number>>> {
  readonly ok: true;
  readonly parameters: P;
  /** From the Hessian of the log-likelihood in the parameters themselves. */
  readonly standardErrors: Readonly<Record<N, number>>;
  /** Of the parameters in the order of `names`, row by row. */
  readonly covariance: readonly (readonly number[])[];
  readonly names: readonly N[];
  readonly logLikelihood: number;
  readonly customers: number;
  readonly checks: readonly Check[];
  /** How often the likelihood was evaluated. */
  readonly evaluations: number;
}

/** No figure: a code and one sentence. */
export interface NoFit {
  readonly ok: false;
  readonly code: FitProblemCode;
  readonly message: string;
}

export type Fit<N extends string, P extends Readonly<Record<N, number>>> = Fitted<N, P> | NoFit;

export const noFit = (code: FitProblemCode, message: string): NoFit => ({ ok: false, code, message });

const FEWEST_CUSTOMERS = 30;
const ENOUGH_CUSTOMERS = 500;
const ENOUGH_REPEAT_BUYERS = 50;
/** Half of the 95% point of chi-square with one degree of freedom: a likelihood ratio that is not chance. */
const TELLING_GAIN = 1.92;

/** Refuses tables from which no purchase process can be told. */
export function refuseTooFew(customers: number, repeatBuyers: number): NoFit | null {
  if (customers < FEWEST_CUSTOMERS)
    return noFit(
      'E_TOO_FEW_CUSTOMERS',
      `There are ${customers} customers, and a fit needs at least ${FEWEST_CUSTOMERS}.`
    );
  if (repeatBuyers === 0)
    return noFit(
      'E_NO_REPEAT_BUYERS',
      'Nobody bought on a second day, so that no purchase rate can be told.'
    );
  return null;
}

export const sizeChecks = (customers: number, repeatBuyers: number): Check[] => [
  {
    code: 'CUSTOMERS',
    passed: customers >= ENOUGH_CUSTOMERS,
    value: customers,
    message: `The fit rests on ${customers} customers; below ${ENOUGH_CUSTOMERS} its parameters are rough.`
  },
  {
    code: 'REPEAT_BUYERS',
    passed: repeatBuyers >= ENOUGH_REPEAT_BUYERS,
    value: repeatBuyers,
    message: `${repeatBuyers} of them bought again; below ${ENOUGH_REPEAT_BUYERS} the purchase rate is rough.`
  }
];

/**
 * Compares a model of purchase and drop-out with the NBD, its special case without drop-out: where the log-likelihood
 * gains less than 1.92, no drop-out is visible and the model's drop-out parameters mean nothing.
 */
export function dropoutCheck(logLikelihood: number, withoutDropout: number): Check {
  const gain = logLikelihood - withoutDropout;
  return {
    code: 'DROPOUT_VISIBLE',
    passed: gain >= TELLING_GAIN,
    value: gain,
    message: `Letting customers drop out gains ${gain.toFixed(2)} in log-likelihood; below ${TELLING_GAIN} that is chance.`
  };
}

export const noDropout = noFit(
  'E_NO_DROPOUT',
  'No drop-out is visible in these purchases; the NBD describes them without it.'
);

/** Turns the optimiser's answer into a fit with named parameters. */
export function concludeFit<N extends string, P extends Readonly<Record<N, number>>>(
  maximum: Maximum | NoMaximum,
  names: readonly N[],
  given: {
    parameters: (values: Readonly<Record<N, number>>) => P;
    customers: number;
    checks: readonly Check[];
  }
): Fit<N, P> {
  if (!maximum.converged) return notConverged(maximum.reason);
  const named = (values: ArrayLike<number>) =>
    Object.fromEntries(names.map((name, k) => [name, values[k]!])) as Record<N, number>;
  const size = names.length;
  const errors = names.map((_, k) => Math.sqrt(maximum.covariance[k * (size + 1)]!));
  const vaguest = Math.max(...errors.map((error, k) => error / maximum.parameters[k]!));
  return {
    ok: true,
    parameters: given.parameters(named(maximum.parameters)),
    standardErrors: named(errors),
    covariance: names.map((_, row) => Array.from(maximum.covariance.subarray(row * size, (row + 1) * size))),
    names,
    logLikelihood: maximum.logLikelihood,
    customers: given.customers,
    checks: [
      ...given.checks,
      {
        code: 'PARAMETERS_TOLD',
        passed: vaguest < 1,
        value: vaguest,
        message: `The largest standard error is ${vaguest.toFixed(2)} of its parameter; from 1 on it is hardly told.`
      }
    ],
    evaluations: maximum.evaluations
  };
}

const notConverged = (reason: NoMaximum['reason']): NoFit =>
  reason === 'flat'
    ? noFit('E_FLAT', 'The likelihood has no peak: a parameter runs to infinity or to 0 on these customers.')
    : noFit('E_NOT_CONVERGED', 'The fit did not converge from any of its starts.');

/** Customers with at least one repeat purchase. */
export function repeatBuyersOf({ frequency }: { readonly frequency: Levels }): number {
  let sum = 0;
  for (let level = 0; level < frequency.values.length; level++)
    if (frequency.values[level]! > 0) sum += frequency.weights[level]!;
  return sum;
}
