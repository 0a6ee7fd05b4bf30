import type * as Y from 'yjs';
import { Client } from './client.ts';
import { Visitor } from './program.ts';
import type { Random } from './random.ts';
import { SocketPeer } from './socket-peer.ts';
import { until } from './until.ts';

/** Where a node is: a port of this machine, or a host besides. */
export type Place = number | { readonly host: string; readonly port: number };

const authority = (place: Place): string =>
  typeof place === 'number' ? `127.0.0.1:${place}` : `${place.host}:${place.port}`;

/** One map, and people who may edit it: an owner and guests who came by a link, all as the server's own pages do it. */
export interface Stage {
  readonly mapId: string;
  readonly people: readonly Visitor[];
}

export async function setStage(place: Place, people: number): Promise<Stage> {
  const visitors = Array.from({ length: people }, () => new Visitor(`http://${authority(place)}`));
  const [owner, ...others] = visitors;
  const made = await owner?.post('/?/start', { preset: 'blank' });
  const mapId = /maps\/([\w-]{36})/.exec(made?.headers.get('location') ?? '')?.[1];
  if (mapId === undefined) throw new Error('no map was made');
  const link = others.length > 0 ? await owner?.link(mapId, 'editor') : undefined;
  for (const [index, other] of others.entries())
    await other.post(`/s/${link?.token}`, { name: `Guest ${index}` });
  return { mapId, people: visitors };
}

export const socketUrl = (place: Place, mapId: string): string =>
  `ws://${authority(place)}/sync/${mapId}?v=1`;

/** What somebody's browser sends to a node, whichever node they logged in at. */
export const headersAt = (place: Place, { headers }: Visitor): Record<string, string> => ({
  ...headers,
  origin: `http://${authority(place)}`
});

/** A client for each person of a stage; `placeOf` says which node one goes to next. */
export const clientsOf = (
  { mapId, people }: Stage,
  placeOf: (index: number, attempt: number) => Place,
  random: Random,
  prefix = 'p'
): Client[] =>
  people.map((person, index) => {
    let attempt = 0;
    return new Client(
      `${prefix}${index}`,
      () => {
        const place = placeOf(index, attempt++);
        return { url: socketUrl(place, mapId), who: headersAt(place, person) };
      },
      random
    );
  });

/** The document as somebody sees it who opens the map for the first time. */
export async function witness(place: Place, { mapId, people }: Stage): Promise<Y.Doc> {
  const [owner] = people;
  if (!owner) throw new Error('nobody owns the map');
  const peer = new SocketPeer(socketUrl(place, mapId), headersAt(place, owner));
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
