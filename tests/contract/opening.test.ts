import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../server/db/folder.ts';
import { open } from '../../server/db/open.ts';
import { MIGRATIONS } from './backends.ts';

describe('a database that cannot be opened', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meander-opening-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const messageOf = async (url: string): Promise<string> => {
    const error: unknown = await open(url, MIGRATIONS).catch((thrown: unknown) => thrown);
    if (!(error instanceof Error)) throw new Error(`${url} opened`);
    return error.message;
  };
  /** One sentence: one line, one full stop at its end. */
  const sentence = /^[^\n]+[^.\n]\.$/;

  it('is named when it is a folder', async () => {
    const path = join(folder, 'folder.db');
    mkdirSync(path);
    expect(await messageOf(path)).toMatch(sentence);
    expect(await messageOf(path)).toBe(
      `The SQLite database ${path} cannot be opened: unable to open database file.`
    );
  });

  it('is named when it is something else', async () => {
    const path = join(folder, 'letter.db');
    writeFileSync(path, 'Dear Sir or Madam, '.repeat(100));
    expect(await messageOf(path)).toBe(
      `The SQLite database ${path} cannot be opened: file is not a database.`
    );
  });

  it('is named when its folder cannot be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const path = join(file, 'below', 'meander.db');
    const message = await messageOf(path);
    expect(message).toMatch(sentence);
    expect(message).toContain(`The SQLite database ${path} cannot be opened: `);
  });

  it('is not waited for where no folder can be made, nor below a file: one sentence each', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    for (const path of ['/proc/nope', '/proc/nope/deeper', file, join(file, 'below')]) {
      expect(() => makeFolder(path)).toThrow(sentence);
      expect(() => makeFolder(path)).toThrow('set DATA_DIR to');
    }
  });

  it('is made with its folder when there is nothing yet', async () => {
    const opened = await open(join(folder, 'new', 'deeper', 'meander.db'), MIGRATIONS);
    await opened.ping();
    await opened.close();
    await expect(opened.ping()).rejects.toThrow();
  });

  it('is named by host and database when nothing listens, without the password', async () => {
    const message = await messageOf('postgres://ada:s3cret-w0rd@127.0.0.1:1/meander');
    expect(message).toMatch(sentence);
    expect(message).toMatch(
      /^The Postgres database "meander" on 127\.0\.0\.1:1 cannot be opened: .*ECONNREFUSED/
    );
    expect(message).not.toContain('s3cret');
  });

  it('is not named, nor its password, when its address cannot be read', async () => {
    const message = await messageOf('postgres://ada:s3cret-w0rd@host:notaport/meander');
    expect(message).toMatch(sentence);
    expect(message).not.toContain('s3cret');
  });
});
