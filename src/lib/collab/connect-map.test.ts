import { expect, onTestFinished, test, vi } from 'vitest';
import * as Y from 'yjs';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { isUpdateFrame, writeHello, writeStateVector } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { OTHER_ACCOUNT } from '#lib/protocol/save-state.ts';
import type { UserId } from '../../../server/storage/ports.ts';
import { SocketPeer } from '../../../tests/support/socket-peer.ts';
import { createRandom } from '../../../tests/support/random.ts';
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

/** The document as the log holds it now. */
const storedIn = ({ log }: World): Y.Doc => {
  const stored = new Y.Doc();
  const snapshot = log.snapshots(MAP).at(-1);
  if (snapshot) Y.applyUpdateV2(stored, snapshot.bytes);
  for (const { bytes } of log.rows(MAP)) Y.applyUpdate(stored, bytes);
  return stored;
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
    open(name: string, random?: () => number) {
      const doc = new Y.Doc();
      const connection = connectMap({
        mapId: MAP,
        doc,
        url: 'ws://scripted',
        user: { id: name },
        offline: null,
        ...(random && { random }),
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
    /** Lets everybody in who has come since, and sends them away at once. Answers how many have come by now. */
    sendAway(code: number): number {
      for (; next < opened.length; next++) {
        const socket = opened[next];
        if (socket === undefined) continue;
        socket.readyState = 1;
        socket.onopen?.();
        socket.onclose?.({ code, reason: 'not now' });
      }
      return opened.length;
    },
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

test('rule 13: "not loaded yet" is told from "empty"', async () => {
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

test('F24, P44: an editor who comes back as a viewer hears that unsent edits were not taken over', async () => {
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

test('rule 21, P46: a page that was opened fresh does not send its document to another history', async () => {
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

test('rule 28: a server that lets people in and sends them away again is not hammered, and they do not come in step', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const times: number[][] = [];
  for (const dice of [0, 0.5, 1]) {
    const server = scriptedServer();
    server.open('ann', () => dice);
    const came: number[] = [];
    for (let ms = 0; ms < 120_000; ms += 50) {
      await vi.advanceTimersByTimeAsync(50);
      while (came.length < server.sendAway(CLOSE.overloaded)) came.push(ms);
    }
    times.push(came);
    // Doubling from a fifth of a second to half a minute: a dozen or two in two minutes, and not a thousand.
    expect(came.length).toBeGreaterThan(5);
    expect(came.length).toBeLessThan(25);
    for (const [index, at] of came.slice(1).entries())
      expect(at - (came[index] ?? 0)).toBeLessThanOrEqual(30_100);
  }
  expect(new Set(times.map((came) => came.slice(1, 5).join()))).toHaveProperty('size', 3);
});

test('rule 31: a client id that somebody else turns out to use is changed: nothing throws, edits go on, and others see one cursor', async () => {
  const server = await world();
  const { doc, connection } = open(server, 'ann');
  const { connection: ben } = open(server, 'ben');
  await saved(connection);
  await saved(ben);
  connection.setCursor({ x: 1, y: 1 });
  const cursors = () => [...ben.others.values()].filter(({ user }) => user.id === 'ann');
  await until('seen', () => cursors().length === 1);
  // The same person in a second tab that came by the same number.
  const noise = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(() => noise.mockRestore());
  const twin = new SocketPeer(server.url(MAP), 'ann');
  onTestFinished(() => twin.close());
  const before = doc.clientID;
  twin.doc.clientID = before;
  await until('the twin is in', () => twin.saved);
  twin.doc.getMap('map').set('twin', 1);
  await until('the id is changed', () => doc.clientID !== before);
  doc.getMap('map').set('after', 2);
  await saved(connection);
  connection.setCursor({ x: 5, y: 5 });
  await until(
    'still one cursor, where it is now',
    () => cursors().length === 1 && cursors()[0]?.cursor?.x === 5
  );
  expect(await server.rooms.read(MAP, (stored) => stored.getMap('map').toJSON())).toEqual({
    twin: 1,
    after: 2
  });
});

test('rule 34: a wire cut at 200 moments ends in "saved", and the indicator never says it too early', async () => {
  const server = await world();
  const { doc, connection } = open(server, 'ann');
  const lies: string[] = [];
  let edits = 0;
  connection.on('change', () => {
    if (connection.save.kind !== 'saved') return;
    // In this process the log can be asked in the same moment.
    const stored = server.log.rows(MAP).length > 0 ? storedIn(server).getMap('map').get('edit') : undefined;
    if (edits > 0 && stored !== edits)
      lies.push(`"saved" after edit ${edits}, and the log holds ${String(stored)}`);
  });
  await saved(connection);
  const random = createRandom(34);
  for (let cut = 0; cut < 200; cut++) {
    for (let more = random.below(3); more >= 0; more--) doc.getMap('map').set('edit', ++edits);
    // Before the frame leaves, on its way, or while its acknowledgement comes.
    for (let turn = random.below(8); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
    const socket = sockets.at(-1);
    if (random.chance(0.5)) socket?.close();
    else socket?.dispatchEvent(new CloseEvent('close', { code: 1006 }));
  }
  await saved(connection);
  expect(await server.rooms.read(MAP, (stored) => stored.getMap('map').get('edit'))).toBe(edits);
  expect(lies).toEqual([]);
});

test('rule 20, F17: 3,000 cards in one step, more than one frame may hold, are saved; so are those pasted offline', async () => {
  const server = await world({ shapes: MAP_SHAPES });
  const codes: number[] = [];
  const { doc, connection } = open(server, 'ann');
  await saved(connection);
  const map = new JourneyDocument(doc);
  const stage = map.addStage({ name: 'Stage', index: 0 });
  const lane = map.addLane({ name: 'Lane', kind: 'notes', index: 0 });
  const paste = (text: string) =>
    map.insertCards(
      Array.from({ length: 3_000 }, () => ({
        text,
        facets: { ...BARE_FACETS, tags: ['a', 'b'], owner: 'Ann' }
      })),
      { lane, stage }
    );
  await saved(connection);
  const connections = sockets.length;
  sockets.at(-1)?.addEventListener('close', ({ code }) => codes.push(code));
  paste('x'.repeat(100));
  await saved(connection);
  expect(sockets.length).toBe(connections + 1);
  sockets.at(-1)?.close();
  await until('offline', () => connection.save.kind === 'offline');
  paste('while offline');
  await saved(connection);
  expect(codes.filter((code) => code >= 4400 && code < 4500)).toEqual([]);
  expect(await server.rooms.read(MAP, (stored) => stored.getMap('cards').size)).toBe(6_000);
  map.destroy();
}, 20_000);

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

test('a selection of everything reaches others as far as they take one', async () => {
  const server = await world();
  const one = open(server, 'one');
  const other = open(server, 'other');
  for (const { connection } of [one, other]) await until('synced', () => connection.synced);
  const ids = Array.from({ length: 10_000 }, (_value, index) => `a-card-of-usual-id-${index}`);
  one.connection.setSelection(ids);
  const seen = () => [...other.connection.others.values()].map(({ selection }) => selection);
  await until('seen', () => seen().some(({ length }) => length > 0));
  expect(seen()).toEqual([ids.slice(0, LIMITS.presenceSelection)]);
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
