/** A seed that nobody has chosen: a whole number below 2^32, short enough to be read out. */
export const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
