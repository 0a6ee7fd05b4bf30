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
    ['TRUST_PROXY', 'yes']
  ])('%s=%s is one sentence that names the variable and repeats no secret', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(ConfigError);
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} must .+\\.$`));
    expect(() => read({ [name]: value })).not.toThrow(/secret/);
  });
});
