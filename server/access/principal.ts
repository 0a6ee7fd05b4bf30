import type { UserId } from '../db/ids.ts';

export type { UserId };

/** Who asks: an account or a guest, known by a session cookie or a bearer token. */
export interface Principal {
  readonly userId: UserId;
  readonly name: string | null; // a guest who has not been asked yet has none
  readonly guest: boolean;
}
