import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { MapId } from '#lib/journey/ids.ts';
import type { Opened } from '../db/db.ts';
import { documentQueries, type DocumentReader, type SnapshotRow } from '../db/documents.ts';
import { CorruptDocument, type DocumentLog, type LoadedDocument, type LoggedUpdate } from './ports.ts';

/** SHA-256 in hexadecimal, as stored beside a snapshot. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isSound = (row: SnapshotRow): boolean => sha256(row.bytes) === row.sha256;

/** The {@link DocumentLog} on a database. */
export const documentLog = (opened: Opened): DocumentLog => {
  const queries = documentQueries(opened);
  return {
    append: (batch) => {
      const checked = [...batch].map(([mapId, updates]) => {
        const rows = updates.map(({ userId, clientId, bytes }) => ({
          userId,
          clientId,
          bytes,
          crc: crc32(bytes)
        }));
        return [
          mapId,
          {
            rows,
            writers: updates.flatMap(({ newWriters = [] }) => newWriters),
            stamps: updates.flatMap(({ newStamps = [] }) => newStamps)
          }
        ] as const;
      });
      return queries.append(new Map(checked));
    },
    load: (mapId) => queries.reading(mapId, (reader) => load(mapId, reader)),
    salvage: (mapId) => queries.reading(mapId, (reader) => salvage(mapId, reader)),
    since: (mapId, after) => queries.reading(mapId, (reader) => since(mapId, after, reader)),
    heads: queries.heads,
    compact: (mapId, { seq, bytes }) => queries.compact(mapId, { seq, bytes, sha256: sha256(bytes) }, isSound)
  };
};

const load = async (mapId: MapId, reader: DocumentReader): Promise<LoadedDocument | null> => {
  const map = await reader.map();
  if (!map) return null;
  const newest = await reader.snapshotBelow(null);
  let snapshot = newest;
  // The log reaches back to the snapshot before the newest, so a bad newest one costs nothing but time.
  if (snapshot && !isSound(snapshot)) snapshot = await reader.snapshotBelow(snapshot.seq);
  if (newest && (!snapshot || !isSound(snapshot)))
    throw new CorruptDocument(mapId, `No snapshot of map ${mapId} matches its checksum.`);
  const updates = await loadUpdates(mapId, reader, snapshot?.seq ?? 0, map.head);
  return {
    epoch: map.epoch,
    head: map.head,
    snapshot: snapshot && { seq: snapshot.seq, bytes: snapshot.bytes },
    updates,
    writers: await reader.writers(),
    ...(snapshot !== newest && { damage: `snapshot ${newest?.seq} does not match its checksum` })
  };
};

const salvage = async (mapId: MapId, reader: DocumentReader): Promise<LoadedDocument | null> => {
  const map = await reader.map();
  if (!map) return null;
  const newest = await reader.snapshotBelow(null);
  let snapshot = newest;
  while (snapshot && !isSound(snapshot)) snapshot = await reader.snapshotBelow(snapshot.seq);
  // Updates say nothing without what they build on.
  if (newest && !snapshot)
    throw new CorruptDocument(mapId, `No snapshot of map ${mapId} matches its checksum.`);
  const after = snapshot?.seq ?? 0;
  const rows = await reader.updatesAfter(after);
  const bad = rows.findIndex(
    ({ seq, crc, bytes }, index) => seq !== after + index + 1 || crc32(bytes) !== crc
  );
  const updates = rows.slice(0, bad < 0 ? rows.length : bad).map(({ crc: _, ...update }) => update);
  const head = after + updates.length;
  return {
    ...map,
    head,
    snapshot: snapshot && { seq: snapshot.seq, bytes: snapshot.bytes },
    updates,
    writers: await reader.writers(),
    damage: `map ${mapId} can be read up to update ${head} of ${map.head}`
  };
};

const since = async (mapId: MapId, after: number, reader: DocumentReader): Promise<LoadedDocument | null> => {
  const map = await reader.map();
  if (!map || map.trashedAt !== null) return null;
  const { epoch, head } = map;
  const oldest = await reader.oldestUpdate();
  if (head > after && (oldest === null || oldest > after + 1)) return load(mapId, reader);
  const updates = await loadUpdates(mapId, reader, after, head);
  return { epoch, head, snapshot: null, updates, writers: await reader.writers() };
};

/** The updates from `after` to `head`, every one of them there and sound. */
const loadUpdates = async (
  mapId: MapId,
  reader: DocumentReader,
  after: number,
  head: number
): Promise<LoggedUpdate[]> => {
  const rows = await reader.updatesAfter(after);
  const updates = rows.map(({ crc, ...update }, index) => {
    if (update.seq !== after + index + 1)
      throw new CorruptDocument(mapId, `Update ${after + index + 1} of map ${mapId} is missing.`);
    if (crc32(update.bytes) !== crc)
      throw new CorruptDocument(mapId, `Update ${update.seq} of map ${mapId} does not match its checksum.`);
    return update;
  });
  if (after + updates.length !== head)
    throw new CorruptDocument(mapId, `Map ${mapId} counts ${head} updates, but its log ends otherwise.`);
  return updates;
};
