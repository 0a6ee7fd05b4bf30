import { dot, inverseColumn } from './linear.ts';
import type { LaneContribution, RemovalEffect, StageContribution } from './model.ts';
import type { Solution } from './solution.ts';

/** Money by stage: discounted visits x gain. Adds up to CLV and to NPV per prospect, to rounding (SPEC C18). */
export function contributionsByStage({ model, chain, customer, prospect }: Solution): StageContribution[] {
  return model.stages.map(({ id }, stage) => ({
    stage: id,
    perCustomer: noNegativeZero(customer.visits[stage]! * chain.gain[stage]!),
    perProspect: noNegativeZero(prospect.visits[stage]! * chain.gain[stage]!)
  }));
}

/** A stage that nobody visits contributes 0, also where its gain is negative. */
const noNegativeZero = (money: number): number => money + 0;

/** Money by lane: the margin on orders, then every cost lane. Adds up as the stages do (SPEC C18). */
export function contributionsByLane({ model, customer, prospect }: Solution): LaneContribution[] {
  const margins = model.stages.map(
    ({ ordersPerVisit, orderValue, grossMargin }) => ordersPerVisit * orderValue * grossMargin
  );
  const money: LaneContribution = {
    on: 'money',
    perCustomer: dot(customer.visits, margins),
    perProspect: dot(prospect.visits, margins)
  };
  const lanes = model.lanes.map(({ id }, lane): LaneContribution => {
    const costs = model.stages.map((stage) => stage.costs[lane]!);
    return {
      on: 'lane',
      lane: id,
      perCustomer: 0 - dot(customer.visits, costs),
      perProspect: 0 - dot(prospect.visits, costs)
    };
  });
  return [money, ...lanes];
}

/**
 * What each stage's way on is worth (SPEC C19): conversions and NPV lost when its outgoing transitions, or its
 * renewals, are taken away. Exact, by the Sherman-Morrison formula for a change of one row; no second solve. The
 * removal effect of conversions is that of Anderl et al. (2016).
 */
export function removalEffects(solution: Solution): RemovalEffect[] {
  const { model, acquisition } = solution;
  return model.stages.map(({ id, kind }, stage) => ({
    stage: id,
    conversion:
      kind === 'acquire'
        ? Math.min(1, (acquisition.everVisited[stage]! * acquisition.chance[stage]!) / acquisition.conversion)
        : null,
    npv: npvLost(solution, stage)
  }));
}

function npvLost({ model, chain, prospect }: Solution, stage: number): number {
  const { size, steps, repeats, gain, referred } = chain;
  const column = inverseColumn(chain.withReferrals, stage);
  const renewals = repeats[stage]! - 1;
  const lostReferrals = renewals * referred[stage]!;
  const along = (numbers: Float64Array) =>
    dot(steps.subarray(stage * size, (stage + 1) * size), numbers) +
    lostReferrals * numbers[model.referralEntry]!;
  const lostPerArrival = along(prospect.values) + renewals * gain[stage]!;
  return (prospect.arrivals[stage]! * lostPerArrival) / (1 + along(column));
}
