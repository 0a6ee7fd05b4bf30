import type { WebsocketProvider } from 'y-websocket';
import { writePresenceEntries, writePresenceFrame } from '#lib/protocol/frames.ts';
import { EMPTY_PRESENCE, readPresence, type PresenceFields } from '#lib/protocol/presence.ts';
import type { Peer } from './types.ts';

const SEND_MS = 50;

interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

/**
 * Our own presence goes out, everybody else's comes in. The stock provider repeats to the server whatever it hears
 * from it, which makes the traffic of a meeting grow with the square of its size; its handler is replaced here.
 */
export class PresenceClient {
  readonly #provider: WebsocketProvider;
  readonly #onChange: () => void;
  #fields: PresenceFields = EMPTY_PRESENCE;
  #others: ReadonlyMap<number, Peer> = new Map();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #due = false;

  constructor(provider: WebsocketProvider, onChange: () => void) {
    this.#provider = provider;
    this.#onChange = onChange;
    const { awareness } = provider;
    awareness.off('update', provider._awarenessUpdateHandler);
    awareness.on('update', this.#onUpdate);
    awareness.on('change', this.#onAwareness);
    awareness.setLocalState({ ...this.#fields });
  }

  get others(): ReadonlyMap<number, Peer> {
    return this.#others;
  }

  /** Sends at once when nothing went out lately, and the newest state when there was more meanwhile. */
  set(fields: Partial<PresenceFields>): void {
    this.#fields = { ...this.#fields, ...fields };
    if (this.#timer) {
      this.#due = true;
      return;
    }
    this.#publish();
  }

  /** The document writes under another client id from now on: so do we, on a connection that knows nothing of the old one. */
  moveTo(clientId: number): void {
    const { awareness, ws } = this.#provider;
    awareness.states.delete(awareness.clientID);
    awareness.meta.delete(awareness.clientID);
    awareness.clientID = clientId;
    awareness.setLocalState({ ...this.#fields });
    ws?.close();
  }

  destroy(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#provider.awareness.off('update', this.#onUpdate);
    this.#provider.awareness.off('change', this.#onAwareness);
  }

  #publish(): void {
    this.#due = false;
    this.#provider.awareness.setLocalState({ ...this.#fields });
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#due) this.#publish();
    }, SEND_MS);
  }

  readonly #onUpdate = ({ added, updated, removed }: AwarenessChange, origin: unknown): void => {
    const own = this.#provider.awareness.clientID;
    const aboutUs = [added, updated, removed].some((ids) => ids.includes(own));
    // The server may have taken us for gone; then it hears from us again.
    if (aboutUs && (origin === 'local' || removed.includes(own))) this.#send(own);
  };

  #send(clientId: number): void {
    const { ws, wsconnected, awareness } = this.#provider;
    if (!ws || !wsconnected || ws.readyState !== ws.OPEN) return;
    const clock = awareness.meta.get(clientId)?.clock ?? 0;
    const json = JSON.stringify(awareness.getLocalState());
    ws.send(writePresenceFrame(writePresenceEntries([{ clientId, clock, json }])));
  }

  readonly #onAwareness = (): void => {
    const { awareness } = this.#provider;
    const others = new Map<number, Peer>();
    for (const [clientId, state] of awareness.getStates()) {
      const presence = clientId === awareness.clientID ? null : readPresence(state);
      if (presence) others.set(clientId, { ...presence, clientId });
    }
    if (others.size === 0 && this.#others.size === 0) return;
    this.#others = others;
    this.#onChange();
  };
}
