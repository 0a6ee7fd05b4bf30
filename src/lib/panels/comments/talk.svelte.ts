import {
  CommentsProblem,
  type CommentPerson,
  type CommentsClient,
  type Reaction,
  type Thread,
  type Words
} from '#lib/collab/comments.ts';

/**
 * The comments of the open map, kept as the server has them: what somebody else writes arrives by a poke, and at most
 * one request for the list is under way. Nothing is shown before the server has taken it.
 */
export class Talk {
  readonly #client: CommentsClient;
  #threads: readonly Thread[] = $state.raw([]);
  #people: readonly CommentPerson[] = $state.raw([]);
  #state: 'loading' | 'ready' | 'failed' = $state('loading');
  #problem = $state('');
  #asking = false;
  #again = false;

  constructor(client: CommentsClient) {
    this.#client = client;
  }

  get threads(): readonly Thread[] {
    return this.#threads;
  }
  get people(): readonly CommentPerson[] {
    return this.#people;
  }
  get state(): 'loading' | 'ready' | 'failed' {
    return this.#state;
  }
  /** Why the list could not be fetched, one sentence. */
  get problem(): string {
    return this.#problem;
  }
  get unread(): number {
    return this.#threads.filter(({ unread, resolvedAt }) => unread && resolvedAt === null).length;
  }

  /** Fetches everything again; the last of several calls counts. */
  async refresh(): Promise<void> {
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    try {
      const [threads, people] = await Promise.all([this.#client.list(), this.#client.people()]);
      this.#threads = threads;
      this.#people = people;
      this.#state = 'ready';
      this.#problem = '';
    } catch (problem) {
      // What was read before stays in sight.
      if (this.#state === 'loading') this.#state = 'failed';
      this.#problem = problem instanceof CommentsProblem ? problem.message : 'The comments can’t be shown.';
    } finally {
      this.#asking = false;
    }
    if (this.#again) await this.refresh();
  }

  /** Each of these answers null, or a sentence about what went wrong. */
  readonly begin = async (anchor: string, words: Words): Promise<string | null> =>
    this.#do(() => this.#client.begin(anchor, words));
  readonly reply = async (thread: string, words: Words): Promise<string | null> =>
    this.#do(() => this.#client.reply(thread, words));
  readonly edit = async (thread: string, comment: string, text: string): Promise<string | null> =>
    this.#do(() => this.#client.edit(thread, comment, text));
  readonly remove = async (thread: string, comment: string): Promise<string | null> =>
    this.#do(() => this.#client.remove(thread, comment));
  readonly resolve = async (thread: string, resolved: boolean): Promise<string | null> =>
    this.#do(() => this.#client.resolve(thread, resolved));
  readonly react = async (
    thread: string,
    comment: string,
    emoji: Reaction,
    on: boolean
  ): Promise<string | null> => this.#do(() => this.#client.react(thread, comment, emoji, on));
  readonly see = async (thread: string): Promise<string | null> => this.#do(() => this.#client.see(thread));

  async #do(work: () => Promise<unknown>): Promise<string | null> {
    try {
      await work();
    } catch (problem) {
      if (problem instanceof CommentsProblem) return problem.message;
      throw problem;
    }
    await this.refresh();
    return null;
  }
}

/** What every place that shows threads needs. */
export interface TalkProps {
  readonly talk: Talk;
  /** The reader's id. */
  readonly me: string;
  readonly canComment: boolean;
  readonly isOwner: boolean;
}
