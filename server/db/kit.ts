import {
  customType,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
  type AnySQLiteColumn
} from 'drizzle-orm/sqlite-core';

/** A column of any table; the return type of a reference whose inference would be circular. */
export type AnyColumn = AnySQLiteColumn;

/**
 * The kinds of column that exist, on SQLite. Every table is written with these and every query typed against them;
 * `kit.postgres.ts` holds the same kinds for Postgres.
 */
export const kit = {
  table: sqliteTable,
  index,
  uniqueIndex,
  primaryKey,
  text: () => text(),
  oneOf: <const Values extends [string, ...string[]]>(values: Values) => text({ enum: values }),
  int: () => integer(),
  real: () => real(),
  bool: () => integer({ mode: 'boolean' }),
  /** A moment, to the millisecond. Written by us, never by the database's clock. */
  time: () => integer({ mode: 'timestamp_ms' }),
  bytes: customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'blob' })
};

export type Kit = typeof kit;
