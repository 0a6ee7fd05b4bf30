import type { Progress, Steps } from './types.ts';

/**
 * Runs a job to its end.
 *
 * @param goOn asked at every step; false cancels the job.
 * @returns null when cancelled.
 */
export function finish<Result>(steps: Steps<Result>, goOn?: (progress: Progress) => boolean): Result | null {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (goOn && !goOn(step.value)) return null;
  }
}
