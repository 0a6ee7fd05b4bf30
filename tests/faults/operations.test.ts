import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postgresAnswers, postgresBackend } from '../contract/backends.ts';
import { fingerprint } from '../support/peer.ts';
import {
  removeData,
  runAdmin,
  runAdminWith,
  startAdmin,
  startProgram,
  temporaryData,
  Visitor,
  type Program
} from '../support/program.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { until } from '../support/until.ts';

const DIGEST = /sha256 ([0-9a-f]{64})/;

describe('the operator’s commands', { timeout: 60_000 }, () => {
  let data: string;
  let other: string;
  let server: Program | null = null;

  beforeEach(() => {
    [data, other] = [temporaryData(), temporaryData()];
  });
  afterEach(async () => {
    await server?.end('SIGKILL');
    server = null;
    [data, other].forEach(removeData);
  });

  const start = async (folder = data): Promise<Program> => (server = await startProgram(folder));
  const stop = async (): Promise<void> => {
    await server?.end('SIGTERM');
    server = null;
  };
  const newMap = async (visitor: Visitor): Promise<string> => {
    const made = await visitor.post('/?/start', { preset: 's3-eight' });
    return /maps\/([\w-]{36})/.exec(made.headers.get('location') ?? '')?.[1] ?? '';
  };
  const open = async (program: Program, mapId: string, visitor: Visitor): Promise<SocketPeer> => {
    const headers = { ...visitor.headers, origin: `http://127.0.0.1:${program.port}` };
    const peer = new SocketPeer(`ws://127.0.0.1:${program.port}/sync/${mapId}?v=1`, headers);
    await until('the board is open', () => peer.saved);
    return peer;
  };
  const digestOf = (folder: string): string => {
    const verified = runAdmin(folder, 'verify');
    expect(verified.stderr).toBe('');
    expect(verified.status).toBe(0);
    return DIGEST.exec(verified.stdout)?.[1] ?? 'none';
  };

  test('a backup of a server that people write to is one moment of it, and restores to the same maps', async () => {
    const program = await start();
    const visitor = new Visitor(`http://127.0.0.1:${program.port}`);
    const [first, second] = [await newMap(visitor), await newMap(visitor)];
    const ann = await open(program, first, visitor);
    ann.doc.getMap('map').set('title', 'before the backup');
    await until('saved', () => ann.saved);
    let writing = true;
    const busy = (async () => {
      for (let edit = 0; writing; edit++) {
        ann.doc.getMap('map').set('title', `edit ${edit}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    // A call that we wait for would stop our own writing, and the server would have nothing to do meanwhile.
    const file = join(other, 'all.backup');
    const code = await startAdmin(data, 'backup', file);
    writing = false;
    await busy;
    expect(code).toBe(0);
    await until('saved', () => ann.saved);
    ann.close();

    const restored = join(other, 'restored');
    mkdirSync(restored);
    const answer = runAdmin(restored, 'restore', file);
    expect(answer.stderr).toContain('maps: 2 rows');
    expect(answer.stdout).toMatch(/^Restored 2 maps, /);
    expect(runAdmin(restored, 'verify').stdout).toMatch(
      /^Looked at 2 maps and \d+ versions: all of them are whole/
    );
    await stop();
    const copyOfIt = await start(restored);
    // The same session still opens the same maps.
    const peer = await open(copyOfIt, first, visitor);
    expect(peer.doc.getMap('map').get('title')).toMatch(/^edit \d+$|^before the backup$/);
    expect(fingerprint((await open(copyOfIt, second, visitor)).doc)).not.toEqual(fingerprint(peer.doc));
  });

  test('restore keeps its hands off a running server, off rows, and off a file that is not whole', async () => {
    const program = await start();
    const visitor = new Visitor(`http://127.0.0.1:${program.port}`);
    const mapId = await newMap(visitor);
    const file = join(other, 'all.backup');
    expect(runAdmin(data, 'backup', file).status).toBe(0);
    expect(runAdmin(data, 'verify', file).stdout).toContain('is whole: 1 map');
    expect(runAdmin(data, 'backup', file).stderr).toContain('is there already');
    expect(readdirSync(other)).toEqual(['all.backup']);
    expect(runAdmin(data, 'restore', file, '--replace').stderr).toMatch(/in use; stop the server/);

    const peer = await open(program, mapId, visitor);
    peer.doc.getMap('map').set('title', 'after the backup');
    await until('saved', () => peer.saved);
    await stop();
    const before = digestOf(data);
    expect(runAdmin(data, 'restore', file)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^The database is not empty/) as string
    });
    expect(digestOf(data)).toBe(before);
    expect(runAdmin(data, 'restore', file, '--replace').status).toBe(0);
    expect(digestOf(data)).not.toBe(before);

    // P46: who still has the map of before is told, and nothing of it reaches the restored one.
    const again = await start();
    const old = new SocketPeer(`ws://127.0.0.1:${again.port}/sync/${mapId}?v=1`, {
      ...visitor.headers,
      origin: `http://127.0.0.1:${again.port}`
    });
    await until('introduced', () => old.hello !== null);
    expect(old.hello?.epoch).toBeGreaterThan(peer.hello?.epoch ?? Infinity);
  });

  test('verify names a damaged map and a damaged version, and ends with 2', async () => {
    const program = await start();
    const visitor = new Visitor(`http://127.0.0.1:${program.port}`);
    const [good, bad] = [await newMap(visitor), await newMap(visitor)];
    for (const mapId of [good, bad]) {
      const peer = await open(program, mapId, visitor);
      peer.doc.getMap('map').set('title', 'edited');
      await until('saved', () => peer.saved);
      peer.close();
    }
    await program.end('SIGKILL'); // so that the edit is in the log and in no snapshot
    server = null;
    expect(digestOf(data)).toMatch(/^[0-9a-f]{64}$/);
    const client = new DatabaseSync(join(data, 'meander.sqlite'));
    client.prepare('update updates set crc = crc + 1 where map_id = ?').run(bad);
    client.prepare(`update versions set bytes = x'00' where map_id = ?`).run(good);
    client.close();
    const verified = runAdmin(data, 'verify');
    expect(verified.status).toBe(2);
    expect(verified.stdout).toMatch(new RegExp(`map ${bad}: .*Update 1 .* does not match its checksum`));
    expect(verified.stdout).toMatch(new RegExp(`map ${good}: Version .* can no longer be restored`));
    expect(verified.stdout).toMatch(/Looked at 2 maps and \d+ versions?: 2 maps damaged\.\n$/);
  });

  test('wrong words, and folders that cannot be, are told in one sentence', () => {
    for (const words of [['backup'], ['restore', 'a', 'b'], ['copy'], ['nonsense'], []])
      expect(runAdmin(data, ...words)).toMatchObject({ status: 1 });
    const impossible = runAdmin('/proc/nope', 'verify');
    expect(impossible.status).toBe(1);
    expect(impossible.stderr).toMatch(
      /^The folder \/proc\/nope cannot be made: .*; set DATA_DIR to another one\.\n$/
    );
    expect(existsSync(join(data, 'meander.sqlite'))).toBe(false);
    expect(runAdmin(data, 'verify', join(data, 'none')).stderr).toBe(
      `There is no file ${join(data, 'none')}.\n`
    );
  });
});

describe.skipIf(!(await postgresAnswers()))('copy', { timeout: 60_000 }, () => {
  test('moves SQLite to Postgres and back; the documents are the same to the byte', async () => {
    const [data, back] = [temporaryData(), temporaryData()];
    const backend = await postgresBackend();
    try {
      const server = await startProgram(data);
      const visitor = new Visitor(`http://127.0.0.1:${server.port}`);
      for (const preset of ['s3-eight', 'blank']) await visitor.post('/?/start', { preset });
      expect(runAdmin(data, 'copy', '--to', backend.url).stderr).toMatch(/The database is in use/);
      await server.end('SIGTERM');
      const there = runAdmin(data, 'copy', '--to', backend.url);
      expect(there.stdout).toMatch(/^Copied 2 maps and \d+ versions; both databases hold the same documents/);
      const again = runAdmin(data, 'copy', '--to', backend.url);
      expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/^The database is not empty/)]);
      const file = join(back, 'meander.sqlite');
      const returned = runAdminWith({ DATA_DIR: back, DATABASE_URL: backend.url }, 'copy', '--to', file);
      expect(returned.stdout).toMatch(/^Copied 2 maps/);
      expect(DIGEST.exec(returned.stdout)?.[1]).toBe(DIGEST.exec(there.stdout)?.[1]);
      expect(DIGEST.exec(runAdmin(back, 'verify').stdout)?.[1]).toBe(DIGEST.exec(there.stdout)?.[1]);
    } finally {
      await backend.dispose();
      [data, back].forEach(removeData);
    }
  });
});
