import { randomUUID } from 'node:crypto';
import type { MapId } from '#lib/journey/ids.ts';
import type { Opened } from '../db/db.ts';
import { versionQueries } from '../db/versions.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { sha256 } from './documents.ts';
import {
  CorruptDocument,
  VERSIONS_NAMED,
  type Version,
  type VersionPerson,
  type VersionStore
} from './ports.ts';

const PAGE_LIMIT = 100;
const DAY_MS = 86_400_000;
/** Every automatic version of the last two days is kept, */
const ALL_FOR_DAYS = 2;
/** then the last one of each day for two months, then the last one of each week. */
const DAILY_FOR_DAYS = 60;

/**
 * The automatic versions that have outlived their use: of what is older than two days only the last one of each day
 * (UTC) stays, of what is older than 60 days only the last one of each week (Monday to Sunday).
 *
 * @param automatic newest first
 */
export const outlived = (
  automatic: readonly { readonly id: string; readonly at: Date }[],
  now: Date
): readonly string[] => {
  const kept = new Set<string>();
  return automatic
    .filter(({ id, at }) => {
      const age = (now.getTime() - at.getTime()) / DAY_MS;
      const day = Math.floor(at.getTime() / DAY_MS);
      // Day 0 of the count was a Thursday.
      const span =
        age <= ALL_FOR_DAYS
          ? `one ${id}`
          : age <= DAILY_FOR_DAYS
            ? `day ${day}`
            : `week ${Math.floor((day + 3) / 7)}`;
      if (kept.has(span)) return true;
      kept.add(span);
      return false;
    })
    .map(({ id }) => id);
};

/** The {@link VersionStore} on a database. */
export const versionStore = (opened: Opened): VersionStore => {
  const queries = versionQueries(opened);
  type Row = NonNullable<Awaited<ReturnType<typeof queries.one>>>;

  const withPeople = async (rows: readonly Row[]): Promise<Version[]> => {
    const people = new Map<string, VersionPerson[]>(rows.map(({ id }) => [id, []]));
    for (const { versionId, id, name } of await queries.people(rows.map(({ id }) => id)))
      people.get(versionId)?.push({ id, name });
    return rows.map(({ userId, userName, ...row }) => ({
      ...row,
      by: userId === null ? null : { id: userId, name: userName },
      people: people.get(row.id) ?? []
    }));
  };
  const get = async (mapId: MapId, id: string): Promise<Version | null> => {
    const row = await queries.one(mapId, id);
    const [version] = await withPeople(row ? [row] : []);
    return version ?? null;
  };

  return {
    get,
    add: async ({ writersSince, ...version }, sinceMs) => {
      const id = randomUUID();
      const added = await queries.add(
        { ...version, id, sha256: sha256(version.bytes) },
        {
          namedAtMost: VERSIONS_NAMED,
          unlessSince: version.kind === 'automatic' ? new Date(Date.now() - sinceMs) : null,
          writersSince,
          outlived
        }
      );
      return added === 'added' ? get(version.mapId, id) : added;
    },
    rename: async (mapId, id, name, reason) => {
      const renamed = await queries.rename(mapId, id, { name, reason }, VERSIONS_NAMED);
      return renamed === 'added' ? get(mapId, id) : renamed;
    },
    list: async (mapId, { cursor, limit }) => {
      const count = Math.min(Math.max(Math.trunc(limit), 1), PAGE_LIMIT);
      const rows = await queries.page(mapId, cursor === undefined ? null : placeOf(cursor), count + 1);
      const shown = rows.slice(0, count);
      const last = shown.at(-1);
      return { versions: await withPeople(shown), next: rows.length > count && last ? cursorOf(last) : null };
    },
    bytes: async (mapId, id) => {
      const row = await queries.bytes(mapId, id);
      if (row === null) return null;
      if (sha256(row.bytes) !== row.sha256)
        throw new CorruptDocument(mapId, `Version ${id} of map ${mapId} does not match its checksum.`);
      return row.bytes;
    }
  };
};
