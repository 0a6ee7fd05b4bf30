/** Seeds of the fuzz test that found a defect, and after how many frames. It is mended, and they stay. */
export const FAILED_SEEDS: readonly (readonly [seed: number, frames: number])[] = [[4, 25_000]];
