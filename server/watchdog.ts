import { url as debugger_ } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type { Watched } from './watchdog-worker.ts';

const BEAT_MS = 250;

/**
 * Ends the process with SIGKILL once its event loop has not turned for `blockedMs`: it would neither save nor answer,
 * and whoever started it can start it anew. Everything that was acknowledged is in the database. Not while somebody
 * looks at it with a debugger.
 */
export function startWatchdog(blockedMs: number): void {
  if (debugger_() !== undefined) return;
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  const timer = setInterval(() => Atomics.add(count, 0, 1), BEAT_MS);
  timer.unref();
  const worker = new Worker(new URL('./server-watchdog.js', import.meta.url), {
    workerData: { beats, blockedMs } satisfies Watched,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    stdout: false
  });
  worker.unref();
  // Without it the server works as before.
  worker.on('error', () => undefined);
}
