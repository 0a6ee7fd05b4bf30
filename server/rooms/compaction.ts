import type * as Y from 'yjs';
import type { MapId } from '#lib/journey/ids.ts';
import type { DocumentLog, LoadedDocument, Snapshot } from '../storage/ports.ts';
import type { Entry } from './committer.ts';
import { takeSnapshot } from './contents.ts';
import type { DurableQueue } from './durable-queue.ts';
import type { RoomsLogger, SnapshotOf } from './types.ts';

const ROWS = 500;
const BYTES = 1024 * 1024;
/** Encoding a document of more than this, and reading it back, would hold the event loop for too long. */
const LARGE_BYTES = 1024 * 1024;

/**
 * Keeps one map's log short: after 500 rows or 1 MB, and when the room unloads, the document is stored as a snapshot
 * that was read back first. A failure is logged and tried again later; the log alone is enough to load the map.
 */
export class Compaction {
  readonly #mapId: MapId;
  readonly #log: DocumentLog;
  readonly #logger: RoomsLogger | undefined;
  readonly #snapshotOf: SnapshotOf | undefined;
  readonly #size: () => number;
  #rows = 0;
  #bytes = 0;
  #running: Promise<void> | null = null;

  readonly #onStored: (snapshot: Snapshot) => void;

  /** `size` of the document in bytes; `onStored` hears of each snapshot that is in the log. */
  constructor(
    mapId: MapId,
    context: {
      log: DocumentLog;
      logger?: RoomsLogger | undefined;
      snapshotOf?: SnapshotOf | undefined;
    },
    size: () => number,
    onStored: (snapshot: Snapshot) => void
  ) {
    this.#mapId = mapId;
    this.#onStored = onStored;
    this.#log = context.log;
    this.#logger = context.logger;
    this.#snapshotOf = context.snapshotOf;
    this.#size = size;
  }

  get rows(): number {
    return this.#rows;
  }

  loaded(stored: LoadedDocument): void {
    this.#rows = stored.updates.length;
    this.#bytes = stored.updates.reduce((sum, { bytes }) => sum + bytes.length, 0);
    // A bad snapshot is replaced by the next one that is taken, so it is not waited for.
    if (stored.damage) this.#rows = Math.max(this.#rows, ROWS);
  }

  /**
   * Rows have been stored, and `doc` contains every one up to number `head`. It may already hold edits that are not committed, so a snapshot of it waits
   * for those before it is stored; when they are lost, it is as well.
   */
  committed(
    entries: readonly Entry[],
    head: number,
    doc: Y.Doc,
    queue: Pick<DurableQueue, 'whenSettled'>
  ): void {
    for (const { update } of entries) {
      if (!update) continue;
      this.#rows++;
      this.#bytes += update.bytes.length;
    }
    if (this.#running || (this.#rows <= ROWS && this.#bytes <= BYTES)) return;
    if (this.#snapshotOf && this.#size() > LARGE_BYTES) {
      this.#running = this.#fromLog(this.#snapshotOf).finally(() => (this.#running = null));
      return;
    }
    const snapshot = this.#snapshot(doc, head);
    if (!snapshot) return;
    this.#running = new Promise<void>((resolve) =>
      queue.whenSettled(() => void this.#store(snapshot).then(resolve), resolve)
    ).finally(() => (this.#running = null));
  }

  /** Everything in `doc`, which contains every update up to `head`, is committed and nobody here writes any more. */
  async beforeUnload(doc: Y.Doc, head: number): Promise<void> {
    await this.#running;
    if (this.#rows === 0) return;
    if (this.#snapshotOf && this.#size() > LARGE_BYTES) return this.#fromLog(this.#snapshotOf);
    const snapshot = this.#snapshot(doc, head);
    if (snapshot) await this.#store(snapshot);
  }

  /** Of what is in the log alone: the document in memory, which goes on changing meanwhile, is not asked. Never rejects. */
  async #fromLog(snapshotOf: SnapshotOf): Promise<void> {
    this.#rows = 0;
    this.#bytes = 0;
    try {
      const stored = await this.#log.load(this.#mapId);
      if (stored) await this.#store({ seq: stored.head, bytes: await snapshotOf(stored) });
    } catch (error) {
      this.#logger?.error({ err: error, mapId: this.#mapId }, 'snapshot refused');
    }
  }

  #snapshot(doc: Y.Doc, head: number): Snapshot | null {
    // Counted from here, also after a failure: the next try is 500 rows away.
    this.#rows = 0;
    this.#bytes = 0;
    try {
      return takeSnapshot(doc, head);
    } catch (error) {
      this.#logger?.error({ err: error, mapId: this.#mapId }, 'snapshot refused');
      return null;
    }
  }

  async #store(snapshot: Snapshot): Promise<void> {
    try {
      await this.#log.compact(this.#mapId, snapshot);
      this.#onStored(snapshot);
    } catch (error) {
      this.#logger?.warn({ err: error, mapId: this.#mapId }, 'snapshot not stored');
    }
  }
}
