import { expect, test } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { createFakeClock } from '../../tests/support/fake-clock.ts';
import { createMemoryLog } from '../../tests/support/memory-log.ts';
import { Committer, type Committable, type Entry } from './committer.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as MapId;

/** A room that writes down what it is told. */
class Recorder implements Committable {
  readonly mapId: MapId;
  readonly told: string[] = [];
  onCommitted: () => void = () => undefined;
  #waiting: Entry[] = [];

  constructor(index: number) {
    this.mapId = idOf(index);
  }

  write(to: Committer, size = 1): void {
    const update = { userId: null, clientId: 1, bytes: new Uint8Array(size) };
    this.#waiting.push({ update, from: null, count: 1, bytes: size });
    to.add(this, size);
  }

  take(): Entry[] {
    return this.#waiting.splice(0);
  }
  untake(entries: Entry[]): void {
    this.#waiting.unshift(...entries);
  }
  committed(entries: readonly Entry[]): void {
    this.told.push(`committed ${entries.length}`);
    this.onCommitted();
  }
  vanished(): void {
    this.told.push('vanished');
  }
  broken(): void {
    this.told.push('broken');
  }
  saving(works: boolean): void {
    this.told.push(works ? 'saving again' : 'saving stopped');
  }
}

const start = (count: number) => {
  const clock = createFakeClock();
  const log = createMemoryLog();
  const rooms = Array.from({ length: count }, (_value, index) => new Recorder(index));
  for (const { mapId } of rooms) log.create(mapId);
  const committer = new Committer({ log, clock, windowMs: 15, logger: undefined });
  const bad = new Set<MapId>();
  let attempts = 0;
  log.trouble = (operation, mapIds) => {
    if (operation !== 'append') return;
    attempts++;
    if (mapIds.some((mapId) => bad.has(mapId))) throw new Error('cannot be stored');
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < count + 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const attemptsIn = async (work: () => Promise<void>) => {
    attempts = 0;
    await work();
    return attempts;
  };
  return { committer, rooms, log, bad, pass, attemptsIn };
};

test.each([0, 3, 9])('a map that cannot be stored (place %i of 10) is alone with it', async (place) => {
  const { committer, rooms, bad, pass, attemptsIn } = start(10);
  const sick = rooms[place];
  if (!sick) throw new Error('no such room');
  const healthy = rooms.filter((room) => room !== sick);
  bad.add(sick.mapId);
  for (const room of rooms) room.write(committer);
  await pass(15);
  expect(sick.told).toEqual(['saving stopped']);
  for (const { told } of healthy) expect(told).toEqual(['committed 1']);
  expect(committer.isFailing(sick)).toBe(true);

  // The others go on in one transaction each time, and do not wait for it.
  for (let round = 2; round <= 4; round++) {
    for (const room of healthy) room.write(committer);
    expect(await attemptsIn(() => pass(15))).toBe(1);
    for (const { told } of healthy) expect(told).toHaveLength(round);
  }
  sick.write(committer, 1_000);
  expect(committer.queuedBytes(sick)).toBe(1_001);
  expect(committer.queuedBytes('not apart')).toBe(0);
  expect(await attemptsIn(() => pass(100))).toBe(1);
  expect(await attemptsIn(() => pass(100))).toBe(0);
  bad.clear();
  await pass(5_000);
  expect(sick.told).toEqual(['saving stopped', 'saving again', 'committed 2']);
  expect(committer.queuedBytes()).toBe(0);
  expect(committer.isFailing()).toBe(false);
});

test('more bad maps than are tried at once do not keep the others from the log', async () => {
  const { committer, rooms, bad, pass } = start(12);
  for (const { mapId } of rooms.slice(0, 7)) bad.add(mapId);
  for (const room of rooms) room.write(committer);
  for (let round = 0; round < 4; round++) await pass(1_000);
  for (const { told } of rooms.slice(7)) expect(told.at(-1)).toBe('committed 1');
  for (const { told } of rooms.slice(0, 7)) expect(told).toEqual(['saving stopped']);
});

test('when nothing can be stored, a hundred maps do not become a hundred attempts', async () => {
  const { committer, rooms, bad, pass, attemptsIn } = start(100);
  for (const room of rooms) {
    bad.add(room.mapId);
    room.write(committer, 10);
  }
  expect(await attemptsIn(() => pass(15))).toBeLessThan(5);
  expect(await attemptsIn(() => pass(100))).toBeLessThan(5);
  for (const { told } of rooms) expect(told).toEqual(['saving stopped']);
  expect(committer.queuedBytes('not apart')).toBe(1_000);
  bad.clear();
  expect(await attemptsIn(() => pass(5_000))).toBe(1);
  for (const { told } of rooms) expect(told).toEqual(['saving stopped', 'saving again', 'committed 1']);
});

test('a room that throws does not keep the others from their word', async () => {
  const { committer, rooms, pass } = start(3);
  const [first] = rooms;
  if (!first) throw new Error('no room');
  first.onCommitted = () => {
    throw new Error('on purpose');
  };
  for (const room of rooms) room.write(committer);
  await pass(15);
  expect(rooms.map(({ told }) => told)).toEqual([
    ['committed 1', 'broken'],
    ['committed 1'],
    ['committed 1']
  ]);
  expect(committer.queuedBytes()).toBe(0);
});

test('a flush ends: with what it could store stored, and the rest still there', async () => {
  const { committer, rooms, bad } = start(3);
  const [sick] = rooms;
  if (!sick) throw new Error('no room');
  bad.add(sick.mapId);
  for (const room of rooms) room.write(committer);
  await committer.flush();
  expect(rooms.map((room) => committer.isFailing(room))).toEqual([true, false, false]);
  bad.clear();
  await committer.flush();
  expect(sick.told.at(-1)).toBe('committed 1');
});
