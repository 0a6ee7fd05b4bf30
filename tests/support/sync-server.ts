/**
 * A server program with nothing but the sync side: gateway, rooms, the real SQLite log, real logins. For tests that
 * need a process of their own to kill. Prints one line of JSON when it listens; SIGTERM stops it in order.
 *
 *     node sync-server.js <data folder> <migrations>
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import * as Y from 'yjs';
import type { MapId } from '#lib/journey/ids.ts';
import { createAccounts } from '../../server/access/accounts.ts';
import { createAuthorize } from '../../server/access/authorize.ts';
import { createTokens } from '../../server/access/tokens.ts';
import { createLocalBus } from '../../server/bus/bus.ts';
import { open } from '../../server/db/open.ts';
import { createGateway } from '../../server/gateway/gateway.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import { documentLog } from '../../server/storage/documents.ts';
import { mapStore } from '../../server/storage/maps.ts';
import { TEST_ROOTS } from './yjs-edits.ts';

/** What the program prints, and keeps in its folder from one start to the next. */
export interface SyncServerWorld {
  readonly mapId: string;
  /** Bearer tokens of five editors, and one who may only look. */
  readonly editors: readonly string[];
  readonly viewer: string;
}

const [folder, migrations] = process.argv.slice(2);
if (!folder || !migrations) throw new Error('name a data folder and the folder of the migrations');
const database = await open(join(folder, 'meander.db'), migrations);
const maps = mapStore(database);
const tokens = createTokens(database);
const world = await loadWorld(join(folder, 'world.json'));

const rooms = createRooms({ log: documentLog(database), bus: createLocalBus(), roots: TEST_ROOTS });
const gateway = createGateway({
  rooms,
  access: {
    identify: (request) => tokens.read(request.headers.authorization),
    authorize: createAuthorize(database)
  }
});
const http = createServer((_request, response) => response.writeHead(404).end());
http.on('upgrade', (request, socket, head) => void gateway.upgrade(request, socket, head));
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  console.log(JSON.stringify({ ...world, port: typeof address === 'object' ? address?.port : null }));
});
process.once('SIGTERM', () => void stop());

async function stop(): Promise<void> {
  http.close();
  await rooms.close();
  await gateway.close();
  await database.close();
}

async function loadWorld(path: string): Promise<SyncServerWorld> {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as SyncServerWorld;
  const accounts = createAccounts(database);
  const guest = async (name: string) => {
    const result = await accounts.createGuest(name);
    if (!result.ok) throw new Error(result.problem);
    return result.principal.userId;
  };
  const owner = await guest('Owner');
  const mapId = crypto.randomUUID() as MapId;
  await maps.create({
    id: mapId,
    title: 'Test',
    createdBy: owner,
    snapshot: Y.encodeStateAsUpdateV2(new Y.Doc())
  });
  const member = async (name: string, role: 'editor' | 'viewer') => {
    const userId = await guest(name);
    await maps.join(mapId, userId, null, role);
    return tokens.add(userId);
  };
  const editors: string[] = [];
  for (let index = 0; index < 5; index++) editors.push(await member(`Editor ${index}`, 'editor'));
  const fresh: SyncServerWorld = { mapId, editors, viewer: await member('Viewer', 'viewer') };
  writeFileSync(path, JSON.stringify(fresh));
  return fresh;
}
