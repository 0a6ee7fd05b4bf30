import { cellsOnly, type FiguresJob } from '#lib/scenarios/figures-answer.ts';
import { Thread } from './thread.ts';

/** Works out what maps are worth, off the event loop. */
export interface Figures {
  /**
   * The body of the answer as JSON; null when the request ended or it took too long. Portfolios and simulations wait
   * for each other, and nothing else waits for them.
   */
  run(job: FiguresJob, signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

const LONGEST_MS = 20_000;

/** A thread, started with the first job, that does one after the other. */
class Queue {
  #thread: Thread<FiguresJob, string> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  run(job: FiguresJob, signal: AbortSignal): Promise<string | null> {
    const until = performance.now() + LONGEST_MS;
    const answer = this.#turn.then(() => this.#answer(job, signal, until));
    this.#turn = answer;
    return answer;
  }

  async #answer(job: FiguresJob, signal: AbortSignal, until: number): Promise<string | null> {
    const left = until - performance.now();
    if (signal.aborted || left <= 0) return null;
    const thread = (this.#thread ??= new Thread<FiguresJob, string>('figures'));
    const answer = await thread.ask(job, left, signal);
    if (answer === null) {
      this.#thread = undefined;
      await thread.end();
    }
    return answer;
  }

  close = async (): Promise<void> => this.#thread?.end();
}

/** Two threads: one for figures alone, which are quick, and one for what takes seconds. */
export function createFigures(): Figures {
  const [quick, long] = [new Queue(), new Queue()];
  return {
    run: ({ journey, ...asked }, signal) =>
      (asked.budget === null && asked.simulation === null ? quick : long).run(
        { journey: cellsOnly(journey), ...asked },
        signal
      ),
    async close() {
      await Promise.all([quick.close(), long.close()]);
    }
  };
}
