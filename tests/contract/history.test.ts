import { afterEach, describe, expect, test } from 'vitest';
import { rootsOf } from '#lib/document/layout.ts';
import { readTitle } from '#lib/document/read.ts';
import { MAP_SHAPES } from '#lib/document/shapes.ts';
import { writeTitle } from '#lib/document/write.ts';
import { presetFile } from '#lib/journey/presets.ts';
import { createAccess } from '../../server/access/access.ts';
import { createLocalBus } from '../../server/bus/bus.ts';
import { auditQueries } from '../../server/db/audit.ts';
import { createHistory } from '../../server/history.ts';
import { createMaps } from '../../server/maps-service.ts';
import { createRooms } from '../../server/rooms/rooms.ts';
import type { Rooms } from '../../server/rooms/types.ts';
import { documentLog } from '../../server/storage/documents.ts';
import { mapStore } from '../../server/storage/maps.ts';
import { versionStore } from '../../server/storage/versions.ts';
import { until } from '../support/until.ts';
import { sqliteBackend, type Backend } from './backends.ts';
import { wireTo } from '../support/wire.ts';

const MINUTE = 60_000;
let backend: Backend | undefined;
let rooms: Rooms | undefined;

afterEach(async () => {
  await rooms?.close();
  await backend?.dispose();
});

/** Rooms and history on a database of their own, with an owner's map. Time is what `clock` says. */
async function start() {
  backend = await sqliteBackend();
  const [opened] = await backend.nodes();
  const access = createAccess(opened, { secureCookies: false });
  const store = versionStore(opened);
  const clock = { now: 0 };
  const history = createHistory({
    store,
    rooms: () => live,
    authorize: access.authorize,
    note: auditQueries(opened).note,
    now: () => clock.now
  });
  const live = (rooms = createRooms({
    log: documentLog(opened),
    shapes: MAP_SHAPES,
    bus: createLocalBus(),
    editedMs: 1,
    commitMs: 1,
    idleMs: 5,
    onEdited: history.edited
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
  const person = async (name: string) => {
    const made = await access.accounts.createGuest(name);
    if (!made.ok) throw new Error(made.problem);
    return made.principal;
  };
  const ann = await person('Ann');
  const mapId = await maps.create(ann.userId, { preset: 's0-four', title: 'Start', currency: 'EUR' });
  const list = async () => {
    const listed = await history.list(ann, mapId, { limit: 100 });
    if (!listed.ok) throw new Error(listed.reason);
    return listed.value.versions;
  };
  const rename = (title: string, by = ann) => live.edit(mapId, by.userId, (doc) => writeTitle(doc, title));
  const title = () => live.read(mapId, (doc) => readTitle(rootsOf(doc).map));
  return { history, maps, live, store, clock, person, ann, mapId, list, rename, title };
}

describe('a map’s history', () => {
  test('begins with the map’s first content, by who made it', async () => {
    const { list } = await start();
    expect(await list()).toMatchObject([{ kind: 'created', by: { name: 'Ann' }, people: [], clv: null }]);
  });

  test('gets a version by itself after ten minutes with edits, and not before, with who edited', async () => {
    const { live, list, rename, clock, person, mapId } = await start();
    const ben = await person('Ben');
    // Somebody is there, so that the room stays.
    const wire = wireTo(() => undefined);
    live.join(mapId, wire, { ...ben, name: 'Ben', role: 'viewer' });
    await rename('One');
    clock.now = 9 * MINUTE;
    await rename('Two', ben);
    const before = await list();
    clock.now = 20 * MINUTE;
    await backdate();
    await rename('Three');
    await until('a version', async () => (await list()).length > before.length);
    expect(before).toHaveLength(1);
    const [kept] = await list();
    expect(kept).toMatchObject({ kind: 'automatic', by: null, name: null });
    expect(kept?.people.map(({ name }) => name).sort()).toEqual(['Ann', 'Ben']);
  });

  test('gets a version when everybody has left', async () => {
    const { list, rename } = await start();
    await backdate();
    await rename('Left');
    await until('a version', async () => (await list()).length === 2);
    expect((await list())[0]).toMatchObject({ kind: 'automatic', people: [{ name: 'Ann' }] });
  });

  test('goes back to a version as one more edit: what was there is kept, open boards follow', async () => {
    const { history, ann, mapId, list, rename, title, live } = await start();
    const frames: Uint8Array[] = [];
    const wire = wireTo((frame) => frames.push(frame));
    live.join(mapId, wire, { ...ann, name: 'Ann', role: 'owner' });
    const named = await history.keep(ann, mapId, { name: 'Good', reason: 'r', restored: null });
    if (!named.ok || named.value === null || named.value === 'full') throw new Error('not kept');
    await rename('Worse');
    const done = await history.restore(ann, mapId, named.value.id, 'It was better');
    expect(done).toMatchObject({
      ok: true,
      value: { kind: 'restored', reason: 'It was better', restoredId: named.value.id, by: { name: 'Ann' } }
    });
    expect(await title()).toBe('Start');
    expect((await list()).map(({ kind }) => kind)).toEqual(['restored', 'automatic', 'named', 'created']);
    const kept = await history.file(ann, mapId, (await list())[1]?.id ?? '');
    expect(kept.ok && kept.value.title).toBe('Worse');
    expect(frames.length).toBeGreaterThan(0);
  });

  test('a version as a file is the map as it was', async () => {
    const { history, ann, mapId, list, rename } = await start();
    await rename('Later');
    const file = await history.file(ann, mapId, (await list())[0]?.id ?? '');
    expect(file.ok && file.value).toEqual(presetFile('s0-four', { currency: 'EUR' }, 'Start'));
  });

  test('whoever may see the map may look, who edits may name and restore, a stranger sees nothing', async () => {
    const { history, maps, ann, mapId, person, list } = await start();
    const words = { name: 'Mine', reason: null, restored: null };
    const enter = async (role: 'viewer' | 'editor') => {
      const link = await maps.createLink(ann, mapId, role);
      const who = await person(role);
      if (link.ok) await maps.join(who.userId, link.value.token);
      return who;
    };
    const [viewer, editor, stranger] = [await enter('viewer'), await enter('editor'), await person('Eve')];
    const id = (await list())[0]?.id ?? '';
    for (const [who, look, change] of [
      [ann, true, true],
      [editor, true, true],
      [viewer, true, 'forbidden'],
      [stranger, 'unknown', 'unknown'],
      [null, 'login', 'login']
    ] as const) {
      const outcome = (answer: { ok: true } | { ok: false; reason: string }) =>
        answer.ok ? true : answer.reason;
      expect(outcome(await history.list(who, mapId, { limit: 1 }))).toBe(look);
      expect(outcome(await history.file(who, mapId, id))).toBe(look);
      expect(outcome(await history.state(who, mapId, id))).toBe(look);
      expect(outcome(await history.keep(who, mapId, words))).toBe(change);
      expect(outcome(await history.rename(who, mapId, id, { name: 'n', reason: null }))).toBe(change);
      expect(outcome(await history.restore(who, mapId, id, null))).toBe(change);
    }
  });

  test('an unknown version, or one of another map, is not there', async () => {
    const { history, maps, ann, mapId, list } = await start();
    const other = await maps.create(ann.userId, { preset: 'blank' });
    const id = (await list())[0]?.id ?? '';
    for (const [map, version] of [
      [mapId, 'nonsense'],
      [other, id]
    ] as const) {
      expect(await history.file(ann, map, version)).toEqual({ ok: false, reason: 'unknown' });
      expect(await history.restore(ann, map, version, null)).toEqual({ ok: false, reason: 'unknown' });
    }
  });
});

/** What is there seems to have been kept an hour ago: versions of the server's own keep a distance in real time. */
async function backdate(): Promise<void> {
  await backend?.raw(`update versions set at = at - 3600000`);
}
