import { randomBytes, randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Opened } from '../db/db.ts';
import { peopleQueries } from '../db/people.ts';
import { storable } from '../db/text.ts';
import { limited } from './limit.ts';
import type { Principal, UserId } from './principal.ts';

export type AccountProblem =
  | 'email-invalid' // not of the form a@b, or longer than 254 characters
  | 'email-taken'
  | 'name-length' // not 1 to 60 characters, or none that can be seen
  | 'password-length'; // not 15 to 256 characters

export type AccountResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly problem: AccountProblem };

export interface Accounts {
  createUser(input: {
    readonly email: string;
    readonly name: string;
    readonly password: string;
  }): Promise<AccountResult>;
  /** A person without an account. Their name, when they have one already, follows the rule of {@link nameGuest}. */
  createGuest(name: string | null): Promise<AccountResult>;
  /** Names or renames a guest: 1 to 60 characters after trimming. `not-a-guest` also when there is no such person. */
  nameGuest(
    userId: UserId,
    name: string
  ): Promise<AccountResult | { readonly ok: false; readonly problem: 'not-a-guest' }>;
  /** The account with this address, whatever its letters' case. */
  findByEmail(email: string): Promise<Principal | null>;
  /** The account when the password is right. An unknown address takes as long as a wrong password. */
  verifyPassword(email: string, password: string): Promise<Principal | null>;
}

/** Argon2id (the library's default) at OWASP's minimum: 19 MiB, two passes. */
const ARGON = { memoryCost: 19456, timeCost: 2, parallelism: 1 };
const HASHES_AT_ONCE = 4;
const EMAIL_LONGEST = 254;
const NAME_LONGEST = 60;
const PASSWORD_SHORTEST = 15;
const PASSWORD_LONGEST = 256;

/** Accounts and guests. */
export const createAccounts = (opened: Opened): Accounts => {
  const people = peopleQueries(opened);
  const hashing = limited(HASHES_AT_ONCE);
  const unmatchable = unmatchableHash();
  return {
    createUser: async (input) => {
      const email = folded(input.email);
      const name = tidyName(input.name);
      const password = typed(input.password);
      if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > EMAIL_LONGEST) return failed('email-invalid');
      if (name === null) return failed('name-length');
      if (!isPasswordLength(password)) return failed('password-length');
      const passwordHash = await hashing(() => hash(password, ARGON));
      const userId = newUserId();
      const added = await people.addUser({ id: userId, name, email, passwordHash, guest: false });
      return added ? { ok: true, principal: { userId, name, guest: false } } : failed('email-taken');
    },
    createGuest: async (text) => {
      const name = text === null ? null : tidyName(text);
      if (text !== null && name === null) return failed('name-length');
      const userId = newUserId();
      await people.addUser({ id: userId, name, guest: true });
      return { ok: true, principal: { userId, name, guest: true } };
    },
    nameGuest: async (userId, text) => {
      const name = tidyName(text);
      if (name === null) return failed('name-length');
      const principal = await people.nameGuest(userId, name);
      return principal ? { ok: true, principal } : { ok: false, problem: 'not-a-guest' };
    },
    findByEmail: (email) => people.userByEmail(folded(email)),
    verifyPassword: async (email, text) => {
      const password = typed(text);
      // No account has such a password, and hashing megabytes on request is a way to keep a server busy.
      if (!isPasswordLength(password)) return null;
      const row = await people.passwordByEmail(folded(email));
      const right = await hashing(() => verify(row?.passwordHash ?? unmatchable, password));
      return row && right ? { userId: row.userId, name: row.name, guest: row.guest } : null;
    }
  };
};

const failed = (problem: AccountProblem) => ({ ok: false, problem }) as const;

const newUserId = (): UserId => randomUUID() as string as UserId;

const folded = (email: string): string => storable(email).trim().normalize('NFC').toLowerCase();

/** The name as it is kept, on one line; null when it is too long or has nothing to see. */
const tidyName = (text: string): string | null => {
  const name = storable(text).trim().replace(/\s+/g, ' ');
  const visible = /[^\p{C}\p{Z}\p{M}]/u.test(name);
  return visible && [...name].length <= NAME_LONGEST ? name : null;
};

/** A password in the form that is hashed, the same from every keyboard. */
const typed = (password: string): string => password.normalize('NFKC');

const isPasswordLength = (password: string): boolean => {
  // Counting characters of a text this long would itself take time.
  if (password.length > 2 * PASSWORD_LONGEST) return false;
  const { length } = [...password];
  return length >= PASSWORD_SHORTEST && length <= PASSWORD_LONGEST;
};

/** A hash that takes as long to compare as a real one and that no password matches. */
const unmatchableHash = (): string => {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
  const { memoryCost, timeCost, parallelism } = ARGON;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${random(16)}$${random(32)}`;
};
