import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { auditQueries, type AuditEntry } from '../../../server/db/audit.ts';
import { guest, mapOf, race, type World } from '../world.ts';

const PASSWORD = 'correct horse battery staple';

export const auditSuite = (world: () => World) =>
  describe('the audit', () => {
    const queries = () => auditQueries(world().opened);
    const since = async <T>(work: () => Promise<T>): Promise<[T, string[]]> => {
      const [last] = await queries().page(null, null, 1);
      const value = await work();
      const rows = (await queries().page(null, null, 100)).filter(({ seq }) => seq > (last?.seq ?? 0));
      return [value, rows.map(({ action }) => action).reverse()];
    };
    const account = async () => {
      const email = `${randomUUID()}@example.org`;
      const made = await world().access.accounts.createUser({ email, name: 'Ada', password: PASSWORD });
      if (!made.ok) throw new Error(made.problem);
      return { ...made.principal, email };
    };

    it('has one row for each action', async () => {
      const { accounts, tokens } = world().access;
      const { maps } = world();
      const address = '198.51.100.7';
      const [ada, made] = await since(account);
      expect(made).toEqual(['account made']);
      const { userId, email } = ada;
      const told = async (work: () => Promise<unknown>) => (await since(work))[1];
      expect(await told(() => guest(world()))).toEqual([]);
      expect(await told(() => accounts.signIn({ email, password: PASSWORD, address }))).toEqual([
        'signed in'
      ]);
      expect(await told(() => accounts.signIn({ email, password: 'no', address }))).toEqual([
        'sign-in failed'
      ]);
      const [map, first] = await since(() => mapOf(world(), ada));
      expect(first).toEqual(['map made']);
      const { mapId } = map;
      const [link, second] = await since(() => maps.createLink({ mapId, role: 'viewer', createdBy: userId }));
      expect(second).toEqual(['link made']);
      const id = link?.link.id ?? '';
      expect(await told(() => maps.revokeLink(mapId, id, userId))).toEqual(['link ended']);
      expect(await told(() => maps.revokeLink(mapId, id, userId))).toEqual([]);
      expect(await told(() => maps.trash(mapId, userId))).toEqual(['map trashed']);
      expect(await told(() => maps.trash(mapId, userId))).toEqual([]);
      expect(await told(() => maps.restore(mapId, userId))).toEqual(['map restored']);
      expect(await told(() => tokens.add(userId))).toEqual(['token made']);
      const [token] = await tokens.list(userId);
      expect(await told(() => tokens.remove(userId, token?.id ?? ''))).toEqual(['token removed']);
      const [reset, offered] = await since(() => accounts.offerReset(userId));
      expect(offered).toEqual(['reset offered']);
      expect(await told(() => accounts.reset(reset, `${PASSWORD} new`))).toEqual(['password reset']);
      expect(await told(() => accounts.reset(reset, `${PASSWORD} new`))).toEqual([]);
      expect(
        await told(() => accounts.deleteAccount(userId, { password: `${PASSWORD} new`, address }))
      ).toEqual(['map deleted', 'account deleted']);
      // Rows outlive the map and the person that they name.
      expect((await queries().page(mapId, null, 9)).map(({ action }) => action)).toContain('map deleted');
    });

    it('names the real account, and holds nothing that opens anything', async () => {
      const { accounts, tokens } = world().access;
      const { userId, email } = await account();
      const { mapId } = await mapOf(world(), { userId, name: 'Ada', guest: false });
      const link = await world().maps.createLink({ mapId, role: 'editor', createdBy: userId });
      const secrets = [PASSWORD, link?.token, await tokens.add(userId), await accounts.offerReset(userId)];
      await accounts.signIn({ email, password: 'typed wrongly by mistake', address: '198.51.100.8' });
      const rows = await world().backend.raw(`select * from audit where map_id = '${mapId}'`);
      expect(rows.map(({ user_id }) => user_id)).toEqual([userId, userId]);
      const all = JSON.stringify(await world().backend.raw('select * from audit'));
      for (const secret of [...secrets, 'typed wrongly by mistake', email]) {
        expect(secret).toBeTruthy();
        expect(all).not.toContain(secret);
      }
    });

    it('is one chain, whoever writes at the same time on whichever node', async () => {
      const nodes = (await world().backend.nodes()).map(auditQueries);
      const before = (await queries().page(null, null, 1))[0]?.seq ?? 0;
      const entry: AuditEntry = { action: 'map exported', by: null };
      await race(nodes, 30, (node) => node.note(entry));
      const rows = await queries().page(null, null, 30);
      expect(rows.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 30 }, (_, index) => before + 30 - index)
      );
      expect(await queries().verify(null)).toMatchObject({ ok: true, head: { seq: before + 30 } });
    });

    it('has no row for what was rolled back', async () => {
      const { maps } = world();
      const { mapId, owner } = await mapOf(world());
      const [, told] = await since(() =>
        maps
          .create({ id: mapId, title: 'Twice', createdBy: owner.userId, snapshot: Uint8Array.of(1) })
          .catch(() => undefined)
      );
      expect(told).toEqual([]);
      expect(await queries().verify(null)).toMatchObject({ ok: true });
    });

    it('is broken by a row that is changed, removed, added or cut off', async () => {
      const { raw } = world().backend;
      for (let count = 0; count < 4; count++) await queries().note({ action: 'map exported', by: null });
      const [head, second, third] = await queries().page(null, null, 3);
      if (!head || !second || !third) throw new Error('too few rows');
      const noted = { seq: second.seq, hash: second.hash };
      expect(await queries().verify(noted)).toMatchObject({ ok: true, head: { seq: head.seq } });
      expect(await queries().verify({ ...noted, hash: head.hash })).toEqual({
        ok: false,
        broken: second.seq
      });
      expect(await queries().verify({ seq: head.seq + 1, hash: head.hash })).toMatchObject({ ok: false });

      const spoil = async (sql: string, undo: string, broken: number) => {
        await raw(sql);
        expect(await queries().verify(null), sql).toEqual({ ok: false, broken });
        await raw(undo);
        expect(await queries().verify(null), undo).toMatchObject({ ok: true });
      };
      const at = (seq: number) => `where seq = ${seq}`;
      await spoil(
        `update audit set action = 'map trashed' ${at(second.seq)}`,
        `update audit set action = 'map exported' ${at(second.seq)}`,
        second.seq
      );
      await spoil(
        `update audit set user_id = 'eve' ${at(third.seq)}`,
        `update audit set user_id = null ${at(third.seq)}`,
        third.seq
      );
      const columns = 'at, action, user_id, map_id, person_id, detail, hash';
      const copy = (from: number, to: number) =>
        `insert into audit (seq, ${columns}) select ${to}, ${columns} from audit ${at(from)}`;
      await spoil(copy(head.seq, head.seq + 1), `delete from audit ${at(head.seq + 1)}`, head.seq + 1);
      // The newest row taken away: the head knows that there was one.
      await raw(copy(head.seq, -1));
      await spoil(
        `delete from audit ${at(head.seq)}`,
        `update audit set seq = ${head.seq} where seq = -1`,
        head.seq
      );
      await raw(copy(second.seq, -1));
      await spoil(
        `delete from audit ${at(second.seq)}`,
        `update audit set seq = ${second.seq} where seq = -1`,
        second.seq
      );
    });

    it('lets go of old rows and stays a chain', async () => {
      await queries().note({ action: 'map exported', by: null });
      const [last] = await queries().page(null, null, 1);
      const { raw, name } = world().backend;
      await queries().prune(new Date(0));
      const count = async () => Number((await raw('select count(*) as n from audit'))[0]?.n);
      const before = await count();
      expect(before).toBeGreaterThan(5);
      // Other suites write under clocks of their own.
      await queries().prune(new Date('2099-01-01'));
      expect(await count(), name).toBe(0);
      expect(await queries().verify(null)).toMatchObject({ ok: true, rows: 0, head: { seq: last?.seq } });
      await queries().note({ action: 'map exported', by: null });
      expect(await queries().verify(null)).toMatchObject({ ok: true, rows: 1 });
      await raw(`update audit_heads set base_hash = 'x'`);
      expect(await queries().verify(null)).toMatchObject({ ok: false });
    });
  });
