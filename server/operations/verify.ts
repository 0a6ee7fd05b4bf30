import { createHash } from 'node:crypto';
import { documentOf, stateOf } from '#lib/document/state.ts';
import type { MapId } from '#lib/journey/ids.ts';
import type { Opened } from '../db/db.ts';
import { everyTable, readRows, type Value } from '../db/everything.ts';
import { buildDocument } from '../rooms/contents.ts';
import { documentLog, sha256 } from '../storage/documents.ts';

/** Something that cannot be read as it was written. */
export interface Damage {
  readonly mapId: string;
  /** One sentence: what is damaged, and what it means for the map. */
  readonly what: string;
}

export interface Verified {
  readonly maps: number;
  readonly versions: number;
  readonly damage: readonly Damage[];
  /** SHA-256 over every map's document: two databases with the same maps have the same. */
  readonly digest: string;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Loads every map as the server would, in the trash or not: checksums, numbers without gaps, a document that can be
 * built of it; then every snapshot and every version that is kept. Changes nothing. `found` hears of damage at once.
 */
export async function verify(opened: Opened, found: (damage: Damage) => void): Promise<Verified> {
  const damage: Damage[] = [];
  const report = (mapId: string, what: string): void => {
    damage.push({ mapId, what });
    found({ mapId, what });
  };
  const ids: string[] = [];
  await eachRow(opened, 'maps', ({ id }) => void ids.push(String(id)));
  const digest = createHash('sha256');
  const log = documentLog(opened);
  for (const id of ids.sort()) {
    const hash = await hashOf(id as MapId, log, report);
    digest.update(`${id} ${hash}\n`);
  }
  await eachRow(opened, 'snapshots', ({ mapId, seq, bytes, sha256: sum }) => {
    const wrong = flaw(bytes, sum);
    if (wrong) report(String(mapId), `Snapshot ${String(seq)} ${wrong}.`);
  });
  let versions = 0;
  await eachRow(opened, 'versions', ({ id, mapId, bytes, sha256: sum }) => {
    versions++;
    const wrong = flaw(bytes, sum);
    if (wrong) report(String(mapId), `Version ${String(id)} ${wrong}; it can no longer be restored.`);
  });
  return { maps: ids.length, versions, damage, digest: digest.digest('hex') };
}

/** Of one map's document; a map that cannot be loaded is reported. */
async function hashOf(
  id: MapId,
  log: ReturnType<typeof documentLog>,
  report: (mapId: string, what: string) => void
): Promise<string> {
  try {
    const stored = await log.load(id);
    if (!stored) return 'gone'; // deleted since the ids were read
    const doc = buildDocument(stored);
    try {
      return sha256(stateOf(doc).bytes);
    } finally {
      doc.destroy();
    }
  } catch (error) {
    report(id, `The map opens read-only, in part or not at all: ${reason(error)}`);
    return 'damaged';
  }
}

/** What is wrong with a kept state; null when it can be read. */
function flaw(bytes: Value | undefined, sum: Value | undefined): string | null {
  if (!(bytes instanceof Uint8Array) || sha256(bytes) !== sum) return 'does not match its checksum';
  try {
    documentOf(bytes).destroy();
    return null;
  } catch (error) {
    return `cannot be read (${reason(error)})`;
  }
}

/** Shows every row of a table, under its columns' names. */
async function eachRow(
  opened: Opened,
  name: string,
  look: (row: Readonly<Record<string, Value>>) => void
): Promise<void> {
  const layout = everyTable().find((table) => table.name === name);
  if (!layout) throw new Error(`There is no table "${name}".`);
  await opened.db.reading(async (tx) => {
    for await (const rows of readRows(opened, tx, layout))
      for (const row of rows)
        look(Object.fromEntries(layout.columns.map((column, index) => [column.name, row[index] ?? null])));
  });
}
