import { CLOSE } from '#lib/protocol/close-codes.ts';
import { MESSAGE, readAckFrame, SYNC } from '#lib/protocol/frames.ts';
import type { MapId } from '#lib/journey/ids.ts';
import type { Rooms, Session, Wire } from '../rooms/types.ts';
import { countOne, type Counts } from './counts.ts';
import type { Durations } from './measured-log.ts';
import { refusalOf } from './reasons.ts';

/** Somebody who comes back to a map within this has lost their connection. */
const BACK_MS = 60_000;
/** As many people who left are remembered. */
const LEFT = 5_000;

export interface RoomDurations {
  /** From the oldest update that an acknowledgement covers to that acknowledgement. */
  readonly ack: Durations;
  /** From the word that rights have changed to the socket that lost them. */
  readonly revocation: Durations;
}

/** The sockets of a server, as seen from between them and the rooms. */
export interface Sockets {
  readonly size: number;
  /** Maps on which somebody has waited for an acknowledgement for longer than `ms`, and the longest wait, in ms. */
  waiting(ms: number): { readonly maps: number; readonly longest: number };
  /** The most unsent bytes of any socket. */
  mostBuffered(): number;
}

class MeasuredWire implements Wire {
  readonly extended: boolean;
  readonly mapId: MapId;
  readonly #wire: Wire;
  readonly #shared: Shared;
  /** When the oldest update arrived that is not acknowledged; 0: all are. */
  waitingSince = 0;
  received = 0;
  acknowledged = 0;

  constructor(mapId: MapId, wire: Wire, shared: Shared) {
    this.mapId = mapId;
    this.extended = wire.extended;
    this.#wire = wire;
    this.#shared = shared;
  }

  pause(): void {
    this.#wire.pause?.();
  }

  resume(): void {
    this.#wire.resume?.();
  }

  get buffered(): number {
    return this.#wire.buffered ?? 0;
  }

  get cut(): boolean {
    return this.#wire.cut === true;
  }

  /** A frame of the client. */
  heard(frame: Uint8Array): void {
    const { counts } = this.#shared;
    if (frame[0] === MESSAGE.awareness) counts.presenceFrames.in++;
    if (frame[0] !== MESSAGE.sync || frame[1] === SYNC.stateVector || !this.extended) return;
    this.received++;
    counts.updatesIn++;
    if (this.waitingSince === 0) this.waitingSince = performance.now();
  }

  send(frame: Uint8Array): void {
    this.#count(frame);
    this.#wire.send(frame);
  }

  sendBoth(frame: Uint8Array, after: Uint8Array): void {
    this.#count(frame);
    this.#count(after);
    this.#wire.sendBoth(frame, after);
  }

  #count(frame: Uint8Array): void {
    const { counts, durations } = this.#shared;
    switch (frame[0]) {
      case MESSAGE.sync:
        counts.sentBytes.document += frame.length;
        break;
      case MESSAGE.awareness:
        counts.sentBytes.presence += frame.length;
        counts.presenceFrames.out++;
        break;
      case MESSAGE.ack: {
        const acknowledged = readAckFrame(frame);
        counts.updatesAcknowledged += Math.max(0, acknowledged - this.acknowledged);
        this.acknowledged = acknowledged;
        const now = performance.now();
        if (this.waitingSince > 0) durations.ack.observe((now - this.waitingSince) / 1000);
        this.waitingSince = acknowledged >= this.received ? 0 : now;
        counts.sentBytes.other += frame.length;
        break;
      }
      case MESSAGE.rejected:
        countOne(counts.refused, 'read_only');
        // It will never be acknowledged, and nobody waits for it.
        this.received = this.acknowledged;
        this.waitingSince = 0;
        counts.sentBytes.other += frame.length;
        break;
      default:
        counts.sentBytes.other += frame.length;
    }
  }

  close(code: number, reason: string): void {
    const { counts, durations, changed } = this.#shared;
    countOne(counts.closed, code);
    const refusal = refusalOf(code, reason);
    if (refusal !== null) countOne(counts.refused, refusal);
    const revoked = code === CLOSE.forbidden || code === CLOSE.gone || reason.startsWith('role is now');
    if (revoked && changed.at > 0) durations.revocation.observe((performance.now() - changed.at) / 1000);
    this.#wire.close(code, reason);
  }
}

interface Shared {
  readonly counts: Counts;
  readonly durations: RoomDurations;
  /** When this node last heard that rights have changed; 0 when that is too long ago to have caused anything. */
  readonly changed: { readonly at: number };
}

/** The rooms with somebody at the door who counts. `changedAt`: when this node last heard of a change of rights. */
export const measuredRooms = (
  rooms: Rooms,
  counts: Counts,
  durations: RoomDurations,
  changedAt: () => number
): { readonly rooms: Rooms; readonly sockets: Sockets } => {
  const wires = new Set<MeasuredWire>();
  const left = new Map<string, number>();
  const shared: Shared = {
    counts,
    durations,
    changed: {
      get at() {
        return changedAt();
      }
    }
  };

  const came = (who: string): void => {
    counts.joined++;
    const at = left.get(who);
    if (at !== undefined && performance.now() - at < BACK_MS) counts.rejoined++;
    left.delete(who);
  };
  const went = (who: string): void => {
    left.delete(who);
    left.set(who, performance.now());
    for (const oldest of left.keys()) {
      if (left.size <= LEFT) break;
      left.delete(oldest);
    }
  };

  const join: Rooms['join'] = (mapId, wire, identity, revalidate): Session => {
    const measured = new MeasuredWire(mapId, wire, shared);
    wires.add(measured);
    came(`${mapId} ${identity.userId}`);
    const session = rooms.join(mapId, measured, identity, revalidate);
    return {
      receive(frame) {
        measured.heard(frame);
        session.receive(frame);
      },
      leave() {
        if (wires.delete(measured)) {
          went(`${mapId} ${identity.userId}`);
          if (measured.cut) counts.cut++;
        }
        session.leave();
      }
    };
  };
  return {
    rooms: { ...rooms, join },
    sockets: {
      get size() {
        return wires.size;
      },
      waiting(ms) {
        const now = performance.now();
        const maps = new Set<MapId>();
        let longest = 0;
        for (const { mapId, waitingSince } of wires) {
          if (waitingSince === 0) continue;
          longest = Math.max(longest, now - waitingSince);
          if (now - waitingSince > ms) maps.add(mapId);
        }
        return { maps: maps.size, longest };
      },
      mostBuffered: () => [...wires].reduce((most, { buffered }) => Math.max(most, buffered), 0)
    }
  };
};
