import { Worker } from 'node:worker_threads';

/** Beside this file in the sources; in the build, entries of their own above the shared chunks. */
const ENTRIES = {
  fit: { source: './fit-worker.ts', built: './server-fit.js' },
  figures: { source: './figures-worker.ts', built: './server-figures.js' },
  snapshot: { source: './rooms/snapshot-worker.ts', built: './server-snapshot.js' }
} as const;

function urlOf(name: keyof typeof ENTRIES): URL {
  const here = import.meta.url;
  const { source, built } = ENTRIES[name];
  if (here.endsWith('.ts')) return new URL(source, here);
  return new URL(here.includes('/server-chunks/') ? `.${built}` : built, here);
}

const MEMORY_MB = 512;

/** A thread that gives one reply to each message, in their order. */
export class Thread<Message, Reply> {
  readonly #worker: Worker;

  constructor(name: keyof typeof ENTRIES) {
    this.#worker = new Worker(urlOf(name), { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    this.#worker.unref();
    // Whoever waits for a reply learns of it; nobody else has to.
    this.#worker.on('error', () => undefined);
  }

  /**
   * Sends a message and waits for its reply. One message at a time.
   *
   * @returns null when the thread died, `signal` came, or `ms` went by; the thread is of no use then.
   */
  ask(message: Message, ms: number, signal?: AbortSignal): Promise<Reply | null> {
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (reply: Reply | null) => {
        clearTimeout(limit);
        worker.off('message', settle).off('error', fail).off('exit', fail);
        signal?.removeEventListener('abort', fail);
        resolve(reply);
      };
      const fail = () => settle(null);
      const limit = setTimeout(fail, ms);
      worker.on('message', settle).on('error', fail).on('exit', fail);
      signal?.addEventListener('abort', fail);
      worker.postMessage(message);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
