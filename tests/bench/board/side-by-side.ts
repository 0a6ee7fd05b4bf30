/**
 * Meander in a bench that runs several whiteboards side by side: such a bench imports this module, calls its functions,
 * and reads `window.bench` of the pages (src/lib/board/bench-page.ts). It starts the built server on a data folder of
 * its own.
 *
 *   npm run build
 *   BENCH_APP_MODULE=<here>/tests/bench/board/side-by-side.ts <the bench>     notes are free objects of 200 x 200
 *   BENCH_NOTES=cards ...                                                     notes are cards in cells, eight in each
 *
 * A board is { notes: [{ i, x, y, w, h, text, color }], connectors: [{ from, to }] } in board units.
 */
import type { Page } from '@playwright/test';
import type * as Y from 'yjs';
import { objectRecord } from '../../../src/lib/document/write-object.ts';
import type { ObjectId } from '../../../src/lib/journey/ids.ts';
import { OBJECT_COLORS, type MapObject, type ObjectColor } from '../../../src/lib/journey/objects.ts';
import { ranks } from '../../../src/lib/journey/order.ts';
import { removeData, startProgram, temporaryData, Visitor, type Program } from '../../support/program.ts';
import type { SocketPeer } from '../../support/socket-peer.ts';
import { join, newMap, seed, writeRecords } from './seed.ts';

export interface Board {
  readonly notes: readonly {
    readonly i: number;
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly text: string;
    readonly color: string;
  }[];
  readonly connectors: readonly { readonly from: number; readonly to: number }[];
}

export const name = 'meander';

const asCards = process.env.BENCH_NOTES === 'cards';
let running: Promise<{ program: Program; visitor: Visitor; folder: string }> | null = null;

const start = () =>
  (running ??= (async () => {
    const folder = temporaryData();
    const program = await startProgram(folder);
    return { program, visitor: new Visitor(program.url), folder };
  })());

/** Gives the browser the session of the person who made the maps. */
export async function login(page: Page): Promise<void> {
  const { program, visitor } = await start();
  await newMap(program.url, visitor);
  const [cookie = '', value = ''] = (visitor.headers.cookie ?? '').split('=', 2);
  await page.context().addCookies([{ name: cookie, value, url: program.url }]);
}

export async function emptyBoard(): Promise<string> {
  const { program, visitor } = await start();
  return `${program.url}/maps/${await newMap(program.url, visitor)}?bench`;
}

export async function seededBoard({ n, board }: { n: number; board: Board }): Promise<string> {
  const { program, visitor } = await start();
  const id = asCards
    ? await seed(program.url, visitor, n, board.connectors)
    : await seedObjects(program.url, visitor, board);
  return `${program.url}/maps/${id}?bench`;
}

/** A second client that moves a note at `hz` over the network. */
export async function remote(options: {
  url: string;
  i: number;
  hz: number;
}): Promise<{ stop: () => Promise<number> }> {
  const { program, visitor } = await start();
  const map = new URL(options.url).pathname.split('/').at(-1) ?? '';
  const peer = await join(program.url, visitor, map);
  const move = asCards ? cardMover(peer, options.i) : objectMover(peer, options.i);
  let turn = 0;
  const timer = setInterval(() => move((turn += 1)), 1000 / options.hz);
  return {
    stop: () => {
      clearInterval(timer);
      peer.close();
      return Promise.resolve(turn);
    }
  };
}

export async function cleanup(): Promise<void> {
  if (running === null) return;
  const { program, folder } = await running;
  await program.end('SIGTERM');
  removeData(folder);
}

/** In a circle of 30 units. */
function objectMover(peer: SocketPeer, index: number): (turn: number) => void {
  const record = recordOf(peer, 'objects', `n${index}`);
  const [x, y] = [Number(record.get('x')), Number(record.get('y'))];
  return (turn) =>
    peer.doc.transact(() => {
      record.set('x', Math.round(x + 30 * Math.sin(turn / 3)));
      record.set('y', Math.round(y + 30 * Math.cos(turn / 3)));
    });
}

/** To the next stage and back. */
function cardMover(peer: SocketPeer, index: number): (turn: number) => void {
  const record = recordOf(peer, 'cards', `c${index}`);
  const stage = Number(String(record.get('stage')).slice(1));
  return (turn) => record.set('stage', `s${stage + (turn % 2)}`);
}

function recordOf(peer: SocketPeer, root: 'cards' | 'objects', id: string): Y.Map<unknown> {
  const record = peer.doc.getMap<Y.Map<unknown>>(root).get(id);
  if (record === undefined) throw new Error(`there is no ${id} on the map`);
  return record;
}

const colorOf = (color: string): ObjectColor => OBJECT_COLORS.find((one) => one === color) ?? 'blue';

async function seedObjects(url: string, visitor: Visitor, { notes, connectors }: Board): Promise<string> {
  const order = ranks(notes.length + connectors.length);
  const end = (index: number) => ({
    x: 0,
    y: 0,
    target: { on: 'object' as const, id: `n${index}` as ObjectId },
    side: 'auto' as const
  });
  const objects: MapObject[] = [
    ...notes.map(({ i, x, y, w, h, text, color }, index): MapObject => ({
      id: `n${i}` as ObjectId,
      rank: order[index] ?? '',
      locked: false,
      group: null,
      color: colorOf(color),
      kind: 'sticky',
      x,
      y,
      width: w,
      height: h,
      text
    })),
    ...connectors.map(({ from, to }, index): MapObject => ({
      id: `k${index}` as ObjectId,
      rank: order[notes.length + index] ?? '',
      locked: false,
      group: null,
      color: 'grey',
      kind: 'connector',
      from: end(from),
      to: end(to),
      route: 'straight',
      heads: 'end',
      text: ''
    }))
  ];
  const id = await newMap(url, visitor);
  await writeRecords(url, visitor, id, {
    objects: objects.map((object) => [object.id, objectRecord(object)])
  });
  return id;
}
