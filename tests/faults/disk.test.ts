import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { checkOutcome, checkPromises } from '../support/checker.ts';
import { removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import { seeded } from '../support/seeds.ts';
import { clientsOf, everybodyIsIn, promised, setStage, witness, writeUntil } from '../support/stage.ts';
import { until } from '../support/until.ts';

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 1);
const preload = (name: string) => `--import=${new URL(`../support/${name}.ts`, import.meta.url).href}`;
const rounds = Array.from({ length: ROUNDS }, (_value, index) => index + 1);

/** A disk whose room a test takes and gives back. */
interface Disk {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  fill(server: Program): void;
  empty(server: Program): void;
  remove(): void;
}

const MB = Buffer.alloc(1024 * 1024);

/** 64 MB in memory, mounted for the test; null where that is not allowed. */
function mountedDisk(): Disk | null {
  const folder = temporaryData();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder]);
  if (mounted.status !== 0) {
    removeData(folder);
    return null;
  }
  const data = join(folder, 'data');
  const ballast = join(folder, 'ballast');
  mkdirSync(data);
  return {
    folder: data,
    environment: {},
    fill() {
      for (const piece of [MB, MB.subarray(0, 4_096)])
        try {
          for (;;) appendFileSync(ballast, piece);
        } catch {
          // Full.
        }
    },
    empty: () => rmSync(ballast),
    remove() {
      spawnSync('umount', ['-l', folder]);
      removeData(folder);
    }
  };
}

function limitedDatabase(): Disk {
  const folder = temporaryData();
  const toggle = ({ pid }: Program) => process.kill(pid, 'SIGUSR2');
  return {
    folder,
    environment: { NODE_OPTIONS: preload('page-limit') },
    fill: toggle,
    empty: toggle,
    remove: () => removeData(folder)
  };
}

const DISKS = [
  ['a disk of 64 MB', mountedDisk],
  ['a database that may not grow', limitedDatabase]
] as const;

test.each(DISKS.flatMap(([what, make]) => rounds.map((round) => [what, round, make] as const)))(
  'F4: %s is full (round %d): no ack, a notice, nobody is sent away; with room again everything is acknowledged',
  { timeout: 90_000 },
  async (what, _round, make) => {
    const disk = make();
    if (!disk) return console.log(`F4: ${what} is skipped: mounting is not allowed here`);
    await seeded('disk full', async (random) => {
      const server = await startProgram(disk.folder, disk.environment);
      const stage = await setStage(server.port, 3);
      const clients = clientsOf(stage, () => server.port, random);
      try {
        for (const client of clients) client.connect();
        await everybodyIsIn(clients);
        await writeUntil(clients, random, () => promised(clients) > 30);
        disk.fill(server);
        const began = performance.now();
        await writeUntil(
          clients,
          random,
          () => clients.every(({ indicator }) => indicator.kind === 'failing'),
          1
        );
        const noticed = performance.now() - began;
        const before = promised(clients);
        for (let edit = 0; edit < 20; edit++) for (const client of clients) client.edit(random);
        const failures = () => server.output().split('commit failed').length;
        const seen = failures();
        await until('it has tried again', () => failures() > seen + 1);
        expect(promised(clients)).toBe(before);
        expect(clients.map(({ indicator }) => indicator.kind)).toEqual(['failing', 'failing', 'failing']);
        expect((await fetch(`${server.url}/livez`)).status).toBe(200);
        disk.empty(server);
        const { sent, settledMs } = await checkOutcome(clients, () => witness(server.port, stage));
        expect(clients.flatMap(({ codes }) => codes)).toEqual([]);
        console.log(
          `F4: ${what}: notice after ${Math.round(noticed)} ms of writing; with room again ${sent} edits ` +
            `acknowledged after ${settledMs} ms`
        );
      } finally {
        for (const client of clients) client.leave();
        await server.end('SIGTERM');
        disk.remove();
      }
    });
  }
);

const LOCKS = process.env.FAULT_ROUNDS === undefined ? [1_000, 6_500] : [1_000, 4_500, 30_000];

test.each(LOCKS.flatMap((held) => rounds.map((round) => [held, round] as const)))(
  'F5: another program holds the database for %d ms (round %d): the server goes on answering, and nothing is lost',
  { timeout: 120_000 },
  (held) =>
    seeded('busy', async (random) => {
      const folder = temporaryData();
      const server = await startProgram(folder);
      const stage = await setStage(server.port, 3);
      const clients = clientsOf(stage, () => server.port, random);
      const other = new DatabaseSync(join(folder, 'meander.sqlite'), { timeout: 5_000 });
      try {
        for (const client of clients) client.connect();
        await everybodyIsIn(clients);
        other.exec('begin immediate');
        const began = performance.now();
        let pings = 0;
        let longest = 0;
        const pinging = (async () => {
          while (performance.now() - began < held - 500) {
            const asked = performance.now();
            expect((await fetch(`${server.url}/livez`)).status).toBe(200);
            longest = Math.max(longest, performance.now() - asked);
            pings++;
          }
        })();
        await writeUntil(clients, random, () => performance.now() - began > held, 20);
        // Nothing can be on disk while somebody else holds the lock, so nothing may be called saved.
        expect(promised(clients)).toBe(0);
        const degraded = clients.every(({ indicator }) => indicator.kind === 'failing');
        other.exec('commit');
        await pinging;
        const { sent, settledMs } = await checkOutcome(clients, () => witness(server.port, stage));
        console.log(
          `F5: held ${held} ms: ${pings} pings answered meanwhile, the slowest after ${Math.round(longest)} ms; ` +
            `notice ${degraded ? 'shown' : 'not shown'}; ${sent} edits acknowledged ${settledMs} ms later`
        );
        if (held < 5_000) expect(server.output()).not.toContain('commit failed');
        else expect(degraded).toBe(true);
        // It waits without holding its event loop: a driver that waits by itself would be silent for five seconds.
        expect(longest).toBeLessThan(2_000);
        expect(pings).toBeGreaterThan(1);
        expect(clients.flatMap(({ codes }) => codes)).toEqual([]);
      } finally {
        other.close();
        for (const client of clients) client.leave();
        await server.end('SIGTERM');
        removeData(folder);
      }
    })
);

const HOUR_MS = 3_600_000;

test(
  'F20: a calendar an hour ahead, then an hour behind, that steps back while people write: no edit is lost or out of order',
  {
    timeout: 60_000
  },
  () =>
    seeded('calendar', async (random) => {
      const folder = temporaryData();
      const start = (offset: number, port: string) =>
        startProgram(folder, {
          PORT: port,
          NODE_OPTIONS: preload('skewed-clock'),
          CLOCK_OFFSET_MS: String(offset),
          CLOCK_STEP_MS: String(-HOUR_MS)
        });
      let server = await start(HOUR_MS, '0');
      const { port } = server;
      const stage = await setStage(server.port, 3);
      const clients = clientsOf(stage, () => port, random);
      try {
        for (const client of clients) client.connect();
        await everybodyIsIn(clients);
        for (const offset of [HOUR_MS, -HOUR_MS]) {
          const before = promised(clients);
          await writeUntil(clients, random, () => promised(clients) > before + 30);
          process.kill(server.pid, 'SIGUSR2');
          await writeUntil(clients, random, () => promised(clients) > before + 60);
          await server.end('SIGKILL');
          server = await start(-offset, String(port));
          checkPromises(clients, await witness(port, stage));
          await everybodyIsIn(clients, 30_000);
        }
        await checkOutcome(clients, () => witness(port, stage));
      } finally {
        for (const client of clients) client.leave();
        await server.end('SIGTERM');
      }
      const database = new DatabaseSync(join(folder, 'meander.sqlite'));
      const rows = database.prepare('select seq from updates order by seq').all() as { seq: number }[];
      const maps = database.prepare('select head from maps').all() as { head: number }[];
      database.close();
      removeData(folder);
      const first = rows[0]?.seq ?? 0;
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, index) => first + index));
      expect(maps).toEqual([{ head: rows.at(-1)?.seq }]);
      expect(server.output()).not.toContain('error');
    })
);
