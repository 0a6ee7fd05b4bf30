import { afterEach, describe, expect, it, vi } from 'vitest';
import { BadCursor, PEOPLE_LISTED } from '../../../server/storage/ports.ts';
import type { Principal } from '../../../server/access/access.ts';
import { guest, mapOf, newMapId, race, update, type World } from '../world.ts';

export const mapsSuite = (world: () => World) => {
  describe('maps', () => {
    it('makes map, ownership and content together, or nothing', async () => {
      const { maps, log } = world();
      const { mapId, owner } = await mapOf(world(), undefined, 'First');
      const summary = await maps.summary(mapId, owner.userId);
      expect(summary).toEqual({
        id: mapId,
        title: 'First',
        role: 'owner',
        createdAt: expect.any(Date) as Date,
        editedAt: expect.any(Date) as Date,
        trashedAt: null,
        people: [{ id: owner.userId, name: 'Owner', guest: true }]
      });
      const id = newMapId();
      const nobody = newMapId() as string as Principal['userId'];
      const failing = maps.create({ id, title: 'x', createdBy: nobody, snapshot: Uint8Array.of(1) });
      await expect(failing).rejects.toThrow();
      expect(await log.load(id)).toBeNull();
    });

    it('shows a map to its members only', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const stranger = await guest(world());
      expect(await maps.summary(mapId, stranger.userId)).toBeNull();
      expect(await maps.roleOf(mapId, stranger.userId)).toBeNull();
      expect(await maps.roleOf(newMapId(), owner.userId)).toBeNull();
      expect(await maps.roleOf(mapId, owner.userId)).toEqual({ role: 'owner', trashed: false, until: null });
    });

    it('keeps titles without NUL and lone surrogates, and a rename is no edit', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world(), undefined, 'a\0b\ud800');
      const before = await maps.summary(mapId, owner.userId);
      expect(before?.title).toBe('ab');
      await maps.setTitle(mapId, '\0Ünïcode 😀\udc00');
      expect(await maps.summary(mapId, owner.userId)).toEqual({ ...before, title: 'Ünïcode 😀' });
      await expect(maps.setTitle(newMapId(), 'nowhere')).resolves.toBeUndefined();
    });

    it('moves a map to the trash and back, once each', async () => {
      const { maps, everyStore } = world();
      const { mapId, owner } = await mapOf(world());
      const trashed = await race(everyStore, 6, (store) => store.trash(mapId));
      expect(trashed.filter(Boolean)).toHaveLength(1);
      expect(await maps.roleOf(mapId, owner.userId)).toEqual({ role: 'owner', trashed: true, until: null });
      expect((await maps.summary(mapId, owner.userId))?.trashedAt).toBeInstanceOf(Date);
      const restored = await race(everyStore, 6, (store) => store.restore(mapId));
      expect(restored.filter(Boolean)).toHaveLength(1);
      expect(await maps.roleOf(mapId, owner.userId)).toEqual({ role: 'owner', trashed: false, until: null });
      expect(await maps.trash(newMapId())).toBe(false);
    });
  });

  describe('list of maps', () => {
    afterEach(() => {
      vi.useRealTimers();
    });
    const at = (ms: number) =>
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2030-01-01T00:00:00Z') + ms });
    const titles = async (owner: Principal, trashed = false) =>
      (await world().maps.list(owner.userId, { trashed, limit: 100 })).maps.map((map) => map.title);

    it('has the newest edit first', async () => {
      const { log } = world();
      const owner = await guest(world());
      at(0);
      const { mapId } = await mapOf(world(), owner, 'old');
      at(1);
      await mapOf(world(), owner, 'new');
      expect(await titles(owner)).toEqual(['new', 'old']);
      at(2);
      await log.append(new Map([[mapId, [update(1)]]]));
      expect(await titles(owner)).toEqual(['old', 'new']);
    });

    it('pages through every map once, those of the same millisecond too', async () => {
      const { maps } = world();
      const owner = await guest(world());
      const made: string[] = [];
      for (let i = 0; i < 11; i += 1) {
        at(Math.floor(i / 4));
        made.push((await mapOf(world(), owner, `map ${i}`)).mapId);
      }
      const seen: string[] = [];
      const times: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await maps.list(owner.userId, {
          trashed: false,
          limit: 3,
          ...(cursor !== null && { cursor })
        });
        seen.push(...page.maps.map((map) => map.id));
        times.push(...page.maps.map((map) => map.editedAt.getTime()));
        cursor = page.next;
      } while (cursor !== null);
      expect(seen.toSorted()).toEqual(made.toSorted());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });

    it('says that there is no next page exactly when there is none', async () => {
      const { maps } = world();
      const owner = await guest(world());
      await mapOf(world(), owner);
      await mapOf(world(), owner);
      expect((await maps.list(owner.userId, { trashed: false, limit: 2 })).next).toBeNull();
      expect((await maps.list(owner.userId, { trashed: false, limit: 1 })).next).not.toBeNull();
      expect(await maps.list((await guest(world())).userId, { trashed: false, limit: 5 })).toEqual({
        maps: [],
        next: null
      });
    });

    it.each(['', 'nonsense', Buffer.from("1 ' or 1=1").toString('base64url'), '\0'])(
      'refuses the cursor %j',
      async (cursor) => {
        const owner = await guest(world());
        const asked = world().maps.list(owner.userId, { trashed: false, limit: 5, cursor });
        await expect(asked).rejects.toBeInstanceOf(BadCursor);
      }
    );

    it('keeps the trash apart, and shows it to owners only', async () => {
      const { maps } = world();
      const owner = await guest(world());
      const helper = await guest(world());
      const { mapId } = await mapOf(world(), owner, 'thrown away');
      await mapOf(world(), owner, 'kept');
      await maps.join(mapId, helper.userId, null, 'editor');
      await maps.trash(mapId);
      expect(await titles(owner)).toEqual(['kept']);
      expect(await titles(owner, true)).toEqual(['thrown away']);
      expect(await titles(helper)).toEqual([]);
      expect(await titles(helper, true)).toEqual([]);
    });

    it('names the people of each map, first comer first, guests without a name too', async () => {
      const { maps } = world();
      const owner = await guest(world(), 'Ada');
      at(0);
      const { mapId } = await mapOf(world(), owner);
      const alone = await mapOf(world(), owner);
      const unnamed = await guest(world(), null);
      at(1);
      await maps.join(mapId, unnamed.userId, null, 'viewer');
      const page = await maps.list(owner.userId, { trashed: false, limit: 10 });
      const people = new Map(page.maps.map((map) => [map.id, map.people]));
      const ada = { id: owner.userId, name: 'Ada', guest: true };
      expect(people.get(mapId)).toEqual([ada, { id: unnamed.userId, name: '', guest: true }]);
      expect(people.get(alone.mapId)).toEqual([ada]);
    });

    it('names a bounded number of people', async () => {
      const { maps } = world();
      at(0);
      const { mapId, owner } = await mapOf(world());
      at(1);
      for (let i = 0; i < PEOPLE_LISTED + 2; i += 1)
        await maps.join(mapId, (await guest(world())).userId, null, 'viewer');
      const summary = await maps.summary(mapId, owner.userId);
      expect(summary?.people).toHaveLength(PEOPLE_LISTED);
      expect(summary?.people[0]?.id).toBe(owner.userId);
    });
  });
};
