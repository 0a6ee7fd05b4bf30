import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configFrom, createApp, type App } from '../../server/app.ts';
import type { Principal } from '../../server/access/principal.ts';
import type { Opened } from '../../server/db/db.ts';
import { open } from '../../server/db/open.ts';
import { createDigests, type Digests } from '../../server/digests.ts';
import { createMailer, type Mailer } from '../../server/mail.ts';
import { SmtpSink } from '../support/smtp-sink.ts';
import { removeData, temporaryData } from '../support/program.ts';
import { MIGRATIONS, postgresAnswers, postgresBackend, sqliteBackend, type Backend } from './backends.ts';

const HOUR = 3_600_000;
const ORIGIN = 'https://maps.example.org';
const quiet = { warn: () => undefined };

const suite = (create: () => Promise<Backend>) => () => {
  let app: App;
  let sink: SmtpSink;
  let folder: string;
  let backend: Backend;
  let opened: Opened;
  let mailer: Mailer;
  let digests: Digests;
  let mapId: string;
  let now = Date.now() + HOUR; // what was just written is not mailed yet
  const who: Record<'ann' | 'ben', Principal> = {} as never;

  const account = async (name: string): Promise<Principal> => {
    const made = await app.access.accounts.createUser({
      name,
      email: `${name.toLowerCase()}@example.org`,
      password: `a long sentence of ${name}`
    });
    if (!made.ok) throw new Error(made.problem);
    return made.principal;
  };
  const begin = async (text: string): Promise<string> => {
    const begun = await app.comments.begin(who.ben, mapId, {
      anchor: 'map',
      text,
      mentions: [who.ann.userId]
    });
    if (!begun.ok) throw new Error(begun.reason);
    return begun.value;
  };

  beforeAll(async () => {
    [sink, backend] = await Promise.all([SmtpSink.open(), create()]);
    folder = temporaryData();
    const config = configFrom(
      { DATA_DIR: folder, LOG_LEVEL: 'silent', SMTP_URL: sink.url, MAIL_FROM: 'M <m@example.org>', ORIGIN },
      new URL('../../', import.meta.url)
    );
    app = await createApp({ ...config, databaseUrl: backend.url });
    opened = await open(backend.url, MIGRATIONS);
    const made = createMailer(config.mail, quiet);
    if (made === null) throw new Error('no mailer');
    mailer = made;
    digests = createDigests({ opened, mailer, origin: ORIGIN, log: quiet, now: () => now });
    who.ann = await account('Ann');
    who.ben = await account('Ben');
    mapId = await app.maps.create(who.ann.userId, { example: 'subscription-trial' });
    const link = await app.maps.createLink(who.ann, mapId, 'commenter');
    if (!link.ok) throw new Error(link.reason);
    await app.maps.join(who.ben.userId, link.value.token);
    await app.inbox.change(who.ben, { muted: ['reply'] });
  }, 30_000);

  afterAll(async () => {
    mailer.close();
    await opened.close();
    await app.close();
    await sink.close();
    await backend.dispose();
    removeData(folder);
  });

  describe('digests', () => {
    test('a flood comes as one mail with one line, leads to the very thing, and never twice', async () => {
      const thread = await begin('@Ann look at this');
      for (let count = 0; count < 3; count += 1)
        await app.comments.reply(who.ben, mapId, thread, { text: `More ${count}`, mentions: [] });
      await app.comments.reply(who.ann, mapId, thread, { text: 'I am looking', mentions: [] });
      for (let count = 0; count < 5; count += 1)
        await app.comments.reply(who.ben, mapId, thread, { text: `And ${count}`, mentions: [] });
      expect(await digests.sweep()).toBe(1);
      const [mail, ...others] = sink.mails.splice(0);
      expect(others).toEqual([]);
      expect(mail?.to).toEqual(['ann@example.org']);
      expect(mail?.from).toBe('m@example.org');
      expect(mail?.text).toContain('* 5 replies in “');
      // Who answers has read what was said before.
      expect(mail?.text).not.toContain('look at this');
      expect(mail?.text).toContain(`${ORIGIN}/maps/${mapId}?thread=${thread}`);
      expect(mail?.text).not.toContain('ben@example.org');
      expect(mail?.headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
      now += 25 * HOUR;
      expect(await digests.sweep()).toBe(0);
    });

    test('comes no more often than the person wants, and not of what was read', async () => {
      await app.inbox.change(who.ann, { digest: 'hour' });
      const thread = await begin('One');
      now += 2 * HOUR;
      expect(await digests.sweep()).toBe(1);
      await begin('Two');
      now += HOUR / 2;
      expect(await digests.sweep()).toBe(0);
      now += HOUR;
      expect(await digests.sweep()).toBe(1);
      const read = await begin('Three');
      await app.comments.see(who.ann, mapId, read);
      await app.comments.see(who.ann, mapId, thread);
      now += 2 * HOUR;
      expect(await digests.sweep()).toBe(0);
      expect(sink.mails.splice(0).map(({ subject }) => subject)).toEqual([
        'Meander: Ben named you',
        'Meander: Ben named you'
      ]);
    });

    test('is tried again when the mail server refuses, by one node of two', async () => {
      await begin('Four');
      now += 2 * HOUR;
      sink.refuse = '451 later';
      expect(await digests.sweep()).toBe(0);
      sink.refuse = null;
      const other = createDigests({ opened, mailer, origin: ORIGIN, log: quiet, now: () => now });
      const sent = await Promise.all([digests.sweep(), other.sweep()]);
      expect(sent.reduce((sum, count) => sum + count, 0)).toBe(1);
      expect(sink.mails.splice(0)).toHaveLength(1);
    });

    test('the token of a mail switches it off without signing in; a forged one changes nothing', async () => {
      await begin('Five');
      now += 2 * HOUR;
      await digests.sweep();
      const token = /\/mail\/off\/(\S+)/.exec(sink.mails.splice(0)[0]?.text ?? '')?.[1] ?? '';
      const [, signature = ''] = token.split('.');
      const forged = `${Buffer.from(who.ben.userId).toString('base64url')}.${signature}`;
      for (const bad of [forged, `${token}x`, 'x', '', '.'])
        expect(await app.digests.switchOff(bad)).toBe(false);
      expect((await app.inbox.settings(who.ben)).digest).toBe('day');
      expect((await app.inbox.settings(who.ann)).digest).toBe('hour');
      expect(await app.digests.switchOff(token)).toBe(true);
      expect((await app.inbox.settings(who.ann)).digest).toBe('off');
      await begin('Six');
      now += 2 * HOUR;
      expect(await digests.sweep()).toBe(0);
      expect((await app.inbox.list(who.ann, { limit: 1 })).items[0]?.text).toBe('Six');
    });
  });

  test('what somebody switched off is not told to them', async () => {
    await app.inbox.change(who.ann, { muted: ['mention'] });
    const before = (await app.inbox.list(who.ann, { limit: 1 })).unread;
    const thread = await begin('Not told');
    expect((await app.inbox.list(who.ann, { limit: 1 })).unread).toBe(before);
    await app.comments.reply(who.ann, mapId, thread, { text: 'Seen all the same', mentions: [] });
    await app.comments.reply(who.ben, mapId, thread, { text: 'An answer', mentions: [who.ann.userId] });
    expect((await app.inbox.list(who.ann, { limit: 1 })).items[0]).toMatchObject({ kind: 'reply' });
    await app.inbox.change(who.ann, { muted: [] });
    expect((await app.inbox.settings(who.ann)).muted).toEqual([]);
  });

  describe('a forgotten password', () => {
    test('brings a link that works once, to whoever has an account, and nothing to others', async () => {
      app.people.forgot('nobody@example.org');
      app.people.forgot(' ANN@example.org ');
      await expect.poll(() => sink.mails.length).toBe(1);
      const [mail] = sink.mails.splice(0);
      expect(mail?.to).toEqual(['ann@example.org']);
      const token = /\/reset\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
      expect((await app.people.reset(token, 'another long sentence')).ok).toBe(true);
      expect(await app.people.reset(token, 'yet another sentence')).toEqual({ ok: false, problem: 'used' });
    });

    test('answers at once, before anything is looked up, and floods nobody', async () => {
      expect(app.people.forgot('ann@example.org')).toBeUndefined();
      for (let count = 0; count < 20; count += 1) app.people.forgot('ann@example.org');
      await expect.poll(() => app.access.accounts.offerResetTo('ann@example.org')).toBeNull();
      await expect.poll(() => sink.mails.length).toBeGreaterThan(0);
      expect(sink.mails.splice(0).length).toBeLessThanOrEqual(5);
    });
  });
};

describe('mail on SQLite', suite(sqliteBackend));
describe.skipIf(!(await postgresAnswers()))('mail on Postgres', suite(postgresBackend));
