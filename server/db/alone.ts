import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import postgres from 'postgres';
import { reasonOf, UnopenableDatabase } from './problems.ts';

/** What programs of ours call themselves to Postgres. */
export const APPLICATION = 'meander';

/**
 * True when a running server, or another command, has the database open at present. A SQLite file that is missing is
 * used by nobody. Throws {@link UnopenableDatabase} when the database cannot be asked.
 */
export const isInUse = (url: string): Promise<boolean> =>
  /^postgres(ql)?:/.test(url) ? postgresInUse(url) : sqliteInUse(url);

const BUSY = 5;

const sqliteInUse = async (path: string): Promise<boolean> => {
  if (!existsSync(path)) return false;
  let client: DatabaseSync | undefined;
  try {
    client = new DatabaseSync(path, { timeout: 100 });
    // With the write-ahead log every open handle holds a shared lock, so an exclusive one is had only by one alone.
    client.exec('pragma locking_mode = exclusive; begin exclusive; commit; pragma locking_mode = normal');
    client.prepare('select count(*) from sqlite_master').get();
    return false;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY) return true;
    throw new UnopenableDatabase(`The SQLite database ${path} cannot be opened: ${reasonOf(error)}.`, {
      cause: error
    });
  } finally {
    if (client?.isOpen) client.close();
  }
};

const postgresInUse = async (url: string): Promise<boolean> => {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    const [row] = await client<{ others: number }[]>`
      select count(*)::int as others from pg_stat_activity
      where datname = current_database() and application_name = ${APPLICATION} and pid <> pg_backend_pid()`;
    return (row?.others ?? 0) > 0;
  } catch (error) {
    throw new UnopenableDatabase(`The Postgres database cannot be asked: ${reasonOf(error)}.`, {
      cause: error
    });
  } finally {
    await client.end({ timeout: 5 });
  }
};
