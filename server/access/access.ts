import type { Role } from '#lib/protocol/roles.ts';
import type { Principal, UserId } from './principal.ts';

/** What somebody wants to do on a map. `trash` covers restoring; `share` covers making and revoking links. */
export type Action = 'read' | 'comment' | 'edit' | 'share' | 'trash';

export interface Grant {
  readonly allowed: true;
  readonly role: Role;
}

export interface Denied {
  readonly allowed: false;
  /**
   * `login`: nobody is logged in. `unknown`: no such map, or none of theirs; the two look alike. `forbidden`: their
   * role is too small. `gone`: their map is in the trash.
   */
  readonly reason: 'login' | 'unknown' | 'forbidden' | 'gone';
}

/** The one place that decides who may do what on a map. Any text may be passed as `mapId`. */
export type Authorize = (
  principal: Principal | null,
  mapId: string,
  action: Action
) => Promise<Grant | Denied>;

export type AccountProblem =
  | 'email-invalid' // not of the form a@b, or longer than 254 characters
  | 'email-taken'
  | 'name-length' // not 1 to 60 visible characters
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

/** Ready for `cookies.set(name, value, attributes)`; {@link serializeCookie} makes a Set-Cookie header of it. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly path: '/';
    readonly secure: boolean;
    readonly maxAge: number; // seconds
  };
}

export interface Sessions {
  readonly create: (userId: UserId) => Promise<{ readonly token: string; readonly cookie: SessionCookie }>;
  /** Who a Cookie header speaks for. `fresh` is the cookie to send when the session was just extended. */
  readonly read: (cookieHeader: string | null | undefined) => Promise<{
    readonly principal: Principal | null;
    readonly fresh: SessionCookie | null;
  }>;
  /** The session's token in a Cookie header, unchecked: what {@link invalidate} wants at logout. */
  readonly tokenOf: (cookieHeader: string | null | undefined) => string | null;
  readonly invalidate: (token: string) => Promise<void>;
  readonly invalidateAll: (userId: UserId) => Promise<void>;
  /** Deletes what has run out; for a timer. */
  readonly deleteExpired: () => Promise<void>;
  /** Takes the cookie away at logout. */
  readonly blank: SessionCookie;
}

export interface ApiToken {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null; // to the minute
}

export interface Tokens {
  /** Answers the token's text (`mdr_...`), which is kept nowhere. */
  add(userId: UserId): Promise<string>;
  /** Who an Authorization header (`Bearer mdr_...`) speaks for. */
  read(authorizationHeader: string | null | undefined): Promise<Principal | null>;
  list(userId: UserId): Promise<readonly ApiToken[]>;
  /** True when that person had such a token. */
  remove(userId: UserId, tokenId: string): Promise<boolean>;
}

export interface Access {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly authorize: Authorize;
}
