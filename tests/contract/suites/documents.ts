import { describe, expect, it } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { CorruptDocument, type Writer } from '../../../server/storage/ports.ts';
import { FIRST_CONTENT, guest, mapOf, newMapId, race, update, type World } from '../world.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const documentsSuite = (world: () => World) =>
  describe('document log', () => {
    it('gives a new map its first content as snapshot 0', async () => {
      const { mapId } = await mapOf(world());
      expect(await world().log.load(mapId)).toEqual({
        epoch: 1,
        head: 0,
        snapshot: { seq: 0, bytes: FIRST_CONTENT },
        updates: [],
        writers: []
      });
    });

    it('tells what came after a number, with a snapshot where the log reaches back no more', async () => {
      const { log, maps } = world();
      const { mapId, owner } = await mapOf(world());
      await log.append(new Map([[mapId, [update(1), update(2), update(3)]]]));
      const since = async (after: number) => {
        const found = await log.since(mapId, after);
        return found && [found.head, found.snapshot?.seq ?? null, found.updates.map(({ seq }) => seq)];
      };
      expect(await since(1)).toEqual([3, null, [2, 3]]);
      expect(await since(3)).toEqual([3, null, []]);
      await log.compact(mapId, { seq: 2, bytes: Uint8Array.of(2) });
      await log.compact(mapId, { seq: 3, bytes: Uint8Array.of(3) });
      expect(await since(1)).toEqual([3, 3, []]);
      expect(await since(2)).toEqual([3, null, [3]]);
      expect(await log.since(newMapId(), 0)).toBeNull();
      const other = await mapOf(world(), owner);
      expect(await log.heads([mapId, other.mapId, newMapId()])).toEqual(
        new Map([
          [mapId, 3],
          [other.mapId, 0]
        ])
      );
      await maps.trash(mapId);
      expect(await log.since(mapId, 0)).toBeNull();
      expect(await log.heads([mapId])).toEqual(new Map());
      expect(await log.heads([])).toEqual(new Map());
    });

    it('knows no unknown map', async () => {
      expect(await world().log.load(newMapId())).toBeNull();
    });

    it('numbers updates and returns them as they came', async () => {
      const { log } = world();
      const { mapId, owner } = await mapOf(world());
      const before = Date.now();
      const mine = { userId: owner.userId, clientId: 7, bytes: Uint8Array.of(0, 255, 128) };
      expect(await log.append(new Map([[mapId, [mine, update()]]]))).toEqual(new Map([[mapId, 2]]));
      expect(await log.append(new Map([[mapId, [update(9)]]]))).toEqual(new Map([[mapId, 3]]));
      const loaded = await log.load(mapId);
      expect(loaded).toMatchObject({ head: 3, snapshot: { seq: 0 } });
      expect(loaded?.updates).toEqual([
        { ...mine, seq: 1, at: expect.any(Date) as Date },
        { ...update(), seq: 2, at: expect.any(Date) as Date },
        { ...update(9), seq: 3, at: expect.any(Date) as Date }
      ]);
      expect(loaded?.updates[0]?.at.getTime()).toBeGreaterThanOrEqual(before);
    });

    it('binds a client id once, on its own map, and remembers it after the log is gone', async () => {
      const { log } = world();
      const [one, two] = [await mapOf(world()), await mapOf(world())];
      const ann = one.owner.userId;
      const eve = two.owner.userId;
      const writes = (...newWriters: Writer[]) => ({ ...update(1), newWriters });
      await log.append(
        new Map([
          [
            one.mapId,
            [writes({ clientId: 7, userId: ann }), writes({ clientId: 8, userId: null }), update(2)]
          ],
          [two.mapId, [writes({ clientId: 7, userId: eve })]]
        ])
      );
      await log.append(
        new Map([[one.mapId, [writes({ clientId: 7, userId: eve }, { clientId: 9, userId: eve })]]])
      );
      for (const seq of [2, 3, 4]) await log.compact(one.mapId, { seq, bytes: Uint8Array.of(seq) });
      const writersOf = async (mapId: MapId) =>
        (await log.load(mapId))?.writers.toSorted((a, b) => a.clientId - b.clientId);
      expect(await writersOf(one.mapId)).toEqual([
        { clientId: 7, userId: ann },
        { clientId: 8, userId: null },
        { clientId: 9, userId: eve }
      ]);
      expect(await writersOf(two.mapId)).toEqual([{ clientId: 7, userId: eve }]);
    });

    it('binds no client id when the append fails', async () => {
      const { log } = world();
      const { mapId, owner } = await mapOf(world());
      const sound = { clientId: 7, userId: owner.userId };
      const broken = { clientId: null as unknown as number, userId: owner.userId };
      const writes = (...newWriters: Writer[]) => ({ ...update(1), newWriters });
      await expect(log.append(new Map([[mapId, [writes(sound), writes(broken)]]]))).rejects.toThrow();
      expect(await log.append(new Map([[newMapId(), [writes(sound)]]]))).toEqual(new Map());
      expect(await log.load(mapId)).toMatchObject({ head: 0, writers: [] });
    });

    it('stores more writers than fit one statement', async () => {
      const { log } = world();
      const { mapId } = await mapOf(world());
      const newWriters = numbers(1, 2_500).map((clientId) => ({ clientId, userId: null }));
      await log.append(new Map([[mapId, [{ ...update(1), newWriters }]]]));
      expect((await log.load(mapId))?.writers).toHaveLength(2_500);
    });

    it('answers bytes in memory of their own', async () => {
      const { log } = world();
      const { mapId } = await mapOf(world());
      await log.append(new Map([[mapId, [update(1, 2)]]]));
      const bytes = (await log.load(mapId))?.updates[0]?.bytes;
      expect(bytes?.constructor).toBe(Uint8Array);
      expect(bytes?.buffer.byteLength).toBe(2);
    });

    it('appends to several maps at once, leaving out what is unknown or in the trash', async () => {
      const { log, maps } = world();
      const [one, two, trashed] = [await mapOf(world()), await mapOf(world()), await mapOf(world())];
      await maps.trash(trashed.mapId);
      const unknown = newMapId();
      const heads = await log.append(
        new Map([
          [two.mapId, [update(1), update(2)]],
          [trashed.mapId, [update(1)]],
          [unknown, [update(1)]],
          [one.mapId, [update(1)]]
        ])
      );
      expect(heads).toEqual(
        new Map([
          [one.mapId, 1],
          [two.mapId, 2]
        ])
      );
      expect(await log.load(trashed.mapId)).toMatchObject({ head: 0, updates: [] });
      expect(await log.load(unknown)).toBeNull();
    });

    it('stores more updates than fit one statement', async () => {
      const { log } = world();
      const { mapId } = await mapOf(world());
      const many = numbers(1, 5_001).map((n) => update(n % 256));
      expect(await log.append(new Map([[mapId, many]]))).toEqual(new Map([[mapId, many.length]]));
      const loaded = await log.load(mapId);
      expect(loaded?.updates.map((u) => u.seq)).toEqual(numbers(1, many.length));
      expect(loaded?.updates.map((u) => u.bytes[0])).toEqual(many.map((u) => u.bytes[0]));
    });

    it('keeps a megabyte as it is', async () => {
      const { log } = world();
      const { mapId } = await mapOf(world());
      const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 256);
      await log.append(new Map([[mapId, [{ userId: null, clientId: 1, bytes }]]]));
      await log.compact(mapId, { seq: 1, bytes });
      expect(Buffer.from(bytes).equals((await log.load(mapId))?.snapshot?.bytes ?? new Uint8Array())).toBe(
        true
      );
    });

    it('counts an empty batch as no edit', async () => {
      const { log, maps } = world();
      const { mapId, owner } = await mapOf(world());
      const before = await maps.summary(mapId, owner.userId);
      expect(await log.append(new Map([[mapId, []]]))).toEqual(new Map([[mapId, 0]]));
      expect(await maps.summary(mapId, owner.userId)).toEqual(before);
      expect(await log.append(new Map())).toEqual(new Map());
    });

    it('numbers 100 concurrent appends without gap or double', async () => {
      const { everyLog, log } = world();
      const { mapId } = await mapOf(world());
      const heads = await race(everyLog, 100, async (node, index) => {
        const answer = await node.append(new Map([[mapId, [update(index), update(index)]]]));
        return answer.get(mapId) ?? 0;
      });
      expect(heads.toSorted((a, b) => a - b)).toEqual(numbers(1, 100).map((n) => 2 * n));
      const updates = (await log.load(mapId))?.updates ?? [];
      expect(updates.map((u) => u.seq)).toEqual(numbers(1, 200));
      const writers = numbers(0, 99).map((n) => updates.filter((u) => u.bytes[0] === n).length);
      expect(writers).toEqual(numbers(0, 99).map(() => 2));
    });

    it('lets batches over the same maps in any order pass one another', async () => {
      const { everyLog, log } = world();
      const ids = [(await mapOf(world())).mapId, (await mapOf(world())).mapId, (await mapOf(world())).mapId];
      await race(everyLog, 30, (node, index) => {
        const order = index % 2 === 0 ? ids : ids.toReversed();
        return node.append(new Map(order.map((id) => [id, [update(index)]])));
      });
      for (const id of ids) expect(await log.load(id)).toMatchObject({ head: 30 });
    });

    it('reads one moment while others append and compact', async () => {
      const { everyLog } = world();
      const { mapId } = await mapOf(world());
      const [writer, ...others] = everyLog;
      const readers = others.length > 0 ? others : everyLog;
      let writing = true;
      const write = async () => {
        for (let seq = 1; seq <= 60; seq += 1) {
          await writer?.append(new Map([[mapId, [update(seq)]]]));
          if (seq % 3 === 0) await writer?.compact(mapId, { seq, bytes: Uint8Array.of(seq) });
        }
        writing = false;
      };
      const read = async (log: (typeof everyLog)[number]) => {
        while (writing) {
          const loaded = await log.load(mapId);
          expect(loaded).not.toBeNull();
        }
      };
      await Promise.all([write(), ...readers.map(read)]);
      expect(await readers[0]?.load(mapId)).toMatchObject({ head: 60, snapshot: { seq: 60 } });
    });
  });

export const compactionSuite = (world: () => World) =>
  describe('snapshots', () => {
    const stored = async (mapId: string) => {
      const { raw } = world().backend;
      const snapshots = await raw(`select seq from snapshots where map_id = '${mapId}' order by seq`);
      const updates = await raw(`select seq from updates where map_id = '${mapId}' order by seq`);
      return { snapshots: snapshots.map((r) => Number(r.seq)), updates: updates.map((r) => Number(r.seq)) };
    };
    const spoil = (mapId: string, seq: number) =>
      world().backend.raw(`update snapshots set sha256 = 'x' where map_id = '${mapId}' and seq = ${seq}`);
    /** A map with snapshots 0 and 2 and a log of four updates. */
    const compacted = async () => {
      const { mapId } = await mapOf(world());
      const { log } = world();
      await log.append(new Map([[mapId, [update(1), update(2), update(3), update(4)]]]));
      await log.compact(mapId, { seq: 2, bytes: Uint8Array.of(2) });
      return mapId;
    };

    it('keeps two generations and the log between them', async () => {
      const { log } = world();
      const mapId = await compacted();
      expect(await stored(mapId)).toEqual({ snapshots: [0, 2], updates: [1, 2, 3, 4] });
      await log.compact(mapId, { seq: 3, bytes: Uint8Array.of(3) });
      expect(await stored(mapId)).toEqual({ snapshots: [2, 3], updates: [3, 4] });
      const loaded = await log.load(mapId);
      expect(loaded).toMatchObject({ head: 4, snapshot: { seq: 3, bytes: Uint8Array.of(3) } });
      expect(loaded?.updates.map((u) => u.seq)).toEqual([4]);
    });

    it('ignores a snapshot older than the newest, and takes the same one twice', async () => {
      const { log } = world();
      const mapId = await compacted();
      await log.compact(mapId, { seq: 1, bytes: Uint8Array.of(1) });
      await log.compact(mapId, { seq: 2, bytes: Uint8Array.of(2) });
      expect(await stored(mapId)).toEqual({ snapshots: [0, 2], updates: [1, 2, 3, 4] });
    });

    it('refuses a snapshot ahead of the log', async () => {
      const mapId = await compacted();
      const ahead = world().log.compact(mapId, { seq: 5, bytes: Uint8Array.of(5) });
      await expect(ahead).rejects.toThrow('ahead of its log');
      expect(await stored(mapId)).toEqual({ snapshots: [0, 2], updates: [1, 2, 3, 4] });
    });

    it('stores no snapshot of an unknown map', async () => {
      const mapId = newMapId();
      await world().log.compact(mapId, { seq: 0, bytes: Uint8Array.of(1) });
      expect(await stored(mapId)).toEqual({ snapshots: [], updates: [] });
    });

    it('keeps two generations when several nodes compact at once', async () => {
      const { everyLog, log } = world();
      for (let round = 0; round < 10; round += 1) {
        const mapId = await compacted();
        await race(everyLog, 4, (node, i) =>
          node.compact(mapId, { seq: 3 + (i % 2), bytes: Uint8Array.of(i % 2) })
        );
        const { snapshots, updates } = await stored(mapId);
        expect(snapshots).toHaveLength(2);
        expect(snapshots.at(-1)).toBe(4);
        expect(updates).toEqual(numbers((snapshots[0] ?? 0) + 1, 4));
        expect(await log.load(mapId)).toMatchObject({ head: 4, snapshot: { seq: 4 } });
      }
    });

    it('falls back to the snapshot before a spoilt one', async () => {
      const { log } = world();
      const mapId = await compacted();
      await log.compact(mapId, { seq: 4, bytes: Uint8Array.of(4) });
      await spoil(mapId, 4);
      const loaded = await log.load(mapId);
      expect(loaded?.snapshot).toEqual({ seq: 2, bytes: Uint8Array.of(2) });
      expect(loaded?.updates.map((u) => u.seq)).toEqual([3, 4]);
    });

    it('never counts a spoilt snapshot as a generation', async () => {
      const { log } = world();
      const mapId = await compacted();
      await spoil(mapId, 2);
      await log.compact(mapId, { seq: 4, bytes: Uint8Array.of(4) });
      expect(await stored(mapId)).toEqual({ snapshots: [0, 4], updates: [1, 2, 3, 4] });
      await spoil(mapId, 4);
      expect((await log.load(mapId))?.updates.map((u) => u.seq)).toEqual([1, 2, 3, 4]);
    });

    it('refuses a map whose snapshots are both spoilt', async () => {
      const mapId = await compacted();
      await spoil(mapId, 0);
      await spoil(mapId, 2);
      const error: unknown = await world()
        .log.load(mapId)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CorruptDocument);
      expect(error).toMatchObject({ mapId });
    });

    it.each([
      ['a spoilt update', 'update updates set crc = crc + 1 where seq = 3 and'],
      ['a missing update', 'delete from updates where seq = 3 and'],
      ['a missing last update', 'delete from updates where seq = 4 and'],
      ['a count that lags', 'update maps set head = 3 where']
    ])('refuses a map with %s, and no other', async (_, spoiling) => {
      const { backend, log } = world();
      const mapId = await compacted();
      const neighbour = await compacted();
      await backend.raw(`${spoiling} ${spoiling.includes('maps') ? 'id' : 'map_id'} = '${mapId}'`);
      await expect(log.load(mapId)).rejects.toBeInstanceOf(CorruptDocument);
      expect(await log.load(neighbour)).toMatchObject({ head: 4 });
    });

    it.each([
      ['a spoilt update', 'update updates set crc = crc + 1 where seq = 3 and', 2],
      ['a missing update', 'delete from updates where seq = 3 and', 2],
      ['a missing last update', 'delete from updates where seq = 4 and', 3],
      ['nothing wrong', 'update maps set head = head where', 4]
    ])('salvages what comes before the damage of a map with %s', async (_, spoiling, readable) => {
      const { backend, log } = world();
      const mapId = await compacted();
      await backend.raw(`${spoiling} ${spoiling.includes('maps') ? 'id' : 'map_id'} = '${mapId}'`);
      const left = await log.salvage(mapId);
      expect(left?.head).toBe(readable);
      const last = Math.max(left?.snapshot?.seq ?? 0, ...(left?.updates ?? []).map(({ seq }) => seq));
      expect(last).toBe(readable);
      expect(left?.damage).toContain(`up to update ${readable} of 4`);
    });

    it('salvages nothing when no snapshot is sound', async () => {
      const { backend, log } = world();
      const mapId = await compacted();
      await backend.raw(`update snapshots set sha256 = '0' where map_id = '${mapId}'`);
      await expect(log.salvage(mapId)).rejects.toBeInstanceOf(CorruptDocument);
    });

    it('salvages no unknown map', async () => {
      expect(await world().log.salvage(newMapId())).toBeNull();
    });

    it('keeps the author of an update after they are gone', async () => {
      const { backend, log } = world();
      const writer = await guest(world());
      const { mapId } = await mapOf(world());
      await log.append(new Map([[mapId, [{ ...update(1), userId: writer.userId }]]]));
      await backend.raw(`delete from users where id = '${writer.userId}'`);
      expect((await log.load(mapId))?.updates[0]?.userId).toBe(writer.userId);
    });
  });
