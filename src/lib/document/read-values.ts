import * as Y from 'yjs';
import { isRecordId } from '#lib/journey/ids.ts';
import { isRank } from '#lib/journey/order.ts';
import type { YRecord } from './layout.ts';

/*
 * Reading is tolerant: any Yjs client can write anything into a shared document, and one malformed record must not
 * take the rest of the map away. A record that cannot be read is left out; a field that cannot be read gets its default.
 */

export const text = (value: unknown, fallback = ''): string =>
  value instanceof Y.Text ? value.toJSON() : typeof value === 'string' ? value : fallback;

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
