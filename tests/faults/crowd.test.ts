import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket as Wire } from 'ws';
import * as Y from 'yjs';
import { afterEach, expect, test, vi } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { MESSAGE, SYNC, writeStateVector } from '#lib/protocol/frames.ts';
import { AnswerCache } from '../../server/rooms/answers.ts';
import { checkOutcome } from '../support/checker.ts';
import { Client } from '../support/client.ts';
import { removeData, startProgram, temporaryData } from '../support/program.ts';
import type { Random } from '../support/random.ts';
import { seeded } from '../support/seeds.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { clientsOf, everybodyIsIn, setStage, witness, writeUntil } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { MAP, startWorld, type World } from '../support/world.ts';

const FULL = process.env.FAULT_ROUNDS !== undefined;
const rounds = Array.from({ length: FULL ? 10 : 1 }, (_value, index) => index + 1);
const MB = 1024 * 1024;

let world: World | null = null;
const peers: SocketPeer[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const peer of peers.splice(0)) peer.close();
  await world?.close();
  world = null;
});

const clientsIn = (here: () => World, count: number, random: Random): Client[] =>
  Array.from(
    { length: count },
    (_value, index) => new Client(`c${index}`, () => ({ url: here().url(MAP), who: `c${index}` }), random)
  );

const read = (here: World): Promise<Y.Doc> =>
  here.rooms
    .read(MAP, (doc) => Y.encodeStateAsUpdate(doc))
    .then((bytes) => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, bytes ?? new Uint8Array([0, 0]));
      return doc;
    });

/** The longest that this process did not get round to anything else. */
const watchLoop = () => {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 10);
    last = performance.now();
  }, 10);
  return () => {
    clearInterval(timer);
    return Math.round(longest);
  };
};

test(
  'F13: readers that stop reading are cut off, the others notice nothing, and who comes back has everything',
  { timeout: 60_000 },
  () =>
    seeded('slow readers', async (random) => {
      const here = (world = await startWorld());
      let answers = 0;
      const slow = Array.from({ length: FULL ? 50 : 5 }, (_value, index) => {
        const wire = new Wire(here.url(MAP), { headers: { authorization: `Bearer slow${index}` } });
        wire.on('error', () => undefined);
        wire.on('open', () => wire.send(writeStateVector(Y.encodeStateVector(new Y.Doc()))));
        wire.on('message', (frame: Buffer) => {
          if (frame[0] === MESSAGE.sync && frame[1] === SYNC.answer) answers++;
        });
        return wire;
      });
      await until('they have been answered', () => answers === slow.length);
      for (const wire of slow) wire.pause();
      const clients = clientsIn(() => here, 3, random);
      for (const client of clients) client.connect();
      await everybodyIsIn(clients);
      const before = process.memoryUsage().rss;
      const [ann] = clients;
      for (let piece = 0; here.rooms.stats().sessions > clients.length; piece++) {
        if (piece > 200) throw new Error('nobody was cut off after 50 MB');
        ann?.doc
          .getMap('map')
          .set(`piece${piece % 8}`, String.fromCharCode(97 + (piece % 26)).repeat(250_000));
        for (const client of clients) client.edit(random);
        await until('it is stored', () => clients.every(({ saved }) => saved));
      }
      const grown = Math.round((process.memoryUsage().rss - before) / MB);
      await checkOutcome(clients, () => read(here));
      expect(clients.flatMap(({ codes }) => codes)).toEqual([]);
      const back = new SocketPeer(here.url(MAP), 'slow0');
      peers.push(back);
      await until('back', () => back.saved);
      expect(back.doc.getMap('cards').size).toBe(ann?.doc.getMap('cards').size);
      console.log(`slow readers: ${slow.length} cut off; the process grew by ${grown} MB`);
      for (const wire of slow) wire.terminate();
      for (const client of clients) client.leave();
    })
);

test.each(rounds)(
  'F17: 10,000 edits at once from one person (round %d): all acknowledged, and the others go on',
  { timeout: 120_000 },
  () =>
    seeded('burst', async (random) => {
      const folder = temporaryData();
      const server = await startProgram(folder);
      const stage = await setStage(server.port, 3);
      const clients = clientsOf(stage, () => server.port, random);
      const [ann, ...others] = clients;
      if (!ann) throw new Error('nobody is there');
      try {
        for (const client of clients) client.connect();
        await everybodyIsIn(clients);
        const began = performance.now();
        for (let edit = 0; edit < 10_000; edit++) ann.edit(random);
        const waits: number[] = [];
        while (!ann.saved) {
          const [ben] = others;
          const asked = performance.now();
          ben?.edit(random);
          await until('the other one is saved', () => ben?.saved ?? true, 60_000);
          waits.push(performance.now() - asked);
        }
        const took = performance.now() - began;
        expect(ann.acked).toBe(10_000);
        await checkOutcome(clients, () => witness(server.port, stage));
        expect(clients.flatMap(({ codes }) => codes)).toEqual([]);
        waits.sort((a, b) => a - b);
        console.log(
          `burst: 10,000 edits acknowledged after ${Math.round(took)} ms; others waited ${Math.round(waits.at(waits.length >> 1) ?? 0)} ms ` +
            `in the middle, ${Math.round(waits.at(-1) ?? 0)} at most`
        );
      } finally {
        for (const client of clients) client.leave();
        await server.end('SIGTERM');
        removeData(folder);
      }
    })
);

test.each(rounds)(
  'rule 24, F18: everybody comes back at once after a restart (round %d): one load of the map, and nothing is lost',
  { timeout: 120_000 },
  () =>
    seeded('storm', async (random) => {
      let here = (world = await startWorld());
      const clients = clientsIn(() => here, FULL ? 1_200 : 120, random);
      for (const client of clients) client.connect();
      await everybodyIsIn(clients, 60_000);
      const writers = clients.slice(0, 3);
      await writeUntil(writers, random, () => writers.every(({ sent }) => sent > 100));
      const { log, port } = here;
      const stop = watchLoop();
      await here.close();
      let loads = 0;
      log.trouble = (operation) => void (operation === 'load' && loads++);
      here = world = await startWorld({ log, port });
      const began = performance.now();
      await everybodyIsIn(clients, 60_000);
      const took = Math.round(performance.now() - began);
      expect(loads).toBe(1);
      await checkOutcome(writers, () => read(here));
      const hold = writers[0]?.doc.getMap('cards').size;
      await until('everybody has everything', () =>
        clients.every(({ doc }) => doc.getMap('cards').size === hold)
      );
      console.log(
        `storm: ${clients.length} back after ${took} ms, with them in one process; longest gap ${stop()} ms`
      );
      for (const client of clients) client.leave();
    })
);

test.each(rounds)(
  'F19: a meeting opens one map of 5 MB (round %d): it is loaded once and encoded once',
  { timeout: 60_000 },
  async () => {
    let loads = 0;
    let encodes = 0;
    const here = (world = await startWorld());
    for (let piece = 0; piece < 20; piece++)
      await here.rooms.edit(MAP, null, (doc) => doc.getMap('map').set(`piece${piece}`, 'x'.repeat(262_144)));
    const { log, port } = here;
    await here.close();
    log.trouble = (operation) => void (operation === 'load' && loads++);
    const again = (world = await startWorld({ log, port }));
    const get: AnswerCache['get'] = Reflect.get(AnswerCache.prototype, 'get');
    vi.spyOn(AnswerCache.prototype, 'get').mockImplementation(function (this: AnswerCache, vector, encode) {
      return get.call(this, vector, () => {
        encodes++;
        return encode();
      });
    });
    const began = performance.now();
    for (let person = 0; person < (FULL ? 150 : 30); person++)
      peers.push(new SocketPeer(again.url(MAP), `p${person}`));
    await until(
      'everybody has the map',
      () => peers.every(({ synced, closed }) => synced && closed === null),
      30_000
    );
    expect([loads, encodes]).toEqual([1, 1]);
    for (const { doc } of peers) expect(doc.getMap('map').size).toBe(20);
    console.log(
      `meeting: ${peers.length} have 5 MB each after ${Math.round(performance.now() - began)} ms, in one process with the server`
    );
  }
);

test(
  'F14: headers that come a byte at a time end after ten seconds, and honest people are let in meanwhile',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryData();
    const server = await startProgram(folder);
    const stage = await setStage(server.port, 1);
    const sockets: Socket[] = [];
    let open = 0;
    const count = FULL ? 2_000 : 200;
    for (let index = 0; index < count; index++) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('connect', () => open++);
      socket.on('close', () => open--);
      socket.write(
        index % 2 === 0
          ? 'GET / HTTP/1.1\r\nhost: x\r\nx-slow: '
          : `GET /sync/${stage.mapId} HTTP/1.1\r\nupgrade: web`
      );
      sockets.push(socket);
    }
    const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 1_000);
    try {
      await until('they are there', () => open === count);
      const began = performance.now();
      const waits: number[] = [];
      while (open > 0) {
        if (performance.now() - began > 40_000) throw new Error(`${open} of them are still open`);
        const asked = performance.now();
        await witness(server.port, stage);
        waits.push(performance.now() - asked);
        await pause(100);
      }
      waits.sort((a, b) => a - b);
      console.log(
        `slow-loris: ${count} gone after ${Math.round(performance.now() - began)} ms; ${waits.length} honest ones let in meanwhile, ` +
          `the slowest after ${Math.round(waits.at(-1) ?? 0)} ms`
      );
      expect(waits.length).toBeGreaterThan(5);
    } finally {
      clearInterval(drip);
      for (const socket of sockets) socket.destroy();
      await server.end('SIGTERM');
      removeData(folder);
    }
  }
);

test(
  'rule 29, F14: a message in a million pieces of one byte is not collected: the socket is closed',
  { timeout: 30_000 },
  async () => {
    const here = (world = await startWorld());
    const wire = new Wire(here.url(MAP), { headers: { authorization: 'Bearer mallory' } });
    let closed: number | null = null;
    wire.on('error', () => undefined);
    wire.on('close', (code) => (closed = code));
    await until('in', () => wire.readyState === Wire.OPEN);
    const before = process.memoryUsage().rss;
    let sent = 0;
    while (closed === null && sent < 1_000_000) {
      for (let piece = 0; piece < 1_000 && wire.readyState === Wire.OPEN; piece++, sent++)
        wire.send(new Uint8Array([sent % 256]), { fin: false });
      await pause(0);
    }
    expect(closed).not.toBeNull();
    expect(sent).toBeLessThan(100_000);
    console.log(
      `fragments: closed with ${String(closed)} after ${sent}; the process grew by ${Math.round((process.memoryUsage().rss - before) / MB)} MB`
    );
  }
);

test(
  'rule 37: who is still being looked up is not read, holds one of few places, and is sent away when that takes too long',
  { timeout: 30_000 },
  async () => {
    const limits = { upgradeMs: 500, pendingPerAddress: 50 };
    const never = new Promise<null>(() => undefined);
    const here = (world = await startWorld({
      gateway: {
        limits,
        access: { identify: () => never, authorize: async () => ({ allowed: false, reason: 'unknown' }) }
      }
    }));
    const codes: number[] = [];
    let refused = 0;
    const wires = Array.from({ length: 80 }, () => {
      const wire = new Wire(here.url(MAP), { headers: { authorization: 'Bearer x' } });
      wire.on('unexpected-response', (_request, { statusCode }) => {
        expect(statusCode).toBe(429);
        refused++;
        wire.terminate();
      });
      wire.on('error', () => undefined);
      wire.on('open', () => wire.send(writeStateVector(Y.encodeStateVector(new Y.Doc()))));
      wire.on('close', (code) => codes.push(code));
      return wire;
    });
    await until('some are refused', () => refused === 30);
    expect(here.rooms.stats()).toMatchObject({ rooms: 0, sessions: 0 });
    await until('all are gone', () => codes.length === wires.length);
    expect(codes.filter((code) => code === CLOSE.overloaded)).toHaveLength(50);
    expect(here.rooms.stats()).toMatchObject({ rooms: 0, sessions: 0 });
  }
);
