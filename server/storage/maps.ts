import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { MapId } from '#lib/journey/ids.ts';
import type { Opened } from '../db/db.ts';
import { linkQueries } from '../db/links.ts';
import { mapQueries } from '../db/maps.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { sha256 } from './documents.ts';
import { PEOPLE_LISTED, type MapStore, type MapSummary } from './ports.ts';

const PAGE_LIMIT = 100;
const LINK_TOKEN_BYTES = 32;

/** The {@link MapStore} on a database. */
export const mapStore = (opened: Opened): MapStore => {
  const maps = mapQueries(opened);
  const links = linkQueries(opened);

  const withPeople = async (
    rows: readonly (Omit<MapSummary, 'people'> & { readonly until: Date | null })[]
  ): Promise<MapSummary[]> => {
    const people = new Map<MapId, MapSummary['people'][number][]>(rows.map((row) => [row.id, []]));
    const ids = rows.map((row) => row.id);
    for (const { mapId, id, name, guest } of await maps.people(ids, PEOPLE_LISTED))
      people.get(mapId)?.push({ id, name: name ?? '', guest });
    return rows.map(({ until: _, ...row }) => ({ ...row, people: people.get(row.id) ?? [] }));
  };

  return {
    create: ({ id, title, createdBy, snapshot }) =>
      maps.create({ id, title, createdBy, bytes: snapshot, sha256: sha256(snapshot) }),
    summary: async (mapId, userId) => {
      const row = await maps.one(mapId, userId);
      const [summary] = await withPeople(row ? [row] : []);
      return summary ?? null;
    },
    list: async (userId, { trashed, cursor, limit }) => {
      const count = Math.min(Math.max(Math.trunc(limit), 1), PAGE_LIMIT);
      const place = cursor === undefined ? null : placeOf(cursor);
      const after = place && { editedAt: place.at, id: place.id };
      // One more than asked for tells whether there is a next page.
      const rows = await maps.page(userId, trashed, after, count + 1);
      const shown = rows.slice(0, count);
      const last = shown.at(-1);
      return {
        maps: await withPeople(shown),
        next: rows.length > count && last ? cursorOf({ at: last.editedAt, id: last.id }) : null
      };
    },
    setTitle: maps.setTitle,
    trash: (mapId, by = null) => maps.trash(mapId, by),
    restore: (mapId, by = null) => maps.restore(mapId, by),
    roleOf: maps.standing,
    join: maps.join,
    createLink: async ({ mapId, role, createdBy, terms = {} }) => {
      const token = randomBytes(LINK_TOKEN_BYTES).toString('base64url');
      const tokenHash = hashOf(token);
      const { expiresAt = null, passwordHash = null, usesLimit = null } = terms;
      const limits = { expiresAt, passwordHash, usesLimit };
      const link = await links.create({ id: randomUUID(), mapId, role, tokenHash, createdBy, ...limits });
      return link && { link, token };
    },
    links: links.ofMap,
    revokeLink: (mapId, linkId, by = null) => links.revoke(mapId, linkId, by),
    rotateLink: async (mapId, linkId, by) => {
      const token = randomBytes(LINK_TOKEN_BYTES).toString('base64url');
      return (await links.rotate(mapId, linkId, hashOf(token), by)) ? token : null;
    },
    findLink: (token) => links.byHash(hashOf(token)),
    findDeadLink: (token) => links.deadByHash(hashOf(token))
  };
};

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
