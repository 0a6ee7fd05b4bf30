import * as Y from 'yjs';
import { BadFrame, writeAnswer } from '#lib/protocol/frames.ts';
import { LIMITS } from '#lib/protocol/limits.ts';
import type { LoadedDocument, PendingUpdate, Stamp, UserId, Writer } from '../storage/ports.ts';
import { AnswerCache } from './answers.ts';
import { BrokenContents, buildDocument, isIncomplete, salvageDocument } from './contents.ts';
import type { Stored } from './follower.ts';
import { guardUpdate } from './guard.ts';
import { Places, TooMuch, type DocumentShapes } from './places.ts';
import { Stamps } from './stamps.ts';
import { Writers } from './writers.ts';

/** Origin of the server's own transactions. */
const SERVER = Symbol('server');

/**
 * Why an update did not get in: it builds on something that is not here; the guard refuses it, and nothing of it is in;
 * or Yjs gave up half-way, and the document has to be read again.
 */
export type Stop =
  { readonly kind: 'gap' } | { readonly kind: 'refused' | 'failed'; readonly error: unknown };

/** What is told of several updates that are one. */
interface Batch {
  clientId: number;
  readonly newWriters: Writer[];
  readonly newStamps: Stamp[];
  bytes: number;
}

/** What became of somebody's updates. */
export interface Admission {
  /** So many of them are in the document, the first ones. */
  readonly taken: number;
  /** What has to be stored for those: nothing when they brought nothing new, or when the document is lost. */
  readonly updates: readonly PendingUpdate[];
  /** Why the next one is not; null when all are. */
  readonly stop: Stop | null;
}

/**
 * One map's document in memory, with who may write under which client id. Nothing gets in that the guard has not
 * seen, and whatever changes it comes out as updates for the log.
 */
export class LiveDocument {
  readonly #places: Places;
  readonly #answers = new AnswerCache();
  readonly #writers = new Writers();
  readonly #stamps: Stamps;
  #doc = new Y.Doc();
  #epoch = 0;
  #emitted: Uint8Array[] = [];
  /** What came from other nodes and was not answered yet, because something behind it failed. */
  #unshown: Uint8Array[] = [];
  /** What the log holds of it: the last snapshot and what came since. */
  #bytes = 0;

  /** `now`: milliseconds, of which only differences mean something. */
  constructor(shapes: DocumentShapes, now: () => number = () => performance.now()) {
    this.#places = new Places(shapes);
    this.#stamps = new Stamps(now);
  }

  /** To be read and not changed, except by {@link edit}. */
  get doc(): Y.Doc {
    return this.#doc;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Forgets what was here and takes what the log has. Throws `BrokenContents`, and others that Yjs throws. */
  load(stored: LoadedDocument): void {
    this.#take(buildDocument(stored), stored);
  }

  /** The same as far as it goes, of a map that cannot be loaded. Never throws. */
  salvage(stored: LoadedDocument): void {
    this.#take(salvageDocument(stored), stored);
  }

  #take(doc: Y.Doc, stored: LoadedDocument): void {
    this.#doc.destroy();
    this.#doc = doc;
    this.#writers.reset(stored.writers);
    this.#stamps.reset();
    this.#epoch = stored.epoch;
    this.#emitted = [];
    this.#unshown = [];
    this.#bytes = stored.updates.reduce(
      (sum, { bytes }) => sum + bytes.length,
      stored.snapshot?.bytes.length ?? 0
    );
    this.#answers.clear();
    this.#doc.on('update', (update: Uint8Array) => this.#emitted.push(update));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A snapshot of so many bytes holds all of it. */
  compacted(bytes: number): void {
    this.#bytes = bytes;
  }

  destroy(): void {
    this.#doc.destroy();
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** The `0 1` frame for somebody with this state vector. Throws {@link BadFrame}. */
  answerTo(stateVector: Uint8Array): Uint8Array {
    return this.#answers.get(stateVector, () => {
      checkStateVector(stateVector);
      return writeAnswer(Y.encodeStateAsUpdate(this.#doc, stateVector));
    });
  }

  mayWrite(userId: UserId, clientId: number): boolean {
    return this.#writers.mayWrite(userId, clientId);
  }

  /**
   * Takes somebody's updates in one transaction, up to the first that the guard does not let through. Never throws:
   * the errors of a refusal are `BadUpdate` and {@link TooMuch}.
   */
  admit(userId: UserId, all: readonly Uint8Array[], maxStructs: number): Admission {
    this.#emitted = [];
    const by: Batch = { clientId: 0, newWriters: [], newStamps: [], bytes: this.#bytes };
    let taken = 0;
    let stop: Stop | null = null;
    try {
      const work = () => {
        for (const bytes of all) {
          stop = this.#admitOne(userId, bytes, maxStructs, by);
          if (stop) return;
          taken++;
        }
      };
      Y.transact(this.#doc, work, null, false);
    } catch (error) {
      stop = { kind: 'failed', error };
    }
    const { bytes: _, ...about } = by;
    const failed = (stop as Stop | null)?.kind === 'failed';
    // What is lost with the document is not taken, or it would be acknowledged.
    return failed
      ? { taken: 0, updates: [], stop }
      : { taken, updates: this.#changes({ userId, ...about }), stop };
  }

  #admitOne(userId: UserId, bytes: Uint8Array, maxStructs: number, by: Batch): Stop | null {
    let repeats: boolean;
    try {
      const verdict = guardUpdate(this.#doc, bytes, {
        places: this.#places,
        maxStructs,
        mayWriteAs: (clientId) => this.#writers.mayWrite(userId, clientId)
      });
      if (verdict.kind === 'gap') return verdict;
      ({ repeats } = verdict);
      by.bytes += bytes.length;
      // Whoever only deletes makes room.
      if (verdict.writers.length > 0 && by.bytes > LIMITS.mapBytes)
        throw new TooMuch(`this map is full: it holds ${LIMITS.mapBytes / 1024 / 1024} MB at most`);
      by.clientId ||= verdict.clientId;
      by.newWriters.push(...this.#writers.bind(userId, verdict.writers));
      for (const clientId of verdict.writers) {
        const stamp = this.#stamps.take(userId, clientId, Y.getState(this.#doc.store, clientId));
        if (stamp) by.newStamps.push(stamp);
      }
    } catch (error) {
      return { kind: 'refused', error };
    }
    this.#apply(bytes, repeats);
    return isIncomplete(this.#doc) ? { kind: 'failed', error: new Error('something is missing') } : null;
  }

  /**
   * Takes what the log has already, and answers what of it was new here. What came by the bus passes the guard like
   * anybody's. Throws, and the document may be incomplete then.
   */
  integrate({ snapshot, updates, writers }: Stored, from: 'log' | 'bus'): readonly Uint8Array[] {
    this.#emitted = [];
    try {
      if (from === 'log')
        this.#doc.transact(() => {
          if (snapshot) Y.applyUpdateV2(this.#doc, snapshot.bytes);
          for (const { bytes } of updates) Y.applyUpdate(this.#doc, bytes);
        }, SERVER);
      else for (const { bytes } of updates) this.#applyGuarded(bytes);
      if (isIncomplete(this.#doc)) throw new BrokenContents('something is missing before these updates');
    } finally {
      this.#unshown.push(...this.#emitted);
      this.#emitted = [];
    }
    this.#writers.learn(writers);
    const news = this.#unshown;
    this.#unshown = [];
    for (const { bytes } of updates) this.#bytes += bytes.length;
    if (news.length > 0) this.#answers.clear();
    return news;
  }

  #applyGuarded(bytes: Uint8Array): void {
    const verdict = guardUpdate(this.#doc, bytes, {
      places: this.#places,
      maxStructs: LIMITS.answerStructs,
      mayWriteAs: () => true
    });
    if (verdict.kind === 'gap') throw new BrokenContents('something is missing before this update');
    this.#apply(bytes, verdict.repeats);
  }

  /**
   * Yjs splits the neighbours that a struct names even when it has that struct already, and does not tell: a repetition
   * with other neighbours would cut a letter of two halves here and nowhere else. So it never sees one.
   */
  #apply(bytes: Uint8Array, repeats: boolean): void {
    Y.applyUpdate(this.#doc, repeats ? Y.diffUpdate(bytes, Y.encodeStateVector(this.#doc)) : bytes);
  }

  /** The server's own change, in one transaction. When `work` throws, the document has to be read again. */
  edit<T>(work: (doc: Y.Doc) => T, userId: UserId | null): { value: T; updates: readonly PendingUpdate[] } {
    this.#emitted = [];
    const { clientID: clientId } = this.#doc;
    const clock = Y.getState(this.#doc.store, clientId);
    const value = this.#doc.transact(() => work(this.#doc), SERVER);
    const newWriters = this.#emitted.length > 0 ? this.#writers.bind(null, [clientId]) : [];
    // All that the server does for people stands under its own client id: each time it is somebody else's.
    const newStamps = [{ clientId, clock, userId }];
    return { value, updates: this.#changes({ userId, clientId, newWriters, newStamps }) };
  }

  /** What Yjs says has changed is stored, not what was sent: that would repeat the whole delete set each time. */
  #changes(by: Omit<PendingUpdate, 'bytes'>): readonly PendingUpdate[] {
    const updates = this.#emitted.map((bytes) => ({ ...by, bytes }));
    this.#emitted = [];
    for (const { bytes } of updates) this.#bytes += bytes.length;
    if (updates.length > 0) this.#answers.clear();
    return updates;
  }
}

/** A state vector with a million entries costs more to read than the map it asks for. */
function checkStateVector(bytes: Uint8Array): void {
  if (bytes.length > LIMITS.stateVectorEntries * 10) throw new BadFrame('state vector too long');
  try {
    if (Y.decodeStateVector(bytes).size > LIMITS.stateVectorEntries)
      throw new BadFrame('state vector too long');
  } catch (error) {
    throw error instanceof BadFrame ? error : new BadFrame('state vector unreadable');
  }
}
