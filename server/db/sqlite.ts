import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import { migrate } from 'drizzle-orm/sqlite-proxy/migrator';
import { makeDb, type Opened } from './db.ts';
import { makeFolder } from './folder.ts';
import { migrationsIn } from './migrations.ts';
import { reasonOf, UnopenableDatabase } from './problems.ts';
import { sqliteAppend, WalSync, type Append } from './sqlite-append.ts';
import { tables } from './schema.sqlite.ts';

/** After this long without a pause, the queue lets the event loop in. */
const BREATH_MS = 5;
const STATEMENTS_KEPT = 200;
/** Of 4 kB. Bringing the write-ahead log into the database holds the event loop; it is worth doing seldom. */
const CHECKPOINT_PAGES = 4_000;
/** How long a start, and later a statement or a transaction, waits for another program that is writing. */
const BUSY_MS = 5_000;
const BUSY_STEP_MS = 20;
const SQLITE_BUSY = 5;

type Run = (sql: string, params: unknown[], method: string) => Promise<{ rows: unknown[] }>;

/**
 * Opens the SQLite file at `path`, made with its folder when missing, and brings its tables up to date.
 * One connection; every statement and every transaction takes its turn. Throws {@link UnopenableDatabase}.
 */
export const openSqlite = async (path: string, migrations: string): Promise<Opened> => {
  let client: DatabaseSync | undefined;
  try {
    makeFolder(dirname(path));
    client = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: false });
    client.exec('pragma journal_mode = wal; pragma synchronous = full');
    client.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    await bringUpToDate(client, migrations);
    // From here on the driver must not wait by itself: it would hold the event loop, and with it everybody.
    client.exec('pragma foreign_keys = on; pragma busy_timeout = 0');
    return opened(client, path, migrationsIn(migrations));
  } catch (error) {
    if (client?.isOpen) client.close();
    throw new UnopenableDatabase(`The SQLite database ${path} cannot be opened: ${reasonOf(error)}.`, {
      cause: error
    });
  }
};

/**
 * Runs what is missing of the migrations, with foreign keys off: a rebuilt table is dropped and renamed, and with
 * keys on that drop would delete every child row. `PRAGMA foreign_keys` does nothing inside a transaction, hence
 * the caller's order: off, migrate, check, on.
 */
const bringUpToDate = (client: DatabaseSync, migrations: string): Promise<void> =>
  atomic(client, 'begin immediate', async () => {
    const direct = drizzle(runner(client), undefined, { casing: 'snake_case' });
    const runAll = async (statements: string[]) => statements.forEach((statement) => client.exec(statement));
    await migrate(direct, runAll, { migrationsFolder: migrations });
    const orphan = client.prepare('pragma foreign_key_check').get();
    if (orphan) throw new Error(`a row of "${String(orphan.table)}" names a row that does not exist`);
  });

/** Tries again for a while when another program holds the lock; nothing has happened then. */
const patiently = async <T>(work: () => T | Promise<T>): Promise<T> => {
  for (const end = performance.now() + BUSY_MS; ;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_STEP_MS));
    }
  }
};

const isBusy = (error: unknown): boolean => {
  const { errcode } = error as { errcode?: unknown };
  // Extended codes carry the kind of it in their lowest byte.
  return typeof errcode === 'number' && (errcode & 0xff) === SQLITE_BUSY;
};

const atomic = async <T>(client: DatabaseSync, begin: string, work: () => Promise<T>): Promise<T> => {
  await patiently(() => client.exec(begin));
  try {
    const result = await work();
    client.exec('commit');
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself; a second rollback would hide the reason.
    if (client.isTransaction) client.exec('rollback');
    throw error;
  }
};

const opened = (client: DatabaseSync, path: string, migrations: readonly string[]): Opened => {
  let last: Promise<unknown> = Promise.resolve();
  let breathed = performance.now();
  const breathe = async () => {
    if (performance.now() - breathed < BREATH_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    breathed = performance.now();
  };
  // One connection holds one transaction, so jobs take turns; a flag tested across an await would let two in.
  const queued = <T>(job: () => Promise<T>): Promise<T> => {
    const turn = last.then(breathe).then(job);
    last = turn.catch(() => undefined);
    return turn;
  };

  let append: Append | undefined;
  const disk = new WalSync(path);
  const run = runner(client);
  // The proxy driver reads `casing` from its third argument only.
  const inTurn = drizzle((...query) => queued(() => patiently(() => run(...query))), undefined, {
    casing: 'snake_case'
  });
  const direct = drizzle(run, undefined, { casing: 'snake_case' });
  return {
    dialect: 'sqlite',
    tables,
    migrations,
    db: makeDb(
      inTurn,
      (work) => queued(() => atomic(client, 'begin immediate', () => work(direct))),
      (work) => queued(() => atomic(client, 'begin', () => work(direct)))
    ),
    append: async (batch) => {
      const heads = await queued(async () => {
        client.exec('pragma synchronous = normal');
        try {
          return await atomic(client, 'begin immediate', async () =>
            (append ??= sqliteAppend(client))(batch)
          );
        } finally {
          client.exec('pragma synchronous = full');
        }
      });
      await disk.run();
      return heads;
    },
    identity: async () => 'sqlite',
    ping: () => queued(async () => client.exec('select 1')),
    close: () =>
      queued(async () => {
        await disk.close();
        if (client.isOpen) client.close();
      })
  };
};

/** Runs single statements, keeping the most recently used ones prepared. */
const runner = (client: DatabaseSync): Run => {
  const kept = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = kept.get(sql) ?? client.prepare(sql);
    statement.setReturnArrays(true);
    kept.delete(sql);
    kept.set(sql, statement);
    for (const oldest of kept.keys()) {
      if (kept.size <= STATEMENTS_KEPT) break;
      kept.delete(oldest);
    }
    return statement;
  };
  return async (sql, params, method) => {
    const statement = prepared(sql);
    const values = params.map(bindable);
    if (method === 'run') {
      statement.run(...values);
      return { rows: [] };
    }
    // Drizzle reads a single row as `rows` itself; its types do not say so.
    if (method === 'get') return { rows: statement.get(...values) as unknown as unknown[] };
    return { rows: statement.all(...values) };
  };
};

/** The driver takes some objects for named parameters and binds NULL; such a value is refused instead. */
const bindable = (value: unknown): SQLInputValue => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`A ${typeof value} cannot be a parameter; give it its column's type.`);
};
