/** Messages between the nodes that serve the same maps. Delivery is quick and may fail; nothing durable hangs on it. */
export interface Bus {
  /**
   * Reaches every subscriber of the channel on every node, this one included; on this one at once. While the others are
   * not reached it is kept and said when they are, perhaps twice: only for what may be said late and again.
   */
  publish(channel: string, message: unknown): void;
  /** Reaches every subscriber of the channel on the other nodes that are reached now. */
  tell(channel: string, message: unknown): void;
  /** The answer ends the subscription. What other nodes say must be checked like anything from outside. */
  subscribe(channel: string, listener: (message: unknown) => void): () => void;
  /** Calls back when messages of other nodes arrive again after they may have been missed. */
  onReconnect(listener: () => void): () => void;
  /** Other nodes are reached at present. */
  readonly connected: boolean;
  close(): Promise<void>;
}

/** Who listens to what in this process. */
export class Listeners {
  readonly #channels = new Map<string, Set<(message: unknown) => void>>();

  add(channel: string, listener: (message: unknown) => void): () => void {
    const set = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#channels.get(channel) === set) this.#channels.delete(channel);
    };
  }

  deliver(channel: string, message: unknown): void {
    for (const listener of [...(this.#channels.get(channel) ?? [])]) listener(message);
  }

  clear(): void {
    this.#channels.clear();
  }
}

/** The bus of a single process: synchronous, never misses anything, and there is nobody else. */
export const createLocalBus = (): Bus => {
  const listeners = new Listeners();
  return {
    publish: (channel, message) => listeners.deliver(channel, message),
    tell: () => undefined,
    subscribe: (channel, listener) => listeners.add(channel, listener),
    onReconnect: () => () => undefined,
    connected: true,
    close: async () => listeners.clear()
  };
};
