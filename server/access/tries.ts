import { createHash } from 'node:crypto';
import type { AccountQueries } from '../db/accounts.ts';

/** Failures before the first pause. A network gets more than an account: offices share an address. */
const FREE = { account: 5, network: 20 } as const;
const LONGEST_S = 15 * 60;
const FORGET_AFTER_MS = 60 * 60_000;

/** Whom a failure counts against: hashes, by kind. */
export type Counted = Readonly<Record<keyof typeof FREE, string>>;

export interface Tries {
  /** `account`: its address or id, known or not. `address`: of the network, IPv4 or IPv6. */
  keys(account: string, address: string): Counted;
  /**
   * Takes one try, before the password is looked at: of many that come at once, only as many are looked at as one
   * after the other would be. Answers 0, or the whole seconds to wait and nothing taken from the account.
   */
  take(who: Counted): Promise<number>;
  /** Takes one try of something else, named by what it is and for whom; otherwise like {@link take}. */
  takeFor(what: string): Promise<number>;
  /** The account was opened. Its network gets back this try and no others: an own account must not buy tries at others'. */
  opened(who: Counted): Promise<void>;
  readonly forgetAfterMs: number;
}

const ATTEMPTS = 20;

/**
 * Slows down guessing: after the free tries each failure doubles the pause, from 1 second to 15 minutes; an hour
 * without a failure clears the count.
 */
export const createTries = (queries: AccountQueries, clock: () => number): Tries => {
  const takeOne = async (who: string, free: number): Promise<number> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const row = await queries.tried(who);
      const now = clock();
      const live = row !== null && now - row.at.getTime() <= FORGET_AFTER_MS ? row : null;
      if (live !== null && live.failed >= free) {
        const pause = Math.min(LONGEST_S, 2 ** (live.failed - free));
        const waitS = Math.ceil((live.at.getTime() + pause * 1000 - now) / 1000);
        if (waitS > 0) return waitS;
      }
      const after = { failed: (live?.failed ?? 0) + 1, at: new Date(now) };
      if (await queries.setTries(who, row, after)) return 0;
    }
    return 1; // so many at once that they can wait
  };
  return {
    keys: (account, address) => ({
      account: hashed(`account ${account}`),
      network: hashed(`network ${prefixOf(address)}`)
    }),
    take: async ({ account, network }) =>
      (await takeOne(network, FREE.network)) || (await takeOne(account, FREE.account)),
    takeFor: (what) => takeOne(hashed(what), FREE.account),
    opened: async ({ account, network }) => {
      await queries.forgetTries(account);
      await queries.giveTryBack(network);
    },
    forgetAfterMs: FORGET_AFTER_MS
  };
};

/** The network of an address: all of an IPv4 address, the /64 of an IPv6 one, which is one household's. */
export const prefixOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
};

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex');
