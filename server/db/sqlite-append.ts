import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { MapId } from '#lib/journey/ids.ts';
import type { NewRows } from './documents.ts';

/** Appends to the log what stands for each map; answers the new heads of those that exist and are not in the trash. */
export type Append = (batch: ReadonlyMap<MapId, NewRows>) => Map<MapId, number>;

/**
 * The log's way into SQLite, in plain prepared statements: it runs forty times a second, and building its queries would
 * cost more than the writing. The transaction is the caller's. Make it when the tables are there.
 */
export const sqliteAppend = (client: DatabaseSync): Append => {
  const count = client.prepare(
    `update maps set head = head + ?, edited_at = coalesce(?, edited_at)
     where id = ? and trashed_at is null returning head`
  );
  const addUpdate = client.prepare(
    'insert into updates (map_id, seq, user_id, client_id, bytes, crc, at) values (?, ?, ?, ?, ?, ?, ?)'
  );
  const addWriter = client.prepare(
    'insert into writers (map_id, client_id, user_id) values (?, ?, ?) on conflict do nothing'
  );
  const addStamp = client.prepare(
    'insert into stamps (map_id, client_id, clock, user_id, at) values (?, ?, ?, ?, ?) on conflict do nothing'
  );
  return (batch) => {
    const at = Date.now();
    const heads = new Map<MapId, number>();
    for (const [mapId, { rows, writers, stamps }] of batch) {
      const counted = count.get(rows.length, rows.length > 0 ? at : null, mapId);
      if (counted === undefined) continue;
      const head = Number(counted.head);
      let seq = head - rows.length;
      for (const { userId, clientId, bytes, crc } of rows)
        addUpdate.run(mapId, ++seq, userId, clientId, bytes, crc, at);
      for (const { clientId, userId } of writers) addWriter.run(mapId, clientId, userId);
      for (const { clientId, clock, userId } of stamps) addStamp.run(mapId, clientId, clock, userId, at);
      heads.set(mapId, head);
    }
    return heads;
  };
};

/**
 * Brings what has been committed to the disk, off the event loop. SQLite would do the same inside of `commit`
 * (`synchronous=FULL`), where everybody waits for it. The write-ahead log may be opened beside SQLite: its locks are on
 * the other two files.
 */
export class WalSync {
  readonly #path: string;
  #file: Promise<FileHandle> | null = null;

  /** `path` of the database file, which has to be in WAL mode. */
  constructor(path: string) {
    this.#path = `${path}-wal`;
  }

  /** Resolves when everything that was committed before the call is on the disk. */
  async run(): Promise<void> {
    this.#file ??= open(this.#path, constants.O_RDWR);
    try {
      await (await this.#file).datasync();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.then(
      (handle) => handle.close(),
      () => undefined
    );
  }
}
