import { solveAcquisition } from './acquisition.ts';
import { gainPerVisit } from './chain.ts';
import { dot, factorize, identityMinus, solveRow } from './linear.ts';
import type { JourneyModel, PeriodFlow, PeriodRow } from './model.ts';
import { renewalRate } from './renewal.ts';
import { byStageId } from './solution.ts';

/** Gives the expected visits that start in tick 0, 1, 2, ... by stage. The array is good until the next call. */
type Ticker = () => Float64Array;

/** One way on from a stage, with the share that takes it. */
interface Way {
  readonly to: number;
  readonly share: number;
}

/**
 * Walks a group of people through the map tick by tick (SPEC C23).
 *
 * Arrivals of a tick spread at once through stages that take no time, e = inflow (I - P_0)^-1; the others pass their
 * people on after their dwell, referred prospects come after the referral delay, and renewal stages repeat.
 *
 * @param start people by stage at tick 0; need not be whole.
 */
export function walk(model: JourneyModel, start: ArrayLike<number>, referrals: boolean): Ticker {
  const { stages, referralDelay, referralEntry } = model;
  const size = stages.length;
  const ways = waysOn(model);
  const spread = spreadAtOnce(model);
  const repeats = stages.map(({ retention, dwell }) => renewals(retention, dwell));
  const length = 1 + Math.max(referralDelay, ...stages.map(({ dwell }) => dwell));
  const pending = Array.from({ length }, () => new Float64Array(size));
  pending[0]!.set(start);
  const entries = new Float64Array(size);
  let tick = 0;
  return () => {
    const inflow = pending[tick % length]!;
    entries.fill(0);
    for (let stage = 0; stage < size; stage++)
      if (inflow[stage] !== 0) pass(inflow[stage]!, spread[stage]!, entries);
    inflow.fill(0);
    const referred = pending[(tick + referralDelay) % length]!;
    for (let stage = 0; stage < size; stage++) {
      const repeat = repeats[stage];
      if (repeat) entries[stage] = repeat(entries[stage]!);
      if (entries[stage] === 0) continue;
      const { dwell, referrals: brought } = stages[stage]!;
      if (dwell > 0) pass(entries[stage]!, ways[stage]!, pending[(tick + dwell) % length]!);
      if (referrals) referred[referralEntry]! += entries[stage]! * brought;
    }
    tick++;
    return entries;
  };
}

function pass(people: number, ways: readonly Way[], into: Float64Array): void {
  for (const { to, share } of ways) into[to]! += people * share;
}

function waysOn({ stages, transitions }: JourneyModel): Way[][] {
  const ways: Way[][] = stages.map(() => []);
  for (const { from, to, probability } of transitions)
    if (probability > 0) ways[from]!.push({ to, share: probability });
  return ways;
}

/** Visits made in the tick of arrival by who arrives at a stage: the rows of (I - P_0)^-1. */
function spreadAtOnce({ stages, transitions }: JourneyModel): Way[][] {
  const size = stages.length;
  const matrix = new Float64Array(size * size);
  for (const { from, to, probability } of transitions)
    if (stages[from]!.dwell === 0) matrix[from * size + to] = probability;
  const factors = factorize(identityMinus(matrix, size), size);
  return stages.map(({ dwell }, stage) => {
    if (dwell > 0) return [{ to: stage, share: 1 }];
    const unit = new Float64Array(size);
    unit[stage] = 1;
    return Array.from(solveRow(factors, unit), (share, to) => ({ to, share })).filter(
      ({ share }) => share > 0
    );
  });
}

/** Turns first visits per tick into all visits per tick: S(k) of those who came k dwells ago are still there. */
function renewals(shape: { alpha: number; beta: number } | null, dwell: number) {
  if (shape === null) return null;
  const arrivals: number[] = [];
  const survival = [1];
  return (arriving: number): number => {
    arrivals.push(arriving);
    let visits = 0;
    for (let k = 0, past = arrivals.length - 1; past >= 0; k++, past -= dwell) {
      survival[k] ??= survival[k - 1]! * renewalRate(shape, k);
      visits += survival[k]! * arrivals[past]!;
    }
    return visits;
  };
}

/**
 * The by-period table: expected visits, revenue and net cash in ticks 0 to `ticks` - 1, per prospect and per acquired
 * customer. Discounted and summed without end, the net columns are NPV per prospect and CLV.
 *
 * @param ticks whole, 0 or more; usually the model's horizon.
 * @returns no rows when nobody ever becomes a customer, which `solveJourney` reports.
 */
export function byPeriod(model: JourneyModel, ticks: number): PeriodRow[] {
  const acquisition = solveAcquisition(model);
  if (acquisition === null || !(acquisition.conversion > 0)) return [];
  const entry = model.stages.map((stage) => stage.entry);
  const perProspect = flows(model, walk(model, entry, true));
  const perCustomer = flows(model, walk(model, acquisition.start, false));
  return Array.from({ length: ticks }, (_, tick) => ({
    tick,
    perProspect: perProspect(),
    perCustomer: perCustomer()
  }));
}

function flows(model: JourneyModel, next: Ticker): () => PeriodFlow {
  const gain = gainPerVisit(model);
  const sales = model.stages.map(({ ordersPerVisit, orderValue }) => ordersPerVisit * orderValue);
  let cumulative = 0;
  return () => {
    const entries = next();
    const net = dot(entries, gain);
    cumulative += net;
    return { entries: byStageId(model, entries), revenue: dot(entries, sales), net, cumulative };
  };
}

/**
 * The table for a steady intake: the same number of prospects enters in every tick, so that tick t holds the sum of
 * the single intake's ticks 0 to t.
 *
 * @param rows of one column of {@link byPeriod}, in order from tick 0.
 * @param prospectsPerTick persons, 0 or more.
 */
export function steadyIntake(rows: readonly PeriodFlow[], prospectsPerTick: number): PeriodFlow[] {
  const entries: Record<string, number> = {};
  let revenue = 0;
  let net = 0;
  let cumulative = 0;
  return rows.map((row) => {
    for (const [stage, count] of Object.entries(row.entries))
      entries[stage] = (entries[stage] ?? 0) + count * prospectsPerTick;
    revenue += row.revenue * prospectsPerTick;
    net += row.net * prospectsPerTick;
    cumulative += net;
    return { entries: { ...entries }, revenue, net, cumulative };
  });
}

/** What a run of one customer through time tells. */
export interface Run {
  readonly paybackTicks: number | null;
  readonly discountedPaybackTicks: number | null;
  readonly clvOverHorizon: number;
}

const LONGEST_PAYBACK = 600;

/**
 * Follows one acquired customer until both paybacks are known and the horizon is reached (SPEC C24). Payback is the
 * first tick t >= 0 in which the cash of ticks 0 to t covers the CAC; it is sought up to the horizon, and at least up
 * to tick 600.
 *
 * @param start distribution of new customers over stages.
 */
export function runCustomer(model: JourneyModel, start: ArrayLike<number>, cac: number): Run {
  const next = walk(model, start, false);
  const gain = gainPerVisit(model);
  const enough = cac * (1 - 1e-12);
  const last = Math.max(model.horizon, LONGEST_PAYBACK);
  let [cash, discounted, clvOverHorizon, factor] = [0, 0, 0, 1];
  let paybackTicks: number | null = null;
  let discountedPaybackTicks: number | null = null;
  for (let tick = 0; tick <= last; tick++, factor *= model.discountFactor) {
    const known = paybackTicks !== null && discountedPaybackTicks !== null;
    if (known && tick >= model.horizon) break;
    const net = dot(next(), gain);
    cash += net;
    discounted += net * factor;
    if (tick < model.horizon) clvOverHorizon = discounted;
    if (cash >= enough) paybackTicks ??= tick;
    if (discounted >= enough) discountedPaybackTicks ??= tick;
  }
  return { paybackTicks, discountedPaybackTicks, clvOverHorizon };
}
