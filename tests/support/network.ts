import type { Identity, Rooms, Session } from '../../server/rooms/types.ts';
import type { MapId } from '#lib/journey/ids.ts';
import { isFinal } from '#lib/protocol/close-codes.ts';
import type { Peer } from './peer.ts';
import type { Random } from './random.ts';
import { wireTo } from './wire.ts';

interface Link {
  readonly peer: Peer;
  readonly up: Uint8Array[];
  readonly down: Uint8Array[];
  session: Session;
  open: boolean;
}

/**
 * A network in a box. Within a connection frames keep their order, as TCP does; between connections they overtake each
 * other as the dice decide, and a cut loses everything that was under way.
 */
export class Network {
  #rooms: Rooms;
  readonly #mapId: MapId;
  readonly #random: Random;
  readonly #links = new Map<Peer, Link>();
  /** Why the server sent somebody away for ever; nobody honest may ever be. */
  readonly refusals: string[] = [];

  constructor(rooms: Rooms, mapId: MapId, random: Random) {
    this.#rooms = rooms;
    this.#mapId = mapId;
    this.#random = random;
  }

  isConnected(peer: Peer): boolean {
    return this.#links.has(peer);
  }

  connect(peer: Peer, identity: Identity): void {
    const up: Uint8Array[] = [];
    const down: Uint8Array[] = [];
    const wire = wireTo(
      (frame) => void (link.open && down.push(frame)),
      (code, reason) => {
        if (isFinal(code)) this.refusals.push(`${code} ${reason}`);
        this.#cut(link);
      }
    );
    const session = this.#rooms.join(this.#mapId, wire, identity);
    const link: Link = { peer, up, down, session, open: true };
    this.#links.set(peer, link);
    peer.connected((frame) => up.push(frame));
  }

  /** Breaks a connection; what was on its way is lost, in both directions. */
  drop(peer: Peer): void {
    const link = this.#links.get(peer);
    if (!link) return;
    this.#cut(link);
    link.session.leave();
  }

  /** The server has died and another one runs in its place: every connection is gone, unknown to the old one. */
  replaceServer(rooms: Rooms): void {
    this.#rooms = rooms;
    for (const link of [...this.#links.values()]) this.#cut(link);
  }

  /** Delivers a few frames, on a random connection each. False when there is nothing to deliver. */
  step(frames: number): boolean {
    let moved = false;
    for (let index = 0; index < frames; index++) {
      const busy = [...this.#links.values()].filter(({ up, down }) => up.length + down.length > 0);
      if (busy.length === 0) return moved;
      moved = true;
      const link = this.#random.pick(busy);
      const upward = link.down.length === 0 || (link.up.length > 0 && this.#random.chance(0.5));
      const frame = (upward ? link.up : link.down).shift();
      if (!frame) continue;
      if (upward) link.session.receive(frame);
      else link.peer.receive(frame);
    }
    return moved;
  }

  #cut(link: Link): void {
    if (!link.open) return;
    link.open = false;
    if (this.#links.get(link.peer) === link) this.#links.delete(link.peer);
    link.peer.disconnected();
  }
}
