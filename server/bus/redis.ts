import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { Listeners, type Bus } from './bus.ts';

const RETRY_AT_MOST_MS = 2_000;

/** Takes a pino logger. */
export interface BusLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const OPTIONS: RedisOptions = {
  // What cannot be said now is not said later: whoever missed it reads the log.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 3_000,
  commandTimeout: 3_000,
  retryStrategy: (times) => Math.min(50 * 2 ** times, RETRY_AT_MOST_MS) * (0.5 + Math.random() / 2)
};

/**
 * The bus over Redis' publish and subscribe. Starts without Redis and goes on without it: then only this node's own
 * subscribers hear what it says. `prefix` keeps installations that share a Redis apart.
 */
export const createRedisBus = (url: string, prefix: string, logger: BusLogger): Bus => {
  const node = randomUUID();
  const listeners = new Listeners();
  const reconnected = new Set<() => void>();
  const sender = new Redis(url, OPTIONS);
  const receiver = new Redis(url, { ...OPTIONS, commandTimeout: 0, autoResubscribe: false });
  const pattern = `${prefix}:*`;
  let connected = false;
  let troubled = false;

  const lost = (error?: unknown): void => {
    connected = false;
    if (troubled) return;
    troubled = true;
    // The address may hold a password; the driver's messages do not.
    const reason = error instanceof Error ? error.message : 'connection closed';
    logger.warn({ reason }, 'Redis is not reached; other nodes hear of edits from the database');
  };
  const ready = async (): Promise<void> => {
    try {
      await receiver.psubscribe(pattern);
    } catch (error) {
      return lost(error);
    }
    connected = true;
    if (troubled) logger.info({}, 'Redis is reached again');
    troubled = false;
    for (const listener of [...reconnected]) listener();
  };
  receiver.on('ready', () => void ready());
  receiver.on('close', () => lost());
  for (const client of [sender, receiver]) client.on('error', lost);
  receiver.on('pmessage', (_pattern: string, channel: string, text: string) => {
    const read = parsed(text);
    if (read !== null && read.node !== node)
      listeners.deliver(channel.slice(prefix.length + 1), read.message);
  });

  const tell = (channel: string, message: unknown): void => {
    if (sender.status !== 'ready') return;
    sender.publish(`${prefix}:${channel}`, JSON.stringify({ node, message })).catch(lost);
  };
  return {
    tell,
    publish(channel, message) {
      listeners.deliver(channel, message);
      tell(channel, message);
    },
    subscribe: (channel, listener) => listeners.add(channel, listener),
    onReconnect(listener) {
      reconnected.add(listener);
      return () => reconnected.delete(listener);
    },
    get connected() {
      return connected;
    },
    async close() {
      listeners.clear();
      reconnected.clear();
      for (const client of [sender, receiver]) {
        client.removeAllListeners();
        client.on('error', () => undefined);
        client.disconnect();
      }
    }
  };
};

function parsed(text: string): { readonly node: unknown; readonly message: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('node' in value) || !('message' in value))
      return null;
    return { node: value.node, message: value.message };
  } catch {
    return null;
  }
}
