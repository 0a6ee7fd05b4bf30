import * as Y from 'yjs';
import { afterEach, expect, test, vi } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { createMemoryLog } from '../../tests/support/memory-log.ts';
import { Compaction } from './compaction.ts';
import { takeSnapshot } from './contents.ts';

const MAP = '00000000-0000-4000-8000-000000000001' as MapId;

/** How Yjs' encoder goes wrong; null: it does not. */
const fault = vi.hoisted(() => ({ answer: null as Uint8Array | null }));
vi.mock('yjs', async (original) => {
  const real = await original<typeof Y>();
  return { ...real, encodeStateAsUpdateV2: (doc: Y.Doc) => fault.answer ?? real.encodeStateAsUpdateV2(doc) };
});

afterEach(() => {
  fault.answer = null;
});

const filled = (): Y.Doc => {
  const doc = new Y.Doc();
  for (let entry = 0; entry < 20; entry++) doc.getMap('map').set(`field${entry}`, entry);
  doc.getMap('map').delete('field3');
  return doc;
};

test.each<[string, (doc: Y.Doc) => Uint8Array]>([
  ['empty', () => Y.encodeStateAsUpdateV2(new Y.Doc())],
  ['cut short', (doc) => Y.encodeStateAsUpdateV2(doc).slice(0, 20)],
  ['one that lacks the last edit', () => Y.encodeStateAsUpdateV2(filledBut('field19'))],
  ['one that lacks a deletion', (doc) => withoutDeletions(doc)]
])(
  'rule 11, rule 15: an encoding that is %s is refused, and the log stays as it was',
  async (_what, encode) => {
    const log = createMemoryLog();
    log.create(MAP);
    const doc = filled();
    await log.append(
      new Map([[MAP, [{ userId: null, clientId: doc.clientID, bytes: Y.encodeStateAsUpdate(doc) }]]])
    );
    const errors: string[] = [];
    const logger = {
      info: () => undefined,
      warn: () => undefined,
      error: (_fields: object, message: string) => void errors.push(message)
    };
    const compaction = new Compaction(
      MAP,
      { log, logger },
      () => 0,
      () => undefined
    );
    const stored = await log.load(MAP);
    if (!stored) throw new Error('there is no map');
    compaction.loaded(stored);
    fault.answer = encode(doc);
    expect(() => takeSnapshot(doc, 1)).toThrow();
    await compaction.beforeUnload(doc, 1);
    expect(errors).toEqual(['snapshot refused']);
    expect(log.snapshots(MAP)).toEqual([]);
    expect(log.rows(MAP)).toHaveLength(1);
    fault.answer = null;
    expect(() => takeSnapshot(doc, 1)).not.toThrow();
  }
);

function filledBut(key: string): Y.Doc {
  const doc = filled();
  const copy = new Y.Doc();
  for (const [name, value] of doc.getMap('map')) if (name !== key) copy.getMap('map').set(name, value);
  return copy;
}

/** The document as it was before the last deletion: the same structs, and one deletion less. */
function withoutDeletions(doc: Y.Doc): Uint8Array {
  const copy = new Y.Doc();
  copy.clientID = doc.clientID;
  for (let entry = 0; entry < 20; entry++) copy.getMap('map').set(`field${entry}`, entry);
  return Y.encodeStateAsUpdateV2(copy);
}
