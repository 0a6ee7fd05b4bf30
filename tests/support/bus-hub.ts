import { Listeners, type Bus } from '../../server/bus/bus.ts';
import type { Random } from './random.ts';

/** How messages between nodes go wrong. */
export interface BusTrouble {
  /** Shares of messages, 0 to 1. */
  drop: number;
  twice: number;
  late: number;
  /** Nothing gets through. */
  down: boolean;
}

/** The buses of several nodes in one process, joined. Messages cross as JSON, as they would on a wire. */
export const createBusHub = (count: number, random: Random) => {
  const trouble: BusTrouble = { drop: 0, twice: 0, late: 0, down: false };
  const messages: { readonly from: number; readonly message: Record<string, unknown> }[] = [];
  const nodes = Array.from({ length: count }, () => ({
    listeners: new Listeners(),
    reconnected: new Set<() => void>()
  }));
  const late: (() => void)[] = [];
  const carry = (from: number, channel: string, message: unknown): void => {
    messages.push({ from, message: message as Record<string, unknown> });
    for (const [to, { listeners }] of nodes.entries()) {
      if (to === from || trouble.down || random.chance(trouble.drop)) continue;
      const arrive = () => listeners.deliver(channel, JSON.parse(JSON.stringify(message)));
      if (random.chance(trouble.late)) late.push(arrive);
      else arrive();
      if (random.chance(trouble.twice)) arrive();
    }
  };
  const buses = nodes.map(({ listeners, reconnected }, from): Bus => ({
    tell: (channel, message) => carry(from, channel, message),
    publish(channel, message) {
      listeners.deliver(channel, message);
      carry(from, channel, message);
    },
    subscribe: (channel, listener) => listeners.add(channel, listener),
    onReconnect(listener) {
      reconnected.add(listener);
      return () => reconnected.delete(listener);
    },
    get connected() {
      return !trouble.down;
    },
    close: async () => listeners.clear()
  }));
  return {
    buses,
    trouble,
    messages,
    /** Lets what was held back through, after what came later. */
    release: () => late.splice(0).forEach((arrive) => arrive()),
    /** The bus is there again, and every node notices. */
    reconnect() {
      trouble.down = false;
      for (const { reconnected } of nodes) for (const listener of [...reconnected]) listener();
    }
  };
};
