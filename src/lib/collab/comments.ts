import type {
  Comment,
  CommentPerson,
  Reaction,
  Thread,
  ThreadPage,
  Verdict
} from '#lib/protocol/comments.ts';

export { COMMENT_LIMITS, COMMENTS_TOPIC, REACTIONS, VERDICTS } from '#lib/protocol/comments.ts';
export type { Comment, CommentPerson, Reaction, Thread, Verdict };

/** What is said, whom it names (ids) and what it decides. */
export interface Words {
  readonly text: string;
  readonly mentions: readonly string[];
  readonly verdict?: Verdict;
}

/** A request that failed; `message` is one sentence for the person. */
export class CommentsProblem extends Error {
  override readonly name = 'CommentsProblem';
}

/** The comments of one map, as the server has them. Every call may throw a {@link CommentsProblem}. */
export interface CommentsClient {
  /** All threads, newest first. */
  list(): Promise<readonly Thread[]>;
  people(): Promise<readonly CommentPerson[]>;
  /** Answers the thread's id. */
  begin(anchor: string, words: Words): Promise<string>;
  reply(thread: string, words: Words): Promise<void>;
  edit(thread: string, comment: string, text: string): Promise<void>;
  remove(thread: string, comment: string): Promise<void>;
  resolve(thread: string, resolved: boolean): Promise<void>;
  react(thread: string, comment: string, emoji: Reaction, on: boolean): Promise<void>;
  see(thread: string): Promise<void>;
}

const OFFLINE = 'The server can’t be reached. What you wrote is still here; try again in a moment.';

/** `send`: the browser's `fetch`. */
export function commentsClient(mapId: string, send: typeof fetch = fetch): CommentsClient {
  const base = `/api/v1/maps/${mapId}`;

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await send(base + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    }).catch(() => {
      throw new CommentsProblem(OFFLINE);
    });
    const said = (await answer.json().catch(() => null)) as unknown;
    if (answer.ok && said !== null) return said as T;
    throw new CommentsProblem(detailOf(said));
  }

  return {
    async list() {
      const threads: Thread[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
        const page: ThreadPage = await call<ThreadPage>('GET', `/comments${query}`);
        threads.push(...page.threads);
        cursor = page.next;
      } while (cursor !== null);
      return threads;
    },
    people: async () => (await call<{ people: readonly CommentPerson[] }>('GET', '/people')).people,
    begin: async (anchor, words) =>
      (await call<{ id: string }>('POST', '/comments', { anchor, ...words })).id,
    reply: (thread, words) => call('POST', `/comments/${thread}`, words),
    edit: (thread, comment, text) => call('PATCH', `/comments/${thread}/${comment}`, { text }),
    remove: (thread, comment) => call('DELETE', `/comments/${thread}/${comment}`),
    resolve: (thread, resolved) => call('PATCH', `/comments/${thread}`, { resolved }),
    react: (thread, comment, emoji, on) =>
      call(on ? 'PUT' : 'DELETE', `/comments/${thread}/${comment}/reactions/${encodeURIComponent(emoji)}`),
    see: (thread) => call('PATCH', `/comments/${thread}`, { seen: true })
  };
}

/** What the server says went wrong: the first thing that is wrong with the request, else its summary. */
function detailOf(said: unknown): string {
  const { errors, detail } = (said ?? {}) as { errors?: readonly { message?: unknown }[]; detail?: unknown };
  const first = errors?.[0]?.message;
  if (typeof first === 'string') return first;
  return typeof detail === 'string' ? detail : 'The server did not take that. What you wrote is still here.';
}
