import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Thread, ThreadPage } from '../../src/lib/protocol/comments.ts';
import type { InboxPage } from '../../src/lib/protocol/inbox.ts';
import { configFrom, createApp, type App } from '../../server/app.ts';
import type { CommentOutcome } from '../../server/comments.ts';
import type { Principal } from '../../server/access/principal.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';

const suite = (create: () => Promise<Backend>) => () => {
  let app: App;
  let folder: string;
  let backend: Backend;
  let mapId: string;
  const who: Record<'owner' | 'editor' | 'commenter' | 'viewer' | 'stranger', Principal> = {} as never;

  const person = async (name: string): Promise<Principal> => {
    const made = await app.access.accounts.createGuest(name);
    if (!made.ok) throw new Error(made.problem);
    return made.principal;
  };

  const value = <T>(outcome: CommentOutcome<T>): T => {
    if (!outcome.ok) throw new Error(outcome.reason);
    return outcome.value;
  };

  const threads = async (by: Principal): Promise<readonly Thread[]> =>
    value<ThreadPage>(await app.comments.list(by, mapId, { limit: 200 })).threads;

  const begin = async (
    by: Principal,
    text: string,
    anchor = 'map',
    mentions: string[] = []
  ): Promise<Thread> => {
    const id = value(await app.comments.begin(by, mapId, { anchor, text, mentions }));
    const found = (await threads(by)).find((thread) => thread.id === id);
    if (found === undefined) throw new Error('the thread is not in the list');
    return found;
  };

  const inbox = (by: Principal): Promise<InboxPage> => app.inbox.list(by, { limit: 100 });

  beforeAll(async () => {
    folder = temporaryData();
    backend = await create();
    const config = configFrom({ DATA_DIR: folder, LOG_LEVEL: 'silent' }, new URL('../../', import.meta.url));
    app = await createApp({ ...config, databaseUrl: backend.url });
    who.owner = await person('Olga');
    mapId = await app.maps.create(who.owner.userId, { example: 'subscription-trial' });
    for (const role of ['editor', 'commenter', 'viewer'] as const) {
      who[role] = await person(role);
      const link = await app.maps.createLink(who.owner, mapId, role);
      if (!link.ok) throw new Error(link.reason);
      await app.maps.join(who[role].userId, link.value.token);
    }
    who.stranger = await person('Eve');
  }, 30_000);

  afterAll(async () => {
    await app.close();
    await backend.dispose();
    removeData(folder);
  });

  describe('who may comment', () => {
    test.each([
      ['owner', true],
      ['editor', true],
      ['commenter', true],
      ['viewer', 'forbidden'],
      ['stranger', 'unknown']
    ] as const)('%s', async (role, may) => {
      const begun = await app.comments.begin(who[role], mapId, { anchor: 'map', text: 'Hello' });
      expect(begun.ok ? true : begun.reason).toBe(may);
      const read = await app.comments.list(who[role], mapId, { limit: 1 });
      expect(read.ok).toBe(role !== 'stranger');
      expect(await app.comments.list(null, mapId, { limit: 1 })).toEqual({ ok: false, reason: 'login' });
    });

    test('a commenter cannot change the map', async () => {
      expect(await app.access.authorize(who.commenter, mapId, 'edit')).toEqual({
        allowed: false,
        reason: 'forbidden'
      });
    });
  });

  describe('a thread', () => {
    test('hangs on what it names and keeps its words; nothing else can be named', async () => {
      const journey = await app.maps.journey(who.owner, mapId);
      if (!journey.ok) throw new Error(journey.reason);
      const [stage] = journey.value.stages;
      const [card] = journey.value.cards;
      expect(await begin(who.editor, 'Here', `stage/${stage?.id}`)).toMatchObject({ about: stage?.name });
      expect((await begin(who.editor, 'Here', `card/${card?.id}`)).about.slice(0, 20)).toBe(
        card?.text.slice(0, 20)
      );
      for (const anchor of [
        'stage/none',
        'card/__proto__',
        'cell/a',
        'point/1/x',
        'point/1/2/3',
        'nothing',
        '',
        'stage/'
      ])
        expect(await app.comments.begin(who.editor, mapId, { anchor, text: 'x' }), anchor).toEqual({
          ok: false,
          reason: 'anchor'
        });
    });

    test('is answered by others, with their names, and opens again by an answer', async () => {
      const thread = await begin(who.commenter, '  Why so late? \0 ');
      expect(thread.comments).toMatchObject([
        { text: 'Why so late?', author: { id: who.commenter.userId, name: 'commenter', guest: true } }
      ]);
      value(await app.comments.resolve(who.owner, mapId, thread.id, true));
      const resolved = (await threads(who.owner)).find(({ id }) => id === thread.id);
      expect(resolved).toMatchObject({ resolvedBy: { name: 'Olga' } });
      expect(resolved?.resolvedAt).not.toBeNull();
      value(await app.comments.reply(who.editor, mapId, thread.id, { text: 'Because of the bank.' }));
      const opened = (await threads(who.owner)).find(({ id }) => id === thread.id);
      expect(opened).toMatchObject({ resolvedAt: null, resolvedBy: null });
      expect(opened?.comments.map(({ text }) => text)).toEqual(['Why so late?', 'Because of the bank.']);
    });

    test('takes 4,000 characters and no more, and none without words', async () => {
      const thread = await begin(who.editor, 'x'.repeat(4000));
      for (const text of ['', ' \n ', '\0', 'x'.repeat(4001)])
        expect(await app.comments.reply(who.editor, mapId, thread.id, { text })).toEqual({
          ok: false,
          reason: 'text'
        });
    });

    test('of another map is not there, under its own map or this one', async () => {
      const other = await app.maps.create(who.stranger.userId, { preset: 'blank' });
      const foreign = value(await app.comments.begin(who.stranger, other, { anchor: 'map', text: 'Mine' }));
      const unknown = { ok: false, reason: 'unknown' };
      expect(await app.comments.reply(who.owner, mapId, foreign, { text: 'x' })).toEqual(unknown);
      expect(await app.comments.resolve(who.owner, mapId, foreign, true)).toEqual(unknown);
      expect(await app.comments.see(who.owner, mapId, foreign)).toEqual(unknown);
      expect(await app.comments.reply(who.owner, other, foreign, { text: 'x' })).toEqual(unknown);
    });
  });

  describe('a comment', () => {
    test('is changed by its author alone, and taken away by them or an owner; its trace stays', async () => {
      const thread = await begin(who.commenter, 'Frist');
      const id = thread.comments[0]?.id ?? '';
      const edit = (by: Principal, text: string) => app.comments.edit(by, mapId, thread.id, id, text);
      expect(await edit(who.owner, 'Mine')).toEqual({ ok: false, reason: 'not-yours' });
      value(await edit(who.commenter, 'First'));
      const remove = (by: Principal) => app.comments.remove(by, mapId, thread.id, id);
      expect(await remove(who.editor)).toEqual({ ok: false, reason: 'not-yours' });
      value(await remove(who.owner));
      const [left] = (await threads(who.viewer)).find((one) => one.id === thread.id)?.comments ?? [];
      expect(left).toMatchObject({ text: '', author: { name: 'commenter' } });
      expect(left?.editedAt).not.toBeNull();
      expect(left?.deletedAt).not.toBeNull();
      expect(await edit(who.commenter, 'Again')).toEqual({ ok: false, reason: 'unknown' });
    });

    test('is reacted to once by each, and the reaction taken back', async () => {
      const thread = await begin(who.editor, 'Good?');
      const id = thread.comments[0]?.id ?? '';
      for (const on of [true, true])
        value(await app.comments.react(who.owner, mapId, thread.id, id, '👍', on));
      value(await app.comments.react(who.commenter, mapId, thread.id, id, '👍', true));
      const reactions = async () =>
        (await threads(who.owner)).find((one) => one.id === thread.id)?.comments[0]?.reactions;
      expect((await reactions())?.map(({ emoji, people }) => [emoji, people.length])).toEqual([['👍', 2]]);
      value(await app.comments.react(who.owner, mapId, thread.id, id, '👍', false));
      expect(await reactions()).toEqual([{ emoji: '👍', people: [who.commenter.userId] }]);
    });
  });

  test('a decision belongs to an opportunity, names who gave it, and stays', async () => {
    const journey = await app.maps.journey(who.owner, mapId);
    if (!journey.ok) throw new Error(journey.reason);
    const opportunity = journey.value.opportunities[0]?.id;
    expect(opportunity).toBeDefined();
    expect(
      await app.comments.begin(who.commenter, mapId, { anchor: 'map', text: 'No', verdict: 'decline' })
    ).toEqual({
      ok: false,
      reason: 'verdict'
    });
    const anchor = `opportunity/${opportunity}`;
    const id = value(
      await app.comments.begin(who.commenter, mapId, {
        anchor,
        text: 'It pays within a year.',
        verdict: 'approve'
      })
    );
    const thread = (await threads(who.owner)).find((one) => one.id === id);
    expect(thread?.comments).toMatchObject([{ verdict: 'approve', author: { name: 'commenter' } }]);
    const comment = thread?.comments[0]?.id ?? '';
    const decided = { ok: false, reason: 'decided' };
    expect(await app.comments.edit(who.commenter, mapId, id, comment, 'Not so')).toEqual(decided);
    expect(await app.comments.remove(who.owner, mapId, id, comment)).toEqual(decided);
  });

  describe('the inbox', () => {
    test('tells those who are named and those who were in the thread, each once, and never the author', async () => {
      const thread = await begin(who.commenter, '@Olga look', 'map', [
        who.owner.userId,
        who.stranger.userId,
        'nobody'
      ]);
      value(
        await app.comments.reply(who.editor, mapId, thread.id, {
          text: 'I did',
          mentions: [who.owner.userId]
        })
      );
      const of = async (by: Principal) =>
        (await inbox(by)).items
          .filter((item) => item.thread === thread.id)
          .map(({ kind, text }) => [kind, text]);
      expect(await of(who.owner)).toEqual([
        ['mention', 'I did'],
        ['mention', '@Olga look']
      ]);
      expect(await of(who.commenter)).toEqual([['reply', 'I did']]);
      expect(await of(who.editor)).toEqual([]);
      // Somebody who is not on the map cannot be told of what is said there.
      expect(await of(who.stranger)).toEqual([]);
      expect((await threads(who.owner)).find(({ id }) => id === thread.id)?.unread).toBe(true);
      value(await app.comments.see(who.owner, mapId, thread.id));
      expect((await threads(who.owner)).find(({ id }) => id === thread.id)?.unread).toBe(false);
      expect(
        (await inbox(who.owner)).items.filter((item) => item.thread === thread.id && item.readAt === null)
      ).toEqual([]);
    });

    test('forgets what was taken away, and maps that may not be read any more', async () => {
      const leaver = await person('Lea');
      const link = await app.maps.createLink(who.owner, mapId, 'commenter');
      if (!link.ok) throw new Error(link.reason);
      await app.maps.join(leaver.userId, link.value.token);
      const thread = await begin(who.editor, '@Lea', 'map', [leaver.userId]);
      expect((await inbox(leaver)).unread).toBe(1);
      await app.maps.revokeLink(who.owner, mapId, link.value.link.id);
      expect(await inbox(leaver)).toEqual({ items: [], unread: 0, next: null });
      const again = await app.maps.createLink(who.owner, mapId, 'viewer');
      if (!again.ok) throw new Error(again.reason);
      await app.maps.join(leaver.userId, again.value.token);
      expect((await inbox(leaver)).unread).toBe(1);
      value(await app.comments.remove(who.editor, mapId, thread.id, thread.comments[0]?.id ?? ''));
      expect(await inbox(leaver)).toEqual({ items: [], unread: 0, next: null });
    });

    test('is read page by page, one by one or at once, and by nobody else', async () => {
      const reader = await person('Rea');
      const link = await app.maps.createLink(who.owner, mapId, 'viewer');
      if (!link.ok) throw new Error(link.reason);
      await app.maps.join(reader.userId, link.value.token);
      for (const text of ['one', 'two', 'three']) await begin(who.editor, text, 'map', [reader.userId]);
      const first = await app.inbox.list(reader, { limit: 2 });
      expect(first.items.map(({ text }) => text)).toEqual(['three', 'two']);
      const second = await app.inbox.list(reader, { limit: 2, cursor: first.next ?? '' });
      expect(second.items.map(({ text }) => text)).toEqual(['one']);
      expect(second.next).toBeNull();
      await app.inbox.read(
        who.stranger,
        first.items.map(({ id }) => id)
      );
      expect((await inbox(reader)).unread).toBe(3);
      await app.inbox.read(reader, [first.items[0]?.id ?? '']);
      expect((await inbox(reader)).unread).toBe(2);
      await app.inbox.read(reader, null);
      expect((await inbox(reader)).unread).toBe(0);
      await expect(app.inbox.list(reader, { limit: 2, cursor: 'x' })).rejects.toThrow('cursor');
    });
  });
};

describe('comments on SQLite', suite(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('comments on Postgres', suite(postgresBackend));
