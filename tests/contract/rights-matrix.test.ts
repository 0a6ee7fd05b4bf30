import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeData, startProgram, temporaryData, type Program } from '../support/program.ts';
import { CAST, peopled, type Cast, type Peopled } from './matrix/people.ts';
import { FRAMES, sendFrame } from './matrix/frames.ts';
import { FROM_ANYWHERE, LAST, RECIPES } from './matrix/recipes.ts';

/*
 * Who gets what from every route and for every frame, against tests/contract/matrix/golden.txt. A new route needs a line in
 * matrix/recipes.ts; `MATRIX=write npx vitest run tests/contract/rights-matrix.test.ts` writes the golden file anew, to be
 * read as a change of rights before it is committed.
 */
const root = fileURLToPath(new URL('../../src/routes/', import.meta.url));
const GOLDEN = fileURLToPath(new URL('matrix/golden.txt', import.meta.url));
const COLUMNS = [...CAST, 'foreign page'] as const;

/** `METHOD /address`, of every page, endpoint and form there is. */
const routes = (): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\+(server\.ts|page\.svelte|page\.server\.ts)$/.test(path))
    .flatMap((path) => {
      const address = `/${path.replace(/\/?\+[^/]*$/, '')}`;
      const source = readFileSync(join(root, path), 'utf8');
      if (path.endsWith('+page.svelte')) return [`GET ${address}`];
      if (path.endsWith('+server.ts'))
        return [...source.matchAll(/export const (GET|POST|PUT|PATCH|DELETE)\b/g)].map(
          ([, method]) => `${method} ${address}`
        );
      const actions = source.split('export const actions')[1] ?? '';
      return [...actions.matchAll(/^ {2}(\w+): async/gm)].map(([, name]) =>
        name === 'default' ? `POST ${address}` : `POST ${address}?/${name}`
      );
    })
    .sort();

let program: Program;
let dataDir: string;
let world: Peopled;
const html: { readonly route: string; readonly headers: Headers }[] = [];
const lines = new Map<string, readonly string[]>();

const line = (what: string, answers: readonly string[]): string =>
  `${what.padEnd(78)} ${answers.map((answer, index) => answer.padEnd((COLUMNS[index] ?? '').length)).join('  ')}`.trimEnd();

async function ask(route: string, mapId: string, who: Cast | 'foreign page'): Promise<string> {
  const recipe = RECIPES[route];
  if (recipe === undefined) throw new Error(`no recipe for ${route}`);
  const [method = '', address = ''] = route.split(' ', 2);
  const { path = {}, query = '', json, form } = recipe(world.onMap(mapId));
  const target = address.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_all, name: string) => path[name] ?? 'unknown');
  const response = await fetch(program.url + target + query, {
    method,
    redirect: 'manual',
    headers: {
      accept: address.startsWith('/api') ? 'application/json' : 'text/html',
      ...world.headers(who === 'foreign page' ? 'owner' : who, program.url),
      ...(who === 'foreign page' && { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }),
      ...(json !== undefined && { 'content-type': 'application/json' })
    },
    ...(json !== undefined ? { body: JSON.stringify(json) } : form ? { body: new URLSearchParams(form) } : {})
  });
  const type = response.headers.get('content-type') ?? '';
  if (method === 'GET' && type.startsWith('text/html')) html.push({ route, headers: response.headers });
  await response.arrayBuffer();
  return String(response.status);
}

async function askAll(wanted: readonly string[]): Promise<void> {
  for (const route of wanted) {
    const mapId = world.maps[lines.size] ?? '';
    const answers: string[] = [];
    // The smallest right first: whoever may do more may also end it for the others.
    for (const who of CAST) answers.push(await ask(route, mapId, who));
    answers.push(route.startsWith('GET') ? '' : await ask(route, mapId, 'foreign page'));
    lines.set(route, answers);
    // To whoever has no business on a map it is not there; whoever is not signed in at all is told so by the API.
    if (route.includes('/maps/[id]') && !route.endsWith('?/name'))
      for (const answer of answers.slice(0, 3)) expect(['401', '404'], route).toContain(answer);
    if (!route.startsWith('GET') && !FROM_ANYWHERE.has(route)) expect(answers.at(-1), route).toBe('403');
  }
}

beforeAll(async () => {
  dataDir = temporaryData();
  world = await peopled(dataDir, routes().length + FRAMES.length + 1);
  program = await startProgram(dataDir, { TRUST_PROXY: '1' });
}, 120_000);

afterAll(async () => {
  await program.end('SIGTERM');
  removeData(dataDir);
});

test('every route has a recipe, and no recipe is of a route that is gone', () => {
  expect(Object.keys(RECIPES).sort()).toEqual(routes());
});

describe('who gets what', () => {
  test('from every route', { timeout: 180_000 }, async () => {
    await askAll(routes().filter((route) => !LAST.has(route)));
  });

  test('for every frame', { timeout: 120_000 }, async () => {
    const mapId = world.maps.at(-1) ?? '';
    for (const frame of FRAMES) {
      const answers: string[] = [];
      for (const who of CAST)
        answers.push(await sendFrame(program.url, mapId, world.headers(who, program.url), frame));
      const owner = world.headers('owner', program.url);
      answers.push(await sendFrame(program.url, mapId, { ...owner, origin: 'https://evil.example' }, frame));
      lines.set(`frame ${frame.name}`, answers);
    }
  });

  test('from what ends a session', () => askAll([...LAST]));

  test('is what the golden file says', () => {
    const head = line('', COLUMNS);
    const rows = [...lines].map(([what, answers]) => line(what, answers)).sort();
    const written = `${[head, ...rows].join('\n')}\n`;
    if (process.env.MATRIX === 'write') writeFileSync(GOLDEN, written);
    expect(written).toBe(readFileSync(GOLDEN, 'utf8'));
  });
});

test('headers and CSP: no page takes scripts that it did not bring, a frame around it, or a guessed type', () => {
  expect(new Set(html.map(({ route }) => route)).size).toBeGreaterThan(12);
  for (const { route, headers } of html) {
    const policy = headers.get('content-security-policy') ?? '';
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
    expect(scripts, route).toMatch(/^'self'( 'nonce-[^']+')?$/);
    expect(policy, route).toContain("frame-ancestors 'none'");
    expect(policy, route).toContain("object-src 'none'");
    expect(policy, route).toContain("base-uri 'none'");
    expect(headers.get('x-content-type-options'), route).toBe('nosniff');
    expect(headers.get('x-frame-options'), route).toBe('DENY');
    expect(headers.get('cross-origin-opener-policy'), route).toBe('same-origin');
    expect(headers.get('referrer-policy'), route).toMatch(/^(no-referrer|strict-origin-when-cross-origin)$/);
    expect(headers.get('cache-control'), route).toMatch(/no-store|private/);
  }
});
