import { renewalRate } from '../renewal.ts';
import { eliminate, solveRowInPlace } from './lean-matrix.ts';
import type { LeanJourney } from './lean.ts';

/**
 * Net cash of one acquired customer tick by tick (SPEC C23, own business only), for the numbers that a lean journey solved
 * last. The arrays are made once, so that it can be called for every draw. Same figures as `byPeriod` per customer.
 */
export class CustomerWalk {
  readonly #journey: LeanJourney;
  readonly #ticks: number;
  readonly #survival: readonly (Float64Array | null)[];
  readonly #arrivals: readonly (Float64Array | null)[];
  /** Position among the stages that take no time; -1 for the others. */
  readonly #position: Int32Array;
  readonly #now: Float64Array;
  readonly #matrix: Float64Array;
  readonly #scratch: Int32Array;
  readonly #firstEdge: Int32Array;
  readonly #edges: Int32Array;
  /** People by tick, modulo the longest dwell, and stage. */
  #pending: Float64Array;
  #instant = 0;

  /** @param ticks how many the walk may last. */
  constructor(journey: LeanJourney, ticks: number) {
    const { size, from } = journey.layout;
    this.#journey = journey;
    this.#ticks = ticks;
    this.#survival = journey.model.stages.map(({ retention }) =>
      retention === null ? null : survivalOf(retention, ticks)
    );
    this.#arrivals = journey.model.stages.map(({ retention }) =>
      retention === null ? null : new Float64Array(ticks)
    );
    this.#position = new Int32Array(size);
    this.#now = new Float64Array(size);
    this.#matrix = new Float64Array(size * size);
    this.#scratch = new Int32Array(size);
    this.#pending = new Float64Array(0);
    this.#edges = Int32Array.from(from.keys()).sort((a, b) => from[a]! - from[b]!);
    this.#firstEdge = Int32Array.from({ length: size + 1 }, (_, stage) =>
      from.reduce((count, edgeFrom) => count + (edgeFrom < stage ? 1 : 0), 0)
    );
  }

  /** Writes the cumulative undiscounted net cash of ticks 0, 1, ... into `cumulative`, up to its length. */
  run(cumulative: Float64Array): void {
    const { start, gain, dwell } = this.#journey;
    const size = start.length;
    const length = 1 + dwell.reduce((longest, ticks) => Math.max(longest, ticks), 0);
    if (this.#pending.length < length * size) this.#pending = new Float64Array(length * size);
    const pending = this.#pending;
    pending.fill(0);
    pending.set(start);
    for (const arrivals of this.#arrivals) arrivals?.fill(0);
    this.#spreadAtOnce();
    const last = Math.min(cumulative.length, this.#ticks);
    for (let tick = 0, cash = 0; tick < last; tick++) {
      const inflow = (tick % length) * size;
      if (this.#instant > 0) cash += this.#passAtOnce(inflow);
      for (let stage = 0; stage < size; stage++) {
        const arriving = pending[inflow + stage]!;
        pending[inflow + stage] = 0;
        const survival = this.#survival[stage];
        if (survival) {
          cash += this.#renewing(stage, tick, arriving, survival) * gain[stage]!;
          continue;
        }
        if (arriving === 0 || this.#position[stage]! >= 0) continue;
        cash += arriving * gain[stage]!;
        this.#pass(stage, arriving, ((tick + dwell[stage]!) % length) * size);
      }
      cumulative[tick] = cash;
    }
  }

  #pass(stage: number, people: number, into: number): void {
    const { layout, share } = this.#journey;
    const pending = this.#pending;
    for (let at = this.#firstEdge[stage]!; at < this.#firstEdge[stage + 1]!; at++) {
      const edge = this.#edges[at]!;
      pending[into + layout.to[edge]!]! += people * share[edge]!;
    }
  }

  /** Factorises I - P_0 over the stages that take no time. */
  #spreadAtOnce(): void {
    const { dwell, layout, share } = this.#journey;
    const [matrix, position] = [this.#matrix, this.#position];
    let count = 0;
    for (let stage = 0; stage < dwell.length; stage++) position[stage] = dwell[stage] === 0 ? count++ : -1;
    this.#instant = count;
    if (count === 0) return;
    matrix.fill(0, 0, count * count);
    for (let k = 0; k < count; k++) matrix[k * count + k] = 1;
    for (let edge = 0; edge < share.length; edge++) {
      const [row, column] = [position[layout.from[edge]!]!, position[layout.to[edge]!]!];
      if (row >= 0 && column >= 0) matrix[row * count + column]! -= share[edge]!;
    }
    eliminate(matrix, count, this.#scratch);
  }

  /** Takes this tick's people through the stages that take no time, on to the others; returns their cash. */
  #passAtOnce(inflow: number): number {
    const { gain, layout, share } = this.#journey;
    const [pending, position, now] = [this.#pending, this.#position, this.#now];
    let anybody = false;
    for (let stage = 0; stage < gain.length; stage++) {
      if (position[stage]! < 0) continue;
      now[position[stage]!] = pending[inflow + stage]!;
      anybody ||= pending[inflow + stage] !== 0;
    }
    if (!anybody) return 0;
    solveRowInPlace(this.#matrix, this.#instant, now);
    let cash = 0;
    for (let stage = 0; stage < gain.length; stage++) {
      const people = position[stage]! < 0 ? 0 : now[position[stage]!]!;
      if (people === 0) continue;
      cash += people * gain[stage]!;
      for (let at = this.#firstEdge[stage]!; at < this.#firstEdge[stage + 1]!; at++) {
        const edge = this.#edges[at]!;
        const to = layout.to[edge]!;
        if (position[to]! < 0) pending[inflow + to]! += people * share[edge]!;
      }
    }
    return cash;
  }

  /** Visits in this tick of all who ever came: S(k) of those who came k dwells ago. */
  #renewing(stage: number, tick: number, arriving: number, survival: Float64Array): number {
    const arrivals = this.#arrivals[stage]!;
    arrivals[tick] = arriving;
    const dwell = this.#journey.dwell[stage]!;
    let visits = 0;
    for (let k = 0, past = tick; past >= 0; k++, past -= dwell) visits += survival[k]! * arrivals[past]!;
    return visits;
  }
}

/** S(0), S(1), ... of a renewal stage. */
function survivalOf(shape: { alpha: number; beta: number }, ticks: number): Float64Array {
  const survival = new Float64Array(ticks);
  let alive = 1;
  for (let k = 0; k < ticks; k++) {
    if (k > 0) alive *= renewalRate(shape, k);
    survival[k] = alive;
  }
  return survival;
}
