/** Messages between the nodes that serve the same maps. Delivery is quick and may fail; nothing durable hangs on it. */
export interface Bus {
  /** Reaches every subscriber of the channel on every node, this one included. */
  publish(channel: string, message: unknown): void;
  /** The answer ends the subscription. */
  subscribe(channel: string, listener: (message: unknown) => void): () => void;
  close(): Promise<void>;
}

/** The bus of a single process: synchronous, never misses anything. */
export const createLocalBus = (): Bus => {
  const listeners = new Map<string, Set<(message: unknown) => void>>();
  return {
    publish(channel, message) {
      for (const listener of [...(listeners.get(channel) ?? [])]) listener(message);
    },
    subscribe(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(channel) === set) listeners.delete(channel);
      };
    },
    close: async () => listeners.clear()
  };
};
