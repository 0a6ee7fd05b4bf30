import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { postgresAnswers, postgresBackend, type Backend } from '../contract/backends.ts';
import { startBalancer } from '../support/balancer.ts';
import { fingerprint } from '../support/peer.ts';
import { removeData, startProgram, temporaryData, Visitor, type Program } from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const REDIS = new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379');
const redis = { host: REDIS.hostname, port: Number(REDIS.port || 6379) };
const TOKEN = 'a-token-of-the-operator';

const redisAnswers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ ...redis, timeout: 1_000 });
    const end = (answers: boolean) => {
      socket.destroy();
      if (!answers) console.log(`Redis does not answer at ${REDIS.host}: the test of the set-up is skipped`);
      resolve(answers);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });

const available = (await postgresAnswers()) && (await redisAnswers());

/** docker-compose.yml without the containers: Postgres, Redis, two nodes, a proxy in front, people at the proxy. */
describe.skipIf(!available)('the set-up of docker-compose.yml', { timeout: 60_000 }, () => {
  let backend: Backend;
  let wire: Awaited<ReturnType<typeof startTcpProxy>>;
  let balancer: Awaited<ReturnType<typeof startBalancer>>;
  let nodes: Program[];
  const folders: string[] = [];
  let mapId = '';
  let owner: Visitor;
  let guest: Visitor;

  const startNode = (): Promise<Program> => {
    const folder = temporaryData();
    folders.push(folder);
    const url = new URL(REDIS);
    url.hostname = '127.0.0.1';
    url.port = String(wire.port);
    return startProgram(folder, {
      DATABASE_URL: backend.url,
      REDIS_URL: url.href,
      TRUST_PROXY: '1',
      METRICS_TOKEN: TOKEN
    });
  };
  const node = (port: number): Program => {
    const found = nodes.find((one) => one.port === port);
    if (!found) throw new Error(`no node on ${port}`);
    return found;
  };
  const open = async (who: Visitor, at = balancer.port): Promise<SocketPeer> => {
    const peer = new SocketPeer(`ws://127.0.0.1:${at}/sync/${mapId}?v=1`, {
      ...who.headers,
      origin: `http://127.0.0.1:${at}`
    });
    await until('the board is open', () => {
      if (peer.closed) throw new Error(`turned away: ${peer.closed.code} ${peer.closed.reason}`);
      return peer.saved;
    });
    return peer;
  };
  const metric = async (program: Program, name: string): Promise<number> => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const text = await (await fetch(`http://127.0.0.1:${program.port}/metrics`, { headers })).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1)
    );
  };
  const map = (peer: SocketPeer) => peer.doc.getMap('map');

  beforeAll(async () => {
    backend = await postgresBackend();
    wire = await startTcpProxy(redis);
    // Three start together on an empty database; one of them is only there for that.
    const [one, two, three] = await Promise.all([startNode(), startNode(), startNode()]);
    await three.end('SIGTERM');
    nodes = [one, two];
    // As the proxy of the set-up does: people come once the nodes hear each other.
    for (const one of nodes)
      await until('Redis is reached', async () => (await metric(one, 'meander_bus_connected')) === 1);
    balancer = await startBalancer(nodes.map(({ port }) => port));
    owner = new Visitor(`http://127.0.0.1:${balancer.port}`);
    const made = await owner.post('/?/start', { preset: 'blank' });
    mapId = /maps\/([\w-]{36})/.exec(made.headers.get('location') ?? '')?.[1] ?? '';
    guest = new Visitor(`http://127.0.0.1:${balancer.port}`);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(nodes.map((one) => one.end('SIGKILL')));
    await balancer.close();
    await wire.close();
    await backend.dispose();
    folders.forEach(removeData);
  });

  test('three nodes that start together on an empty database all start, and migrate it once', async () => {
    expect(mapId).toMatch(/^[\w-]{36}$/);
    const [counted] = await backend.raw(
      'select count(*) as ran, count(distinct hash) as kinds from drizzle.__drizzle_migrations'
    );
    expect(Number(counted?.ran)).toBeGreaterThan(0);
    expect(counted?.ran).toEqual(counted?.kinds);
  });

  test('two people at the proxy are on a node each, and see each other', async () => {
    const [ann, ben] = [await open(owner), await open(owner)];
    expect(new Set(balancer.wentTo.slice(-2)).size).toBe(2);
    map(ann).set('title', 'from one node');
    await until('it has crossed', () => map(ben).get('title') === 'from one node');
    map(ben).set('title', 'and back');
    await until('it has crossed', () => map(ann).get('title') === 'and back');
    await until('both agree', () => ann.saved && ben.saved);
    expect(fingerprint(ann.doc)).toEqual(fingerprint(ben.doc));
    ann.close();
    ben.close();
  });

  test('a message that no node has signed is ignored and counted', async () => {
    const [first] = nodes;
    if (!first) throw new Error('no node');
    const peer = await open(owner, first.port);
    const before = await metric(first, 'meander_bus_forged_total');
    const forger = new Redis(REDIS.href, { maxRetriesPerRequest: 1 });
    try {
      await until('it is heard', async () => (await metric(first, 'meander_bus_connected')) === 1);
      const [identity] = await backend.raw(
        `select datname || ':' || oid::int8 as name from pg_database where datname = current_database()`
      );
      const channel = `meander:${String(identity?.name)}:rooms`;
      const evict = { kind: 'evict', mapId, code: CLOSE.gone, reason: 'forged' };
      const heard = await forger.publish(
        channel,
        JSON.stringify({ node: 'forger', number: 1, message: evict })
      );
      expect(heard).toBeGreaterThanOrEqual(2); // both nodes listen there
      await until('it is counted', async () => (await metric(first, 'meander_bus_forged_total')) > before);
    } finally {
      forger.disconnect();
    }
    map(peer).set('title', 'still here');
    await until('saved', () => peer.saved);
    expect(peer.closed).toBeNull();
    expect(first.output()).toContain('from none of our nodes');
    peer.close();
  });

  test('F24: a right that ends while Redis is away ends as soon as Redis is back', async () => {
    const link = await owner.link(mapId, 'editor');
    const came = await guest.post(`/s/${link.token}`, { name: 'Guest' });
    expect(came.status).toBe(303);
    const [first, second] = nodes;
    if (!first || !second) throw new Error('no nodes');
    const ben = await open(guest, second.port);
    wire.cut();
    await until('both know that Redis is away', async () => {
      const told = await Promise.all(nodes.map((one) => metric(one, 'meander_bus_connected')));
      return told.every((connected) => connected === 0);
    });
    // Said to the node that the guest is not on.
    const at = `http://127.0.0.1:${first.port}`;
    const ended = await owner.api('DELETE', `/maps/${mapId}/links/${link.id}`, undefined, at);
    expect(ended.ok, await ended.text()).toBe(true);
    expect(ben.closed).toBeNull();
    wire.mend();
    // Redis is found within the longest wait between two tries; the word itself takes no time.
    await until('the socket is closed', () => ben.closed !== null, 8_000);
    expect(ben.closed?.code).toBe(CLOSE.forbidden);
  });

  test('a node that stops leaves its people to the other, and nothing acknowledged is missing', async () => {
    const ann = await open(owner);
    const port = balancer.wentTo.at(-1) ?? 0;
    map(ann).set('title', 'before the stop');
    await until('saved', () => ann.saved);
    const ended = node(port).end('SIGTERM');
    await until('told goodbye', () => ann.closed !== null);
    expect(ann.closed?.code).toBe(CLOSE.restart);
    const again = await open(owner); // the proxy asks who is ready
    expect(balancer.wentTo.at(-1)).not.toBe(port);
    await until('it has everything', () => map(again).get('title') === 'before the stop');
    again.close();
    expect(await ended).toBe(0);
  });
});
