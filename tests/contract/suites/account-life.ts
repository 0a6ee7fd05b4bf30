import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAccounts } from '../../../server/access/accounts.ts';
import type { Principal } from '../../../server/access/access.ts';
import { guest, mapOf, race, type World } from '../world.ts';

const PASSWORD = 'correct horse battery staple';
const NEXT = 'another horse, other staple';

export const accountLifeSuite = (world: () => World) =>
  describe('the life of an account', () => {
    const address = () => `${randomUUID()}@example.org`;
    /** A network nobody else of this run comes from. */
    const network = () => `2001:db8:${randomUUID().slice(0, 4)}:${randomUUID().slice(0, 4)}::1`;
    const account = async (email = address(), name = 'Ada'): Promise<Principal> => {
      const made = await world().access.accounts.createUser({ email, name, password: PASSWORD });
      if (!made.ok) throw new Error(made.problem);
      return made.principal;
    };

    it('begins with a guest, who keeps id and maps', async () => {
      const { accounts, authorize } = world().access;
      const { mapId, owner } = await mapOf(world());
      const email = address();
      const claimed = await accounts.claimGuest(owner.userId, { email, name: 'Ada', password: PASSWORD });
      expect(claimed).toEqual({ ok: true, principal: { userId: owner.userId, name: 'Ada', guest: false } });
      expect(await authorize({ ...owner, guest: false }, mapId, 'share')).toMatchObject({ role: 'owner' });
      expect(await accounts.profile(owner.userId)).toMatchObject({ email, name: 'Ada' });
      // An account cannot be claimed again, by whoever holds an old cookie of the guest.
      const again = { email: address(), name: 'Eve', password: PASSWORD };
      expect(await accounts.claimGuest(owner.userId, again)).toEqual({ ok: false, problem: 'not-a-guest' });
    });

    it('leaves a guest as they were when the address is taken, also when two claim it at once', async () => {
      const email = address();
      const guests = await Promise.all(Array.from({ length: 4 }, () => guest(world())));
      const nodes = (await world().backend.nodes()).map((node) => createAccounts(node));
      const answers = await race(nodes, guests.length, (accounts, index) =>
        accounts.claimGuest(guests[index]?.userId as Principal['userId'], {
          email,
          name: 'Ada',
          password: PASSWORD
        })
      );
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(answers.filter((answer) => !answer.ok && answer.problem === 'email-taken')).toHaveLength(3);
    });

    it('takes in what a guest may do, the larger right of two', async () => {
      const { accounts, authorize } = world().access;
      const { maps } = world();
      const ada = await account();
      const visitor = await guest(world());
      const own = await mapOf(world(), visitor);
      const shared = await mapOf(world());
      await maps.join(shared.mapId, ada.userId, null, 'editor');
      await maps.join(shared.mapId, visitor.userId, null, 'viewer');
      await accounts.adopt(visitor.userId, ada.userId);
      expect(await authorize(ada, own.mapId, 'share')).toMatchObject({ allowed: true, role: 'owner' });
      expect(await authorize(ada, shared.mapId, 'edit')).toMatchObject({ allowed: true, role: 'editor' });
      expect(await authorize(visitor, own.mapId, 'read')).toEqual({ allowed: false, reason: 'unknown' });
    });

    it('does not take in another account', async () => {
      const { accounts, authorize } = world().access;
      const [ada, eve] = [await account(), await account()];
      const { mapId } = await mapOf(world(), ada);
      await accounts.adopt(ada.userId, eve.userId);
      expect(await authorize(eve, mapId, 'read')).toMatchObject({ allowed: false });
      expect(await authorize(ada, mapId, 'share')).toMatchObject({ allowed: true });
    });

    describe('passwords', () => {
      it.each([
        'aaaaaaaaaaaaaaaaaa',
        'abc123abc123abc123',
        '123456789012345678',
        'qwertyuiopasdfghjkl',
        'ada.lovelace1815!!!',
        'Ada Lovelace 2026 2027',
        'passwordpassword',
        'Password1234567890!'
      ])('refuses %j as one of the first to be tried', async (password) => {
        const input = { email: `ada.lovelace@${randomUUID()}.org`, name: 'Ada Lovelace', password };
        expect(await world().access.accounts.createUser(input)).toEqual({
          ok: false,
          problem: 'password-guessable'
        });
      });

      it('change with the old one, and take tokens and one-time links with them', async () => {
        const { accounts, tokens } = world().access;
        const email = address();
        const { userId } = await account(email);
        const bearer = await tokens.add(userId);
        const link = await accounts.offerReset(userId);
        const from = network();
        expect(
          await accounts.changePassword(userId, { current: 'x'.repeat(20), next: NEXT, address: from })
        ).toEqual({
          ok: false,
          problem: 'wrong'
        });
        expect(await tokens.read(`Bearer ${bearer}`)).not.toBeNull();
        expect(
          await accounts.changePassword(userId, { current: PASSWORD, next: NEXT, address: from })
        ).toEqual({
          ok: true
        });
        expect(await accounts.signIn({ email, password: NEXT, address: from })).toMatchObject({ ok: true });
        expect(await accounts.signIn({ email, password: PASSWORD, address: from })).toMatchObject({
          ok: false
        });
        expect(await tokens.read(`Bearer ${bearer}`)).toBeNull();
        expect(await accounts.resetFor(link)).toBeNull();
      });
    });

    describe('throttling', () => {
      const clocked = () => {
        let now = Date.now();
        return { accounts: createAccounts(world().opened, () => now), pass: (ms: number) => (now += ms) };
      };

      it('slows an account down whichever networks the tries come from, known or not', async () => {
        for (const email of [address(), address()]) {
          const { accounts, pass } = clocked();
          const attempt = () => accounts.signIn({ email, password: 'x'.repeat(20), address: network() });
          for (let free = 0; free < 5; free++) expect(await attempt()).toMatchObject({ problem: 'wrong' });
          expect(await attempt()).toEqual({ ok: false, problem: 'throttled', waitS: 1 });
          pass(1_001);
          expect(await attempt()).toMatchObject({ problem: 'wrong' });
          expect(await attempt()).toEqual({ ok: false, problem: 'throttled', waitS: 2 });
          pass(60 * 60_000 + 1);
          expect(await attempt()).toMatchObject({ problem: 'wrong' });
        }
      });

      it('never lets more than 15 minutes pass', async () => {
        const { accounts, pass } = clocked();
        const email = address();
        const attempt = () => accounts.signIn({ email, password: 'x'.repeat(20), address: network() });
        for (let failures = 0; failures < 18; failures++) {
          expect(await attempt()).toMatchObject({ problem: 'wrong' });
          pass(15 * 60_000);
        }
        pass(-15 * 60_000);
        expect(await attempt()).toEqual({ ok: false, problem: 'throttled', waitS: 900 });
      });

      it('slows a network down whichever accounts it tries, and a right password buys no more tries', async () => {
        const { accounts } = clocked();
        const from = network();
        const email = address();
        await account(email);
        const attempt = () => accounts.signIn({ email: address(), password: 'short', address: from });
        for (let free = 0; free < 19; free++) expect(await attempt()).toMatchObject({ problem: 'wrong' });
        expect(await accounts.signIn({ email, password: PASSWORD, address: from })).toMatchObject({
          ok: true
        });
        expect(await attempt()).toMatchObject({ problem: 'wrong' });
        // The whole /64 of an IPv6 address is one network.
        const neighbour = from.replace('::1', ':0:0:7:1');
        const refused = await accounts.signIn({ email: address(), password: 'short', address: neighbour });
        expect(refused).toMatchObject({ problem: 'throttled' });
      });

      it('looks at no more passwords when all come at once', async () => {
        const nodes = (await world().backend.nodes()).map((node) => createAccounts(node));
        const email = address();
        const answers = await race(nodes, 40, (accounts) =>
          accounts.signIn({ email, password: 'x'.repeat(20), address: network() })
        );
        expect(
          answers.filter((answer) => !answer.ok && answer.problem === 'wrong').length
        ).toBeLessThanOrEqual(5);
      });
    });

    describe('a one-time link', () => {
      it('sets a password once', async () => {
        const { accounts } = world().access;
        const email = address();
        const ada = await account(email);
        const token = await accounts.offerReset(ada.userId);
        expect(token).toMatch(/^[\w-]{43}$/);
        expect(await accounts.resetFor(token)).toEqual({ name: 'Ada' });
        expect(await accounts.reset(token, 'short')).toEqual({ ok: false, problem: 'password-length' });
        expect(await accounts.reset(token, NEXT)).toEqual({ ok: true, userId: ada.userId });
        expect(await accounts.reset(token, NEXT)).toEqual({ ok: false, problem: 'used' });
        expect(await accounts.signIn({ email, password: NEXT, address: network() })).toMatchObject({
          ok: true
        });
      });

      it('works for one of two who come at once, and for nobody after 30 minutes', async () => {
        const ada = await account();
        const nodes = (await world().backend.nodes()).map((node) => createAccounts(node));
        const token = await world().access.accounts.offerReset(ada.userId);
        const answers = await race(nodes, 4, (accounts, index) => accounts.reset(token, `${NEXT} ${index}`));
        expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
        let now = Date.now();
        const accounts = createAccounts(world().opened, () => now);
        const late = await accounts.offerReset(ada.userId);
        now += 30 * 60_000;
        expect(await accounts.resetFor(late)).toBeNull();
        expect(await accounts.reset(late, NEXT)).toEqual({ ok: false, problem: 'used' });
      });

      it('is not in the database', async () => {
        const ada = await account();
        const token = await world().access.accounts.offerReset(ada.userId);
        const rows = await world().backend.raw('select * from resets');
        expect(rows.length).toBeGreaterThan(0);
        expect(JSON.stringify(rows)).not.toContain(token);
      });
    });

    describe('its end', () => {
      it('passes maps to the editor who has been there longest, and deletes those with nobody', async () => {
        const { accounts, authorize, tokens } = world().access;
        const { maps } = world();
        const email = address();
        const [ada, bob, cyd] = [
          await account(email),
          await account(address(), 'Bob'),
          await account(address(), 'Cyd')
        ];
        const lone = await mapOf(world(), ada, 'Alone');
        const shared = await mapOf(world(), ada, 'Shared');
        await maps.join(shared.mapId, (await guest(world())).userId, null, 'editor');
        await maps.join(shared.mapId, cyd.userId, null, 'viewer');
        const made = await maps.createLink({ mapId: shared.mapId, role: 'editor', createdBy: ada.userId });
        await maps.join(shared.mapId, bob.userId, made?.link.id ?? '', 'editor');
        const bearer = await tokens.add(ada.userId);

        const passing = [
          { mapId: lone.mapId, title: 'Alone', heir: null },
          { mapId: shared.mapId, title: 'Shared', heir: { userId: bob.userId, name: 'Bob' } }
        ];
        expect(await accounts.estates(ada.userId)).toEqual(passing);
        const given = { password: 'not the password', address: network() };
        expect(await accounts.deleteAccount(ada.userId, given)).toEqual({ ok: false, problem: 'wrong' });
        expect(await accounts.deleteAccount(ada.userId, { ...given, password: PASSWORD })).toEqual({
          ok: true,
          passed: passing
        });
        expect(await authorize(bob, shared.mapId, 'share')).toMatchObject({ role: 'owner' });
        expect(await maps.roleOf(lone.mapId, ada.userId)).toBeNull();
        expect(await world().log.load(lone.mapId)).toBeNull();
        expect(await accounts.findByEmail(email)).toBeNull();
        expect(await tokens.read(`Bearer ${bearer}`)).toBeNull();
        // The heir keeps the map when the link they came by is revoked.
        await maps.revokeLink(shared.mapId, made?.link.id ?? '');
        expect(await authorize(bob, shared.mapId, 'share')).toMatchObject({ role: 'owner' });
      });

      it('leaves a map alone that another owner has', async () => {
        const { accounts } = world().access;
        const [ada, bob] = [await account(), await account()];
        const { mapId } = await mapOf(world(), ada);
        await world().maps.join(mapId, bob.userId, null, 'owner');
        expect(await accounts.estates(ada.userId)).toEqual([]);
        await accounts.deleteAccount(ada.userId, { password: PASSWORD, address: network() });
        expect(await world().maps.roleOf(mapId, bob.userId)).toMatchObject({ role: 'owner' });
      });
    });
  });
