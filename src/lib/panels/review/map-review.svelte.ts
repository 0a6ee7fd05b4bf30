import { RequestProblem } from '#lib/collab/requests.ts';
import type { Review, ReviewClient, Win } from '#lib/collab/reviews.ts';

/** The review cycle and the wins of the open map. */
export class MapReview {
  readonly client: ReviewClient;
  review: Review | null = $state.raw(null);
  problem = $state('');
  busy = $state(false);
  /** A win that came in while the board was open. */
  newest: Win | null = $state.raw(null);

  constructor(client: ReviewClient) {
    this.client = client;
  }

  async refresh(): Promise<void> {
    try {
      const before = this.review;
      const review = await this.client.read();
      const [win] = review.wins;
      if (before !== null && win !== undefined && !before.wins.some(({ id }) => id === win.id))
        this.newest = win;
      this.review = review;
    } catch (problem) {
      this.problem = sentenceOf(problem);
    }
  }

  /** True when it is done; else {@link problem} says why not. */
  async run(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = '';
    try {
      await work();
      await this.refresh();
    } catch (problem) {
      this.problem = sentenceOf(problem);
    }
    this.busy = false;
    return this.problem === '';
  }
}

const sentenceOf = (problem: unknown): string => {
  if (problem instanceof RequestProblem) return problem.message;
  throw problem;
};
