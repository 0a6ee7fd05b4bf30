import { accountQueries } from '../db/accounts.ts';
import type { Opened } from '../db/db.ts';
import { createPasswords } from './passwords.ts';
import { createTries } from './tries.ts';

const SHORTEST = 8;
const LONGEST = 256;

/** The password of a share link, which people tell each other: shorter than an account's, and tried as slowly. */
export interface Locks {
  /** The hash to keep; null when the password has not 8 to 256 characters. */
  hash(password: string): Promise<string | null>;
  /** `right`, `wrong`, or the whole seconds to wait: tries count for the link and for the network they come from. */
  open(link: {
    readonly id: string;
    readonly passwordHash: string;
    readonly password: string;
    readonly address: string;
  }): Promise<'right' | 'wrong' | { readonly waitS: number }>;
}

/** `clock`: milliseconds since 1970. */
export const createLocks = (opened: Opened, clock: () => number = Date.now): Locks => {
  const passwords = createPasswords(SHORTEST);
  const tries = createTries(accountQueries(opened), clock);
  return {
    hash: async (password) => {
      const { length } = [...password.slice(0, 2 * LONGEST + 1)];
      return length < SHORTEST || length > LONGEST ? null : passwords.hash(password);
    },
    open: async ({ id, passwordHash, password, address }) => {
      const who = tries.keys(`link ${id}`, address);
      const waitS = await tries.take(who);
      if (waitS > 0) return { waitS };
      if (!(await passwords.matches(passwordHash, password))) return 'wrong';
      await tries.opened(who);
      return 'right';
    }
  };
};
