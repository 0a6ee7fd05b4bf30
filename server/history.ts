import { readJourney } from '#lib/document/read.ts';
import { documentOf, restoreContents, stateOf, writersBetween } from '#lib/document/state.ts';
import { fileOf } from '#lib/journey/file-convert.ts';
import type { MapFile } from '#lib/journey/file.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import type { Action, Authorize } from './access/access.ts';
import type { Principal } from './access/principal.ts';
import type { AuditEntry } from './db/audit.ts';
import type { Outcome } from './maps.ts';
import type { EditedMoment, Rooms, RoomsOptions } from './rooms/types.ts';
import type { NewVersion, UserId, Version, VersionPage, VersionStore } from './storage/ports.ts';

type Doc = Parameters<NonNullable<RoomsOptions['onEdited']>>[1];

/** After so much time with edits the server keeps a state by itself. */
const EVERY_MS = 10 * 60_000;
/** When everybody has left it does so as well, unless it has just done it. */
const LEAVING_MS = 2 * 60_000;
/** The topic of the poke that tells open boards of a new version. */
const TOPIC = 'versions';

/** What a person says about a version. */
export interface VersionWords {
  /** Null: kept like those that the server makes by itself, and thinned out with them. */
  readonly name: string | null;
  readonly reason: string | null;
  /** The version that the open board has just gone back to. */
  readonly restored: string | null;
}

/** A map's history as pages and the API see it: each call asks for the right first. */
export interface History {
  list(
    by: Principal | null,
    mapId: string,
    page: { cursor?: string; limit: number }
  ): Promise<Outcome<VersionPage>>;
  /** A version as a map file. */
  file(by: Principal | null, mapId: string, id: string): Promise<Outcome<MapFile>>;
  /** A version as Yjs holds it (`Y.encodeStateAsUpdateV2`). */
  state(by: Principal | null, mapId: string, id: string): Promise<Outcome<Uint8Array>>;
  /**
   * Keeps the map as it is now. `full`: no further version can have a name. Null: without a name, and the newest version
   * is this very state.
   */
  keep(by: Principal | null, mapId: string, words: VersionWords): Promise<Outcome<Version | 'full' | null>>;
  /** Names a version that is there already; it then is kept for good. */
  rename(
    by: Principal | null,
    mapId: string,
    id: string,
    words: { readonly name: string; readonly reason: string | null }
  ): Promise<Outcome<Version | 'full'>>;
  /**
   * Goes back to a version as one edit of this person on the map's own history, seen live on every open board. What was
   * there is kept as a version before, what is there then as one after; answers the latter.
   */
  restore(by: Principal | null, mapId: string, id: string, reason: string | null): Promise<Outcome<Version>>;
  /** Keeps the first state of a new map. */
  readonly created: (mapId: MapId, userId: UserId, bytes: Uint8Array) => Promise<void>;
  /** For the rooms: keeps a state from time to time. */
  readonly edited: NonNullable<RoomsOptions['onEdited']>;
}

interface Parts {
  readonly store: VersionStore;
  readonly rooms: () => Rooms;
  readonly authorize: Authorize;
  /** The audit. */
  readonly note: (entry: AuditEntry) => Promise<void>;
  /** Default ten minutes. */
  readonly everyMs?: number;
  readonly now?: () => number;
}

type State = Pick<NewVersion, 'seq' | 'clv' | 'bytes' | 'stateVector' | 'writersSince'>;

/** A state to keep. Its bytes are read back first; throws when they do not make a whole document. */
function captured(doc: Doc, seq: number): State {
  const { bytes, stateVector } = stateOf(doc);
  documentOf(bytes).destroy();
  const { baseline } = evaluateMap(readJourney(doc));
  return {
    seq,
    clv: baseline.ok ? baseline.value.clv : null,
    bytes,
    stateVector,
    writersSince: (before) => writersBetween(before, stateVector)
  };
}

export function createHistory({
  store,
  rooms,
  authorize,
  note,
  everyMs = EVERY_MS,
  now = Date.now
}: Parts): History {
  /** When the span of activity began that the next automatic version closes. */
  const since = new Map<MapId, number>();

  const allowed = async <T>(
    by: Principal | null,
    mapId: string,
    action: Action,
    work: (mapId: MapId, userId: UserId) => Promise<T | null>
  ): Promise<Outcome<T>> => {
    const grant = await authorize(by, mapId, action);
    if (!grant.allowed) return { ok: false, reason: grant.reason };
    const value = by !== null && isMapId(mapId) ? await work(mapId, by.userId) : null;
    return value === null ? { ok: false, reason: 'unknown' } : { ok: true, value };
  };

  const add = async (
    mapId: MapId,
    state: State,
    about: Pick<NewVersion, 'kind'> & Partial<Pick<NewVersion, 'name' | 'reason' | 'userId' | 'restoredId'>>,
    sinceMs = -1
  ): Promise<Version | 'full' | null> => {
    const words = { name: null, reason: null, userId: null, restoredId: null };
    const kept = await store.add({ mapId, ...state, ...words, ...about }, sinceMs);
    if (kept === null || kept === 'full') return kept;
    // Whoever kept it, the span before it is closed.
    since.delete(mapId);
    rooms().poke(mapId, { topic: TOPIC });
    return kept;
  };

  const fileFrom = (bytes: Uint8Array): MapFile => {
    const doc = documentOf(bytes);
    try {
      return fileOf(readJourney(doc));
    } finally {
      doc.destroy();
    }
  };

  const restored = async (mapId: MapId, userId: UserId, id: string, reason: string | null) => {
    const bytes = await store.bytes(mapId, id);
    const before = await rooms().read(mapId, captured);
    if (bytes === null || before === null) return null;
    await add(mapId, before, { kind: 'automatic' });
    const wanted = documentOf(bytes);
    try {
      if (!(await rooms().edit(mapId, userId, (doc) => restoreContents(doc, wanted)))) return null;
    } finally {
      wanted.destroy();
    }
    const after = await rooms().read(mapId, captured);
    if (after === null) return null;
    const kept = await add(mapId, after, { kind: 'restored', reason, userId, restoredId: id });
    return kept === 'full' ? null : kept;
  };

  const isDue = (mapId: MapId, leaving: boolean): boolean => {
    const began = since.get(mapId);
    if (began === undefined) since.set(mapId, now());
    return leaving || (began !== undefined && now() - began >= everyMs);
  };

  return {
    list: (by, mapId, page) => allowed(by, mapId, 'read', (id) => store.list(id, page)),
    file: (by, mapId, version) =>
      allowed(by, mapId, 'read', async (id, userId) => {
        const bytes = await store.bytes(id, version);
        if (bytes === null) return null;
        await note({ action: 'version exported', by: userId, mapId: id, detail: { version } });
        return fileFrom(bytes);
      }),
    state: (by, mapId, version) => allowed(by, mapId, 'read', (id) => store.bytes(id, version)),
    keep: async (by, mapId, { name, reason, restored: restoredId }) => {
      const kept = await allowed(by, mapId, 'edit', async (id, userId) => {
        const state = await rooms().read(id, captured);
        if (state === null) return null;
        const kind = restoredId !== null ? 'restored' : name !== null ? 'named' : 'automatic';
        return { version: await add(id, state, { kind, name, reason, userId, restoredId }) };
      });
      return kept.ok ? { ok: true, value: kept.value.version } : kept;
    },
    rename: (by, mapId, version, { name, reason }) =>
      allowed(by, mapId, 'edit', async (id) => {
        const renamed = await store.rename(id, version, name, reason);
        if (renamed !== null && renamed !== 'full') rooms().poke(id, { topic: TOPIC });
        return renamed;
      }),
    restore: (by, mapId, version, reason) =>
      allowed(by, mapId, 'edit', (id, userId) => restored(id, userId, version, reason)),

    async created(mapId, userId, bytes) {
      const doc = documentOf(bytes);
      try {
        await add(mapId, captured(doc, 0), { kind: 'created', userId });
      } finally {
        doc.destroy();
      }
    },

    async edited(mapId: MapId, doc: Doc, moment: EditedMoment) {
      const { seq, leaving } = moment;
      if (!isDue(mapId, leaving)) return;
      since.delete(mapId);
      const state = captured(doc, seq);
      if (await moment.committed())
        await add(mapId, state, { kind: 'automatic' }, leaving ? LEAVING_MS : everyMs * 0.9);
    }
  };
}
