/**
 * Why a socket was closed. 4400 to 4499 are final: a stock y-websocket provider stops, and so does ours.
 * Everything else means "come back later".
 */
export const CLOSE = {
  restart: 1012,
  overloaded: 1013,
  badFrame: 4400,
  login: 4401,
  forbidden: 4403,
  gone: 4404,
  /** Given by a client to itself: its copy belongs to another history. */
  epoch: 4409,
  tooBig: 4413,
  /** Kept for the day a server no longer speaks this version. */
  reload: 4426,
  quota: 4429,
  resync: 4500
} as const;

export type CloseName = keyof typeof CLOSE;
export type CloseCode = (typeof CLOSE)[CloseName];

/** True when coming back cannot help until the person or the program does something. */
export const isFinal = (code: number): boolean => code >= 4400 && code < 4500;
