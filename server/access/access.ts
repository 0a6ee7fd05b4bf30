import type { Opened } from '../db/db.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { createAuthorize, type Authorize } from './authorize.ts';
import { createLocks, type Locks } from './locks.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createTokens, type Tokens } from './tokens.ts';

export type { AccountProblem, AccountResult, Accounts, NewAccount, Profile, SignIn } from './accounts.ts';
export type { PasswordProblem } from './passwords.ts';
export type { Action, Authorize, Denied, Grant } from './authorize.ts';
export type { Locks } from './locks.ts';
export type { Principal, UserId } from './principal.ts';
export type { SessionCookie, Sessions } from './sessions.ts';
export type { ApiToken, Tokens } from './tokens.ts';

/** Who somebody is, and what they may do. */
export interface Access {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly authorize: Authorize;
  readonly locks: Locks;
}

/** `secureCookies`: true when the configured origin starts with `https:`. */
export const createAccess = (
  opened: Opened,
  { secureCookies }: { readonly secureCookies: boolean }
): Access => ({
  accounts: createAccounts(opened),
  sessions: createSessions(opened, secureCookies),
  tokens: createTokens(opened),
  authorize: createAuthorize(opened),
  locks: createLocks(opened)
});
