import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { postgresAnswers, postgresBackend, type Backend } from '../contract/backends.ts';
import { checkOutcome, checkPromisesSoon } from '../support/checker.ts';
import { Client } from '../support/client.ts';
import { shows, wordsOf } from '../support/ledger.ts';
import { removeData, startProgram, temporaryData, Visitor, type Program } from '../support/program.ts';
import type { Random } from '../support/random.ts';
import { ownRedis, type OwnRedis } from '../support/redis.ts';
import { seeded } from '../support/seeds.ts';
import {
  clientsOf,
  everybodyIsIn,
  headersAt,
  promised,
  setStage,
  socketUrl,
  witness,
  writeUntil,
  type Stage
} from '../support/stage.ts';
import { until } from '../support/until.ts';

const FULL = process.env.FAULT_ROUNDS !== undefined;
const rounds = Array.from({ length: Number(process.env.FAULT_ROUNDS ?? 1) }, (_value, index) => index + 1);
const PEOPLE = FULL ? 60 : 6;
const HOUR_MS = 3_600_000;
/** Two seconds are the goal, printed below; without the other node's word it takes up to a minute. */
const TOLD_MS = FULL ? 2_000 : 15_000;
const CLOCK = `--import=${new URL('../support/skewed-clock.ts', import.meta.url).href}`;

const redis: OwnRedis | null = await ownRedis();
if (!redis) console.log('There is no redis-server to kill: the faults of three nodes are skipped');
const available = redis !== null && (await postgresAnswers());

describe.skipIf(!available)('three nodes whose calendars are an hour apart', { timeout: 240_000 }, () => {
  let backend: Backend;
  let nodes: Program[];
  let stage: Stage;
  const folders: string[] = [];

  const startNode = (index: number, port = 0): Promise<Program> => {
    const folder = temporaryData();
    folders.push(folder);
    return startProgram(folder, {
      PORT: String(port),
      DATABASE_URL: backend.url,
      REDIS_URL: redis?.url ?? '',
      NODE_OPTIONS: CLOCK,
      CLOCK_OFFSET_MS: String((index - 1) * HOUR_MS)
    });
  };

  beforeAll(async () => {
    backend = await postgresBackend();
    nodes = await Promise.all([startNode(0), startNode(1), startNode(2)]);
    stage = await setStage(portOf(0), PEOPLE);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.end('SIGKILL')));
    await redis?.kill();
    await backend.dispose();
    folders.forEach(removeData);
  });

  const portOf = (index: number): number => {
    const node = nodes[index % 3];
    if (!node) throw new Error('there is no such node');
    return node.port;
  };

  /** People on all three nodes, who go to the next one when theirs does not answer. */
  const gather = async (random: Random, name: string): Promise<Client[]> => {
    const clients = clientsOf(
      stage,
      (index, attempt) => portOf(index + attempt),
      random,
      `${name}${random.below(1e6)}x`
    );
    for (const client of clients) client.connect();
    await everybodyIsIn(clients, 30_000);
    await writeUntil(clients, random, () => promised(clients) > 30, 2);
    return clients;
  };

  const gapFree = async () => {
    const rows = await backend.raw(`select seq from updates where map_id = '${stage.mapId}' order by seq`);
    const first = Number(rows[0]?.seq);
    expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_row, index) => first + index));
  };

  test.each(rounds)(
    'rule 5, F9, F20: Redis is killed while people write (round %d): acknowledgements go on, edits cross by the log',
    () =>
      seeded('redis killed', async (random) => {
        const clients = await gather(random, 'redis');
        try {
          await redis?.kill();
          const before = clients.map(({ acked }) => acked);
          const end = performance.now() + (FULL ? 60_000 : 2_000);
          await writeUntil(clients, random, () => performance.now() > end, 10);
          await until('everybody is saved without Redis', () => clients.every(({ saved }) => saved));
          for (const [index, { acked }] of clients.entries())
            expect(acked).toBeGreaterThan(before[index] ?? 0);
          const began = performance.now();
          await until('everybody sees everybody', () =>
            clients.every(({ doc }) => {
              const words = wordsOf(doc);
              return clients.every((other) =>
                other.traces(other.sent).every((trace) => shows(doc, words, trace))
              );
            })
          );
          console.log(
            `redis killed: edits crossed within ${Math.round(performance.now() - began)} ms of the last one`
          );
          await redis?.start();
          await writeUntil(clients, random, () => performance.now() > end + 1_000, 10);
          await checkOutcome(clients, () => witness(portOf(1), stage));
          expect(clients.flatMap(({ codes }) => codes)).toEqual([]);
          await gapFree();
        } finally {
          for (const client of clients) client.leave();
        }
      })
  );

  test.each(rounds)(
    'F12, F20: a node is killed while people write on all three (round %d): nothing acknowledged or shown is lost, and they go on at the others',
    (round) =>
      seeded('node killed', async (random) => {
        const clients = await gather(random, 'node');
        const dying = round % 3;
        try {
          const end = performance.now() + 300 + random.below(500);
          await writeUntil(clients, random, () => performance.now() > end, 2);
          const port = portOf(dying);
          await nodes[dying]?.end('SIGKILL');
          const killed = performance.now();
          await checkPromisesSoon(clients, () => witness(portOf(dying + 1), stage));
          await everybodyIsIn(clients, 30_000);
          console.log(`node killed: everybody is back after ${Math.round(performance.now() - killed)} ms`);
          nodes[dying] = await startNode(dying, port);
          await writeUntil(clients, random, () => clients.every(({ sent }) => sent > 40), 2);
          const { sent, acked, settledMs } = await checkOutcome(clients, () => witness(portOf(dying), stage));
          console.log(`node killed: ${acked} of ${sent} edits acknowledged, equal after ${settledMs} ms`);
          await gapFree();
        } finally {
          for (const client of clients) client.leave();
        }
      })
  );

  /** A guest by a link of their own, writing on node 1. */
  const writer = async (
    random: Random
  ): Promise<{ client: Client; link: string; stop: () => Promise<void> }> => {
    const [owner] = stage.people;
    if (!owner) throw new Error('nobody owns the map');
    const { id: link, token } = await owner.link(stage.mapId, 'editor');
    const guest = new Visitor(`http://127.0.0.1:${portOf(1)}`);
    await guest.post(`/s/${token}`, { name: 'Guest with a link' });
    const client = new Client(
      `guest${random.below(1e6)}`,
      () => ({ url: socketUrl(portOf(1), stage.mapId), who: headersAt(portOf(1), guest) }),
      random
    );
    client.connect();
    await everybodyIsIn([client]);
    let writing = true;
    const work = writeUntil([client], random, () => !writing, 5);
    return {
      client,
      link,
      stop: () => {
        writing = false;
        client.leave();
        return work;
      }
    };
  };

  /** The owner ends the link on node 0 while its guest writes on node 1; nothing is taken after the door has closed. */
  const endLink = async (random: Random, withinMs: number) => {
    const { client, link, stop } = await writer(random);
    try {
      await until('the guest writes', () => client.acked > 20);
      const began = performance.now();
      await stage.people[0]?.api('DELETE', `/maps/${stage.mapId}/links/${link}`);
      await until('the guest is sent away', () => client.socket?.closed !== null, withinMs);
      const took = performance.now() - began;
      expect(client.socket?.closed?.code).toBe(CLOSE.forbidden);
      const sentThen = client.sent;
      const { acked } = client;
      // What was taken while the right held may still be on its way to the log.
      await until('the guest goes on writing', () => client.sent > sentThen + 20);
      const head = await backend.raw(`select head from maps where id = '${stage.mapId}'`);
      const edits = client.sent;
      await until('the guest has gone on writing', () => client.sent > edits + 20);
      expect(client.acked).toBe(acked);
      expect(await backend.raw(`select head from maps where id = '${stage.mapId}'`)).toEqual(head);
      // What was acknowledged until then is kept, and the indicator never said more.
      await checkPromisesSoon([client], () => witness(portOf(2), stage));
      return Math.round(took);
    } finally {
      await stop();
    }
  };

  test.each(rounds)(
    'F24: a link ends on one node while its guest writes on another (round %d): it is closed by the word of the other node',
    () =>
      seeded('link ended', async (random) => {
        console.log(
          `link ended: the guest on the other node was sent away after ${await endLink(random, TOLD_MS)} ms`
        );
      })
  );

  test.runIf(FULL)('F24: the same without Redis: at most 65 seconds', () =>
    seeded('link ended without Redis', async (random) => {
      await redis?.kill();
      try {
        console.log(`link ended without Redis: sent away after ${await endLink(random, 65_000)} ms`);
      } finally {
        await redis?.start();
      }
    })
  );

  test('F24: a map goes to the trash on one node while people write on all: everybody is told, nothing is taken after it, and back out of it everything acknowledged is there', () =>
    seeded('trashed', async (random) => {
      const clients = await gather(random, 'trash');
      const [owner] = stage.people;
      try {
        let writing = true;
        const work = writeUntil(clients, random, () => !writing, 5);
        await owner?.post('/maps?/trash', { id: stage.mapId });
        await until(
          'everybody is told',
          () => clients.every(({ codes }) => codes.includes(CLOSE.gone)),
          10_000
        );
        const [row] = await backend.raw(`select head from maps where id = '${stage.mapId}'`);
        const sent = clients.map((client) => client.sent);
        await until('they have gone on writing', () =>
          clients.every((client, index) => client.sent > (sent[index] ?? 0) + 5)
        );
        writing = false;
        await work;
        expect(await backend.raw(`select head from maps where id = '${stage.mapId}'`)).toEqual([row]);
        await owner?.post(`/maps/${stage.mapId}?/restore`, {});
        await checkPromisesSoon(clients, () => witness(portOf(2), stage));
        for (const client of clients) client.connect();
        await checkOutcome(clients, () => witness(portOf(0), stage));
      } finally {
        for (const client of clients) client.leave();
      }
    }));
});
