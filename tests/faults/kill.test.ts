import { expect, test } from 'vitest';
import { checkOutcome, checkPromises } from '../support/checker.ts';
import { removeData, startProgram, temporaryData } from '../support/program.ts';
import { seeded } from '../support/seeds.ts';
import { clientsOf, everybodyIsIn, promised, setStage, witness, writeUntil } from '../support/stage.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env.KILLS ?? 20);
const CLIENTS = 5;

test(
  `F1: ${KILLS} times kill -9 while ${CLIENTS} people write, and delete what others wrote, loses nothing that was acknowledged or shown`,
  { timeout: 60_000 + KILLS * 6_000 },
  () =>
    seeded('kill', async (random) => {
      const folder = temporaryData();
      let server = await startProgram(folder);
      const { port } = server;
      const stage = await setStage(server.port, CLIENTS);
      const clients = clientsOf(stage, () => port, random);
      let slowest = 0;
      try {
        for (let kill = 0; kill < KILLS; kill++) {
          const before = promised(clients);
          for (const client of clients) client.connect();
          await everybodyIsIn(clients);
          const end = performance.now() + 50 + random.below(250);
          // At least one promise per life, or the kill would prove nothing.
          await writeUntil(clients, random, () => performance.now() > end && promised(clients) > before);
          for (const client of clients) client.leaveWhenClosed();
          await server.end('SIGKILL');
          await until('the sockets are gone', () => clients.every(({ socket }) => socket?.closed));
          const started = performance.now();
          server = await startProgram(folder, { PORT: String(port) });
          slowest = Math.max(slowest, performance.now() - started);
          checkPromises(clients, await witness(port, stage));
        }
        // What came after the last kill does not count as survived.
        const survived = promised(clients);
        for (const client of clients) client.connect();
        const { sent, deletions, settledMs } = await checkOutcome(clients, () => witness(port, stage));
        console.log(
          `kill: ${sent} edits, ${deletions} of them deletions of others' work; ${survived} promised before a kill; ` +
            `slowest start ${Math.round(slowest)} ms; equal after ${settledMs} ms`
        );
        expect(deletions).toBeGreaterThan(KILLS);
        expect(survived).toBeGreaterThan(0);
      } finally {
        for (const client of clients) client.leave();
        await server.end('SIGTERM');
        removeData(folder);
      }
    })
);
