import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { rootsOf } from '#lib/document/layout.ts';
import { readTitle } from '#lib/document/read.ts';
import { isMapId, type MapId } from '#lib/journey/ids.ts';
import type { Role } from '#lib/protocol/roles.ts';
import type { Invitation, LinkRole, LinkShown, SharingState, Visibility } from '#lib/protocol/sharing.ts';
import type { Access, Denied } from './access/access.ts';
import type { Principal } from './access/principal.ts';
import type { AuditEntry } from './db/audit.ts';
import type { Opened } from './db/db.ts';
import { sharingQueries, type RightRefusal } from './db/sharing.ts';
import { storable } from './db/text.ts';
import type { Rooms } from './rooms/types.ts';
import type { MapStore, ShareLink } from './storage/ports.ts';

export type SharingRefusal =
  | Denied['reason']
  | Exclude<RightRefusal, 'unknown'>
  | 'email' // no e-mail address
  | 'link-password' // not 8 to 256 characters
  | 'expiry' // not in the future
  | 'wrong' // password
  | 'throttled'
  | 'other-account'; // the invitation is for another address

export type SharingOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: SharingRefusal };

/** What a new link asks for. Null: nothing. */
export interface NewLink {
  readonly role: LinkRole;
  readonly expiresAt: Date | null;
  readonly password: string | null;
  readonly usesLimit: number | null;
}

/** What a link opens, before anybody has entered. Without its password it does not tell the title. */
export interface LinkPeek {
  readonly mapId: MapId;
  readonly role: LinkRole;
  readonly locked: boolean;
  readonly title: string | null;
}

export type Enter =
  | { readonly ok: true; readonly mapId: MapId }
  | { readonly ok: false; readonly reason: 'unknown' | 'wrong' }
  | { readonly ok: false; readonly reason: 'throttled'; readonly waitS: number };

/** Proof that it is really them: the password of the account, from this network address. */
export interface Proof {
  readonly password: string;
  readonly address: string;
}

/**
 * Who may open a map and as what. Every call asks for the right first; what changes takes effect on the open sockets of
 * every node. Nothing tells whether an address has an account.
 */
export interface Sharing {
  /** For owners. */
  state(by: Principal | null, mapId: string): Promise<SharingOutcome<SharingState>>;
  setVisibility(by: Principal | null, mapId: string, visibility: Visibility): Promise<SharingOutcome<void>>;
  /** The token is in this answer and nowhere else. */
  createLink(
    by: Principal | null,
    mapId: string,
    link: NewLink
  ): Promise<SharingOutcome<{ readonly link: LinkShown; readonly token: string }>>;
  /** A new token in the place of the old one; those who are in stay in. */
  rotateLink(by: Principal | null, mapId: string, linkId: string): Promise<SharingOutcome<string>>;
  /** Null when the link does not work. A dead one is noted. */
  peek(token: string): Promise<LinkPeek | null>;
  enter(by: Principal, token: string, given: Proof): Promise<Enter>;
  /** Invites an address for seven days; the token works once, for that address. */
  invite(
    by: Principal | null,
    mapId: string,
    given: { readonly email: string; readonly role: LinkRole }
  ): Promise<SharingOutcome<{ readonly id: string; readonly token: string }>>;
  withdraw(by: Principal | null, mapId: string, invitationId: string): Promise<SharingOutcome<void>>;
  /** Null when it does not hold. */
  invitation(by: Principal | null, token: string): Promise<Invitation | null>;
  accept(by: Principal | null, token: string): Promise<SharingOutcome<MapId>>;
  /** Making somebody an owner needs `proof` from whoever has an account. */
  setRole(
    by: Principal | null,
    mapId: string,
    userId: string,
    role: Role,
    proof: Proof
  ): Promise<SharingOutcome<void>>;
  /** Makes somebody the owner in one's own place. */
  transfer(by: Principal | null, mapId: string, userId: string, proof: Proof): Promise<SharingOutcome<void>>;
  /** Removes somebody, as an owner, or oneself. */
  remove(by: Principal | null, mapId: string, userId: string): Promise<SharingOutcome<void>>;
}

interface Parts {
  readonly opened: Opened;
  readonly access: Access;
  readonly store: MapStore;
  readonly rooms: Pick<Rooms, 'recheck' | 'read'>;
  readonly note: (entry: AuditEntry) => Promise<void>;
}

const INVITED_MS = 7 * 24 * 3_600_000;
const TOKEN_BYTES = 32;
const EMAIL_LONGEST = 254;

export function createSharing({ opened, access, store, rooms, note }: Parts): Sharing {
  const queries = sharingQueries(opened);
  const { accounts, authorize, locks } = access;

  const asOwner = async <T>(
    by: Principal | null,
    mapId: string,
    work: (mapId: MapId, by: Principal) => Promise<SharingOutcome<T>>
  ): Promise<SharingOutcome<T>> => {
    const grant = await authorize(by, mapId, 'share');
    if (!grant.allowed) return refused(grant.reason);
    return by !== null && isMapId(mapId) ? work(mapId, by) : refused('unknown');
  };

  /** A guest has no password; their browser is all they have. */
  const proven = async (by: Principal, proof: Proof): Promise<SharingRefusal | null> => {
    if (by.guest) return null;
    const answer = await accounts.prove(by.userId, proof);
    return answer.ok ? null : answer.problem;
  };

  const changed = (mapId: MapId, refusal: RightRefusal | null): SharingOutcome<void> => {
    if (refusal !== null) return refused(refusal);
    rooms.recheck({ mapId });
    return done;
  };

  const emailOf = async (by: Principal): Promise<string | null> =>
    by.guest ? null : ((await accounts.profile(by.userId))?.email ?? null);

  return {
    state: (by, mapId) =>
      asOwner(by, mapId, async (id) => {
        const [visibility, people, links, invitations] = await Promise.all([
          queries.visibility(id),
          queries.people(id),
          store.links(id),
          queries.invitations(id)
        ]);
        if (visibility === null) return refused('unknown');
        return {
          ok: true,
          value: {
            visibility,
            people: people.map((person) => ({ ...person, name: person.name ?? '' })),
            links: links.map(shown),
            invitations: invitations.map((row) => ({ ...row, expiresAt: row.expiresAt.toISOString() }))
          }
        };
      }),
    setVisibility: (by, mapId, visibility) =>
      asOwner(by, mapId, async (id, { userId }) => {
        if (await queries.setVisibility(id, visibility, userId)) rooms.recheck({ mapId: id });
        return done;
      }),
    createLink: (by, mapId, { role, expiresAt, password, usesLimit }) =>
      asOwner(by, mapId, async (id, { userId }) => {
        if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return refused('expiry');
        const passwordHash = password === null ? null : await locks.hash(password);
        if (password !== null && passwordHash === null) return refused('link-password');
        const terms = { expiresAt, passwordHash, usesLimit };
        const made = await store.createLink({ mapId: id, role, createdBy: userId, terms });
        return made ? { ok: true, value: { link: shown(made.link), token: made.token } } : refused('unknown');
      }),
    rotateLink: (by, mapId, linkId) =>
      asOwner(by, mapId, async (id, { userId }) => {
        const token = await store.rotateLink(id, linkId, userId);
        return token === null ? refused('unknown') : { ok: true, value: token };
      }),
    peek: async (token) => {
      const link = await store.findLink(token);
      if (link === null) {
        const dead = await store.findDeadLink(token);
        if (dead)
          await note({ action: 'link refused', by: null, mapId: dead.mapId, detail: { link: dead.id } });
        return null;
      }
      const { mapId, role, locked } = link;
      if (locked) return { mapId, role, locked, title: null };
      const title = await rooms.read(mapId, (doc) => readTitle(rootsOf(doc).map));
      return title === null ? null : { mapId, role, locked, title };
    },
    enter: async (by, token, { password, address }) => {
      const link = await store.findLink(token);
      if (link === null) return { ok: false, reason: 'unknown' };
      const { id, mapId, passwordHash } = link;
      if (passwordHash !== null) {
        const opens = await locks.open({ id, passwordHash, password, address });
        if (opens === 'wrong') {
          await note({
            action: 'link refused',
            by: by.userId,
            mapId,
            detail: { link: id, reason: 'password' }
          });
          return { ok: false, reason: 'wrong' };
        }
        if (opens !== 'right') return { ok: false, reason: 'throttled', waitS: opens.waitS };
      }
      if ((await store.join(mapId, by.userId, id, link.role)) === null) {
        await note({ action: 'link refused', by: by.userId, mapId, detail: { link: id } });
        return { ok: false, reason: 'unknown' };
      }
      rooms.recheck({ userId: by.userId });
      return { ok: true, mapId };
    },
    invite: (by, mapId, given) =>
      asOwner(by, mapId, async (id, { userId }) => {
        const email = storable(given.email).trim().normalize('NFC').toLowerCase();
        if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > EMAIL_LONGEST) return refused('email');
        const token = randomBytes(TOKEN_BYTES).toString('base64url');
        const invited = await queries.invite({
          id: randomUUID(),
          mapId: id,
          email,
          role: given.role,
          tokenHash: hashed(token),
          invitedBy: userId,
          expiresAt: new Date(Date.now() + INVITED_MS)
        });
        const row = (await queries.invitations(id)).find((one) => one.email === email);
        return invited && row ? { ok: true, value: { id: row.id, token } } : refused('unknown');
      }),
    withdraw: (by, mapId, invitationId) =>
      asOwner(by, mapId, async (id, { userId }) => {
        await queries.withdraw(id, invitationId, userId);
        return done;
      }),
    invitation: async (by, token) => {
      const row = await queries.invitation(hashed(token));
      if (!row) return null;
      const email = by === null ? null : await emailOf(by);
      const { title, role, inviter } = row;
      return { title, role, inviter, mine: email === null ? null : email === row.email };
    },
    accept: async (by, token) => {
      if (by === null) return refused('login');
      const row = await queries.invitation(hashed(token));
      if (!row) return refused('unknown');
      const { mapId, id } = row;
      if ((await emailOf(by)) !== row.email) {
        const detail = { invitation: id, reason: 'other account' };
        await note({ action: 'invitation refused', by: by.userId, mapId, detail });
        return refused('other-account');
      }
      if (!(await queries.accept(mapId, id, by.userId))) return refused('unknown');
      rooms.recheck({ userId: by.userId });
      return { ok: true, value: mapId };
    },
    setRole: (by, mapId, userId, role, proof) =>
      asOwner(by, mapId, async (id, owner) => {
        const refusal = role === 'owner' ? await proven(owner, proof) : null;
        if (refusal !== null) return refused(refusal);
        return changed(id, await queries.setRole(id, userId, role, owner.userId));
      }),
    transfer: (by, mapId, userId, proof) =>
      asOwner(by, mapId, async (id, owner) => {
        const refusal = await proven(owner, proof);
        if (refusal !== null) return refused(refusal);
        return changed(id, await queries.transfer(id, userId, owner.userId));
      }),
    remove: async (by, mapId, userId) => {
      const grant = await authorize(by, mapId, by?.userId === userId ? 'read' : 'share');
      if (!grant.allowed) return refused(grant.reason);
      if (by === null || !isMapId(mapId)) return refused('unknown');
      return changed(mapId, await queries.remove(mapId, userId, by.userId));
    }
  };
}

const refused = (reason: SharingRefusal) => ({ ok: false, reason }) as const;

const done = { ok: true, value: undefined } as const;

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex');

const shown = ({ id, role, createdAt, expiresAt, usesLimit, uses, locked }: ShareLink): LinkShown => ({
  id,
  role,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  usesLimit,
  uses,
  locked
});
