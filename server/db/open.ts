import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Opened } from './db.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/**
 * Opens the database that `url` names, a `postgres://` address or the path of a SQLite file, and runs what is
 * missing of its migrations. `migrations` is the folder that holds `sqlite/` and `postgres/`. Throws an Error whose
 * message is one sentence naming the file or host, never the password.
 */
export const open = (url: string, migrations: URL | string): Promise<Opened> => {
  const folder = migrations instanceof URL ? fileURLToPath(migrations) : migrations;
  return /^postgres(ql)?:/.test(url)
    ? openPostgres(url, join(folder, 'postgres'))
    : openSqlite(url, join(folder, 'sqlite'));
};
