import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { isUpdateFrame, writeHello, writeStateVector } from '#lib/protocol/frames.ts';
import { OTHER_ACCOUNT } from '#lib/protocol/save-state.ts';
import type { UserId } from '../../../server/storage/ports.ts';
import { until } from '../../../tests/support/until.ts';
import { MAP, startWorld, type World } from '../../../tests/support/world.ts';
import { connectMap } from './connect-map.ts';
import { createLedger } from './pending-ledger.ts';
import type { MapConnection, OfflineStore } from './types.ts';

/** What `localStorage` and IndexedDB would keep over page loads. */
const createDevice = () => {
  const lines = new Map<string, string>();
  const updates: Uint8Array[] = [];
  let pages = 0;
  const storage = {
    getItem: (key: string) => lines.get(key) ?? null,
    setItem: (key: string, value: string) => void lines.set(key, value),
    removeItem: (key: string) => void lines.delete(key),
    key: (index: number) => [...lines.keys()][index] ?? null,
    get length() {
      return lines.size;
    }
  };
  return {
    store: (): OfflineStore => ({
      pending: createLedger(storage, 'copy', `page${pages++}`),
      async open(doc) {
        doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)), 'offline');
        const had = updates.length > 0;
        doc.on('update', (update: Uint8Array, origin: unknown) => {
          if (origin !== 'offline') updates.push(update);
        });
        return had;
      },
      discard: async () => {
        lines.clear();
        updates.length = 0;
      },
      close: async () => undefined
    })
  };
};

const sockets: WebSocket[] = [];
const socketOf = (name: string): typeof WebSocket =>
  class extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { authorization: `Bearer ${name}` } } as unknown as string[]);
      sockets.push(this);
    }
  };

const open = (world: World, name: string, offline: OfflineStore | null = null) => {
  const doc = new Y.Doc();
  const connection = connectMap({
    mapId: MAP,
    doc,
    url: `ws://127.0.0.1:${world.port}`,
    user: { id: name },
    offline,
    WebSocket: socketOf(name)
  });
  onTestFinished(() => connection.destroy());
  return { doc, connection };
};

/** A server of the test's own: it says hello and asks for the content when it is told to, and acknowledges nothing. */
const scriptedServer = () => {
  const opened: Scripted[] = [];
  class Scripted {
    readonly OPEN = 1;
    readyState = 0;
    binaryType = '';
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: Uint8Array }) => void) | null = null;
    onclose: ((event: { code: number; reason: string }) => void) | null = null;
    readonly sent: Uint8Array[] = [];

    constructor() {
      opened.push(this);
    }

    send(frame: Uint8Array): void {
      this.sent.push(frame);
    }

    close(): void {
      this.readyState = 3;
    }
  }
  let next = 0;
  return {
    open(name: string) {
      const doc = new Y.Doc();
      const connection = connectMap({
        mapId: MAP,
        doc,
        url: 'ws://scripted',
        user: { id: name },
        offline: null,
        WebSocket: Scripted as unknown as typeof WebSocket
      });
      onTestFinished(() => connection.destroy());
      return { doc, connection };
    },
    /** Lets the next socket in. */
    async welcome({ epoch, id = 'ann' }: { epoch: number; id?: string }): Promise<void> {
      await until('a socket', () => opened.length > next);
      const socket = opened[next++];
      if (socket === undefined) throw new Error('there is no socket');
      socket.readyState = 1;
      socket.onopen?.();
      const user = { id, name: id, color: '#000000', guest: false };
      const hello = { role: 'editor', epoch, user } as const;
      for (const frame of [writeHello(hello), writeStateVector(Y.encodeStateVector(new Y.Doc()))])
        socket.onmessage?.({ data: frame });
    },
    cut: () => opened.at(-1)?.onclose?.({ code: 1006, reason: '' }),
    /** How many update frames left on the last socket. */
    updates: () => opened.at(-1)?.sent.filter(isUpdateFrame).length ?? 0
  };
};

const world = async (options?: Parameters<typeof startWorld>[0]): Promise<World> => {
  const started = await startWorld(options);
  onTestFinished(() => started.close());
  return started;
};

const saved = (connection: MapConnection) => until('saved', () => connection.save.kind === 'saved');

test('P40: saving until the log has it, then saved; never saved before', async () => {
  const server = await world();
  let commit: () => void = () => undefined;
  server.log.trouble = (operation) =>
    operation === 'append' ? new Promise<void>((resolve) => (commit = resolve)) : undefined;
  const { doc, connection } = open(server, 'ann');
  await saved(connection);
  doc.getMap('map').set('title', 'new');
  await until('on its way', () => server.rooms.stats().queuedBytes > 0);
  expect(connection.save).toEqual({ kind: 'saving', changes: 1 });
  await until('the log is asked', () => {
    commit();
    return connection.save.kind === 'saved';
  });
  expect(server.log.rows(MAP)).toHaveLength(1);
});

test('P41: edits made offline are counted, also after a reload, and reach zero when the server is back', async () => {
  const server = await world();
  const device = createDevice();
  server.roles.set('ann', null); // as good as no server
  const first = open(server, 'ann', device.store());
  await until('turned away', () => first.connection.save.kind === 'closed');
  first.doc.getMap('map').set('one', 1);
  first.doc.getMap('map').set('two', 2);
  first.connection.destroy();

  const second = open(server, 'ann', device.store());
  await second.connection.ready;
  expect(second.connection.hasLocalCopy).toBe(true);
  expect(second.connection.loaded).toBe(true);
  expect(second.connection.save).toEqual({ kind: 'offline', changes: 2 });
  second.doc.getMap('map').set('three', 3);
  await until('counted', () => JSON.stringify(second.connection.save).includes('"code":4404'));
  server.roles.set('ann', 'editor');
  second.connection.reconnect();
  expect(second.connection.save).toEqual({ kind: 'offline', changes: 3 });
  await saved(second.connection);
  expect(await server.rooms.read(MAP, (doc) => doc.getMap('map').size)).toBe(3);
  second.connection.destroy();
  const third = open(server, 'ann', device.store());
  await third.connection.ready;
  expect(third.connection.save).toEqual({ kind: 'offline', changes: 0 });
});

test('"not loaded yet" is told from "empty"', async () => {
  const server = await world();
  server.roles.set('ann', null);
  const { connection } = open(server, 'ann', createDevice().store());
  await until('turned away', () => connection.save.kind === 'closed');
  expect([connection.loaded, connection.hasLocalCopy, connection.synced]).toEqual([false, false, false]);
});

test('P42: the server cannot write: failing, and saved again afterwards', async () => {
  const server = await world();
  const { doc, connection } = open(server, 'ann');
  await saved(connection);
  server.log.trouble = () => {
    throw new Error('disk full');
  };
  doc.getMap('map').set('title', 'unsafe');
  await until('failing', () => connection.save.kind === 'failing');
  expect(connection.save).toEqual({ kind: 'failing', changes: 1 });
  server.log.trouble = null;
  await saved(connection);
});

test('P44: a viewer is told that the map is view only, and hears of a refused edit', async () => {
  const server = await world();
  server.roles.set('vera', 'viewer');
  const { doc, connection } = open(server, 'vera');
  await until('synced', () => connection.synced);
  expect(connection.save).toEqual({ kind: 'viewOnly' });
  doc.getMap('map').set('title', 'mine');
  await until('refused', () => connection.save.kind === 'refused');
  expect(connection.save).toEqual({ kind: 'refused', changes: 1 });
});

test('P44: an editor who comes back as a viewer hears that unsent edits were not taken over', async () => {
  const server = await world();
  const device = createDevice();
  const first = open(server, 'ann', device.store());
  await saved(first.connection);
  server.roles.set('ann', null);
  server.rooms.recheck({ userId: 'ann' as UserId });
  await until('turned away', () => first.connection.save.kind === 'closed');
  first.doc.getMap('map').set('one', 1);
  first.doc.getMap('map').set('two', 2);
  await until('counted', () => JSON.stringify(first.connection.save).includes('"changes":2'));
  expect(first.connection.save).toMatchObject({ kind: 'closed', code: CLOSE.forbidden, changes: 2 });

  server.roles.set('ann', 'viewer');
  first.connection.reconnect();
  await until('told', () => first.connection.save.kind === 'refused');
  expect(first.connection.save).toEqual({ kind: 'refused', changes: 2 });
  first.connection.destroy();
  const second = open(server, 'ann', device.store());
  await until('told again', () => second.connection.save.kind === 'refused');
  expect(second.connection.save).toEqual({ kind: 'refused', changes: 2 });

  // The owner gives the right back: nothing is lost.
  server.roles.set('ann', 'editor');
  second.connection.reconnect();
  await saved(second.connection);
  expect(await server.rooms.read(MAP, (doc) => doc.getMap('map').get('two'))).toBe(2);
});

test('P46: a page that was opened fresh does not send its document to another history', async () => {
  const wire = scriptedServer();
  const { doc, connection } = wire.open('ann');
  await wire.welcome({ epoch: 1 });
  doc.getMap('map').set('title', 'of the old history');
  await until('sent', () => wire.updates() === 2);
  wire.cut();
  await wire.welcome({ epoch: 2 });
  await until('closed', () => connection.save.kind === 'closed');
  expect(connection.save).toMatchObject({ code: CLOSE.epoch, changes: 1 });
  expect(wire.updates()).toBe(0);
});

test('P46: a document that is still empty follows the server to its new history', async () => {
  const wire = scriptedServer();
  const { connection } = wire.open('ann');
  await wire.welcome({ epoch: 1 });
  wire.cut();
  await wire.welcome({ epoch: 2 });
  await until('answered', () => wire.updates() === 1);
  expect(connection.save.kind).toBe('saving');
});

test('P47: nothing is sent for another account than the one that opened the page', async () => {
  const wire = scriptedServer();
  const { doc, connection } = wire.open('ann');
  await wire.welcome({ epoch: 1 });
  wire.cut();
  doc.getMap('map').set('title', 'by Ann');
  await wire.welcome({ epoch: 1, id: 'ben' });
  await until('closed', () => connection.save.kind === 'closed');
  expect(connection.save).toMatchObject({ code: OTHER_ACCOUNT, changes: 1 });
  expect(connection.me?.id).toBe('ann');
  expect(wire.updates()).toBe(0);
});

test('P41: edits in a copy that cannot be read are never called saved, and wait for a page that can', async () => {
  const server = await world();
  const device = createDevice();
  server.roles.set('ann', null);
  const first = open(server, 'ann', device.store());
  await until('turned away', () => first.connection.save.kind === 'closed');
  first.doc.getMap('map').set('one', 1);
  first.connection.destroy();

  server.roles.set('ann', 'editor');
  const locked = open(server, 'ann', {
    ...device.store(),
    open: () => Promise.reject(new Error('the browser does not open its storage'))
  });
  const kinds = new Set<string>();
  locked.connection.on('change', () => kinds.add(locked.connection.save.kind));
  await until('told', () => locked.connection.save.kind === 'unread');
  expect(locked.connection.save).toEqual({ kind: 'unread', changes: 1 });
  expect(kinds).not.toContain('saved');
  locked.connection.destroy();

  const third = open(server, 'ann', device.store());
  await saved(third.connection);
  expect(await server.rooms.read(MAP, (doc) => doc.getMap('map').get('one'))).toBe(1);
});

test('bug 34: a wire cut at any moment ends in saved', async () => {
  const server = await world();
  const { doc, connection } = open(server, 'ann');
  await saved(connection);
  for (let round = 0; round < 10; round++) {
    for (let edit = 0; edit <= round; edit++) doc.getMap('map').set(`field${edit}`, round);
    sockets.at(-1)?.close();
    await until('noticed', () => connection.save.kind !== 'saved');
    await saved(connection);
  }
  expect(await server.rooms.read(MAP, (stored) => stored.getMap('map').get('field9'))).toBe(9);
});

test('finding 4: one mover among many costs its own frames and no echo of others', async () => {
  const server = await world();
  const mover = open(server, 'mover');
  const watchers = Array.from({ length: 10 }, (_value, index) => open(server, `watcher${index}`));
  for (const { connection } of [mover, ...watchers]) await until('synced', () => connection.synced);
  let frames = 0;
  for (const socket of sockets) {
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      if ((data as Uint8Array)[0] === 1) frames++;
      send(data);
    };
  }
  mover.connection.setCursor({ x: 0, y: 0 });
  mover.connection.setCursor({ x: 7, y: 8 });
  for (const { connection } of watchers)
    await until('seen', () => [...connection.others.values()].some(({ cursor }) => cursor?.x === 7));
  expect(frames).toBeLessThanOrEqual(2);
  const [peer] = [...(watchers[0]?.connection.others.values() ?? [])].filter(
    ({ user }) => user.id === 'mover'
  );
  expect(peer).toMatchObject({ cursor: { x: 7, y: 8 }, user: { name: 'mover', guest: false } });
  mover.connection.destroy();
  for (const { connection } of watchers)
    await until('gone', () => ![...connection.others.values()].some(({ user }) => user.id === 'mover'));
});

test('P45: a refused login reaches the page with its code', async () => {
  const server = await world({ gateway: { origin: 'http://meander.example' } });
  const doc = new Y.Doc();
  class Anonymous extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { origin: 'http://meander.example' } } as unknown as string[]);
    }
  }
  const connection = connectMap({
    mapId: MAP,
    doc,
    url: `ws://127.0.0.1:${server.port}`,
    user: { id: 'nobody' },
    offline: null,
    WebSocket: Anonymous
  });
  onTestFinished(() => connection.destroy());
  await until('closed', () => connection.save.kind === 'closed');
  expect(connection.save).toMatchObject({ kind: 'closed', code: CLOSE.login });
});
