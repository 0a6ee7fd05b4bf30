import { describe, expect, test } from 'vitest';
import { ConfigError, configFrom } from './config.ts';

const root = new URL('file:///srv/meander/');
const read = (env: Record<string, string>) => configFrom(env, root);

describe('configuration', () => {
  test('nothing set: port 3000, SQLite in ./data', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '0.0.0.0',
      origin: undefined,
      signups: 'open',
      trustProxy: false
    });
    expect(read({ DATA_DIR: '/var/lib/meander' }).databaseUrl).toBe('/var/lib/meander/meander.sqlite');
  });

  test('an empty value counts as unset', () => {
    expect(read({ PORT: '', ORIGIN: '' })).toMatchObject({ port: 3000, origin: undefined });
  });

  test('the origin loses its trailing slash', () => {
    expect(read({ ORIGIN: 'https://maps.example.org/' }).origin).toBe('https://maps.example.org');
  });

  test.each([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['ORIGIN', 'maps.example.org'],
    ['ORIGIN', 'ftp://maps.example.org'],
    ['DATABASE_URL', 'mysql://secret@host/db'],
    ['REDIS_URL', 'http://secret@host'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'yes'],
    ['SMTP_URL', 'https://secret@host'],
    ['SMTP_URL', 'secret']
  ])('%s=%s is one sentence that names the variable and repeats no secret', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(ConfigError);
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} must .+\\.$`));
    expect(() => read({ [name]: value })).not.toThrow(/secret/);
  });

  test('mail needs a server, a sender and the address that its links lead to', () => {
    const mail = { SMTP_URL: 'smtps://u:secret@mail.example.org', MAIL_FROM: 'Maps <m@example.org>' };
    expect(read({}).mail).toBeUndefined();
    expect(read({ ...mail, ORIGIN: 'https://maps.example.org' }).mail).toEqual({
      smtpUrl: mail.SMTP_URL,
      from: mail.MAIL_FROM
    });
    expect(() => read(mail)).toThrow(/^ORIGIN must .+\.$/);
    expect(() => read({ SMTP_URL: mail.SMTP_URL, ORIGIN: 'https://a.org' })).toThrow(/^MAIL_FROM must .+\.$/);
    for (const from of ['Maps', 'a@b\r\nBcc: c@d', 'Maps <a@b> <c@d>'])
      expect(() => read({ ...mail, MAIL_FROM: from })).toThrow(/^MAIL_FROM must .+\.$/);
  });
});
