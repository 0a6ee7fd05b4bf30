import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { limited } from './limit.ts';

export type PasswordProblem =
  | 'password-length' // not 15 to 256 characters
  | 'password-guessable'; // one of the first that somebody would try

/** Argon2id (the library's default) at OWASP's minimum: 19 MiB, two passes. */
const ARGON = { memoryCost: 19456, timeCost: 2, parallelism: 1 };
const HASHES_AT_ONCE = 4;
const SHORTEST = 15;
const LONGEST = 256;
const FEWEST_DISTINCT = 5;
const LONGEST_UNIT = 8;

export interface Passwords {
  readonly hash: (password: string) => Promise<string>;
  /** True when the password is that of the hash. Without a hash it takes as long, and is false. */
  readonly matches: (stored: string | null | undefined, password: string) => Promise<boolean>;
}

/** Hashes with a bound on how many are at work at once: each takes 19 MiB and a core. `shortest`: of what can match. */
export const createPasswords = (shortest = SHORTEST): Passwords => {
  const hashing = limited(HASHES_AT_ONCE);
  const unmatchable = unmatchableHash();
  return {
    hash: (password) => hashing(() => hash(typed(password), ARGON)),
    matches: async (stored, password) => {
      // No account has such a password, and hashing megabytes on request is a way to keep a server busy.
      if (!isPasswordLength(typed(password), shortest)) return false;
      const right = await hashing(() => verify(stored ?? unmatchable, typed(password)));
      return right && typeof stored === 'string';
    }
  };
};

/**
 * What is wrong with a new password; null when nothing is. There are no rules of composition (NIST SP 800-63B 3.1.1.2):
 * length counts, and what is short in truth, a unit that repeats, a run along the keyboard or the person's own name
 * or address, is refused.
 */
export const passwordProblem = (
  password: string,
  person: { readonly email: string; readonly name: string }
): PasswordProblem | null => {
  const text = typed(password);
  if (!isPasswordLength(text)) return 'password-length';
  const plain = text.toLowerCase().replace(/\s+/g, '');
  const own = [person.email, person.email.split('@')[0] ?? '', person.name, 'meander', 'password']
    .map((word) => word.toLowerCase().replace(/\s+/g, ''))
    .filter((word) => word.length > 3);
  const rest = own.reduce((left, word) => left.replaceAll(word, ''), plain);
  const nothingElse = rest !== plain && !/\p{L}/u.test(rest);
  const guessable =
    new Set(plain).size < FEWEST_DISTINCT ||
    repeats(plain) ||
    RUNS.some((run) => run.includes(plain)) ||
    nothingElse;
  return guessable ? 'password-guessable' : null;
};

const ROWS = [
  '1234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn'
];
const RUNS = [...ROWS, 'abcdefghijklmnopqrstuvwxyz', '1234567890qwertyuiopasdfghjklzxcvbnm'].flatMap(
  (row) => {
    const ring = row.repeat(Math.ceil(LONGEST / row.length) + 1);
    return [ring, [...ring].reverse().join('')];
  }
);

/** True when the text is a short unit again and again, such as `abc123abc123abc123`. */
const repeats = (text: string): boolean =>
  Array.from({ length: LONGEST_UNIT }, (_, index) => index + 1).some(
    (length) =>
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .slice(0, text.length) === text
  );

/** A password in the form that is hashed, the same from every keyboard. */
const typed = (password: string): string =>
  password.length > 2 * LONGEST ? password : password.normalize('NFKC');

const isPasswordLength = (password: string, shortest = SHORTEST): boolean => {
  // Counting characters of a text this long would itself take time.
  if (password.length > 2 * LONGEST) return false;
  const { length } = [...password];
  return length >= shortest && length <= LONGEST;
};

/** A hash that takes as long to compare as a real one and that no password matches. */
const unmatchableHash = (): string => {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
  const { memoryCost, timeCost, parallelism } = ARGON;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${random(16)}$${random(32)}`;
};
