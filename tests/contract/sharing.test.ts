import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configFrom, createApp, type App } from '../../server/app.ts';
import type { Principal } from '../../server/access/principal.ts';
import type { NewLink, SharingOutcome } from '../../server/sharing.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';

const PASSWORD = 'correct horse battery staple';
const OPEN: NewLink = { role: 'editor', expiresAt: null, password: null, usesLimit: null };

const suite = (create: () => Promise<Backend>) => () => {
  let app: App;
  let folder: string;
  let backend: Backend;

  const network = () => `2001:db8:${randomUUID().slice(0, 4)}:${randomUUID().slice(0, 4)}::1`;
  const guest = async (name = 'Gus'): Promise<Principal> => {
    const made = await app.access.accounts.createGuest(name);
    if (!made.ok) throw new Error(made.problem);
    return made.principal;
  };
  const account = async (name = 'Ada'): Promise<Principal & { readonly email: string }> => {
    const email = `${randomUUID()}@example.org`;
    const made = await app.access.accounts.createUser({ email, name, password: PASSWORD });
    if (!made.ok) throw new Error(made.problem);
    return { ...made.principal, email };
  };
  const value = <T>(outcome: SharingOutcome<T>): T => {
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.value;
  };
  const mapBy = async (owner: Principal): Promise<string> =>
    app.maps.create(owner.userId, { preset: 'blank', title: 'Secret plan' });
  const link = async (owner: Principal, mapId: string, terms: Partial<NewLink> = {}) =>
    value(await app.sharing.createLink(owner, mapId, { ...OPEN, ...terms }));
  const enter = (by: Principal, token: string, password = '', address = network()) =>
    app.sharing.enter(by, token, { password, address });
  const role = async (by: Principal, mapId: string): Promise<string> => {
    const grant = await app.access.authorize(by, mapId, 'read');
    return grant.allowed ? grant.role : grant.reason;
  };
  const proof = () => ({ password: PASSWORD, address: network() });
  const audit = async (owner: Principal, mapId: string): Promise<string[]> => {
    const page = await app.audit.ofMap(owner, mapId, { limit: 100 });
    if (!page.ok) throw new Error(page.reason);
    return page.value.rows.map(({ action }) => action);
  };

  beforeAll(async () => {
    folder = temporaryData();
    backend = await create();
    const config = configFrom({ DATA_DIR: folder, LOG_LEVEL: 'silent' }, new URL('../../', import.meta.url));
    app = await createApp({ ...config, databaseUrl: backend.url });
  }, 30_000);
  afterAll(async () => {
    await app.close();
    await backend.dispose();
    removeData(folder);
  });

  describe('share links', () => {
    test('revoked, over or of a private map: nothing opens, those who came lose the map, and it is noted', async () => {
      const owner = await account();
      const mapId = await mapBy(owner);
      const one = await link(owner, mapId);
      const soon = await link(owner, mapId, { expiresAt: new Date(Date.now() + 60_000), role: 'viewer' });
      const [gus, eve] = [await guest(), await guest()];
      expect(await enter(gus, one.token)).toMatchObject({ ok: true });
      expect(await enter(eve, soon.token)).toMatchObject({ ok: true });
      expect([await role(gus, mapId), await role(eve, mapId)]).toEqual(['editor', 'viewer']);

      value(await app.sharing.setVisibility(owner, mapId, 'private'));
      expect([await role(gus, mapId), await role(owner, mapId)]).toEqual(['unknown', 'owner']);
      expect(await app.sharing.peek(one.token)).toBeNull();
      value(await app.sharing.setVisibility(owner, mapId, 'link'));
      expect(await role(gus, mapId)).toBe('editor');

      await backend.raw(
        `update links set expires_at = ${backend.name === 'SQLite' ? '1' : `to_timestamp(1)`} where id = '${soon.link.id}'`
      );
      expect(await role(eve, mapId)).toBe('unknown');
      expect(await enter(await guest(), soon.token)).toEqual({ ok: false, reason: 'unknown' });
      expect(await app.sharing.peek(soon.token)).toBeNull();
      await app.maps.revokeLink(owner, mapId, one.link.id);
      expect(await role(gus, mapId)).toBe('unknown');
      expect(await app.sharing.peek(one.token)).toBeNull();
      expect((await audit(owner, mapId)).filter((action) => action === 'link refused')).toHaveLength(3);
      expect(await app.sharing.peek('of no link')).toBeNull();
    });

    test('a new address: the old one is dead, those who are in stay', async () => {
      const owner = await account();
      const mapId = await mapBy(owner);
      const first = await link(owner, mapId);
      const gus = await guest();
      await enter(gus, first.token);
      const token = value(await app.sharing.rotateLink(owner, mapId, first.link.id));
      expect(await app.sharing.peek(first.token)).toBeNull();
      expect(await role(gus, mapId)).toBe('editor');
      expect(await enter(await guest(), token)).toMatchObject({ ok: true });
      expect(await app.sharing.rotateLink(owner, await mapBy(owner), first.link.id)).toEqual({
        ok: false,
        reason: 'unknown'
      });
    });

    test('for so many people: of a crowd that comes at once no more come in, and each counts once', async () => {
      const owner = await account();
      const mapId = await mapBy(owner);
      const three = await link(owner, mapId, { usesLimit: 3 });
      const crowd = await Promise.all(Array.from({ length: 8 }, () => guest()));
      const entered = await Promise.all(crowd.map((person) => enter(person, three.token)));
      const inside = crowd.filter((_person, index) => entered[index]?.ok === true);
      expect(inside).toHaveLength(3);
      for (const person of inside) expect(await enter(person, three.token)).toMatchObject({ ok: true });
      const { links } = value(await app.sharing.state(owner, mapId));
      expect(links).toMatchObject([{ uses: 3, usesLimit: 3 }]);
    });

    test('with a password: hashed, slow to guess for the link and for the network, the title untold', async () => {
      const owner = await account();
      const mapId = await mapBy(owner);
      expect(await app.sharing.createLink(owner, mapId, { ...OPEN, password: 'short' })).toEqual({
        ok: false,
        reason: 'link-password'
      });
      const locked = await link(owner, mapId, { password: 'open sesame' });
      expect(locked.link.locked).toBe(true);
      const [row] = await backend.raw(`select password_hash from links where id = '${locked.link.id}'`);
      expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(await app.sharing.peek(locked.token)).toMatchObject({ locked: true, title: null });
      const gus = await guest();
      expect(await app.maps.join(gus.userId, locked.token)).toBeNull();
      const tries = await Promise.all(
        Array.from({ length: 5 }, (_, index) => enter(gus, locked.token, `wrong guess ${index}`))
      );
      expect(tries).toEqual(tries.map(() => ({ ok: false, reason: 'wrong' })));
      expect(await role(gus, mapId)).toBe('unknown');
      expect(await enter(gus, locked.token, 'open sesame')).toMatchObject({ ok: false, reason: 'throttled' });
      expect((await audit(owner, mapId)).filter((action) => action === 'link refused')).toHaveLength(5);
      const other = await link(owner, mapId, { password: 'open sesame' });
      expect(await enter(gus, other.token, 'open sesame')).toEqual({ ok: true, mapId });
    });
  });

  describe('people', () => {
    test('what an owner gives decides over the link, also nothing', async () => {
      const owner = await account();
      const mapId = await mapBy(owner);
      const editing = await link(owner, mapId);
      const gus = await guest();
      await enter(gus, editing.token);
      value(await app.sharing.setRole(owner, mapId, gus.userId, 'viewer', proof()));
      expect(await role(gus, mapId)).toBe('viewer');
      await enter(gus, editing.token);
      expect(await role(gus, mapId)).toBe('viewer');
      await app.maps.revokeLink(owner, mapId, editing.link.id);
      expect(await role(gus, mapId)).toBe('viewer');
      value(await app.sharing.remove(owner, mapId, gus.userId));
      expect(await role(gus, mapId)).toBe('unknown');
      const again = await link(owner, mapId);
      expect(await enter(gus, again.token)).toEqual({ ok: false, reason: 'unknown' });
      expect(value(await app.sharing.state(owner, mapId)).people.map(({ id }) => id)).toEqual([owner.userId]);
    });

    test('a map always has an owner, and only an account with its password makes another', async () => {
      const [owner, ada] = [await account('Olga'), await account()];
      const mapId = await mapBy(owner);
      const { token } = await link(owner, mapId);
      const gus = await guest();
      await enter(ada, token);
      await enter(gus, token);
      const last = { ok: false, reason: 'last-owner' };
      expect(await app.sharing.remove(owner, mapId, owner.userId)).toEqual(last);
      expect(await app.sharing.setRole(owner, mapId, owner.userId, 'editor', proof())).toEqual(last);
      const wrong = { password: 'not the password', address: network() };
      expect(await app.sharing.setRole(owner, mapId, ada.userId, 'owner', wrong)).toEqual({
        ok: false,
        reason: 'wrong'
      });
      expect(await role(ada, mapId)).toBe('editor');
      expect(await app.sharing.setRole(owner, mapId, gus.userId, 'owner', proof())).toEqual({
        ok: false,
        reason: 'guest'
      });
      value(await app.sharing.transfer(owner, mapId, ada.userId, proof()));
      expect([await role(owner, mapId), await role(ada, mapId)]).toEqual(['editor', 'owner']);
      // Who is no owner any more gives nothing.
      expect(await app.sharing.setRole(owner, mapId, owner.userId, 'owner', proof())).toMatchObject({
        ok: false
      });
      value(await app.sharing.setRole(ada, mapId, owner.userId, 'owner', proof()));
      // Two owners who leave at once: one stays.
      const left = await Promise.all([
        app.sharing.remove(owner, mapId, owner.userId),
        app.sharing.remove(ada, mapId, ada.userId)
      ]);
      expect(left.filter(({ ok }) => ok)).toHaveLength(1);
      expect(left).toContainEqual(last);
    });

    test('an editor, a commenter and a viewer share nothing', async () => {
      const owner = await account();
      const mapId = await mapBy(owner);
      const forbidden = { ok: false, reason: 'forbidden' };
      for (const may of ['editor', 'commenter', 'viewer'] as const) {
        const person = await account();
        await enter(person, (await link(owner, mapId, { role: may })).token);
        expect(await app.sharing.state(person, mapId)).toEqual(forbidden);
        expect(await app.sharing.createLink(person, mapId, OPEN)).toEqual(forbidden);
        expect(await app.sharing.invite(person, mapId, { email: 'eve@example.org', role: 'editor' })).toEqual(
          forbidden
        );
        expect(await app.sharing.setRole(person, mapId, person.userId, 'owner', proof())).toEqual(forbidden);
        expect(await app.sharing.remove(person, mapId, owner.userId)).toEqual(forbidden);
        expect(await app.audit.ofMap(person, mapId, { limit: 9 })).toEqual(forbidden);
        // Anybody may leave.
        value(await app.sharing.remove(person, mapId, person.userId));
        expect(await role(person, mapId)).toBe('unknown');
      }
      expect(await app.sharing.state(await account(), mapId)).toEqual({ ok: false, reason: 'unknown' });
    });
  });

  describe('invites', () => {
    test('say the same whether the address has an account, and wait for the one it names', async () => {
      const [owner, ada, eve] = [await account(), await account(), await account()];
      const mapId = await mapBy(owner);
      const shape = async (email: string) =>
        Object.entries(value(await app.sharing.invite(owner, mapId, { email, role: 'editor' }))).map(
          ([key, text]) => [key, text.length]
        );
      expect(await shape(` ${ada.email.toUpperCase()} `)).toEqual(await shape(`${randomUUID()}@example.org`));
      const { token, id } = value(
        await app.sharing.invite(owner, mapId, { email: ada.email, role: 'viewer' })
      );
      expect(await app.sharing.invitation(null, token)).toMatchObject({ title: 'Secret plan', mine: null });
      expect(await app.sharing.accept(eve, token)).toEqual({ ok: false, reason: 'other-account' });
      expect(await app.sharing.accept(await guest(), token)).toEqual({ ok: false, reason: 'other-account' });
      expect(await role(eve, mapId)).toBe('unknown');
      expect(value(await app.sharing.accept(ada, token))).toBe(mapId);
      expect(await role(ada, mapId)).toBe('viewer');
      expect(await app.sharing.accept(ada, token)).toEqual({ ok: false, reason: 'unknown' });
      expect(await audit(owner, mapId)).toEqual(
        expect.arrayContaining(['invited', 'invitation refused', 'invitation accepted'])
      );
      expect(JSON.stringify(await backend.raw(`select * from invitations`))).not.toContain(token);
      value(await app.sharing.withdraw(owner, mapId, id));
      expect(await app.sharing.invite(owner, mapId, { email: 'nobody', role: 'viewer' })).toEqual({
        ok: false,
        reason: 'email'
      });
    });

    test('two that are accepted at once: one', async () => {
      const [owner, ada] = [await account(), await account()];
      const mapId = await mapBy(owner);
      const { token } = value(await app.sharing.invite(owner, mapId, { email: ada.email, role: 'editor' }));
      const both = await Promise.all([app.sharing.accept(ada, token), app.sharing.accept(ada, token)]);
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test('an old one, one that was taken back, and one that was sent anew open nothing', async () => {
      const [owner, ada] = [await account(), await account()];
      const mapId = await mapBy(owner);
      const send = async () =>
        value(await app.sharing.invite(owner, mapId, { email: ada.email, role: 'editor' }));
      const [first, second] = [await send(), await send()];
      expect(await app.sharing.invitation(ada, first.token)).toBeNull();
      expect(await app.sharing.invitation(ada, second.token)).toMatchObject({ mine: true });
      value(await app.sharing.withdraw(owner, mapId, second.id));
      expect(await app.sharing.accept(ada, second.token)).toEqual({ ok: false, reason: 'unknown' });
      const third = await send();
      await backend.raw(
        `update invitations set expires_at = ${backend.name === 'SQLite' ? '1' : `to_timestamp(1)`}`
      );
      expect(await app.sharing.accept(ada, third.token)).toEqual({ ok: false, reason: 'unknown' });
      expect(await role(ada, mapId)).toBe('unknown');
    });
  });

  test('the audit is whole after all that', async () => {
    expect(await app.audit.verify(null)).toMatchObject({ ok: true });
  });
};

describe('sharing on SQLite', { timeout: 30_000 }, suite(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))(
  'sharing on Postgres',
  { timeout: 30_000 },
  suite(postgresBackend)
);
