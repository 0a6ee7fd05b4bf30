import type { Review, ReviewInterval, ReviewOutcome } from '#lib/protocol/reviews.ts';
import { request } from './requests.ts';

export {
  nextReview,
  REVIEW_INTERVALS,
  REVIEW_LIMITS,
  REVIEW_OUTCOMES,
  REVIEW_TOPIC
} from '#lib/protocol/reviews.ts';
export type { ConcludedReview, Review, ReviewInterval, ReviewOutcome, Win } from '#lib/protocol/reviews.ts';

/** The review cycle of one map, as the server has it. Every call may throw a RequestProblem. */
export interface ReviewClient {
  read(): Promise<Review>;
  /** `dueAt`: YYYY-MM-DD, null for none. */
  plan(plan: {
    readonly dueAt: string | null;
    readonly every: ReviewInterval;
    readonly reviewers: readonly string[];
  }): Promise<void>;
  conclude(outcome: ReviewOutcome, note: string): Promise<void>;
  celebrate(text: string, amount: number | null): Promise<void>;
  removeWin(id: string): Promise<void>;
}

/** `send`: the browser's `fetch`. */
export function reviewClient(mapId: string, send: typeof fetch = fetch): ReviewClient {
  const base = `/api/v1/maps/${mapId}`;
  return {
    read: () => request<Review>(send, 'GET', `${base}/review`),
    plan: async (plan) => {
      await request(send, 'PUT', `${base}/review`, plan);
    },
    conclude: async (outcome, note) => {
      await request(send, 'POST', `${base}/review`, { outcome, note });
    },
    celebrate: async (text, amount) => {
      await request(send, 'POST', `${base}/wins`, { text, amount });
    },
    removeWin: async (id) => {
      await request(send, 'DELETE', `${base}/wins/${id}`);
    }
  };
}
