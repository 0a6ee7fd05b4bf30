import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { postgresAnswers, postgresBackend, type Backend } from '../contract/backends.ts';
import { checkOutcome } from '../support/checker.ts';
import type { Client } from '../support/client.ts';
import { canMakeNetworks } from '../support/network-space.ts';
import { removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import type { Random } from '../support/random.ts';
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

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 1);
const FULL = process.env.FAULT_ROUNDS !== undefined;
const rounds = Array.from({ length: ROUNDS }, (_value, index) => index + 1);

describe.skipIf(!(await postgresAnswers()))(
  'Postgres behind a network that fails',
  { timeout: 120_000 },
  () => {
    let backend: Backend;
    let proxy: TcpProxy;
    let server: Program;
    let stage: Stage;
    const folder = temporaryData();

    beforeAll(async () => {
      backend = await postgresBackend();
      const { hostname, port } = new URL(backend.url);
      proxy = await startTcpProxy({ host: hostname, port: Number(port || 5432) });
      const url = new URL(backend.url);
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      server = await startProgram(folder, { DATABASE_URL: url.href });
      stage = await setStage(server.port, 3);
    }, 60_000);

    afterAll(async () => {
      await server.end('SIGKILL');
      await proxy.close();
      await backend.dispose();
      removeData(folder);
    });

    /** People write, the fault comes and goes, and the checker looks. */
    const during = async (
      random: Random,
      name: string,
      fault: (clients: readonly Client[]) => Promise<void>
    ): Promise<readonly Client[]> => {
      const clients = clientsOf(stage, () => server.port, random, `${name}${random.below(1e6)}x`);
      try {
        for (const client of clients) client.connect();
        await everybodyIsIn(clients);
        await writeUntil(clients, random, () => promised(clients) > 30, 2);
        await fault(clients);
        proxy.mend();
        const { sent, settledMs } = await checkOutcome(clients, () => witness(server.port, stage), 60_000);
        console.log(
          `${name}: ${sent} edits acknowledged and equal ${settledMs} ms after the end of the fault`
        );
        return clients;
      } finally {
        proxy.mend();
        for (const client of clients) client.leave();
      }
    };

    const outages = FULL ? [3_000, 30_000] : [2_000];

    test.each(outages.flatMap((ms) => rounds.map((round) => [ms, round] as const)))(
      'F7: Postgres is gone for %d ms (round %d): no ack meanwhile, and everything is acknowledged after it without a restart',
      (ms) =>
        seeded('outage', async (random) => {
          await during(random, 'outage', async (clients) => {
            proxy.cut();
            // What was under way may have been answered just before.
            await until('it is noticed', () => {
              for (const client of clients) client.edit(random);
              return clients.some(({ indicator }) => ['failing', 'offline'].includes(indicator.kind));
            });
            const before = promised(clients);
            const end = performance.now() + ms;
            await writeUntil(clients, random, () => performance.now() > end, 10);
            expect(promised(clients)).toBe(before);
            expect((await fetch(`${server.url}/livez`)).status).toBe(200);
          });
        })
    );

    test('F7: a connection that breaks between a commit and its answer: the edit is stored again, and there once', () =>
      seeded('answer lost', async (random) => {
        await during(random, 'lost', async (clients) => {
          for (let round = 0; round < 5; round++) {
            proxy.silence('answers');
            for (const client of clients) for (let edit = 0; edit < 5; edit++) client.edit(random);
            // Time for a statement to arrive; whether it does is the dice's.
            await new Promise((resolve) => setTimeout(resolve, 20 + random.below(60)));
            proxy.cut();
            proxy.mend();
            await until('saved again', () => clients.every(({ saved }) => saved), 30_000);
          }
        });
      }));

    // Where networks can be made, F10 shows the same, and takes as long.
    test.runIf(FULL || !canMakeNetworks())(
      'F7: Postgres is silent and no connection ends: people are sent to another node within ten seconds, and come back',
      () =>
        seeded('silence', async (random) => {
          const clients = await during(random, 'silence', async (people) => {
            proxy.silence('both');
            const began = performance.now();
            await until(
              'everybody is sent away',
              () => {
                for (const client of people) client.edit(random);
                return people.every(({ codes }) => codes.includes(CLOSE.overloaded));
              },
              20_000
            );
            console.log(`silence: sent away after ${Math.round(performance.now() - began)} ms`);
            const { status } = await fetch(`${server.url}/readyz`);
            expect(status).toBe(503);
          });
          expect(new Set(clients.flatMap(({ codes }) => codes))).toEqual(new Set([CLOSE.overloaded]));
        })
    );

    test('F8: Postgres answers 500 ms late: acknowledgements are slow, and nobody is told that saving stopped', () =>
      seeded('slow', async (random) => {
        const clients = await during(random, 'slow', async (people) => {
          proxy.slowDown(250);
          const before = promised(people);
          const end = performance.now() + (FULL ? 60_000 : 4_000);
          await writeUntil(
            people,
            random,
            () => performance.now() > end && promised(people) > before + 30,
            10
          );
          expect(people.flatMap(({ peer }) => peer?.notices ?? [])).toEqual([]);
        });
        expect(clients.flatMap(({ codes }) => codes)).toEqual([]);
      }));
  }
);
