import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { APPLICATION } from './alone.ts';
import { makeDb, type Opened, type Queries } from './db.ts';
import { migrationsIn } from './migrations.ts';
import { reasonOf, UnopenableDatabase } from './problems.ts';
import { tables } from './schema.postgres.ts';

/** Any number will do, as long as every node of this program takes the same. */
const MIGRATION_LOCK = 7_361_041;
const CONNECTIONS = 10;
const OPTIONS = {
  connect_timeout: 10,
  onnotice: () => undefined,
  connection: { application_name: APPLICATION }
};

/**
 * Opens the Postgres database that `url` names and brings its tables up to date; nodes that start together take
 * turns. Throws {@link UnopenableDatabase}.
 */
export const openPostgres = async (url: string, migrations: string): Promise<Opened> => {
  const where = whereabouts(url);
  try {
    await bringUpToDate(url, migrations);
    return opened(postgres(url, { ...OPTIONS, max: CONNECTIONS }), migrationsIn(migrations));
  } catch (error) {
    throw new UnopenableDatabase(`The Postgres database ${where} cannot be opened: ${reasonOf(error)}.`, {
      cause: error
    });
  }
};

/** Database and host of a URL, for people; without the user and the password. */
const whereabouts = (url: string): string => {
  // No `cause`: the parser's error carries the whole text, password included.
  if (!URL.canParse(url))
    throw new UnopenableDatabase('DATABASE_URL is not a Postgres address that can be read.');
  const { host, pathname } = new URL(url);
  return `"${decodeURIComponent(pathname.slice(1))}" on ${host || 'localhost'}`;
};

const bringUpToDate = async (url: string, migrations: string): Promise<void> => {
  // The lock belongs to a connection, so this takes exactly one and ends it.
  const client = postgres(url, { ...OPTIONS, max: 1 });
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(client, { casing: 'snake_case' }), { migrationsFolder: migrations });
  } finally {
    await client.end({ timeout: 5 });
  }
};

const opened = (client: postgres.Sql, migrations: readonly string[]): Opened => {
  const database = drizzle(client, { casing: 'snake_case' });
  // The one cast: queries are typed as SQLite's, and Queries leaves out what would behave otherwise here.
  const asQueries = (handle: unknown) => handle as Queries;
  return {
    dialect: 'postgres',
    tables,
    migrations,
    db: makeDb(
      asQueries(database),
      (work) => database.transaction((tx) => work(asQueries(tx))),
      (work) =>
        database.transaction((tx) => work(asQueries(tx)), {
          isolationLevel: 'repeatable read',
          accessMode: 'read only'
        })
    ),
    identity: async () => {
      const [row] = await client<{ name: string; oid: string }[]>`
        select datname as name, oid::int8::text as oid from pg_database where datname = current_database()`;
      return `${row?.name ?? ''}:${row?.oid ?? ''}`;
    },
    ping: async () => {
      await client`select 1`;
    },
    close: () => client.end({ timeout: 5 })
  };
};
