import { expect, test } from 'vitest';
import { createThrottle } from './throttle.ts';

test('a budget is per person, ends, and says how long to wait', async () => {
  const throttle = createThrottle();
  for (let attempt = 0; attempt < 120; attempt += 1)
    expect(await throttle.take('share link', 'one')).toBeNull();
  const wait = await throttle.take('share link', 'one');
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(60);
  expect(await throttle.take('share link', 'another')).toBeNull();
  expect(await throttle.take('new guest', 'one')).toBeNull();
});
