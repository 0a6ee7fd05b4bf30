import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { postgresAnswers, postgresBackend, type Backend } from '../contract/backends.ts';
import { checkOutcome } from '../support/checker.ts';
import type { Client } from '../support/client.ts';
import { canMakeNetworks, makeNetwork, type NetworkSpace } from '../support/network-space.ts';
import { removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import { shows, wordsOf } from '../support/ledger.ts';
import type { Random } from '../support/random.ts';
import { REDIS, redisAnswers } from '../support/redis.ts';
import { seeded } from '../support/seeds.ts';
import {
  clientsOf,
  everybodyIsIn,
  promised,
  setStage,
  witness,
  writeUntil,
  type Stage
} from '../support/stage.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const FULL = process.env.FAULT_ROUNDS !== undefined;
const rounds = Array.from({ length: FULL ? 10 : 1 }, (_value, index) => index + 1);
const LASTS_MS = FULL ? 60_000 : 3_000;
const available = canMakeNetworks() && (await postgresAnswers()) && (await redisAnswers());

describe.skipIf(!available)('F10: two nodes, each in a network of its own', { timeout: 240_000 }, () => {
  let backend: Backend;
  let networks: NetworkSpace[];
  let nodes: Program[];
  let stage: Stage;
  const proxies: TcpProxy[] = [];
  const folders: string[] = [];

  const startNode = async ({ ways, prefix }: NetworkSpace): Promise<Program> => {
    const folder = temporaryData();
    folders.push(folder);
    const address = async (url: string, usual: number, here: string) => {
      const { hostname, port } = new URL(url);
      const proxy = await startTcpProxy({ host: hostname, port: Number(port || usual) }, here);
      proxies.push(proxy);
      const through = new URL(url);
      through.hostname = here;
      through.port = String(proxy.port);
      return through.href;
    };
    return startProgram(
      folder,
      {
        HOST: ways.people.there,
        DATABASE_URL: await address(backend.url, 5432, ways.database.here),
        REDIS_URL: await address(REDIS.href, 6379, ways.bus.here)
      },
      prefix
    );
  };

  beforeAll(async () => {
    backend = await postgresBackend();
    networks = [makeNetwork(0), makeNetwork(1)];
    nodes = await Promise.all(networks.map(startNode));
    stage = await setStage(at(0), 4);
  }, 60_000);

  afterAll(async () => {
    for (const { ways } of networks) Object.values(ways).forEach((way) => way.mend());
    await Promise.all(nodes.map((node) => node.end('SIGKILL')));
    await Promise.all(proxies.map((proxy) => proxy.close()));
    for (const network of networks) network.remove();
    await backend.dispose();
    folders.forEach(removeData);
  });

  const at = (index: number) => ({
    host: networks[index]?.ways.people.there ?? '',
    port: nodes[index]?.port ?? 0
  });

  const during = async (
    random: Random,
    name: string,
    fault: (clients: readonly Client[], network: NetworkSpace) => Promise<void>
  ): Promise<void> => {
    const clients = clientsOf(stage, (index) => at(index % 2), random, `${name}${random.below(1e6)}x`);
    const [network] = networks;
    if (!network) throw new Error('there is no network');
    try {
      for (const client of clients) client.connect();
      await everybodyIsIn(clients);
      await writeUntil(clients, random, () => promised(clients) > 30, 2);
      await fault(clients, network);
      Object.values(network.ways).forEach((way) => way.mend());
      const { sent, settledMs } = await checkOutcome(clients, () => witness(at(1), stage), 120_000);
      console.log(`${name}: ${sent} edits; everybody saved and equal ${settledMs} ms after it was mended`);
    } finally {
      Object.values(network.ways).forEach((way) => way.mend());
      for (const client of clients) client.leave();
    }
  };

  const lasting = async (clients: readonly Client[], random: Random) => {
    const end = performance.now() + LASTS_MS;
    await writeUntil(clients, random, () => performance.now() > end, 20);
  };

  test.each(
    (FULL ? ['both', 'in', 'out'] : ['in']).flatMap((way) => rounds.map((round) => [way, round] as const))
  )(
    'a node that loses Redis without a word (%s, round %d): everybody goes on, and edits cross by the log',
    (direction) =>
      seeded('partition bus', (random) =>
        during(random, 'bus', async (clients, { ways }) => {
          ways.bus.drop(direction as 'both' | 'in' | 'out');
          const before = clients.map(({ acked }) => acked);
          await lasting(clients, random);
          for (const [index, { acked }] of clients.entries())
            expect(acked).toBeGreaterThan(before[index] ?? 0);
          const [ann, ben] = clients;
          ann?.edit(random);
          await until('edits cross', () => {
            if (!ann || !ben) return false;
            const words = wordsOf(ben.doc);
            return ann.traces(ann.sent).every((trace) => shows(ben.doc, words, trace));
          });
        })
      )
  );

  test.each(
    (FULL ? ['both', 'in', 'out'] : ['both']).flatMap((way) => rounds.map((round) => [way, round] as const))
  )(
    'a node that loses Postgres without a word (%s, round %d): it sends its people away, they go on, and the others never stop',
    (direction) =>
      seeded('partition database', (random) =>
        during(random, 'database', async (clients, { ways }) => {
          ways.database.drop(direction as 'both' | 'in' | 'out');
          const began = performance.now();
          const here = clients.filter((_client, index) => index % 2 === 0);
          const there = clients.filter((_client, index) => index % 2 === 1);
          const before = promised(there);
          await writeUntil(
            clients,
            random,
            () =>
              here.every(({ codes }) => codes.includes(CLOSE.overloaded)) ||
              performance.now() - began > 30_000,
            20
          );
          const took = Math.round(performance.now() - began);
          expect(here.map(({ codes }) => codes.includes(CLOSE.overloaded))).toEqual(here.map(() => true));
          expect(there.flatMap(({ codes }) => codes)).toEqual([]);
          expect(promised(there)).toBeGreaterThan(before);
          console.log(`database: sent away after ${took} ms`);
          if (FULL) await lasting(clients, random);
        })
      )
  );

  test('a node that people cannot reach any more: the connections end, and they go on when it is back', () =>
    seeded('partition people', (random) =>
      during(random, 'people', async (clients, { ways }) => {
        ways.people.drop('both');
        await lasting(clients, random);
      })
    ));
});
