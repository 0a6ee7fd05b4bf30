import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SyncServerWorld } from './sync-server.ts';

export interface RunningServer extends SyncServerWorld {
  readonly port: number;
  /** Resolves when the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts the sync server on a data folder and waits until it listens. */
export const startSyncServer = async (folder: string): Promise<RunningServer> => {
  const program = fileURLToPath(new URL('./sync-server.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Twenty starts of the same program: the second one need not compile it again.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'meander-compile-cache') }
  });
  const gone = once(child, 'exit');
  if (!child.stdout) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), gone.then(() => null)]);
  if (!first) throw new Error('the server ended before it listened');
  const world = JSON.parse(String(first[0])) as SyncServerWorld & { port: number };
  return {
    ...world,
    async kill(signal) {
      child.kill(signal);
      await gone;
    }
  };
};
