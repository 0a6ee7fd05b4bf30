import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { createSnapshots } from './snapshots.ts';

const stored = (updates: readonly Uint8Array[]) => ({
  epoch: 1,
  head: updates.length,
  snapshot: null,
  writers: [],
  updates: updates.map((bytes, index) => ({
    seq: index + 1,
    at: new Date(),
    userId: null,
    clientId: 1,
    bytes
  }))
});

test('bug 15: a thread makes snapshots that read back, and refuses what has a gap', async () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let edit = 0; edit < 50; edit++) doc.getMap('map').set(`k${edit % 5}`, edit);
  const snapshots = createSnapshots();
  try {
    const [whole, broken, again] = await Promise.allSettled([
      snapshots.of(stored(updates)),
      snapshots.of(stored(updates.toSpliced(3, 1))),
      snapshots.of(stored(updates))
    ]);
    expect(broken).toMatchObject({
      status: 'rejected',
      reason: { message: 'the stored updates have a gap' }
    });
    expect(again).toEqual(whole);
    const copy = new Y.Doc();
    if (whole.status === 'fulfilled') Y.applyUpdateV2(copy, whole.value);
    expect(copy.getMap('map').toJSON()).toEqual(doc.getMap('map').toJSON());
    expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(doc));
  } finally {
    await snapshots.close();
  }
});
