import { onDestroy, untrack } from 'svelte';
import type { Journey } from '#lib/journey/records.ts';
import { evaluateMap, haveSameFigures } from '#lib/scenarios/evaluate.ts';
import type { MapFigures } from '#lib/scenarios/figures.ts';

const QUICK = 4; // ms that figures may take and still follow each letter
const SHARE = 10; // slower ones are computed a tenth of the time at most
const LONGEST = 500; // ms that figures may be behind

/**
 * The figures of a map that is being edited. Those of a usual map follow every change at once; those of a very large one
 * follow as often as they can without delaying the people who write on it.
 */
export class FollowingFigures {
  #settled: Journey = $state.raw() as Journey;
  #took = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  // The figures before spare the engine what a keystroke did not touch.
  #last: MapFigures | undefined;
  #of: Journey | undefined;
  readonly #figures = $derived.by(() => this.#evaluate(this.#settled));

  /** To be made while a component is. */
  constructor(journey: () => Journey) {
    this.#settled = untrack(journey);
    $effect.pre(() => {
      const next = journey();
      untrack(() => {
        if (this.#took < QUICK) this.#settled = next;
        else
          this.#timer ??= setTimeout(
            () => {
              this.#timer = null;
              this.#settled = journey();
            },
            Math.min(LONGEST, this.#took * SHARE)
          );
      });
    });
    onDestroy(() => clearTimeout(this.#timer ?? undefined));
  }

  get current(): MapFigures {
    return this.#figures;
  }

  #evaluate(journey: Journey): MapFigures {
    const start = performance.now();
    const [before, known] = [this.#of, this.#last];
    this.#of = journey;
    // Ten thousand cards may move and change their words without a figure being another.
    if (before !== undefined && known !== undefined && haveSameFigures(before, journey)) return known;
    this.#last = evaluateMap(journey, known);
    this.#took = performance.now() - start;
    return this.#last;
  }
}
