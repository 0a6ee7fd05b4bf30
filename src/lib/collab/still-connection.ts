import type { MapConnection } from './types.ts';

/** The connection of a map that is only looked at and does not change by itself: a version from its history. */
export const stillConnection = (): MapConnection => ({
  save: { kind: 'viewOnly' },
  synced: true,
  hasLocalCopy: false,
  loaded: true,
  role: 'viewer',
  clientId: 0,
  damaged: false,
  me: null,
  others: new Map(),
  ready: Promise.resolve(),
  on: () => () => undefined,
  setCursor: () => undefined,
  setSelection: () => undefined,
  setEditing: () => undefined,
  setPresence: () => undefined,
  reconnect: () => undefined,
  discardLocalCopy: async () => undefined,
  destroy: () => undefined
});
