import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserId } from '../../server/db/ids.ts';
import { open } from '../../server/db/open.ts';
import { MIGRATIONS, postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';
import { accountsSuite } from './suites/accounts.ts';
import { accountLifeSuite } from './suites/account-life.ts';
import { auditSuite } from './suites/audit.ts';
import { authorizeSuite } from './suites/authorize.ts';
import { databaseSuite } from './suites/database.ts';
import { compactionSuite, documentsSuite } from './suites/documents.ts';
import { linksSuite } from './suites/links.ts';
import { mapsSuite } from './suites/maps.ts';
import { picturesSuite } from './suites/pictures.ts';
import { sessionsSuite } from './suites/sessions.ts';
import { retentionSuite, versionsSuite } from './suites/versions.ts';
import { newMapId, worldOn, type World } from './world.ts';

const suites = [
  databaseSuite,
  documentsSuite,
  compactionSuite,
  mapsSuite,
  linksSuite,
  accountsSuite,
  accountLifeSuite,
  sessionsSuite,
  authorizeSuite,
  versionsSuite,
  picturesSuite,
  auditSuite // the last: it spoils its own chain
];

const contract = (create: () => Promise<Backend>) => () => {
  let world: World | undefined;
  const theWorld = (): World => {
    if (!world) throw new Error('The database is not open yet.');
    return world;
  };
  beforeAll(async () => {
    world = await worldOn(await create());
  });
  afterAll(() => world?.backend.dispose());
  for (const suite of suites) suite(theWorld);
};

// Races are slow on a busy machine, and how slow is not what is tested here.
const PATIENCE = { timeout: 30_000 };

retentionSuite();
describe('SQLite', PATIENCE, contract(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('Postgres', PATIENCE, () => {
  contract(postgresBackend)();

  describe('opening', () => {
    let empty: Backend | undefined;
    beforeAll(async () => {
      empty = await postgresBackend();
    });
    afterAll(() => empty?.dispose());

    it('lets nodes that start together on an empty database all in', async () => {
      const url = empty?.url ?? '';
      const nodes = await Promise.all([1, 2, 3, 4, 5].map(() => open(url, MIGRATIONS)));
      const [first] = nodes;
      expect(first && (await first.db.select().from(first.tables.maps))).toEqual([]);
      await Promise.all(nodes.map((node) => node.close()));
    });

    it('finds out from an older log whose a client id is', async () => {
      const older = await postgresBackend();
      const [node] = await older.nodes();
      const mapId = newMapId();
      await node.db.insert(node.tables.maps).values({ id: mapId, title: 'old', head: 3 });
      for (const [seq, userId, clientId, first] of [
        [1, 'eve', 5, 0],
        [2, 'ann', 5, 1],
        [3, 'eve', 5, 1]
      ] as const)
        await node.db.insert(node.tables.updates).values({
          mapId,
          seq,
          userId: userId as string as UserId,
          clientId,
          bytes: Uint8Array.of(first, 1, 5),
          crc: 0,
          at: new Date()
        });
      // What later migrations made goes, so that they run again.
      const later = await older.raw(
        `select string_agg(tablename, ', ') as tables from pg_tables where schemaname = 'public' and tablename not in
          ('users', 'sessions', 'tokens', 'maps', 'links', 'members', 'updates', 'snapshots')`
      );
      await older.raw(`drop table ${String(later[0]?.tables)}`);
      await older.raw('alter table maps drop column visibility');
      for (const column of ['expires_at', 'password_hash', 'uses_limit', 'uses'])
        await older.raw(`alter table links drop column ${column}`);
      await older.raw(
        'delete from drizzle.__drizzle_migrations where id > (select min(id) from drizzle.__drizzle_migrations)'
      );
      await (await open(older.url, MIGRATIONS)).close();
      expect(await node.db.select().from(node.tables.writers)).toEqual([
        { mapId, clientId: 5, userId: 'ann' }
      ]);
      await older.dispose();
    });

    it('names a database that does not exist', async () => {
      const url = new URL(empty?.url ?? '');
      url.pathname = '/meander_is_not_here';
      await expect(open(url.href, MIGRATIONS)).rejects.toThrow(
        `The Postgres database "meander_is_not_here" on ${url.host} cannot be opened: ` +
          'database "meander_is_not_here" does not exist.'
      );
    });
  });
});
