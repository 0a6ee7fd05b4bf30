import type { SimulationValue } from '#lib/clv/decisions/index.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import { same } from '#lib/journey/same.ts';
import type { PortfolioJob } from '#lib/scenarios/portfolio.ts';
import type { SimulationJob } from '#lib/scenarios/simulation.ts';
import { startJob, type Job, type Outcome, type Progress } from './jobs.ts';

/** One kind of long work: at most one job at a time, and the last result, whatever became of later jobs. */
export class Run<J extends Job> {
  /** How far the running job is; null when none runs. */
  progress = $state.raw<Progress | null>(null);
  /** The last result, with what it was computed from. */
  last = $state.raw<{ readonly job: J; readonly result: Outcome<J> } | null>(null);
  /** The last job broke off by itself. */
  failed = $state(false);
  #stop: (() => void) | null = null;

  /** Starts a job in place of the running one. */
  start(job: J): void {
    this.cancel();
    this.failed = false;
    this.progress = { done: 0, total: 1 };
    this.#stop = startJob(job, {
      onProgress: (progress) => (this.progress = progress),
      onResult: (result) => {
        this.#end();
        this.last = { job, result };
      },
      onFailure: () => {
        this.#end();
        this.failed = true;
      }
    });
  }

  /** Ends the running job; the last result stays. */
  cancel(): void {
    this.#stop?.();
    this.#end();
  }

  #end(): void {
    this.#stop = null;
    this.progress = null;
  }
}

/** True when `job` asks the same of the same numbers as an earlier one; the seed and the number of draws aside. */
export const sameQuestion = (job: Job, earlier: Job): boolean =>
  job.kind === 'simulation' && earlier.kind === 'simulation'
    ? same({ ...job, seed: 0, draws: 0 }, { ...earlier, seed: 0, draws: 0 })
    : same(job, earlier);

/** What one person has asked of an open map. It is theirs alone and never enters the document. */
export class Questions {
  readonly simulation = new Run<SimulationJob>();
  readonly portfolio = new Run<PortfolioJob>();
  /** Money for one-off costs; undefined until somebody enters it. */
  budget = $state<number | undefined>();
  /** The seed of the next simulation; undefined for one of its own. */
  seed = $state<number | undefined>();
}

const questions = new WeakMap<JourneyDocument, Questions>();

/** The questions asked of an open map; they outlive the panels that show them. */
export function questionsOf(document: JourneyDocument): Questions {
  let found = questions.get(document);
  if (found === undefined) questions.set(document, (found = new Questions()));
  return found;
}

/** The last simulation while it is one of these very numbers; null when there is none or they have changed since. */
export function freshSimulation(
  { simulation }: Questions,
  job: SimulationJob | { readonly kind: 'refused' }
): SimulationValue | null {
  const { last } = simulation;
  const fresh = last !== null && job.kind === 'simulation' && sameQuestion(job, last.job);
  return fresh && last.result.ok ? last.result : null;
}
