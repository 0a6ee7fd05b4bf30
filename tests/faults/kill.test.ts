import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { removeData, startProgram, temporaryData, Visitor, type Program } from '../support/program.ts';
import { createRandom, firstSeed, type Random } from '../support/random.ts';
import { fingerprint } from '../support/peer.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env.KILLS ?? 20);
const CLIENTS = 5;

/** An edit and what it leaves behind: a key that is there for ever, or one that is gone for ever. */
interface Trace {
  readonly key: string;
  readonly there: boolean;
}

/** One person over several lives of the server: what they did, and what of it was acknowledged. */
interface Writer {
  readonly index: number;
  readonly doc: Y.Doc;
  readonly who: Visitor;
  peer: SocketPeer | null;
  readonly edits: (Trace | null)[];
  /** Frame number on this connection -> how many edits are promised once it is acknowledged. */
  covers: number[];
  promised: number;
}

/** The built server, with one map and one account for each client. */
interface World {
  readonly server: Program;
  readonly mapId: string;
  readonly people: readonly Visitor[];
}

/** The first person makes a map and a link, the others come by it; all of them through the server's own pages. */
async function begin(folder: string, port: number): Promise<World> {
  const server = await startProgram(folder, { PORT: String(port) });
  const people = Array.from({ length: CLIENTS }, () => new Visitor(`http://127.0.0.1:${server.port}`));
  const [owner, ...others] = people;
  const made = await owner?.post('/?/start', { preset: 'blank' });
  const mapId = /maps\/([\w-]{36})/.exec(made?.headers.get('location') ?? '')?.[1] ?? '';
  const shared = await owner?.post(`/maps/${mapId}?/link`, { role: 'editor' });
  const token = /[\w-]{43}/.exec((await shared?.text()) ?? '')?.[0];
  for (const [index, other] of others.entries()) await other.post(`/s/${token}`, { name: `Guest ${index}` });
  return { server, mapId, people };
}

const connect = ({ server, mapId }: Pick<World, 'server' | 'mapId'>, writer: Writer): void => {
  const { doc, who, edits } = writer;
  const peer = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, who.headers, doc);
  writer.peer = peer;
  writer.covers = [];
  let counted = 0;
  peer.onChange = () => {
    // Every frame that left since the last look holds everything done until now.
    while (counted < peer.sent) writer.covers[counted++] = peer.answered ? edits.length : 0;
    if (peer.acked > 0) writer.promised = Math.max(writer.promised, writer.covers[peer.acked - 1] ?? 0);
  };
};

/** Adds something that stays, adds something for others to delete, or deletes such a thing of somebody else. */
function edit({ doc, index, edits, peer }: Writer, random: Random): void {
  const map = doc.getMap('cards');
  const turn = random.below(3);
  const own = `${index}-${edits.length}`;
  const prey = [...map.keys()].find((key) => key.startsWith('prey') && !key.startsWith(`prey-${index}-`));
  if (turn === 0) map.set(own, new Y.Map());
  else if (turn === 1) map.set(`prey-${own}`, new Y.Map());
  else if (prey !== undefined) map.delete(prey);
  if (turn === 0) edits.push({ key: own, there: true });
  else edits.push(turn === 2 && prey !== undefined ? { key: prey, there: false } : null);
  peer?.onChange();
}

/** Waits until everybody is in, and fails at once when the server wants nothing more to do with somebody. */
const everybodyIsIn = (writers: readonly Writer[]) =>
  until('everybody is in', () => {
    for (const { index, peer } of writers)
      if (peer?.closed) throw new Error(`${index} was sent away: ${peer.closed.code} ${peer.closed.reason}`);
    return writers.every(({ peer }) => peer?.synced && peer.answered);
  });

test(
  `F1: ${KILLS} times kill -9 while ${CLIENTS} people write, and delete what others wrote, loses nothing that was acknowledged`,
  {
    timeout: 180_000
  },
  async () => {
    const random = createRandom(firstSeed());
    console.log(`kill: seed ${random.seed}`);
    const folder = temporaryData();
    const { mapId, people, ...first } = await begin(folder, 0);
    let { server } = first;
    const { port } = server;
    const writers = people.map((who, index): Writer => ({
      index,
      doc: new Y.Doc(),
      who,
      peer: null,
      edits: [],
      covers: [],
      promised: 0
    }));
    const promises = () => writers.reduce((sum, { promised }) => sum + promised, 0);
    let slowest = 0;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const before = promises();
        for (const writer of writers) connect({ server, mapId }, writer);
        await everybodyIsIn(writers);
        const end = performance.now() + 50 + random.below(250);
        // At least one promise per life, or the kill would prove nothing.
        while (performance.now() < end || promises() === before) {
          for (const writer of writers) edit(writer, random);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await server.end('SIGKILL');
        await until('the sockets are gone', () => writers.every(({ peer }) => peer?.closed));
        const started = performance.now();
        server = await startProgram(folder, { PORT: String(port) });
        slowest = Math.max(slowest, performance.now() - started);

        // Somebody who was never there sees what is on disk.
        const witness = new SocketPeer(
          `ws://127.0.0.1:${port}/sync/${mapId}?v=1`,
          random.pick(people).headers
        );
        await until('the witness has everything', () => witness.synced);
        const stored = witness.doc.getMap('cards');
        for (const { edits, promised } of writers)
          for (const trace of edits.slice(0, promised))
            if (trace && stored.has(trace.key) !== trace.there)
              throw new Error(
                `kill ${kill}: "${trace.key}" was promised to be ${trace.there ? 'there' : 'gone'}`
              );
        witness.close();
      }
      // What came after the last kill does not count as survived.
      const promised = promises();
      for (const writer of writers) connect({ server, mapId }, writer);
      await until('everything is saved', () => writers.every(({ peer }) => peer?.saved));
      await until('everybody has everything', () => {
        const [print, ...others] = writers.map(({ doc }) => fingerprint(doc));
        return others.every((other) => isDeepStrictEqual(other, print));
      });
      const traces = writers.flatMap(({ edits }) => edits.flatMap((trace) => trace ?? []));
      const left = writers[0]?.doc.getMap('cards');
      for (const { key, there } of traces) expect(left?.has(key), key).toBe(there);
      const deleted = traces.filter(({ there }) => !there).length;
      console.log(
        `kill: ${traces.length} edits, ${deleted} of them deletions of others' work; ` +
          `${promised} promised before a kill; slowest start ${Math.round(slowest)} ms`
      );
      expect(deleted).toBeGreaterThan(KILLS);
      expect(promised).toBeGreaterThan(0);
    } finally {
      for (const { peer } of writers) peer?.close();
      await server.end('SIGTERM');
      removeData(folder);
    }
  }
);
