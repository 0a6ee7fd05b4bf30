import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** What the server's own thread and this one share. */
export interface Watched {
  /** One number that the server's loop raises as long as it turns. */
  readonly beats: SharedArrayBuffer;
  readonly blockedMs: number;
}

const LOOK_MS = 250;

const { beats, blockedMs } = workerData as Watched;
const count = new Int32Array(beats);
let last = Atomics.load(count, 0);
let changedAt = performance.now();
let lookedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  const beat = Atomics.load(count, 0);
  // When this thread was late as well, it is the machine that stood still, or slept.
  if (beat !== last || now - lookedAt > 4 * LOOK_MS) changedAt = now;
  last = beat;
  lookedAt = now;
  if (now - changedAt < blockedMs) return;
  // Past the logger: it lives on the thread that does not answer.
  const message = `the event loop has been blocked for ${Math.round(now - changedAt)} ms; the process is ended to be started anew`;
  writeSync(2, `${JSON.stringify({ level: 60, time: Date.now(), msg: message })}\n`);
  process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);
