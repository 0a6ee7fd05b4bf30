import { beforeAll, describe, expect, it } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import type { Action, Principal } from '../../../server/access/access.ts';
import { guest, mapOf, newMapId, type World } from '../world.ts';

const ACTIONS: readonly Action[] = ['read', 'comment', 'edit', 'share', 'trash'];

/** What each person gets for read, comment, edit, share, trash: on a map, and on a map in the trash. */
const MATRIX: Record<string, readonly [string, string]> = {
  nobody: ['login login login login login', 'login login login login login'],
  stranger: ['unknown unknown unknown unknown unknown', 'unknown unknown unknown unknown unknown'],
  owner: ['owner owner owner owner owner', 'gone gone gone gone owner'],
  'guest by edit link': ['editor editor editor forbidden forbidden', 'gone gone gone gone gone'],
  commenter: ['commenter commenter forbidden forbidden forbidden', 'gone gone gone gone gone'],
  'viewer by link': ['viewer forbidden forbidden forbidden forbidden', 'gone gone gone gone gone'],
  'guest by a revoked link': [
    'unknown unknown unknown unknown unknown',
    'unknown unknown unknown unknown unknown'
  ]
};

export const authorizeSuite = (world: () => World) =>
  describe('authorize', () => {
    const people = new Map<string, Principal | null>();
    let kept: MapId;
    let trashed: MapId;

    const byLink = async (mapId: MapId, owner: Principal, person: Principal, role: 'editor' | 'viewer') => {
      const made = await world().maps.createLink({ mapId, role, createdBy: owner.userId });
      await world().maps.join(mapId, person.userId, made?.link.id ?? '', role);
      return made?.link.id ?? '';
    };
    beforeAll(async () => {
      const { maps } = world();
      const [owner, editor, commenter] = [await guest(world()), await guest(world()), await guest(world())];
      const [viewer, revoked] = [await guest(world()), await guest(world())];
      people.set('nobody', null).set('stranger', await guest(world()));
      people.set('owner', owner).set('guest by edit link', editor).set('commenter', commenter);
      people.set('viewer by link', viewer).set('guest by a revoked link', revoked);
      const populated = async () => {
        const { mapId } = await mapOf(world(), owner);
        await byLink(mapId, owner, editor, 'editor');
        await byLink(mapId, owner, viewer, 'viewer');
        await maps.join(mapId, commenter.userId, null, 'commenter');
        await maps.revokeLink(mapId, await byLink(mapId, owner, revoked, 'editor'));
        return mapId;
      };
      kept = await populated();
      trashed = await populated();
      await maps.trash(trashed);
    });

    const answers = async (who: string, mapId: string) => {
      const principal = people.get(who) ?? null;
      const asked = ACTIONS.map((action) => world().access.authorize(principal, mapId, action));
      return (await Promise.all(asked)).map((a) => (a.allowed ? a.role : a.reason)).join(' ');
    };

    it.each(Object.entries(MATRIX))('answers %s', async (who, [onMap, inTrash]) => {
      expect(await answers(who, kept)).toBe(onMap);
      expect(await answers(who, trashed)).toBe(inTrash);
    });

    it.each([...Object.keys(MATRIX)])('tells %s nothing about a map that does not exist', async (who) => {
      const nothing = who === 'nobody' ? MATRIX.nobody : MATRIX.stranger;
      for (const mapId of [newMapId(), '', '\0', '../etc', kept.toUpperCase()])
        expect(await answers(who, mapId), mapId).toBe(nothing?.[0]);
    });
  });
