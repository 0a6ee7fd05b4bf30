import { createHmac, timingSafeEqual } from 'node:crypto';

const MAC_LENGTH = 43; // 32 bytes in base64url
/** As many nodes are remembered: those that run, and those that have been started anew since. */
const NODES = 1_000;

interface Body {
  readonly node: string;
  readonly number: number;
  readonly message: unknown;
}

/** What became of a message: taken; this node's own; or not from any node that knows the key, or told twice. */
export type Opened =
  | { readonly kind: 'taken'; readonly message: unknown }
  | { readonly kind: 'own' }
  | { readonly kind: 'forged' };

/**
 * Signs what a node says and reads what others say. Whoever can write to the bus, but not read the database where the
 * key is kept, can neither make up a message nor say one of ours a second time or on another channel: each carries its
 * node's next number. What passes is still checked like anything from outside.
 */
export class Envelopes {
  readonly #key: Uint8Array;
  readonly #node: string;
  #number = 0;
  readonly #heard = new Map<string, number>();

  constructor(key: Uint8Array, node: string) {
    this.#key = key;
    this.#node = node;
  }

  seal(channel: string, message: unknown): string {
    this.#number++;
    const body = JSON.stringify({ node: this.#node, number: this.#number, message } satisfies Body);
    return this.#mac(channel, body) + body;
  }

  open(channel: string, text: string): Opened {
    const [mac, body] = [text.slice(0, MAC_LENGTH), text.slice(MAC_LENGTH)];
    const expected = Buffer.from(this.#mac(channel, body));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'forged' };
    const { node, number, message } = JSON.parse(body) as Body;
    if (node === this.#node) return { kind: 'own' };
    // One connection sends them in order.
    if (number <= (this.#heard.get(node) ?? 0)) return { kind: 'forged' };
    this.#heard.delete(node);
    this.#heard.set(node, number);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= NODES) break;
      this.#heard.delete(oldest);
    }
    return { kind: 'taken', message };
  }

  #mac(channel: string, body: string): string {
    return createHmac('sha256', this.#key).update(`${channel}\n${body}`).digest('base64url');
  }
}
