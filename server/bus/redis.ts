import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { Listeners, type Bus } from './bus.ts';
import { Envelopes } from './envelope.ts';

const RETRY_AT_MOST_MS = 2_000;
/** What was published without Redis is kept, each thing once, up to so many of them. */
const KEPT = 1_000;
/** Whoever floods the bus with forged messages does not flood the log as well. */
const WARN_EVERY_MS = 10_000;

/** Takes a pino logger. */
export interface BusLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const OPTIONS: RedisOptions = {
  // The driver keeps nothing: whoever missed an edit reads the log, and what must be said later is kept below.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 3_000,
  commandTimeout: 3_000,
  retryStrategy: (times) => Math.min(50 * 2 ** times, RETRY_AT_MOST_MS) * (0.5 + Math.random() / 2)
};

export interface RedisBusOptions {
  readonly url: string;
  /** Keeps installations that share a Redis apart. */
  readonly prefix: string;
  /** The same on every node, and known to nobody else: messages are signed with it. */
  readonly key: Uint8Array;
  readonly logger: BusLogger;
  /** Hears of every message of another node, and of every one that none of ours can have sent. */
  readonly heard?: (what: 'taken' | 'forged') => void;
}

/**
 * The bus over Redis' publish and subscribe. Starts without Redis and goes on without it: then only this node's own
 * subscribers hear what it says, and what it published is said to the others when Redis is back.
 */
export const createRedisBus = ({ url, prefix, key, logger, heard }: RedisBusOptions): Bus => {
  const envelopes = new Envelopes(key, randomUUID());
  const listeners = new Listeners();
  const reconnected = new Set<() => void>();
  const sender = new Redis(url, OPTIONS);
  // Without a time limit: zero is one, and a busy start would not be heard within it.
  const { commandTimeout: _sendersOwn, ...patient } = OPTIONS;
  const receiver = new Redis(url, { ...patient, autoResubscribe: false });
  const pattern = `${prefix}:*`;
  /** By what they say, so that the same word is not kept twice. */
  const kept = new Map<string, { readonly channel: string; readonly message: unknown }>();
  let subscribed = false;
  let troubled = false;
  let warnedAt = -Infinity;
  let retry: NodeJS.Timeout | undefined;

  const lost = (error?: unknown): void => {
    if (troubled) return;
    troubled = true;
    // The address may hold a password; the driver's messages do not.
    const reason = error instanceof Error ? error.message : 'connection closed';
    logger.warn({ reason }, 'Redis is not reached; other nodes hear of edits from the database');
  };
  const isConnected = (): boolean => subscribed && sender.status === 'ready';
  const found = (): void => {
    if (!isConnected()) return;
    if (troubled) logger.info({}, 'Redis is reached again');
    troubled = false;
  };
  const ready = async (): Promise<void> => {
    try {
      await receiver.psubscribe(pattern);
    } catch (error) {
      lost(error);
      // Where the connection went there will be a new one; where it stands, Redis did not let us listen.
      setTimeout(() => receiver.status === 'ready' && void ready(), RETRY_AT_MOST_MS).unref();
      return;
    }
    subscribed = true;
    found();
    for (const listener of [...reconnected]) listener();
  };
  receiver.on('ready', () => void ready());
  receiver.on('close', () => {
    subscribed = false;
    lost();
  });
  for (const client of [sender, receiver]) client.on('error', lost);
  receiver.on('pmessage', (_pattern: string, address: string, text: string) => {
    const channel = address.slice(prefix.length + 1);
    const read = envelopes.open(channel, text);
    if (read.kind === 'own') return;
    heard?.(read.kind);
    if (read.kind === 'taken') return listeners.deliver(channel, read.message);
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    logger.warn(
      { alert: 'forged message' },
      'a message on the bus is from none of our nodes; it was ignored'
    );
  });

  /** Rejects when Redis has not taken it. */
  const send = async (channel: string, message: unknown): Promise<void> => {
    if (sender.status !== 'ready') throw new Error('Redis is not reached');
    await sender.publish(`${prefix}:${channel}`, envelopes.seal(channel, message));
  };
  const sendOrKeep = (channel: string, message: unknown): void => {
    send(channel, message).catch((error: unknown) => {
      kept.set(JSON.stringify([channel, message]), { channel, message });
      retry ??= setTimeout(sayKept, RETRY_AT_MOST_MS).unref();
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT) break;
        kept.delete(oldest);
      }
      lost(error);
    });
  };
  const sayKept = (): void => {
    clearTimeout(retry);
    retry = undefined;
    const waiting = [...kept.values()];
    kept.clear();
    for (const { channel, message } of waiting) sendOrKeep(channel, message);
  };
  sender.on('ready', () => {
    found();
    sayKept();
  });
  return {
    tell: (channel, message) => void send(channel, message).catch(lost),
    publish(channel, message) {
      listeners.deliver(channel, message);
      sendOrKeep(channel, message);
    },
    subscribe: (channel, listener) => listeners.add(channel, listener),
    onReconnect(listener) {
      reconnected.add(listener);
      return () => reconnected.delete(listener);
    },
    get connected() {
      return isConnected();
    },
    async close() {
      listeners.clear();
      reconnected.clear();
      clearTimeout(retry);
      kept.clear();
      for (const client of [sender, receiver]) {
        client.removeAllListeners();
        client.on('error', () => undefined);
        client.disconnect();
      }
    }
  };
};
