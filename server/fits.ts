import { Pause, withoutPauses } from './body.ts';
import type { FitAnswer, FitHead } from '#lib/scenarios/transactions/fit-request.ts';
import type { FitMessage, FitReply } from './fit-worker.ts';
import { Thread } from './thread.ts';

/** Why there is no answer: too many at once, it took too long, the body is too large or broke off. */
export type NoFit = { readonly kind: 'busy' | 'late' | 'large' | 'cut' };

/** Fits models for programs, off the event loop: bodies are read as they come, fits run one at a time. */
export interface Fits {
  run(head: FitHead, body: AsyncIterable<Uint8Array>): Promise<FitAnswer | NoFit>;
  close(): Promise<void>;
}

export interface FitLimits {
  /** Requests whose body is read or waits for its fit. */
  readonly atOnce: number;
  readonly bytes: number;
  /** Longest pause between two pieces of a body, and longest fit, in milliseconds. */
  readonly pauseMs: number;
  readonly fitMs: number;
}

const LIMITS: FitLimits = { atOnce: 4, bytes: 10 * 1024 * 1024, pauseMs: 15_000, fitMs: 30_000 };
type FitThread = Thread<FitMessage, FitReply>;

/**
 * Threads as requests come, each for one request at a time; one is kept for the next. A request that is refused, breaks
 * off or takes too long ends its own thread and nobody else's.
 */
export function createFits(limits: FitLimits = LIMITS): Fits {
  const threads = new Set<FitThread>();
  let spare: FitThread | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const take = (): FitThread => {
    const thread = spare ?? new Thread<FitMessage, FitReply>('fit');
    spare = undefined;
    threads.add(thread);
    return thread;
  };

  /** The body into the thread, piece by piece; the next piece is asked for when the last one has been read. */
  const feed = async (thread: FitThread, body: AsyncIterable<Uint8Array>): Promise<NoFit | null> => {
    let length = 0;
    try {
      for await (const bytes of withoutPauses(body, limits.pauseMs)) {
        length += bytes.byteLength;
        if (length > limits.bytes) return { kind: 'large' };
        if ((await thread.ask({ kind: 'piece', bytes }, limits.fitMs)) === null) return { kind: 'late' };
      }
      return null;
    } catch (error) {
      return { kind: error instanceof Pause ? 'late' : 'cut' };
    }
  };

  const fit = async (thread: FitThread): Promise<FitAnswer | NoFit> => {
    const mine = turn.then(() => thread.ask({ kind: 'end' }, limits.fitMs));
    turn = mine;
    const reply = await mine;
    return reply === null || reply.kind === 'taken' ? { kind: 'late' } : reply;
  };

  return {
    async run(head, body) {
      if (threads.size >= limits.atOnce) return { kind: 'busy' };
      const thread = take();
      await thread.ask({ kind: 'head', head }, limits.fitMs);
      const answer = (await feed(thread, body)) ?? (await fit(thread));
      threads.delete(thread);
      const isDone = answer.kind === 'fitted' || answer.kind === 'refused' || answer.kind === 'broken';
      if (isDone && spare === undefined) spare = thread;
      else await thread.end();
      return answer;
    },
    async close() {
      await Promise.all([...threads, ...(spare === undefined ? [] : [spare])].map((thread) => thread.end()));
    }
  };
}
