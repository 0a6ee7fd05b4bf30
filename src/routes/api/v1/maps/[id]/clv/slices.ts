import { setImmediate } from 'node:timers/promises';

const SLICE = 8; // milliseconds of work between which others are served
const LONGEST = 20_000; // milliseconds from the request to the answer

/** Long work, one piece after the other: however many ask, no more than one core's time goes into it. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs a job in slices, when its turn comes.
 *
 * @param signal of the request: nobody waits for the answer of one that was ended.
 * @returns null when the request ended or the job took too long.
 */
export function inSlices<Result>(
  steps: () => Generator<unknown, Result, void>,
  signal: AbortSignal
): Promise<Result | null> {
  const until = performance.now() + LONGEST;
  const result = turn.then(() => run(steps(), signal, until));
  turn = result.catch(() => null);
  return result;
}

async function run<Result>(
  steps: Generator<unknown, Result, void>,
  signal: AbortSignal,
  until: number
): Promise<Result | null> {
  while (!signal.aborted && performance.now() < until) {
    const end = performance.now() + SLICE;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await setImmediate();
  }
  return null;
}
