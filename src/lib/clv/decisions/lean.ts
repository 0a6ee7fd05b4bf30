import { discountFactor } from '../discount.ts';
import { feelingShift, stayFactor } from '../feelings.ts';
import type { JourneyInput, JourneyModel, ProblemCode, Tick } from '../model.ts';
import { expectedPeriods } from '../renewal.ts';
import { baseNumbers, blockOf, guardsOf, layoutOf, mapSlot, type Guard, type Layout } from './layout.ts';
import { eliminate, isBounded, solveInPlace, solveRowInPlace, wholePower } from './lean-matrix.ts';
import type { NumberPlace } from './numbers.ts';
import type { RowChoice } from './row-policies.ts';

const SUM_SLACK = 1e-9;

/**
 * One journey, made ready to be solved thousands of times with other numbers: NPV per prospect, CLV, CAC and conversion
 * of `solveJourney` (SPEC C15 to C17) and nothing else, in arrays that are made once. Same figures to about 1e-12
 * relative; a set of numbers that the engine refuses is refused with the engine's code.
 *
 * NPV with referrals needs no second factorisation: Q has one column, so that with x = (I - W)^-1 q the value is
 * V = V0 + x V0_e / (1 - x_e), e the referral entry, and it exists exactly when x_e < 1 (Sherman & Morrison 1950).
 */
export class LeanJourney {
  readonly layout: Layout;
  /** The numbers as entered. Copy, change, and give to `solve`. */
  readonly base: Float64Array;
  readonly model: JourneyModel;

  /** Figures of the last journey solved; meaningless after a refusal. Units as in `JourneyValue`. */
  npv = 0;
  clv = 0;
  cac = 0;
  conversion = 0;
  /** By stage: money per visit, ticks per visit, where customers start. By transition: share after feelings. */
  readonly gain: Float64Array;
  readonly dwell: Float64Array;
  readonly start: Float64Array;
  readonly share: Float64Array;

  readonly #guards: readonly Guard[];
  readonly #tick: Tick;
  readonly #isAcquire: Uint8Array;
  readonly #feelingBefore: Float64Array;
  readonly #costs: Float64Array;
  readonly #stay: Float64Array;
  #rate = NaN;
  #factor = NaN;
  readonly #discount: Float64Array;
  readonly #discountOf: Float64Array;
  readonly #repeats: Float64Array;
  readonly #visited: Uint8Array;
  readonly #position: Int32Array;
  readonly #scratch: Int32Array;
  readonly #matrix: Float64Array;
  readonly #ones: Float64Array;
  readonly #own: Float64Array;
  readonly #brought: Float64Array;

  /** @param places whatever will differ from `base`. */
  constructor(input: JourneyInput, model: JourneyModel, places: readonly NumberPlace[]) {
    const layout = layoutOf(model, places);
    const { size } = layout;
    const byStage = () => new Float64Array(size);
    this.layout = layout;
    this.model = model;
    this.base = baseNumbers(input, model, layout);
    this.#guards = guardsOf(model, layout, places);
    this.#tick = model.tick;
    this.#isAcquire = Uint8Array.from(model.stages, ({ kind }) => (kind === 'acquire' ? 1 : 0));
    this.#feelingBefore = Float64Array.from(
      input.stages,
      (stage) => stage.feelingBefore ?? stage.feeling ?? 0
    );
    this.share = new Float64Array(layout.from.length);
    [this.gain, this.dwell, this.start] = [byStage(), byStage(), byStage()];
    [this.#costs, this.#stay, this.#discount] = [byStage(), byStage(), byStage().fill(1)];
    [this.#discountOf, this.#repeats] = [byStage().fill(NaN), byStage().fill(1)];
    [this.#ones, this.#own, this.#brought] = [byStage(), byStage(), byStage()];
    this.#visited = new Uint8Array(size);
    this.#position = new Int32Array(size);
    this.#scratch = new Int32Array(size);
    this.#matrix = new Float64Array(size * size);
  }

  /** Values the journey with these numbers: null when it has a value, else why it has none. */
  solve(numbers: Float64Array): ProblemCode | null {
    return this.prepare(numbers) ?? this.#solveAcquisition(numbers) ?? this.#solveValue(numbers);
  }

  /** Reads numbers without solving; null when every one of them is valid. `row` and `gain` are theirs from then on. */
  prepare(numbers: Float64Array): ProblemCode | null {
    return (
      this.#checkRanges(numbers) ??
      this.#readTime(numbers) ??
      this.#readShares(numbers) ??
      this.#readMoney(numbers)
    );
  }

  /** One row of W + Q and the money of one arrival, for the numbers last read. */
  row(numbers: Float64Array, stage: number): RowChoice {
    const { from, to, size } = this.layout;
    const repeats = this.#repeats[stage]!;
    const next = new Float64Array(size);
    for (let edge = 0; edge < from.length; edge++)
      if (from[edge] === stage) next[to[edge]!]! += this.#discount[stage]! * this.share[edge]!;
    const delay = wholePower(this.#factor, numbers[mapSlot('referralDelay')]!);
    next[this.model.referralEntry]! += numbers[blockOf('referrals', size) + stage]! * delay * repeats;
    return { gain: this.gain[stage]! * repeats, next };
  }

  #checkRanges(numbers: Float64Array): ProblemCode | null {
    for (const { slot, min, max, whole } of this.#guards) {
      const value = numbers[slot]!;
      if (value >= min && value <= max) {
        if (whole && !Number.isInteger(value)) return 'E_INTEGER';
      } else if (!Object.is(value, this.base[slot]))
        return Number.isFinite(value) ? 'E_RANGE' : 'E_NOT_FINITE';
    }
    return null;
  }

  #readTime(numbers: Float64Array): ProblemCode | null {
    const { size } = this.layout;
    const rate = numbers[mapSlot('annualDiscountRate')]!;
    const rateChanged = rate !== this.#rate;
    if (rateChanged) this.#factor = discountFactor(rate, this.#tick);
    this.#rate = rate;
    for (let stage = 0, at = blockOf('dwell', size); stage < size; stage++, at++) {
      const dwell = numbers[at]!;
      if (!rateChanged && dwell === this.#discountOf[stage]) continue;
      this.dwell[stage] = dwell;
      this.#discountOf[stage] = dwell;
      this.#discount[stage] = wholePower(this.#factor, dwell);
      const { retention } = this.model.stages[stage]!;
      if (retention === null) continue;
      if (dwell < 1) {
        this.#rate = NaN;
        return 'E_ZERO_LOOP';
      }
      this.#repeats[stage] = expectedPeriods(retention, this.#discount[stage]!);
    }
    return null;
  }

  #readShares(numbers: Float64Array): ProblemCode | null {
    const { from, to, size, firstTransition } = this.layout;
    const stay = this.#stay;
    const share = this.share;
    stay.fill(0);
    for (let edge = 0; edge < from.length; edge++) {
      const stage = from[edge]!;
      const entered = numbers[firstTransition + edge]!;
      const renews = this.model.stages[stage]!.retention !== null;
      if (renews && entered !== 0 && to[edge] !== stage) return 'E_SBG_EDGES';
      share[edge] = renews ? 0 : entered;
      stay[stage]! += share[edge]!;
    }
    const kappas = { plus: numbers[mapSlot('kappaPlus')]!, minus: numbers[mapSlot('kappaMinus')]! };
    const feelings = blockOf('feeling', size);
    for (let stage = 0; stage < size; stage++) {
      if (stay[stage]! > 1 + SUM_SLACK) return 'E_ROW_SUM';
      const shift = feelingShift(this.#feelingBefore[stage]!, numbers[feelings + stage]!, kappas);
      stay[stage] = shift === 0 ? 1 : stayFactor(stay[stage]!, shift);
    }
    for (let edge = 0; edge < from.length; edge++) share[edge]! *= stay[from[edge]!]!;
    return null;
  }

  #readMoney(numbers: Float64Array): ProblemCode | null {
    const { size, lanes, firstCost } = this.layout;
    this.#costs.fill(0);
    for (let lane = 0, at = firstCost; lane < lanes; lane++)
      for (let stage = 0; stage < size; stage++, at++) this.#costs[stage]! += numbers[at]!;
    const orders = blockOf('ordersPerVisit', size);
    const values = blockOf('orderValue', size);
    const margins = blockOf('grossMargin', size);
    const mapMargin = numbers[mapSlot('grossMargin')]!;
    for (let stage = 0; stage < size; stage++) {
      let margin = 0;
      const count = numbers[orders + stage]!;
      if (count !== 0) {
        if (this.#isAcquire[stage]) return 'E_ORDERS_BEFORE_CUSTOMER';
        const own = numbers[margins + stage]!;
        margin = count * numbers[values + stage]! * (Number.isNaN(own) ? mapMargin : own);
        if (Number.isNaN(margin)) return 'E_MISSING';
      }
      this.gain[stage] = margin - this.#costs[stage]!;
    }
    let entering = 0;
    for (let stage = 0, at = blockOf('entry', size); stage < size; stage++, at++) entering += numbers[at]!;
    return Math.abs(entering - 1) > SUM_SLACK ? 'E_ROW_SUM' : null;
  }

  /** C16, among the acquire stages that prospects can come to. */
  #solveAcquisition(numbers: Float64Array): ProblemCode | null {
    const { size, from, to } = this.layout;
    const position = this.#position;
    const visits = this.#own;
    const ones = this.#ones;
    const start = this.start;
    const entry = blockOf('entry', size);
    const count = this.#findVisited(numbers, entry);
    if (!this.#factorAcquisition(count)) return 'E_NO_EXIT';
    start.fill(0);
    for (let stage = 0; stage < size; stage++) {
      const entering = numbers[entry + stage]!;
      if (position[stage]! >= 0) visits[position[stage]!] = entering;
      else if (!this.#isAcquire[stage]) start[stage] = entering;
    }
    solveRowInPlace(this.#matrix, count, visits);
    ones.fill(1);
    solveInPlace(this.#matrix, count, ones);
    if (!isBounded(ones, count)) return 'E_NO_EXIT';
    for (let edge = 0; edge < from.length; edge++) {
      const at = position[from[edge]!]!;
      if (at >= 0 && !this.#isAcquire[to[edge]!]) start[to[edge]!]! += visits[at]! * this.share[edge]!;
    }
    let conversion = 0;
    let spend = 0;
    for (let stage = 0; stage < size; stage++) {
      conversion += start[stage]!;
      if (position[stage]! >= 0) spend += visits[position[stage]!]! * this.#costs[stage]!;
    }
    if (!(conversion > 0)) return 'E_NO_CONVERSION';
    for (let stage = 0; stage < size; stage++) start[stage]! /= conversion;
    this.conversion = conversion;
    this.cac = spend / conversion;
    return null;
  }

  /** Numbers the acquire stages that can be visited; -1 for the others. */
  #findVisited(numbers: Float64Array, entry: number): number {
    const { size, from, to } = this.layout;
    const visited = this.#visited;
    const position = this.#position;
    for (let stage = 0; stage < size; stage++) visited[stage] = numbers[entry + stage]! > 0 ? 1 : 0;
    for (let grew = true; grew;) {
      grew = false;
      for (let edge = 0; edge < from.length; edge++) {
        const a = from[edge]!;
        const b = to[edge]!;
        if (!visited[a] || !this.#isAcquire[a] || visited[b] || !(this.share[edge]! > 0)) continue;
        visited[b] = 1;
        grew = true;
      }
    }
    let count = 0;
    for (let stage = 0; stage < size; stage++)
      position[stage] = visited[stage] && this.#isAcquire[stage] ? count++ : -1;
    return count;
  }

  #factorAcquisition(count: number): boolean {
    const { from, to } = this.layout;
    const matrix = this.#matrix;
    const position = this.#position;
    matrix.fill(0, 0, count * count);
    for (let k = 0; k < count; k++) matrix[k * count + k] = 1;
    for (let edge = 0; edge < from.length; edge++) {
      const row = position[from[edge]!]!;
      const column = position[to[edge]!]!;
      if (row >= 0 && column >= 0) matrix[row * count + column]! -= this.share[edge]!;
    }
    return eliminate(matrix, count, this.#scratch);
  }

  /** C15, C17. */
  #solveValue(numbers: Float64Array): ProblemCode | null {
    const { size, from, to } = this.layout;
    const matrix = this.#matrix;
    const ones = this.#ones;
    const own = this.#own;
    const repeats = this.#repeats;
    matrix.fill(0);
    for (let k = 0; k < size; k++) matrix[k * size + k] = 1;
    for (let edge = 0; edge < from.length; edge++)
      matrix[from[edge]! * size + to[edge]!]! -= this.#discount[from[edge]!]! * this.share[edge]!;
    if (!eliminate(matrix, size, this.#scratch)) return 'E_NO_EXIT';
    ones.fill(1);
    solveInPlace(matrix, size, ones);
    for (let stage = 0; stage < size; stage++) own[stage] = this.gain[stage]! * repeats[stage]!;
    solveInPlace(matrix, size, own);
    if (!isBounded(ones, size) || !own.every(Number.isFinite)) return 'E_NO_EXIT';
    this.npv = 0;
    this.clv = 0;
    const entry = blockOf('entry', size);
    for (let stage = 0; stage < size; stage++) {
      this.npv += numbers[entry + stage]! * own[stage]!;
      this.clv += this.start[stage]! * own[stage]!;
    }
    return this.#addReferrals(numbers);
  }

  #addReferrals(numbers: Float64Array): ProblemCode | null {
    const { size } = this.layout;
    const brought = this.#brought;
    const ones = this.#ones;
    const referrals = blockOf('referrals', size);
    const delay = wholePower(this.#factor, numbers[mapSlot('referralDelay')]!);
    let any = false;
    for (let stage = 0; stage < size; stage++) {
      brought[stage] = numbers[referrals + stage]! * delay * this.#repeats[stage]!;
      any ||= brought[stage] !== 0;
    }
    if (!any) return null;
    solveInPlace(this.#matrix, size, brought);
    const at = this.model.referralEntry;
    const room = 1 - brought[at]!;
    if (!(room > 0)) return 'E_REFERRAL_SUPERCRITICAL';
    const visits = ones[at]! / room;
    for (let stage = 0; stage < size; stage++) ones[stage]! += brought[stage]! * visits;
    if (!isBounded(ones, size)) return 'E_REFERRAL_SUPERCRITICAL';
    const worth = this.#own[at]! / room;
    const entry = blockOf('entry', size);
    for (let stage = 0; stage < size; stage++) this.npv += numbers[entry + stage]! * brought[stage]! * worth;
    return null;
  }
}
