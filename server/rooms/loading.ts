import type { MapId } from '#lib/journey/ids.ts';
import { CorruptDocument, type DocumentLog, type LoadedDocument } from '../storage/ports.ts';
import type { Clock } from './clock.ts';
import type { LiveDocument } from './live-document.ts';
import type { RoomsLogger } from './types.ts';

/**
 * How the load of a map went: all of it is here; a part of it is, to be looked at; there is no such map; or nobody knows,
 * because the log does not answer.
 */
export type Loaded =
  | { readonly kind: 'open' | 'damaged'; readonly stored: LoadedDocument }
  | { readonly kind: 'unknown' | 'broken' };

interface Surroundings {
  readonly log: DocumentLog;
  readonly clock: Clock;
  readonly logger: RoomsLogger | undefined;
  /** How long the log may take to answer. */
  readonly patienceMs: number;
}

/** Reads a map into `document`. Never rejects. Where the log's rows are bad, it takes what comes before them. */
export async function loadMap(mapId: MapId, document: LiveDocument, around: Surroundings): Promise<Loaded> {
  try {
    return await loadWhole(mapId, document, around);
  } catch (error) {
    if (!(error instanceof Unreadable)) {
      around.logger?.error({ err: error, mapId }, 'map cannot be loaded');
      return { kind: 'broken' };
    }
    around.logger?.error({ err: error.cause, mapId, alert: 'damaged map' }, 'map is damaged');
  }
  try {
    const stored = await inTime(around, around.log.salvage(mapId));
    if (!stored) return { kind: 'unknown' };
    document.salvage(stored);
    around.logger?.error({ mapId, alert: 'damaged map' }, `open read-only: ${stored.damage ?? 'damaged'}`);
    return { kind: 'damaged', stored };
  } catch (error) {
    around.logger?.error({ err: error, mapId }, 'damaged map cannot be read');
    return { kind: 'broken' };
  }
}

/** The rows are there, and what they hold is no document. */
class Unreadable extends Error {}

async function loadWhole(mapId: MapId, document: LiveDocument, around: Surroundings): Promise<Loaded> {
  const stored = await inTime(around, around.log.load(mapId)).catch((error: unknown) => {
    throw error instanceof CorruptDocument ? new Unreadable(error.message, { cause: error }) : error;
  });
  if (!stored) return { kind: 'unknown' };
  if (stored.damage)
    around.logger?.error({ mapId, alert: 'damaged snapshot' }, `read from the one before: ${stored.damage}`);
  try {
    document.load(stored);
  } catch (error) {
    throw new Unreadable('the rows cannot be read', { cause: error });
  }
  return { kind: 'open', stored };
}

/** Fails when the log has not answered in time; its answer is then nobody's. */
async function inTime<T>({ clock, patienceMs }: Surroundings, answer: Promise<T>): Promise<T> {
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(patienceMs, () =>
      reject(new Error(`the log did not answer within ${patienceMs} ms`))
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}
