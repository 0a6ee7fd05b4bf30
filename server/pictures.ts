import { rootsOf } from '#lib/document/layout.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import { isImageHash } from '#lib/journey/objects.ts';
import {
  PICTURE_HEAD,
  PICTURE_LIMITS,
  pictureTypeOf,
  type PictureProblem,
  type StoredPicture,
  type StoredType
} from '#lib/protocol/pictures.ts';
import type { Authorize, Denied } from './access/access.ts';
import type { Principal } from './access/principal.ts';
import { withoutPauses } from './body.ts';
import type { Outcome } from './maps.ts';
import type { PictureReader } from './picture-reader.ts';
import type { RoomsOptions } from './rooms/types.ts';
import type { PictureStore, Put, UserId } from './storage/ports.ts';

type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: Denied['reason'] | PictureProblem };

/** Pictures of maps, as pages and the API see them; each call asks `authorize` itself. */
export interface Pictures {
  /** Takes a picture for a map from its bytes as they come. Nothing of a refused one is kept. */
  add(by: Principal | null, mapId: string, body: AsyncIterable<Uint8Array>): Promise<Asked<StoredPicture>>;
  /** The stored file. */
  file(
    by: Principal | null,
    mapId: string,
    hash: string
  ): Promise<Outcome<{ readonly type: StoredType; readonly bytes: Uint8Array }>>;
  /** That a map shows a picture, without reading it. */
  shows(by: Principal | null, mapId: string, hash: string): Promise<Outcome<true>>;
  /** Lets a map show a picture of another map that this person may read. */
  bring(by: Principal | null, mapId: string, hash: string): Promise<Asked<void>>;
  /** Those of these pictures that are on no map this person may read. */
  unknown(by: Principal, hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Lets a new map show those of these pictures that its maker may see on other maps. */
  readonly carry: (by: UserId, mapId: MapId, hashes: readonly string[]) => Promise<void>;
  /** For the rooms: notes which pictures are on the board. */
  readonly edited: NonNullable<RoomsOptions['onEdited']>;
  /** Deletes what has never been placed for a day, and what no map shows any more. */
  readonly sweep: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Parts {
  readonly store: PictureStore;
  readonly reader: PictureReader;
  readonly authorize: Authorize;
  readonly now?: () => number;
}

/** Uploads whose body is read at the same time; each may hold {@link PICTURE_LIMITS.bytes}. */
const AT_ONCE = 8;
const PAUSE_MS = 20_000;
const UNPLACED_MS = 24 * 3_600_000;

const FULL: Readonly<Record<Exclude<Put, 'done' | 'gone'>, PictureProblem>> = {
  'map-full': 'E_PICTURE_MAP_FULL',
  'account-full': 'E_PICTURE_ACCOUNT_FULL'
};

export function createPictures({ store, reader, authorize, now = Date.now }: Parts): Pictures {
  let reading = 0;
  /** What each open map is known to show: only what is new is written down. */
  const placed = new Map<MapId, Set<string>>();

  const body = async (by: Principal, mapId: MapId, pieces: AsyncIterable<Uint8Array>) => {
    const read = await readPicture(pieces);
    if (typeof read === 'string') return refused(read);
    const picture = await reader.read(read.type, read.bytes);
    if (typeof picture === 'string') return refused(picture);
    const { type, width, height, bytes, stilled } = picture;
    const { put, hash } = await store.add(mapId, by.userId, { type, width, height, bytes });
    if (put === 'gone') return refused('unknown');
    if (put !== 'done') return refused(FULL[put]);
    return {
      ok: true,
      value: { hash, type, width, height, bytes: bytes.byteLength, stilled }
    } as const;
  };

  const readable = async (
    by: Pick<Principal, 'userId'>,
    hashes: readonly string[]
  ): Promise<ReadonlySet<string>> => {
    const holders = await store.holders(by.userId, hashes);
    const maps = new Map<MapId, boolean>();
    for (const { mapId } of holders)
      if (!maps.has(mapId)) maps.set(mapId, (await authorize(by, mapId, 'read')).allowed);
    return new Set(holders.filter(({ mapId }) => maps.get(mapId)).map(({ hash }) => hash));
  };

  const looked = async <T>(
    by: Principal | null,
    mapId: string,
    hash: string,
    look: (mapId: MapId) => Promise<T | null>
  ): Promise<Outcome<T>> => {
    const grant = await authorize(by, mapId, 'read');
    if (!grant.allowed) return { ok: false, reason: grant.reason };
    const found = isMapId(mapId) && isImageHash(hash) ? await look(mapId) : null;
    return found === null ? { ok: false, reason: 'unknown' } : { ok: true, value: found };
  };

  return {
    async add(by, mapId, pieces) {
      const grant = await authorize(by, mapId, 'edit');
      if (!grant.allowed) return refused(grant.reason);
      if (by === null || !isMapId(mapId)) return refused('unknown');
      const full = await store.full(mapId, by.userId);
      if (full !== null) return refused(FULL[full]);
      if (reading >= AT_ONCE) return refused('E_PICTURE_BUSY');
      reading += 1;
      try {
        return await body(by, mapId, pieces);
      } finally {
        reading -= 1;
      }
    },
    file: (by, mapId, hash) => looked(by, mapId, hash, (id) => store.get(id, hash)),
    shows: (by, mapId, hash) =>
      looked(by, mapId, hash, async (id) => ((await store.has(id, hash)) ? (true as const) : null)),
    async bring(by, mapId, hash) {
      const grant = await authorize(by, mapId, 'edit');
      if (!grant.allowed) return refused(grant.reason);
      if (by === null || !isMapId(mapId)) return refused('unknown');
      if (!isImageHash(hash) || !(await readable(by, [hash])).has(hash)) return refused('E_PICTURE_UNKNOWN');
      const put = await store.share(mapId, by.userId, [hash], false);
      if (put === 'gone') return refused('unknown');
      return put === 'done' ? { ok: true, value: undefined } : refused(FULL[put]);
    },
    async unknown(by, hashes) {
      const known = hashes.length === 0 ? new Set<string>() : await readable(by, hashes);
      return new Set(hashes.filter((hash) => !known.has(hash)));
    },
    async carry(by, mapId, hashes) {
      if (hashes.length === 0) return;
      const known = await readable({ userId: by }, hashes);
      await store.share(mapId, by, [...known], true);
    },
    async edited(mapId, doc, { leaving }) {
      const known = placed.get(mapId) ?? new Set<string>();
      const fresh: string[] = [];
      for (const object of rootsOf(doc).objects.values()) {
        // Whoever writes past our own pages may put anything here.
        const hash: unknown = typeof object?.get === 'function' ? object.get('hash') : null;
        if (isImageHash(hash) && !known.has(hash)) fresh.push(hash);
      }
      if (leaving) placed.delete(mapId);
      if (fresh.length === 0) return;
      await store.place(mapId, [...new Set(fresh)]);
      if (!leaving) placed.set(mapId, new Set([...known, ...fresh]));
    },
    sweep: () => store.sweep(new Date(now() - UNPLACED_MS)),
    close: () => reader.close()
  };
}

const refused = <R extends Denied['reason'] | PictureProblem>(reason: R) => ({ ok: false, reason }) as const;

/** Reads a picture as it comes, and stops at the first byte that shows that it is none, or too large. */
async function readPicture(
  body: AsyncIterable<Uint8Array>
): Promise<
  | { readonly type: NonNullable<ReturnType<typeof pictureTypeOf>>; readonly bytes: Uint8Array }
  | PictureProblem
> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let known = false;
  try {
    for await (const piece of withoutPauses(body, PAUSE_MS)) {
      length += piece.byteLength;
      if (length > PICTURE_LIMITS.bytes) return 'E_PICTURE_BYTES';
      pieces.push(piece);
      if (known || length < PICTURE_HEAD) continue;
      if (pictureTypeOf(Buffer.concat(pieces, length)) === null) return 'E_PICTURE_TYPE';
      known = true;
    }
  } catch {
    return 'E_PICTURE_CUT';
  }
  const bytes = Buffer.concat(pieces, length);
  const type = pictureTypeOf(bytes);
  return type === null ? 'E_PICTURE_TYPE' : { type, bytes };
}
