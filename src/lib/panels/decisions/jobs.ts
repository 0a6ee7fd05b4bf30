import { portfolioRun, type PortfolioJob } from '#lib/scenarios/portfolio.ts';
import { simulationRun, type SimulationJob } from '#lib/scenarios/simulation.ts';

/** What takes too long for a keystroke. */
export type Job = PortfolioJob | SimulationJob;

type StepsOf<J extends Job> = J extends PortfolioJob
  ? ReturnType<typeof portfolioRun>
  : ReturnType<typeof simulationRun>;
export type Outcome<J extends Job> = StepsOf<J> extends Generator<unknown, infer Result> ? Result : never;

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What a worker says: how far it is, and once what came out. */
export type Report<J extends Job> = { readonly progress: Progress } | { readonly result: Outcome<J> };

/** The job's steps, wherever they run. */
export function stepsOf<J extends Job>(job: J): StepsOf<J> {
  return (job.kind === 'portfolio' ? portfolioRun(job) : simulationRun(job)) as StepsOf<J>;
}

interface Listener<J extends Job> {
  readonly onProgress: (progress: Progress) => void;
  readonly onResult: (result: Outcome<J>) => void;
  readonly onFailure: () => void;
}

/** Starts a job in a worker; where there are none, in slices between which the page can answer. Returns the cancel. */
export function startJob<J extends Job>(job: J, listener: Listener<J>): () => void {
  return typeof Worker === 'undefined' ? startInSlices(job, listener) : startInWorker(job, listener);
}

function startInWorker<J extends Job>(job: J, { onProgress, onResult, onFailure }: Listener<J>): () => void {
  const worker = new Worker(new URL('./simulation.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Report<J>>) => {
    if ('progress' in data) onProgress(data.progress);
    else {
      worker.terminate();
      onResult(data.result);
    }
  };
  worker.onerror = () => {
    worker.terminate();
    onFailure();
  };
  worker.postMessage(job);
  return () => worker.terminate();
}

const SLICE = 8; // milliseconds

function startInSlices<J extends Job>(job: J, { onProgress, onResult, onFailure }: Listener<J>): () => void {
  const steps = stepsOf(job) as Generator<Progress, Outcome<J>, void>;
  const slice = (): void => {
    try {
      const until = performance.now() + SLICE;
      for (;;) {
        const step = steps.next();
        if (step.done) return onResult(step.value);
        if (performance.now() < until) continue;
        onProgress(step.value);
        timer = setTimeout(slice);
        return;
      }
    } catch {
      onFailure();
    }
  };
  let timer = setTimeout(slice);
  return () => clearTimeout(timer);
}
