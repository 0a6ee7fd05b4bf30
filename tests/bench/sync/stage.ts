import { readdirSync, readFileSync } from 'node:fs';
import { removeData, startProgram, temporaryData, type Program } from '../../support/program.ts';
import { Client, Sent } from './client.ts';
import { makeWorld, type World } from './world.ts';

const PEOPLE = 20;
const PROBE = new URL('./probe.ts', import.meta.url).href;
const ENVIRONMENT = { NODE_OPTIONS: `--import=${PROBE}` };

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;

/** One server in a process of its own, with maps and people, and clients in this process. */
export class Stage {
  readonly clients: Client[] = [];
  readonly sent = new Map<string, Sent>();
  readonly #folder: string;
  readonly #world: World;
  #program: Program;

  private constructor(folder: string, world: World, program: Program) {
    this.#folder = folder;
    this.#world = world;
    this.#program = program;
  }

  /** `content`: what each map starts from, a Yjs update (v2). */
  static async open(maps: readonly string[], content?: Uint8Array): Promise<Stage> {
    const folder = temporaryData();
    const world = await makeWorld(folder, maps, PEOPLE, content);
    return new Stage(folder, world, await startProgram(folder, ENVIRONMENT));
  }

  /** Ends the server without a word and starts it again on its data. */
  async killAndStart(): Promise<void> {
    await this.#program.end('SIGKILL');
    this.#program = await startProgram(this.#folder, { ...ENVIRONMENT, PORT: String(this.#program.port) });
  }

  join(map: string, watch: boolean): Client {
    const sent = this.sent.get(map) ?? new Sent();
    this.sent.set(map, sent);
    const cookie = this.#world.cookies[this.clients.length % PEOPLE] ?? '';
    const url = `ws://127.0.0.1:${this.#program.port}/sync/${this.#world.maps[map]}?v=1`;
    const client = new Client(url, cookie, watch ? sent : null);
    this.clients.push(client);
    return client;
  }

  /** So many clients on maps in turn, a few at a time, all of them synced. */
  async joinAll(count: number, maps: readonly string[], watch: boolean): Promise<Client[]> {
    const clients: Client[] = [];
    for (let at = 0; at < count; at++) {
      clients.push(this.join(maps[at % maps.length] ?? '', watch));
      if (clients.length % 50 === 0) await Promise.all(clients.map(({ synced }) => synced));
    }
    await Promise.all(clients.map(({ synced }) => synced));
    return clients;
  }

  /** What the probe in the server saw since it was asked last. */
  async probe(): Promise<{ readonly gapMs: number; readonly encoded: number }> {
    const printed = () => [...this.#program.output().matchAll(/^probe (.*)$/gm)];
    const before = printed().length;
    process.kill(this.#program.pid, 'SIGUSR2');
    while (printed().length === before) await sleep(10);
    return JSON.parse(printed().at(-1)?.[1] ?? '') as { gapMs: number; encoded: number };
  }

  /** Processor time of the server until now, in seconds, all threads. */
  cpu(): number {
    const folder = `/proc/${this.#program.pid}/task`;
    return readdirSync(folder).reduce(
      (sum, thread) =>
        sum + Number(readFileSync(`${folder}/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e9,
      0
    );
  }

  /** Resident memory of the server, in MB. */
  memory(): number {
    const status = readFileSync(`/proc/${this.#program.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Throws when the server has sent somebody away. */
  checkAlive(): void {
    const closed = this.clients.filter((client) => client.closed !== null).map((client) => client.closed);
    if (closed.length > 0)
      throw new Error(`${closed.length} clients were closed: ${[...new Set(closed)].join()}`);
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.drop();
    await this.#program.end('SIGTERM');
    removeData(this.#folder);
  }
}

/** Calls each task `hz` times a second for so long, spread evenly; what comes late is not left out. */
export async function pace(tasks: readonly (() => void)[], hz: number, seconds: number): Promise<void> {
  const gap = 1000 / hz / tasks.length;
  const total = Math.floor(seconds * hz * tasks.length);
  const start = performance.now();
  for (let done = 0; done < total; await sleep(2))
    for (; done < total && start + done * gap <= performance.now(); done++) tasks[done % tasks.length]?.();
}

/** Waits until a condition holds. Answers how long that took in ms; throws after a minute. */
export async function until(condition: () => boolean): Promise<number> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > 60_000) throw new Error('not within a minute');
    await sleep(5);
  }
  return performance.now() - start;
}
