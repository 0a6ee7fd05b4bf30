import * as Y from 'yjs';
import { expect, test } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import {
  MESSAGE,
  writePresenceEntries,
  writePresenceFrame,
  writeStateVector,
  writeUpdate
} from '#lib/protocol/frames.ts';
import { createFakeClock } from '../../tests/support/fake-clock.ts';
import { createMemoryLog } from '../../tests/support/memory-log.ts';
import { Peer } from '../../tests/support/peer.ts';
import { TEST_SHAPES } from '../../tests/support/yjs-edits.ts';
import { CorruptDocument } from '../storage/ports.ts';
import { createLocalBus } from '../bus/bus.ts';
import { buildDocument, takeSnapshot } from './contents.ts';
import { createRooms } from './rooms.ts';
import type { Identity, Revalidate, RoomsOptions } from './types.ts';
import { wireTo } from '../../tests/support/wire.ts';

const MAP = '00000000-0000-4000-8000-000000000001' as MapId;
const OTHER_MAP = '00000000-0000-4000-8000-000000000002' as MapId;
const ann: Identity = { userId: 'ann' as never, name: 'Ann', guest: false, role: 'editor' };

const start = (options: Partial<RoomsOptions> = {}) => {
  const clock = createFakeClock();
  const log = createMemoryLog();
  log.create(MAP);
  const rooms = createRooms({ log, clock, bus: createLocalBus(), shapes: TEST_SHAPES, ...options });
  const pass = async (ms = 20) => {
    for (let step = 0; step < 4; step++) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms);
    for (let step = 0; step < 4; step++) await new Promise((resolve) => setImmediate(resolve));
  };
  const join = async (identity: Identity = ann, peer = new Peer(), mapId = MAP, ask?: Revalidate) => {
    const frames: Uint8Array[] = [];
    const closed: number[] = [];
    const paused = { now: false };
    const wire = {
      ...wireTo(
        (frame) => {
          frames.push(frame);
          peer.receive(frame);
        },
        (code) => closed.push(code)
      ),
      pause: () => (paused.now = true),
      resume: () => (paused.now = false)
    };
    const session = rooms.join(mapId, wire, identity, ask);
    peer.connected((frame) => session.receive(frame));
    await pass();
    return { peer, session, frames, closed, paused };
  };
  return { clock, log, rooms, pass, join };
};

test('rule 27: 1,200 rows leave a short log and two generations of snapshots', async () => {
  const { log, pass, join, rooms } = start();
  const { peer } = await join();
  for (let edit = 0; edit < 1_200; edit++) {
    peer.doc.getMap('map').set('title', edit);
    await pass();
  }
  expect(peer.saved).toBe(true);
  expect(log.snapshots(MAP)).toHaveLength(2);
  expect(log.rows(MAP).length).toBeLessThan(1_100);
  const loaded = await log.load(MAP);
  expect(loaded?.updates.length).toBeLessThan(600);
  await rooms.close();
});

test('what one person sends before a commit is one row of the log and one piece of news', async () => {
  const { log, pass, join, rooms } = start();
  const { peer } = await join();
  const other = await join(ann);
  await pass();
  const heard = other.frames.length;
  for (let edit = 0; edit < 100; edit++) peer.doc.getMap('map').set('title', edit);
  await pass();
  expect(peer.acked).toBe(peer.sent);
  expect(peer.saved).toBe(true);
  expect(log.rows(MAP)).toHaveLength(1);
  expect(other.frames).toHaveLength(heard + 1);
  expect(other.peer.doc.getMap('map').get('title')).toBe(99);
  await rooms.close();
});

test('bug 27: snapshots of large maps are made from the log, not on the loop, while people go on', async () => {
  const asked: number[] = [];
  let answer: () => void = () => undefined;
  const { log, pass, join, rooms } = start({
    snapshotOf: async (stored) => {
      asked.push(stored.head);
      await new Promise<void>((resolve) => (answer = resolve));
      const doc = buildDocument(stored);
      return takeSnapshot(doc, stored.head).bytes;
    }
  });
  const { peer } = await join();
  const letters = 'x'.repeat(60_000);
  for (let edit = 0; edit < 20; edit++) {
    peer.doc.getMap('map').set('title', letters + edit);
    await pass();
  }
  expect(asked).toHaveLength(1);
  peer.doc.getMap('map').set('title', 'after it');
  await pass();
  expect(peer.saved).toBe(true);
  expect(log.snapshots(MAP)).toHaveLength(0);
  answer();
  await pass();
  expect(log.snapshots(MAP).map(({ seq }) => seq)).toEqual(asked);
  const loaded = await log.load(MAP);
  const cold = buildDocument(loaded!);
  expect(cold.getMap('map').get('title')).toBe('after it');
  await rooms.close();
});

test('a room unloads when idle, with a snapshot, and comes back as it was', async () => {
  const seen: unknown[] = [];
  const { log, pass, join, rooms } = start({
    idleMs: 1_000,
    onEdited: (_mapId, doc, { seq, leaving }) =>
      void seen.push([doc.getMap('map').get('title'), seq, leaving])
  });
  const { peer, session } = await join();
  peer.doc.getMap('map').set('title', 'kept');
  await pass();
  session.leave();
  await pass(500);
  expect(rooms.stats().rooms).toBe(1);
  await pass(600);
  expect(rooms.stats().rooms).toBe(0);
  expect(log.snapshots(MAP)).toHaveLength(1);
  expect(seen).toEqual([
    ['kept', 1, false],
    ['kept', 1, true]
  ]);
  expect(await rooms.read(MAP, (doc) => doc.getMap('map').get('title'))).toBe('kept');
  await rooms.close();
});

test('P34: an account that is away keeps its client id, also when the log no longer tells', async () => {
  const { log, pass, join, rooms } = start({ idleMs: 1_000 });
  const victim = await join();
  const eve = await join({ ...ann, userId: 'eve' as never });
  victim.peer.doc.getMap('map').set('title', 'mine');
  await pass();
  eve.peer.doc.getMap('map').delete('title');
  await pass();
  expect(eve.peer.saved).toBe(true);
  victim.peer.disconnected();
  victim.session.leave();
  victim.peer.doc.getMap('map').set('title', 'written offline');
  eve.session.leave();
  await pass(1_100);
  // A second snapshot takes the rows that tell who wrote.
  const other = await join({ ...ann, userId: 'bob' as never });
  other.peer.doc.getMap('map').set('by', 'bob');
  await pass();
  other.session.leave();
  await pass(1_100);
  expect(log.rows(MAP).map(({ clientId }) => clientId)).toEqual([other.peer.doc.clientID]);

  const forger = await join({ ...ann, userId: 'eve' as never });
  const forged = new Y.Doc();
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(forger.peer.doc));
  forged.clientID = victim.peer.doc.clientID;
  forged.getMap('map').set('title', 'forged');
  forger.peer.send(writeUpdate(Y.encodeStateAsUpdate(forged, Y.encodeStateVector(forger.peer.doc))));
  await pass();
  expect(forger.closed).toEqual([CLOSE.badFrame]);
  const back = await join(ann, victim.peer);
  await pass();
  expect(back.closed).toEqual([]);
  expect(back.peer.saved).toBe(true);
  expect(await rooms.read(MAP, (doc) => doc.getMap('map').get('title'))).toBe('written offline');
  await rooms.close();
});

test('rule 2: a stop commits and acknowledges what arrived, then closes with 1012', async () => {
  const { log, join, rooms, pass } = start();
  const { peer, closed } = await join();
  await pass();
  peer.doc.getMap('map').set('title', 'last words');
  await rooms.close();
  expect(peer.saved).toBe(true);
  expect(closed).toEqual([CLOSE.restart]);
  expect(log.rows(MAP)).toHaveLength(1);
  expect(log.snapshots(MAP)).toHaveLength(1);
});

test('a map that vanishes closes its sockets with 4404, and an edit answers false', async () => {
  const { log, join, rooms, pass } = start();
  const { closed } = await join();
  log.remove(MAP);
  const edit = rooms.edit(MAP, null, (doc) => doc.getMap('map').set('title', 'late'));
  await pass();
  expect(await edit).toBe(false);
  expect(closed).toEqual([CLOSE.gone]);
  await rooms.close();
});

test('rule 7: the late end of an old socket leaves the new one alone', async () => {
  const { join, rooms, pass } = start();
  const old = await join();
  const fresh = await join();
  const show = (clientId: number, clock: number) =>
    writePresenceFrame(writePresenceEntries([{ clientId, clock, json: '{"cursor":{"x":1,"y":1}}' }]));
  old.session.receive(show(77, 1));
  await pass(100);
  fresh.session.receive(show(77, 2));
  await pass(100);
  old.session.leave();
  const watcher = await join({ ...ann, userId: 'bob' as never });
  const greeting = watcher.frames.filter((frame) => frame[0] === 1);
  expect(greeting).toHaveLength(1);
  expect(Buffer.from(greeting[0] ?? []).toString()).toContain('"name":"Ann"');
  await rooms.close();
});

test('rule 33, P50, P51: presence is the own entry, small, and carries the name the server knows', async () => {
  const { join, rooms, pass } = start();
  const mallory = await join({ ...ann, userId: 'mallory' as never, name: 'Mallory' });
  const victim = await join();
  const watcher = await join({ ...ann, userId: 'bob' as never });
  const entry = (clientId: number, clock: number, state: unknown) =>
    writePresenceFrame(writePresenceEntries([{ clientId, clock, json: JSON.stringify(state) }]));
  victim.session.receive(entry(5, 1, { cursor: { x: 1, y: 1 } }));
  mallory.session.receive(entry(6, 1, { user: { id: 'ann', name: 'Ann' }, cursor: { x: 'far' }, secret: 1 }));
  await pass(100);
  mallory.session.receive(entry(5, 2 ** 53 - 1, null));
  mallory.session.receive(entry(6, 2, { selection: 'x'.repeat(4_000) }));
  for (const state of [[], 7, 'x', true]) mallory.session.receive(entry(6, 3, state));
  await pass(100);
  const shown = watcher.frames
    .filter((frame) => frame[0] === 1)
    .map((frame) => Buffer.from(frame).toString());
  expect(shown).toHaveLength(1);
  expect(shown[0]).toContain('"name":"Mallory"');
  expect(shown[0]).not.toContain('secret');
  expect(mallory.closed).toEqual([]);
  await pass(40_000);
  const later = await join({ ...ann, userId: 'carl' as never });
  expect(later.frames.filter((frame) => frame[0] === 1)).toHaveLength(0); // bug 32: nobody haunts the map
  await rooms.close();
});

test('P15: what is typed while the connection opens waits for the answer it builds on', async () => {
  const { join, rooms, pass, log } = start();
  const { peer } = await join();
  peer.disconnected();
  peer.doc.getMap('map').set('offline', 1);
  const held: Uint8Array[] = [];
  const frames: Uint8Array[] = [];
  const wire = wireTo((frame) => frames.push(frame));
  const session = rooms.join(MAP, wire, ann);
  peer.connected((frame) => held.push(frame));
  peer.doc.getMap('map').set('typed', 2);
  await pass();
  for (const frame of held.splice(0)) session.receive(frame);
  await pass();
  expect(log.rows(MAP)).toHaveLength(0);
  for (const frame of frames.splice(0)) peer.receive(frame);
  for (const frame of held.splice(0)) session.receive(frame);
  await pass();
  for (const frame of frames.splice(0)) peer.receive(frame);
  expect(peer.saved).toBe(true);
  expect(await rooms.read(MAP, (doc) => doc.getMap('map').toJSON())).toEqual({ offline: 1, typed: 2 });
  expect(Y.encodeStateVector(peer.doc).length).toBeGreaterThan(1);
  await rooms.close();
});

test('P13: one map that cannot be stored stops nobody else, and is paused alone', async () => {
  const { log, join, rooms, pass } = start();
  log.create(OTHER_MAP);
  const sick = await join();
  const well = await join(ann, new Peer(), OTHER_MAP);
  log.trouble = (operation, mapIds) => {
    if (operation === 'append' && mapIds.includes(MAP)) throw new Error('cannot be stored');
  };
  const edit = async (round: number) => {
    for (const { peer } of [sick, well])
      peer.doc.getMap('map').set('title', `${round}${'x'.repeat(200_000)}`);
    await pass();
  };
  for (let round = 0; round < 60; round++) await edit(round);
  await pass(200);
  expect(sick.peer.notices).toEqual(['saving-stopped']);
  expect(sick.paused.now).toBe(true);
  expect(well.peer.notices).toEqual([]);
  expect(well.paused.now).toBe(false);
  expect(well.peer.saved).toBe(true);
  log.trouble = null;
  await pass(5_000);
  await pass(200);
  expect(sick.peer.saved).toBe(true);
  expect(sick.peer.notices).toEqual(['saving-stopped', 'saving-again']);
  expect(sick.paused.now).toBe(false);
  await rooms.close();
});

test('rule 13, P4, P13: nothing comes before hello, and right after it that saving fails', async () => {
  const { log, join, rooms, pass, clock } = start({ idleMs: 1_000, patienceMs: 60_000 });
  const first = await join();
  log.trouble = (operation) => {
    if (operation === 'append') throw new Error('disk');
  };
  first.peer.doc.getMap('map').set('title', 'unsafe');
  await pass();
  const late = await join({ ...ann, userId: 'bob' as never });
  expect(late.peer.notices).toEqual(['saving-stopped']);
  expect(late.frames[0]?.[0]).toBe(MESSAGE.hello);
  log.trouble = null;
  await pass(5_000);
  for (const { session } of [first, late]) session.leave();
  await pass(1_100);

  let opened: () => void = () => undefined;
  log.trouble = (operation) =>
    operation === 'load' ? new Promise<void>((resolve) => (opened = resolve)) : undefined;
  const waiting = await join();
  clock.advance(40_000);
  rooms.poke(MAP, { topic: 'members' });
  expect(waiting.frames).toEqual([]);
  opened();
  await pass();
  expect(waiting.frames[0]?.[0]).toBe(MESSAGE.hello);
  await rooms.close();
});

test('a stop ends though somebody answers every word with an edit', async () => {
  const { join, rooms, log } = start();
  const { peer, closed } = await join();
  let written = 0;
  peer.onChange = () => {
    if (peer.carry && peer.saved) peer.doc.getMap('map').set('title', ++written);
  };
  peer.doc.getMap('map').set('title', 0);
  await rooms.close();
  expect(closed).toEqual([CLOSE.restart]);
  expect(log.rows(MAP).length).toBeGreaterThan(0);
});

test('somebody who waits for a room that cannot store its last edits is sent away in time', async () => {
  const { join, rooms, log, pass } = start();
  const first = await join();
  log.trouble = (operation) => {
    if (operation === 'append') throw new Error('disk');
  };
  first.peer.doc.getMap('map').set('title', 'stuck');
  await pass();
  rooms.evict(MAP, CLOSE.resync);
  const second = await join();
  expect(second.frames).toEqual([]);
  await pass(10_000);
  expect(second.closed).toEqual([CLOSE.overloaded]);
  log.trouble = null;
  await pass(5_000);
  const third = await join();
  expect(third.peer.doc.getMap('map').get('title')).toBe('stuck');
  await rooms.close();
});

test('edits that a map in the trash did not take do not come back with it, not even in a snapshot', async () => {
  const { join, rooms, log, pass } = start();
  const { peer, closed } = await join();
  let appended: () => void = () => undefined;
  log.trouble = (operation) =>
    operation === 'append' ? new Promise<void>((resolve) => (appended = resolve)) : undefined;
  for (let edit = 0; edit < 501; edit++) peer.doc.getMap('map').set('title', edit);
  await pass();
  // The log is long enough for a snapshot as soon as this is stored, and the document holds more by then.
  peer.doc.getMap('map').set('late', true);
  appended();
  await pass(0);
  log.trash(MAP);
  const asked = rooms.read(MAP, (doc) => doc.getMap('map').has('late'));
  await pass();
  appended();
  await pass();
  expect(closed).toEqual([CLOSE.gone]);
  expect(await asked).toBeNull();
  log.trouble = null;
  log.restore(MAP);
  expect(log.snapshots(MAP)).toEqual([]);
  expect(await rooms.read(MAP, (doc) => doc.getMap('map').toJSON())).toEqual({ title: 500 });

  // Whoever made the edit still has it, and brings it along.
  const back = await join(ann, peer);
  await pass();
  expect(back.peer.saved).toBe(true);
  expect(await rooms.read(MAP, (doc) => doc.getMap('map').toJSON())).toEqual({ title: 500, late: true });
  await rooms.close();
});

test('P23: everybody is asked again once a minute, and not all at the same moment', async () => {
  const { join, rooms, pass } = start();
  let moment: number[] = [];
  for (let index = 0; index < 40; index++)
    await join(ann, new Peer(), MAP, async () => {
      moment.push(index);
      return 'editor';
    });
  const asked = new Set<number>();
  // A minute, and the pause between two looks.
  for (let second = 0; second < 64; second++) {
    moment = [];
    await pass(1_000);
    expect(moment.length).toBeLessThan(8);
    for (const index of moment) asked.add(index);
  }
  expect(asked.size).toBe(40);
  await rooms.close();
});

test('rule 17: a map with a bad row opens read-only with its last good state, and says so; the others work', async () => {
  const errors: unknown[] = [];
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => errors.push(fields)
  };
  const { log, join, rooms, pass, clock } = start({ logger, idleMs: 1_000 });
  log.create(OTHER_MAP);
  const first = await join();
  for (const title of ['one', 'two', 'three']) {
    first.peer.doc.getMap('map').set('title', title);
    await pass();
  }
  first.session.leave();
  await pass(1_100);
  const rows = log.rows(MAP).length;
  log.trouble = (operation, [mapId]) => {
    if (operation === 'load' && mapId === MAP) throw new CorruptDocument(MAP, 'update 3 does not match');
  };
  log.readableTo = 2;
  const reader = await join(ann, new Peer());
  expect(reader.peer.hello).toMatchObject({ role: 'viewer', damaged: true });
  expect(reader.peer.doc.getMap('map').get('title')).toBe('two');
  expect(reader.peer.answered).toBe(false);
  expect(rooms.stats().damaged).toBe(1);
  expect(errors).toContainEqual(expect.objectContaining({ alert: 'damaged map' }));
  reader.peer.doc.getMap('map').set('title', 'four');
  await pass();
  expect(reader.peer.rejected).toBe(1);
  await expect(rooms.edit(MAP, null, () => undefined)).rejects.toThrow('can only be read');
  expect(await rooms.read(MAP, (doc) => doc.getMap('map').get('title'))).toBe('two');
  const well = await join(ann, new Peer(), OTHER_MAP);
  expect(well.peer.hello).toMatchObject({ role: 'editor' });

  reader.session.leave();
  await pass(1_100);
  expect(log.rows(MAP)).toHaveLength(rows);
  expect(log.snapshots(MAP)).toHaveLength(1); // the one from before
  log.trouble = null;
  clock.advance(0);
  const repaired = await join(ann, new Peer());
  expect(repaired.peer.hello?.damaged).toBeUndefined();
  expect(repaired.peer.doc.getMap('map').get('title')).toBe('three');
  await rooms.close();
});

test('a map whose rows are sound and hold no document opens read-only as far as it goes', async () => {
  const { log, join, rooms, pass } = start({ idleMs: 1_000 });
  const first = await join();
  first.peer.doc.getMap('map').set('title', 'good');
  await pass();
  await log.append(new Map([[MAP, [{ userId: null, clientId: 1, bytes: Uint8Array.of(1, 200, 1) }]]]));
  rooms.evict(MAP, CLOSE.resync);
  await pass();
  const reader = await join(ann, new Peer());
  expect(reader.peer.hello).toMatchObject({ role: 'viewer', damaged: true });
  expect(reader.peer.doc.getMap('map').get('title')).toBe('good');
  await rooms.close();
});

test('a log that never answers a load is not waited for: 4500 with a sentence, and the next try is a new one', async () => {
  const { log, join, rooms, pass } = start();
  log.trouble = (operation) => (operation === 'load' ? new Promise<never>(() => undefined) : undefined);
  const waiting = await join();
  const asked = rooms.read(MAP, () => true);
  const refused = expect(asked).rejects.toThrow('cannot be');
  await pass(9_900);
  expect(waiting.closed).toEqual([]);
  await pass(200);
  expect(waiting.closed).toEqual([CLOSE.resync]);
  await refused;
  log.trouble = null;
  expect((await join()).peer.synced).toBe(true);
  await rooms.close();
});

test('P6: who sends faster than the allowance for long is read more slowly, loses nothing and disturbs nobody', async () => {
  const { join, rooms, pass, clock } = start();
  const busy = await join();
  const calm = await join({ ...ann, userId: 'bob' as never });
  const nothing = writePresenceFrame(writePresenceEntries([]));
  busy.peer.doc.getMap('map').set('title', 'first');
  for (let frame = 0; frame < 19_000; frame++) busy.session.receive(nothing);
  expect(busy.paused.now).toBe(false);
  for (let frame = 0; frame < 6_000; frame++) busy.session.receive(nothing);
  busy.peer.doc.getMap('map').set('title', 'last');
  expect(busy.paused.now).toBe(true);
  expect(calm.paused.now).toBe(false);
  await pass();
  expect(busy.peer.saved).toBe(true);
  clock.advance(5_000);
  expect(busy.paused.now).toBe(false);
  expect(busy.closed).toEqual([]);
  await rooms.close();
});

test('P6: asking for the whole map again and again counts as what it makes the server send', async () => {
  const { join, rooms, pass } = start();
  const { peer, session, paused } = await join();
  for (let piece = 0; piece < 20; piece++) peer.doc.getMap('map').set(`k${piece}`, 'x'.repeat(200_000));
  await pass();
  const question = Y.encodeStateVector(new Y.Doc());
  for (let asked = 0; asked < 9; asked++) session.receive(writeStateVector(question));
  expect(paused.now).toBe(true);
  await rooms.close();
});
