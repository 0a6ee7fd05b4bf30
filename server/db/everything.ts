import { getTableColumns, gt, sql } from 'drizzle-orm';
import { getTableConfig, type AnySQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Opened, Queries } from './db.ts';
import { tables as described } from './schema.sqlite.ts';

/** How a column's values travel: a moment as ms since 1970, bytes as bytes. */
export type ColumnKind = 'text' | 'number' | 'bool' | 'time' | 'bytes';

/** One table, as it is called in `tables.ts`. */
export interface TableLayout {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
  /** The columns of its primary key, in order. */
  readonly key: readonly string[];
}

/** A row's values, in the order of its table's columns. */
export type Row = readonly Value[];
export type Value = string | number | boolean | Date | Uint8Array | null;

const FIRST_PAGE = 50;
const PAGE_AT_MOST = 1_000;
/** Pages grow until they are about this big: a version may hold megabytes, an update holds 40 bytes. */
const PAGE_BYTES = 2 * 1024 * 1024;
/** SQLite takes 32,766 parameters in one statement. */
const PARAMETERS = 20_000;

const KINDS: Readonly<Record<string, ColumnKind>> = {
  string: 'text',
  number: 'number',
  boolean: 'bool',
  date: 'time',
  custom: 'bytes'
};

const layoutOf = (name: string, table: SQLiteTable): TableLayout => {
  const columns = Object.entries<AnySQLiteColumn>(getTableColumns(table));
  const { primaryKeys } = getTableConfig(table);
  const inKey =
    primaryKeys[0]?.columns ?? columns.map(([, column]) => column).filter(({ primary }) => primary);
  const key = inKey.map((wanted) => columns.find(([, column]) => column === wanted)?.[0] ?? '');
  if (key.length === 0)
    throw new Error(`The table "${name}" has no primary key, so it cannot be read in pages.`);
  return {
    name,
    columns: columns.map(([column, { dataType }]) => {
      const kind = KINDS[dataType];
      if (!kind) throw new Error(`The column "${name}.${column}" is of a kind that backups do not know.`);
      return { name: column, kind };
    }),
    key
  };
};

/**
 * Every table there is, each after those that its rows name. Walks the description that the migrations are made from,
 * so that a new table is in it by itself. Throws when tables name each other in a circle: their rows would have no order.
 */
export const everyTable = (): readonly TableLayout[] => {
  const waiting = new Map(Object.entries<SQLiteTable>(described));
  const names = new Map([...waiting].map(([name, table]) => [table, name]));
  const ordered: TableLayout[] = [];
  const done = new Set<string>();
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, table]) =>
      getTableConfig(table).foreignKeys.every((key) =>
        done.has(names.get(key.reference().foreignTable) ?? '')
      )
    );
    if (ready.length === 0)
      throw new Error(`These tables name each other in a circle: ${[...waiting.keys()].join(', ')}.`);
    for (const [name, table] of ready) {
      ordered.push(layoutOf(name, table));
      done.add(name);
      waiting.delete(name);
    }
  }
  return ordered;
};

/** A table's columns by their name in `tables.ts`, on the database that is open. */
const columnsOf = ({ tables }: Opened, { name }: TableLayout) => {
  const table = (tables as unknown as Readonly<Record<string, SQLiteTable>>)[name];
  if (!table) throw new Error(`This database has no table "${name}".`);
  return { table, columns: getTableColumns(table) as Readonly<Record<string, AnySQLiteColumn>> };
};

const column = (columns: Readonly<Record<string, AnySQLiteColumn>>, name: string): AnySQLiteColumn => {
  const found = columns[name];
  if (!found) throw new Error(`There is no column "${name}".`);
  return found;
};

const list = (parts: readonly unknown[]) =>
  sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `
  );

/** A table's rows in the order of its key, page by page. */
export const readRows = async function* (
  opened: Opened,
  tx: Queries,
  layout: TableLayout
): AsyncGenerator<readonly Row[]> {
  const { table, columns } = columnsOf(opened, layout);
  const key = layout.key.map((name) => column(columns, name));
  let after: readonly Value[] | null = null;
  let limit = FIRST_PAGE;
  for (;;) {
    const values: readonly Value[] | null = after;
    const where =
      values === null
        ? undefined
        : key.length === 1 && key[0]
          ? gt(key[0], values[0])
          : sql`(${list(key)}) > (${list(key.map((part, index) => sql.param(values[index], part)))})`;
    const found = (await tx
      .select()
      .from(table)
      .where(where)
      .orderBy(...key)
      .limit(limit)) as Readonly<Record<string, Value>>[];
    const rows = found.map((row) => layout.columns.map(({ name }) => row[name] ?? null));
    if (rows.length > 0) yield rows;
    const last = found.at(-1);
    if (rows.length < limit || !last) return;
    after = layout.key.map((name) => last[name] ?? null);
    const bytes = rows.reduce((sum, row) => sum + sizeOf(row), 0);
    limit = Math.max(1, Math.min(PAGE_AT_MOST, 2 * limit, Math.floor((PAGE_BYTES / (bytes + 1)) * limit)));
  }
};

/** About how many bytes a row takes. */
export const sizeOf = (row: Row): number =>
  row.reduce<number>(
    (sum, value) => sum + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 8),
    0
  );

/** Adds rows as they are. A row that is there already, or names one that is not, fails. */
export const writeRows = async (
  opened: Opened,
  tx: Queries,
  layout: TableLayout,
  rows: readonly Row[]
): Promise<void> => {
  const { table } = columnsOf(opened, layout);
  const size = Math.max(1, Math.floor(PARAMETERS / layout.columns.length));
  for (let start = 0; start < rows.length; start += size) {
    const values = rows
      .slice(start, start + size)
      .map((row) => Object.fromEntries(layout.columns.map(({ name }, index) => [name, row[index]])));
    await tx.insert(table).values(values);
  }
};

/** Every row of every table, gone. The first statement also keeps everybody else from writing. */
export const deleteEverything = async (opened: Opened, tx: Queries): Promise<void> => {
  for (const layout of [...everyTable()].reverse()) await tx.delete(columnsOf(opened, layout).table);
};

/** The first table that has a row in it that people made; null when none has. A server makes itself keys when it starts. */
export const firstFilled = async (opened: Opened, tx: Queries): Promise<string | null> => {
  for (const layout of everyTable().filter(({ name }) => name !== 'keys')) {
    const rows = await tx.select().from(columnsOf(opened, layout).table).limit(1);
    if (rows.length > 0) return layout.name;
  }
  return null;
};
