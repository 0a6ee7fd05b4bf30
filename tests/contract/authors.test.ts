import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { writeTitle } from '#lib/document/write.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import type { Principal } from '../../server/access/principal.ts';
import { createAccess } from '../../server/access/access.ts';
import { createAuthors, type Written } from '../../server/authors.ts';
import { createLocalBus } from '../../server/bus/bus.ts';
import { createHistory } from '../../server/history.ts';
import { createMaps } from '../../server/maps-service.ts';
import { systemClock } from '../../server/rooms/clock.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import type { Rooms } from '../../server/rooms/types.ts';
import { auditQueries } from '../../server/db/audit.ts';
import { documentLog } from '../../server/storage/documents.ts';
import { mapStore } from '../../server/storage/maps.ts';
import { versionStore } from '../../server/storage/versions.ts';
import { Peer } from '../support/peer.ts';
import { until } from '../support/until.ts';
import { postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';
import { wireTo } from '../support/wire.ts';

const MINUTE = 60_000;

const suite = (create: () => Promise<Backend>) => () => {
  let backend: Backend | undefined;
  let rooms: Rooms | undefined;

  afterEach(async () => {
    await rooms?.close();
    rooms = undefined;
  });
  beforeAll(async () => {
    backend = await create();
  });
  afterAll(() => backend?.dispose());

  async function start() {
    if (backend === undefined) throw new Error('the database is not open yet');
    const { raw } = backend;
    const [opened] = await backend.nodes();
    const access = createAccess(opened, { secureCookies: false });
    const clock = { ahead: 0 };
    const history = createHistory({
      store: versionStore(opened),
      rooms: () => live,
      authorize: access.authorize,
      note: auditQueries(opened).note
    });
    const live = (rooms = createRooms({
      log: documentLog(opened),
      shapes: MAP_SHAPES,
      bus: createLocalBus(),
      commitMs: 1,
      clock: { ...systemClock, now: () => systemClock.now() + clock.ahead }
    }));
    const maps = createMaps({
      store: mapStore(opened),
      rooms: live,
      authorize: access.authorize,
      examples: '',
      note: auditQueries(opened).note,
      onCreated: history.created,
      carryPictures: async () => undefined
    });
    const authors = createAuthors({ opened, authorize: access.authorize, rooms: live });
    const store = mapStore(opened);
    const guest = async (name: string | null) => {
      const made = await access.accounts.createGuest(name ?? 'Nobody yet');
      if (!made.ok) throw new Error(made.problem);
      if (name === null) await raw(`update users set name = null where id = '${made.principal.userId}'`);
      return made.principal;
    };
    const owner = await guest('Olga');
    const mapId = await maps.create(owner.userId, { preset: 's0-four', title: 'Start', currency: 'EUR' });

    /** Somebody on the map, and what they do. */
    const visit = async (by: Principal) => {
      await store.join(mapId, by.userId, null, 'editor');
      const peer = new Peer();
      const session = live.join(
        mapId,
        wireTo((frame) => peer.receive(frame)),
        { ...by, name: by.name ?? '', role: 'editor' }
      );
      peer.connected((frame) => session.receive(frame));
      await until('the map is there', () => peer.saved);
      const map = new JourneyDocument(peer.doc);
      const saved = () => until('everything is stored', () => peer.saved);
      const [stage] = map.journey.stages;
      const [lane] = map.journey.lanes;
      if (stage === undefined || lane === undefined) throw new Error('an empty map');
      return { map, saved, place: { stage: stage.id, lane: lane.id } };
    };
    const tell = async (...things: readonly Written[]) => {
      const told = await authors.of(owner, mapId, things);
      if (!told.ok) throw new Error(told.reason);
      return told.value;
    };
    return { raw, access, clock, live, history, authors, guest, owner, mapId, visit, tell };
  }

  test('a card tells who put it there, who changed it last and who has words in it', async () => {
    const { guest, visit, tell } = await start();
    const before = Date.now();
    const [ann, ben] = [await visit(await guest('Ann')), await visit(await guest('Ben'))];
    const id = ann.map.addCard({ ...ann.place, text: 'Hello' });
    await ann.saved();
    await until('the card has come', () => ben.map.cardText(id) !== null);
    await new Promise((resolve) => setTimeout(resolve, 2)); // another millisecond for the clock
    ben.map.typing(() => ben.map.cardText(id)?.insert(5, ' world'));
    await ben.saved();
    const [told] = await tell({ root: 'cards', key: id });
    expect(told).toMatchObject({
      of: `cards/${id}`,
      made: { from: 'person', by: { name: 'Ann', guest: true, gone: false } },
      changed: { from: 'person', by: { name: 'Ben' } }
    });
    expect(told?.people.map(({ name }) => name).sort()).toEqual(['Ann', 'Ben']);
    const at = Date.parse(told?.changed.at ?? '');
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  test('a number of a cell and an object tell it too; what is not on the map is missing', async () => {
    const { guest, visit, tell } = await start();
    const ann = await visit(await guest('Ann'));
    const key = cellKey(ann.place.lane, ann.place.stage, 'cost');
    ann.map.setMetric(key, 3);
    const [object] = ann.map.objects.add([
      {
        kind: 'sticky',
        x: 0,
        y: 0,
        width: 100,
        height: 100,
        text: 'Note',
        color: 'yellow',
        locked: false,
        group: null
      }
    ]);
    await ann.saved();
    const told = await tell(
      { root: 'metrics', key },
      { root: 'objects', key: object ?? '' },
      { root: 'cards', key: 'nowhere' }
    );
    expect(told.map(({ of, made }) => [of, made.by?.name])).toEqual([
      [`metrics/${key}`, 'Ann'],
      [`objects/${object}`, 'Ann']
    ]);
  });

  test('what came with the map says so, since when, and by nobody', async () => {
    const { visit, owner, tell } = await start();
    const { map, place } = await visit(owner);
    const [told] = await tell({ root: 'stages', key: place.stage });
    expect(told).toMatchObject({ made: { from: 'start', by: null }, changed: { from: 'start' }, people: [] });
    expect(Date.parse(told?.made.at ?? '')).toBeLessThanOrEqual(Date.now());
    // Somebody renames it: it still came with the map.
    map.renameStage(place.stage, 'Other');
    await until(
      'it is stored',
      async () => (await tell({ root: 'stages', key: place.stage }))[0]?.people.length === 1
    );
    expect((await tell({ root: 'stages', key: place.stage }))[0]).toMatchObject({
      made: { from: 'start' },
      changed: { from: 'person', by: { name: 'Olga' } }
    });
  });

  test('guests without a name and people who have left are told apart', async () => {
    const { raw, guest, visit, tell, authors, owner, mapId } = await start();
    const [nobody, gone] = [await guest(null), await guest('Gone')];
    const ids = [];
    for (const one of [nobody, gone]) {
      const { map, saved, place } = await visit(one);
      ids.push(map.addCard({ ...place, text: 'x' }));
      await saved();
    }
    await raw(`delete from users where id = '${gone.userId}'`);
    const told = await tell(...ids.map((key) => ({ root: 'cards', key }) as const));
    expect(told.map(({ made }) => made.by)).toEqual([
      { id: nobody.userId, name: null, guest: true, gone: false },
      { id: gone.userId, name: null, guest: false, gone: true }
    ]);
    const all = await authors.cards(owner, mapId);
    if (!all.ok) throw new Error(all.reason);
    expect(all.value.cards).toEqual({ [nobody.userId]: [ids[0]], [gone.userId]: [ids[1]] });
    expect(all.value.people.find(({ id }) => id === gone.userId)?.gone).toBe(true);
  });

  test('what the server writes for a person is that person’s, and stays so when it writes for another', async () => {
    const { guest, live, mapId, visit, tell, history, owner, authors } = await start();
    const ann = await visit(await guest('Ann'));
    const id = ann.map.addCard({ ...ann.place, text: 'Once' });
    await ann.saved();
    const kept = await history.keep(owner, mapId, { name: 'With it', reason: null, restored: null });
    if (!kept.ok || kept.value === null || kept.value === 'full') throw new Error('not kept');
    ann.map.removeCards([id]);
    await ann.saved();
    await history.restore(owner, mapId, kept.value.id, null);
    const ben = await guest('Ben');
    await live.edit(mapId, ben.userId, (doc) => writeTitle(doc, 'Ben was here'));
    const [told] = await tell({ root: 'cards', key: id });
    // Who brings something back counts as who put it there.
    expect(told?.made).toMatchObject({ from: 'person', by: { name: 'Olga' } });
    const all = await authors.cards(owner, mapId);
    expect(all).toMatchObject({ ok: true, value: { cards: { [owner.userId]: [id] } } });
  });

  test('one stamp a minute is stored, whatever is typed', async () => {
    const { raw, clock, guest, visit, mapId } = await start();
    const { map, saved, place } = await visit(await guest('Ann'));
    const stamps = async () =>
      Number((await raw(`select count(*) as n from stamps where map_id = '${mapId}'`))[0]?.n);
    const id = map.addCard({ ...place, text: '' });
    await saved();
    for (const letter of 'abcdef') {
      map.typing(() => map.cardText(id)?.insert(0, letter));
      await saved();
    }
    expect(await stamps()).toBe(1);
    clock.ahead = MINUTE + 1;
    map.typing(() => map.cardText(id)?.insert(0, 'g'));
    await saved();
    expect(await stamps()).toBe(2);
  });

  test('strangers are told nothing', async () => {
    const { guest, authors, mapId } = await start();
    const eve = await guest('Eve');
    expect(await authors.of(eve, mapId, [])).toMatchObject({ ok: false });
    expect(await authors.cards(null, mapId)).toMatchObject({ ok: false });
  });
};

describe('who wrote what, on SQLite', suite(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('who wrote what, on Postgres', suite(postgresBackend));
