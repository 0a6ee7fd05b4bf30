/**
 * What the measured parts of a server count as they go, in plain numbers: several of these change with every frame, and
 * are made into metrics only when somebody asks.
 */
export interface Counts {
  /** Sockets that were ever let into a room, and those that came back within a minute. */
  joined: number;
  rejoined: number;
  /** Bytes sent to sockets, by what was in them. */
  readonly sentBytes: { document: number; presence: number; other: number };
  readonly presenceFrames: { in: number; out: number };
  /** Updates of sockets that count their acknowledgements: arrived, and acknowledged. */
  updatesIn: number;
  updatesAcknowledged: number;
  /** Updates stored, by whoever made them, and their bytes. */
  stored: number;
  storedBytes: number;
  commitsFailed: number;
  /** Readers too slow to be kept. */
  cut: number;
  /** Rows and snapshots that did not match their checksum when they were read. */
  checksumFailures: number;
  /** Messages of the bus: taken, and refused because no node of ours can have sent them. */
  busIn: number;
  busForged: number;
  /** Promises and exceptions that nobody took care of; the process restarts after one. */
  faults: number;
  /** What was refused, by reason; the reasons are a fixed list. */
  readonly refused: Map<string, number>;
  /** Sockets closed by the server, by close code. */
  readonly closed: Map<number, number>;
}

export const createCounts = (): Counts => ({
  joined: 0,
  rejoined: 0,
  sentBytes: { document: 0, presence: 0, other: 0 },
  presenceFrames: { in: 0, out: 0 },
  updatesIn: 0,
  updatesAcknowledged: 0,
  stored: 0,
  storedBytes: 0,
  commitsFailed: 0,
  cut: 0,
  checksumFailures: 0,
  busIn: 0,
  busForged: 0,
  faults: 0,
  refused: new Map(),
  closed: new Map()
});

export const countOne = <Key>(counts: Map<Key, number>, key: Key): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
