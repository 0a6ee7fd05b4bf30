import { connect } from 'node:net';
import * as Y from 'yjs';
import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import {
  writeAnswer,
  writePresenceEntries,
  writePresenceFrame,
  writeStateVector,
  writeUpdate
} from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { bytesOf } from '../support/bytes.ts';
import { fingerprint } from '../support/peer.ts';
import { createRandom } from '../support/random.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';
import { wireTo } from '../support/wire.ts';
import { MAP, startWorld, type World } from '../support/world.ts';
import { editAtRandom } from '../support/yjs-edits.ts';

let world: World;
const peers: SocketPeer[] = [];

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close();
  await world.close();
});

const join = async (name: string): Promise<SocketPeer> => {
  const peer = new SocketPeer(world.url(MAP), name);
  peers.push(peer);
  await until(`${name} is in`, () => peer.saved || peer.closed !== null);
  return peer;
};

/** Somebody honest is on the map, and goes on working whatever the other one does. */
const beside = async (attack: (mallory: SocketPeer, victim: SocketPeer) => Promise<void>): Promise<void> => {
  world = await startWorld();
  const victim = await join('victim');
  victim.doc.getMap('map').set('title', 'before');
  await until('saved', () => victim.saved);
  const before = await world.rooms.read(MAP, fingerprint);
  const rows = world.log.rows(MAP).length;
  await attack(await join('mallory'), victim);
  expect(await world.rooms.read(MAP, fingerprint)).toEqual(before);
  expect(world.log.rows(MAP)).toHaveLength(rows);
  victim.doc.getMap('map').set('title', 'after');
  await until('the victim still works', () => victim.saved);
  expect(victim.closed).toBeNull();
};

// The attacks by updates stand in frames.test.ts, under the same name.
describe('F23: hostile frames that are no updates', () => {
  test('a state vector with a million entries', () =>
    beside(async (mallory) => {
      const entries = Array.from({ length: 1_000_000 }, (_value, client) => [client + 1, 1] as const);
      mallory.send(writeStateVector(Y.encodeStateVector(new Map(entries))));
      await until('out', () => mallory.closed !== null);
      expect(mallory.closed?.code).toBe(CLOSE.badFrame);
    }));

  test(`a state vector with ${LIMITS.stateVectorEntries} entries is answered, one more is not`, () =>
    beside(async (mallory) => {
      const vector = (count: number) =>
        bytesOf(count, ...Array.from({ length: count }, (_value, client) => [client + 1, 1]).flat());
      mallory.synced = false;
      mallory.send(writeStateVector(vector(LIMITS.stateVectorEntries)));
      await until('answered', () => mallory.synced);
      mallory.send(writeStateVector(vector(LIMITS.stateVectorEntries + 1)));
      await until('out', () => mallory.closed !== null);
      expect(mallory.closed?.code).toBe(CLOSE.badFrame);
    }));

  test('a presence with the highest clock for somebody else: dropped, and they are seen as before', () =>
    beside(async (mallory, victim) => {
      const shown: string[] = [];
      const watcher = await join('watcher');
      watcher.socket.addEventListener('message', ({ data }) => {
        const bytes = new Uint8Array(data as ArrayBuffer);
        if (bytes[0] === 1) shown.push(Buffer.from(bytes).toString());
      });
      const at = (clientId: number, clock: number, x: number) =>
        writePresenceFrame(
          writePresenceEntries([{ clientId, clock, json: JSON.stringify({ cursor: { x, y: 0 } }) }])
        );
      victim.send(at(victim.doc.clientID, 1, 111));
      await until('seen', () => shown.some((json) => json.includes('111')));
      mallory.send(at(victim.doc.clientID, Number.MAX_SAFE_INTEGER, 666));
      mallory.send(
        writePresenceFrame(
          writePresenceEntries([{ clientId: victim.doc.clientID, clock: 2 ** 53 - 1, json: 'null' }])
        )
      );
      victim.send(at(victim.doc.clientID, 2, 222));
      await until('seen where they are', () => shown.some((json) => json.includes('222')));
      expect(shown.join()).not.toContain('666');
      expect(shown.join()).not.toContain('null}');
      expect(mallory.closed).toBeNull();
    }));

  test('two hundred thousand empty states in one frame: nothing of them is kept or shown', () =>
    beside(async (mallory) => {
      const states = Array.from({ length: 200_000 }, (_value, clientId) => ({
        clientId,
        clock: 1,
        json: 'null'
      }));
      const frame = writePresenceFrame(writePresenceEntries(states));
      expect(frame.length).toBeGreaterThan(LIMITS.presenceFrameBytes);
      mallory.send(frame);
      const late = await join('late');
      let told = 0;
      late.socket.addEventListener('message', () => told++);
      mallory.send(writeStateVector(Y.encodeStateVector(mallory.doc)));
      await until('mallory is read on', () => mallory.synced);
      expect(told).toBe(0);
    }));
});

describe('F22: frames that are cut or too large', () => {
  test('every beginning of fifty real frames: 4400, and nothing in the log', async () => {
    world = await startWorld();
    const random = createRandom(22);
    const doc = new Y.Doc();
    const frames: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => frames.push(writeUpdate(update)));
    while (frames.length < 50) editAtRandom(doc, random);
    frames.push(writeAnswer(Y.encodeStateAsUpdate(doc)), writeStateVector(Y.encodeStateVector(doc)));
    const identity = { userId: 'mallory' as never, name: '', guest: false, role: 'editor' as const };
    let cut = 0;
    for (const frame of frames)
      for (let length = 0; length < frame.length; length++) {
        const codes: number[] = [];
        const wire = wireTo(
          () => undefined,
          (code) => void codes.push(code)
        );
        const session = world.rooms.join(MAP, wire, identity);
        await world.rooms.read(MAP, () => null);
        session.receive(frame.slice(0, length));
        session.leave();
        cut++;
        expect([length, codes]).toEqual([length, [CLOSE.badFrame]]);
      }
    expect(cut).toBeGreaterThan(1_000);
    expect(world.log.rows(MAP)).toEqual([]);
  }, 30_000);

  test.each([0, 1])('an update of %d bytes more than the limit', async (more) => {
    world = await startWorld();
    const peer = await join('ann');
    // Four values, so that none of them is too long by itself.
    const fill = (length: number) => {
      const doc = new Y.Doc();
      doc.clientID = 1_000;
      doc.transact(() => {
        for (let part = 0; part < 5; part++)
          doc.getMap('map').set(`part${part}`, 'x'.repeat(part < 4 ? 200_000 : length));
      });
      return Y.encodeStateAsUpdate(doc);
    };
    const rest = LIMITS.updateBytes - fill(200_000).length;
    const update = fill(200_000 + rest + more);
    expect(update.length).toBe(LIMITS.updateBytes + more);
    peer.send(writeUpdate(update));
    await until('judged', () => peer.saved || peer.closed !== null);
    expect(peer.closed?.code).toBe(more === 0 ? undefined : CLOSE.tooBig);
    expect(world.log.rows(MAP)).toHaveLength(more === 0 ? 1 : 0);
  });

  test('a frame that says it has 100 MB is not waited for', async () => {
    world = await startWorld();
    const socket = connect(world.port, '127.0.0.1');
    let answered = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => (answered = Buffer.concat([answered, chunk])));
    socket.write(
      `GET /sync/${MAP}?v=1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer mallory\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
    );
    await until('in', () => answered.includes('101 Switching'));
    let ended = false;
    socket.on('close', () => (ended = true));
    const header = Buffer.alloc(14);
    header.set([0x82, 0x80 | 127]);
    header.writeBigUInt64BE(100n * 1024n * 1024n, 2);
    socket.write(header);
    // The close frame: 0x88, its length, and the code.
    const code = Buffer.alloc(2);
    code.writeUInt16BE(CLOSE.tooBig);
    await until('told', () => answered.includes(code) || ended);
    expect(answered.includes(code)).toBe(true);
    expect(world.rooms.stats().queuedBytes).toBe(0);
    socket.destroy();
  });
});
