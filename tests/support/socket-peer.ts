import type * as Y from 'yjs';
import { Peer } from './peer.ts';

/** A {@link Peer} on a real socket. Node's own WebSocket sends headers when it is asked to. */
export class SocketPeer extends Peer {
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;

  /** `who`: a bearer token, or the headers of somebody's browser. */
  constructor(url: string, who: string | Readonly<Record<string, string>> | null, doc?: Y.Doc) {
    super(doc);
    const headers = typeof who === 'string' ? { authorization: `Bearer ${who}` } : who;
    this.socket = new WebSocket(url, { headers } as unknown as string[]);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () =>
      this.connected((frame) => {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(new Uint8Array(frame));
      });
    this.socket.onmessage = ({ data }) => this.receive(new Uint8Array(data as ArrayBuffer));
    this.socket.onerror = () => undefined;
    this.socket.onclose = ({ code, reason }) => {
      this.closed = { code, reason };
      this.disconnected();
    };
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.socket.close();
  }
}
