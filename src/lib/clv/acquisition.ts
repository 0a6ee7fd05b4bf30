import {
  dies,
  dot,
  factorize,
  identityMinus,
  inverseColumn,
  solve,
  solveRow,
  type Factors
} from './linear.ts';
import type { JourneyModel } from './model.ts';

/** The way from prospect to customer, undiscounted. Arrays are by stage of the whole map. */
export interface Acquisition {
  /** n^A: expected visits per prospect before the first customer stage; 0 at customer stages. */
  readonly visits: Float64Array;
  /** Share of visitors to an acquire stage who ever become customers; 0 at customer stages. */
  readonly chance: Float64Array;
  /** Share of prospects who ever come to an acquire stage, that is n^A over the visits of one who does. */
  readonly everVisited: Float64Array;
  /** h: share of prospects who ever become customers. */
  readonly conversion: number;
  /** phi: distribution of new customers over the customer stages where they start. */
  readonly start: Float64Array;
  /** Undiscounted costs at acquire stages per acquired customer. */
  readonly cac: number;
}

/**
 * Absorption of the acquire stages into the customer stages (SPEC C16), by the fundamental matrix of Kemeny & Snell:
 * n^A = pi_A (I - P_AA)^-1, flow = n^A P_AC + pi_C, h = sum of flow, phi = flow / h. Acquire stages that prospects
 * cannot come to do not take part.
 *
 * @returns null when prospects go round among the acquire stages for ever. With h = 0, `start` and `cac` are NaN.
 */
export function solveAcquisition(model: JourneyModel): Acquisition | null {
  const { stages } = model;
  const size = stages.length;
  const among = new Float64Array(size * size);
  const into = new Float64Array(size);
  const visited = visitedBeforeConversion(model);
  const conversions = model.transitions.filter(
    ({ from }) => visited.has(from) && stages[from]!.kind === 'acquire'
  );
  for (const { from, to, probability } of conversions)
    if (stages[to]!.kind === 'acquire') among[from * size + to] = probability;
    else into[from]! += probability;

  const factors = factorize(identityMinus(among, size), size);
  if (!dies(factors)) return null;
  const entry = stages.map(({ entry, kind }) => (kind === 'acquire' ? entry : 0));
  const visits = solveRow(factors, entry);
  const chance = solve(factors, into);
  const flow = Float64Array.from(stages, ({ entry, kind }) => (kind === 'customer' ? entry : 0));
  for (const { from, to, probability } of conversions)
    if (stages[to]!.kind === 'customer') flow[to]! += visits[from]! * probability;
  const conversion = flow.reduce((sum, share) => sum + share, 0);
  const spend = stages.map(({ costs }) => costs.reduce((sum, cost) => sum + cost, 0));
  return {
    visits,
    chance,
    everVisited: visits.map((count, stage) => count / visitsOfVisitor(factors, stage)),
    conversion,
    start: flow.map((share) => share / conversion),
    cac: dot(visits, spend) / conversion
  };
}

function visitedBeforeConversion({ stages, transitions }: JourneyModel): Set<number> {
  const visited = new Set(stages.flatMap(({ entry }, stage) => (entry > 0 ? [stage] : [])));
  for (const stage of visited)
    if (stages[stage]!.kind === 'acquire')
      for (const { from, to, probability } of transitions)
        if (from === stage && probability > 0) visited.add(to);
  return visited;
}

/** Diagonal of the fundamental matrix: visits of somebody who is there now, this one included. */
function visitsOfVisitor(factors: Factors, stage: number): number {
  return inverseColumn(factors, stage)[stage]!;
}
