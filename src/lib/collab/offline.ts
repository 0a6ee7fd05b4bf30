import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { clearLedger, createLedger } from './pending-ledger.ts';
import type { OfflineStore, PendingLedger } from './types.ts';

/** The browser's own copy of a map, in IndexedDB, one per map and person. Null where the browser keeps nothing. */
export const createOfflineStore = (mapId: string, userId: string): OfflineStore | null => {
  if (typeof indexedDB === 'undefined' || typeof localStorage === 'undefined') return null;
  const name = `meander:${mapId}:${userId}`;
  let persistence: IndexeddbPersistence | null = null;
  return {
    pending: createLedger(localStorage, name, crypto.randomUUID()),
    async open(doc) {
      if (!(await isUsable())) throw new Error('this browser does not open its storage');
      persistence = new IndexeddbPersistence(name, doc);
      await persistence.whenSynced;
      // An empty state vector is one byte long.
      return Y.encodeStateVector(doc).length > 1;
    },
    async discard() {
      await persistence?.clearData();
      persistence = null;
      clearLedger(localStorage, name);
    },
    async close() {
      await persistence?.destroy();
      persistence = null;
    }
  };
};

/** For pages that keep nothing: the count lives as long as the page. */
export const noLedger: PendingLedger = {
  carried: () => 0,
  set: () => undefined,
  settle: () => undefined,
  epoch: () => null,
  setEpoch: () => undefined
};

/** Some private windows have IndexedDB and refuse to open it; y-indexeddb would wait for ever. */
const isUsable = (): Promise<boolean> =>
  new Promise((resolve) => {
    try {
      const request = indexedDB.open('meander:probe');
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
      request.onerror = () => resolve(false);
      request.onblocked = () => resolve(false);
    } catch {
      resolve(false);
    }
  });
