import { continuousRate, DAYS_PER_UNIT, duration, gammaGammaMeanSpend } from '#lib/clv/transactions/index.ts';
import { byPeriod } from '#lib/clv/periods.ts';
import { checkModel } from '#lib/clv/check.ts';
import type { JourneyInput, JourneyModel, PeriodRow } from '#lib/clv/model.ts';
import type { StageId } from '#lib/journey/ids.ts';
import { stageKey, transitionKey, type MetricKey } from '#lib/journey/metrics.ts';
import type { Journey, StoredFit } from '#lib/journey/records.ts';
import { evaluateMap, headlineOf, periodsOf } from '../evaluate.ts';
import type { Computed } from '../figures.ts';
import { modelOf } from './models.ts';
import { spendOf } from './spend.ts';
import { modelsOf } from './stored.ts';

/** What a new customer of the file is worth, as the map counts: over its horizon, at its rate, the first order included. */
export interface CohortFigures {
  readonly clv: number;
  /** Orders over the horizon, undiscounted. */
  readonly orders: number;
  /** Mean money of an order: E(M). */
  readonly meanSpend: number;
  /** Fraction of revenue that was counted as margin. */
  readonly margin: number;
}

/** A number of the map that could be set from the file. Nothing is set until a person says so. */
export interface LinkOffer {
  readonly key: MetricKey;
  readonly before: number | null;
  readonly after: number;
}

/** The stage whose numbers the file speaks for, and what it would set there. */
export interface StageLink {
  readonly stage: StageId;
  readonly name: string;
  readonly orderValue: LinkOffer;
  /** Share that stays, so that orders over the horizon match; a sentence where no share does it. */
  readonly stay: LinkOffer | { readonly problem: string };
}

export interface Link {
  readonly ok: true;
  readonly cohort: CohortFigures;
  /** The map's CLV over its horizon, and the file's over it. */
  readonly mapClv: number;
  readonly ratio: number | null;
  readonly mapOrders: number;
  /** In the map's ticks. */
  readonly horizon: number;
  /** Stages that may be linked: customers order there and stay with a share. The first is the likeliest. */
  readonly stages: readonly { readonly id: StageId; readonly name: string }[];
  readonly link: StageLink | null;
}

export type LinkResult = Link | { readonly ok: false; readonly message: string };

/** Shares above this hold a customer for longer than anybody has seen. */
const LONGEST_STAY = 0.9999;
const STEPS = 40;

/**
 * Puts a fit beside the map (clv.md 4.12): margin x E(M) x (1 + discounted repeat orders of a new customer) over the
 * map's horizon, against the map's CLV over the same time, which has costs of serving in it as well.
 *
 * @param chosen the stage to link; otherwise the one that customers visit most.
 */
export function linkOf(
  stored: Pick<StoredFit, 'model' | 'unit' | 'parameters'>,
  journey: Journey,
  chosen?: StageId
): LinkResult {
  const evaluation = evaluateMap({ ...journey, scenarios: [] }).baseline;
  if (!evaluation.ok)
    return { ok: false, message: 'The map has no CLV yet to compare with: fill in what it asks for first.' };
  const models = modelsOf(stored);
  const model = models === null ? null : modelOf(models.purchases, stored.unit, stored.parameters);
  if (model === null) return { ok: false, message: 'This program does not know the model of this fit.' };
  const spend = spendOf(stored.parameters);
  if (spend === null)
    return { ok: false, message: 'The fit has no mean spend, so that there is no money to compare.' };
  const stages = linkable(evaluation, journey);
  const place = stages.find(({ id }) => id === chosen) ?? stages[0];
  const { tick, horizon, annualDiscountRate } = evaluation.model;
  const time = duration((horizon * DAYS_PER_UNIT[tick]) / DAYS_PER_UNIT[stored.unit], stored.unit);
  const meanSpend = gammaGammaMeanSpend(spend);
  const margin = marginOf(evaluation, place?.id);
  const cohort: CohortFigures = {
    clv:
      margin * meanSpend * (1 + model.discountedNew(time, continuousRate(annualDiscountRate, stored.unit))),
    orders: 1 + model.aheadNew(time),
    meanSpend,
    margin
  };
  if (!Object.values(cohort).every(Number.isFinite))
    return { ok: false, message: 'The figures of this fit have no bound over the map’s horizon.' };
  const mapClv = headlineOf(evaluation, 'clvOverHorizon') ?? NaN;
  return {
    ok: true,
    cohort,
    mapClv,
    ratio: mapClv > 0 ? cohort.clv / mapClv : null,
    mapOrders: ordersIn(evaluation.model, periodsOf(evaluation)),
    horizon,
    stages,
    link: place === undefined ? null : stageLink(evaluation, journey, place, cohort)
  };
}

/** Customer stages with orders that hold people by a share of their own, most visited first. */
function linkable({ model, value }: Computed, journey: Journey): { id: StageId; name: string }[] {
  const visits = value.visits.perCustomer;
  return model.stages
    .filter(
      ({ id, kind, ordersPerVisit, retention }, index) =>
        kind === 'customer' &&
        ordersPerVisit > 0 &&
        retention === null &&
        (visits[id] ?? 0) > 0 &&
        model.transitions.some(({ from, to }) => from === index && to === index)
    )
    .sort((one, other) => (visits[other.id] ?? 0) - (visits[one.id] ?? 0))
    .flatMap(({ id }) => journey.stages.filter((stage) => stage.id === id));
}

function marginOf({ model }: Computed, stage: StageId | undefined): number {
  const selling =
    model.stages.find(({ id }) => id === stage) ?? model.stages.find((one) => one.ordersPerVisit > 0);
  return selling?.grossMargin ?? NaN;
}

function stageLink(
  evaluation: Computed,
  journey: Journey,
  { id, name }: { id: StageId; name: string },
  cohort: CohortFigures
): StageLink {
  const value = stageKey(id, 'orderValue');
  const stay = transitionKey(id, id);
  const after = stayFor(evaluation.input, id, cohort.orders);
  return {
    stage: id,
    name,
    orderValue: {
      key: value,
      before: journey.metrics.get(value) ?? null,
      after: Math.round(cohort.meanSpend * 100) / 100
    },
    stay:
      typeof after === 'number'
        ? { key: stay, before: journey.metrics.get(stay) ?? null, after }
        : { problem: after }
  };
}

/** Expected orders of an acquired customer over the periods. */
function ordersIn(model: JourneyModel, periods: readonly PeriodRow[]): number {
  let orders = 0;
  for (const { perCustomer } of periods)
    for (const { id, ordersPerVisit } of model.stages)
      orders += (perCustomer.entries[id] ?? 0) * ordersPerVisit;
  return orders;
}

/**
 * The share that stays at a stage under which the map's orders over its horizon are `wanted`, to four digits. Orders rise
 * with the share, so that halving finds it; the other ways on keep their shares.
 */
function stayFor(input: JourneyInput, stage: StageId, wanted: number): number | string {
  const isStay = ({ from, to }: { from: string; to: string }) => from === stage && to === stage;
  const others = input.transitions
    .filter((way) => way.from === stage && !isStay(way))
    .reduce((sum, way) => sum + (way.probability ?? 0), 0);
  const orders = (share: number): number => {
    const transitions = input.transitions.map((way) => (isStay(way) ? { ...way, probability: share } : way));
    const checked = checkModel({ ...input, transitions });
    return checked.ok ? ordersIn(checked.model, byPeriod(checked.model, checked.model.horizon)) : NaN;
  };
  let [low, high] = [0, Math.min(LONGEST_STAY, 1 - others)];
  const [fewest, most] = [orders(low), orders(high)];
  if (!(wanted >= fewest)) return `Even if nobody stayed, the map would count ${fewest.toFixed(2)} orders.`;
  if (!(wanted <= most))
    return `Even if as many stayed as can, the map would count only ${most.toFixed(2)} orders: raise its orders per visit first.`;
  for (let step = 0; step < STEPS && high - low > 1e-7; step++) {
    const middle = (low + high) / 2;
    if (orders(middle) < wanted) low = middle;
    else high = middle;
  }
  return Math.round(((low + high) / 2) * 1e4) / 1e4;
}
