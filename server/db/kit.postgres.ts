import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex
} from 'drizzle-orm/pg-core';
import type { Kit } from './kit.ts';

const postgres = {
  table: pgTable,
  index,
  uniqueIndex,
  primaryKey,
  text: () => text(),
  oneOf: <const Values extends [string, ...string[]]>(values: Values) => text({ enum: values }),
  int: () => bigint({ mode: 'number' }),
  real: () => doublePrecision(),
  bool: () => boolean(),
  // Milliseconds, as on SQLite: with Postgres' own microseconds a page cursor would step over rows.
  time: () => timestamp({ precision: 3, withTimezone: true }),
  bytes: customType<{ data: Uint8Array; driverData: Uint8Array }>({
    dataType: () => 'bytea',
    // The driver's Buffer is a window on a pool it shares; callers get memory of their own, as on SQLite.
    fromDriver: (value) => new Uint8Array(value)
  })
};

type Data<Build> = Build extends () => { _: { data: infer D } } ? D : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Kinds = 'text' | 'int' | 'real' | 'bool' | 'time' | 'bytes';

/** Fails to compile when a kind reads as another type on Postgres than on SQLite. */
export const parity: { [Kind in Kinds]: Same<Data<Kit[Kind]>, Data<(typeof postgres)[Kind]>> } = {
  text: true,
  int: true,
  real: true,
  bool: true,
  time: true,
  bytes: true
};

/** The column kinds on Postgres, typed as SQLite's so that one set of queries serves both. */
export const kit = postgres as unknown as Kit;
