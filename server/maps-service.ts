import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJourney } from '#lib/document/read.ts';
import { snapshotOf, writeTitle } from '#lib/document/write.ts';
import { fileOf, journeyOf } from '#lib/journey/file-convert.ts';
import { parseMapFile, type MapFile } from '#lib/journey/file.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { presetFile, type ExampleId } from '#lib/journey/presets.ts';
import { picturesOf } from '#lib/journey/objects.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { Action, Authorize } from './access/access.ts';
import type { Principal } from './access/principal.ts';
import type { AuditEntry } from './db/audit.ts';
import type { MapSource, Maps, Outcome } from './maps.ts';
import type { Rooms } from './rooms/types.ts';
import type { MapStore } from './storage/ports.ts';

interface Parts {
  readonly store: MapStore;
  readonly rooms: Rooms;
  readonly authorize: Authorize;
  readonly examples: string; // folder of the example files
  /** The audit. */
  readonly note: (entry: AuditEntry) => Promise<void>;
  /** A map is there now, with this content. */
  readonly onCreated: (mapId: MapId, by: Principal['userId'], snapshot: Uint8Array) => Promise<void>;
  /** The new map shows these pictures, which are on other maps of whoever made it. */
  readonly carryPictures: (by: Principal['userId'], mapId: MapId, hashes: readonly string[]) => Promise<void>;
}

/** Maps as pages and the API see them: each call asks for the right first, then changes rows and the open room. */
export function createMaps({
  store,
  rooms,
  authorize,
  examples,
  note,
  onCreated,
  carryPictures
}: Parts): Maps {
  /** Runs `work` with the map's id once `by` may do `action`. */
  const allowed = async <T>(
    by: Principal | null,
    mapId: string,
    action: Action,
    work: (mapId: MapId, by: Principal) => Promise<Outcome<T>>
  ): Promise<Outcome<T>> => {
    const grant = await authorize(by, mapId, action);
    if (!grant.allowed) return { ok: false, reason: grant.reason };
    return by !== null && isMapId(mapId) ? work(mapId, by) : { ok: false, reason: 'unknown' };
  };

  const contentOf = async (source: MapSource): Promise<Journey> => {
    if ('file' in source) return journeyOf(source.file);
    if ('example' in source) return journeyOf(await exampleFile(examples, source.example));
    return journeyOf(presetFile(source.preset, { currency: source.currency ?? 'EUR' }, source.title));
  };

  const add = async (by: Principal['userId'], journey: Journey): Promise<MapId> => {
    const id = randomUUID() as string as MapId;
    const snapshot = snapshotOf(journey);
    await store.create({ id, title: journey.title, createdBy: by, snapshot });
    await onCreated(id, by, snapshot);
    await carryPictures(by, id, picturesOf(journey));
    return id;
  };

  const found = <T>(value: T | null): Outcome<T> =>
    value === null ? { ok: false, reason: 'unknown' } : { ok: true, value };

  const done: Outcome<void> = { ok: true, value: undefined };

  const journey: Maps['journey'] = (by, mapId) =>
    allowed(by, mapId, 'read', async (id) => found(await rooms.read(id, readJourney)));

  return {
    journey,
    create: async (by, source) => add(by, await contentOf(source)),
    list: (by, page) => store.list(by, page),
    summary: (by, mapId) =>
      allowed(by, mapId, 'read', async (id, { userId }) => found(await store.summary(id, userId))),
    file: async (by, mapId) => {
      const read = await journey(by, mapId);
      if (!read.ok) return read;
      await note({ action: 'map exported', by: by?.userId ?? null, mapId: mapId as MapId });
      return { ok: true, value: fileOf(read.value) };
    },
    rename: (by, mapId, title) =>
      allowed(by, mapId, 'edit', async (id, { userId }) => {
        if (!(await rooms.edit(id, userId, (doc) => writeTitle(doc, title))))
          return { ok: false, reason: 'unknown' };
        await store.setTitle(id, title);
        return done;
      }),
    duplicate: async (by, mapId) => {
      const read = await journey(by, mapId);
      if (!read.ok) return read;
      if (by === null) return { ok: false, reason: 'login' };
      const suffix = ' (copy)';
      const title = read.value.title.slice(0, LIMITS.title - suffix.length) + suffix;
      return { ok: true, value: await add(by.userId, { ...read.value, title }) };
    },
    trash: (by, mapId) =>
      allowed(by, mapId, 'trash', async (id, { userId }) => {
        await store.trash(id, userId);
        rooms.evict(id);
        return done;
      }),
    restore: (by, mapId) =>
      allowed(by, mapId, 'trash', async (id, { userId }) => {
        await store.restore(id, userId);
        return done;
      }),
    restorable: async (by, mapId) => {
      const asked = await allowed(by, mapId, 'trash', async (id, { userId }) =>
        found(await store.summary(id, userId))
      );
      return asked.ok && asked.value.trashedAt !== null ? asked.value.title : null;
    },
    createLink: (by, mapId, role) =>
      allowed(by, mapId, 'share', async (id, { userId }) =>
        found(await store.createLink({ mapId: id, role, createdBy: userId }))
      ),
    links: (by, mapId) =>
      allowed(by, mapId, 'share', async (id) => ({ ok: true, value: await store.links(id) })),
    revokeLink: (by, mapId, linkId) =>
      allowed(by, mapId, 'share', async (id, { userId }) => {
        // When it has ended before, what was asked for is so.
        if (await store.revokeLink(id, linkId, userId)) rooms.recheck({ mapId: id });
        return done;
      }),
    join: async (by, token) => {
      const link = await store.findLink(token);
      if (link === null || link.passwordHash !== null) return null;
      const role = await store.join(link.mapId, by, link.id, link.role);
      if (role === null) return null;
      rooms.recheck({ userId: by });
      return link.mapId;
    }
  };
}

async function exampleFile(folder: string, id: ExampleId): Promise<MapFile> {
  const parsed = parseMapFile(JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')));
  if (!parsed.ok)
    throw new Error(`the example "${id}" is not a valid map file: ${JSON.stringify(parsed.problems)}`);
  return parsed.file;
}
