import type * as Y from 'yjs';
import { Client } from './client.ts';
import { Visitor, type Program } from './program.ts';
import type { Random } from './random.ts';
import { SocketPeer } from './socket-peer.ts';
import { until } from './until.ts';

/** One map, and people who may edit it: an owner and guests who came by a link, all by the server's own pages. */
export interface Stage {
  readonly mapId: string;
  readonly people: readonly Visitor[];
}

export async function setStage({ port }: Pick<Program, 'port'>, people: number): Promise<Stage> {
  const visitors = Array.from({ length: people }, () => new Visitor(`http://127.0.0.1:${port}`));
  const [owner, ...others] = visitors;
  const made = await owner?.post('/?/start', { preset: 'blank' });
  const mapId = /maps\/([\w-]{36})/.exec(made?.headers.get('location') ?? '')?.[1];
  if (mapId === undefined) throw new Error('no map was made');
  const shared =
    others.length > 0 ? await owner?.post(`/maps/${mapId}?/link`, { role: 'editor' }) : undefined;
  const token = /[\w-]{43}/.exec((await shared?.text()) ?? '')?.[0];
  for (const [index, other] of others.entries()) await other.post(`/s/${token}`, { name: `Guest ${index}` });
  return { mapId, people: visitors };
}

export const socketUrl = (port: number, mapId: string): string => `ws://127.0.0.1:${port}/sync/${mapId}?v=1`;

/** What somebody's browser sends to the node at `port`, whichever node they logged in at. */
export const headersAt = (port: number, { headers }: Visitor): Record<string, string> => ({
  ...headers,
  origin: `http://127.0.0.1:${port}`
});

/** A client for each person of a stage; `portOf` says which node one goes to next. */
export const clientsOf = (
  { mapId, people }: Stage,
  portOf: (index: number, attempt: number) => number,
  random: Random,
  prefix = 'p'
): Client[] =>
  people.map((person, index) => {
    let attempt = 0;
    return new Client(
      `${prefix}${index}`,
      () => {
        const port = portOf(index, attempt++);
        return { url: socketUrl(port, mapId), who: headersAt(port, person) };
      },
      random
    );
  });

/** The document as somebody sees it who opens the map for the first time. */
export async function witness(port: number, { mapId, people }: Stage): Promise<Y.Doc> {
  const [owner] = people;
  if (!owner) throw new Error('nobody owns the map');
  const peer = new SocketPeer(socketUrl(port, mapId), headersAt(port, owner));
  await until('the witness has everything', () => {
    if (peer.closed) throw new Error(`the witness was sent away: ${peer.closed.code} ${peer.closed.reason}`);
    return peer.synced;
  });
  peer.close();
  return peer.doc;
}

/** Lets everybody write, a few edits each turn of the event loop, until `enough`. */
export async function writeUntil(
  clients: readonly Client[],
  random: Random,
  enough: () => boolean,
  pauseMs = 0
): Promise<void> {
  while (!enough()) {
    for (const client of clients) client.edit(random);
    await new Promise((resolve) => (pauseMs > 0 ? setTimeout(resolve, pauseMs) : setImmediate(resolve)));
  }
}

export const everybodyIsIn = (clients: readonly Client[], patienceMs?: number): Promise<void> =>
  until('everybody is in', () => clients.every((client) => client.in), patienceMs);

/** Edits promised to anybody so far. */
export const promised = (clients: readonly Client[]): number =>
  clients.reduce((sum, { acked }) => sum + acked, 0);
