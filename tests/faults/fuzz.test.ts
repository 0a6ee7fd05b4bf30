import { expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { fuzz } from '../support/fuzz.ts';
import { createRandom, firstSeed } from '../support/random.ts';
import { keepSeed } from '../support/seeds.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';

const FRAMES = Number(process.env.FRAMES ?? 100_000);
/** The suite's share; `npm run fuzz` runs many of these, each with a seed of its own. */
const PART = Math.min(FRAMES, 100_000);
/** As many frames as a seed that failed once was given. */
const REPEATED = 25_000;

const run = (seed: number, frames: number) => {
  try {
    const report = fuzz(createRandom(seed), frames);
    const { closed, slowestMs, reloads } = report;
    const codes = JSON.stringify(Object.fromEntries(closed));
    const figures = `closed ${codes}; slowest ${slowestMs.toFixed(1)} ms; half taken ${reloads}`;
    if (frames >= 100_000) console.log(`fuzz: seed ${seed}, ${report.frames} frames; ${figures}`);
    if (report.firstError) throw new Error('our own code threw', { cause: report.firstError });
    expect([CLOSE.badFrame, CLOSE.resync, CLOSE.tooBig]).toEqual(expect.arrayContaining([...closed.keys()]));
    return report;
  } catch (error) {
    keepSeed('fuzz', seed);
    throw new Error(`seed ${seed}`, { cause: error });
  }
};

test.each(FAILED_SEEDS.fuzz ?? [])(
  'F21: the frames of seed %d, which failed once',
  { timeout: 60_000 },
  (seed) => {
    run(seed, REPEATED);
  }
);

test(
  `rule 16, F21: ${FRAMES} mutated frames crash nothing, hang nothing, and leave a document that reads back every 300`,
  {
    timeout: 120_000 + FRAMES
  },
  () => {
    const first = firstSeed();
    let slowest = 0;
    for (let part = 0; part * PART < FRAMES; part++)
      slowest = Math.max(slowest, run(first + part, PART).slowestMs);
    expect(slowest).toBeLessThan(100);
  }
);
