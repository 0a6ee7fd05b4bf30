import { expect, onTestFinished, test, vi } from 'vitest';
import { perform, SCRIPT, type ShareId } from './miniature-script.ts';

test.each([
  ['while the cursor is on its way', 2_500],
  ['between two keystrokes', 3_200],
  ['while it looks at what came out', 6_000]
])('a colleague who is stopped %s touches the map no more', async (_when, after) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const shares: Record<ShareId, number> = { convert: 0.3, stay: 0.93 };
  let gone = false;
  const touch = () => {
    if (gone) throw new Error('the map is gone');
  };
  const stop = new AbortController();
  const done = perform(SCRIPT, stop.signal, {
    value: (share) => (touch(), shares[share]),
    point: touch,
    set: (share, value) => {
      touch();
      shares[share] = value;
    }
  });
  await vi.advanceTimersByTimeAsync(after);
  gone = true;
  stop.abort();
  await expect(done).resolves.toBeUndefined();
});
