import { TICKS_PER_YEAR, type JourneyInput, type Place, type Tick } from './model.ts';
import { checkNumber, RANGES, refuse, warn, type Findings } from './ranges.ts';
import type { Kappas } from './feelings.ts';

/** What belongs to the map as a whole, resolved. Wrong values are replaced by defaults so that checking can go on. */
export interface Settings {
  readonly tick: Tick;
  readonly annualDiscountRate: number;
  /** undefined while nobody has set it; whether that matters depends on the stages. */
  readonly grossMargin: number | undefined;
  readonly horizon: number;
  readonly prospectsPerTick: number | null;
  readonly referralEntry: number;
  readonly referralDelay: number;
  readonly kappas: Kappas;
}

const at = (metric: Extract<Place, { on: 'map' }>['metric']): Place => ({ on: 'map', metric });

/** Checks tick, currency, rates, horizon, referral entry and kappas (SPEC C1, C2, C13, C14). */
export function checkSettings(input: JourneyInput, findings: Findings): Settings {
  const tick = checkTick(input.tick, findings);
  checkCurrency(input.currency, findings);
  const number = (
    value: unknown,
    range: keyof typeof RANGES,
    metric: Extract<Place, { on: 'map' }>['metric'],
    label: string
  ) => checkNumber(findings, value, RANGES[range], at(metric), label);

  const grossMargin = number(input.grossMargin, 'grossMargin', 'grossMargin', 'The gross margin');
  if (grossMargin !== undefined && grossMargin < 0)
    warn(
      findings,
      'W_NEGATIVE_MARGIN',
      at('grossMargin'),
      'The gross margin is negative: every order loses money.'
    );
  const kappas = {
    plus: number(input.feelings?.kappaPlus, 'kappa', 'kappaPlus', 'The effect of good feelings') ?? 0,
    minus: number(input.feelings?.kappaMinus, 'kappa', 'kappaMinus', 'The effect of bad feelings') ?? 0
  };
  warnAssumedKappas(kappas, input.feelings?.source, findings);
  return {
    tick,
    annualDiscountRate:
      number(
        input.annualDiscountRate,
        'annualDiscountRate',
        'annualDiscountRate',
        'The annual discount rate'
      ) ?? 0.1,
    grossMargin,
    horizon: number(input.horizon, 'horizon', 'horizon', 'The horizon') ?? 3 * TICKS_PER_YEAR[tick],
    prospectsPerTick:
      number(
        input.prospectsPerTick,
        'prospectsPerTick',
        'prospectsPerTick',
        'The number of prospects per tick'
      ) ?? null,
    referralEntry: checkReferralEntry(input, findings),
    referralDelay: number(input.referral?.delay, 'referralDelay', 'referralDelay', 'The referral delay') ?? 1,
    kappas
  };
}

function checkTick(tick: Tick, findings: Findings): Tick {
  if (Object.hasOwn(TICKS_PER_YEAR, tick)) return tick;
  refuse(findings, 'E_ENUM', at('tick'), 'The unit of time must be day, week, month, quarter or year.');
  return 'month';
}

function checkCurrency(currency: unknown, findings: Findings): void {
  if (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)) return;
  refuse(
    findings,
    'E_CURRENCY',
    at('currency'),
    'The currency must be one code of three capital letters, such as EUR.'
  );
}

function checkReferralEntry(input: JourneyInput, findings: Findings): number {
  const wanted = input.referral?.entry;
  if (wanted === undefined) return 0;
  const index = input.stages.findIndex((stage) => stage.id === wanted);
  if (index >= 0) return index;
  refuse(
    findings,
    'E_UNKNOWN_STAGE',
    at('referralEntry'),
    'The stage where referred prospects enter is not on the map.'
  );
  return 0;
}

function warnAssumedKappas(kappas: Kappas, source: string | undefined, findings: Findings): void {
  if (source !== undefined && source.trim() !== '') return;
  const message = 'How feelings move retention is an assumption: say where the number comes from.';
  if (kappas.plus > 0) warn(findings, 'W_ASSUMPTION', at('kappaPlus'), message);
  if (kappas.minus > 0) warn(findings, 'W_ASSUMPTION', at('kappaMinus'), message);
}
