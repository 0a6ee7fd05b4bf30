import type { EditProgram } from './edit-program.ts';
import type { LeanJourney } from './lean.ts';
import { createRandom } from './random.ts';

const DRAWN_PATTERNS = 500;
/** Solved patterns that are remembered; then the memory starts over. */
const MOST_REMEMBERED = 200_000;

/**
 * The uplift of opportunities done together, by re-solving with the edits of those that take effect (D9):
 * E_S = sum over T within S of prod_{k in T} p_k prod_{k in S - T} (1 - p_k) (J(T) - J(none)), p_k = s_k u_k,
 * independent of each other.
 */
export class JointUplift {
  /** Journeys solved so far. */
  solves = 0;
  readonly #journey: LeanJourney;
  readonly #program: EditProgram;
  readonly #chances: readonly number[];
  readonly #mostUncertain: number;
  readonly #numbers: Float64Array;
  readonly #before: number;
  readonly #known = new Map<string, number>();
  readonly #effect: Uint8Array;

  /**
   * @param chances p by opportunity, 0 to 1.
   * @param mostUncertain up to so many uncertain opportunities in one set, all 2^n success patterns are solved.
   */
  constructor(journey: LeanJourney, program: EditProgram, chances: readonly number[], mostUncertain: number) {
    this.#mostUncertain = mostUncertain;
    this.#journey = journey;
    this.#program = program;
    this.#chances = chances;
    this.#numbers = Float64Array.from(journey.base);
    this.#effect = new Uint8Array(chances.length);
    this.#before = this.#solve(this.#effect);
  }

  #solve(effect: Uint8Array): number {
    this.solves++;
    this.#program.apply(this.#journey.base, effect, this.#numbers);
    return this.#journey.solve(this.#numbers) === null ? this.#journey.npv : NaN;
  }

  /** J(T) - J(none), money per prospect; NaN where the changed map has no value. */
  upliftOf(effect: Uint8Array): number {
    return this.#solve(effect) - this.#before;
  }

  #rememberedUplift(effect: Uint8Array): number {
    const key = effect.join('');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const uplift = this.upliftOf(effect);
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key, uplift);
    return uplift;
  }

  /** True when {@link expectedUplift} of this set solves every pattern; else it draws patterns. */
  isExact(chosen: Uint8Array): boolean {
    return this.#uncertainOf(chosen).length <= this.#mostUncertain;
  }

  #uncertainOf(chosen: Uint8Array): number[] {
    return this.#chances.flatMap((chance, k) => (chosen[k] && chance > 0 && chance < 1 ? [k] : []));
  }

  /**
   * E_S of one set, money per prospect; NaN when a pattern that can happen has no value. With too many uncertain
   * opportunities to solve all patterns it is the mean over 500 drawn patterns, the same ones for every set.
   */
  expectedUplift(chosen: Uint8Array): number {
    const uncertain = this.#uncertainOf(chosen);
    const effect = this.#effect;
    this.#chances.forEach((chance, k) => (effect[k] = chosen[k] && chance > 0 ? 1 : 0));
    return uncertain.length <= this.#mostUncertain
      ? this.#average(effect, uncertain, 0)
      : this.#averageDrawn(effect, uncertain);
  }

  #average(effect: Uint8Array, uncertain: readonly number[], from: number): number {
    const k = uncertain[from];
    if (k === undefined) return this.#rememberedUplift(effect);
    const chance = this.#chances[k]!;
    effect[k] = 1;
    const works = this.#average(effect, uncertain, from + 1);
    effect[k] = 0;
    const fails = this.#average(effect, uncertain, from + 1);
    return chance * works + (1 - chance) * fails;
  }

  #averageDrawn(effect: Uint8Array, uncertain: readonly number[]): number {
    const random = createRandom(1);
    const isUncertain = new Set(uncertain);
    let sum = 0;
    for (let draw = 0; draw < DRAWN_PATTERNS; draw++) {
      this.#chances.forEach((chance, k) => {
        const works = random.uniform() < chance;
        if (isUncertain.has(k)) effect[k] = works ? 1 : 0;
      });
      sum += this.#rememberedUplift(effect);
    }
    return sum / DRAWN_PATTERNS;
  }
}

/**
 * E_S of every set at once (D9). Uplifts of all T come in, by bit mask, and expectations of all S go out, in
 * n 2^n steps: for each k, E[S] becomes p_k E[S] + (1 - p_k) E[S without k]. NaN stays where it matters.
 */
export function averageOverPatterns(uplifts: Float64Array, chances: readonly number[]): void {
  chances.forEach((chance, k) => {
    if (chance === 1) return;
    const bit = 1 << k;
    for (let set = 0; set < uplifts.length; set++) {
      if (!(set & bit)) continue;
      const without = uplifts[set ^ bit]!;
      uplifts[set] = chance === 0 ? without : chance * uplifts[set]! + (1 - chance) * without;
    }
  });
}
