import type { Logger } from 'pino';
import type { AccountProblem, Accounts, NewAccount, SessionCookie, Sessions } from './access/access.ts';
import type { Principal } from './access/principal.ts';
import type { Config } from './config.ts';
import type { Estate } from './db/accounts.ts';
import type { AuditEntry } from './db/audit.ts';
import { kindOf, type Mail, type Mailer } from './mail.ts';
import type { Rooms } from './rooms/types.ts';

type Refused<Problem> = { readonly ok: false; readonly problem: Problem };

/** Signed in: the cookie of a session that is new, since whoever knew the old one must not share the rights of the new. */
export type Entered = { readonly ok: true; readonly cookie: SessionCookie };

/** Whether somebody may make an account here: `invited` is what they lack where only invited people may. */
export type SignUps = 'open' | 'invited' | 'off';

/**
 * Accounts as pages use them: each call also ends the sessions and asks again for the open sockets that it concerns.
 * `cookieHeader` is the Cookie header of who asks, `address` their network address.
 */
export interface People {
  /** What this person may expect of {@link signUp}. */
  signUps(by: Principal | null): Promise<SignUps>;
  /** A guest becomes an account and keeps everything. Somebody who is signed in already gets `signed-in`. */
  signUp(
    by: Principal | null,
    given: NewAccount,
    cookieHeader: string | null
  ): Promise<Entered | Refused<AccountProblem | 'closed' | 'signed-in'>>;
  /** A guest's maps come along. */
  signIn(
    by: Principal | null,
    given: { readonly email: string; readonly password: string; readonly address: string },
    cookieHeader: string | null
  ): Promise<Entered | Refused<'wrong'> | (Refused<'throttled'> & { readonly waitS: number })>;
  /** Answers the cookie that takes the session's away. */
  signOut(by: Principal | null, cookieHeader: string | null): Promise<SessionCookie>;
  /** Ends every session of an account, on every device; API tokens stay. */
  signOutEverywhere(by: Principal): Promise<SessionCookie>;
  /** Ends all other sessions, since whoever knew the old password may have one. */
  changePassword(
    by: Principal,
    given: { readonly current: string; readonly next: string; readonly address: string }
  ): Promise<Entered | Refused<'wrong' | 'throttled' | AccountProblem>>;
  /** A new password by a one-time link; ends all sessions and opens one. */
  reset(token: string, password: string): Promise<Entered | Refused<'used' | AccountProblem>>;
  /** Whether {@link forgot} can send anything. */
  readonly mails: boolean;
  /**
   * Sends a one-time link to whoever has an account with this address. Answers at once and alike whether there is one:
   * the account is looked up, and the mail sent, afterwards. After a few tries in a row nothing is sent any more.
   */
  forgot(email: string): void;
  /** What deleting the account would do to the maps that only they own. */
  estates(by: Principal): Promise<readonly Estate[]>;
  deleteAccount(
    by: Principal,
    given: { readonly password: string; readonly address: string }
  ): Promise<{ readonly ok: true; readonly cookie: SessionCookie } | Refused<'wrong' | 'throttled'>>;
}

interface Parts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly rooms: Pick<Rooms, 'recheck' | 'evict'>;
  readonly signups: Config['signups'];
  /** The audit. */
  readonly note: (entry: AuditEntry) => Promise<void>;
  /** How mails go out; null where no mail server is set. */
  readonly post: {
    readonly mailer: Mailer;
    readonly origin: string;
    readonly log: Pick<Logger, 'warn'>;
  } | null;
}

export const createPeople = ({ accounts, sessions, rooms, signups, note, post }: Parts): People => {
  /** Ends the session that a browser came with and opens one for an account. */
  const enter = async (userId: Principal['userId'], cookieHeader: string | null): Promise<Entered> => {
    const old = sessions.tokenOf(cookieHeader);
    if (old !== null) await sessions.invalidate(old);
    const { cookie } = await sessions.create(userId);
    return { ok: true, cookie };
  };
  const endAll = async (userId: Principal['userId']): Promise<void> => {
    await sessions.invalidateAll(userId);
    rooms.recheck({ userId });
  };
  const signUps: People['signUps'] = async (by) => {
    if (signups !== 'invite') return signups;
    return by !== null && (await accounts.wasInvited(by.userId)) ? 'open' : 'invited';
  };

  return {
    signUps,
    signUp: async (by, given, cookieHeader) => {
      if (by !== null && !by.guest) return { ok: false, problem: 'signed-in' };
      if ((await signUps(by)) !== 'open') return { ok: false, problem: 'closed' };
      const made =
        by === null ? await accounts.createUser(given) : await accounts.claimGuest(by.userId, given);
      if (!made.ok)
        return { ok: false, problem: made.problem === 'not-a-guest' ? 'signed-in' : made.problem };
      // Sessions of the guest on other browsers would now be the account's.
      if (by !== null) await endAll(by.userId);
      return enter(made.principal.userId, cookieHeader);
    },
    signIn: async (by, given, cookieHeader) => {
      const opened = await accounts.signIn(given);
      if (!opened.ok) return opened;
      const { userId } = opened.principal;
      if (by?.guest) await accounts.adopt(by.userId, userId);
      const entered = await enter(userId, cookieHeader);
      if (by !== null) rooms.recheck({ userId: by.userId });
      return entered;
    },
    signOut: async (by, cookieHeader) => {
      const token = sessions.tokenOf(cookieHeader);
      if (token !== null) await sessions.invalidate(token);
      if (by !== null && token !== null) await note({ action: 'signed out', by: by.userId });
      if (by !== null) rooms.recheck({ userId: by.userId });
      return sessions.blank;
    },
    signOutEverywhere: async ({ userId }) => {
      await endAll(userId);
      await note({ action: 'signed out everywhere', by: userId });
      return sessions.blank;
    },
    changePassword: async ({ userId }, given) => {
      const changed = await accounts.changePassword(userId, given);
      if (!changed.ok) return changed;
      await endAll(userId);
      return enter(userId, null);
    },
    reset: async (token, password) => {
      const done = await accounts.reset(token, password);
      if (!done.ok) return done;
      await endAll(done.userId);
      return enter(done.userId, null);
    },
    mails: post !== null,
    forgot: (email) => {
      if (post === null) return;
      const { mailer, origin, log } = post;
      const offered = async () => {
        const link = await accounts.offerResetTo(email);
        if (link !== null)
          await mailer.send({ to: link.email, ...resetMail(link.name, `${origin}/reset/${link.token}`) });
      };
      offered().catch((problem: unknown) =>
        log.warn({ problem: kindOf(problem) }, 'a link for a new password could not be sent')
      );
    },
    estates: ({ userId }) => accounts.estates(userId),
    deleteAccount: async ({ userId }, given) => {
      const gone = await accounts.deleteAccount(userId, given);
      if (!gone.ok) return gone;
      for (const { mapId, heir } of gone.passed) {
        if (heir === null) rooms.evict(mapId);
        else rooms.recheck({ mapId });
      }
      rooms.recheck({ userId });
      return { ok: true, cookie: sessions.blank };
    }
  };
};

const resetMail = (name: string, link: string): Omit<Mail, 'to'> => ({
  subject: 'Meander: set a new password',
  text: [
    `Hello${name === '' ? '' : ` ${name}`},`,
    '',
    'somebody asked for a new password for your account. If it was you, set it here within 30 minutes:',
    '',
    link,
    '',
    'If it was not you, there is nothing to do: nothing has changed.'
  ].join('\n'),
  headers: { 'Auto-Submitted': 'auto-generated' }
});
