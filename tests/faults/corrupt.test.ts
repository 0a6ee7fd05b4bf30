import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as Y from 'yjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { createLocalBus } from '../../server/bus/bus.ts';
import { open } from '../../server/db/open.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import type { Identity, Rooms } from '../../server/rooms/types.ts';
import { documentLog } from '../../server/storage/documents.ts';
import { mapOf, worldOn } from '../contract/world.ts';
import { MIGRATIONS, type Backend } from '../contract/backends.ts';
import { fingerprint, holds, Peer } from '../support/peer.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { createRandom, type Random } from '../support/random.ts';
import { seeded } from '../support/seeds.ts';
import { until } from '../support/until.ts';
import { editAtRandom, TEST_SHAPES } from '../support/yjs-edits.ts';
import { wireTo } from '../support/wire.ts';

const POSITIONS = Number(process.env.CORRUPT_POSITIONS ?? 24);
const ann: Identity = { userId: 'ann' as never, name: 'Ann', guest: false, role: 'editor' };
const LIVES = 3;

const folders: string[] = [];
/** The database as it lay on disk while it was open, so that most of it stands in the WAL. */
let image: string;
let sick: MapId;
let well: MapId;
let whole: Y.Doc;
let wellWhole: Y.Doc;

const enter = async (rooms: Rooms, mapId: MapId, doc = new Y.Doc()) => {
  const peer = new Peer(doc);
  const closed: number[] = [];
  const session = rooms.join(
    mapId,
    wireTo(
      (frame) => peer.receive(frame),
      (code) => closed.push(code)
    ),
    ann
  );
  peer.connected((frame) => session.receive(frame));
  await until('in, or sent away', () => peer.synced || closed.length > 0);
  return { peer, session, closed };
};

beforeAll(async () => {
  const folder = temporaryData();
  folders.push(folder);
  const path = join(folder, 'meander.sqlite');
  const opened = await open(path, MIGRATIONS);
  const world = await worldOn({ nodes: async () => [opened] } as unknown as Backend);
  [sick, well] = [(await mapOf(world)).mapId, (await mapOf(world)).mapId];
  await opened.close();
  const raw = new DatabaseSync(path);
  // The first content of the suites' maps is none that Yjs reads.
  raw.exec('delete from snapshots');
  raw.close();
  const random = createRandom(11);
  for (let life = 0; life < LIVES; life++) {
    const again = await open(path, MIGRATIONS);
    const rooms = createRooms({
      log: documentLog(again),
      bus: createLocalBus(),
      shapes: TEST_SHAPES,
      commitMs: 1
    });
    for (const mapId of [sick, well]) {
      const { peer } = await enter(rooms, mapId);
      for (let edit = 0; edit < 12; edit++) {
        editAtRandom(peer.doc, random);
        await until('stored', () => peer.saved);
      }
      if (mapId === sick) whole = peer.doc;
      else wellWhole = peer.doc;
    }
    if (life === LIVES - 1) {
      image = temporaryData();
      folders.push(image);
      for (const end of ['', '-wal']) copyFileSync(path + end, join(image, 'meander.sqlite') + end);
    }
    // Each end leaves a snapshot: two generations, and in the image the last twelve edits as rows.
    await rooms.close();
    await again.close();
  }
}, 30_000);

afterAll(() => folders.forEach(removeData));

/** Opens the maps as a server would, and looks. */
async function lookAt(path: string) {
  const alerts: string[] = [];
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => void ('alert' in fields && alerts.push(String(fields.alert)))
  };
  const opened = await open(path, MIGRATIONS);
  const rooms = createRooms({
    log: documentLog(opened),
    bus: createLocalBus(),
    shapes: TEST_SHAPES,
    commitMs: 1,
    logger
  });
  const [bad, good] = [await enter(rooms, sick), await enter(rooms, well)];
  const damaged = rooms.stats().damaged;
  return {
    bad,
    good,
    alerts,
    damaged,
    async close() {
      await rooms.close();
      await opened.close();
    }
  };
}

const spoil = (bytes: Uint8Array, random: Random): Uint8Array => {
  const spoilt = Uint8Array.from(bytes);
  const at = random.below(spoilt.length);
  spoilt[at] = (spoilt[at] ?? 0) ^ (1 << random.below(8));
  return spoilt;
};

type Fault = 'log row' | 'missing row' | 'newest snapshot' | 'older snapshot' | 'WAL bytes' | 'WAL cut';

function apply(path: string, fault: Fault, random: Random): void {
  if (fault === 'WAL cut') {
    const { length } = readFileSync(`${path}-wal`);
    return truncateSync(`${path}-wal`, random.below(length));
  }
  if (fault === 'WAL bytes') return writeFileSync(`${path}-wal`, spoil(readFileSync(`${path}-wal`), random));
  const database = new DatabaseSync(path);
  const table = fault === 'log row' || fault === 'missing row' ? 'updates' : 'snapshots';
  const rows = database
    .prepare(`select seq, bytes from ${table} where map_id = ? order by seq`)
    .all(sick) as {
    seq: number;
    bytes: Uint8Array;
  }[];
  const newest = database.prepare('select max(seq) as seq from snapshots where map_id = ?').get(sick) as {
    seq: number;
  };
  const after = rows.filter(({ seq }) => seq > newest.seq);
  const row =
    table === 'updates'
      ? after[random.below(after.length - 1)]
      : fault === 'newest snapshot'
        ? rows.at(-1)
        : rows.at(-2);
  if (!row) throw new Error(`there is no ${fault}`);
  if (fault === 'missing row')
    database.prepare('delete from updates where map_id = ? and seq = ?').run(sick, row.seq);
  else
    database
      .prepare(`update ${table} set bytes = ? where map_id = ? and seq = ?`)
      .run(spoil(row.bytes, random), sick, row.seq);
  database.close();
}

const FAULTS: readonly Fault[] = [
  'log row',
  'missing row',
  'newest snapshot',
  'older snapshot',
  'WAL bytes',
  'WAL cut'
];

test(
  `rule 15, rule 17, F6: ${POSITIONS} spoilt places: the server starts, the map is whole or read-only from its last good state, and no other one notices`,
  { timeout: 60_000 + POSITIONS * 1_000 },
  () =>
    seeded('corrupt', async (random) => {
      const met = new Map<string, number>();
      for (let position = 0; position < POSITIONS; position++) {
        const fault = FAULTS[position % FAULTS.length] ?? 'log row';
        const folder = temporaryData();
        const path = join(folder, 'meander.sqlite');
        for (const end of ['', '-wal']) copyFileSync(join(image, 'meander.sqlite') + end, path + end);
        apply(path, fault, random);
        const looked = await lookAt(path);
        const { bad, good, alerts, damaged } = looked;
        const what = `${fault}, position ${position}`;
        expect(good.peer.hello, what).toMatchObject({ role: 'editor' });
        expect([bad.closed, good.closed], what).toEqual([[], []]);
        // What is shown is a state that the map has had, and nothing of it is pending.
        expect(holds(whole, Y.snapshot(bad.peer.doc)), what).toBe(true);
        expect(fingerprint(bad.peer.doc), what).toMatchObject({ pending: [null, null] });
        const broken = fault === 'log row' || fault === 'missing row';
        expect(bad.peer.hello?.damaged === true, what).toBe(broken);
        expect(damaged, what).toBe(broken ? 1 : 0);
        if (broken) {
          expect(alerts, what).toContain('damaged map');
          bad.peer.doc.getMap('map').set('title', 'refused');
          await until('refused', () => bad.peer.rejected === 1);
        } else {
          expect(alerts, what).toEqual(fault === 'newest snapshot' ? ['damaged snapshot'] : []);
          // A log that lost its end by itself goes on from where it ends.
          bad.peer.doc.getMap('map').set('title', 'goes on');
          await until('saved', () => bad.peer.saved);
        }
        if (fault.startsWith('WAL')) expect(holds(wellWhole, Y.snapshot(good.peer.doc)), what).toBe(true);
        else expect(fingerprint(good.peer.doc), what).toEqual(fingerprint(wellWhole));
        if (fault.endsWith('snapshot')) expect(holds(bad.peer.doc, Y.snapshot(whole)), what).toBe(true);
        good.peer.doc.getMap('map').set('title', 'goes on');
        await until('saved', () => good.peer.saved);
        await looked.close();
        removeData(folder);
        met.set(fault, (met.get(fault) ?? 0) + 1);
      }
      console.log(`corrupt: ${JSON.stringify(Object.fromEntries(met))}`);
    })
);
