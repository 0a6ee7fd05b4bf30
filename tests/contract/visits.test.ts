import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { configFrom, createApp } from '../../server/app.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

test('a socket that comes in after half a session leaves its prolonging to the next page, and a title its end', async () => {
  const folder = temporaryData();
  const app = await createApp(
    configFrom({ DATA_DIR: folder, LOG_LEVEL: 'silent' }, new URL('../../', import.meta.url))
  );
  const http = createServer();
  http.on('upgrade', (request: IncomingMessage, socket, head) => void app.upgrade(request, socket, head));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as { port: number };
  const { accounts, sessions } = app.access;
  const made = await accounts.createGuest('Ann');
  if (!made.ok) throw new Error(made.problem);
  const { userId } = made.principal;
  const { cookie } = await sessions.create(userId);
  const headers = { origin: `http://127.0.0.1:${port}`, cookie: `${cookie.name}=${cookie.value}` };
  const mapId = await app.maps.create(userId, { preset: 'blank' });

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 16 * DAY });
  const peer = new SocketPeer(`ws://127.0.0.1:${port}/sync/${mapId}?v=1`, headers);
  await until('in', () => peer.hello !== null || peer.closed !== null);
  expect(peer.hello?.user.id).toBe(userId);
  expect(await sessions.read(headers.cookie)).toMatchObject({ fresh: { value: cookie.value } });

  // Whoever writes past our pages cannot make lists any longer than they.
  await until('saved', () => peer.saved);
  peer.doc.getMap('map').set('title', 'x'.repeat(2_000));
  const titled = async () => (await app.maps.list(userId, { trashed: false, limit: 1 })).maps[0]?.title;
  await until('the list shows it', async () => (await titled())?.startsWith('xxx') ?? false);
  expect(await titled()).toBe('x'.repeat(200));

  peer.close();
  await app.close();
  http.close();
  removeData(folder);
});
