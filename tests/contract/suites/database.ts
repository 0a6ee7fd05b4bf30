import { describe, expect, it } from 'vitest';
import { storable } from '../../../server/db/text.ts';
import { guest, mapOf, newMapId, type World } from '../world.ts';

export const databaseSuite = (world: () => World) =>
  describe('database', () => {
    it('answers a ping', async () => {
      await expect(world().opened.ping()).resolves.toBeUndefined();
    });

    it('undoes a transaction that fails', async () => {
      const { opened } = world();
      const { db, tables } = opened;
      const id = newMapId();
      const failing = db.transaction(async (tx) => {
        await tx.insert(tables.maps).values({ id, title: 'never' });
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      const rows = await db.select({ id: tables.maps.id }).from(tables.maps);
      expect(rows.map((row) => row.id)).not.toContain(id);
    });

    it('goes on after a transaction whose statement failed', async () => {
      const { opened } = world();
      const { db, tables } = opened;
      const { mapId } = await mapOf(world());
      const failing = db.transaction((tx) => tx.insert(tables.maps).values({ id: mapId, title: 'twice' }));
      await expect(failing).rejects.toThrow();
      await expect(opened.ping()).resolves.toBeUndefined();
    });

    it('refuses the outer handle inside a transaction', async () => {
      const { db, tables } = world().opened;
      const outside = () => db.select().from(tables.maps);
      await expect(db.transaction(async () => outside())).rejects.toThrow('Inside a transaction');
      await expect(db.reading(async () => outside())).rejects.toThrow('Inside a transaction');
      await expect(db.transaction(() => db.transaction(async () => 1))).rejects.toThrow(
        'Inside a transaction'
      );
      expect(await outside()).toBeInstanceOf(Array);
    });

    it('refuses an orphan', async () => {
      const { db, tables } = world().opened;
      const orphan = db.insert(tables.snapshots).values({
        mapId: newMapId(),
        seq: 0,
        bytes: Uint8Array.of(1),
        sha256: ''
      });
      await expect(orphan).rejects.toThrow();
    });

    it("deletes a map's children with the map", async () => {
      const { backend, maps, log } = world();
      const { mapId, owner } = await mapOf(world());
      const made = await maps.createLink({ mapId, role: 'editor', createdBy: owner.userId });
      await maps.join(mapId, (await guest(world())).userId, made?.link.id ?? '', 'editor');
      const newWriters = [{ clientId: 1, userId: null }];
      await log.append(
        new Map([[mapId, [{ userId: null, clientId: 1, bytes: Uint8Array.of(1), newWriters }]]])
      );
      await backend.raw(`delete from maps where id = '${mapId}'`);
      for (const table of ['members', 'links', 'updates', 'snapshots', 'writers'])
        expect(await backend.raw(`select * from ${table} where map_id = '${mapId}'`), table).toEqual([]);
    });

    it('strips NUL and lone surrogates from text, and nothing else', () => {
      expect(storable('a\0b\ud800c\udc00d😀\ud83d\0\ude00é')).toBe('abcd😀é');
    });
  });
