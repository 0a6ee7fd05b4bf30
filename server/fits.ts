import { Worker } from 'node:worker_threads';
import type { FitAnswer, FitJob } from '#lib/scenarios/transactions/fit-request.ts';

/** Fits models for programs, one at a time, off the event loop. */
export interface Fits {
  /** `busy`: too many wait already. `late`: it took too long and was ended. */
  run(job: FitJob): Promise<FitAnswer | { readonly kind: 'busy' | 'late' }>;
  close(): Promise<void>;
}

const MOST_WAITING = 8;
const LONGEST_MS = 30_000;
const MEMORY_MB = 512;

/** Beside this file in the sources; in the build, an entry of its own above the shared chunks. */
const threadUrl = (): URL => {
  const here = import.meta.url;
  const name = here.endsWith('.ts') ? './fit-worker.ts' : './server-fit.js';
  return new URL(here.includes('/server-chunks/') ? `.${name}` : name, here);
};

/** One thread, started with the first request and kept; a fit that takes too long ends it, and the next starts anew. */
export function createFits(): Fits {
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const start = (): Worker => {
    const worker = new Worker(threadUrl(), { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    worker.unref();
    worker.on('exit', () => {
      if (thread === worker) thread = undefined;
    });
    return worker;
  };

  const answer = (job: FitJob): Promise<FitAnswer | { kind: 'late' }> =>
    new Promise((resolve) => {
      const worker = (thread ??= start());
      const settle = (result: FitAnswer | { kind: 'late' }) => {
        clearTimeout(limit);
        worker.off('message', settle).off('error', fail).off('exit', fail);
        resolve(result);
      };
      const fail = () => {
        if (thread === worker) thread = undefined;
        void worker.terminate();
        settle({ kind: 'late' });
      };
      const limit = setTimeout(fail, LONGEST_MS);
      worker.on('message', settle).on('error', fail).on('exit', fail);
      worker.postMessage(job);
    });

  return {
    async run(job) {
      if (waiting >= MOST_WAITING) return { kind: 'busy' };
      waiting += 1;
      const turn = last.then(() => answer(job));
      last = turn;
      try {
        return await turn;
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      await thread?.terminate();
    }
  };
}
