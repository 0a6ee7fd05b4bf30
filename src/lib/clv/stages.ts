import type { JourneyInput, Place, StageInput, StageKind } from './model.ts';
import { checkNumber, quoted, RANGES, refuse, warn, type Findings } from './ranges.ts';
import type { Settings } from './settings.ts';

/** The numbers of one stage with defaults applied; its row and its costs come from elsewhere. */
export interface StageNumbers {
  readonly kind: StageKind;
  readonly dwell: number;
  readonly ordersPerVisit: number;
  readonly orderValue: number;
  readonly grossMargin: number;
  readonly ownMargin: boolean;
  readonly referrals: number;
  readonly retention: { readonly alpha: number; readonly beta: number } | null;
  readonly feelingBefore: number;
  readonly feeling: number;
}

type StageMetric = Extract<Place, { on: 'stage' }>['metric'];

const placeOf = (stage: StageInput, metric: StageMetric): Place => ({
  on: 'stage',
  stage: stage.id,
  metric
});

/** Orders that are entered, right or wrong: a wrong number of orders is no reason to say that there are none. */
const mentionsOrders = (stage: StageInput): boolean =>
  stage.ordersPerVisit !== undefined && stage.ordersPerVisit !== 0;

/** The kind of every stage: as entered, else acquire before the first stage with orders (SPEC C3). */
export function resolveKinds(stages: readonly StageInput[], findings: Findings): StageKind[] {
  const firstWithOrders = stages.findIndex(mentionsOrders);
  return stages.map((stage, index) => {
    const byDefault = firstWithOrders >= 0 && index >= firstWithOrders ? 'customer' : 'acquire';
    if (stage.kind === undefined) return byDefault;
    if (stage.kind === 'acquire' || stage.kind === 'customer') return stage.kind;
    refuse(
      findings,
      'E_ENUM',
      placeOf(stage, 'kind'),
      `The kind of ${quoted(stage.name)} must be acquire or customer.`
    );
    return byDefault;
  });
}

/** Refuses a map on which nobody becomes a customer, and one without a margin (SPEC C3, C7). */
export function checkEssentials(
  { stages, grossMargin }: JourneyInput,
  kinds: readonly StageKind[],
  findings: Findings
): void {
  const sellers = stages.filter(mentionsOrders);
  const everySellerHasItsOwn =
    sellers.length > 0 && sellers.every((stage) => stage.grossMargin !== undefined);
  if (grossMargin === undefined && !everySellerHasItsOwn)
    refuse(
      findings,
      'E_MISSING',
      { on: 'map', metric: 'grossMargin' },
      'Enter the gross margin: the share of revenue that is left after the cost of goods.'
    );
  const first = stages[kinds.indexOf('customer')];
  if (first !== undefined) {
    // Kinds can be given before any number is: without one order anywhere there is nothing to value yet.
    if (stages.every(({ ordersPerVisit }) => ordersPerVisit === undefined))
      refuse(
        findings,
        'E_MISSING',
        placeOf(first, 'ordersPerVisit'),
        `Enter the orders per visit of ${quoted(first.name)}, or of the stage where people buy.`
      );
    return;
  }
  const priced = stages.find((stage) => stage.orderValue !== undefined);
  refuse(
    findings,
    'E_NO_CUSTOMER',
    priced === undefined ? { on: 'map', metric: 'stages' } : placeOf(priced, 'ordersPerVisit'),
    stages.length === 0
      ? 'The map has no stages yet.'
      : `Nobody becomes a customer yet: enter the orders per visit ${priced === undefined ? 'at the stage where people first buy' : `of ${quoted(priced.name)}`}.`
  );
}

/** Checks one stage and applies its defaults (SPEC C4, C7, C12, C14). Wrong values become defaults. */
export function checkStage(
  stage: StageInput,
  kind: StageKind,
  settings: Settings,
  findings: Findings
): StageNumbers {
  const name = quoted(stage.name);
  const number = (value: unknown, metric: StageMetric & keyof typeof RANGES, label: string) =>
    checkNumber(findings, value, RANGES[metric], placeOf(stage, metric), `${label} of ${name}`);

  const dwell = number(stage.dwell, 'dwell', 'The dwell') ?? (kind === 'acquire' ? 0 : 1);
  const ordersPerVisit = number(stage.ordersPerVisit, 'ordersPerVisit', 'The orders per visit') ?? 0;
  const orderValue = number(stage.orderValue, 'orderValue', 'The order value') ?? 0;
  checkOrders(stage, kind, findings);
  const ownMargin = number(stage.grossMargin, 'grossMargin', 'The gross margin');
  if (ownMargin !== undefined && ownMargin < 0)
    warn(
      findings,
      'W_NEGATIVE_MARGIN',
      placeOf(stage, 'grossMargin'),
      `The gross margin of ${name} is negative: every order loses money.`
    );
  const referrals = number(stage.referrals, 'referrals', 'The referrals per visit') ?? 0;
  const retention = checkRenewals(stage, kind, dwell, findings);
  const feeling = number(stage.feeling, 'feeling', 'The feeling') ?? 0;
  const feelingBefore =
    stage.feelingBefore === undefined
      ? feeling
      : (number(stage.feelingBefore, 'feeling', 'The earlier feeling') ?? feeling);
  return {
    kind,
    dwell,
    ordersPerVisit,
    orderValue,
    grossMargin: ownMargin ?? settings.grossMargin ?? 0,
    ownMargin: ownMargin !== undefined,
    referrals,
    retention,
    feelingBefore,
    feeling
  };
}

function checkOrders(stage: StageInput, kind: StageKind, findings: Findings): void {
  const name = quoted(stage.name);
  if (!mentionsOrders(stage)) {
    if (stage.orderValue !== undefined && stage.ordersPerVisit === undefined)
      warn(
        findings,
        'W_UNSET',
        placeOf(stage, 'ordersPerVisit'),
        `${name} has an order value but no orders per visit, which count as 0.`
      );
    return;
  }
  if (kind === 'acquire')
    refuse(
      findings,
      'E_ORDERS_BEFORE_CUSTOMER',
      placeOf(stage, 'ordersPerVisit'),
      `${name} has orders but is an acquire stage: make it a customer stage or take the orders away.`
    );
  if (stage.orderValue === undefined)
    refuse(findings, 'E_MISSING', placeOf(stage, 'orderValue'), `Enter the order value of ${name}.`);
}

function checkRenewals(
  stage: StageInput,
  kind: StageKind,
  dwell: number,
  findings: Findings
): StageNumbers['retention'] {
  if (stage.retention === undefined) return null;
  const name = quoted(stage.name);
  const at = placeOf(stage, 'retention');
  const { alpha: a, beta: b } = stage.retention;
  const alpha = checkNumber(findings, a, RANGES.shape, at, `The renewal shape alpha of ${name}`);
  const beta = checkNumber(findings, b, RANGES.shape, at, `The renewal shape beta of ${name}`);
  if (kind === 'acquire')
    refuse(findings, 'E_SBG_EDGES', at, `${name} is an acquire stage: only customer stages can renew.`);
  if (dwell === 0 && kind === 'customer')
    refuse(
      findings,
      'E_ZERO_LOOP',
      placeOf(stage, 'dwell'),
      `${name} renews, so a visit must last at least one tick.`
    );
  return alpha === undefined || beta === undefined ? null : { alpha, beta };
}

/** Shares of prospects by the stage where they start; the first stage when nobody entered any (SPEC C9). */
export function checkEntries(stages: readonly StageInput[], findings: Findings): number[] {
  const firstEntered = stages.find((stage) => stage.entry !== undefined);
  if (firstEntered === undefined) return stages.map((_, index) => (index === 0 ? 1 : 0));
  const checked = stages.map((stage) =>
    checkNumber(
      findings,
      stage.entry,
      RANGES.entry,
      placeOf(stage, 'entry'),
      `The share of prospects that start at ${quoted(stage.name)}`
    )
  );
  const entries = checked.map((entry) => entry ?? 0);
  const sum = entries.reduce((total, entry) => total + entry, 0);
  const wrong = checked.some((entry, index) => entry === undefined && stages[index]!.entry !== undefined);
  if (!wrong && Math.abs(sum - 1) > 1e-9)
    refuse(
      findings,
      'E_ROW_SUM',
      placeOf(firstEntered, 'entry'),
      `The shares of prospects by starting stage add up to ${Number((sum * 100).toPrecision(6))}%, not 100%.`
    );
  return entries;
}
