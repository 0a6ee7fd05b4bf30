import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/*
 * The house's table of who may import whom, executed. Paths of the keys are the modules; a file belongs to the longest
 * key that its path starts with. Tests may import anything and are left out.
 */
const root = fileURLToPath(new URL('../', import.meta.url));

const LIB = 'src/lib/';
const PURE = ['journey', 'clv', 'protocol', 'ui'].map((name) => LIB + name);

/** Module -> modules it may import (besides itself). `types:` entries may be imported as types only. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(PURE.map((name) => [name, []])),
  'src/lib/scenarios': ['src/lib/journey', 'src/lib/clv'],
  'src/lib/document': ['src/lib/journey'],
  'src/lib/canvas/geometry': ['src/lib/journey'],
  'src/lib/canvas/editor': ['src/lib/journey', 'src/lib/document', 'src/lib/canvas/geometry'],
  'src/lib/canvas/konva': [
    'src/lib/journey',
    'src/lib/document',
    'src/lib/canvas/geometry',
    'src/lib/canvas/editor'
  ],
  'src/lib/collab': ['src/lib/document', 'src/lib/protocol', 'types:src/lib/journey'],
  'src/lib/panels': ['scenarios', 'journey', 'document', 'canvas/editor', 'collab', 'ui', 'types:clv'].map(
    (name) => (name.startsWith('types:') ? `types:${LIB}${name.slice(6)}` : LIB + name)
  ),
  'src/lib/board': [LIB],
  'src/routes': [LIB, 'types:server', 'static/examples'],
  'src/hooks.server.ts': [LIB, 'types:server'],
  'src/app.d.ts': ['types:server'],
  'server/db': ['types:src/lib/protocol', 'types:src/lib/journey'],
  'server/storage': ['server/db', 'src/lib/protocol', 'src/lib/journey'],
  'server/access': ['server/db', 'src/lib/protocol', 'src/lib/journey'],
  'server/rooms': [
    'src/lib/journey',
    'src/lib/document',
    'src/lib/protocol',
    'server/storage',
    'server/access',
    'server/bus'
  ],
  // journey: an id is checked at the edge, before anything is looked up by it.
  'server/gateway': ['server/rooms', 'server/access', 'src/lib/protocol', 'src/lib/journey'],
  'server/bus': [],
  // The composition root joins everything, and turns documents into files and back; its commands fit models.
  server: [
    'server',
    'src/lib/journey',
    'src/lib/document',
    'src/lib/protocol',
    'src/lib/scenarios',
    'src/lib/clv'
  ]
};

/** Packages with one home. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  konva: ['src/lib/canvas/konva'],
  'drizzle-orm': ['server/db'],
  yjs: ['src/lib/document', 'src/lib/collab', 'server/rooms'],
  'prom-client': ['server/monitor'],
  ws: ['server/gateway'],
  lucia: ['server/access'],
  sharp: ['server/picture-process.ts']
};

/** Modules that get time, chance and the outside world as arguments. */
const CLOCKLESS = [...['journey', 'clv', 'scenarios'].map((name) => LIB + name), 'src/lib/canvas/geometry'];
const OUTSIDE_WORLD =
  /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|crypto\.|setTimeout|setInterval|fetch\(|document\.(?!journey)|window\.|localStorage)/;

interface Import {
  readonly target: string; // a path from the root, or a package
  readonly typeOnly: boolean;
  readonly ours: boolean;
}

const files = ['src', 'server'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter(
      (path) =>
        /\.(ts|js|svelte)$/.test(path) && !/\.test\.ts$/.test(path) && !path.endsWith('vite.config.ts')
    )
);

const IMPORT =
  /(?:import|export)\s+(type\s+)?([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]\s*\)|import\s+['"]([^'"]+)['"]/g;

function importsOf(path: string): Import[] {
  const source = readFileSync(join(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...source.matchAll(IMPORT)].map(([, type, names = '', from, dynamic, bare]) => {
    const specifier = from ?? dynamic ?? bare ?? '';
    const named = names.trim();
    const inline =
      named.startsWith('{') &&
      named
        .slice(1, -1)
        .split(',')
        .every((name) => /^\s*(type\s|$)/.test(name));
    const typeOnly = type !== undefined || (inline && from !== undefined);
    if (specifier.startsWith('#lib/')) return { target: LIB + specifier.slice(5), typeOnly, ours: true };
    if (specifier.startsWith('.'))
      return { target: relative(root, resolve(root, dirname(path), specifier)), typeOnly, ours: true };
    return { target: specifier.replace(/^(@[^/]+\/[^/]+|[^/]+).*$/, '$1'), typeOnly, ours: false };
  });
}

const graph = new Map(files.map((path) => [path, importsOf(path)]));
const modules = Object.keys(MAY).sort((a, b) => b.length - a.length);
const moduleOf = (path: string) => modules.find((name) => path === name || path.startsWith(`${name}/`));
const within = (target: string, name: string) =>
  target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`);

describe('boundaries', () => {
  test('there is something to check', () => {
    expect(files.length).toBeGreaterThan(50);
    expect([...graph.values()].flat().filter(({ ours }) => ours).length).toBeGreaterThan(100);
  });

  test('every module imports only what the table allows', () => {
    const broken: string[] = [];
    for (const [path, imports] of graph) {
      const own = moduleOf(path);
      if (own === undefined) continue;
      for (const { target, typeOnly, ours } of imports) {
        if (!ours || target.includes('$types') || within(target, own)) continue;
        const allowed = (MAY[own] ?? []).some((entry) =>
          entry.startsWith('types:') ? typeOnly && within(target, entry.slice(6)) : within(target, entry)
        );
        if (!allowed) broken.push(`${path} imports ${target}${typeOnly ? ' (types)' : ''}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test.each(Object.entries(HOMES))('%s has one home', (name, homes) => {
    const broken = [...graph].filter(
      ([path, imports]) =>
        imports.some(({ target, ours }) => !ours && target === name) &&
        !homes.some((home) => within(path, home))
    );
    expect(broken.map(([path]) => path)).toEqual([]);
  });

  test('pure modules touch no clock, chance, DOM or network', () => {
    const broken = files.filter(
      (path) =>
        CLOCKLESS.some((name) => within(path, name)) &&
        OUTSIDE_WORLD.test(stripComments(readFileSync(join(root, path), 'utf8')))
    );
    expect(broken).toEqual([]);
  });

  test('nothing is exported wholesale', () => {
    expect(files.filter((path) => /export\s+\*/.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });

  test('only the entry points read the environment', () => {
    const readers = files.filter((path) => /process\.env/.test(readFileSync(join(root, path), 'utf8')));
    expect(readers.sort()).toEqual(['server/admin.ts', 'server/dev.ts', 'server/main.ts']);
  });

  test('there are no circles', () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const { target, typeOnly, ours } of graph.get(path) ?? [])
        if (ours && !typeOnly) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of files) visit(path, []);
    expect(circles).toEqual([]);
  });
});

const stripComments = (source: string) =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
