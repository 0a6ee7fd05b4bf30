import type { JourneyInput } from '../model.ts';
import { changesOf } from './edits.ts';
import type { Layout } from './layout.ts';
import type { NumberPlace } from './numbers.ts';
import type { Opportunity, Refused } from './types.ts';

/** One change of one slot by one opportunity. */
interface SlotEdit {
  readonly by: number;
  readonly amount: number;
}

/** All changes of one slot, by whomever. */
interface SlotEdits {
  readonly slot: number;
  /** The number in force where the array holds NaN: a margin that is the map's. */
  readonly inForce: number;
  readonly sets: readonly SlotEdit[];
  readonly factors: readonly SlotEdit[];
  readonly terms: readonly SlotEdit[];
}

/** Where opportunities change numbers; nothing for one whose own edits are refused. */
export function placesOf(input: JourneyInput, opportunities: readonly Opportunity[]): NumberPlace[] {
  return opportunities.flatMap(({ edits }) => {
    const found = changesOf(input, edits);
    return found.ok ? found.changes.map(({ place }) => place) : [];
  });
}

/** The edits of several opportunities, ready to be applied to arrays of numbers in any combination (D1). */
export class EditProgram {
  readonly #slots: readonly SlotEdits[];

  private constructor(slots: readonly SlotEdits[]) {
    this.#slots = slots;
  }

  /** @returns what {@link changesOf} refuses in any one of them. */
  static compile(
    input: JourneyInput,
    opportunities: readonly Opportunity[],
    layout: Layout
  ): EditProgram | Refused {
    const slots = new Map<
      number,
      { inForce: number; sets: SlotEdit[]; factors: SlotEdit[]; terms: SlotEdit[] }
    >();
    for (const [by, opportunity] of opportunities.entries()) {
      const found = changesOf(input, opportunity.edits);
      if (!found.ok)
        return {
          ok: false,
          problems: found.problems.map((problem) => ({ ...problem, opportunity: opportunity.id }))
        };
      for (const { place, before, set, factors, terms } of found.changes) {
        const slot = layout.slotOf(place);
        const edits = slots.get(slot) ?? { inForce: before ?? NaN, sets: [], factors: [], terms: [] };
        slots.set(slot, edits);
        if (set !== null) edits.sets.push({ by, amount: set });
        edits.factors.push(...factors.map((amount) => ({ by, amount })));
        edits.terms.push(...terms.map((amount) => ({ by, amount })));
      }
    }
    return new EditProgram([...slots].map(([slot, edits]) => ({ slot, ...edits })));
  }

  /**
   * Writes `from` with the changes of the chosen opportunities into `into`, which must differ from `from` at most where
   * an earlier call wrote.
   *
   * @param chosen 1 for those that take effect, by position.
   */
  apply(from: Float64Array, chosen: Uint8Array, into: Float64Array): void {
    for (const { slot, inForce, sets, factors, terms } of this.#slots) {
      const original = from[slot]!;
      let touched = false;
      let value = Number.isNaN(original) ? inForce : original;
      for (const { by, amount } of sets) {
        if (!chosen[by]) continue;
        value = amount;
        touched = true;
      }
      for (const { by, amount } of factors) {
        if (!chosen[by]) continue;
        value *= amount;
        touched = true;
      }
      for (const { by, amount } of terms) {
        if (!chosen[by]) continue;
        value += amount;
        touched = true;
      }
      into[slot] = touched ? value : original;
    }
  }
}
