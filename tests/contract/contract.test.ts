import { afterAll, beforeAll, describe } from 'vitest';
import { postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';
import { accountsSuite } from './suites/accounts.ts';
import { authorizeSuite } from './suites/authorize.ts';
import { databaseSuite } from './suites/database.ts';
import { compactionSuite, documentsSuite } from './suites/documents.ts';
import { linksSuite } from './suites/links.ts';
import { mapsSuite } from './suites/maps.ts';
import { sessionsSuite } from './suites/sessions.ts';
import { worldOn, type World } from './world.ts';

const suites = [
  databaseSuite,
  documentsSuite,
  compactionSuite,
  mapsSuite,
  linksSuite,
  accountsSuite,
  sessionsSuite,
  authorizeSuite
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

describe('SQLite', contract(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('Postgres', contract(postgresBackend));
