import { LIMITS } from './limits.ts';

/** A point on the board, in board units. */
export interface PresencePoint {
  readonly x: number;
  readonly y: number;
}

/** A part of the board, in board units. */
export interface PresenceView extends PresencePoint {
  readonly width: number; // above 0
  readonly height: number;
}

/** What a client says about itself. */
export interface PresenceFields {
  readonly cursor: PresencePoint | null;
  /** Ids of the selected records, at most `LIMITS.presenceSelection`. */
  readonly selection: readonly string[];
  /** Id of the record whose text is being edited. */
  readonly editing: string | null;
  /** How far the selected records are being carried, in board units. They are stored at their new place at the end. */
  readonly drag: PresencePoint | null;
  /** Where the person points with the laser, while it is pressed. */
  readonly laser: PresencePoint | null;
  /** A word at the cursor, at most `LIMITS.presenceChat` letters. */
  readonly chat: string | null;
  /** What the person sees of the board, in board units; said while somebody follows them. */
  readonly view: PresenceView | null;
  /** The Yjs client id of the tab whose view this one shows. */
  readonly following: number | null;
  /** Asks everybody to come to this view. Another number is another question. */
  readonly call: number | null;
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

export const EMPTY_PRESENCE: PresenceFields = {
  cursor: null,
  selection: [],
  editing: null,
  drag: null,
  laser: null,
  chat: null,
  view: null,
  following: null,
  call: null
};

const RECORD_ID = /^[A-Za-z0-9_-]{1,64}$/;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRecord = (value: unknown): value is string => typeof value === 'string' && RECORD_ID.test(value);
const own = (value: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

/** No map reaches further than this, in board units. */
const FARTHEST = 1e7;
const place = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= FARTHEST; // false for NaN too

const point = (value: unknown): PresencePoint | null => {
  if (!isObject(value)) return null;
  const x = own(value, 'x');
  const y = own(value, 'y');
  return place(x) && place(y) ? { x, y } : null;
};

const view = (value: unknown): PresenceView | null => {
  const corner = point(value);
  if (corner === null || !isObject(value)) return null;
  const width = own(value, 'width');
  const height = own(value, 'height');
  return place(width) && place(height) && width >= 1 && height >= 1 ? { ...corner, width, height } : null;
};

/** One line without signs that cannot be seen; null when nothing is left. */
const line = (value: unknown): string | null => {
  if (typeof value !== 'string') return null;
  const text = value
    .slice(0, LIMITS.presenceChat)
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .toWellFormed();
  return text.trim() === '' ? null : text;
};

const uint32 = (value: unknown): number | null =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32 ? (value as number) : null;

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
    editing: isRecord(editing) ? editing : null,
    drag: point(own(value, 'drag')),
    laser: point(own(value, 'laser')),
    chat: line(own(value, 'chat')),
    view: view(own(value, 'view')),
    following: uint32(own(value, 'following')),
    call: uint32(own(value, 'call'))
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
