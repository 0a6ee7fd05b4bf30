import type { Acquisition } from './acquisition.ts';
import type { Chain } from './chain.ts';
import { dot, solve, solveRow } from './linear.ts';
import type { ByStage, JourneyModel } from './model.ts';

/** One figure as weights and values: the figure is the sum over stages of weight x gain of an arrival. */
export interface Basis {
  /** Discounted arrivals by stage; a renewal stage's repeat visits are not in it. */
  readonly arrivals: Float64Array;
  /** Discounted visits by stage, renewals included. */
  readonly visits: Float64Array;
  /** Value at the start of a visit by stage. */
  readonly values: Float64Array;
  /** The figure itself, money. */
  readonly total: number;
  /** Whether what referred prospects bring is part of the figure. */
  readonly referrals: boolean;
}

/** A solved journey, before it is told in figures. */
export interface Solution {
  readonly model: JourneyModel;
  readonly chain: Chain;
  readonly acquisition: Acquisition;
  /** CLV: own business per acquired customer. */
  readonly customer: Basis;
  /** NPV per prospect with referrals. */
  readonly prospect: Basis;
}

/** The two linear solves behind every figure, on factors that exist already (SPEC C15, C17). */
export function solveBases(
  model: JourneyModel,
  chain: Chain,
  acquisition: Acquisition
): Pick<Solution, 'customer' | 'prospect'> {
  const basis = (start: ArrayLike<number>, referrals: boolean): Basis => {
    const factors = referrals ? chain.withReferrals : chain.own;
    const arrivals = solveRow(factors, start);
    const values = solve(
      factors,
      chain.gain.map((gain, stage) => gain * chain.repeats[stage]!)
    );
    return {
      arrivals,
      visits: arrivals.map((count, stage) => count * chain.repeats[stage]!),
      values,
      total: dot(start, values),
      referrals
    };
  };
  const entry = model.stages.map((stage) => stage.entry);
  return { customer: basis(acquisition.start, false), prospect: basis(entry, true) };
}

/** Numbers by stage as a record by stage id. Filled key by key: the by-period table makes thousands of these. */
export function byStageId({ stages }: JourneyModel, numbers: ArrayLike<number>): ByStage {
  const record: Record<string, number> = {};
  for (let index = 0; index < stages.length; index++) record[stages[index]!.id] = numbers[index]!;
  return record;
}
