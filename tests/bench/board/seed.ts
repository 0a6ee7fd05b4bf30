import * as Y from 'yjs';
import { writeJourney } from '../../../src/lib/document/write.ts';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, ObjectId, StageId } from '../../../src/lib/journey/ids.ts';
import type { MapObject } from '../../../src/lib/journey/objects.ts';
import { ranks } from '../../../src/lib/journey/order.ts';
import type { Card, Journey, LaneKind } from '../../../src/lib/journey/records.ts';
import type { Visitor } from '../../support/program.ts';
import { SocketPeer } from '../../support/socket-peer.ts';
import { until } from '../../support/until.ts';

const KINDS: readonly LaneKind[] = ['actions', 'thoughts', 'touchpoints', 'businessActions', 'opportunities'];
const IN_A_CELL = 8;
const WORDS = (
  'the customer opens the app and looks for the status of an order but cannot find it quickly an agent calls back ' +
  'within two days and explains the refund again while staff scan the parcel print a receipt and say thanks'
).split(' ');

/** About 60 letters, different for each card. */
export function textOf(index: number): string {
  let text = `${index}`;
  for (let word = 0; text.length < 57; word += 1)
    text += ` ${WORDS[(index * 7 + word * (1 + (index % 5))) % WORDS.length]}`;
  return text.slice(0, 66).trimEnd();
}

/** Stages and lanes for `cards` cards with eight in each cell, about as wide as high. */
export function sizeOf(cards: number): { stages: number; lanes: number } {
  const cells = Math.ceil(cards / IN_A_CELL);
  const lanes = Math.max(1, Math.round(Math.sqrt(cells / 3)));
  return { lanes, stages: Math.ceil(cells / lanes) };
}

export function boardOf(
  count: number,
  connectors: readonly { readonly from: number; readonly to: number }[] = []
): Journey {
  const { stages, lanes } = sizeOf(count);
  const order = ranks(connectors.length);
  const [stageRanks, laneRanks, cardRanks] = [ranks(stages), ranks(lanes), ranks(IN_A_CELL)];
  const cards = Array.from({ length: count }, (_, index): Card => {
    const cell = Math.floor(index / IN_A_CELL);
    return {
      id: `c${index}` as CardId,
      stage: `s${Math.floor(cell / lanes)}` as StageId,
      lane: `l${cell % lanes}` as LaneId,
      rank: cardRanks[index % IN_A_CELL] ?? '',
      text: textOf(index),
      facets: BARE_FACETS
    };
  });
  return {
    title: `${count} cards`,
    settings: { tick: 'month', currency: 'EUR', referralEntry: null, feelingsSource: '' },
    stages: stageRanks.map((rank, index) => ({
      id: `s${index}` as StageId,
      name: `Stage ${index + 1}`,
      rank,
      kind: null,
      band: false,
      width: 240,
      customerObjective: '',
      businessObjective: '',
      keyActivities: ''
    })),
    lanes: laneRanks.map((rank, index) => ({
      id: `l${index}` as LaneId,
      name: `Lane ${index + 1}`,
      rank,
      kind: KINDS[index % KINDS.length] ?? 'notes',
      height: 120
    })),
    cards,
    unplaced: [],
    metrics: new Map(),
    scenarios: [],
    opportunities: [],
    ranges: new Map(),
    experiments: [],
    views: [],
    fits: [],
    objects: connectors.map(({ from, to }, index): MapObject => {
      const end = (card: number) => ({
        x: 0,
        y: 0,
        target: { on: 'card' as const, id: `c${card}` as CardId },
        side: 'auto' as const
      });
      return {
        id: `k${index}` as ObjectId,
        rank: order[index] ?? '',
        locked: false,
        group: null,
        color: 'grey',
        kind: 'connector',
        from: end(from),
        to: end(to),
        route: 'straight',
        heads: 'end',
        text: ''
      };
    })
  };
}

const PART = 1_500; // records a transaction: below the server's limits for one update

/** Makes a map without anything on it. Answers its id. */
export async function newMap(url: string, visitor: Visitor): Promise<string> {
  const made = await visitor.post('/maps?/create', { preset: 'blank' });
  const id = /\/maps\/([0-9a-f-]{36})/.exec(made.headers.get('location') ?? '')?.[1];
  if (id === undefined) throw new Error(`no map was made: ${made.status}`);
  return id;
}

/** Another person's client on a map, in step with the server. */
export async function join(url: string, visitor: Visitor, id: string): Promise<SocketPeer> {
  const peer = new SocketPeer(`${url.replace(/^http/, 'ws')}/sync/${id}?v=1`, visitor.headers);
  await until('the client to be in step', () => peer.saved, 30_000);
  return peer;
}

/** Writes records as a client would: in parts, each a transaction of its own. Resolves when all are on disk. */
export async function writeRecords(
  url: string,
  visitor: Visitor,
  id: string,
  roots: Readonly<Record<string, readonly (readonly [string, Y.Map<unknown>])[]>>
): Promise<void> {
  const peer = await join(url, visitor, id);
  for (const [root, records] of Object.entries(roots)) {
    const target = peer.doc.getMap<Y.Map<unknown>>(root);
    for (let start = 0; start < records.length; start += PART)
      peer.doc.transact(() => {
        for (const [key, record] of records.slice(start, start + PART)) target.set(key, record);
      });
    await until(`the ${root} to be on disk`, () => peer.saved, 60_000);
  }
  peer.close();
}

/** Makes a map with `count` cards in its cells and connectors between some of them. Answers its id. */
export async function seed(
  url: string,
  visitor: Visitor,
  count: number,
  connectors: readonly { readonly from: number; readonly to: number }[] = []
): Promise<string> {
  const id = await newMap(url, visitor);
  const source = new Y.Doc();
  writeJourney(source, boardOf(count, connectors));
  const recordsOf = (root: string) =>
    [...source.getMap<Y.Map<unknown>>(root)].map(([key, record]) => [key, record.clone()] as const);
  await writeRecords(url, visitor, id, {
    stages: recordsOf('stages'),
    lanes: recordsOf('lanes'),
    cards: recordsOf('cards'),
    objects: recordsOf('objects')
  });
  return id;
}
