import { isFinal } from '#lib/protocol/close-codes.ts';
import type { Identity, Revalidate, Wire } from './types.ts';

/** Frames held back while a room loads: more than an honest client can have to say by then. */
const HELD_BYTES = 16 * 1024 * 1024;

/** The log cannot keep up, or this client sends too much. */
type PauseReason = 'log' | 'allowance';

/** What a room remembers about one connection. Only the room changes it. */
export class Connection {
  readonly wire: Wire;
  readonly identity: Identity;
  readonly revalidate: Revalidate | null;

  /** Frames that arrived before the room was open. */
  held: Uint8Array[] = [];
  #heldBytes = 0;
  readonly #paused = new Set<PauseReason>();
  /** Updates that build on content whose `0 1` has not arrived yet. */
  early: Uint8Array[] = [];
  earlyBytes = 0;
  /** Update frames received, the refused ones not counted. */
  received = 0;
  /** Update frames known to be committed. */
  acked = 0;
  refused = 0;
  /** How others see this person; the room's choice. */
  color = '';
  /** The room has introduced itself. */
  welcomed = false;
  /** The client's `0 1` has been applied. */
  answered = false;
  /** The client has been sent the document and gets every update from then on. */
  listening = false;
  /** What other nodes have stored while the answer with the document waits to leave; null before it was asked for. */
  missed: Uint8Array[] | null = null;
  /** The Yjs client id under which this connection is present. */
  presenceId: number | null = null;
  lastSent = 0;
  /** When its rights were last asked, or seem to have been: not everybody's are asked at the same moment. */
  askedAt = 0;
  /** Takes from what this client may send, in bytes of work that it causes; set by who let it in. */
  charge: (bytes: number) => void = () => undefined;
  /** Rights could not be asked so many times in a row. */
  unsure = 0;
  closed = false;

  constructor(wire: Wire, identity: Identity, revalidate: Revalidate | null) {
    this.wire = wire;
    this.identity = identity;
    this.revalidate = revalidate;
  }

  /** Stops reading from the client, for one of the reasons there are; it is read from when none is left. */
  pause(reason: PauseReason): void {
    if (this.#paused.size === 0) this.wire.pause?.();
    this.#paused.add(reason);
  }

  resume(reason: PauseReason): void {
    if (this.#paused.delete(reason) && this.#paused.size === 0 && !this.closed) this.wire.resume?.();
  }

  isPaused(reason: PauseReason): boolean {
    return this.#paused.has(reason);
  }

  /** False when too much is waiting. */
  hold(frame: Uint8Array): boolean {
    this.#heldBytes += frame.length;
    if (this.#heldBytes > HELD_BYTES) return false;
    this.held.push(frame);
    return true;
  }

  /** Takes what was held, in order. */
  release(): Uint8Array[] {
    const frames = this.held;
    this.held = [];
    this.#heldBytes = 0;
    return frames;
  }

  /** Sends a frame, and another one right behind it. */
  send(frame: Uint8Array, now: number, after?: Uint8Array): void {
    if (this.closed) return;
    this.lastSent = now;
    if (after) this.wire.sendBoth(frame, after);
    else this.wire.send(frame);
  }

  /** Closes once; nothing is read or sent afterwards. */
  close(code: number, reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.wire.close(code, reason);
    // A client that is told to come back brings its content along again.
    if (isFinal(code)) this.early = [];
    this.held = [];
  }
}
