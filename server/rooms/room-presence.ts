import {
  BadFrame,
  readPresenceEntries,
  writePresenceEntries,
  writePresenceFrame,
  type PresenceEntry
} from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import { readPresenceFields, type Presence } from '#lib/protocol/presence.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './session.ts';

/** Somebody who is connected to another node. */
interface Distant {
  readonly clock: number;
  readonly json: string;
  readonly seenAt: number;
}

interface Present {
  readonly owner: Connection;
  /** As the client counts, and how much others see added to it. */
  readonly clock: number;
  readonly ahead: number;
  readonly json: string;
  readonly seenAt: number;
}

/** Their own node says when they have gone; this is for a node that went without a word. */
const DISTANT_GRACE_MS = 5_000;
/** The highest step of a presence clock; more would let a client freeze its own entry for everybody else. */
const CLOCK_STEP = 100_000;
const REMEMBERED = 10_000;

/**
 * Who is on a map and where: one entry per connection, in memory only. The connection owns its entry, the server
 * writes the name on it, and changes go out together about 15 times a second. There is no y-protocols `Awareness`
 * here: it believes what it is told, and its timer keeps the process alive.
 */
export class RoomPresence {
  readonly #clock: Clock;
  readonly #connections: Iterable<Connection>;
  readonly #mayBe: (connection: Connection, clientId: number) => boolean;
  readonly #tell: (entries: readonly PresenceEntry[]) => void;
  readonly #distant = new Map<number, Distant>();
  /** What other nodes have to be told. */
  readonly #news = new Map<number, PresenceEntry>();
  readonly #present = new Map<number, Present>();
  /** What has to be sent: an entry, or its end. */
  readonly #changed = new Map<number, PresenceEntry>();
  /** The last clock that others saw of somebody who left; whoever comes back has to be above it. */
  readonly #left = new Map<number, number>();
  #cancelFlush: (() => void) | null = null;

  /** `mayBe` decides whether a connection may appear under a client id; `tell` reaches the other nodes. */
  constructor(parts: {
    readonly clock: Clock;
    readonly connections: Iterable<Connection>;
    readonly mayBe: (connection: Connection, clientId: number) => boolean;
    readonly tell: (entries: readonly PresenceEntry[]) => void;
  }) {
    this.#clock = parts.clock;
    this.#connections = parts.connections;
    this.#mayBe = parts.mayBe;
    this.#tell = parts.tell;
  }

  /**
   * Takes a presence frame. Entries about others are dropped in silence: honest stock clients repeat what they hear.
   * Throws {@link BadFrame} for bytes that are no presence frame.
   */
  receive(from: Connection, bytes: Uint8Array): void {
    if (bytes.length > LIMITS.presenceFrameBytes) return;
    for (const entry of readPresenceEntries(bytes)) {
      if (entry.clientId >= 2 ** 32 || !this.#owns(from, entry.clientId)) continue;
      this.#accept(from, entry);
    }
  }

  /** The connection has left, or has not been heard of for too long. */
  remove(owner: Connection): void {
    const clientId = owner.presenceId;
    if (clientId === null) return;
    owner.presenceId = null;
    const present = this.#present.get(clientId);
    if (present?.owner !== owner) return;
    this.#present.delete(clientId);
    const clock = present.clock + present.ahead;
    if (this.#left.size > REMEMBERED) this.#left.clear();
    this.#left.set(clientId, clock);
    this.#announceOwn({ clientId, clock, json: 'null' });
  }

  /** Who is connected here. */
  own(): PresenceEntry[] {
    return [...this.#present].map(([clientId, { clock, ahead, json }]) => ({
      clientId,
      clock: clock + ahead,
      json
    }));
  }

  /** Another node tells who is there, or has gone. Never passed on to other nodes. */
  hear(entries: readonly PresenceEntry[]): void {
    for (const entry of entries) this.#hearOf(entry);
  }

  #hearOf({ clientId, clock, json }: PresenceEntry): void {
    const mine = this.#present.get(clientId);
    if (mine) {
      // They moved to this node; who saw them leave the other one must see a clock above that.
      const behind = clock - (mine.clock + mine.ahead);
      if (behind < 0) return;
      const ahead = mine.ahead + behind + 1;
      this.#present.set(clientId, { ...mine, ahead });
      return this.#announceOwn({ clientId, clock: mine.clock + ahead, json: mine.json });
    }
    const before = this.#distant.get(clientId);
    if (before && clock < before.clock) return;
    if (json === 'null') {
      if (!this.#distant.delete(clientId)) return;
      this.#left.set(clientId, clock);
    } else this.#distant.set(clientId, { clock, json, seenAt: this.#clock.now() });
    if (before?.clock !== clock || json === 'null') this.#announce({ clientId, clock, json });
  }

  /** Removes everybody who has been silent; a stock client renews its entry every 15 s. */
  expire(): void {
    const oldest = this.#clock.now() - LIMITS.presenceExpiryMs;
    for (const { owner, seenAt } of [...this.#present.values()]) if (seenAt < oldest) this.remove(owner);
    for (const [clientId, { clock, seenAt }] of [...this.#distant])
      if (seenAt < oldest - DISTANT_GRACE_MS) this.#hearOf({ clientId, clock, json: 'null' });
  }

  /** Shows everybody to somebody who has just come in. */
  greet(connection: Connection): void {
    const distant = [...this.#distant].map(([clientId, { clock, json }]) => ({ clientId, clock, json }));
    const entries = [...this.own(), ...distant].filter(({ clientId }) => clientId !== connection.presenceId);
    if (entries.length > 0) connection.send(encode(entries), this.#clock.now());
  }

  stop(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
  }

  /** A connection is present under the first id it names that is free for it. */
  #owns(from: Connection, clientId: number): boolean {
    if (from.presenceId !== null) return from.presenceId === clientId;
    const holder = this.#present.get(clientId);
    // After a broken connection the same tab comes back before the server has noticed.
    if (holder && holder.owner.identity.userId !== from.identity.userId) return false;
    if (!this.#mayBe(from, clientId)) return false;
    if (holder) this.remove(holder.owner);
    const distant = this.#distant.get(clientId);
    if (distant) {
      this.#distant.delete(clientId);
      this.#left.set(clientId, distant.clock);
    }
    from.presenceId = clientId;
    return true;
  }

  #accept(from: Connection, entry: PresenceEntry): void {
    const before = this.#present.get(entry.clientId);
    const { clock } = entry;
    if (before && clock <= before.clock && entry.json !== 'null') return;
    if (before && clock > before.clock + CLOCK_STEP) return;
    if (clock > LIMITS.clock) return;
    const fields = entry.json.length <= LIMITS.presenceBytes ? readPresenceFields(parse(entry.json)) : null;
    if (!fields) {
      if (entry.json === 'null') this.remove(from);
      return;
    }
    const { userId, name, guest } = from.identity;
    const presence: Presence = { ...fields, user: { id: userId, name, color: from.color, guest } };
    const json = JSON.stringify(presence);
    // Stock clients ignore an entry whose clock they have seen, and a first entry with clock 0.
    const ahead = before?.ahead ?? Math.max((this.#left.get(entry.clientId) ?? 0) + 1 - clock, 0);
    this.#left.delete(entry.clientId);
    this.#present.set(entry.clientId, { owner: from, clock, ahead, json, seenAt: this.#clock.now() });
    this.#announceOwn({ clientId: entry.clientId, clock: clock + ahead, json });
  }

  #announceOwn(entry: PresenceEntry): void {
    this.#news.set(entry.clientId, entry);
    this.#announce(entry);
  }

  #announce(entry: PresenceEntry): void {
    this.#changed.set(entry.clientId, entry);
    this.#cancelFlush ??= this.#clock.after(LIMITS.presenceFlushMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = null;
    if (this.#news.size > 0) this.#tell([...this.#news.values()]);
    this.#news.clear();
    const entries = [...this.#changed.values()];
    this.#changed.clear();
    if (entries.length === 0) return;
    // Encoded once for all. Whoever finds themselves in it ignores that line, because its clock is their own; only
    // when others are shown a clock ahead of it does the line have to stay away from its owner.
    const frame = encode(entries);
    const changedIds = new Set(entries.map(({ clientId }) => clientId));
    const now = this.#clock.now();
    for (const connection of this.#connections) {
      if (!connection.listening) continue;
      const own = connection.presenceId === null ? undefined : this.#present.get(connection.presenceId);
      const changed =
        own !== undefined && connection.presenceId !== null && changedIds.has(connection.presenceId);
      if (changed && entries.length === 1) continue;
      const others = changed && own.ahead > 0;
      connection.send(
        others ? encode(entries.filter(({ clientId }) => clientId !== connection.presenceId)) : frame,
        now
      );
    }
  }
}

const encode = (entries: readonly PresenceEntry[]) => writePresenceFrame(writePresenceEntries(entries));

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new BadFrame('presence is not JSON');
  }
}
