import { renewalRate } from '../renewal.ts';
import { eliminate, solveBlockInPlace, solveInPlace } from './lean-matrix.ts';
import type { LeanJourney } from './lean.ts';

/**
 * Net cash of one acquired customer tick by tick (SPEC C23, own business only), for the numbers that a lean journey solved
 * last; the same as `byPeriod` per customer. Arrays are made once, so that it can be called for every draw.
 *
 * Stages that take no time are taken out beforehand: with P_0 the shares among them, c = (I - P_0)^-1 g is the cash of
 * coming to one, and (I - P_0)^-1 P_01 says where its visitors are afterwards. What is left is a walk over the stages that
 * take time, each arrival at which brings its own cash now and, a dwell later, that of the instant stages behind it.
 */
export class CustomerWalk {
  readonly #journey: LeanJourney;
  /** 1 for stages that a customer can ever come to; the walk leaves the others out. */
  readonly #isWalked: Uint8Array;
  readonly #survival: readonly (Float64Array | null)[];
  readonly #arrivals: readonly (Float64Array | null)[];
  /** Position of a stage among its like: those that take time, those that do not. */
  readonly #position: Int32Array;
  /** Stage, dwell, whether it renews, cash now, cash a dwell later by position among those that take time. */
  readonly #stages: Int32Array;
  readonly #dwells: Int32Array;
  readonly #renews: Uint8Array;
  readonly #cashNow: Float64Array;
  readonly #cashLater: Float64Array;
  readonly #matrix: Float64Array;
  readonly #scratch: Int32Array;
  readonly #instantCash: Float64Array;
  readonly #exits: Float64Array;
  readonly #dense: Float64Array;
  /** The dense matrix's entries above 0: row by row, or column by column where the walk is steady. */
  readonly #firstWay: Int32Array;
  readonly #wayTo: Int32Array;
  readonly #wayShare: Float64Array;
  /** People and cash to come, by tick modulo the longest dwell plus one. */
  #people = new Float64Array(0);
  #cash = new Float64Array(0);
  #lasting = 0;
  #instant = 0;
  /** Every visit lasts one tick and nobody renews: each tick is one product with a matrix. */
  #steady = false;

  /** @param ticks how many a walk may last. */
  constructor(journey: LeanJourney, ticks: number) {
    const { size } = journey.layout;
    const { stages } = journey.model;
    this.#journey = journey;
    this.#isWalked = walkedStages(journey);
    this.#survival = stages.map(({ retention }) =>
      retention === null ? null : survivalOf(retention, ticks)
    );
    this.#arrivals = stages.map(({ retention }) => (retention === null ? null : new Float64Array(ticks)));
    this.#position = new Int32Array(size);
    this.#stages = new Int32Array(size);
    this.#dwells = new Int32Array(size);
    this.#renews = new Uint8Array(size);
    this.#scratch = new Int32Array(size);
    this.#cashNow = new Float64Array(size);
    this.#cashLater = new Float64Array(size);
    this.#instantCash = new Float64Array(size);
    this.#matrix = new Float64Array(size * size);
    this.#exits = new Float64Array(size * size);
    this.#dense = new Float64Array(size * size);
    this.#firstWay = new Int32Array(size + 1);
    this.#wayTo = new Int32Array(size * size);
    this.#wayShare = new Float64Array(size * size);
  }

  /** Writes the cumulative undiscounted net cash of ticks 0, 1, ... into `cumulative`; at most the ticks promised. */
  run(cumulative: Float64Array): void {
    this.#sortStages();
    this.#passInstantStages();
    this.#joinWays();
    const length = this.#startOver();
    if (this.#steady) this.#runSteadily(cumulative);
    else this.#runFreely(cumulative, length);
  }

  #runSteadily(cumulative: Float64Array): void {
    const count = this.#lasting;
    const people = this.#people;
    const firstWay = this.#firstWay;
    const wayTo = this.#wayTo;
    const wayShare = this.#wayShare;
    const cashNow = this.#cashNow;
    const cashLater = this.#cashLater;
    let total = this.#cash[0]!;
    for (let tick = 0, now = 0, then = count; tick < cumulative.length; tick++) {
      let later = 0;
      for (let k = 0; k < count; k++) {
        const present = people[now + k]!;
        total += present * cashNow[k]!;
        later += present * cashLater[k]!;
      }
      cumulative[tick] = total;
      total += later;
      for (let k = 0; k < count; k++) {
        let arriving = 0;
        const end = firstWay[k + 1]!;
        for (let way = firstWay[k]!; way < end; way++)
          arriving += people[now + wayTo[way]!]! * wayShare[way]!;
        people[then + k] = arriving;
      }
      now = then;
      then = count - now;
    }
  }

  #runFreely(cumulative: Float64Array, length: number): void {
    const count = this.#lasting;
    const people = this.#people;
    const later = this.#cash;
    const firstWay = this.#firstWay;
    const wayTo = this.#wayTo;
    const wayShare = this.#wayShare;
    const dwells = this.#dwells;
    const cashNow = this.#cashNow;
    const cashLater = this.#cashLater;
    let total = 0;
    for (let tick = 0, slot = 0; tick < cumulative.length; tick++, slot = slot + 1 < length ? slot + 1 : 0) {
      total += later[slot]!;
      later[slot] = 0;
      for (let k = 0, at = slot * count; k < count; k++, at++) {
        const arriving = people[at]!;
        people[at] = 0;
        if (this.#renews[k]) {
          total += this.#visitsOfRenewing(k, tick, arriving) * cashNow[k]!;
          continue;
        }
        if (arriving === 0) continue;
        total += arriving * cashNow[k]!;
        const next = slot + dwells[k]!;
        const then = next < length ? next : next - length;
        later[then]! += arriving * cashLater[k]!;
        const into = then * count;
        const end = firstWay[k + 1]!;
        for (let way = firstWay[k]!; way < end; way++)
          people[into + wayTo[way]!]! += arriving * wayShare[way]!;
      }
      cumulative[tick] = total;
    }
  }

  #sortStages(): void {
    const { dwell, gain } = this.#journey;
    this.#lasting = 0;
    this.#instant = 0;
    this.#steady = true;
    for (let stage = 0; stage < dwell.length; stage++) {
      if (!this.#isWalked[stage]) continue;
      if (dwell[stage] === 0) {
        this.#instantCash[this.#instant] = gain[stage]!;
        this.#position[stage] = this.#instant++;
        continue;
      }
      const k = this.#lasting++;
      this.#position[stage] = k;
      this.#stages[k] = stage;
      this.#dwells[k] = dwell[stage]!;
      this.#renews[k] = this.#survival[stage] ? 1 : 0;
      this.#steady &&= dwell[stage] === 1 && this.#survival[stage] === null;
      this.#cashNow[k] = gain[stage]!;
    }
  }

  /** Cash of coming to an instant stage, and where its visitors go on to. */
  #passInstantStages(): void {
    const { dwell, layout, share } = this.#journey;
    const [instant, lasting, position] = [this.#instant, this.#lasting, this.#position];
    if (instant === 0) return;
    const matrix = this.#matrix;
    matrix.fill(0, 0, instant * instant);
    this.#exits.fill(0, 0, instant * lasting);
    for (let k = 0; k < instant; k++) matrix[k * instant + k] = 1;
    for (let edge = 0; edge < share.length; edge++) {
      const from = layout.from[edge]!;
      const to = layout.to[edge]!;
      if (dwell[from] !== 0 || !this.#isWalked[from]) continue;
      if (dwell[to] === 0) matrix[position[from]! * instant + position[to]!]! -= share[edge]!;
      else this.#exits[position[from]! * lasting + position[to]!]! += share[edge]!;
    }
    eliminate(matrix, instant, this.#scratch);
    solveInPlace(matrix, instant, this.#instantCash);
    solveBlockInPlace(matrix, instant, this.#exits, lasting);
  }

  /** Ways from one stage that takes time to the next, through the instant ones as well. */
  #joinWays(): void {
    const { dwell, layout, share } = this.#journey;
    const [lasting, position, dense, exits] = [this.#lasting, this.#position, this.#dense, this.#exits];
    dense.fill(0, 0, lasting * lasting);
    this.#cashLater.fill(0);
    for (let edge = 0; edge < share.length; edge++) {
      const from = layout.from[edge]!;
      if (dwell[from] === 0 || !this.#isWalked[from]) continue;
      const to = layout.to[edge]!;
      const row = position[from]! * lasting;
      const target = position[to]!;
      if (dwell[to] !== 0) {
        dense[row + target]! += share[edge]!;
        continue;
      }
      this.#cashLater[position[from]!]! += share[edge]! * this.#instantCash[target]!;
      for (let k = 0, at = target * lasting; k < lasting; k++, at++)
        dense[row + k]! += share[edge]! * exits[at]!;
    }
    let ways = 0;
    for (let row = 0; row < lasting; row++) {
      this.#firstWay[row] = ways;
      for (let k = 0; k < lasting; k++) {
        const at = this.#steady ? k * lasting + row : row * lasting + k;
        if (dense[at] === 0) continue;
        this.#wayTo[ways] = k;
        this.#wayShare[ways++] = dense[at]!;
      }
    }
    this.#firstWay[lasting] = ways;
  }

  /** Puts one new customer at the start; returns the number of slots in use. */
  #startOver(): number {
    const { start, dwell } = this.#journey;
    const lasting = this.#lasting;
    let length = 1;
    for (let k = 0; k < lasting; k++) length = Math.max(length, 1 + this.#dwells[k]!);
    if (this.#people.length < length * lasting) this.#people = new Float64Array(length * lasting);
    if (this.#cash.length < length) this.#cash = new Float64Array(length);
    this.#people.fill(0);
    this.#cash.fill(0);
    for (const arrivals of this.#arrivals) arrivals?.fill(0);
    for (let stage = 0; stage < start.length; stage++) {
      const people = start[stage]!;
      const at = this.#position[stage]!;
      if (people === 0) continue;
      if (dwell[stage] !== 0) {
        this.#people[at]! += people;
        continue;
      }
      this.#cash[0]! += people * this.#instantCash[at]!;
      for (let k = 0; k < lasting; k++) this.#people[k]! += people * this.#exits[at * lasting + k]!;
    }
    return length;
  }

  /** Visits in this tick of all who ever came: S(k) of those who came k dwells ago. */
  #visitsOfRenewing(k: number, tick: number, arriving: number): number {
    const arrivals = this.#arrivals[this.#stages[k]!]!;
    const survival = this.#survival[this.#stages[k]!]!;
    arrivals[tick] = arriving;
    let visits = 0;
    for (let renewal = 0, past = tick; past >= 0; renewal++, past -= this.#dwells[k]!)
      visits += survival[renewal]! * arrivals[past]!;
    return visits;
  }
}

/** Customer stages, where customers start, and whatever transitions lead to from there, drawn or to be drawn. */
function walkedStages({ layout: { from, to }, model }: LeanJourney): Uint8Array {
  const walked = Uint8Array.from(model.stages, ({ kind }) => (kind === 'customer' ? 1 : 0));
  for (let grew = true; grew;) {
    grew = false;
    for (let edge = 0; edge < from.length; edge++) {
      if (!walked[from[edge]!] || walked[to[edge]!]) continue;
      walked[to[edge]!] = 1;
      grew = true;
    }
  }
  return walked;
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
