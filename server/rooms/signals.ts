import * as v from 'valibot';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import type { UserId } from '../storage/ports.ts';
import type { News } from './follower.ts';

/** More than this is read from the log instead. */
const NEWS_BYTES = 64 * 1024;

const mapId = v.pipe(
  v.string(),
  v.check(isMapId),
  v.transform((text) => text as MapId)
);
const userId = v.pipe(
  v.string(),
  v.transform((text) => text as UserId)
);
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const bytes = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text): Uint8Array => new Uint8Array(Buffer.from(text, 'base64')))
);
const entry = v.object({
  clientId: whole,
  clock: whole,
  json: v.pipe(v.string(), v.maxLength(LIMITS.presenceBytes * 2))
});
const node = v.pipe(v.string(), v.uuid());

const signal = v.variant('kind', [
  v.object({
    kind: v.literal('recheck'),
    scope: v.union([v.object({ mapId }), v.object({ userId })])
  }),
  v.object({ kind: v.literal('evict'), mapId, code: whole, reason: v.string() }),
  v.object({ kind: v.literal('poke'), mapId, poke: v.object({ topic: v.string() }) }),
  v.object({
    kind: v.literal('stored'),
    node,
    mapId,
    epoch: whole,
    from: whole,
    to: whole,
    updates: v.nullable(v.array(bytes)),
    writers: v.array(v.object({ clientId: whole, userId: v.nullable(userId) }))
  }),
  v.object({ kind: v.literal('presence'), node, mapId, entries: v.array(entry) }),
  v.object({ kind: v.literal('who'), node, mapId })
]);

/**
 * What the nodes tell each other about rooms. `who` asks for everybody's presence on a map and is answered with
 * `presence`; nothing else is ever answered.
 */
export type Signal = v.InferOutput<typeof signal>;

/** Reads a message of the bus; null for one that is none of ours. */
export const readSignal = (message: unknown): Signal | null => {
  const parsed = v.safeParse(signal, message);
  return parsed.success ? parsed.output : null;
};

/** The message that tells other nodes of updates that are stored now. */
export const storedSignal = (
  about: { readonly node: string; readonly mapId: MapId },
  news: Omit<News, 'updates'> & { readonly updates: readonly Uint8Array[] }
): object => {
  const size = news.updates.reduce((sum, { length }) => sum + length, 0);
  return {
    kind: 'stored',
    ...about,
    ...news,
    updates: size > NEWS_BYTES ? null : news.updates.map((update) => Buffer.from(update).toString('base64'))
  };
};
