import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as Y from 'yjs';
import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import type { MapId } from '#lib/journey/ids.ts';
import {
  writeAnswer,
  writePresenceEntries,
  writePresenceFrame,
  writeStateVector,
  writeUpdate
} from '#lib/protocol/frames.ts';
import { ROLES, type Role } from '#lib/protocol/roles.ts';
import { createLocalBus } from '../../server/bus/bus.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import type { Identity } from '../../server/rooms/types.ts';
import { checkPromises } from '../support/checker.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { Ledger } from '../support/ledger.ts';
import { createMemoryLog, type MemoryLog } from '../support/memory-log.ts';
import { Peer } from '../support/peer.ts';
import { seeded } from '../support/seeds.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';
import { wireTo } from '../support/wire.ts';
import { MAP, startWorld, type World } from '../support/world.ts';
import { TEST_SHAPES } from '../support/yjs-edits.ts';

// Rules of the log of other people's defects that no other test is about. Which test is about which rule is asked in
// rule-names.test.ts.

const FULL = process.env.FAULT_ROUNDS !== undefined;
let world: World | null = null;
const peers: SocketPeer[] = [];

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close();
  await world?.close();
  world = null;
});

const identity = (name: string): Identity => ({ userId: name as never, name, guest: false, role: 'editor' });
const settle = async () => {
  for (let step = 0; step < 6; step++) await new Promise((resolve) => setImmediate(resolve));
};

const storedIn = (log: MemoryLog, mapId: MapId): Y.Doc => {
  const stored = new Y.Doc();
  const snapshot = log.snapshots(mapId).at(-1);
  if (snapshot) Y.applyUpdateV2(stored, snapshot.bytes);
  for (const { bytes } of log.rows(mapId)) Y.applyUpdate(stored, bytes);
  return stored;
};

test('rule 4: edits made while a slow commit is under way wait for the next one, and whenever the server dies what was acknowledged is there', () =>
  seeded('slow commits', async (random) => {
    const clock = createFakeClock();
    const log = createMemoryLog();
    log.create(MAP);
    const waiting: (() => void)[] = [];
    log.trouble = (operation) =>
      operation === 'append' ? new Promise<void>((resolve) => waiting.push(resolve)) : undefined;
    const rooms = createRooms({ log, clock, bus: createLocalBus(), shapes: TEST_SHAPES });
    const ledgers = ['ann', 'ben'].map((name) => {
      const ledger = new Ledger(name);
      const peer = new Peer(ledger.doc);
      ledger.attach(peer);
      const session = rooms.join(
        MAP,
        wireTo((frame) => peer.receive(frame)),
        identity(name)
      );
      peer.connected((frame) => session.receive(frame));
      return ledger;
    });
    let most = 0;
    for (let step = 0; step < 400; step++) {
      await settle();
      if (random.chance(0.7)) random.pick(ledgers).edit(random);
      if (random.chance(0.5)) clock.advance(20);
      most = Math.max(most, waiting.length);
      if (random.chance(0.2)) waiting.shift()?.();
      await settle();
      // What a server that is started now would find.
      checkPromises(ledgers, storedIn(log, MAP));
    }
    expect(most).toBe(1); // one commit at a time
    expect(ledgers.reduce((sum, { acked }) => sum + acked, 0)).toBeGreaterThan(20);
    log.trouble = null;
    while (waiting.length > 0) waiting.shift()?.();
    await rooms.close();
  }));

test('rule 9: two maps open side by side, closed in either order, hold what was put into each and nothing of the other', async () => {
  for (const order of [0, 1]) {
    const clock = createFakeClock();
    const log = createMemoryLog();
    const maps = [MAP, '00000000-0000-4000-8000-000000000002' as MapId];
    maps.forEach((mapId) => log.create(mapId));
    const rooms = createRooms({ log, clock, bus: createLocalBus(), shapes: TEST_SHAPES, idleMs: 100 });
    const tabs = maps.map((mapId) => {
      const peer = new Peer();
      const session = rooms.join(
        mapId,
        wireTo((frame) => peer.receive(frame)),
        identity('ann')
      );
      peer.connected((frame) => session.receive(frame));
      return { mapId, peer, session };
    });
    await settle();
    for (const { mapId, peer } of tabs) peer.doc.getMap('map').set('title', `of ${mapId}`);
    clock.advance(20);
    await settle();
    for (const { session } of order === 0 ? tabs : [...tabs].reverse()) {
      session.leave();
      clock.advance(200);
      await settle();
    }
    expect(rooms.stats().rooms).toBe(0);
    for (const mapId of maps)
      expect(storedIn(log, mapId).getMap('map').toJSON()).toEqual({ title: `of ${mapId}` });
    await rooms.close();
  }
});

/** What is in use after everything that nobody holds has been collected. */
const heap = (): number => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let time = 0; time < 3; time++) collect();
  return process.memoryUsage().heapUsed;
};

test(
  'rule 23, rule 24: rooms that open and close thousands of times, a third of them in vain, leave no room, no connection, no timer and no document',
  { timeout: 60_000 },
  async () => {
    const clock = createFakeClock();
    const log = createMemoryLog();
    const rooms = createRooms({ log, clock, bus: createLocalBus(), shapes: TEST_SHAPES, idleMs: 10 });
    const maps = Array.from(
      { length: 50 },
      (_value, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as MapId
    );
    for (const mapId of maps) {
      log.create(mapId);
      const doc = new Y.Doc();
      for (let entry = 0; entry < 200; entry++) doc.getMap('map').set(`field${entry}`, entry);
      await log.append(
        new Map([[mapId, [{ userId: null, clientId: doc.clientID, bytes: Y.encodeStateAsUpdate(doc) }]]])
      );
    }
    log.trouble = (operation, [mapId]) => {
      if (operation === 'load' && maps.indexOf(mapId ?? MAP) % 3 === 0) throw new Error('select');
    };
    const visit = (mapId: MapId) => {
      const session = rooms.join(
        mapId,
        wireTo(() => undefined),
        identity('ann')
      );
      session.receive(writeStateVector(Y.encodeStateVector(new Y.Doc())));
      return session;
    };
    const round = async () => {
      const sessions = maps.map(visit);
      await settle();
      for (const session of sessions) session.leave();
      clock.advance(20);
      await settle();
    };
    const visits = async (count: number) => {
      for (let times = 0; times < count / maps.length; times++) await round();
    };
    await visits(500);
    const [timers, used] = [clock.pending(), heap()];
    await visits(FULL ? 10_000 : 1_500);
    expect(rooms.stats()).toMatchObject({ rooms: 0, sessions: 0, queuedBytes: 0 });
    expect(clock.pending()).toBe(timers);
    const grown = heap() - used;
    console.log(`rooms: the heap grew by ${Math.round(grown / 1024)} kB`);
    // A map of these takes 30 kB and more in memory; a thousand that stayed would show.
    expect(grown).toBeLessThan(4 * 1024 * 1024);
    await rooms.close();
  }
);

describe('rule 35: every kind of person and every kind of frame', () => {
  const entry = { clientId: 7, clock: 1, json: '{"cursor":{"x":1,"y":1}}' };
  const edit = () => {
    const doc = new Y.Doc();
    doc.getMap('map').set('title', 'written');
    return Y.encodeStateAsUpdate(doc);
  };
  const FRAMES: Readonly<Record<string, { readonly frame: () => Uint8Array; readonly writes: boolean }>> = {
    '0 0': { frame: () => writeStateVector(Y.encodeStateVector(new Y.Doc())), writes: false },
    '0 1': { frame: () => writeAnswer(edit()), writes: true },
    '0 2': { frame: () => writeUpdate(edit()), writes: true },
    '1': { frame: () => writePresenceFrame(writePresenceEntries([entry])), writes: false }
  };
  const people: readonly (Role | 'stranger' | 'removed')[] = [...ROLES, 'stranger', 'removed'];
  const matrix = people.flatMap((person) => Object.keys(FRAMES).map((kind) => [person, kind] as const));

  test.each(matrix)('%s sends %s', async (person, kind) => {
    const here = (world = await startWorld());
    here.roles.set('somebody', person === 'removed' ? null : person === 'stranger' ? 'editor' : person);
    const { frame, writes } = FRAMES[kind] ?? { frame: () => new Uint8Array(), writes: false };
    const peer = new SocketPeer(here.url(MAP), person === 'stranger' ? 'no-such-token' : 'somebody');
    peers.push(peer);
    if (person === 'stranger' || person === 'removed') {
      await until('sent away', () => peer.closed !== null);
      expect(peer.closed?.code).toBe(person === 'stranger' ? CLOSE.login : CLOSE.gone);
      expect([peer.hello, peer.synced]).toEqual([null, false]);
      return;
    }
    await until('in', () => peer.synced);
    const mayWrite = person === 'owner' || person === 'editor';
    peer.send(frame());
    if (writes && !mayWrite) await until('told', () => peer.rejected === 1 && peer.denied === 1);
    else if (writes) await until('stored', () => peer.saved);
    const title = await here.rooms.read(MAP, (doc) => doc.getMap('map').get('title'));
    expect(title).toBe(writes && mayWrite ? 'written' : undefined);
    expect(peer.closed).toBeNull();
  });
});

test('rule 38: what a viewer forges is in nothing that others save afterwards', async () => {
  const here = (world = await startWorld());
  here.roles.set('vera', 'viewer');
  const open = async (name: string) => {
    const peer = new SocketPeer(here.url(MAP), name);
    peers.push(peer);
    await until('in', () => peer.synced);
    return peer;
  };
  const [viewer, owner] = [await open('vera'), await open('olga')];
  const forged = new Y.Doc();
  forged.getMap('cards').set('forged', new Y.Map([['rank', 'a canary']]));
  viewer.send(writeAnswer(Y.encodeStateAsUpdate(forged)));
  await until('refused', () => viewer.rejected === 1);
  owner.doc.getMap('map').set('title', 'by the owner');
  await until('saved', () => owner.saved);
  expect(owner.doc.getMap('cards').size).toBe(0);
  for (const { bytes } of here.log.rows(MAP)) expect(Buffer.from(bytes).includes('canary')).toBe(false);
  expect(await here.rooms.read(MAP, (doc) => doc.getMap('cards').size)).toBe(0);
});
