import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type * as Y from 'yjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootsOf } from '#lib/document/layout.ts';
import { readTitle } from '#lib/document/read.ts';
import type { MapId } from '#lib/journey/ids.ts';
import { open } from '../../server/db/open.ts';
import { buildDocument } from '../../server/rooms/contents.ts';
import { documentLog } from '../../server/storage/documents.ts';
import { versionStore } from '../../server/storage/versions.ts';
import { MIGRATIONS } from '../contract/backends.ts';
import { checkPromises, disagreement } from '../support/checker.ts';
import type { Client } from '../support/client.ts';
import { removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import { createRandom } from '../support/random.ts';
import { clientsOf, everybodyIsIn, headersAt, setStage, writeUntil, type Stage } from '../support/stage.ts';
import { afterEveryStatement } from '../support/statements.ts';
import { until } from '../support/until.ts';

const ROUNDS = Number(process.env.FAILPOINT_ROUNDS ?? 1);
const PRELOAD = new URL('../support/fail-points.ts', import.meta.url).href;
const TITLES = { kept: 'As it was kept', now: 'As it is now' };

/** A data folder with a map, its people, two generations of snapshots, a version with a name, and a log since then. */
let template: string;
let stage: Stage;
let version: string;
const folders: string[] = [];

const copyOfTemplate = (): string => {
  const copy = temporaryData();
  folders.push(copy);
  cpSync(template, copy, { recursive: true });
  return copy;
};

const databaseOf = (folder: string) => join(folder, 'meander.sqlite');
const titleOf = (doc: Y.Doc) => readTitle(rootsOf(doc).map);

const call = (server: Program, path: string, body: unknown): Promise<Response> => {
  const [owner] = stage.people;
  if (!owner) throw new Error('nobody owns the map');
  return fetch(`http://127.0.0.1:${server.port}/api/v1/maps/${stage.mapId}${path}`, {
    method: 'POST',
    headers: { ...headersAt(server.port, owner), 'content-type': 'application/json' },
    body: JSON.stringify(body)
  });
};

/** Two people write something, and it is saved. */
const write = async (server: Program, name: string): Promise<Client[]> => {
  const random = createRandom(1);
  const clients = clientsOf(stage, () => server.port, random, name);
  for (const client of clients) client.connect();
  await everybodyIsIn(clients);
  await writeUntil(clients, random, () => clients.every(({ sent }) => sent >= 20));
  await until('saved', () => clients.every(({ saved }) => saved));
  return clients;
};

beforeAll(async () => {
  template = temporaryData();
  folders.push(template);
  for (const life of ['a', 'b', 'c']) {
    const server = await startProgram(template);
    if (life === 'a') stage = await setStage(server.port, 2);
    const clients = await write(server, life);
    const [{ doc } = { doc: null }] = clients;
    if (doc && life !== 'a') doc.getMap('map').set('title', life === 'b' ? TITLES.kept : TITLES.now);
    await until('saved', () => clients.every(({ saved }) => saved));
    if (life === 'b')
      version = ((await (await call(server, '/versions', { name: 'Kept' })).json()) as { id: string }).id;
    for (const client of clients) client.leave();
    // The last life leaves no snapshot, so that its rows are in the log.
    await server.end(life === 'c' ? 'SIGKILL' : 'SIGTERM');
  }
}, 60_000);

afterAll(() => folders.forEach(removeData));

interface Operation {
  readonly name: string;
  /** Starts it; resolves when it is over, one way or the other: true when the server said that it was done. */
  run(server: Program): Promise<boolean>;
  /** Looks at what is on disk. `done`: the server said so. */
  check(found: {
    doc: Y.Doc;
    folder: string;
    clients: readonly Client[];
    done: boolean;
  }): Promise<void> | void;
}

const whole = ({ doc, clients }: { doc: Y.Doc; clients: readonly Client[] }) =>
  expect(disagreement([doc, ...clients.map((client) => client.doc)])).toBeNull();

const OPERATIONS: readonly Operation[] = [
  {
    name: 'a stop with its snapshot and compaction',
    run: async (server) => (await server.end('SIGTERM')) === 0,
    check({ doc, folder, clients }) {
      whole({ doc, clients });
      const database = new DatabaseSync(databaseOf(folder));
      const { count } = database.prepare('select count(*) as count from snapshots').get() as {
        count: number;
      };
      database.close();
      // The new one comes and the oldest one goes in one transaction.
      expect(count).toBe(2);
      expect(titleOf(doc)).toBe(TITLES.now);
    }
  },
  {
    name: 'going back to a version',
    run: async (server) => (await call(server, `/versions/${version}/restore`, { reason: 'test' })).ok,
    async check({ doc, folder, done }) {
      const title = titleOf(doc);
      expect([TITLES.kept, TITLES.now]).toContain(title);
      // The version's cards are those of life a and b: what came later is there with the one title, gone with the other.
      const later = [...doc.getMap('cards').keys()].filter((key) => /^(prey-|text-)?c\d-/.test(key));
      expect(later.length > 0, `cards of the state that goes with "${title}"`).toBe(title === TITLES.now);
      const opened = await open(databaseOf(folder), MIGRATIONS);
      const { versions } = await versionStore(opened).list(stage.mapId as MapId, { limit: 10 });
      await opened.close();
      if (done) expect(title).toBe(TITLES.kept);
      if (versions.some(({ kind }) => kind === 'restored')) expect(title).toBe(TITLES.kept);
    }
  },
  {
    name: 'moving a map to the trash',
    run: async (server) => {
      const [owner] = stage.people;
      const sent = await fetch(`http://127.0.0.1:${server.port}/maps?/trash`, {
        method: 'POST',
        headers: { ...(owner && headersAt(server.port, owner)), accept: 'text/html' },
        body: new URLSearchParams({ id: stage.mapId })
      });
      return sent.ok;
    },
    check({ doc, folder, clients, done }) {
      whole({ doc, clients });
      const database = new DatabaseSync(databaseOf(folder));
      const { at } = database.prepare('select trashed_at as at from maps').get() as { at: number | null };
      database.close();
      if (done) expect(at).not.toBeNull();
    }
  }
];

/** The statements that a server ran, in order, as far as it came. */
const statementsOf = (server: Program): string[] =>
  [...server.output().matchAll(/^statement \d+: (.*)$/gm)].map(([, sql]) => sql ?? '');

/** Runs an operation on a copy of the template and lets the server die after statement `point` of it (0: not at all). */
async function dieAt(operation: Operation, point: number): Promise<readonly string[]> {
  const folder = copyOfTemplate();
  const server = await startProgram(folder, {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    FAILPOINT: String(point)
  });
  const clients = await write(server, 'd');
  process.kill(server.pid, 'SIGUSR2');
  await until('armed', () => server.output().includes('fail-point armed'));
  for (const client of clients) client.leaveWhenClosed();
  const done = await operation.run(server).catch(() => false);
  for (const client of clients) client.leave();
  await server.end(point === 0 ? 'SIGTERM' : 'SIGKILL');
  const statements = statementsOf(server);
  const opened = await open(databaseOf(folder), MIGRATIONS);
  try {
    // It did not come further than that.
    if (point > 0) expect(statements.length).toBeLessThanOrEqual(point);
    const stored = await documentLog(opened).load(stage.mapId as MapId);
    if (!stored) throw new Error('the map is not there');
    expect(stored.damage).toBeUndefined();
    const doc = buildDocument(stored);
    // Going back takes away on purpose what came after the version.
    if (titleOf(doc) === TITLES.now) checkPromises(clients, doc);
    await operation.check({ doc, folder, clients, done });
  } catch (error) {
    throw new Error(`${operation.name}, dead after statement ${point}: ${statements.at(-1) ?? ''}`, {
      cause: error
    });
  } finally {
    await opened.close();
    removeData(folder);
  }
  return statements;
}

/** Two at a time: a server waits more than it works. */
async function everyPoint(
  points: readonly number[],
  visit: (point: number) => Promise<unknown>
): Promise<void> {
  const left = [...points];
  const lane = async () => {
    for (let point = left.shift(); point !== undefined; point = left.shift()) await visit(point);
  };
  await Promise.all([lane(), lane()]);
}

test.each(OPERATIONS)(
  'rule 12, F2: a server that dies after any statement of $name leaves the old state or the new one',
  { timeout: 120_000 * ROUNDS },
  async (operation) => {
    const statements = await dieAt(operation, 0);
    // After a look nothing is on disk that was not there before it.
    const points = statements.flatMap((sql, index) => (/^\s*select/i.test(sql) ? [] : [index + 1]));
    expect(points.length).toBeGreaterThan(0);
    await everyPoint(Array.from({ length: ROUNDS }, () => points).flat(), (point) => dieAt(operation, point));
    console.log(`fail-points: ${operation.name}: ${points.length} points, ${ROUNDS} each`);
  }
);

describe('F2: migrations', () => {
  interface Journal {
    readonly entries: readonly { readonly idx: number; readonly when: number; readonly tag: string }[];
  }

  /** The migrations, and after them one that rebuilds the table on which the others hang. */
  const withRebuild = (): string => {
    const folder = temporaryData();
    folders.push(folder);
    cpSync(fileURLToPath(MIGRATIONS), folder, { recursive: true });
    const file = join(folder, 'sqlite', 'meta', '_journal.json');
    const { entries, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Journal;
    const last = entries.at(-1);
    if (!last) throw new Error('there is no migration');
    const next = { ...last, idx: last.idx + 1, when: last.when + 1, tag: 'rebuild' };
    writeFileSync(file, JSON.stringify({ ...rest, entries: [...entries, next] }));
    const database = new DatabaseSync(databaseOf(template));
    const sql = (type: string) =>
      (
        database
          .prepare("select sql from sqlite_master where tbl_name = 'maps' and type = ? and sql is not null")
          .all(type) as { sql: string }[]
      ).map((row) => row.sql);
    const [table = ''] = sql('table');
    const statements = [
      table.replace('`maps`', '`__new_maps`'),
      'INSERT INTO `__new_maps` SELECT * FROM `maps`',
      'DROP TABLE `maps`',
      'ALTER TABLE `__new_maps` RENAME TO `maps`',
      ...sql('index')
    ];
    database.close();
    writeFileSync(join(folder, 'sqlite', 'rebuild.sql'), statements.join(';--> statement-breakpoint\n'));
    return folder;
  };

  const rowsOf = (path: string) => {
    const database = new DatabaseSync(path);
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all();
    const rows = (tables as { name: string }[]).map(({ name }) => [
      name,
      database.prepare(`select * from "${name}"`).all().length
    ]);
    database.close();
    return Object.fromEntries(rows) as Record<string, number>;
  };

  /** What a process that dies leaves behind is what is in the files at that moment, so a copy of them is as good. */
  const deadAfterEach = async (path: string, migrations: string): Promise<string[]> => {
    const images: string[] = [];
    const stop = afterEveryStatement(() => {
      const image = temporaryData();
      folders.push(image);
      images.push(databaseOf(image));
      for (const end of ['', '-wal']) if (existsSync(path + end)) cpSync(path + end, databaseOf(image) + end);
    });
    try {
      await (await open(path, migrations)).close();
    } finally {
      stop();
    }
    return images;
  };

  test('dead after any statement of the first start: the next start makes what is missing', async () => {
    const folder = join(copyOfTemplate(), 'fresh');
    mkdirSync(folder);
    const images = await deadAfterEach(databaseOf(folder), fileURLToPath(MIGRATIONS));
    const wanted = rowsOf(databaseOf(folder));
    expect(images.length).toBeGreaterThan(40);
    for (const image of images) {
      await (await open(image, MIGRATIONS)).close();
      expect(rowsOf(image)).toEqual(wanted);
    }
  });

  test('dead after any statement of a migration that rebuilds a table: no row is lost, and the next start ends it', async () => {
    const migrations = withRebuild();
    const path = databaseOf(copyOfTemplate());
    await (await open(path, MIGRATIONS)).close();
    const before = rowsOf(path);
    const images = await deadAfterEach(path, migrations);
    const after = rowsOf(path);
    expect(after.__drizzle_migrations).toBe((before.__drizzle_migrations ?? 0) + 1);
    expect(images.length).toBeGreaterThan(8);
    for (const image of images) {
      expect([before, after]).toContainEqual(rowsOf(image));
      const opened = await open(image, migrations);
      expect(
        buildDocument((await documentLog(opened).load(stage.mapId as MapId))!).getMap('cards').size
      ).toBeGreaterThan(0);
      await opened.close();
      expect(rowsOf(image)).toEqual(after);
    }
  });
});
