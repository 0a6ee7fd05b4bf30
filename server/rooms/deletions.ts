/** The deletions that an update lists, by client. They may overlap and come in any order. */
export class Deletions {
  /** From and up to, in pairs. */
  readonly #listed = new Map<number, { pairs: [number, number][]; merged: boolean }>();

  add(client: number, from: number, to: number): void {
    const known = this.#listed.get(client);
    if (!known) this.#listed.set(client, { pairs: [[from, to]], merged: true });
    else {
      known.pairs.push([from, to]);
      known.merged = false;
    }
  }

  /** For each client, the clock behind the last one that is deleted. */
  *ends(): Iterable<readonly [client: number, end: number]> {
    for (const [client, { pairs }] of this.#listed)
      yield [client, pairs.reduce((end, [, to]) => Math.max(end, to), 0)];
  }

  /** How many of the clocks `from` up to `to` are not deleted. */
  left(client: number, from: number, to: number): number {
    const pairs = this.#merged(client);
    let low = 0;
    let high = pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[middle]?.[1] ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    let left = to - from;
    for (let pair = pairs[low]; pair && pair[0] < to; pair = pairs[++low])
      left -= Math.min(to, pair[1]) - Math.max(from, pair[0]);
    return left;
  }

  #merged(client: number): readonly (readonly [number, number])[] {
    const listed = this.#listed.get(client);
    if (!listed) return [];
    if (!listed.merged) {
      const merged: [number, number][] = [];
      for (const pair of listed.pairs.sort(([a], [b]) => a - b)) {
        const last = merged.at(-1);
        if (last && pair[0] <= last[1]) last[1] = Math.max(last[1], pair[1]);
        else merged.push(pair);
      }
      listed.pairs = merged;
      listed.merged = true;
    }
    return listed.pairs;
  }
}
