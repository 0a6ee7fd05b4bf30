import { AsyncLocalStorage } from 'node:async_hooks';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Append } from './sqlite-append.ts';
import type { Tables } from './tables.ts';

/** The builders that behave alike on both databases. `get`, `run` and relational queries do not and are left out. */
export type Queries = Pick<
  BaseSQLiteDatabase<'async', unknown>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'with' | '$with'
>;

export interface Db extends Queries {
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. `work` awaits nothing
   * but its own statements, and its first statement writes the row that guards the others: on Postgres (READ
   * COMMITTED) what was only read may have changed.
   */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** Runs `work`, which only reads, against one moment of the database. */
  reading<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
}

export interface Opened {
  readonly dialect: 'sqlite' | 'postgres';
  readonly db: Db;
  readonly tables: Tables;
  /** The names of the migrations that made its tables, oldest first. */
  readonly migrations: readonly string[];
  /**
   * A quicker way to append to the log, where there is one: one transaction, on the disk when it resolves. When it
   * rejects because of the disk, the rows may be there all the same, and come a second time when the caller tries again;
   * a document is the same for it.
   */
  readonly append?: (...batch: Parameters<Append>) => Promise<ReturnType<Append>>;
  /** What tells this database from others on the same server; the same for every node that uses it. */
  readonly identity: () => Promise<string>;
  /** Resolves when the database answers. */
  readonly ping: () => Promise<void>;
  /** Waits for what is under way and lets go of the database. */
  readonly close: () => Promise<void>;
}

type Run = <T>(work: (tx: Queries) => Promise<T>) => Promise<T>;

/**
 * Joins a handle and its transactions. Inside a transaction the outer handle throws, on both databases: on SQLite
 * it would wait for itself for ever, on Postgres it would silently run outside.
 */
export const makeDb = (handle: Queries, transaction: Run, reading: Run): Db => {
  const inside = new AsyncLocalStorage<true>();
  const guarded = <T>(action: () => T): T => {
    if (inside.getStore()) throw new Error('Inside a transaction, use the handle it was given.');
    return action();
  };
  const isolated =
    (run: Run): Run =>
    (work) =>
      guarded(() => run((tx) => inside.run(true, () => work(tx))));
  return {
    get select() {
      return guarded(() => handle.select.bind(handle));
    },
    get selectDistinct() {
      return guarded(() => handle.selectDistinct.bind(handle));
    },
    get insert() {
      return guarded(() => handle.insert.bind(handle));
    },
    get update() {
      return guarded(() => handle.update.bind(handle));
    },
    get delete() {
      return guarded(() => handle.delete.bind(handle));
    },
    get with() {
      return guarded(() => handle.with.bind(handle));
    },
    get $with() {
      return guarded(() => handle.$with.bind(handle));
    },
    transaction: isolated(transaction),
    reading: isolated(reading)
  };
};
