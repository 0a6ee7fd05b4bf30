// Loaded before the built server with `--import`, by the bench alone. On SIGUSR2 it prints the longest gap of the event
// loop since the last time, and how many answers to state vectors were encoded since then.
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let encoded = 0;
subscribe('meander:answer-encoded', () => encoded++);

process.on('SIGUSR2', () => {
  writeSync(2, `probe ${JSON.stringify({ gapMs: delay.max / 1e6, encoded })}\n`);
  delay.reset();
  encoded = 0;
});
