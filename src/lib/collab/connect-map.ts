import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import {
  MESSAGE,
  readAck,
  readHello,
  readNotice,
  readPoke,
  VERSION,
  VERSION_PARAMETER,
  type Hello
} from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { canEdit } from '#lib/protocol/roles.ts';
import { OTHER_ACCOUNT, saveState, type SaveState } from '#lib/protocol/save-state.ts';
import { countingSocket } from './counting-socket.ts';
import { createOfflineStore, noLedger } from './offline.ts';
import { PresenceClient } from './presence-client.ts';
import { SaveTracker } from './save-tracker.ts';
import type { ConnectOptions, MapConnection, MapConnectionEvents } from './types.ts';

const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 30_000;

/** True before anything was written, here or by the server: an empty state vector is one byte long. */
const isEmpty = (doc: Y.Doc): boolean => Y.encodeStateVector(doc).length === 1;

type Listeners = { readonly [E in keyof MapConnectionEvents]: Set<MapConnectionEvents[E]> };

/**
 * Opens a map: first the copy on this device, then the server. Everything that happens shows in the properties of the
 * answer; nothing throws and nothing rejects.
 */
export const connectMap = (options: ConnectOptions): MapConnection => {
  const { doc, mapId } = options;
  const random = options.random ?? Math.random;
  const offline =
    options.offline === undefined ? createOfflineStore(mapId, options.user.id) : options.offline;
  const ledger = offline?.pending ?? noLedger;
  const tracker = new SaveTracker(ledger);
  const listeners: Listeners = { change: new Set(), poke: new Set() };

  let hello: Hello | null = null;
  /** The history that the document belongs to; null before the first hello of a page without a copy. */
  let epoch: number | null = null;
  let hasLocalCopy = false;
  let keepsCopy = false;
  let everSynced = false;
  let failing = false;
  let rejected = false;
  let destroyed = false;
  let closed: { code: number; reason: string } | null = null;
  let save: SaveState = { kind: 'offline', changes: tracker.changes };

  const changed = (): void => {
    if (destroyed) return;
    save = saveState({
      connected: provider.wsconnected,
      synced: provider.synced,
      counted: tracker.counted,
      acked: tracker.acked,
      answered: tracker.answered,
      changes: tracker.changes,
      unread: tracker.unread,
      failing,
      readOnly: hello !== null && !canEdit(hello.role),
      rejected,
      closed
    });
    for (const listener of [...listeners.change]) listener();
  };

  // Before the provider's own listener: an edit counts as made before it counts as sent.
  const onUpdate = (_update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (!transaction.local) return;
    tracker.edited();
    queueMicrotask(changed);
  };
  doc.on('update', onUpdate);

  const provider = new WebsocketProvider(`${options.url}/sync`, mapId, doc, {
    connect: false,
    disableBc: true,
    params: { [VERSION_PARAMETER]: VERSION },
    maxBackoffTime: LONGEST_BACK_OFF_MS,
    WebSocketPolyfill: countingSocket(options.WebSocket ?? globalThis.WebSocket, {
      connecting: () => tracker.connecting(),
      sent: (frame) => tracker.sent(frame)
    })
  });
  const presence = new PresenceClient(provider, changed);
  // Yjs takes another id when somebody else turns out to write under ours.
  const onTransaction = (): void => {
    if (doc.clientID !== provider.awareness.clientID) presence.moveTo(doc.clientID);
  };
  doc.on('afterTransactionCleanup', onTransaction);

  const handlers = provider.messageHandlers;
  handlers[MESSAGE.ack] = (_encoder, decoder) => {
    tracker.acknowledged(readAck(decoder));
    changed();
  };
  handlers[MESSAGE.rejected] = () => {
    rejected = true;
    changed();
  };
  /** Leaves for good: nothing more is sent until {@link MapConnection.reconnect}. */
  const leave = (code: number, reason: string): void => {
    closed = { code, reason };
    provider.disconnect();
    changed();
  };
  handlers[MESSAGE.hello] = (_encoder, decoder) => {
    const said = readHello(decoder);
    // P47: the copy and the client id are the other person's; the server would refuse this one's edits under it.
    if (said.user.id !== options.user.id) return leave(OTHER_ACCOUNT, 'logged in as somebody else');
    // P46: nothing of the old history may reach the new one, every card would be there twice.
    if (epoch !== null && epoch !== said.epoch && !isEmpty(doc))
      return leave(CLOSE.epoch, 'the map has a new history');
    hello = said;
    epoch = said.epoch;
    // A copy that could not be read stays of the epoch it was made in.
    if (keepsCopy) ledger.setEpoch(epoch);
    changed();
  };
  handlers[MESSAGE.notice] = (_encoder, decoder) => {
    const notice = readNotice(decoder);
    if (notice === 'saving-stopped') failing = true;
    if (notice === 'saving-again') failing = false;
    changed();
  };
  handlers[MESSAGE.poke] = (_encoder, decoder) => {
    const { topic } = readPoke(decoder);
    for (const listener of [...listeners.poke]) listener(topic);
  };
  // The stock handler prints to the console; frame 121 has told us already.
  handlers[MESSAGE.auth] = () => undefined;
  handlers[MESSAGE.keepAlive] = () => undefined;

  provider.on('status', ({ status }) => {
    if (status === 'connected') {
      closed = null;
      failing = false;
    }
    changed();
  });
  provider.on('sync', (synced: boolean) => {
    everSynced ||= synced;
    changed();
  });
  provider.on('connection-close', (event) => {
    if (event) closed = { code: event.code, reason: event.reason };
    // The provider waits for the smaller of its own doubling time and this: rolled anew for each attempt, so that a
    // thousand clients do not come back in step after a restart.
    const doubled = FIRST_BACK_OFF_MS * 2 ** (provider.wsUnsuccessfulReconnects + 1);
    provider.maxBackoffTime = Math.min(doubled, LONGEST_BACK_OFF_MS) * (0.3 + 0.7 * random());
    queueMicrotask(changed);
  });
  provider.on('closed', changed);

  const onOnline = (): void => {
    if (destroyed || provider.wsconnected || !provider.shouldConnect) return;
    provider.disconnect();
    provider.connect();
  };
  globalThis.addEventListener?.('online', onOnline);

  const ready = (async () => {
    try {
      hasLocalCopy = (await offline?.open(doc)) ?? false;
      if (hasLocalCopy) epoch = ledger.epoch();
      keepsCopy = true;
      tracker.copyRead();
    } catch {
      hasLocalCopy = false; // the server has everything that was ever acknowledged
    }
    if (destroyed) return;
    changed();
    // Only now: the first answer to the server has to contain what was made offline.
    provider.connect();
  })();

  const stop = (): void => {
    if (destroyed) return;
    destroyed = true;
    globalThis.removeEventListener?.('online', onOnline);
    doc.off('update', onUpdate);
    doc.off('afterTransactionCleanup', onTransaction);
    presence.destroy();
    provider.awareness.destroy();
    provider.destroy();
    for (const set of Object.values(listeners)) set.clear();
  };

  return {
    get save() {
      return save;
    },
    get synced() {
      return provider.synced;
    },
    get hasLocalCopy() {
      return hasLocalCopy;
    },
    get loaded() {
      return hasLocalCopy || everSynced;
    },
    get role() {
      return hello?.role ?? null;
    },
    get me() {
      return hello?.user ?? null;
    },
    get damaged() {
      return hello?.damaged === true;
    },
    get others() {
      return presence.others;
    },
    ready,
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    setCursor: (cursor) => presence.set({ cursor }),
    // Readers take no more of it, and a frame of ten thousand ids would be refused whole.
    setSelection: (selection) => presence.set({ selection: selection.slice(0, LIMITS.presenceSelection) }),
    setEditing: (editing) => presence.set({ editing }),
    setPresence: (fields) => presence.set(fields),
    get clientId() {
      return doc.clientID;
    },
    reconnect() {
      closed = null;
      provider.disconnect();
      provider.connect();
      changed();
    },
    async discardLocalCopy() {
      stop();
      await offline?.discard();
    },
    destroy() {
      stop();
      void offline?.close();
    }
  };
};
