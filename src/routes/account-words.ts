import type { AccountProblem } from '../../server/access/accounts.ts';

const PROBLEMS: Readonly<
  Record<AccountProblem, readonly [field: 'email' | 'name' | 'password', sentence: string]>
> = {
  'email-invalid': ['email', 'Write an e-mail address, such as ada@example.org.'],
  'email-taken': ['email', 'There is an account with this address already. Sign in instead.'],
  'name-length': ['name', 'Write a name of 1 to 60 visible characters.'],
  'password-length': [
    'password',
    'A password has 15 to 256 characters. A short sentence is easy to keep in mind.'
  ],
  'password-guessable': [
    'password',
    'That is among the first that somebody would try. Take one that says less about you.'
  ]
};

/** What to say below each field. */
export type FieldErrors = Partial<Record<'email' | 'name' | 'password', string>>;

/** The field that is wrong and what to say below it, as `fail` sends it. */
export const told = (problem: AccountProblem): { readonly errors: FieldErrors } => {
  const [field, sentence] = PROBLEMS[problem];
  return { errors: { [field]: sentence } };
};

/** What to say to somebody who has to wait. */
export const waitWords = (seconds: number): string =>
  seconds < 90
    ? `Too many tries. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`
    : `Too many tries. Wait ${Math.ceil(seconds / 60)} minutes, then try again.`;

/** Where to go after signing in: a path of ours, never another site's. */
export const localPath = (asked: string | null): string =>
  asked !== null && /^\/(?![/\\])[^\s\\]*$/.test(asked) ? asked : '/maps';
