import type { WebSocket } from 'ws';

/** Sockets are asked in so many parts, one after the other. */
const PARTS = 10;

/** One open socket as the {@link Heartbeat} sees it. */
export interface Pulse {
  readonly socket: WebSocket;
  /** The beat in which it was heard of last. */
  heard: number;
  readonly part: number;
}

/**
 * Asks every open socket from time to time whether somebody is still there, and ends those that have been silent for too
 * long. One timer for all.
 */
export class Heartbeat {
  readonly #deadBeats: number;
  readonly #timer: NodeJS.Timeout;
  readonly #parts = Array.from({ length: PARTS }, () => new Set<Pulse>());
  #beat = 0;
  #next = 0;

  /** Each socket is asked every `pingMs`, and counts as dead after `deadMs` of silence, a tenth of `pingMs` more or less. */
  constructor(pingMs: number, deadMs: number) {
    const beatMs = pingMs / PARTS;
    this.#deadBeats = Math.ceil(deadMs / beatMs);
    this.#timer = setInterval(() => this.#ask(), beatMs);
    this.#timer.unref();
  }

  watch(socket: WebSocket): Pulse {
    const part = this.#next++ % PARTS;
    const pulse = { socket, heard: this.#beat, part };
    this.#parts[part]?.add(pulse);
    return pulse;
  }

  /** Something has come from it. */
  heard(pulse: Pulse): void {
    pulse.heard = this.#beat;
  }

  forget(pulse: Pulse): void {
    this.#parts[pulse.part]?.delete(pulse);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    this.#beat++;
    for (const pulse of this.#parts[this.#beat % PARTS] ?? []) {
      const { socket } = pulse;
      // From somebody who is not read nothing is heard, not even an answer to a ping.
      if (socket.isPaused) pulse.heard = this.#beat;
      else if (this.#beat - pulse.heard > this.#deadBeats) socket.terminate();
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }
}
