/**
 * Meander as one of the servers of a bench that runs Yjs sync servers side by side: how to start the build, who may come
 * in, and where a document is. The bench's documents have to follow the layout of a map, see README.md.
 */
import { fileURLToPath } from 'node:url';
import { makeWorld, type World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Clients take turns in being one of these. */
const PEOPLE = 20;

interface Place {
  readonly port: number;
  readonly dataDir: string;
  readonly node: string;
}
interface Client {
  readonly port: number;
  readonly room: string;
  readonly index: number;
}

let world: World = { cookies: [], maps: {} };

export default [
  {
    name: 'ours',
    label: 'Meander on SQLite',
    protocol: 'y-websocket',
    persistent: true,
    start: ({ port, dataDir, node }: Place) => ({
      cmd: [node, ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? []), 'build/server-main.js'],
      cwd: ROOT,
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        LOG_LEVEL: 'warn'
      }
    }),
    prepare: async ({ rooms, dataDir }: { readonly rooms: readonly string[]; readonly dataDir: string }) => {
      world = await makeWorld(dataDir, rooms, PEOPLE);
    },
    url: ({ port, room }: Client) => `ws://127.0.0.1:${port}/sync/${world.maps[room]}?v=1`,
    headers: ({ port, index }: Client) => ({
      cookie: world.cookies[index % world.cookies.length],
      origin: `http://127.0.0.1:${port}`
    }),
    // Cumulative: the number of update frames of this connection that are committed.
    ack: { type: 120, mode: 'total', durable: true },
    settleMs: 1000
  }
];
