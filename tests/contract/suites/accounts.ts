import { parseOptions } from '@node-rs/argon2';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAccess, type Principal } from '../../../server/access/access.ts';
import { guest, race, type World } from '../world.ts';

const PASSWORD = 'correct horse battery staple';

export const accountsSuite = (world: () => World) =>
  describe('accounts', () => {
    const address = () => `${randomUUID()}@example.org`;
    const account = async (email = address()) => {
      const made = await world().access.accounts.createUser({ email, name: 'Ada', password: PASSWORD });
      if (!made.ok) throw new Error(made.problem);
      return made.principal;
    };

    it('is found by its address in any case, and by its password', async () => {
      const { accounts } = world().access;
      const id = randomUUID();
      const ada = await account(` Ädä.${id}@Example.ORG `);
      expect(ada).toEqual({ userId: ada.userId, name: 'Ada', guest: false });
      expect(await accounts.findByEmail(`ÄDÄ.${id}@example.org`)).toEqual(ada);
      const from = { address: '192.0.2.1' };
      const opened = { ok: true, principal: ada };
      expect(
        await accounts.signIn({ email: `ädä.${id}@example.org\0`, password: PASSWORD, ...from })
      ).toEqual(opened);
      const wrong = { ok: false, problem: 'wrong' };
      expect(
        await accounts.signIn({ email: `ädä.${id}@example.org`, password: `${PASSWORD}.`, ...from })
      ).toEqual(wrong);
      expect(await accounts.signIn({ email: address(), password: PASSWORD, ...from })).toEqual(wrong);
      expect(await accounts.findByEmail(address())).toBeNull();
      expect(await accounts.findByEmail('\0\ud800')).toBeNull();
    });

    it("keeps the password as Argon2id at OWASP's minimum", async () => {
      const { userId } = await account();
      const [row] = await world().backend.raw(`select password_hash from users where id = '${userId}'`);
      const stored = String(row?.password_hash);
      expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(parseOptions(stored)).toMatchObject({ memoryCost: 19456, timeCost: 2, parallelism: 1 });
    });

    it('takes the same password typed with other code points', async () => {
      const { accounts } = world().access;
      const email = address();
      await accounts.createUser({ email, name: 'Ada', password: 'cafe\u0301 au lait, s\u2019il' });
      expect(
        await accounts.signIn({ email, password: 'caf\u00e9 au lait, s\u2019il', address: '192.0.2.2' })
      ).toMatchObject({ ok: true });
    });

    it.each([
      ['email-invalid', { email: 'nobody' }],
      ['email-invalid', { email: 'a@b@c' }],
      ['email-invalid', { email: `${'a'.repeat(250)}@b.de` }],
      ['name-length', { name: ' \0 ' }],
      ['name-length', { name: 'x'.repeat(61) }],
      ['name-length', { name: '\u200b\u2060' }],
      ['password-length', { password: 'x'.repeat(14) }],
      ['password-length', { password: '😀'.repeat(14) }],
      ['password-length', { password: 'x'.repeat(257) }],
      ['password-length', { password: 'x'.repeat(1_000_000) }]
    ] as const)('refuses with %s', async (problem, wrong) => {
      const input = { email: address(), name: 'Ada', password: PASSWORD, ...wrong };
      expect(await world().access.accounts.createUser(input)).toEqual({ ok: false, problem });
      expect(await world().access.accounts.findByEmail(input.email)).toBeNull();
    });

    it.each([15, 256])('takes a password of %i characters', async (length) => {
      const input = {
        email: address(),
        name: 'x'.repeat(60),
        password: '😀🐴🔋🧷🎪'.repeat(52).slice(0, 2 * length)
      };
      expect(await world().access.accounts.createUser(input)).toMatchObject({ ok: true });
    });

    it('gives one address to one account, also when two ask at once', async () => {
      const { backend } = world();
      const email = address();
      const access = (await backend.nodes()).map((node) => createAccess(node, { secureCookies: false }));
      const answers = await race(access, 6, ({ accounts }, index) =>
        accounts.createUser({
          email: index % 2 ? email : email.toUpperCase(),
          name: 'Ada',
          password: PASSWORD
        })
      );
      expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
      expect(answers.filter((answer) => !answer.ok && answer.problem === 'email-taken')).toHaveLength(5);
    });

    it('names guests, on one line', async () => {
      const { accounts } = world().access;
      const { userId } = await guest(world(), null);
      expect(await accounts.nameGuest(userId, '  Grace \n Hopper\0 ')).toEqual({
        ok: true,
        principal: { userId, name: 'Grace Hopper', guest: true }
      });
      expect(await accounts.nameGuest(userId, '  ')).toEqual({ ok: false, problem: 'name-length' });
      expect(await accounts.createGuest('x'.repeat(61))).toEqual({ ok: false, problem: 'name-length' });
      expect(await accounts.createGuest(null)).toMatchObject({ ok: true, principal: { name: null } });
    });

    it('lets nobody rename an account as if it were a guest', async () => {
      const { accounts } = world().access;
      const ada = await account();
      const refused = { ok: false, problem: 'not-a-guest' };
      expect(await accounts.nameGuest(ada.userId, 'Eve')).toEqual(refused);
      expect(await accounts.nameGuest(randomUUID() as string as Principal['userId'], 'Eve')).toEqual(refused);
    });
  });
