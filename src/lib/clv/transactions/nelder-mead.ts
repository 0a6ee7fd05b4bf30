interface Corner {
  readonly at: Float64Array;
  readonly value: number;
}

/**
 * A point near a minimum of f, by the simplex method of Nelder & Mead (1965) in the form of Lagarias et al. (1998). It
 * needs no gradient and stands a rugged f, but stops where it stops: a result is to be checked by its gradient.
 *
 * @param start f is finite there. The first simplex reaches 0.5 beyond it in every direction.
 * @returns the best corner when the corners agree within 1e-10 of f's size, or after 300 evaluations per direction.
 */
export function nelderMead(f: (at: Float64Array) => number, start: Float64Array): Float64Array {
  const evaluate = (at: Float64Array): Corner => ({ at, value: f(at) });
  const moved = (index: number) => start.map((entry, k) => (k === index ? entry + 0.5 : entry));
  let simplex = [start, ...Array.from(start, (_, index) => moved(index))].map(evaluate);
  for (let round = 0; round < 300 * start.length; round++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst, second] = [simplex[0]!, simplex.at(-1)!, simplex.at(-2)!];
    if (worst.value - best.value <= 1e-10 * (1 + Math.abs(best.value))) break;
    const centre = start.map(
      (_, k) => simplex.slice(0, -1).reduce((sum, { at }) => sum + at[k]!, 0) / start.length
    );
    const along = (share: number) =>
      evaluate(centre.map((entry, k) => entry + share * (worst.at[k]! - entry)));
    const reflected = along(-1);
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      if (expanded.value < reflected.value) next = expanded;
    } else if (reflected.value >= second.value) {
      next = reflected.value < worst.value ? along(-0.5) : along(0.5);
    }
    const limit = reflected.value < second.value ? Infinity : Math.min(worst.value, reflected.value);
    if (next.value < limit) simplex = [...simplex.slice(0, -1), next];
    else
      simplex = simplex.map(({ at }) =>
        evaluate(at.map((entry, k) => best.at[k]! + (entry - best.at[k]!) / 2))
      );
  }
  return simplex.reduce((best, corner) => (corner.value < best.value ? corner : best)).at;
}
