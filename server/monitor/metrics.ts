import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RoomsStats } from '../rooms/types.ts';
import type { Counts } from './counts.ts';
import type { LogDurations } from './measured-log.ts';
import type { RoomDurations, Sockets } from './measured-rooms.ts';
import { REASONS } from './reasons.ts';

/** The loop's delays are told for the last so many ms, however often somebody asks. */
const LOOP_WINDOW_MS = 30_000;
const LOOP_PRECISION_MS = 50;
const PENDING_MS = 60_000;

/** What is looked at only when somebody asks. */
export interface Sources {
  readonly counts: Counts;
  readonly rooms: () => RoomsStats;
  readonly sockets: () => Sockets;
  readonly busConnected: () => boolean;
  readonly busGaps: () => number;
  readonly draining: () => boolean;
}

const seconds = (...buckets: readonly number[]): number[] => [...buckets];

/** The durations that are measured as they happen. */
const createDurations = (registry: Registry): LogDurations & RoomDurations => {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  return {
    commit: histogram(
      'meander_commit_seconds',
      'One group commit: every update that arrived within a few ms, on whatever map.',
      seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
    ),
    ack: histogram(
      'meander_ack_seconds',
      'From the arrival of the oldest update that an acknowledgement covers to that acknowledgement.',
      seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
    ),
    load: histogram(
      'meander_load_seconds',
      'Reading one map from the database.',
      seconds(0.0025, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
    ),
    compaction: histogram(
      'meander_compaction_seconds',
      'Storing one snapshot and shortening the log behind it.',
      seconds(0.0025, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
    ),
    revocation: histogram(
      'meander_revocation_seconds',
      'From the word on this node that rights have changed to the socket that is closed for it.',
      seconds(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 5, 65)
    )
  };
};

/**
 * Every metric of one server. No map, person or address is a label of any of them: what changes with those would be
 * theirs, and there would be no end of it.
 */
export const createMetrics = (sources: Sources) => {
  const registry = new Registry();
  const registers = [registry];
  const { counts } = sources;
  // Each of these two wakes an idle server so often; a hundred times a second costs as much as a busy map.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  const loop = monitorEventLoopDelay({ resolution: LOOP_PRECISION_MS });
  loop.enable();
  const forget = setInterval(() => loop.reset(), LOOP_WINDOW_MS);
  forget.unref();

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      }
    });
  /** A counter whose value is kept elsewhere. */
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      }
    });
  const labelled = (
    name: string,
    help: string,
    label: string,
    read: () => Iterable<readonly [string | number, number]>
  ) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: String(value) }, count);
      }
    });

  const { rooms, sockets } = sources;
  gauge('meander_sockets', 'Sockets in a room.', () => sockets().size);
  gauge('meander_rooms', 'Maps in memory.', () => rooms().rooms);
  gauge(
    'meander_rooms_damaged',
    'Maps that are open read-only because some of their rows are bad.',
    () => rooms().damaged
  );
  gauge(
    'meander_loaded_bytes',
    'Bytes of the maps in memory, as the log has them; memory takes about 20 times that.',
    () => rooms().loadedBytes
  );
  gauge(
    'meander_log_rows',
    'Updates of the maps in memory that no snapshot holds yet.',
    () => rooms().logRows
  );
  gauge('meander_queue_bytes', 'Bytes accepted and not yet committed.', () => rooms().queuedBytes);
  gauge('meander_rooms_unsaved', 'Maps with updates that are not committed yet.', () => rooms().queuedRooms);
  gauge('meander_saving_fails', '1 while some map cannot be stored.', () => Number(rooms().failing));
  gauge('meander_cut_off', '1 while the database is not reached and everybody is sent to another node.', () =>
    Number(rooms().cutOff)
  );
  gauge('meander_draining', '1 from the moment the server is told to stop.', () =>
    Number(sources.draining())
  );
  gauge(
    'meander_unacknowledged_updates',
    'Updates that arrived and are not acknowledged: seq - durableSeq over all maps.',
    () => Math.max(0, counts.updatesIn - counts.updatesAcknowledged)
  );
  gauge(
    'meander_durable_lag_seconds',
    'How long the oldest of those has waited.',
    () => sockets().waiting(0).longest / 1000
  );
  gauge(
    'meander_rooms_pending',
    'Maps on which somebody has waited for an acknowledgement for more than 60 s.',
    () => sockets().waiting(PENDING_MS).maps
  );
  gauge('meander_buffered_bytes_max', 'The most bytes that wait in the server for one slow reader.', () =>
    sockets().mostBuffered()
  );
  gauge(
    'meander_loop_delay_p99_seconds',
    'How late the event loop was, 99th percentile of the last 30 s at most.',
    () => lateness(loop.percentile(99))
  );
  gauge('meander_loop_delay_max_seconds', 'How late it was at worst.', () => lateness(loop.max));
  gauge('meander_bus_connected', '1 while messages of other nodes arrive; 1 on a single node.', () =>
    Number(sources.busConnected())
  );

  counter('meander_updates_total', 'Updates stored. rate() of it is edits per second.', () => counts.stored);
  counter('meander_update_bytes_total', 'Their bytes.', () => counts.storedBytes);
  counter(
    'meander_commits_failed_total',
    'Commits that failed. Nothing was acknowledged; each is tried again.',
    () => counts.commitsFailed
  );
  counter(
    'meander_checksum_failures_total',
    'Rows or snapshots that did not match their checksum when a map was read.',
    () => counts.checksumFailures
  );
  counter('meander_joins_total', 'Sockets let into a room.', () => counts.joined);
  counter(
    'meander_reconnects_total',
    'Those of people who had left the same map less than a minute before.',
    () => counts.rejoined
  );
  counter('meander_sockets_cut_total', 'Readers cut off because they were too slow.', () => counts.cut);
  counter('meander_bus_messages_total', 'Messages of other nodes that were taken.', () => counts.busIn);
  counter(
    'meander_bus_forged_total',
    'Messages on the bus that no node of ours has signed; they were ignored.',
    () => counts.busForged
  );
  counter('meander_bus_gaps_total', 'Times that the bus to the other nodes was lost.', () =>
    sources.busGaps()
  );
  counter(
    'meander_bus_repairs_total',
    'Times that updates of other nodes had to be read from the log.',
    () => rooms().repairs
  );
  counter(
    'meander_faults_total',
    'Exceptions that nobody took care of; the server restarts after one.',
    () => counts.faults
  );
  labelled('meander_sent_bytes_total', 'Bytes sent to sockets.', 'content', () =>
    Object.entries(counts.sentBytes)
  );
  labelled('meander_presence_frames_total', 'Frames of presence.', 'direction', () =>
    Object.entries(counts.presenceFrames)
  );
  labelled('meander_refused_total', 'Frames refused by the guard and the limits.', 'reason', () =>
    REASONS.map((reason) => [reason, counts.refused.get(reason) ?? 0] as const)
  );
  labelled('meander_closed_total', 'Sockets closed by the server.', 'code', () => counts.closed);

  return {
    durations: createDurations(registry),
    /** The exposition format of Prometheus. */
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
    stop() {
      clearInterval(forget);
      loop.disable();
      registry.clear();
    }
  };
};

/** The monitor's own timer fires every {@link LOOP_PRECISION_MS}; what is above that is late. In seconds. */
const lateness = (nanoseconds: number): number =>
  Math.max(0, (nanoseconds - LOOP_PRECISION_MS * 1e6) / 1e9) || 0;
