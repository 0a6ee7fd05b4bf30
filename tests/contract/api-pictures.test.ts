import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declaredPng, pictureFile, SVG } from '../support/pictures.ts';
import { addToken, removeData, startProgram, temporaryData, type Program } from '../support/program.ts';

let program: Program;
let dataDir: string;
let ann: string;
let ben: string;

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  ann = addToken(dataDir, 'ann@example.org');
  ben = addToken(dataDir, 'ben@example.org');
}, 60_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

const send = (method: string, path: string, token: string, body?: Uint8Array | object, headers = {}) =>
  fetch(program.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body instanceof Uint8Array
        ? { 'content-type': 'image/png' }
        : { 'content-type': 'application/json' }),
      ...headers
    },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) })
  });
const told = async (response: Response) =>
  (await response.json()) as {
    id: string;
    hash: string;
    url: string;
    errors: { path: string; code: string; message: string }[];
  };
const newMap = async (token: string, map?: object): Promise<string> => {
  const made = await send(
    'POST',
    '/api/v1/maps',
    token,
    map === undefined ? { preset: 's3-eight' } : { map }
  );
  expect(made.status).toBe(201);
  return (await told(made)).id;
};
const image = (hash: string) => ({
  kind: 'image',
  id: 'p1',
  x: 0,
  y: 0,
  width: 32,
  height: 24,
  hash,
  natural: { width: 32, height: 24 },
  text: 'What it shows'
});

describe('pictures', () => {
  test('are taken, served with safe headers, known again, and hidden from strangers', async () => {
    const map = await newMap(ann);
    const posted = await send('POST', `/api/v1/maps/${map}/images`, ann, await pictureFile('png'));
    expect(posted.status).toBe(201);
    const { hash, url } = await told(posted);
    expect(url).toBe(`${program.url}/maps/${map}/images/${hash}`);
    expect(posted.headers.get('location')).toBe(`/api/v1/maps/${map}/images/${hash}`);
    const got = await send('GET', `/api/v1/maps/${map}/images/${hash}`, ann);
    expect(got.status).toBe(200);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
      etag: `"${hash}"`
    });
    const again = { 'if-none-match': `"x", W/"${hash}"` };
    const known = await send('GET', `/api/v1/maps/${map}/images/${hash}`, ann, undefined, again);
    expect([known.status, await known.text()]).toEqual([304, '']);
    // Also with the hash in hand, and as an answer that nobody may keep.
    for (const headers of [{}, again]) {
      const refused = await send('GET', `/api/v1/maps/${map}/images/${hash}`, ben, undefined, headers);
      expect([refused.status, refused.headers.get('cache-control')]).toEqual([404, 'no-store']);
    }
    const page = await fetch(url);
    expect([page.status, page.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  test.each<[string, () => Uint8Array | Promise<Uint8Array>, number, string]>([
    ['SVG renamed to PNG', () => SVG, 415, 'E_PICTURE_TYPE'],
    ['50,000 x 50,000', () => declaredPng(50_000, 50_000), 422, 'E_PICTURE_SIZE'],
    ['damaged', async () => (await pictureFile('jpeg')).subarray(0, 60), 422, 'E_PICTURE_BROKEN']
  ])('%s is refused with a sentence', async (_, make, status, code) => {
    const map = await newMap(ann);
    const answer = await send('POST', `/api/v1/maps/${map}/images`, ann, await make());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    const [error] = (await told(answer)).errors;
    expect(error).toMatchObject({
      path: '',
      code,
      message: expect.stringMatching(/nothing was kept\.$/) as string
    });
  });

  test('are judged by their bytes also where the sender names no type', async () => {
    const map = await newMap(ann);
    const bare = (bytes: Uint8Array) =>
      fetch(`${program.url}/api/v1/maps/${map}/images`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ann}` },
        body: new Uint8Array(bytes)
      });
    expect((await bare(await pictureFile('png'))).status).toBe(201);
    const refused = await bare(SVG);
    expect([refused.status, (await told(refused)).errors[0]?.code]).toEqual([415, 'E_PICTURE_TYPE']);
  });

  test('above the rate of one person are refused with the time to wait; another person is not held up', async () => {
    const [eve, map, other] = [addToken(dataDir, 'eve@example.org'), await newMap(ann), await newMap(ben)];
    const statuses: number[] = [];
    let last: Response | undefined;
    while (statuses.length < 260 && last?.status !== 429) {
      // Not her map: what is refused counts as well.
      last = await send('POST', `/api/v1/maps/${map}/images`, eve, SVG);
      statuses.push(last.status);
    }
    expect(statuses.indexOf(429)).toBe(240);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    const free = await send('POST', `/api/v1/maps/${other}/images`, ben, await pictureFile('png'));
    expect(free.status).toBe(201);
  });

  test('more bytes than a picture may have are refused while they come, whatever was declared', async () => {
    const map = await newMap(ann);
    const { port } = new URL(program.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      let sent = 0;
      const piece = Buffer.alloc(256 * 1024);
      const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);
      const chunked = (bytes: Uint8Array) =>
        Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
      socket.write(
        `POST /api/v1/maps/${map}/images HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann}\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n`
      );
      socket.write(chunked(head));
      // Never more than 16 MB: a server that did not stop would be seen by having answered nothing.
      const more = (): void => {
        if (text !== '' || sent > 16 * 1024 * 1024) return;
        sent += piece.byteLength;
        socket.write(chunked(piece), () => setImmediate(more));
      };
      more();
      socket.on('data', (data) => {
        text += data.toString('latin1');
        if (text.includes('E_PICTURE_BYTES')) {
          socket.destroy();
          resolve(text);
        }
      });
      socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('E_PICTURE_BYTES');
  });

  test('stand in a map file by their hash, come back by it, and are refused where nobody may see them', async () => {
    const map = await newMap(ann);
    const { hash } = await told(
      await send('POST', `/api/v1/maps/${map}/images`, ann, await pictureFile('png', { color: '#123456' }))
    );
    const file = (await (await send('GET', `/api/v1/maps/${map}`, ann)).json()) as object;
    const withPicture = { ...file, objects: [image(hash)] };
    const copy = await newMap(ann, withPicture);
    const back = (await (await send('GET', `/api/v1/maps/${copy}`, ann)).json()) as { objects: object[] };
    expect(back.objects).toEqual([image(hash)]);
    expect((await send('GET', `/api/v1/maps/${copy}/images/${hash}`, ann)).status).toBe(200);

    const refused = await send('POST', '/api/v1/maps', ben, { map: withPicture });
    expect(refused.status).toBe(422);
    expect((await told(refused)).errors).toEqual([
      {
        path: '/map/objects/0/hash',
        code: 'E_PICTURE_UNKNOWN',
        message: expect.stringMatching(/nothing was stored\.$/) as string
      }
    ]);
    const own = await newMap(ben);
    const put = await send('PUT', `/api/v1/maps/${own}/images/${hash}`, ben);
    expect([put.status, (await told(put)).errors[0]?.code]).toEqual([404, 'E_PICTURE_UNKNOWN']);
    const another = await newMap(ann);
    expect((await send('PUT', `/api/v1/maps/${another}/images/${hash}`, ann)).status).toBe(200);
    expect((await send('GET', `/api/v1/maps/${another}/images/${hash}`, ann)).status).toBe(200);
  });
});
