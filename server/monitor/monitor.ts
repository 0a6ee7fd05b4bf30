import { createHash, timingSafeEqual } from 'node:crypto';
import type { Bus } from '../bus/bus.ts';
import type { Rooms, RoomsStats } from '../rooms/types.ts';
import type { DocumentLog } from '../storage/ports.ts';
import { createCounts, type Counts } from './counts.ts';
import { measuredLog } from './measured-log.ts';
import { measuredRooms, type Sockets } from './measured-rooms.ts';
import { createMetrics } from './metrics.ts';

/** Watches the parts of a server from their doors: each is given through it and does what it did before. */
export interface Monitor {
  readonly counts: Counts;
  log(log: DocumentLog): DocumentLog;
  bus(bus: Bus): Bus;
  /** For the bus: another node's message was taken, or one was refused that is nobody's. */
  readonly heard: (what: 'taken' | 'forged') => void;
  rooms(rooms: Rooms): Rooms;
  /** The metrics, for who may read them. */
  read(): Promise<{ readonly type: string; readonly text: string }>;
  stop(): void;
}

const NO_ROOMS: RoomsStats = {
  rooms: 0,
  sessions: 0,
  damaged: 0,
  loadedBytes: 0,
  logRows: 0,
  queuedBytes: 0,
  queuedRooms: 0,
  failing: false,
  repairs: 0,
  cutOff: false
};
const NO_SOCKETS: Sockets = { size: 0, waiting: () => ({ maps: 0, longest: 0 }), mostBuffered: () => 0 };
/** A socket that is closed later than this after a change of rights is not closed for it. */
const REVOKED_WITHIN_MS = 5_000;

export const createMonitor = (draining: () => boolean): Monitor => {
  const counts = createCounts();
  let stats: () => RoomsStats = () => NO_ROOMS;
  let sockets = NO_SOCKETS;
  let connected: () => boolean = () => true;
  let connections = 0;
  let changedAt = -Infinity;
  const metrics = createMetrics({
    counts,
    rooms: () => stats(),
    sockets: () => sockets,
    busConnected: () => connected(),
    // The first time it was not lost before.
    busGaps: () => Math.max(0, connections - 1),
    draining
  });
  return {
    counts,
    heard: (what) => {
      if (what === 'taken') counts.busIn++;
      else counts.busForged++;
    },
    log: (log) => measuredLog(log, counts, metrics.durations),
    bus(bus) {
      connected = () => bus.connected;
      bus.onReconnect(() => connections++);
      bus.subscribe('rooms', (message) => {
        if (changesRights(message)) changedAt = performance.now();
      });
      return bus;
    },
    rooms(rooms) {
      stats = () => rooms.stats();
      const measured = measuredRooms(rooms, counts, metrics.durations, () =>
        performance.now() - changedAt < REVOKED_WITHIN_MS ? changedAt : 0
      );
      sockets = measured.sockets;
      return measured.rooms;
    },
    read: () => metrics.read(),
    stop: () => metrics.stop()
  };
};

const changesRights = (message: unknown): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'kind' in message &&
  (message.kind === 'recheck' || message.kind === 'evict');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request may read the metrics: it has to bring the operator's token, and there has to be one. */
export const mayReadMetrics = (token: string | undefined, authorization: string | null): boolean =>
  token !== undefined &&
  authorization !== null &&
  timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
