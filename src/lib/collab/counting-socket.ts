import { decodeUpdate } from 'yjs';
import { readClientFrame } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';

/** A struct takes two bytes at least. */
const SURELY_FEW_BYTES = 2 * LIMITS.updateStructs;

/**
 * True for an update that is more than one frame may hold (P2, P30): thousands of cards pasted in one step. The answer
 * with which a connection begins may hold it.
 */
const isTooMuchAtOnce = (frame: Uint8Array): boolean => {
  if (frame.length <= SURELY_FEW_BYTES) return false;
  const read = readClientFrame(frame);
  if (read.kind !== 'update') return false;
  return (
    read.bytes.length > LIMITS.updateBytes || decodeUpdate(read.bytes).structs.length > LIMITS.updateStructs
  );
};

/** Hears about every socket that is opened and every frame that leaves on it. */
export interface SocketObserver {
  connecting(): void;
  sent(frame: Uint8Array): void;
}

/** A WebSocket class that tells `observer` what is sent; for `WebsocketProvider`'s `WebSocketPolyfill`. */
export const countingSocket = (
  Base: typeof globalThis.WebSocket,
  observer: SocketObserver
): typeof globalThis.WebSocket =>
  class extends Base {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      observer.connecting();
    }

    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBufferLike>): void {
      // Not sent and not counted: the connection is begun anew, and the document goes along with its first answer.
      if (data instanceof Uint8Array && isTooMuchAtOnce(data)) return super.close();
      // Counted first: the acknowledgement must never be ahead of the count.
      if (data instanceof Uint8Array) observer.sent(data);
      super.send(data as ArrayBufferView<ArrayBuffer>);
    }
  };
