import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { configFrom } from '../server/config.ts';
import { SCREENS } from './e2e/screens.ts';
import pkg from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
// Tables are padded by the formatter.
const readme = read('README.md').replace(/ {2,}/g, ' ');

describe('README', () => {
  test('every npm script that it names exists', () => {
    const named = [...readme.matchAll(/npm (?:run (?:--silent )?)?([a-z:0-9]+)/g)].map(
      ([, name]) => name ?? ''
    );
    expect(named.length).toBeGreaterThan(5);
    for (const name of named.filter((word) => word !== 'ci' && word !== 'brings'))
      expect(pkg.scripts).toHaveProperty(name);
  });

  test('its settings are the ones that the server reads, with their defaults', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| (.+?) \|/gm)].map(
      ([, name, value]) => [name, value] as const
    );
    const source = read('server/config.ts');
    const block = source.slice(
      source.indexOf('const environment'),
      source.indexOf('/**\n * Reads the environment')
    );
    const variables = [...block.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
    expect(rows.map(([name]) => name)).toEqual(variables);
    const shown = Object.fromEntries(rows) as Record<string, string>;
    const config = configFrom({}, new URL('../', import.meta.url));
    expect(shown).toMatchObject({
      PORT: `\`${config.port}\``,
      HOST: `\`${config.host}\``,
      DATA_DIR: `\`./${relative('.', config.dataDir)}\``,
      SIGNUPS: `\`${config.signups}\``,
      LOG_LEVEL: `\`${config.logLevel}\``,
      TRUST_PROXY: `\`${config.trustProxy ? 1 : 0}\``
    });
  });

  test('every file that it links to exists', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '');
    expect(links.length).toBeGreaterThan(5);
    for (const path of links) expect(existsSync(root + path), path).toBe(true);
  });

  test('every picture that it shows is one that the script draws, and each of those is there', () => {
    const shown = [...readme.matchAll(/!\[[^\]]*\]\(docs\/images\/([^)]+)\)/g)].map(([, name]) => name ?? '');
    expect(shown.length).toBeGreaterThan(0);
    for (const name of shown) expect(SCREENS).toContain(name);
    expect(readdirSync(`${root}docs/images`).sort()).toEqual([...SCREENS].sort());
  });

  test('every folder of its table exists', () => {
    const table = readme.slice(readme.indexOf('| where | what |'), readme.indexOf('Who may import whom'));
    const folders = [...table.matchAll(/`([a-z/-]+)`/g)].map(([, path]) => path ?? '');
    expect(folders.length).toBeGreaterThan(10);
    for (const path of folders) expect(existsSync(root + path), path).toBe(true);
  });
});

test('every decision is in the index', () => {
  const index = read('docs/decisions/README.md');
  const links = [...index.matchAll(/\]\((\d{3}-[^)]+)\)/g)].map(([, path]) => path ?? '');
  for (const path of links) expect(existsSync(`${root}docs/decisions/${path}`), path).toBe(true);
  expect(links.length).toBeGreaterThan(0);
});
