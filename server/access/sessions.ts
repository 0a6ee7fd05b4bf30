import { createHash } from 'node:crypto';
import { Lucia, TimeSpan, type Adapter } from 'lucia';
import type { Opened } from '../db/db.ts';
import { peopleQueries, type PeopleQueries } from '../db/people.ts';
import type { Principal, UserId } from './principal.ts';

/** Ready for Kit's `cookies.set(name, value, attributes)`. */
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
  /**
   * The same without prolonging anything, for where no cookie can be sent: a session that outlives its cookie would
   * never again be close enough to its end to be prolonged, and the person would lose it with the cookie.
   */
  readonly peek: (cookieHeader: string | null | undefined) => Promise<Principal | null>;
  /** The session's token in a Cookie header, unchecked: what {@link invalidate} wants at logout. */
  readonly tokenOf: (cookieHeader: string | null | undefined) => string | null;
  readonly invalidate: (token: string) => Promise<void>;
  readonly invalidateAll: (userId: UserId) => Promise<void>;
  /** Deletes what has run out; for a timer. */
  readonly deleteExpired: () => Promise<void>;
  /** Takes the cookie away at logout. */
  readonly blank: SessionCookie;
}

const COOKIE = 'meander_session';
const LIFETIME = new TimeSpan(30, 'd');
/** However often somebody comes by, they sign in again after this long. Guests have no way to, and are not asked. */
const LONGEST_MS = new TimeSpan(90, 'd').milliseconds();

/** Cookie sessions that end after 30 days without a visit. `secureCookies`: the site is served over https. */
export const createSessions = (opened: Opened, secureCookies: boolean): Sessions => {
  const people = peopleQueries(opened);
  const lucia = new Lucia(adapterOf(people), {
    sessionExpiresIn: LIFETIME,
    getUserAttributes: ({ name, guest }) => ({ name, guest })
  });
  const cookie = (value: string, maxAge: number): SessionCookie => ({
    name: COOKIE,
    value,
    attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: secureCookies, maxAge }
  });
  return {
    create: async (userId) => {
      const { id: token } = await lucia.createSession(userId, {});
      return { token, cookie: cookie(token, LIFETIME.seconds()) };
    },
    read: async (cookieHeader) => {
      const token = tokenOf(cookieHeader);
      if (token === null) return { principal: null, fresh: null };
      const { session, user } = await lucia.validateSession(token);
      if (!session) return { principal: null, fresh: null };
      const principal = { userId: user.id, name: user.name, guest: user.guest };
      return { principal, fresh: session.fresh ? cookie(token, LIFETIME.seconds()) : null };
    },
    peek: async (cookieHeader) => {
      const token = tokenOf(cookieHeader);
      const row = token === null ? null : await people.session(hashed(token));
      if (!row || row.expiresAt.getTime() <= Date.now() || outlived(row)) return null;
      const { userId, name, guest } = row;
      return { userId, name, guest };
    },
    tokenOf,
    invalidate: (token) => lucia.invalidateSession(token),
    invalidateAll: (userId) => lucia.invalidateUserSessions(userId),
    deleteExpired: () => lucia.deleteExpiredSessions(),
    blank: cookie('', 0)
  };
};

/**
 * Finds our cookie in a Cookie header. Not Lucia's parser: that one throws when any cookie of the host, ours or
 * not, is not valid percent-encoding.
 */
const tokenOf = (cookieHeader: string | null | undefined): string | null => {
  for (const pair of cookieHeader?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined && /^[a-z0-9]{20,64}$/.test(value)) return value;
  }
  return null;
};

const outlived = ({ guest, createdAt }: { readonly guest: boolean; readonly createdAt: Date }): boolean =>
  !guest && Date.now() - createdAt.getTime() > LONGEST_MS;

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Lucia knows a session by its token; the database knows only the token's hash. 200 random bits need no salt and
 * no slow hash.
 */
const adapterOf = (people: PeopleQueries): Adapter => {
  return {
    getSessionAndUser: async (token) => {
      const row = await people.session(hashed(token));
      if (!row || outlived(row)) return [null, null];
      const { userId, expiresAt, name, guest } = row;
      return [
        { id: token, userId, expiresAt, attributes: {} },
        { id: userId, attributes: { name, guest } }
      ];
    },
    // These ids are hashes: good for counting somebody's sessions, useless as tokens.
    getUserSessions: async (userId) =>
      (await people.sessionsOf(userId)).map((session) => ({ ...session, attributes: {} })),
    setSession: ({ id, userId, expiresAt }) => people.addSession({ id: hashed(id), userId, expiresAt }),
    updateSessionExpiration: (token, expiresAt) => people.extendSession(hashed(token), expiresAt),
    deleteSession: (token) => people.removeSession(hashed(token)),
    deleteUserSessions: (userId) => people.removeSessionsOf(userId),
    deleteExpiredSessions: () => people.removeExpiredSessions(new Date())
  };
};

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<Record<never, never>, { name: string | null; guest: boolean }>;
    UserId: Principal['userId'];
    DatabaseUserAttributes: { name: string | null; guest: boolean };
  }
}
