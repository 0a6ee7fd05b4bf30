import { describe, expect, it } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import {
  BadCursor,
  CorruptDocument,
  VERSIONS_NAMED,
  type NewVersion
} from '../../../server/storage/ports.ts';
import { outlived } from '../../../server/storage/versions.ts';
import { guest, mapOf, newMapId, race, update, type World } from '../world.ts';

const versionOf = (mapId: MapId, seq: number, more: Partial<NewVersion> = {}): NewVersion => ({
  mapId,
  kind: 'named',
  name: null,
  reason: null,
  userId: null,
  restoredId: null,
  seq,
  clv: null,
  bytes: Uint8Array.of(seq, 255),
  stateVector: Uint8Array.of(seq),
  writersSince: () => new Set(),
  ...more
});

export const versionsSuite = (world: () => World) =>
  describe('versions', () => {
    it('keeps a state with who asked for it, why, and what the map was worth', async () => {
      const { versions } = world();
      const { mapId, owner } = await mapOf(world());
      const before = Date.now();
      const kept = await versions.add(
        versionOf(mapId, 0, {
          name: 'Before\0 the workshop',
          reason: 'r',
          userId: owner.userId,
          clv: 524.25
        }),
        0
      );
      if (kept === null || kept === 'full') throw new Error('not kept');
      expect(kept).toEqual({
        id: expect.any(String) as string,
        kind: 'named',
        name: 'Before the workshop',
        reason: 'r',
        by: { id: owner.userId, name: 'Owner' },
        restoredId: null,
        people: [],
        clv: 524.25,
        at: expect.any(Date) as Date
      });
      expect(kept.at.getTime()).toBeGreaterThanOrEqual(before);
      expect(await versions.get(mapId, kept.id)).toEqual(kept);
      expect(await versions.bytes(mapId, kept.id)).toEqual(Uint8Array.of(0, 255));
    });

    it('shows a version on its own map only, and keeps none of a map that is not there', async () => {
      const { versions, maps } = world();
      const [one, two] = [await mapOf(world()), await mapOf(world())];
      const kept = await versions.add(versionOf(one.mapId, 0), 0);
      if (kept === null || kept === 'full') throw new Error('not kept');
      expect(await versions.get(two.mapId, kept.id)).toBeNull();
      expect(await versions.bytes(two.mapId, kept.id)).toBeNull();
      expect(await versions.rename(two.mapId, kept.id, 'x', null)).toBeNull();
      expect(await versions.add(versionOf(newMapId(), 0), 0)).toBeNull();
      await maps.trash(one.mapId);
      expect(await versions.add(versionOf(one.mapId, 1), 0)).toBeNull();
    });

    it('says who edited since the version before: by new client ids, and by the log where only deletions were', async () => {
      const { versions, log } = world();
      const { mapId, owner } = await mapOf(world());
      const [ann, ben] = [await guest(world(), 'Ann'), await guest(world(), 'Ben')];
      await log.append(
        new Map([
          [
            mapId,
            [
              { ...update(1), userId: owner.userId, newWriters: [{ clientId: 5, userId: owner.userId }] },
              { ...update(2), userId: ann.userId, newWriters: [{ clientId: 6, userId: ann.userId }] }
            ]
          ]
        ])
      );
      await versions.add(versionOf(mapId, 2, { stateVector: Uint8Array.of(56) }), 0);
      await log.append(new Map([[mapId, [{ ...update(3), userId: ben.userId, clientId: 5 }]]]));
      // The log is gone by then, but for Ben's row; the state vectors name client 6.
      await log.compact(mapId, { seq: 1, bytes: Uint8Array.of(1) });
      await log.compact(mapId, { seq: 2, bytes: Uint8Array.of(2) });
      const asked: (Uint8Array | null)[] = [];
      const kept = await versions.add(
        versionOf(mapId, 3, { writersSince: (before) => (asked.push(before), new Set([6, 99])) }),
        0
      );
      if (kept === null || kept === 'full') throw new Error('not kept');
      expect(asked).toEqual([Uint8Array.of(56)]);
      expect(kept.people.map(({ name }) => name).sort()).toEqual(['Ann', 'Ben']);
    });

    it('adds an automatic version only when time has gone by and something was edited, on one node of several', async () => {
      const { versions, everyVersions } = world();
      const { mapId } = await mapOf(world());
      const automatic = (seq: number) => versionOf(mapId, seq, { kind: 'automatic' });
      const raced = await race(everyVersions, 6, (store) => store.add(automatic(1), 60_000));
      expect(raced.filter((kept) => kept !== null)).toHaveLength(1);
      expect(await versions.add(automatic(2), 60_000)).toBeNull();
      expect(await versions.add(automatic(1), -1_000)).toBeNull();
      expect(await versions.add(automatic(2), -1_000)).not.toBeNull();
    });

    it('pages newest first, in the order in which versions of one moment came', async () => {
      const { versions } = world();
      const { mapId } = await mapOf(world());
      for (const seq of [1, 2, 3, 4, 5]) await versions.add(versionOf(mapId, seq, { name: `v${seq}` }), 0);
      const first = await versions.list(mapId, { limit: 3 });
      expect(first.versions.map(({ name }) => name)).toEqual(['v5', 'v4', 'v3']);
      const second = await versions.list(mapId, { limit: 3, cursor: first.next ?? '' });
      expect(second.versions.map(({ name }) => name)).toEqual(['v2', 'v1']);
      expect(second.next).toBeNull();
      await expect(versions.list(mapId, { limit: 3, cursor: 'x' })).rejects.toThrow(BadCursor);
    });

    it('names a version later, and never more than there is room for, however many ask at once', async () => {
      const { versions, everyVersions, backend } = world();
      const { mapId } = await mapOf(world());
      const plain = await versions.add(versionOf(mapId, 1, { kind: 'automatic' }), 0);
      if (plain === null || plain === 'full') throw new Error('not kept');
      expect(await versions.rename(mapId, plain.id, 'First', 'why')).toMatchObject({
        kind: 'automatic',
        name: 'First',
        reason: 'why'
      });
      const rows = Array.from(
        { length: VERSIONS_NAMED - 3 },
        (_, index) =>
          `('${newMapId()}', '${mapId}', 'named', 'n${index}', 0, ` +
          (backend.name === 'SQLite' ? `x'00', 's', x'00', 0)` : `'\\x00', 's', '\\x00', to_timestamp(0))`)
      );
      await backend.raw(
        `insert into versions (id, map_id, kind, name, seq, bytes, sha256, state_vector, at) values ${rows.join(',')}`
      );
      const raced = await race(everyVersions, 5, (store, seq) =>
        store.add(versionOf(mapId, seq + 2, { name: 'more' }), 0)
      );
      expect(raced.filter((kept) => kept === 'full')).toHaveLength(3);
      const other = await versions.add(versionOf(mapId, 9), 0);
      if (other === null || other === 'full') throw new Error('not kept');
      expect(await versions.rename(mapId, other.id, 'x', null)).toBe('full');
      expect(await versions.rename(mapId, plain.id, 'Renamed', null)).toMatchObject({ name: 'Renamed' });
    });

    it('thins out old automatic versions and leaves named ones alone', async () => {
      const { versions, backend } = world();
      const { mapId } = await mapOf(world());
      const old = (days: number) =>
        backend.name === 'SQLite'
          ? String(Date.now() - days * 86_400_000)
          : `to_timestamp(${Date.now() / 1000 - days * 86_400})`;
      for (const name of ['a', 'b', 'c']) await versions.add(versionOf(mapId, 1, { name }), 0);
      await versions.add(versionOf(mapId, 2, { kind: 'automatic' }), -1_000);
      await versions.add(versionOf(mapId, 3, { kind: 'automatic' }), -1_000);
      await backend.raw(`update versions set at = ${old(100)} where map_id = '${mapId}'`);
      await versions.add(versionOf(mapId, 4, { kind: 'automatic' }), -1_000);
      const { versions: left } = await versions.list(mapId, { limit: 100 });
      expect(left.filter(({ name }) => name !== null)).toHaveLength(3);
      expect(left.filter(({ kind }) => kind === 'automatic')).toHaveLength(2);
    });

    it('does not hand out a version whose bytes were spoilt', async () => {
      const { versions, backend } = world();
      const { mapId } = await mapOf(world());
      const kept = await versions.add(versionOf(mapId, 1), 0);
      if (kept === null || kept === 'full') throw new Error('not kept');
      await backend.raw(`update versions set sha256 = 'x' where id = '${kept.id}'`);
      await expect(versions.bytes(mapId, kept.id)).rejects.toThrow(CorruptDocument);
    });
  });

export const retentionSuite = () =>
  describe('retention', () => {
    const now = new Date('2026-06-15T12:00:00Z');
    const hours = (count: number) => ({ id: `h${count}`, at: new Date(now.getTime() - count * 3_600_000) });

    it('keeps every automatic version of two days, one a day for 60 days, one a week after that', () => {
      const all = Array.from({ length: 24 * 200 }, (_, index) => hours(index));
      const gone = new Set(outlived(all, now));
      const left = all.filter(({ id }) => !gone.has(id));
      const aged = (from: number, to: number) =>
        left.filter(({ at }) => {
          const days = (now.getTime() - at.getTime()) / 86_400_000;
          return days >= from && days < to;
        }).length;
      expect(aged(0, 2)).toBe(48);
      expect(aged(3, 59)).toBe(56);
      expect(aged(61, 200)).toBeGreaterThanOrEqual(19);
      expect(aged(61, 200)).toBeLessThanOrEqual(21);
    });

    it('what is left outlives nothing more at the same moment, and the newest always stays', () => {
      const all = Array.from({ length: 500 }, (_, index) => hours(index * 7));
      const gone = new Set(outlived(all, now));
      const left = all.filter(({ id }) => !gone.has(id));
      expect(outlived(left, now)).toEqual([]);
      expect(left[0]?.id).toBe('h0');
    });
  });
