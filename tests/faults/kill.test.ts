import * as Y from 'yjs';
import { expect, test } from 'vitest';
import {
  addToken,
  moreToken,
  removeData,
  startProgram,
  temporaryData,
  type Program
} from '../support/program.ts';
import { createRandom, firstSeed } from '../support/random.ts';
import { fingerprint } from '../support/peer.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env.KILLS ?? 20);
const CLIENTS = 5;

/** One client over several lives of the server: what it wrote, and what was acknowledged. */
interface Writer {
  readonly doc: Y.Doc;
  readonly token: string;
  peer: SocketPeer | null;
  written: number;
  /** Frame number on this connection -> what is promised once it is acknowledged. */
  covers: number[];
  promised: number;
}

/** How many of the writers' edits a document holds. */
const writtenIn = (doc: Y.Doc) => [...doc.getMap('map').keys()].filter((key) => key.includes(':')).length;

/** The built server, with one map and one token for each client. */
interface World {
  readonly server: Program;
  readonly mapId: string;
  readonly tokens: readonly string[];
}

async function begin(folder: string): Promise<World> {
  const server = await startProgram(folder);
  const tokens = [addToken(folder, 'writer@example.org')];
  while (tokens.length < CLIENTS) tokens.push(moreToken(folder, 'writer@example.org'));
  const made = await fetch(`${server.url}/api/v1/maps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[0]}` },
    body: JSON.stringify({ preset: 'blank' })
  });
  const { id } = (await made.json()) as { id: string };
  return { server, mapId: id, tokens };
}

const connect = ({ server, mapId }: Pick<World, 'server' | 'mapId'>, writer: Writer): SocketPeer => {
  const peer = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, writer.token, writer.doc);
  writer.peer = peer;
  writer.covers = [];
  let counted = 0;
  peer.onChange = () => {
    // Every frame that left since the last look holds everything written until now.
    while (counted < peer.sent) writer.covers[counted++] = peer.answered ? writer.written : 0;
    if (peer.acked > 0) writer.promised = Math.max(writer.promised, writer.covers[peer.acked - 1] ?? 0);
  };
  return peer;
};

test(
  `F1: ${KILLS} times kill -9 while ${CLIENTS} clients write loses nothing that was acknowledged`,
  {
    timeout: 180_000
  },
  async () => {
    const random = createRandom(firstSeed());
    console.log(`kill: seed ${random.seed}`);
    const folder = temporaryData();
    const { mapId, tokens, ...first } = await begin(folder);
    let { server } = first;
    const writers = tokens.map((token): Writer => ({
      doc: new Y.Doc(),
      token,
      peer: null,
      written: 0,
      covers: [],
      promised: 0
    }));
    let slowest = 0;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const before = writers.reduce((sum, { promised }) => sum + promised, 0);
        for (const writer of writers) connect({ server, mapId }, writer);
        await until('everybody is in', () => writers.every(({ peer }) => peer?.synced && peer.answered));
        const end = performance.now() + 50 + random.below(250);
        // At least one promise per life, or the kill would prove nothing.
        while (
          performance.now() < end ||
          writers.reduce((sum, { promised }) => sum + promised, 0) === before
        ) {
          for (const [index, writer] of writers.entries()) {
            writer.doc.getMap('map').set(`${index}:${++writer.written}`, writer.written);
            writer.peer?.onChange();
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
        await server.end('SIGKILL');
        await until('the sockets are gone', () => writers.every(({ peer }) => peer?.closed));
        const started = performance.now();
        server = await startProgram(folder);
        slowest = Math.max(slowest, performance.now() - started);

        // Somebody who was never there sees what is on disk.
        const witness = new SocketPeer(`ws://127.0.0.1:${server.port}/sync/${mapId}?v=1`, tokens[0] ?? null);
        await until('the witness has everything', () => witness.synced);
        const stored = witness.doc.getMap('map');
        for (const [index, { promised }] of writers.entries())
          for (let edit = 1; edit <= promised; edit++)
            if (!stored.has(`${index}:${edit}`))
              throw new Error(`kill ${kill}: ${index}:${edit} was acknowledged`);
        witness.close();
      }
      // What came after the last kill does not count as survived.
      const promised = writers.reduce((sum, writer) => sum + writer.promised, 0);
      for (const writer of writers) connect({ server, mapId }, writer);
      await until('everything is saved', () => writers.every(({ peer }) => peer?.saved));
      const total = writers.reduce((sum, { written }) => sum + written, 0);
      await until('everybody has everything', () => writers.every(({ doc }) => writtenIn(doc) === total));
      for (const { doc } of writers)
        expect(fingerprint(doc)).toEqual(fingerprint(writers[0]?.doc ?? new Y.Doc()));
      console.log(
        `kill: ${total} edits, ${promised} of them acknowledged before a kill; slowest start ${Math.round(slowest)} ms`
      );
      expect(promised).toBeGreaterThan(0);
    } finally {
      for (const { peer } of writers) peer?.close();
      await server.end('SIGTERM');
      removeData(folder);
    }
  }
);
