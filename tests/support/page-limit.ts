// Loaded before the built server with `--import`: from a SIGUSR2 on its SQLite file may not grow, as on a disk that is
// full, and from the next one on it may again.
import { DatabaseSync } from 'node:sqlite';
import { afterEach } from './statements.ts';

const UNLIMITED = 0xfffffffe;
let database: DatabaseSync | null = null;
let limited = false;

afterEach(DatabaseSync.prototype, 'exec', (self) => {
  if (self instanceof DatabaseSync) database = self;
});
process.on('SIGUSR2', () => {
  limited = !limited;
  database?.exec(`pragma max_page_count = ${limited ? 1 : UNLIMITED}`);
});
