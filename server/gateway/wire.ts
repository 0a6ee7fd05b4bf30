import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Wire } from '../rooms/types.ts';

/** A client that does not answer our goodbye is gone after this. */
const GOODBYE_MS = 5_000;
/** So much may wait for a reader for so long. */
const BEHIND_BYTES = 1024 * 1024;
const BEHIND_MS = 5_000;
/** Frames up to this are copied behind their header, so that one write takes both. */
const COPIED_BYTES = 16 * 1024;

/** The frame that was sent last, with its header: whoever is told next is most often told the same. */
let last: { readonly frame: Uint8Array; readonly whole: Buffer } | null = null;

/** A binary message of RFC 6455, whole, unmasked as a server sends it. */
const wholeOf = (frame: Uint8Array): Buffer => {
  if (last?.frame === frame) return last.whole;
  const header = headerOf(frame.length);
  const whole = Buffer.allocUnsafeSlow(header.length + frame.length);
  whole.set(header, 0);
  whole.set(frame, header.length);
  last = { frame, whole };
  return whole;
};

function headerOf(length: number): Uint8Array {
  const FINAL_BINARY = 0x82;
  if (length < 126) return Uint8Array.of(FINAL_BINARY, length);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = FINAL_BINARY;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/**
 * A room's view of a socket. A reader that falls behind is cut off and comes back for everything at once; leaving out
 * single frames would hide unrelated data from it.
 *
 * Frames go past `ws` to the stream below it: what many are told is given its header once, and two frames of one moment
 * are one write. That is sound because the server never compresses, so that `ws` holds nothing back of its own.
 */
export class SocketWire implements Wire {
  readonly extended: boolean;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #bufferedBytes: number;
  /** A newcomer to a big map has its whole content under way, and is not slow for that. */
  #largest = 0;
  #behindSince: number | null = null;
  #cut = false;

  /** `stream` is what `socket` was made from. Above `bufferedBytes` unsent, or 1 MB for 5 s, its reader is too slow. */
  constructor(socket: WebSocket, stream: Duplex, options: { extended: boolean; bufferedBytes: number }) {
    this.#socket = socket;
    this.#stream = stream;
    this.extended = options.extended;
    this.#bufferedBytes = options.bufferedBytes;
  }

  get buffered(): number {
    return this.#stream.writableLength;
  }

  get cut(): boolean {
    return this.#cut;
  }

  send(frame: Uint8Array): void {
    this.#write(frame, null);
  }

  sendBoth(frame: Uint8Array, after: Uint8Array): void {
    this.#write(frame, after);
  }

  #write(frame: Uint8Array, after: Uint8Array | null): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#isTooSlow()) {
      this.#cut = true;
      return this.#socket.terminate();
    }
    if (frame.length > this.#largest) this.#largest = frame.length;
    if (frame.length > COPIED_BYTES) {
      this.#stream.cork();
      this.#stream.write(headerOf(frame.length));
      this.#stream.write(frame);
      if (after) this.#stream.write(wholeOf(after));
      this.#stream.uncork();
    } else if (after) {
      const whole = wholeOf(frame);
      this.#stream.write(Buffer.concat([whole, headerOf(after.length), after]));
    } else this.#stream.write(wholeOf(frame));
  }

  #isTooSlow(): boolean {
    const behind = this.buffered - this.#largest;
    if (behind <= BEHIND_BYTES) {
      this.#behindSince = null;
      return false;
    }
    const now = performance.now();
    this.#behindSince ??= now;
    return behind > this.#bufferedBytes || now - this.#behindSince > BEHIND_MS;
  }

  close(code: number, reason: string): void {
    const socket = this.#socket;
    socket.resume();
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
