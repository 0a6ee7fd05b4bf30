import { describe, expect, it } from 'vitest';
import { accountQueries } from '../../../server/db/accounts.ts';
import { pictureQueries } from '../../../server/db/pictures.ts';
import { pictureStore } from '../../../server/storage/pictures.ts';
import type { NewPicture, PictureStore } from '../../../server/storage/ports.ts';
import { guest, mapOf, newMapId, race, type World } from '../world.ts';

let made = 0;
/** A picture that nobody else has, of so many bytes. */
const picture = (size = 8): NewPicture => {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, (made += 1));
  return { type: 'image/png', width: 2, height: 3, bytes };
};
const day = 24 * 3_600_000;
const tomorrow = () => new Date(Date.now() + day);

export const picturesSuite = (world: () => World) =>
  describe('pictures', () => {
    const stores = async (): Promise<PictureStore[]> =>
      (await world().backend.nodes()).map((node) => pictureStore(node));
    const rows = async (hash: string): Promise<number> =>
      (await world().backend.raw(`select hash from pictures where hash = '${hash}'`)).length;
    const bytesOf = async (hash: string): Promise<number> =>
      (await world().backend.raw(`select hash from picture_bytes where hash = '${hash}'`)).length;

    it('are stored once, and shown by the maps they were put on alone', async () => {
      const [store] = (await stores()) as [PictureStore];
      const [one, other] = [await mapOf(world()), await mapOf(world())];
      const file = picture();
      const first = await store.add(one.mapId, one.owner.userId, file);
      expect(first).toMatchObject({ put: 'done', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
      expect(await store.get(one.mapId, first.hash)).toEqual({ type: 'image/png', bytes: file.bytes });
      expect(await store.has(one.mapId, first.hash)).toBe(true);
      expect(await store.get(other.mapId, first.hash)).toBeNull();
      expect(await store.has(other.mapId, first.hash)).toBe(false);
      expect(await store.add(other.mapId, other.owner.userId, file)).toEqual(first);
      expect(await rows(first.hash)).toBe(1);
      expect((await store.get(other.mapId, first.hash))?.bytes).toEqual(file.bytes);
    });

    it('are put on a map that is there, and on no other', async () => {
      const [store] = (await stores()) as [PictureStore];
      const { mapId, owner } = await mapOf(world());
      await world().maps.trash(mapId);
      for (const id of [mapId, newMapId()]) {
        const { put, hash } = await store.add(id, owner.userId, picture());
        expect(put).toBe('gone');
        expect(await rows(hash)).toBe(0);
      }
    });

    it('of one hash put on one map by several nodes at once are one', async () => {
      const { mapId, owner } = await mapOf(world());
      const file = picture();
      const answers = await race(await stores(), 6, (store) => store.add(mapId, owner.userId, file));
      expect(new Set(answers.map(({ put }) => put))).toEqual(new Set(['done']));
      expect(await rows(answers[0]?.hash ?? '')).toBe(1);
    });

    it('have budgets of bytes: per map, and per account over all of its maps, where a copy costs nothing', async () => {
      const [node] = await world().backend.nodes();
      const store = pictureStore(node, { mapBytes: 100, accountBytes: 150 });
      const owner = await guest(world());
      const [first, second] = [await mapOf(world(), owner), await mapOf(world(), owner)];
      const file = picture(80);
      const kept = await store.add(first.mapId, owner.userId, file);
      expect(kept.put).toBe('done');
      const refused = await store.add(first.mapId, owner.userId, picture(30));
      expect(refused.put).toBe('map-full');
      expect(await rows(refused.hash)).toBe(0);
      expect(await store.share(second.mapId, owner.userId, [kept.hash], true)).toBe('done');
      expect(await store.full(second.mapId, owner.userId)).toBeNull();
      const third = await mapOf(world(), owner);
      expect((await store.add(third.mapId, owner.userId, picture(90))).put).toBe('account-full');
      expect((await store.add(third.mapId, owner.userId, picture(70))).put).toBe('done');
      expect(await store.full(third.mapId, owner.userId)).toBe('account-full');
    });

    it('that were never placed go after a day, and those that were stay', async () => {
      const [store] = (await stores()) as [PictureStore];
      const [node] = await world().backend.nodes();
      const { mapId, owner } = await mapOf(world());
      const left = await store.add(mapId, owner.userId, picture());
      const placed = await store.add(mapId, owner.userId, picture());
      await store.place(mapId, [placed.hash, 'f'.repeat(64)]);
      await store.sweep(new Date(Date.now() - day));
      expect([await store.has(mapId, left.hash), await store.has(mapId, placed.hash)]).toEqual([true, true]);
      await store.sweep(tomorrow());
      expect([await store.has(mapId, left.hash), await store.has(mapId, placed.hash)]).toEqual([false, true]);
      // What was put on a map within the last minute may be on its way to another.
      expect(await rows(left.hash)).toBe(1);
      await node.db.update(node.tables.pictures).set({ at: new Date(Date.now() - day) });
      await store.sweep(tomorrow());
      expect([await rows(left.hash), await bytesOf(left.hash), await rows(placed.hash)]).toEqual([0, 0, 1]);
    });

    it('go with the last map that shows them', async () => {
      const [node] = await world().backend.nodes();
      const [store] = (await stores()) as [PictureStore];
      const [one, other] = [await mapOf(world()), await mapOf(world())];
      const [own, shared] = [picture(), picture()];
      const { hash } = await store.add(one.mapId, one.owner.userId, own);
      const both = await store.add(one.mapId, one.owner.userId, shared);
      await store.share(other.mapId, other.owner.userId, [both.hash], true);
      await accountQueries(node).remove(one.owner.userId);
      expect([await rows(hash), await bytesOf(hash), await rows(both.hash)]).toEqual([0, 0, 1]);
      expect(await store.has(other.mapId, both.hash)).toBe(true);
    });

    it('are found on the maps somebody is on', async () => {
      const [node] = await world().backend.nodes();
      const queries = pictureQueries(node);
      const [store] = (await stores()) as [PictureStore];
      const [one, other] = [await mapOf(world()), await mapOf(world())];
      const { hash } = await store.add(one.mapId, one.owner.userId, picture());
      expect(await queries.holders(one.owner.userId, [hash])).toEqual([{ hash, mapId: one.mapId }]);
      expect(await queries.holders(other.owner.userId, [hash])).toEqual([]);
    });
  });
