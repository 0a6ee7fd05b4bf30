import { channel } from 'node:diagnostics_channel';

/** Hears of each answer that had to be encoded. */
const encoded = channel('meander:answer-encoded');

/** How much of the last answers is kept. */
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Answers to state vectors, encoded once while the document stands still: when a meeting opens a map, or everybody
 * comes back after a restart, most ask the same question.
 */
export class AnswerCache {
  readonly #answers = new Map<string, Uint8Array>();
  #bytes = 0;

  get(stateVector: Uint8Array, encode: () => Uint8Array): Uint8Array {
    const key = Buffer.from(stateVector.buffer, stateVector.byteOffset, stateVector.length).toString(
      'latin1'
    );
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = encode();
    encoded.publish(answer.length);
    this.#bytes += answer.length + key.length;
    if (this.#bytes > KEPT_BYTES) this.clear();
    else this.#answers.set(key, answer);
    return answer;
  }

  /** The document has changed. */
  clear(): void {
    this.#answers.clear();
    this.#bytes = 0;
  }
}
