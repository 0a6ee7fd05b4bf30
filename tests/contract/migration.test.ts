import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { open } from '../../server/db/open.ts';
import { MIGRATIONS, type Backend } from './backends.ts';
import { guest, mapOf, newMapId, update, worldOn } from './world.ts';

interface Journal {
  entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** What drizzle-kit writes when a column of `maps` changes: the table is rebuilt and the old one dropped. */
const rebuildOfMaps = (client: DatabaseSync): string => {
  const [table] = client
    .prepare(`select sql from sqlite_master where type = 'table' and name = 'maps'`)
    .all();
  const indexes = client
    .prepare(`select sql from sqlite_master where type = 'index' and tbl_name = 'maps' and sql is not null`)
    .all();
  const columns = client
    .prepare(`select name from pragma_table_info('maps')`)
    .all()
    .map(({ name }) => `"${String(name)}"`)
    .join(', ');
  const rebuilt = String(table?.sql)
    .replace('`maps`', '`__new_maps`')
    .replace('`epoch` integer DEFAULT 1', '`epoch` integer DEFAULT 7');
  return [
    'PRAGMA foreign_keys=OFF;',
    `${rebuilt};`,
    `INSERT INTO \`__new_maps\`(${columns}) SELECT ${columns} FROM \`maps\`;`,
    'DROP TABLE `maps`;',
    'ALTER TABLE `__new_maps` RENAME TO `maps`;',
    'PRAGMA foreign_keys=ON;',
    ...indexes.map(({ sql }) => `${String(sql)};`)
  ].join('--> statement-breakpoint\n');
};

describe('migrating SQLite', () => {
  let folder: string;
  let path: string;
  let migrations: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meander-migration-'));
    path = join(folder, 'meander.db');
    migrations = join(folder, 'drizzle');
    cpSync(fileURLToPath(MIGRATIONS), migrations, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const addMigration = (sql: string) => {
    const journal = join(migrations, 'sqlite', 'meta', '_journal.json');
    const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as Journal;
    const last = entries.at(-1);
    if (!last) throw new Error('There is no migration to follow.');
    const next = { ...last, idx: last.idx + 1, when: last.when + 1, tag: 'added_by_the_test' };
    writeFileSync(journal, JSON.stringify({ ...rest, entries: [...entries, next] }));
    writeFileSync(join(migrations, 'sqlite', `${next.tag}.sql`), sql);
  };

  /** Takes the migrations back to the state of an older release. */
  const keepFirstMigrations = (count: number) => {
    const journal = join(migrations, 'sqlite', 'meta', '_journal.json');
    const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as Journal;
    writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
  };

  const rowsOf = (client: DatabaseSync) => {
    const tables = ['users', 'maps', 'members', 'links', 'updates', 'snapshots'];
    return Object.fromEntries(tables.map((name) => [name, client.prepare(`select * from ${name}`).all()]));
  };

  const withClient = <T>(work: (client: DatabaseSync) => T): T => {
    const client = new DatabaseSync(path);
    try {
      return work(client);
    } finally {
      client.close();
    }
  };

  /** Fills a database made by our own migrations. */
  const fill = async () => {
    const opened = await open(path, migrations);
    const backend = { nodes: async () => [opened] } as unknown as Backend;
    const world = await worldOn(backend);
    const { mapId, owner } = await mapOf(world);
    const made = await world.maps.createLink({ mapId, role: 'editor', createdBy: owner.userId });
    await world.maps.join(mapId, (await guest(world)).userId, made?.link.id ?? '', 'editor');
    await world.log.append(new Map([[mapId, [update(1), update(2)]]]));
    await opened.close();
    return mapId;
  };

  it('rebuilds a parent table without losing a child row', async () => {
    const mapId = await fill();
    const before = withClient(rowsOf);
    expect(Object.values(before).map((rows) => rows.length)).toEqual([2, 1, 2, 1, 2, 1]);
    addMigration(withClient(rebuildOfMaps));

    const opened = await open(path, migrations);
    expect(withClient(rowsOf)).toEqual(before);
    // The rebuilt table is the one in use, and the keys to it hold again.
    const [table] = withClient((client) =>
      client.prepare(`select sql from sqlite_master where name = 'maps'`).all()
    );
    expect(table?.sql).toContain('DEFAULT 7');
    const { db, tables } = opened;
    await db.delete(tables.maps);
    expect(await db.select().from(tables.updates)).toEqual([]);
    const orphan = db.insert(tables.snapshots).values({ mapId, seq: 0, bytes: Uint8Array.of(1), sha256: '' });
    await expect(orphan).rejects.toThrow();
    await opened.close();
  });

  it('finds out from an older log whose a client id is, and is not misled by deletions', async () => {
    keepFirstMigrations(1);
    await (await open(path, migrations)).close();
    const mapId = newMapId();
    const wrote = Uint8Array.of(1, 1, 5, 0, 0, 1, 0);
    const deleted = Uint8Array.of(0, 1, 5, 1, 0, 1);
    const rows = [
      [3, 'eve', 5, deleted],
      [4, 'ann', 5, wrote],
      [5, 'bob', 6, wrote],
      [6, 'eve', 5, wrote],
      [7, null, 7, wrote],
      [8, 'eve', 8, deleted]
    ] as const;
    withClient((client) => {
      client
        .prepare('insert into maps (id, title, head, created_at, edited_at) values (?, ?, 8, 0, 0)')
        .run(mapId, 'Old');
      const add = client.prepare('insert into updates values (?, ?, ?, ?, ?, 0, 0)');
      for (const [seq, userId, clientId, bytes] of rows) add.run(mapId, seq, userId, clientId, bytes);
    });
    const opened = await open(path, fileURLToPath(MIGRATIONS));
    const { db, tables } = opened;
    const writers = await db.select().from(tables.writers).orderBy(tables.writers.clientId);
    expect(writers).toEqual([
      { mapId, clientId: 5, userId: 'ann' },
      { mapId, clientId: 6, userId: 'bob' },
      { mapId, clientId: 7, userId: null }
    ]);
    await opened.close();
  });

  it('runs each migration once', async () => {
    await fill();
    addMigration(withClient(rebuildOfMaps));
    await (await open(path, migrations)).close();
    const before = withClient(rowsOf);
    await (await open(path, migrations)).close();
    expect(withClient(rowsOf)).toEqual(before);
  });

  it('takes back a migration that leaves rows without their parent, and says so', async () => {
    await fill();
    const before = withClient(rowsOf);
    addMigration('DELETE FROM `maps`;');
    await expect(open(path, migrations)).rejects.toThrow(
      /^The SQLite database .*meander\.db cannot be opened: a row of "\w+" names a row that does not exist\.$/
    );
    expect(withClient(rowsOf)).toEqual(before);
  });

  it('takes back a migration that fails half way', async () => {
    await fill();
    const before = withClient(rowsOf);
    addMigration('DELETE FROM `updates`;--> statement-breakpoint\nDROP TABLE `nothing`;');
    await expect(open(path, migrations)).rejects.toThrow(/cannot be opened: no such table: nothing\.$/);
    expect(withClient(rowsOf)).toEqual(before);
  });
});
