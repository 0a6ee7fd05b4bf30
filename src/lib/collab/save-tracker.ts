import { isUpdateFrame, SYNC } from '#lib/protocol/frames.ts';
import type { PendingLedger } from './types.ts';

/**
 * Counts: edits made here, update frames sent on this connection, acknowledgements received. Nothing is inferred from
 * time or hope. PROTOCOL.md P40 to P47.
 */
export class SaveTracker {
  readonly #ledger: PendingLedger;
  #carried: number;
  /** The copy on this device has been read, and keeps what is made here. */
  #hasCopy = false;
  /** Edits of this page: made, and known to be committed. */
  #made = 0;
  #safe = 0;
  /** For each frame of this connection, how many edits are safe once it is acknowledged. */
  #covers: number[] = [];
  #answerAt: number | null = null;
  #acked = 0;

  constructor(ledger: PendingLedger) {
    this.#ledger = ledger;
    this.#carried = ledger.carried();
  }

  get counted(): number {
    return this.#covers.length;
  }

  get acked(): number {
    return this.#acked;
  }

  /** The server asked for our content on this connection, and we answered. */
  get answered(): boolean {
    return this.#answerAt !== null;
  }

  /** Edits that exist only on this device. */
  get changes(): number {
    return this.#carried + this.#made - this.#safe;
  }

  /** Those of {@link changes} that no connection can send, as the copy that holds them could not be read. */
  get unread(): number {
    return this.#hasCopy ? 0 : this.#carried;
  }

  /** The copy on this device is in the document: the first answer brings what it holds. */
  copyRead(): void {
    this.#hasCopy = true;
    this.#store();
  }

  edited(): void {
    this.#made++;
    this.#store();
  }

  /** A new socket: counts belong to a connection. */
  connecting(): void {
    this.#covers = [];
    this.#answerAt = null;
    this.#acked = 0;
  }

  sent(frame: Uint8Array): void {
    if (!isUpdateFrame(frame)) return;
    if (frame[1] === SYNC.answer) this.#answerAt ??= this.#covers.length + 1;
    // Before the answer, a frame says nothing about edits made while there was no connection.
    this.#covers.push(this.#answerAt === null ? this.#safe : this.#made);
  }

  acknowledged(count: number): void {
    this.#acked = Math.max(this.#acked, Math.min(count, this.#covers.length));
    this.#safe = Math.max(this.#safe, this.#covers[this.#acked - 1] ?? 0);
    const answered = this.#answerAt !== null && this.#acked >= this.#answerAt;
    if (answered && this.#hasCopy && this.#carried > 0) {
      this.#carried = 0;
      this.#ledger.settle();
    }
    this.#store();
  }

  #store(): void {
    // A count that outlives the page is of use only where the edits do.
    if (this.#hasCopy) this.#ledger.set(this.#made - this.#safe);
  }
}
