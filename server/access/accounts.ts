import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { accountQueries, type Estate } from '../db/accounts.ts';
import { auditQueries } from '../db/audit.ts';
import type { Opened } from '../db/db.ts';
import { peopleQueries } from '../db/people.ts';
import { storable } from '../db/text.ts';
import { createPasswords, passwordProblem, type PasswordProblem } from './passwords.ts';
import type { Principal, UserId } from './principal.ts';
import { createTries, prefixOf } from './tries.ts';

export type AccountProblem =
  | PasswordProblem
  | 'email-invalid' // not of the form a@b, or longer than 254 characters
  | 'email-taken'
  | 'name-length'; // not 1 to 60 characters, or none that can be seen

export type AccountResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly problem: AccountProblem };

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

type Refused<Problem> = { readonly ok: false; readonly problem: Problem };
type Done<Problem> = { readonly ok: true } | Refused<Problem>;

export type SignIn =
  | { readonly ok: true; readonly principal: Principal }
  | Refused<'wrong'> // address or password: which of the two is not told
  | (Refused<'throttled'> & { readonly waitS: number }); // whole seconds

export interface Profile {
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
}

export interface Accounts {
  createUser(input: NewAccount): Promise<AccountResult>;
  /** A person without an account. Their name, when they have one already, follows the rule of {@link nameGuest}. */
  createGuest(name: string | null): Promise<AccountResult>;
  /** Makes an account of a guest; what they made and may do stays theirs. */
  claimGuest(userId: UserId, input: NewAccount): Promise<AccountResult | Refused<'not-a-guest'>>;
  /** Names or renames a guest: 1 to 60 characters after trimming. `not-a-guest` also when there is no such person. */
  nameGuest(userId: UserId, name: string): Promise<AccountResult | Refused<'not-a-guest'>>;
  /** Renames an account, by the same rule. False when the name cannot be used or this is no account. */
  rename(userId: UserId, name: string): Promise<boolean>;
  /** Null for guests. */
  profile(userId: UserId): Promise<Profile | null>;
  /** The account with this address, whatever its letters' case. */
  findByEmail(email: string): Promise<Principal | null>;
  /**
   * The account when the password is right. Failures are counted for the account and for the network `address` that
   * they come from; after the free tries each takes a pause, longer each time. An unknown account takes as long, and is
   * counted as if it existed.
   */
  signIn(given: {
    readonly email: string;
    readonly password: string;
    readonly address: string;
  }): Promise<SignIn>;
  /** Gives what a guest may do to the account that they turned out to be. */
  adopt(guest: UserId, account: UserId): Promise<void>;
  /** Needs the old password, and counts as a try. API tokens and one-time links end with it; sessions are the caller's. */
  changePassword(
    userId: UserId,
    given: { readonly current: string; readonly next: string; readonly address: string }
  ): Promise<Done<PasswordProblem | 'wrong' | 'throttled'>>;
  /** Asks for the password again, before something that cannot be taken back; counts as a try. */
  prove(
    userId: UserId,
    given: { readonly password: string; readonly address: string }
  ): Promise<Done<'wrong' | 'throttled'>>;
  /** A one-time link's token for a new password, good for 30 minutes; only its hash is kept. */
  offerReset(userId: UserId): Promise<string>;
  /**
   * The same for whoever has an account with this address; null when nobody has, or when too many links were asked for
   * it in a row. What is asked counts against the address, whether there is an account or not.
   */
  offerResetTo(
    email: string
  ): Promise<{ readonly email: string; readonly name: string; readonly token: string } | null>;
  /** Whom a token lets set a password; null when it is unknown, used or too old. */
  resetFor(token: string): Promise<{ readonly name: string | null } | null>;
  /** Sets the password and uses the token up. A password that is refused does not use it up. */
  reset(
    token: string,
    password: string
  ): Promise<{ readonly ok: true; readonly userId: UserId } | Refused<PasswordProblem | 'used'>>;
  /** What would become of the maps that only this person owns. */
  estates(userId: UserId): Promise<readonly Estate[]>;
  /** Deletes an account for good; needs the password. Answers what became of its maps. */
  deleteAccount(
    userId: UserId,
    given: { readonly password: string; readonly address: string }
  ): Promise<{ readonly ok: true; readonly passed: readonly Estate[] } | Refused<'wrong' | 'throttled'>>;
  /** True for a guest who came by a link that still works. */
  wasInvited(userId: UserId): Promise<boolean>;
  /** Deletes tokens and counts that have run out; for a timer. */
  deleteExpired(): Promise<void>;
}

const EMAIL_LONGEST = 254;
const NAME_LONGEST = 60;
const RESET_MS = 30 * 60_000;
const RESET_BYTES = 32;

/** Accounts and guests. `clock`: milliseconds since 1970. */
export const createAccounts = (opened: Opened, clock: () => number = Date.now): Accounts => {
  const people = peopleQueries(opened);
  const queries = accountQueries(opened);
  const { note } = auditQueries(opened);
  const passwords = createPasswords();
  const tries = createTries(queries, clock);
  const now = () => new Date(clock());

  /** An account's row from what was typed, or what is wrong with that. */
  const checked = async (input: NewAccount) => {
    const email = folded(input.email);
    const name = tidyName(input.name);
    if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > EMAIL_LONGEST) return failed('email-invalid');
    if (name === null) return failed('name-length');
    const problem = passwordProblem(input.password, { email, name });
    if (problem !== null) return failed(problem);
    const passwordHash = await passwords.hash(input.password);
    return { ok: true, row: { email, name, passwordHash } } as const;
  };

  /** The account that a password opens, by address or by id; failures count against both. */
  const proven = async <Row extends { readonly passwordHash: string | null }>(
    row: Row | null,
    person: UserId | null,
    account: string,
    { password, address }: { readonly password: string; readonly address: string }
  ) => {
    const who = tries.keys(account, address);
    const waitS = await tries.take(who);
    if (waitS > 0) return { ok: false, problem: 'throttled', waitS } as const;
    if (!(await passwords.matches(row?.passwordHash, password)) || row === null) {
      // An address that is no account's is not written down: it may be a password in the wrong field.
      await note({ action: 'sign-in failed', by: null, person, detail: { network: prefixOf(address) } });
      return failed('wrong');
    }
    await tries.opened(who);
    return { ok: true, row } as const;
  };

  const provenById = async (
    userId: UserId,
    given: { readonly password: string; readonly address: string }
  ) => {
    const profile = await queries.profile(userId);
    const passwordHash = await queries.passwordOf(userId);
    const row = profile?.email ? { passwordHash, email: profile.email, name: profile.name ?? '' } : null;
    return proven(row, userId, profile?.email ?? userId, given);
  };

  const offerReset: Accounts['offerReset'] = async (userId) => {
    const token = randomBytes(RESET_BYTES).toString('base64url');
    await queries.addReset({ hash: hashed(token), userId, expiresAt: new Date(clock() + RESET_MS) });
    return token;
  };

  return {
    createUser: async (input) => {
      const account = await checked(input);
      if (!account.ok) return account;
      const userId = newUserId();
      const added = await people.addUser({ id: userId, ...account.row, guest: false });
      const { name } = account.row;
      return added ? { ok: true, principal: { userId, name, guest: false } } : failed('email-taken');
    },
    createGuest: async (text) => {
      const name = text === null ? null : tidyName(text);
      if (text !== null && name === null) return failed('name-length');
      const userId = newUserId();
      await people.addUser({ id: userId, name, guest: true });
      return { ok: true, principal: { userId, name, guest: true } };
    },
    claimGuest: async (userId, input) => {
      const account = await checked(input);
      if (!account.ok) return account;
      const principal = await queries.claim(userId, account.row);
      if (principal) return { ok: true, principal };
      return failed((await people.userByEmail(account.row.email)) ? 'email-taken' : 'not-a-guest');
    },
    nameGuest: async (userId, text) => {
      const name = tidyName(text);
      if (name === null) return failed('name-length');
      const principal = await people.nameGuest(userId, name);
      return principal ? { ok: true, principal } : failed('not-a-guest');
    },
    rename: async (userId, text) => {
      const name = tidyName(text);
      return name !== null && queries.rename(userId, name);
    },
    profile: async (userId) => {
      const row = await queries.profile(userId);
      return row && { name: row.name ?? '', email: row.email ?? '', createdAt: row.createdAt };
    },
    findByEmail: (email) => people.userByEmail(folded(email)),
    signIn: async ({ email, ...given }) => {
      const address = folded(email);
      const row = await people.passwordByEmail(address);
      const opened = await proven(row, row?.userId ?? null, address, given);
      if (!opened.ok) return opened;
      const { userId, name, guest } = opened.row;
      await note({ action: 'signed in', by: userId, detail: { network: prefixOf(given.address) } });
      return { ok: true, principal: { userId, name, guest } };
    },
    adopt: queries.adopt,
    prove: async (userId, given) => {
      const opened = await provenById(userId, given);
      return opened.ok ? { ok: true } : failed(opened.problem);
    },
    changePassword: async (userId, { current, next, address }) => {
      const opened = await provenById(userId, { password: current, address });
      if (!opened.ok) return failed(opened.problem);
      const problem = passwordProblem(next, opened.row);
      if (problem !== null) return failed(problem);
      await queries.setPassword(userId, await passwords.hash(next), 'changed');
      return { ok: true };
    },
    offerReset,
    offerResetTo: async (text) => {
      const email = folded(text);
      // Of its own kind, so that asking for links does not slow down signing in.
      if ((await tries.takeFor(`reset ${email}`)) > 0) return null;
      const person = await people.userByEmail(email);
      if (person === null) return null;
      return { email, name: person.name ?? '', token: await offerReset(person.userId) };
    },
    resetFor: async (token) => {
      const row = await queries.reset(hashed(token), now());
      return row && { name: row.name };
    },
    reset: async (token, password) => {
      const row = await queries.reset(hashed(token), now());
      if (!row) return failed('used');
      const profile = await queries.profile(row.userId);
      const problem = passwordProblem(password, { email: profile?.email ?? '', name: row.name ?? '' });
      if (problem !== null) return failed(problem);
      const passwordHash = await passwords.hash(password);
      const userId = await queries.takeReset(hashed(token), now());
      if (userId === null) return failed('used');
      await queries.setPassword(userId, passwordHash, 'reset');
      return { ok: true, userId };
    },
    estates: queries.estates,
    deleteAccount: async (userId, given) => {
      const opened = await provenById(userId, given);
      return opened.ok ? { ok: true, passed: await queries.remove(userId) } : failed(opened.problem);
    },
    wasInvited: queries.wasInvited,
    deleteExpired: () => queries.removeExpired(now(), new Date(clock() - tries.forgetAfterMs))
  };
};

const failed = <const Problem>(problem: Problem) => ({ ok: false, problem }) as const;

const newUserId = (): UserId => randomUUID() as string as UserId;

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex');

const folded = (email: string): string => storable(email).trim().normalize('NFC').toLowerCase();

/** The name as it is kept, on one line; null when it is too long or has nothing to see. */
const tidyName = (text: string): string | null => {
  const name = storable(text).trim().replace(/\s+/g, ' ');
  const visible = /[^\p{C}\p{Z}\p{M}]/u.test(name);
  return visible && [...name].length <= NAME_LONGEST ? name : null;
};
