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
      // Counted first: the acknowledgement must never be ahead of the count.
      if (data instanceof Uint8Array) observer.sent(data);
      super.send(data as ArrayBufferView<ArrayBuffer>);
    }
  };
