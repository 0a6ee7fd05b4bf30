import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PictureProblem, PictureType } from '#lib/protocol/pictures.ts';
import type { PictureJob, PictureReply } from './picture-process.ts';

/** A picture as it will be stored. */
export type ReadPicture = Extract<PictureReply, { ok: true }>;

/** Makes new files of pictures, with nothing in them but their pixels. */
export interface PictureReader {
  read(type: PictureType, bytes: Uint8Array): Promise<ReadPicture | PictureProblem>;
  close(): Promise<void>;
}

/** Jobs that wait or run; each holds its file in memory. */
const AT_ONCE = 6;
const LONGEST_MS = 25_000;
const IDLE_MS = 30_000;

/** Beside this file in the sources; in the build, an entry of its own above the shared chunks. */
function entry(): string {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return fileURLToPath(new URL('./picture-process.ts', here));
  const built = './server-pictures.js';
  return fileURLToPath(new URL(here.includes('/server-chunks/') ? `.${built}` : built, here));
}

/** One process for one picture after the other, started with the first and ended when none comes for a while. */
export function createPictureReader(): PictureReader {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const end = (): void => {
    clearTimeout(idle);
    child?.kill('SIGKILL');
    child = null;
  };

  const start = (): ChildProcess => {
    const made = fork(entry(), [], {
      serialization: 'advanced',
      // What the server is told (addresses, passwords) is none of a decoder's business.
      env: {},
      execArgv: ['--max-old-space-size=128'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc']
    });
    made.on('exit', () => {
      if (child === made) child = null;
    });
    made.on('error', () => undefined); // whoever waits for a reply learns of it
    made.unref();
    made.channel?.unref();
    return made;
  };

  /** Null when the process died or took too long; it is of no use then. */
  const ask = (job: PictureJob): Promise<PictureReply | null> => {
    clearTimeout(idle);
    const worker = (child ??= start());
    return new Promise((resolve) => {
      const settle = (reply: PictureReply | null) => {
        clearTimeout(limit);
        worker.off('message', settle).off('exit', fail).off('error', fail);
        worker.channel?.unref();
        resolve(reply);
      };
      const fail = () => settle(null);
      const limit = setTimeout(fail, LONGEST_MS);
      worker.on('message', settle).on('exit', fail).on('error', fail);
      worker.channel?.ref();
      worker.send(job, (error) => error && fail());
    });
  };

  const run = async (job: PictureJob): Promise<ReadPicture | PictureProblem> => {
    const reply = await ask(job);
    if (reply === null) {
      end();
      return 'E_PICTURE_BROKEN';
    }
    idle = setTimeout(end, IDLE_MS);
    idle.unref();
    return reply.ok ? reply : reply.code;
  };

  return {
    async read(type, bytes) {
      if (waiting >= AT_ONCE) return 'E_PICTURE_BUSY';
      waiting += 1;
      const mine = turn.then(() => run({ type, bytes }));
      turn = mine.catch(() => undefined);
      try {
        return await mine;
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      await turn;
      end();
    }
  };
}
