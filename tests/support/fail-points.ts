// Loaded before the built server with `--import`, in tests alone: it hooks into the database driver, so the server itself
// holds nothing that could be set off by accident. From a SIGUSR2 on statements are counted, and after number FAILPOINT
// the process dies as with `kill -9`; with 0 they are only counted.
import { writeSync } from 'node:fs';
import { afterEveryStatement } from './statements.ts';

const at = Number(process.env.FAILPOINT);
let armed = false;
let count = 0;
const say = (line: string) => writeSync(2, `${line}\n`);

process.on('SIGUSR2', () => {
  armed = true;
  say('fail-point armed');
});
afterEveryStatement((sql) => {
  if (!armed) return;
  count++;
  say(`statement ${count}: ${sql.replace(/\s+/g, ' ').slice(0, 60)}`);
  if (count === at) process.kill(process.pid, 'SIGKILL');
});
