import type { StageId } from '#lib/journey/ids.ts';
import { cellKey, stageKey, transitionKey, type MetricKey } from '#lib/journey/metrics.ts';
import { FEELINGS, type Journey, type Stage } from '#lib/journey/records.ts';
import type { Overrides } from './scenario-view.ts';
import type { CellPlace } from './types.ts';

const formats = new Map<string, (amount: number) => string>();

/** An amount of money as the map shows it: no cents where there are none. An unknown currency stands as it is written. */
export function money(amount: number, currency: string): string {
  let format = formats.get(currency);
  if (format === undefined) {
    format = moneyFormat(currency);
    formats.set(currency, format);
  }
  return format(amount);
}

function moneyFormat(currency: string): (amount: number) => string {
  try {
    const whole = new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: 0 });
    const cents = new Intl.NumberFormat(undefined, { style: 'currency', currency });
    return (amount) => (Number.isInteger(amount) ? whole : cents).format(amount);
  } catch {
    return (amount) => `${count(amount)} ${currency}`;
  }
}

const plain = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const count = (value: number) => plain.format(value);

const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

const ticks = (value: number, unit: string) => `${count(value)} ${value === 1 ? unit : `${unit}s`}`;

/** Stands before a number that the scenario in view has changed. */
export const CHANGED = 'Δ ';

/** A marked label in words, for a screen reader. */
export const spoken = (label: string): string =>
  label.startsWith(CHANGED) ? `${label.slice(CHANGED.length)}, changed in this scenario` : label;

/** The figures made last, for as long as nothing that they say has changed: headers are drawn in every frame. */
let made: {
  readonly of: readonly unknown[];
  readonly figures: Map<StageId, readonly string[]>;
} | null = null;

/**
 * The numbers of a stage as its header shows them, the most telling first: where its customers go next, how long they
 * stay, what they order. Those that the scenario in view has changed are marked. Empty while none is set.
 */
export function stageFigures(journey: Journey, stage: Stage, overrides?: Overrides): readonly string[] {
  const of = [journey.metrics, journey.stages, journey.settings, overrides];
  if (made === null || made.of.some((part, index) => part !== of[index])) made = { of, figures: new Map() };
  let figures = made.figures.get(stage.id);
  if (figures === undefined) {
    figures = figuresOf(journey, stage, overrides);
    made.figures.set(stage.id, figures);
  }
  return figures;
}

function figuresOf(journey: Journey, stage: Stage, overrides?: Overrides): string[] {
  const { metrics, settings } = journey;
  const mark = (...keys: MetricKey[]) => (keys.some((key) => overrides?.has(key)) ? CHANGED : '');
  const figures: string[] = [];
  for (const to of journey.stages) {
    const key = transitionKey(stage.id, to.id);
    const probability = metrics.get(key);
    if (probability === undefined) continue;
    const where = to.id === stage.id ? '↻ stay' : `→ ${to.name}`;
    figures.push(`${mark(key)}${where} ${probability === null ? '?' : share.format(probability)}`);
  }
  const [dwellKey, ordersKey, valueKey] = (['dwell', 'ordersPerVisit', 'orderValue'] as const).map((metric) =>
    stageKey(stage.id, metric)
  ) as [MetricKey, MetricKey, MetricKey];
  const dwell = metrics.get(dwellKey);
  if (typeof dwell === 'number') figures.push(`${mark(dwellKey)}${ticks(dwell, settings.tick)} here`);
  const orders = metrics.get(ordersKey);
  const value = metrics.get(valueKey);
  if (typeof orders === 'number' && typeof value === 'number')
    figures.push(`${mark(ordersKey, valueKey)}${count(orders)} × ${money(value, settings.currency)}`);
  else if (typeof orders === 'number')
    figures.push(`${mark(ordersKey)}${count(orders)} ${orders === 1 ? 'order' : 'orders'}`);
  else if (typeof value === 'number')
    figures.push(`${mark(valueKey)}${money(value, settings.currency)} an order`);
  return figures;
}

/** The cost of a cell per visit; null while it is not set. */
export function costLabel(
  journey: Journey,
  { lane, stage }: CellPlace,
  overrides?: Overrides
): string | null {
  const key = cellKey(lane, stage, 'cost');
  const cost = journey.metrics.get(key);
  if (typeof cost !== 'number') return null;
  return `${overrides?.has(key) ? CHANGED : ''}${money(cost, journey.settings.currency)}`;
}

/** The name of a feeling; a score between two has the nearer one's. */
export const feelingName = (score: number): string =>
  FEELINGS[Math.max(0, Math.min(4, Math.round(score) + 2))]?.name ?? '';
