import type { Place, Problem, ProblemCode, Warning, WarningCode } from './model.ts';

/** Problems and warnings as they are found, in the order in which a person should read them. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Warning[];
}

/** The valid values of one number, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

/** The range of every number of a map (SPEC, table of inputs). */
export const RANGES = {
  annualDiscountRate: { min: 0, max: 1 },
  grossMargin: { min: -1, max: 1 },
  horizon: { min: 1, max: 6000, whole: true },
  prospectsPerTick: { min: 0, max: 1e9 },
  referralDelay: { min: 1, max: 1200, whole: true },
  kappa: { min: 0, max: 2 },
  dwell: { min: 0, max: 1200, whole: true },
  ordersPerVisit: { min: 0, max: 1000 },
  orderValue: { min: 0, max: 1e9 },
  referrals: { min: 0, max: 10 },
  entry: { min: 0, max: 1 },
  shape: { min: Number.MIN_VALUE, max: 1e6 },
  feeling: { min: -2, max: 2 },
  probability: { min: 0, max: 1 },
  cost: { min: 0, max: 1e9 }
} as const satisfies Record<string, Range>;

/** Adds a problem. */
export function refuse(findings: Findings, code: ProblemCode, at: Place, message: string): void {
  findings.problems.push({ code, at, message });
}

/** Adds a warning. */
export function warn(findings: Findings, code: WarningCode, at: Place, message: string): void {
  findings.warnings.push({ code, at, message });
}

/** A name as it stands in a sentence. */
export const quoted = (name: string): string => (name.trim() === '' ? 'the unnamed one' : `“${name.trim()}”`);

/**
 * The number if it is one and in range; otherwise undefined, and a problem is added unless it is merely not set.
 *
 * @param label subject of the sentence, such as "The dwell of “Trial”".
 */
export function checkNumber(
  findings: Findings,
  value: unknown,
  range: Range,
  at: Place,
  label: string
): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    refuse(findings, 'E_NOT_FINITE', at, `${label} must be a number.`);
    return undefined;
  }
  if (value < range.min || value > range.max) {
    refuse(findings, 'E_RANGE', at, `${label} must be ${rangeInWords(range)}, but is ${value}.`);
    return undefined;
  }
  if (range.whole && !Number.isInteger(value)) {
    refuse(findings, 'E_INTEGER', at, `${label} must be a whole number, but is ${value}.`);
    return undefined;
  }
  return value;
}

function rangeInWords({ min, max }: Range): string {
  const top = max.toLocaleString('en-US');
  return min === Number.MIN_VALUE ? `above 0 and at most ${top}` : `from ${min} to ${top}`;
}
