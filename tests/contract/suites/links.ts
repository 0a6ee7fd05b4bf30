import { describe, expect, it } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import type { Principal } from '../../../server/access/access.ts';
import { guest, mapOf, newMapId, race, type World } from '../world.ts';

export const linksSuite = (world: () => World) =>
  describe('share links', () => {
    const linkOf = async (mapId: MapId, owner: Principal, role: 'editor' | 'viewer' = 'editor') => {
      const made = await world().maps.createLink({ mapId, role, createdBy: owner.userId });
      if (!made) throw new Error('no link');
      return made;
    };

    it('opens by its token, of which only a hash is kept', async () => {
      const { maps, backend } = world();
      const { mapId, owner } = await mapOf(world());
      const { link, token } = await linkOf(mapId, owner, 'viewer');
      expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
      const { id, createdAt } = link;
      const open = { expiresAt: null, usesLimit: null, uses: 0, locked: false };
      expect(link).toEqual({ id, mapId, role: 'viewer', createdAt, ...open });
      expect(await maps.findLink(token)).toEqual({ ...link, passwordHash: null });
      expect(await maps.links(mapId)).toEqual([link]);
      const rows = await backend.raw(`select * from links where map_id = '${mapId}'`);
      expect(JSON.stringify(rows)).not.toContain(token);
    });

    it.each(['', 'unknown', '\0', '\ud800'])('finds nothing for the token %j', async (token) => {
      expect(await world().maps.findLink(token)).toBeNull();
    });

    it('ends at once, with every right that came by it, and only those', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const [one, other] = [await linkOf(mapId, owner), await linkOf(mapId, owner)];
      const [ann, bob] = [await guest(world()), await guest(world())];
      expect(await maps.join(mapId, ann.userId, one.link.id, 'editor')).toBe('editor');
      expect(await maps.join(mapId, bob.userId, other.link.id, 'editor')).toBe('editor');
      expect(await maps.revokeLink(mapId, one.link.id)).toBe(true);
      expect(await maps.revokeLink(mapId, one.link.id)).toBe(false);
      expect(await maps.roleOf(mapId, ann.userId)).toBeNull();
      expect(await maps.summary(mapId, ann.userId)).toBeNull();
      expect((await maps.list(ann.userId, { trashed: false, limit: 9 })).maps).toEqual([]);
      expect(await maps.roleOf(mapId, bob.userId)).toMatchObject({ role: 'editor' });
      const people = (await maps.summary(mapId, owner.userId))?.people.map((person) => person.id);
      expect(people?.toSorted()).toEqual([owner.userId, bob.userId].toSorted());
      expect(await maps.findLink(one.token)).toBeNull();
      expect(await maps.links(mapId)).toEqual([{ ...other.link, uses: 1 }]);
      expect(await maps.join(mapId, ann.userId, one.link.id, 'editor')).toBeNull();
    });

    it('is revoked on its own map only', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const { link } = await linkOf(mapId, owner);
      expect(await maps.revokeLink((await mapOf(world())).mapId, link.id)).toBe(false);
      expect(await maps.revokeLink(mapId, '\0')).toBe(false);
      expect(await maps.links(mapId)).toEqual([link]);
    });

    it('lets somebody back in by another link', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const [edit, view] = [await linkOf(mapId, owner), await linkOf(mapId, owner, 'viewer')];
      const ann = await guest(world());
      await maps.join(mapId, ann.userId, edit.link.id, 'editor');
      await maps.revokeLink(mapId, edit.link.id);
      expect(await maps.join(mapId, ann.userId, view.link.id, 'viewer')).toBe('viewer');
      expect(await maps.roleOf(mapId, ann.userId)).toEqual({ role: 'viewer', trashed: false, until: null });
    });

    it('raises a smaller role and never lowers a higher one', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const [edit, view] = [await linkOf(mapId, owner), await linkOf(mapId, owner, 'viewer')];
      const ann = await guest(world());
      expect(await maps.join(mapId, ann.userId, view.link.id, 'viewer')).toBe('viewer');
      expect(await maps.join(mapId, ann.userId, edit.link.id, 'editor')).toBe('editor');
      expect(await maps.join(mapId, ann.userId, view.link.id, 'viewer')).toBe('editor');
      expect(await maps.join(mapId, owner.userId, view.link.id, 'viewer')).toBe('owner');
      await maps.revokeLink(mapId, view.link.id);
      expect(await maps.roleOf(mapId, owner.userId)).toMatchObject({ role: 'owner' });
      expect(await maps.roleOf(mapId, ann.userId)).toMatchObject({ role: 'editor' });
    });

    it('does not end a right that was given without a link since', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const { link } = await linkOf(mapId, owner);
      const ann = await guest(world());
      await maps.join(mapId, ann.userId, link.id, 'editor');
      expect(await maps.join(mapId, ann.userId, null, 'editor')).toBe('editor');
      await maps.revokeLink(mapId, link.id);
      expect(await maps.roleOf(mapId, ann.userId)).toMatchObject({ role: 'editor' });
    });

    it('gives no other role, on no other map, and nothing in the trash', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const other = await mapOf(world());
      const { link, token } = await linkOf(mapId, owner, 'viewer');
      const ann = await guest(world());
      expect(await maps.join(mapId, ann.userId, link.id, 'editor')).toBeNull();
      expect(await maps.join(mapId, ann.userId, link.id, 'owner')).toBeNull();
      expect(await maps.join(mapId, ann.userId, 'no link\0', 'viewer')).toBeNull();
      expect(await maps.join(other.mapId, ann.userId, link.id, 'viewer')).toBeNull();
      expect(await maps.join(newMapId(), ann.userId, null, 'viewer')).toBeNull();
      await maps.trash(mapId);
      expect(await maps.join(mapId, ann.userId, link.id, 'viewer')).toBeNull();
      expect(await maps.findLink(token)).toBeNull();
      expect(await maps.createLink({ mapId, role: 'viewer', createdBy: owner.userId })).toBeNull();
      expect(
        await maps.createLink({ mapId: newMapId(), role: 'viewer', createdBy: owner.userId })
      ).toBeNull();
      expect(await maps.roleOf(mapId, ann.userId)).toBeNull();
    });

    it('lets people in who come at the same time, each once', async () => {
      const { everyStore, maps } = world();
      const { mapId, owner } = await mapOf(world());
      const { link } = await linkOf(mapId, owner);
      const crowd = await Promise.all(Array.from({ length: 6 }, () => guest(world())));
      const roles = await race(everyStore, 24, (store, index) => {
        const person = crowd[index % crowd.length];
        return person ? store.join(mapId, person.userId, link.id, 'editor') : Promise.resolve(null);
      });
      expect(new Set(roles)).toEqual(new Set(['editor']));
      expect((await maps.summary(mapId, owner.userId))?.people).toHaveLength(7);
    });

    it('ends on the higher role when one person comes by two links at once', async () => {
      const { everyStore, maps } = world();
      const { mapId, owner } = await mapOf(world());
      const [edit, view] = [await linkOf(mapId, owner), await linkOf(mapId, owner, 'viewer')];
      const ann = await guest(world());
      await race(everyStore, 20, (store, index) =>
        index % 2 === 0
          ? store.join(mapId, ann.userId, view.link.id, 'viewer')
          : store.join(mapId, ann.userId, edit.link.id, 'editor')
      );
      expect(await maps.roleOf(mapId, ann.userId)).toMatchObject({ role: 'editor' });
    });

    it('leaves nobody in when joins race its end', async () => {
      const { everyStore, maps } = world();
      const { mapId, owner } = await mapOf(world());
      const { link } = await linkOf(mapId, owner);
      const crowd = await Promise.all(Array.from({ length: 12 }, () => guest(world())));
      const joins = race(everyStore, crowd.length, (store, index) => {
        const person = crowd[index];
        return person ? store.join(mapId, person.userId, link.id, 'editor') : Promise.resolve(null);
      });
      const [, ...ends] = await Promise.all([
        joins,
        ...everyStore.map((store) => store.revokeLink(mapId, link.id))
      ]);
      expect(ends.filter(Boolean)).toHaveLength(1);
      for (const { userId } of crowd) expect(await maps.roleOf(mapId, userId)).toBeNull();
    });
  });
