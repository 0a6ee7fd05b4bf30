import { isFinal } from '#lib/protocol/close-codes.ts';
import { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { SocketPeer } from './socket-peer.ts';

/** Where a client connects to, and as whom; asked anew for every connection. */
export type Target = () => {
  readonly url: string;
  readonly who: ConstructorParameters<typeof SocketPeer>[1];
};

/** A {@link Ledger} on real sockets that comes back by itself, soon and not in step with the others, until {@link leave}. */
export class Client extends Ledger {
  socket: SocketPeer | null = null;
  /** How often it has connected, and the codes with which it was sent away. */
  connections = 0;
  readonly codes: number[] = [];
  readonly #target: Target;
  readonly #random: Random;
  #stays = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, target: Target, random: Random) {
    super(name);
    this.#target = target;
    this.#random = random;
    this.onChange = () => this.#comeBack();
  }

  get in(): boolean {
    return this.socket?.closed === null && this.socket.synced && this.socket.answered;
  }

  connect(): void {
    this.#stays = true;
    this.#open();
  }

  /** Does not come back when the connection breaks. */
  leaveWhenClosed(): void {
    this.#stays = false;
  }

  /** Closes the connection and makes no other one. */
  leave(): void {
    this.#stays = false;
    clearTimeout(this.#timer);
    this.socket?.close();
  }

  #open(): void {
    const { url, who } = this.#target();
    this.connections++;
    this.socket = new SocketPeer(url, who, this.doc);
    this.attach(this.socket);
  }

  #comeBack(): void {
    const closed = this.socket?.closed;
    if (!closed || this.#timer !== undefined) return;
    this.codes.push(closed.code);
    if (!this.#stays || isFinal(closed.code)) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#stays) this.#open();
      },
      50 + this.#random.below(250)
    );
  }
}
