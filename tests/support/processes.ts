import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import pkg from '../../package.json' with { type: 'json' };
import type { SyncServerWorld } from './sync-server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface RunningServer extends SyncServerWorld {
  readonly port: number;
  /** Resolves when the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Bundles the sync server, as the real one is: twenty starts from sources would take minutes. Answers its path. */
export const buildSyncServer = async (): Promise<string> => {
  // Below node_modules, so that what stays outside the bundle is found.
  const folder = join(ROOT, 'node_modules/.cache/meander-sync-server');
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: Object.keys(pkg.dependencies) },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: { [`server-${process.pid}`]: 'tests/support/sync-server.ts' },
        output: { entryFileNames: '[name].js', codeSplitting: false }
      }
    }
  });
  return join(folder, `server-${process.pid}.js`);
};

/** Starts a built sync server on a data folder and waits until it listens. */
export const startSyncServer = async (program: string, folder: string): Promise<RunningServer> => {
  const child = spawn(process.execPath, [program, folder, join(ROOT, 'drizzle')], {
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const gone = once(child, 'exit');
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
