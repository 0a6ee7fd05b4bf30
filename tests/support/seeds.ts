import { appendFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILED_SEEDS } from '../faults/failed-seeds.ts';
import { createRandom, firstSeed, type Random } from './random.ts';

/** Runs that fail leave their seed here; it goes into failed-seeds.ts and stays a test. */
const RESULTS = fileURLToPath(new URL('../../test-results/', import.meta.url));

export function keepSeed(name: string, seed: number): void {
  mkdirSync(RESULTS, { recursive: true });
  appendFileSync(`${RESULTS}failed-seeds.txt`, `${name} ${seed}\n`);
}

/**
 * Runs something that rolls dice: first with the seeds it has failed with, then with a new one (or `SEED`). Prints the
 * seed; a failure names it and keeps it in test-results/failed-seeds.txt.
 */
export async function seeded(name: string, run: (random: Random) => void | Promise<void>): Promise<void> {
  for (const seed of [...(FAILED_SEEDS[name] ?? []), firstSeed()]) {
    console.log(`${name}: seed ${seed}`);
    try {
      await run(createRandom(seed));
    } catch (error) {
      keepSeed(name, seed);
      throw new Error(`${name} failed with seed ${seed}; repeat it with SEED=${seed}`, { cause: error });
    }
  }
}
