import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addToken,
  removeData,
  startProgram,
  temporaryData,
  Visitor,
  type Program
} from '../support/program.ts';

let program: Program;
let token: string;
const dataDir = temporaryData();

beforeAll(async () => {
  program = await startProgram(dataDir);
  token = addToken(dataDir, 'ann@example.org');
});

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

const origin = () => `http://127.0.0.1:${program.port}`;
const api = (path: string, body?: unknown) =>
  fetch(`${origin()}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  });

test('a guest who makes map after map is told to wait, on the page, with Retry-After', async () => {
  const guest = new Visitor(origin());
  let answer = await guest.post('/?/start', { preset: 'blank' });
  for (let made = 1; made < 60 && answer.status === 303; made++)
    answer = await guest.post('/?/start', { preset: 'blank' });
  expect(answer.status).toBe(303);
  const refused = await guest.post('/?/start', { preset: 'blank' });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.text()).toMatch(/Too many new maps in a short time. Try again in \d+ seconds?\./);
  const other = await new Visitor(origin()).post('/?/start', { preset: 'blank' });
  expect(other.status).toBe(303);
});

test('a program that makes map after map is told to wait, as a problem with Retry-After', async () => {
  for (let made = 0; made < 60; made++) expect((await api('maps', { preset: 'blank' })).status).toBe(201);
  const refused = await api('maps', { preset: 'blank' });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(((await refused.json()) as { detail: string }).detail).toContain('Too many new maps');
});

test.each(['abc', '0', '101', '-1', '1.5'])('a list limited to %s is refused in words', async (limit) => {
  const refused = await api(`maps?limit=${limit}`);
  expect(refused.status).toBe(400);
  expect(((await refused.json()) as { errors: unknown }).errors).toEqual([
    { path: '?limit', code: 'E_RANGE', message: 'This must be a whole number from 1 to 100.' }
  ]);
});

test('a stranger who ends a link of a map is not told that it ended', async () => {
  const owner = new Visitor(origin());
  const made = await owner.post('/?/start', { preset: 'blank' });
  const mapId = made.headers.get('location')?.split('/').at(-1) ?? '';
  const { id } = await owner.link(mapId, 'editor');
  const stranger = new Visitor(origin());
  await stranger.post('/?/start', { preset: 'blank' });
  const refused = await stranger.api('DELETE', `/maps/${mapId}/links/${id}`);
  expect(refused.status).toBe(404);
  expect((await owner.api('DELETE', `/maps/${mapId}/links/${id}`)).ok).toBe(true);
});
