import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MapId } from '#lib/journey/ids.ts';
import { PICTURE_LIMITS } from '#lib/protocol/pictures.ts';
import { declaredPng, pictureFile, SVG } from '../tests/support/pictures.ts';
import { createAccess, type Access, type Principal } from './access/access.ts';
import type { Opened } from './db/db.ts';
import { open } from './db/open.ts';
import { createPictureReader, type PictureReader } from './picture-reader.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { mapStore } from './storage/maps.ts';
import { pictureStore } from './storage/pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'meander-pictures-'));
let opened: Opened;
let access: Access;
let reader: PictureReader;
let pictures: Pictures;

beforeAll(async () => {
  opened = await open(join(folder, 'm.sqlite'), new URL('../drizzle/', import.meta.url).pathname);
  access = createAccess(opened, { secureCookies: false });
  reader = createPictureReader();
  pictures = createPictures({ store: pictureStore(opened), reader, authorize: access.authorize });
});
afterAll(async () => {
  await pictures.close();
  await opened.close();
  rmSync(folder, { recursive: true });
});

const person = async (): Promise<Principal> => {
  const made = await access.accounts.createGuest('Ada');
  if (!made.ok) throw new Error(made.problem);
  return made.principal;
};
const mapOf = async (owner: Principal): Promise<MapId> => {
  const id = randomUUID() as string as MapId;
  await mapStore(opened).create({ id, title: 'A', createdBy: owner.userId, snapshot: Uint8Array.of(0, 0) });
  return id;
};
const MB = 1024 * 1024;
/** The processes that decode for this one. */
const decoders = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('picture-process'))
    .map(Number);
/** The most memory a process ever had, in bytes. */
const peakOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** A body that comes in pieces and counts how many were asked for. */
const pieces = (bytes: Uint8Array, size = 64 * 1024) => {
  const taken = { count: 0 };
  const body = (async function* () {
    for (let start = 0; start < bytes.byteLength; start += size) {
      taken.count += 1;
      yield bytes.subarray(start, start + size);
    }
  })();
  return { body, taken };
};
const upload = async (bytes: Uint8Array, by?: Principal, map?: MapId) => {
  const owner = by ?? (await person());
  const mapId = map ?? (await mapOf(owner));
  return { owner, mapId, answer: await pictures.add(owner, mapId, pieces(bytes).body) };
};
const stored = async (bytes: Uint8Array) => {
  const { owner, mapId, answer } = await upload(bytes);
  if (!answer.ok) throw new Error(answer.reason);
  const file = await pictures.file(owner, mapId, answer.value.hash);
  if (!file.ok) throw new Error(file.reason);
  return { ...answer.value, file: Buffer.from(file.value.bytes) };
};

describe('a picture that is taken', () => {
  test.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['gif', 'image/png']
  ] as const)('%s is written anew as %s, and the same file has the same hash', async (type, becomes) => {
    const bytes = await pictureFile(type, { width: 40, height: 30 });
    const [first, second] = [await stored(bytes), await stored(bytes)];
    expect(first).toMatchObject({ type: becomes, width: 40, height: 30, stilled: false });
    expect(second.hash).toBe(first.hash);
    expect((await sharp(first.file).metadata()).format).toBe(becomes.slice(6));
  });

  test('is turned as its camera says and loses everything that is no pixel', async () => {
    const bytes = await sharp(await pictureFile('jpeg', { width: 60, height: 20 }))
      .withExif({ IFD0: { Copyright: 'GPS 51.5, -0.1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { width, height, file } = await stored(
      Buffer.concat([bytes, Buffer.from('<script>alert(1)</script>')])
    );
    expect([width, height]).toEqual([20, 60]);
    const { exif, icc, orientation } = await sharp(file).metadata();
    expect([exif, icc, orientation]).toEqual([undefined, undefined, undefined]);
    expect(file.includes('script') || file.includes('GPS')).toBe(false);
  });

  test('that moves is kept as its first picture, and says so', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((color) => pictureFile('png', { width: 8, height: 8, color }))
    );
    const bytes = await sharp(frames as Buffer[], { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const { type, stilled, file } = await stored(bytes);
    expect([type, stilled]).toEqual(['image/png', true]);
    const { data } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  test('larger than a board needs is made smaller', async () => {
    const { width, height } = await stored(await pictureFile('png', { width: 6_000, height: 3_000 }));
    expect([width, height]).toEqual([PICTURE_LIMITS.storedSide, PICTURE_LIMITS.storedSide / 2]);
  });

  test('with more bytes than are written in one turn is made smaller until it fits', async () => {
    // Noise, which no format can press.
    const bytes = await sharp({
      create: {
        width: 900,
        height: 900,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma: 60 }
      }
    })
      .png()
      .toBuffer();
    expect(bytes.byteLength).toBeGreaterThan(PICTURE_LIMITS.storedBytes);
    const { type, file } = await stored(bytes);
    expect(type).toBe('image/webp');
    expect(file.byteLength).toBeLessThanOrEqual(PICTURE_LIMITS.storedBytes);
  });
});

describe('what is refused, with nothing kept of it', () => {
  const start = (...bytes: number[]) => Uint8Array.from([...bytes, ...new Array<number>(40).fill(7)]);
  const cases: readonly (readonly [string, () => Uint8Array | Promise<Uint8Array>, string])[] = [
    ['SVG renamed to PNG', () => SVG, 'E_PICTURE_TYPE'],
    ['nothing', () => new Uint8Array(), 'E_PICTURE_TYPE'],
    ['a page', () => new TextEncoder().encode('<!doctype html><script>alert(1)</script>'), 'E_PICTURE_TYPE'],
    ['a bitmap', () => start(0x42, 0x4d), 'E_PICTURE_TYPE'],
    ['a TIFF', () => start(0x49, 0x49, 0x2a, 0), 'E_PICTURE_TYPE'],
    ['a PNG of 50,000 x 50,000', () => declaredPng(50_000, 50_000), 'E_PICTURE_SIZE'],
    ['a long line', () => declaredPng(20_000, 1), 'E_PICTURE_SIZE'],
    ['a PNG that ends after its head', () => declaredPng(100, 100, 0), 'E_PICTURE_BROKEN'],
    ['a PNG signature and noise', () => start(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'E_PICTURE_BROKEN'],
    ['a JPEG signature and noise', () => start(0xff, 0xd8, 0xff, 0xe0), 'E_PICTURE_BROKEN'],
    [
      'a GIF that is a script',
      () => new TextEncoder().encode('GIF89a/*...*/=1;alert(1)//'),
      'E_PICTURE_BROKEN'
    ],
    [
      'a file cut in half',
      async () => {
        const whole = await pictureFile('png', { width: 300, height: 300 });
        return whole.subarray(0, Math.floor(whole.byteLength / 2));
      },
      'E_PICTURE_BROKEN'
    ]
  ];
  test.each(cases)('%s', async (_, make, code) => {
    const { answer } = await upload(await make());
    expect(answer).toEqual({ ok: false, reason: code });
  });

  test('too many bytes: the rest is not read', async () => {
    const png = await pictureFile('png');
    const bytes = Buffer.concat([png, Buffer.alloc(PICTURE_LIMITS.bytes * 2)]);
    const owner = await person();
    const { body, taken } = pieces(bytes);
    const answer = await pictures.add(owner, await mapOf(owner), body);
    expect(answer).toEqual({ ok: false, reason: 'E_PICTURE_BYTES' });
    expect(taken.count * 64 * 1024).toBeLessThanOrEqual(PICTURE_LIMITS.bytes + 2 * 64 * 1024);
  });

  test('more than eight at once: the ninth is asked to come again, and is taken when one is done', async () => {
    const png = await pictureFile('png');
    const gate = Promise.withResolvers<Uint8Array>();
    const owner = await person();
    const mapId = await mapOf(owner);
    let reading = 0;
    const waiting = Array.from({ length: 8 }, () =>
      pictures.add(
        owner,
        mapId,
        (async function* () {
          reading += 1;
          yield await gate.promise;
        })()
      )
    );
    await vi.waitFor(() => expect(reading).toBe(8));
    expect(await pictures.add(owner, mapId, pieces(png).body)).toEqual({
      ok: false,
      reason: 'E_PICTURE_BUSY'
    });
    gate.resolve(SVG);
    for (const answer of await Promise.all(waiting))
      expect(answer).toMatchObject({ reason: 'E_PICTURE_TYPE' });
    expect(await pictures.add(owner, mapId, pieces(png).body)).toMatchObject({ ok: true });
  });

  test('what is no picture: only its head is read', async () => {
    const owner = await person();
    const { body, taken } = pieces(Buffer.alloc(1_000_000, 'x'));
    expect(await pictures.add(owner, await mapOf(owner), body)).toMatchObject({ reason: 'E_PICTURE_TYPE' });
    expect(taken.count).toBe(1);
  });

  test('a body that breaks off', async () => {
    const owner = await person();
    const png = await pictureFile('png');
    const body = (async function* () {
      yield png.subarray(0, 20);
      throw new Error('reset');
    })();
    expect(await pictures.add(owner, await mapOf(owner), body)).toMatchObject({ reason: 'E_PICTURE_CUT' });
  });

  test('a bomb grows neither the server nor its decoder, and a picture after it passes', async () => {
    // A few kilobytes that would unpack to 31 MB of the 312 that their head declares.
    const bomb = declaredPng(50_000, 50_000, 5_000);
    expect(bomb.byteLength).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 5; round++)
      expect((await upload(bomb)).answer).toMatchObject({ reason: 'E_PICTURE_SIZE' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MB);
    for (const pid of decoders()) expect(peakOf(pid)).toBeLessThan(300 * MB);
    expect((await upload(await pictureFile('png'))).answer).toMatchObject({ ok: true });
  });
});

describe('rights', () => {
  test('only editors add; readers see; strangers find nothing', async () => {
    const store = mapStore(opened);
    const { owner, mapId, answer } = await upload(await pictureFile('png'));
    if (!answer.ok) throw new Error(answer.reason);
    const { hash } = answer.value;
    const [viewer, commenter, stranger] = [await person(), await person(), await person()];
    await store.join(mapId, viewer.userId, null, 'viewer');
    await store.join(mapId, commenter.userId, null, 'commenter');
    const png = await pictureFile('png');
    for (const [who, reason] of [
      [viewer, 'forbidden'],
      [commenter, 'forbidden'],
      [stranger, 'unknown'],
      [null, 'login']
    ] as const)
      expect(await pictures.add(who, mapId, pieces(png).body)).toEqual({ ok: false, reason });
    expect(await pictures.file(viewer, mapId, hash)).toMatchObject({ ok: true });
    expect(await pictures.file(stranger, mapId, hash)).toEqual({ ok: false, reason: 'unknown' });
    expect(await pictures.shows(stranger, mapId, hash)).toEqual({ ok: false, reason: 'unknown' });
    expect(await pictures.file(owner, mapId, hash.replace(/^./, 'x'))).toEqual({
      ok: false,
      reason: 'unknown'
    });
    expect(await pictures.file(owner, mapId, '../../etc/passwd')).toEqual({ ok: false, reason: 'unknown' });
  });

  test('a picture comes to another map only by somebody who may read a map that shows it', async () => {
    const { owner, mapId, answer } = await upload(await pictureFile('png', { color: '#aa3311' }));
    if (!answer.ok) throw new Error(answer.reason);
    const { hash } = answer.value;
    const other = await person();
    const target = await mapOf(other);
    // Who knows the hash has no right by it: not by asking, not by a file that names it.
    expect(await pictures.bring(other, target, hash)).toEqual({ ok: false, reason: 'E_PICTURE_UNKNOWN' });
    expect(await pictures.unknown(other, [hash])).toEqual(new Set([hash]));
    await pictures.carry(other.userId, target, [hash]);
    expect(await pictures.file(other, target, hash)).toMatchObject({ reason: 'unknown' });
    await mapStore(opened).join(mapId, other.userId, null, 'viewer');
    expect(await pictures.bring(other, target, hash)).toEqual({ ok: true, value: undefined });
    expect(await pictures.file(other, target, hash)).toMatchObject({ ok: true });
    // A map in the trash shows nothing.
    await mapStore(opened).trash(mapId);
    expect(await pictures.unknown(owner, [hash])).toEqual(new Set([hash]));
  });
});

test('a decoder that dies takes nothing with it, and the next picture gets a new one', async () => {
  const own = createPictureReader();
  const png = await pictureFile('png');
  const first = await own.read('image/png', png);
  expect(first).toMatchObject({ ok: true });
  for (const pid of decoders()) process.kill(pid, 'SIGKILL');
  const after = [await own.read('image/png', png), await own.read('image/png', png)];
  expect(after.some((one) => typeof one !== 'string')).toBe(true);
  await own.close();
});
