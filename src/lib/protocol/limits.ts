const KB = 1024;
const MB = 1024 * KB;

/** Bounds of protocol version 1, in bytes, milliseconds or counts. Both sides may rely on them. */
export const LIMITS = {
  /** A frame of any kind; a larger one is closed with 4413. */
  frameBytes: 8 * MB,
  /** One update frame (`0 2`). The answer to the server's state vector (`0 1`) may fill a whole frame. */
  updateBytes: 1 * MB,
  updateStructs: 20_000,
  answerStructs: 400_000,
  deleteRanges: 400_000,
  /** One string; text that was typed in one go is one string. */
  stringBytes: 256 * KB,
  keyBytes: 256,
  jsonDepth: 16,
  stateVectorEntries: 20_000,
  /** What one map may take in the log: its last snapshot and what came since. */
  mapBytes: 16 * MB,
  /** Updates that wait for the client's `0 1`, per connection. */
  earlyBytes: 256 * KB,
  /** One person's presence as JSON. */
  presenceBytes: 3 * KB,
  presenceFrameBytes: 512 * KB,
  presenceSelection: 64,
  /** Letters of a word at the cursor. */
  presenceChat: 140,
  presenceExpiryMs: 30_000,
  presenceFlushMs: 66,
  keepAliveMs: 15_000,
  /** The highest clock a Yjs client id may reach. */
  clock: 2 ** 31
} as const;
