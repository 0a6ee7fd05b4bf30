import * as Y from 'yjs';
import { isRecordId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { byRank, isRank } from '#lib/journey/order.ts';
import type { YRecord } from './layout.ts';

/*
 * Reading is tolerant: any Yjs client can write anything into a shared document, and one malformed record must not
 * take the rest of the map away. A record that cannot be read is left out; a field that cannot be read gets its default.
 */

/** A text of at most `max` UTF-16 code units; the rest of a longer one is left out. */
export const text = (value: unknown, fallback = '', max: number = LIMITS.stageText): string =>
  value instanceof Y.Text ? cut(value.toJSON(), max) : typeof value === 'string' ? cut(value, max) : fallback;

/** Never ends in half of a letter. */
const cut = (whole: string, max: number): string =>
  whole.length <= max ? whole : whole.slice(0, /[\uD800-\uDBFF]/.test(whole.charAt(max - 1)) ? max - 1 : max);

/** A name, which is one line. */
export const line = (value: unknown): string => text(value, '', LIMITS.name);

export const oneOf = <const T extends readonly string[]>(values: T, value: unknown): T[number] | null =>
  typeof value === 'string' && values.includes(value) ? value : null;

export const within = (value: unknown, min: number, max: number, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;

export const record = (id: string, value: unknown): value is YRecord =>
  value instanceof Y.Map && isRecordId(id);

const LAST_RANK = 'zz';
export const rank = (value: unknown): string => (isRank(value) ? value : LAST_RANK);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const finite = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** The records by rank, no more of them than a map may have. */
export const inOrder = <T extends { readonly id: string; readonly rank: string }>(
  records: Iterable<T>,
  max: number
): T[] => [...records].sort(byRank).slice(0, max);

/** What a document holds above the limits of a map, and its readers therefore leave out. */
export interface LeftOut {
  readonly records: number;
  /** Records one of whose texts is cut. */
  readonly texts: number;
}

/** True when a shared text of the record is longer than a map may have it. */
export const isTooLong = (value: unknown, max: number): boolean => {
  if (value instanceof Y.Map)
    for (const field of value.values()) if (field instanceof Y.Text && field.length > max) return true;
  return false;
};
