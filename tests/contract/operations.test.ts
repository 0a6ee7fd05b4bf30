import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { getTableColumns } from 'drizzle-orm';
import { getTableConfig, type AnySQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Opened } from '../../server/db/db.ts';
import { everyTable, readRows, writeRows, type Row, type Value } from '../../server/db/everything.ts';
import { isInUse } from '../../server/db/alone.ts';
import { tables as described } from '../../server/db/schema.sqlite.ts';
import { readBackup } from '../../server/operations/backup-file.ts';
import { backup, copy, restore } from '../../server/operations/move.ts';
import { postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';

const quiet = () => undefined;
const pages = 2_500; // more rows than one page holds

/** The tables that the database itself says it has. */
const tablesIn = async ({ name, raw }: Backend): Promise<string[]> => {
  const rows = await raw(
    name === 'SQLite'
      ? `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\'`
      : `select table_name as name from information_schema.tables where table_schema = 'public'`
  );
  return rows.map((row) => String(row.name)).sort();
};

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A row of any table: `full` with something in every column, else with nothing wherever that may be. */
function rowOf(
  table: SQLiteTable,
  full: boolean,
  rows: ReadonlyMap<SQLiteTable, Readonly<Record<string, Value>>>
) {
  const { foreignKeys } = getTableConfig(table);
  const columns = Object.entries<AnySQLiteColumn>(getTableColumns(table));
  return Object.fromEntries(
    columns.map(([name, column]): [string, Value] => {
      if (!full && !column.notNull) return [name, null];
      const reference = foreignKeys
        .map((key) => key.reference())
        .find((named) => named.columns[0] === column);
      if (reference) {
        const foreign = Object.entries<AnySQLiteColumn>(getTableColumns(reference.foreignTable)).find(
          ([, other]) => other === reference.foreignColumns[0]
        );
        return [name, rows.get(reference.foreignTable)?.[foreign?.[0] ?? ''] ?? null];
      }
      return [name, valueFor(column)];
    })
  );
}

let number = 0;
function valueFor({ dataType, enumValues }: AnySQLiteColumn): Value {
  number++;
  switch (dataType) {
    case 'string':
      // Signs that end a line for some readers, that JSON escapes, and that take two units.
      return enumValues?.[0] ?? `"ä\u2028\n\\ 𝒳 ${number} ${randomUUID()}`;
    case 'number':
      return number;
    case 'boolean':
      return true;
    case 'date':
      return new Date(1_700_000_000_123 + number);
    default:
      return Uint8Array.from({ length: 256 }, (_, index) => index);
  }
}

/** Two rows in every table, and many in one. */
const fill = async (opened: Opened): Promise<void> => {
  const filled = new Map<SQLiteTable, Readonly<Record<string, Value>>>();
  await opened.db.transaction(async (tx) => {
    for (const layout of everyTable()) {
      const table = (described as unknown as Record<string, SQLiteTable>)[layout.name];
      if (!table) throw new Error(layout.name);
      const full = rowOf(table, true, filled);
      const inOrder = (row: Readonly<Record<string, Value>>) =>
        layout.columns.map(({ name }) => row[name] ?? null);
      await writeRows(opened, tx, layout, [inOrder(full)]);
      filled.set(table, full);
      const bare = rowOf(table, false, filled);
      // A table whose key, or whose index, is made of other tables' keys alone may have room for one row.
      const sameKey = layout.key.every((name) => bare[name] === full[name]);
      const once = getTableConfig(table).indexes.some(({ config }) => config.unique);
      if (!sameKey && !once) await writeRows(opened, tx, layout, [inOrder(bare)]);
      if (layout.name === 'updates')
        await writeRows(
          opened,
          tx,
          layout,
          Array.from({ length: pages }, () => inOrder(rowOf(table, true, filled)))
        );
    }
  });
};

/** Everything in the database, by table; sorted, since databases order text each in their way. */
const everything = async (opened: Opened, without: readonly string[] = []) => {
  const all: Record<string, string[]> = {};
  await opened.db.reading(async (tx) => {
    for (const layout of everyTable()) {
      const rows: Row[] = [];
      for await (const page of readRows(opened, tx, layout)) rows.push(...page);
      all[layout.name] = rows
        .map((row) =>
          JSON.stringify(
            row.map((value, index) =>
              without.includes(`${layout.name}.${layout.columns[index]?.name}`)
                ? null
                : value instanceof Uint8Array
                  ? Buffer.from(value).toString('base64')
                  : value
            )
          )
        )
        .sort();
    }
  });
  return all;
};

const postgres = await postgresAnswers();
const kinds = [
  ['SQLite', sqliteBackend, 'SQLite', sqliteBackend],
  ...(postgres
    ? ([
        ['SQLite', sqliteBackend, 'Postgres', postgresBackend],
        ['Postgres', postgresBackend, 'SQLite', sqliteBackend]
      ] as const)
    : [])
] as const;

describe.each(kinds)('from %s', (_from, makeSource, _to, makeTarget) => {
  let source: Backend;
  let target: Backend;
  let from: Opened;
  let to: Opened;
  let folder: string;

  beforeEach(async () => {
    [source, target] = [await makeSource(), await makeTarget()];
    [[from], [to]] = [await source.nodes(), await target.nodes()];
    folder = mkdtempSync(join(tmpdir(), 'meander-operations-'));
    await fill(from);
  });
  afterEach(async () => {
    await Promise.all([source.dispose(), target.dispose()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a backup restored to another database has every row of every table that there is', async () => {
    const path = join(folder, 'all.backup');
    const written = await backup(from, path, quiet);
    const read = await restore(to, path, { replace: false, now: new Date() }, quiet);
    expect(read).toEqual(written);
    const epochless = ['maps.epoch'];
    expect(await everything(to, epochless)).toEqual(await everything(from, epochless));
    // Asked of the database: a table that the walk had missed would be empty here.
    const names = await tablesIn(target);
    expect(names).toEqual(
      everyTable()
        .map(({ name }) => snake(name))
        .sort()
    );
    for (const name of names) {
      const [counted] = await target.raw(`select count(*) as rows from ${name}`);
      expect(Number(counted?.rows), name).toBeGreaterThan(0);
    }
  });

  test('a copy is the same to the byte, epochs too, and goes back the same', async () => {
    const before = await everything(from);
    await copy(from, to, false, quiet);
    expect(await everything(to)).toEqual(before);
    expect(before.updates).toHaveLength(pages + 2);
    await copy(to, from, true, quiet);
    expect(await everything(from)).toEqual(before);
  });

  test('restore refuses a database with rows, keeps them, and replaces them when told; epochs only grow', async () => {
    const path = join(folder, 'all.backup');
    await backup(from, path, quiet);
    await restore(to, path, { replace: false, now: new Date() }, quiet);
    const first = await everything(to);
    await expect(restore(to, path, { replace: false, now: new Date() }, quiet)).rejects.toThrow(
      /is not empty.*Nothing was changed/
    );
    expect(await everything(to)).toEqual(first);
    await restore(to, path, { replace: true, now: new Date(0) }, quiet);
    const epochOf = async (backend: Backend) =>
      Number((await backend.raw('select max(epoch) as epoch from maps'))[0]?.epoch);
    const again = await epochOf(target);
    expect(again).toBeGreaterThan(1_700_000_000);
    expect(again).toBeGreaterThan(await epochOf(source));
    const epochless = ['maps.epoch'];
    expect(await everything(to, epochless)).toEqual(await everything(from, epochless));
  });
});

describe('a backup file', () => {
  let source: Backend;
  let target: Backend;
  let from: Opened;
  let to: Opened;
  let folder: string;
  let path: string;

  beforeEach(async () => {
    [source, target] = [await sqliteBackend(), await sqliteBackend()];
    [[from], [to]] = [await source.nodes(), await target.nodes()];
    folder = mkdtempSync(join(tmpdir(), 'meander-operations-'));
    path = join(folder, 'all.backup');
    await fill(from);
    await backup(from, path, quiet);
  });
  afterEach(async () => {
    await Promise.all([source.dispose(), target.dispose()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const tryRestore = () => restore(to, path, { replace: true, now: new Date() }, quiet);
  const changed = (change: (text: string) => string) =>
    writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString('utf8'))));

  test.each([
    ['cut off anywhere', () => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size / 2))],
    ['without its last line', () => changed((text) => text.trimEnd().replace(/\n[^\n]*$/, '\n'))],
    ['with one letter changed', () => changed((text) => text.replace('𝒳', '𝒴'))],
    [
      'with a row left out and the checksum as it was',
      () =>
        changed((text) => {
          const lines = text.split('\n');
          return [...lines.slice(0, 2), ...lines.slice(3)].join('\n');
        })
    ],
    ['that is none', () => writeFileSync(path, 'SQLite format 3')],
    ['that is empty', () => writeFileSync(path, '')]
  ])('%s is refused, and the database keeps what it has', async (_what, spoil) => {
    await tryRestore();
    const before = await everything(to);
    spoil();
    await expect(tryRestore()).rejects.toThrow(/is not a whole backup/);
    expect(await everything(to)).toEqual(before);
    await expect(readBackup(path, { manifest: quiet, rows: quiet })).rejects.toThrow(/is not a whole backup/);
  });

  test('of other tables than this version has is refused by name', async () => {
    changed((text) => text.replace(/"migration":"\w+"/, '"migration":"9999_of_the_future"'));
    await expect(tryRestore()).rejects.toThrow(/made by a newer version.*9999_of_the_future/);
    changed((text) => text.replace(/"migration":"\w+"/, '"migration":"0000_first_tables"'));
    await expect(tryRestore()).rejects.toThrow(/made by an older version.*0000_first_tables/);
  });

  test('is never written over, and one that could not be finished leaves nothing', async () => {
    await expect(backup(from, path, quiet)).rejects.toThrow(/is there already/);
    const other = join(folder, 'other.backup');
    await expect(
      backup(from, other, () => {
        throw new Error('the disk is full');
      })
    ).rejects.toThrow('the disk is full');
    expect(readdirSync(folder)).toEqual(['all.backup']);
  });
});

test('both databases have the same migrations, so that a backup of the one fits the other', async () => {
  const journal = (name: string) =>
    (
      JSON.parse(
        readFileSync(new URL(`../../drizzle/${name}/meta/_journal.json`, import.meta.url), 'utf8')
      ) as { entries: { tag: string }[] }
    ).entries.map(({ tag }) => tag);
  expect(journal('sqlite')).toEqual(journal('postgres'));
});

test.each([
  ['SQLite', sqliteBackend] as const,
  ...(postgres ? [['Postgres', postgresBackend] as const] : [])
])('%s in use is told from one that nobody has open', async (_name, make) => {
  const backend = await make();
  const [opened] = await backend.nodes();
  await opened.ping();
  expect(await isInUse(backend.url)).toBe(true);
  await opened.ping(); // and the one that has it open goes on
  await backend.dispose();
  if (backend.name === 'SQLite') expect(await isInUse(backend.url)).toBe(false);
});
