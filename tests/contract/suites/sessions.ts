import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAccess, type SessionCookie } from '../../../server/access/access.ts';
import { guest, mapOf, type World } from '../world.ts';

const DAY = 86_400_000;
const header = ({ name, value }: SessionCookie) => `${name}=${value}`;

export const sessionsSuite = (world: () => World) => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

  describe('sessions', () => {
    it('are read from a cookie among others', async () => {
      const { sessions } = world().access;
      const ann = await guest(world(), 'Ann');
      const { token, cookie } = await sessions.create(ann.userId);
      expect(cookie).toEqual({
        name: 'meander_session',
        value: token,
        attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: false, maxAge: 30 * 86_400 }
      });
      const read = await sessions.read(`broken=%; a=b;${header(cookie)}; meander_session_x=1`);
      expect(read).toEqual({ principal: ann, fresh: null });
      expect(sessions.tokenOf(header(cookie))).toBe(token);
      // 32 letters and digits of 5 bits each: 160 bit at least.
      expect(token).toMatch(/^[a-z0-9]{32,}$/);
    });

    it('are marked for https alone where the site is https', () => {
      const { sessions } = createAccess(world().opened, { secureCookies: true });
      expect(sessions.blank).toMatchObject({ value: '', attributes: { secure: true, maxAge: 0 } });
    });

    it.each([
      null,
      undefined,
      '',
      'meander_session=',
      'meander_session=%00',
      'meander_session',
      'x=y',
      `meander_session=${'a'.repeat(40)}`,
      `meander_session=${'a'.repeat(10_000)}`
    ])('are not found for the header %j', async (cookies) => {
      expect(await world().access.sessions.read(cookies)).toEqual({ principal: null, fresh: null });
    });

    it('are not found when one character differs', async () => {
      const { sessions } = world().access;
      const { token } = await sessions.create((await guest(world())).userId);
      const other = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`;
      expect((await sessions.read(`meander_session=${other}`)).principal).toBeNull();
    });

    it('last 30 days from the last visit, and say when they were extended', async () => {
      const { sessions } = world().access;
      const ann = await guest(world());
      const { cookie } = await sessions.create(ann.userId);
      later(14 * DAY);
      expect(await sessions.read(header(cookie))).toEqual({ principal: ann, fresh: null });
      later(2 * DAY);
      expect(await sessions.read(header(cookie))).toEqual({ principal: ann, fresh: cookie });
      later(29 * DAY);
      expect(await sessions.read(header(cookie))).toEqual({ principal: ann, fresh: cookie });
      later(30 * DAY);
      expect(await sessions.read(header(cookie))).toEqual({ principal: null, fresh: null });
    });

    it('are not prolonged by a peek, so that the next visit still sends the cookie', async () => {
      const { sessions } = world().access;
      const ann = await guest(world());
      const { cookie } = await sessions.create(ann.userId);
      later(16 * DAY);
      expect(await sessions.peek(header(cookie))).toEqual(ann);
      expect(await sessions.read(header(cookie))).toEqual({ principal: ann, fresh: cookie });
      later(31 * DAY);
      expect(await sessions.peek(header(cookie))).toBeNull();
      for (const nothing of [null, undefined, '', 'meander_session=', `${header(cookie)}x`])
        expect(await sessions.peek(nothing)).toBeNull();
    });

    it('end at logout, alone or all of a person', async () => {
      const { sessions } = world().access;
      const ann = await guest(world());
      const bob = await sessions.create((await guest(world())).userId);
      const [one, two, three] = [
        await sessions.create(ann.userId),
        await sessions.create(ann.userId),
        await sessions.create(ann.userId)
      ];
      await sessions.invalidate(one.token);
      expect((await sessions.read(header(one.cookie))).principal).toBeNull();
      expect((await sessions.read(header(two.cookie))).principal).toEqual(ann);
      await sessions.invalidateAll(ann.userId);
      expect((await sessions.read(header(two.cookie))).principal).toBeNull();
      expect((await sessions.read(header(three.cookie))).principal).toBeNull();
      expect((await sessions.read(header(bob.cookie))).principal).not.toBeNull();
    });

    it('are swept when they have run out', async () => {
      const { access, backend } = world();
      const ann = await guest(world());
      await access.sessions.create(ann.userId);
      later(31 * DAY);
      const { cookie } = await access.sessions.create(ann.userId);
      await access.sessions.deleteExpired();
      expect(await backend.raw(`select id from sessions where user_id = '${ann.userId}'`)).toHaveLength(1);
      expect((await access.sessions.read(header(cookie))).principal).toEqual(ann);
    });
  });

  describe('API tokens', () => {
    it('speak for their person until they are removed', async () => {
      const { tokens } = world().access;
      const [ann, bob] = [await guest(world()), await guest(world())];
      const token = await tokens.add(ann.userId);
      expect(token).toMatch(/^mdr_[A-Za-z0-9_-]{43}$/);
      expect(await tokens.list(ann.userId)).toMatchObject([{ lastUsedAt: null }]);
      expect(await tokens.read(`Bearer ${token}`)).toEqual(ann);
      expect(await tokens.read(`bearer  ${token} `)).toEqual(ann);
      const [kept] = await tokens.list(ann.userId);
      expect(kept?.lastUsedAt).toBeInstanceOf(Date);
      expect(await tokens.remove(bob.userId, kept?.id ?? '')).toBe(false);
      expect(await tokens.remove(ann.userId, '\0')).toBe(false);
      expect(await tokens.read(`Bearer ${token}`)).toEqual(ann);
      expect(await tokens.remove(ann.userId, kept?.id ?? '')).toBe(true);
      expect(await tokens.read(`Bearer ${token}`)).toBeNull();
      expect(await tokens.list(ann.userId)).toEqual([]);
    });

    it('note their use once a minute', async () => {
      const { tokens } = world().access;
      const ann = await guest(world());
      const token = await tokens.add(ann.userId);
      const used = async () => {
        await tokens.read(`Bearer ${token}`);
        return (await tokens.list(ann.userId))[0]?.lastUsedAt?.getTime() ?? 0;
      };
      const first = await used();
      later(30_000);
      expect(await used()).toBe(first);
      later(40_000);
      expect(await used()).toBeGreaterThanOrEqual(first + 70_000);
    });

    it.each([null, undefined, '', 'Bearer', 'Bearer ', 'Bearer mdr_x', `Bearer mdr_${'A'.repeat(43)}`, '\0'])(
      'are not found for the header %j',
      async (authorization) => {
        expect(await world().access.tokens.read(authorization)).toBeNull();
      }
    );

    it('are not taken under another scheme or prefix', async () => {
      const { tokens } = world().access;
      const token = await tokens.add((await guest(world())).userId);
      expect(await tokens.read(`Basic ${token}`)).toBeNull();
      expect(await tokens.read(token)).toBeNull();
      expect(await tokens.read(`Bearer ${token.slice(4)}`)).toBeNull();
    });
  });

  describe('a dump of the database', () => {
    it('holds no value that works as a cookie, a token or a link', async () => {
      const { access, backend, maps } = world();
      const { mapId, owner } = await mapOf(world());
      const session = await access.sessions.create(owner.userId);
      const token = await access.tokens.add(owner.userId);
      const link = await maps.createLink({ mapId, role: 'editor', createdBy: owner.userId });
      const values = new Set<string>();
      for (const table of ['users', 'sessions', 'tokens', 'links', 'members', 'maps'])
        for (const row of await backend.raw(`select * from ${table}`))
          for (const value of Object.values(row)) if (typeof value === 'string') values.add(value);
      expect(values).toContain(owner.userId);
      for (const secret of [session.token, token, token.slice(4), link?.token]) {
        expect(secret).toBeTruthy();
        for (const value of values) expect(value).not.toContain(secret);
      }
      for (const value of values) {
        expect((await access.sessions.read(`meander_session=${value}`)).principal).toBeNull();
        expect(await access.tokens.read(`Bearer ${value}`)).toBeNull();
        expect(await access.tokens.read(`Bearer mdr_${value}`)).toBeNull();
        expect(await maps.findLink(value)).toBeNull();
      }
    });
  });
};
