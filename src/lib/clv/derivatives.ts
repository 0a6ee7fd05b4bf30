import { discountFactorSlope } from './discount.ts';
import { stayFactorSlope } from './feelings.ts';
import type { Derivative, JourneyModel, ModelStage, Place } from './model.ts';
import { expectedPeriodsSlope } from './renewal.ts';
import type { Basis, Solution } from './solution.ts';

/** Positions by id, so that one place is found in one step. */
interface Positions {
  readonly stages: ReadonlyMap<string, number>;
  readonly lanes: ReadonlyMap<string, number>;
  readonly transitions: ReadonlyMap<string, JourneyModel['transitions'][number]>;
}

/** A derivative together with the input's present value. */
interface Slope {
  readonly input: number;
  readonly derivative: number;
}

/**
 * Exact derivatives of NPV per prospect and of CLV by every number that is set (SPEC C20 to C22), all from the
 * factorisation at hand: with n the discounted visits, V the values and M = I - W - Q, d(pi V) = n dg + n dM V.
 * A derivative that is not finite (by the discount rate at rate 0, under heavy-tailed renewals) is left out.
 *
 * @returns relative error below 1e-10, except by the discount rate at renewal stages: 1e-8.
 */
export function derivatives(solution: Solution): { npv: Derivative[]; clv: Derivative[] } {
  const positions = positionsOf(solution.model);
  const list = (basis: Basis, places: readonly Place[]) =>
    places.flatMap((at) => {
      const slope = slopeAt(solution, basis, at, positions);
      return slope === null || !Number.isFinite(slope.derivative)
        ? []
        : [toDerivative(at, slope, basis.total)];
    });
  const { inputs } = solution.model;
  return {
    npv: list(solution.prospect, inputs),
    clv: list(
      solution.customer,
      inputs.filter((at) => concernsCustomers(at, solution.model, positions))
    )
  };
}

const toDerivative = (at: Place, { input, derivative }: Slope, total: number): Derivative => ({
  at,
  derivative,
  elasticity: total > 0 ? (input / total) * derivative : null
});

const pair = (from: number, to: number): string => `${from}/${to}`;

function positionsOf({ stages, lanes, transitions }: JourneyModel): Positions {
  return {
    stages: new Map(stages.map(({ id }, index) => [id, index])),
    lanes: new Map(lanes.map(({ id }, index) => [id, index])),
    transitions: new Map(transitions.map((transition) => [pair(transition.from, transition.to), transition]))
  };
}

/** CLV is valued at conversion: what happens at acquire stages is left out, and so are referrals. */
function concernsCustomers(at: Place, { stages }: JourneyModel, positions: Positions): boolean {
  if (at.on === 'map') return true;
  if (at.on === 'stage' && at.metric === 'referrals') return false;
  const id = at.on === 'transition' ? at.from : at.stage;
  return stages[positions.stages.get(id) ?? -1]?.kind === 'customer';
}

function slopeAt(solution: Solution, basis: Basis, at: Place, positions: Positions): Slope | null {
  const { model } = solution;
  switch (at.on) {
    case 'map':
      if (at.metric === 'annualDiscountRate') return byAnnualRate(solution, basis);
      return at.metric === 'grossMargin' ? byMapMargin(model, basis) : null;
    case 'stage': {
      const index = positions.stages.get(at.stage);
      return index === undefined ? null : byStageMetric(solution, basis, index, at.metric);
    }
    case 'transition': {
      const from = positions.stages.get(at.from) ?? -1;
      const to = positions.stages.get(at.to) ?? -1;
      const transition = positions.transitions.get(pair(from, to));
      return transition === undefined ? null : byTransition(solution, basis, transition);
    }
    case 'cell': {
      const index = positions.stages.get(at.stage) ?? -1;
      const cost = model.stages[index]?.costs[positions.lanes.get(at.lane) ?? -1];
      return cost === undefined ? null : { input: cost, derivative: -basis.visits[index]! };
    }
  }
}

function byStageMetric(
  { model }: Solution,
  basis: Basis,
  index: number,
  metric: Extract<Place, { on: 'stage' }>['metric']
): Slope | null {
  const { ordersPerVisit, orderValue, grossMargin, referrals } = model.stages[index]!;
  const visits = basis.visits[index]!;
  switch (metric) {
    case 'ordersPerVisit':
      return { input: ordersPerVisit, derivative: visits * orderValue * grossMargin };
    case 'orderValue':
      return { input: orderValue, derivative: visits * ordersPerVisit * grossMargin };
    case 'grossMargin':
      return { input: grossMargin, derivative: visits * ordersPerVisit * orderValue };
    case 'referrals': {
      const worth = model.discountFactor ** model.referralDelay * basis.values[model.referralEntry]!;
      return { input: referrals, derivative: visits * worth };
    }
    default:
      return null;
  }
}

function byMapMargin({ stages }: JourneyModel, basis: Basis): Slope {
  const sells = ({ ownMargin, ordersPerVisit, orderValue }: ModelStage) =>
    ownMargin ? 0 : ordersPerVisit * orderValue;
  return {
    input: stages.find(({ ownMargin }) => !ownMargin)?.grossMargin ?? 0,
    derivative: stages.reduce((sum, stage, index) => sum + basis.visits[index]! * sells(stage), 0)
  };
}

/**
 * By a transition as entered, the extra share taken from those lost: n_i v^d_i V_j. Where a change of feeling scales
 * the row, a larger row also moves the factor itself.
 */
function byTransition(
  { model, chain }: Solution,
  basis: Basis,
  { from, to, entered }: JourneyModel['transitions'][number]
): Slope {
  const { stay, stayFactor } = model.stages[from]!;
  let worth = stayFactor * basis.values[to]!;
  const slope = stayFactorSlope(stay, stayFactor);
  if (slope !== 0)
    for (const other of model.transitions)
      if (other.from === from) worth += slope * other.entered * basis.values[other.to]!;
  return { input: entered, derivative: basis.arrivals[from]! * chain.dwellDiscount[from]! * worth };
}

/** By the annual discount rate, through the factor per tick: dJ/di = dJ/dv dv/di. */
function byAnnualRate({ model, chain }: Solution, basis: Basis): Slope {
  const { discountFactor: v, stages, referralDelay, referralEntry } = model;
  let slope = 0;
  for (const { from, to, probability } of model.transitions) {
    const { dwell } = stages[from]!;
    if (dwell > 0)
      slope += basis.arrivals[from]! * dwell * v ** (dwell - 1) * probability * basis.values[to]!;
  }
  stages.forEach(({ retention, dwell, referrals }, index) => {
    const referredWorth = basis.referrals ? referrals * basis.values[referralEntry]! : 0;
    slope += basis.visits[index]! * referralDelay * v ** (referralDelay - 1) * referredWorth;
    if (retention === null || basis.arrivals[index] === 0) return;
    const repeatsSlope = expectedPeriodsSlope(retention, chain.dwellDiscount[index]!, chain.repeats[index]!);
    const worth = chain.gain[index]! + v ** referralDelay * referredWorth;
    slope += basis.arrivals[index]! * worth * repeatsSlope * dwell * v ** (dwell - 1);
  });
  return {
    input: model.annualDiscountRate,
    derivative: slope * discountFactorSlope(model.annualDiscountRate, model.tick)
  };
}
