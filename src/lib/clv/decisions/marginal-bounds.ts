import type { JourneyInput } from '../model.ts';
import { changesOf } from './edits.ts';
import type { EditProgram } from './edit-program.ts';
import { blockOf } from './layout.ts';
import type { LeanJourney } from './lean.ts';
import type { NumberPlace } from './numbers.ts';
import { boundsOverPolicies, type RowChoice } from './row-policies.ts';
import type { Opportunity } from './types.ts';

/** A stage changed by more opportunities than this has too many combinations to look at. */
const MOST_AT_ONE_STAGE = 10;

/** One stage with its row under every combination of the opportunities that change it; by bit mask over `by`. */
interface Stage {
  readonly by: readonly number[];
  /** Undefined where two of a combination conflict. */
  readonly rows: readonly (RowChoice | undefined)[];
}

/**
 * For each opportunity k a number M_k such that J(S + k) - J(S) <= M_k for every set S without k (D10), where J is NPV
 * per prospect; or null where none is known.
 *
 * Let a set change only rows of A = W + Q and the gains g, each row by the opportunities that concern its stage. With
 * n_S = pi (I - A_S)^-1 and V_S = (I - A_S)^-1 g_S,
 *
 *   J(S + k) - J(S) = sum over stages i that k changes of n_S(i) [ dg_i + sum_j dA_ij V_{S+k}(j) ],
 *
 * with d the change of row i from S to S + k. Proof: (I - A_S)(V_{S+k} - V_S) = g_{S+k} - g_S + (A_{S+k} - A_S) V_{S+k};
 * multiply by n_S from the left. Row i depends only on which of the opportunities at stage i are in S, so that every S is
 * one choice of rows, stage by stage. Free choice of rows is a larger family, over which `boundsOverPolicies` encloses
 * n_S(i) and V(j). Taking each V(j) at the end that makes dA_ij V(j) largest, the largest bracket over all combinations
 * at stage i, and n_S(i) at its upper end where the bracket is positive and its lower end elsewhere, gives M_k.
 *
 * Null when an opportunity changes what is not one stage's row (where prospects enter, or a number of the map as a whole),
 * when a combination at one stage is refused by the engine or has no value, and when more than 10 change one stage.
 *
 * @param among positions of the opportunities that may be in a set; the others get 0.
 */
export function marginalBounds(
  input: JourneyInput,
  opportunities: readonly Opportunity[],
  among: readonly number[],
  journey: LeanJourney,
  program: EditProgram,
  conflict: (a: number, b: number) => boolean
): number[] | null {
  const touching = stagesTouched(input, opportunities, among, journey);
  if (touching === null) return null;
  const stages: Stage[] = [];
  for (const [stage, by] of touching.entries()) {
    const rows = rowsOf(stage, by, opportunities.length, journey, program, conflict);
    if (rows === null) return null;
    stages.push({ by, rows });
  }
  const { size } = journey.layout;
  const entry = journey.base.subarray(blockOf('entry', size), blockOf('entry', size) + size);
  const bounds = boundsOverPolicies(
    stages.map(({ rows }) => rows.filter((row) => row !== undefined)),
    entry
  );
  if (bounds === null) return null;
  const { value, arrivals } = bounds;
  return opportunities.map((_, k) =>
    stages.reduce((sum, stage, i) => {
      const most = largestChange(stage, k, value.low, value.high);
      if (most === null) return sum;
      return sum + most * (most > 0 ? arrivals.high[i]! : arrivals.low[i]!);
    }, 0)
  );
}

/** The opportunities that change each stage; null when one changes anything else. */
function stagesTouched(
  input: JourneyInput,
  opportunities: readonly Opportunity[],
  among: readonly number[],
  { model }: LeanJourney
): number[][] | null {
  const touching: number[][] = model.stages.map(() => []);
  for (const k of among) {
    const found = changesOf(input, opportunities[k]!.edits);
    if (!found.ok) return null;
    for (const { place } of found.changes) {
      const id = stageOf(place);
      const by = touching[model.stages.findIndex((stage) => stage.id === id)];
      if (by === undefined) return null;
      if (!by.includes(k)) by.push(k);
    }
  }
  return touching.every((by) => by.length <= MOST_AT_ONE_STAGE) ? touching : null;
}

function stageOf(place: NumberPlace): string | null {
  switch (place.on) {
    case 'map':
      return null;
    case 'stage':
      return place.metric === 'entry' ? null : place.stage;
    case 'transition':
      return place.from;
    case 'cell':
      return place.stage;
  }
}

function rowsOf(
  stage: number,
  by: readonly number[],
  total: number,
  journey: LeanJourney,
  program: EditProgram,
  conflict: (a: number, b: number) => boolean
): (RowChoice | undefined)[] | null {
  const numbers = Float64Array.from(journey.base);
  const chosen = new Uint8Array(total);
  const rows: (RowChoice | undefined)[] = [];
  for (let mask = 0; mask < 1 << by.length; mask++) {
    const members = by.filter((_, bit) => mask & (1 << bit));
    if (members.some((a) => members.some((b) => conflict(a, b)))) {
      rows.push(undefined);
      continue;
    }
    chosen.fill(0);
    for (const k of members) chosen[k] = 1;
    program.apply(journey.base, chosen, numbers);
    if (journey.prepare(numbers) !== null) return null;
    rows.push(journey.row(numbers, stage));
  }
  return rows;
}

/** Largest dg + sum dA V over all combinations to which opportunity k can be added; null when it is not at this stage. */
function largestChange({ by, rows }: Stage, k: number, low: Float64Array, high: Float64Array): number | null {
  const at = by.indexOf(k);
  if (at < 0) return null;
  const bit = 1 << at;
  let most = -Infinity;
  rows.forEach((before, mask) => {
    const after = rows[mask | bit];
    if (mask & bit || before === undefined || after === undefined) return;
    const change = after.next.reduce((sum, share, to) => {
      const moved = share - before.next[to]!;
      return sum + moved * (moved > 0 ? high[to]! : low[to]!);
    }, after.gain - before.gain);
    most = Math.max(most, change);
  });
  return most;
}
