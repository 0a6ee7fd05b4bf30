import type { MapId } from '#lib/journey/ids.ts';
import { PICTURE_LIMITS } from '#lib/protocol/pictures.ts';
import type { Opened } from '../db/db.ts';
import { pictureQueries } from '../db/pictures.ts';
import { sha256 } from './documents.ts';
import type { NewPicture, PictureStore, UserId } from './ports.ts';

const ROOM = { mapBytes: PICTURE_LIMITS.mapBytes, accountBytes: PICTURE_LIMITS.accountBytes };

/** The {@link PictureStore} on a database. */
export const pictureStore = (opened: Opened, room = ROOM): PictureStore => {
  const queries = pictureQueries(opened);
  return {
    full: async (mapId: MapId, userId: UserId) => {
      if ((await queries.bytesOfMap(mapId)) >= room.mapBytes) return 'map-full';
      return (await queries.bytesOfUser(userId)) >= room.accountBytes ? 'account-full' : null;
    },
    add: async (mapId: MapId, userId: UserId, { type, width, height, bytes }: NewPicture) => {
      const hash = sha256(bytes);
      return { put: await queries.add(mapId, userId, { hash, type, width, height, bytes }, room), hash };
    },
    share: (mapId, userId, hashes, placed) =>
      queries.share(mapId, userId, hashes, placed ? new Date() : null, room),
    has: queries.has,
    get: queries.get,
    holders: queries.holders,
    place: queries.place,
    sweep: queries.sweep
  };
};
