import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { rootsOf } from '#lib/document/layout.ts';
import { readTitle } from '#lib/document/read.ts';
import { SocketPeer } from '../support/socket-peer.ts';
import { addToken, removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import { until } from '../support/until.ts';

let program: Program;
let dataDir: string;
let ann: string;

beforeAll(async () => {
  dataDir = temporaryData();
  program = await startProgram(dataDir);
  ann = addToken(dataDir, 'ann@example.org');
}, 60_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${program.url}/api/v1/maps${path}`, {
    method,
    headers: { authorization: `Bearer ${ann}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    body: type.includes('json') ? ((await response.json()) as Record<string, unknown>) : {},
    bytes: type.includes('octet-stream') ? new Uint8Array(await response.arrayBuffer()) : null
  };
}

const titleOf = (doc: Y.Doc) => readTitle(rootsOf(doc).map);

test('a version is named, listed, read, gone back to on the open board, and named anew', async () => {
  const { id } = (await call('POST', '', { preset: 's0-four', title: 'Start' })).body;
  const map = `/${String(id)}`;
  const kept = await call('POST', `${map}/versions`, { name: ' Before the workshop ', reason: 'Try prices' });
  expect(kept).toMatchObject({
    status: 201,
    body: {
      kind: 'named',
      name: 'Before the workshop',
      reason: 'Try prices',
      by: { name: 'ann' },
      restoredId: null,
      clv: null
    }
  });
  const version = `${map}/versions/${String(kept.body.id)}`;

  const board = new SocketPeer(`${program.url.replace('http', 'ws')}/sync/${String(id)}?v=1`, ann);
  await until('the board is there', () => board.saved);
  rootsOf(board.doc).map.set('title', 'Changed');
  await until('the edit is saved', () => board.saved);

  expect((await call('GET', version)).body).toMatchObject({ format: 'meander-map/1', title: 'Start' });
  const { bytes } = await call('GET', `${version}/state`);
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, bytes ?? new Uint8Array());
  expect(titleOf(doc)).toBe('Start');

  const restored = await call('POST', `${version}/restore`, { reason: 'Prices did not work' });
  expect(restored).toMatchObject({ status: 200, body: { kind: 'restored', restoredId: kept.body.id } });
  await until('the board follows', () => titleOf(board.doc) === 'Start');
  board.close();

  const first = await call('GET', `${map}/versions?limit=3`);
  expect((first.body.versions as { kind: string }[]).map(({ kind }) => kind)).toEqual([
    'restored',
    'automatic',
    'named'
  ]);
  const rest = await call('GET', `${map}/versions?cursor=${String(first.body.next)}`);
  expect(rest.body).toMatchObject({ versions: [{ kind: 'created' }], next: null });

  expect((await call('POST', `${map}/versions`, {})).status).toBe(200); // nothing has changed
  expect(await call('PATCH', version, { name: 'Prices' })).toMatchObject({
    status: 200,
    body: { name: 'Prices', reason: null }
  });
});

test('what is wrong with a request for a version is named, and nothing is kept', async () => {
  const { id } = (await call('POST', '', { preset: 'blank' })).body;
  const versions = `/${String(id)}/versions`;
  for (const [body, path, code] of [
    [{ name: '' }, '/name', 'E_RANGE'],
    [{ name: 'x'.repeat(121) }, '/name', 'E_TOO_LONG'],
    [{ name: 5 }, '/name', 'E_TYPE'],
    [{ reason: 'x'.repeat(1001) }, '/reason', 'E_TOO_LONG'],
    [{ restored: 'x' }, '/restored', 'E_RANGE'],
    [{ title: 'x' }, '/title', 'E_UNKNOWN_FIELD']
  ] as const)
    expect(await call('POST', versions, body)).toMatchObject({
      status: 422,
      body: { errors: [{ path, code }] }
    });
  expect((await call('GET', `${versions}?cursor=x`)).status).toBe(400);
  expect((await call('GET', `${versions}?limit=0`)).status).toBe(400);
  for (const [method, path] of [
    ['GET', 'nonsense'],
    ['GET', '00000000-0000-4000-8000-000000000000/state'],
    ['POST', 'nonsense/restore']
  ] as const)
    expect((await call(method, `${versions}/${path}`, method === 'POST' ? {} : undefined)).status).toBe(404);
  expect((await call('GET', versions)).body.versions).toHaveLength(1);
});
