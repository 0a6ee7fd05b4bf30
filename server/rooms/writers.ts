import type { UserId, Writer } from '../storage/ports.ts';

/**
 * Which account writes under which Yjs client id on one map: the first one to write under it, for ever. Without that
 * somebody could write in another person's name, and make everybody believe they had that person's next edits already.
 */
export class Writers {
  /** Null is the server. */
  readonly #users = new Map<number, UserId | null>();

  /** Forgets what was bound here and takes what the log knows. */
  reset(stored: readonly Writer[]): void {
    this.#users.clear();
    this.learn(stored);
  }

  /** Takes what the log has learnt elsewhere. */
  learn(stored: readonly Writer[]): void {
    for (const { clientId, userId } of stored) this.#users.set(clientId, userId);
  }

  mayWrite(userId: UserId, clientId: number): boolean {
    const owner = this.#users.get(clientId);
    return owner === undefined || owner === userId;
  }

  /** Binds the ids that nobody has written under yet, and answers those: they have to be stored with the edit. */
  bind(userId: UserId | null, clientIds: readonly number[]): Writer[] {
    const fresh = clientIds.filter((clientId) => !this.#users.has(clientId));
    for (const clientId of fresh) this.#users.set(clientId, userId);
    return fresh.map((clientId) => ({ clientId, userId }));
  }
}
