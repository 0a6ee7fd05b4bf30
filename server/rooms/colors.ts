/** Readable on paper and on ink, told apart by people with the usual colour blindness as far as twelve colours can be. */
export const COLORS = [
  '#b3261e',
  '#a6510c',
  '#8a6d00',
  '#4f7a1c',
  '#1b7f4d',
  '#0b7a75',
  '#1769aa',
  '#3451b2',
  '#5b3fb5',
  '#86389e',
  '#a92a6b',
  '#6b5443'
] as const;

/** The colour a person has wherever nobody else has it. */
export const colorOf = (userId: string): string => {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[hash % COLORS.length] ?? COLORS[0];
};

const REMEMBERED = 1_000;

/**
 * Who has which colour on one map: no two people who are there at once share one while there are colours left, a
 * person has the same in all their tabs, and gets it back after a break while nobody else took it.
 */
export class Colors {
  readonly #present = new Map<string, { readonly color: string; tabs: number }>();
  readonly #before = new Map<string, string>();

  /** A tab of somebody comes in. */
  take(userId: string): string {
    const here = this.#present.get(userId);
    if (here !== undefined) {
      here.tabs += 1;
      return here.color;
    }
    const used = new Set([...this.#present.values()].map(({ color }) => color));
    const wanted = this.#before.get(userId) ?? colorOf(userId);
    const color = used.has(wanted) ? (COLORS.find((free) => !used.has(free)) ?? wanted) : wanted;
    this.#present.set(userId, { color, tabs: 1 });
    if (this.#before.size > REMEMBERED) this.#before.clear();
    this.#before.set(userId, color);
    return color;
  }

  /** A tab of somebody has left. */
  leave(userId: string): void {
    const here = this.#present.get(userId);
    if (here === undefined) return;
    here.tabs -= 1;
    if (here.tabs <= 0) this.#present.delete(userId);
  }
}
