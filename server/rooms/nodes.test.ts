import * as Y from 'yjs';
import { expect, test } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { readPresenceEntries, writePresenceEntries, writePresenceFrame } from '#lib/protocol/frames.ts';
import { createBusHub } from '../../tests/support/bus-hub.ts';
import { createFakeClock } from '../../tests/support/fake-clock.ts';
import { createMemoryLog } from '../../tests/support/memory-log.ts';
import { fingerprint, Peer } from '../../tests/support/peer.ts';
import { createRandom } from '../../tests/support/random.ts';
import { editAtRandom, TEST_SHAPES } from '../../tests/support/yjs-edits.ts';
import { createRooms } from './rooms.ts';
import type { Identity, Revalidate } from './types.ts';
import { wireTo } from '../../tests/support/wire.ts';

const MAP = '00000000-0000-4000-8000-000000000001' as MapId;
const person = (name: string): Identity => ({
  userId: name as never,
  name,
  guest: false,
  role: 'editor'
});

/** Several nodes on one log, with a bus whose troubles the test decides. */
const start = (count = 2, seed = 1) => {
  const clock = createFakeClock();
  const random = createRandom(seed);
  const log = createMemoryLog();
  log.create(MAP);
  const hub = createBusHub(count, random);
  const nodes = hub.buses.map((bus) => createRooms({ log, clock, bus, shapes: TEST_SHAPES, shared: true }));
  const settle = async () => {
    for (let step = 0; step < 12; step++) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms = 20) => {
    await settle();
    clock.advance(ms);
    await settle();
  };
  const join = async (node: number, identity: Identity, ask?: Revalidate) => {
    const peer = new Peer();
    const closed: number[] = [];
    const presence = new Map<number, string>();
    const session = nodes[node]!.join(
      MAP,
      wireTo(
        (frame) => {
          if (frame[0] === 1)
            for (const { clientId, json } of readPresenceEntries(frame.subarray(1 + lengthBytes(frame))))
              presence.set(clientId, json);
          peer.receive(frame);
        },
        (code) => closed.push(code)
      ),
      identity,
      ask
    );
    peer.connected((frame) => session.receive(frame));
    await pass();
    const appear = (clock_: number) =>
      session.receive(
        writePresenceFrame(
          writePresenceEntries([
            {
              clientId: peer.doc.clientID,
              clock: clock_,
              json: JSON.stringify({ cursor: { x: clock_, y: 0 }, selection: [], editing: null })
            }
          ])
        )
      );
    return { peer, session, closed, presence, appear };
  };
  const close = () => Promise.all(nodes.map((rooms) => rooms.close()));
  return { clock, random, log, hub, nodes, pass, join, close };
};

/** Bytes of the length in front of a presence frame's content. */
const lengthBytes = (frame: Uint8Array): number => {
  let bytes = 1;
  while ((frame[bytes] ?? 0) >= 128) bytes++;
  return bytes;
};

const field = (doc: Y.Doc, name = 'title') => doc.getMap('map').get(name);

test('an edit on one node is seen on the other, in the order of the log, and nothing has to be read for it', async () => {
  const { join, pass, nodes, log, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  ann.peer.doc.getMap('map').set('title', 'from ann');
  await pass();
  expect(field(ben.peer.doc)).toBe('from ann');
  ben.peer.doc.getMap('map').set('title', 'from ben');
  await pass();
  expect(field(ann.peer.doc)).toBe('from ben');
  expect(ann.peer.saved && ben.peer.saved).toBe(true);
  expect(log.rows(MAP).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(nodes.map((rooms) => rooms.stats().repairs)).toEqual([0, 0]);
  await close();
});

test('rule 5, F9: without the bus edits are acknowledged all the same and cross within five seconds', async () => {
  const { join, pass, hub, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  hub.trouble.down = true;
  ann.peer.doc.getMap('map').set('title', 'quiet');
  await pass();
  expect(ann.peer.saved).toBe(true);
  expect(field(ben.peer.doc)).toBeUndefined();
  await pass(5_000);
  expect(field(ben.peer.doc)).toBe('quiet');
  ann.peer.doc.getMap('map').set('title', 'again');
  await pass();
  hub.reconnect();
  await pass();
  expect(field(ben.peer.doc)).toBe('again');
  await close();
});

test('rule 14: a message that is lost holds back those behind it until the log has told, within 100 ms', async () => {
  const { join, pass, hub, nodes, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  hub.trouble.drop = 1;
  ann.peer.doc.getMap('map').set('first', 1);
  await pass();
  hub.trouble.drop = 0;
  ann.peer.doc.getMap('map').set('second', 2);
  await pass();
  expect(field(ben.peer.doc, 'second')).toBeUndefined();
  await pass(100);
  expect([field(ben.peer.doc, 'first'), field(ben.peer.doc, 'second')]).toEqual([1, 2]);
  expect(nodes[1]?.stats().repairs).toBe(1);
  await close();
});

test('F11: three nodes on a bus that drops, doubles and reorders agree at the end, and nothing acknowledged is missing', async () => {
  for (const seed of [1, 2, 3, 4]) {
    const { join, pass, hub, random, log, nodes, close } = start(3, seed);
    const people = await Promise.all([0, 1, 2].map((node) => join(node, person(`p${node}`))));
    Object.assign(hub.trouble, { drop: 0.05, twice: 0.05, late: 0.1 });
    for (let step = 0; step < 120; step++) {
      editAtRandom(random.pick(people).peer.doc, random);
      if (random.chance(0.3)) await pass();
      if (random.chance(0.2)) hub.release();
    }
    hub.release();
    for (let wait = 0; wait < 4; wait++) await pass(2_500);
    const [first, ...rest] = people.map(({ peer }) => fingerprint(peer.doc));
    for (const other of rest) expect(other, `seed ${seed}`).toEqual(first);
    expect(people.every(({ peer }) => peer.saved)).toBe(true);
    const seqs = log.rows(MAP).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, index) => index + (seqs[0] ?? 1)));
    const read = await nodes[0]!.read(MAP, (doc) => Y.encodeStateAsUpdate(doc));
    const cold = new Y.Doc();
    Y.applyUpdate(cold, read ?? new Uint8Array());
    expect(fingerprint(cold)).toEqual(first);
    await close();
  }
});

test('F11: with no loss no number has to be read from the log, though both nodes write at once', async () => {
  const { join, pass, random, nodes, close } = start(2, 7);
  const people = [await join(0, person('ann')), await join(1, person('ben'))];
  for (let step = 0; step < 200; step++) {
    for (const { peer } of people) editAtRandom(peer.doc, random);
    if (random.chance(0.5)) await pass();
  }
  await pass(200);
  expect(fingerprint(people[0]!.peer.doc)).toEqual(fingerprint(people[1]!.peer.doc));
  expect(nodes.map((rooms) => rooms.stats().repairs)).toEqual([0, 0]);
  await close();
});

test('rule 12, rule 18: two nodes compact one log, and whoever loads it then has everything', async () => {
  const { join, pass, hub, log, random, nodes, close } = start(2, 3);
  const people = [await join(0, person('ann')), await join(1, person('ben'))];
  hub.trouble.drop = 0.2;
  for (let step = 0; step < 1_300; step++) {
    random
      .pick(people)
      .peer.doc.getMap('map')
      .set(`k${step % 50}`, step);
    await pass();
  }
  for (let wait = 0; wait < 3; wait++) await pass(2_500);
  expect(log.snapshots(MAP).length).toBeGreaterThan(0);
  const expected = fingerprint(people[0]!.peer.doc);
  expect(fingerprint(people[1]!.peer.doc)).toEqual(expected);
  await close();
  const stored = await log.load(MAP);
  const cold = new Y.Doc();
  if (stored?.snapshot) Y.applyUpdateV2(cold, stored.snapshot.bytes);
  for (const { bytes } of stored?.updates ?? []) Y.applyUpdate(cold, bytes);
  expect(fingerprint(cold)).toEqual(expected);
  expect(nodes).toHaveLength(2);
});

test('rule 25: nodes that have nothing to say are silent', async () => {
  const { join, pass, hub, close } = start(3);
  const [ann] = [await join(0, person('ann')), await join(1, person('ben')), await join(2, person('eve'))];
  ann.peer.doc.getMap('map').set('title', 'x');
  await pass();
  const said = hub.messages.length;
  for (let second = 0; second < 60; second++) await pass(1_000);
  expect(hub.messages.slice(said)).toEqual([]);
  await close();
});

test('rule 30: people are seen across nodes, also by who comes later, once moved, and gone when they leave', async () => {
  const { join, pass, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  const id = ann.peer.doc.clientID;
  ann.appear(1);
  await pass(100); // collected here, and once more there
  await pass(100);
  expect(ben.presence.get(id)).toContain('"name":"ann"');
  const eve = await join(1, person('eve'));
  expect(eve.presence.get(id)).toContain('"name":"ann"');
  ann.session.leave();
  await pass(100);
  await pass(100);
  expect(ben.presence.get(id)).toBe('null');
  await close();
});

test('rule 32: who was on a node that went without a word is gone within 40 s', async () => {
  const { join, pass, hub, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  ann.appear(1);
  await pass(100);
  hub.trouble.down = true;
  ann.session.leave();
  for (let second = 0; second < 40; second++) await pass(1_000);
  expect(ben.presence.get(ann.peer.doc.clientID)).toBe('null');
  await close();
});

test('presence is exchanged anew when the bus is back', async () => {
  const { join, pass, hub, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  hub.trouble.down = true;
  ann.appear(1);
  await pass(100);
  expect(ben.presence.has(ann.peer.doc.clientID)).toBe(false);
  hub.reconnect();
  await pass(100);
  expect(ben.presence.get(ann.peer.doc.clientID)).toContain('"name":"ann"');
  await close();
});

test('F24: a right that ends on one node ends on the other at once, and within 65 s without the bus', async () => {
  for (const down of [false, true]) {
    const { join, pass, hub, nodes, close } = start();
    const rights = { role: 'editor' as 'editor' | null };
    const ben = await join(1, person('ben'), async () => rights.role);
    hub.trouble.down = down;
    rights.role = null;
    nodes[0]?.recheck({ mapId: MAP });
    if (down) for (let second = 0; second < 65; second++) await pass(1_000);
    else await pass();
    expect(ben.closed).toEqual([CLOSE.forbidden]);
    await close();
  }
});

test('F24: a map in the trash closes on every node, also without the bus', async () => {
  const { join, pass, hub, log, close } = start();
  const ben = await join(1, person('ben'));
  hub.trouble.down = true;
  log.trash(MAP);
  await pass(5_000);
  expect(ben.closed).toEqual([CLOSE.gone]);
  await close();
});

test('P34: a client id that somebody wrote under on one node is theirs on the other', async () => {
  const { join, pass, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  ann.peer.doc.getMap('map').set('title', 'mine');
  await pass();
  const forged = new Y.Doc();
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(ben.peer.doc));
  forged.clientID = ann.peer.doc.clientID;
  forged.on('update', (update: Uint8Array) => Y.applyUpdate(ben.peer.doc, update));
  forged.getMap('map').set('title', 'forged');
  await pass();
  expect(ben.closed).toEqual([CLOSE.badFrame]);
  expect(field(ann.peer.doc)).toBe('mine');
  await close();
});

test('F10: a node that cannot ask the log sends its people away within ten seconds and takes them again later', async () => {
  const { join, pass, log, nodes, close } = start();
  const ann = await join(0, person('ann'));
  log.trouble = () => {
    throw new Error('no database');
  };
  for (let second = 0; second < 11; second++) await pass(1_000);
  expect(ann.closed).toEqual([CLOSE.overloaded]);
  expect((await join(0, person('eve'))).closed).toEqual([CLOSE.overloaded]);
  expect(nodes[0]?.stats().cutOff).toBe(true);
  log.trouble = null;
  await pass(5_000);
  expect((await join(0, person('ann'))).closed).toEqual([]);
  await close();
});

test('rule 14, F10: who asks for a map while its node cannot store is shown what another node stores meanwhile', async () => {
  const { join, pass, log, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  let stored: () => void = () => undefined;
  log.trouble = (operation) => {
    if (operation !== 'append') return undefined;
    log.trouble = null; // only the first one waits
    return new Promise<void>((resolve) => (stored = resolve));
  };
  ann.peer.doc.getMap('map').set('hers', 1);
  await pass();
  const eve = await join(0, person('eve'));
  expect(eve.peer.synced).toBe(false);
  ben.peer.doc.getMap('map').set('his', 2);
  await pass();
  await pass();
  expect([field(ann.peer.doc, 'his'), field(eve.peer.doc, 'his')]).toEqual([2, undefined]);
  stored();
  await pass();
  await pass();
  expect(eve.peer.doc.getMap('map').toJSON()).toEqual({ hers: 1, his: 2 });
  await close();
});

test('rule 14: a message of which only the beginning can be taken is shown whole all the same', async () => {
  const { join, pass, hub, log, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  hub.trouble.down = true;
  for (const name of ['first', 'second']) {
    ben.peer.doc.getMap('map').set(name, 1);
    await pass();
  }
  hub.trouble.down = false;
  const [first] = log.rows(MAP);
  const updates = [first?.bytes ?? new Uint8Array(), Uint8Array.of(1, 255)].map((bytes) =>
    Buffer.from(bytes).toString('base64')
  );
  const node = '00000000-0000-4000-8000-0000000000ff';
  hub.buses[1]?.tell('rooms', {
    kind: 'stored',
    node,
    mapId: MAP,
    epoch: 1,
    from: 1,
    to: 2,
    updates,
    writers: []
  });
  await pass(200);
  expect(ann.peer.doc.getMap('map').toJSON()).toEqual({ first: 1, second: 1 });
  await close();
});

test('F24: a right that ended while the bus was away ends within seconds of its return, though nobody could say so', async () => {
  const { join, pass, hub, close } = start();
  const rights = { role: 'editor' as 'editor' | null };
  const ben = await join(1, person('ben'), async () => rights.role);
  hub.trouble.down = true;
  rights.role = null;
  await pass(1_000);
  hub.reconnect();
  await pass(3_000);
  expect(ben.closed).toEqual([CLOSE.forbidden]);
  await close();
});

test('what is on the bus and none of ours changes nothing', async () => {
  const { join, pass, hub, close } = start();
  const [ann, ben] = [await join(0, person('ann')), await join(1, person('ben'))];
  const forged = new Y.Doc();
  forged.getMap('nothing of ours').set('x', 1);
  const bytes = Buffer.from(Y.encodeStateAsUpdate(forged)).toString('base64');
  const node = '00000000-0000-4000-8000-0000000000ff';
  for (const message of [
    null,
    'text',
    { kind: 'stored' },
    { kind: 'presence', node, mapId: 'x:*', entries: [] },
    { kind: 'stored', node, mapId: MAP, epoch: 1, from: 1, to: 1, updates: [bytes], writers: [] }
  ])
    hub.buses[0]?.tell('rooms', message);
  await pass(200);
  ann.peer.doc.getMap('map').set('title', 'still here');
  await pass(200);
  expect(field(ben.peer.doc)).toBe('still here');
  expect(ben.peer.doc.share.has('nothing of ours')).toBe(false);
  await close();
});
