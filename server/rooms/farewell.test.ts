import { expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { createFakeClock } from '../../tests/support/fake-clock.ts';
import { inTime, sendAway } from './farewell.ts';
import type { Connection } from './session.ts';

const world = (count: number) => {
  const gone: number[] = [];
  const room = {
    drop(connection: Connection, code: number) {
      expect(code).toBe(CLOSE.restart);
      gone.push(connection as unknown as number);
    }
  };
  const seats = Array.from({ length: count }, (_, index) => ({
    room,
    connection: index as unknown as Connection
  }));
  return { gone, seats };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a few are sent away at once, many in waves that take five seconds and no more', async () => {
  const clock = createFakeClock();
  const few = world(50);
  await sendAway(few.seats, clock, undefined);
  expect(few.gone).toHaveLength(50);

  const many = world(4_000);
  const done = sendAway(many.seats, clock, undefined);
  const waves: number[] = [];
  for (let elapsed = 0; elapsed < 5_000; elapsed += 25) {
    const before = many.gone.length;
    await settled();
    clock.advance(25);
    await settled();
    if (many.gone.length > before) waves.push(many.gone.length - before);
  }
  await done;
  expect(new Set(many.gone).size).toBe(4_000);
  expect(Math.max(...waves)).toBeLessThanOrEqual(200);
  expect(many.gone).not.toEqual(many.gone.toSorted((a, b) => a - b)); // not map after map
});

test('a second signal sends everybody away at once and leaves the snapshots', async () => {
  const clock = createFakeClock();
  const hurry = new AbortController();
  const { gone, seats } = world(1_000);
  const done = sendAway(seats, clock, hurry.signal);
  await settled();
  expect(gone).toHaveLength(50);
  hurry.abort();
  await done;
  expect(gone).toHaveLength(1_000);
  await inTime(new Promise(() => undefined), clock, hurry.signal);
});

test('snapshots are waited for, for twenty seconds', async () => {
  const clock = createFakeClock();
  await inTime(Promise.resolve(), clock, undefined);
  let over = false;
  const waiting = inTime(new Promise(() => undefined), clock, undefined).then(() => (over = true));
  clock.advance(19_999);
  await settled();
  expect(over).toBe(false);
  clock.advance(1);
  await waiting;
});
