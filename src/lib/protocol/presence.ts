import { LIMITS } from './limits.ts';

/** A point on the board, in board units. */
export interface PresencePoint {
  readonly x: number;
  readonly y: number;
}

/** What a client says about itself. */
export interface PresenceFields {
  readonly cursor: PresencePoint | null;
  /** Ids of the selected records, at most `LIMITS.presenceSelection`. */
  readonly selection: readonly string[];
  /** Id of the record whose text is being edited. */
  readonly editing: string | null;
}

/** Who somebody is: written by the server alone. */
export interface PresenceUser {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly guest: boolean;
}

/** What the server sends to everybody about one connection. */
export interface Presence extends PresenceFields {
  readonly user: PresenceUser;
}

export const EMPTY_PRESENCE: PresenceFields = { cursor: null, selection: [], editing: null };

const RECORD_ID = /^[A-Za-z0-9_-]{1,64}$/;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRecord = (value: unknown): value is string => typeof value === 'string' && RECORD_ID.test(value);
const own = (value: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

const point = (value: unknown): PresencePoint | null => {
  if (!isObject(value)) return null;
  const x = own(value, 'x');
  const y = own(value, 'y');
  return Number.isFinite(x) && Number.isFinite(y) ? { x: x as number, y: y as number } : null;
};

/**
 * Reads a presence state as somebody sent it. Unknown fields are dropped and unreadable ones take their empty value,
 * so a stock client with a state of its own is still seen. Null when the value is not an object at all.
 */
export const readPresenceFields = (value: unknown): PresenceFields | null => {
  if (!isObject(value)) return null;
  const selection = own(value, 'selection');
  const editing = own(value, 'editing');
  return {
    cursor: point(own(value, 'cursor')),
    selection: Array.isArray(selection) ? selection.filter(isRecord).slice(0, LIMITS.presenceSelection) : [],
    editing: isRecord(editing) ? editing : null
  };
};

/** Reads a presence state as the server sends it; null when it names nobody. */
export const readPresence = (value: unknown): Presence | null => {
  const fields = readPresenceFields(value);
  const user = isObject(value) ? own(value, 'user') : null;
  if (!fields || !isObject(user)) return null;
  const { id, name, color, guest } = user;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof color !== 'string') return null;
  return { ...fields, user: { id, name, color, guest: guest === true } };
};
