import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Journal {
  readonly entries: readonly { readonly tag: string }[];
}

/** The names of one database's migrations, oldest first; `folder` is `drizzle/sqlite` or `drizzle/postgres`. */
export const migrationsIn = (folder: string): readonly string[] => {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as Journal;
  return entries.map(({ tag }) => tag);
};
