import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openApi } from '../../src/routes/api/v1/openapi.ts';

const root = fileURLToPath(new URL('../../src/routes/api/v1/', import.meta.url));

test('every route of the API is in its OpenAPI description, with its methods, and nothing else is', () => {
  const routes = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('+server.ts'))
    .map((path) => {
      const source = readFileSync(join(root, path), 'utf8');
      const methods = [...source.matchAll(/export const (GET|POST|PUT|PATCH|DELETE)\b/g)].map(
        ([, method = '']) => method.toLowerCase()
      );
      const address = `/${relative('', path)
        .replace(/\/?\+server\.ts$/, '')
        .replace(/\[([a-z]+)\]/g, '{$1}')}`;
      return [address, methods.sort()] as const;
    });
  const described = Object.entries(openApi('http://localhost').paths).map(
    ([path, methods]) => [path, Object.keys(methods).sort()] as const
  );
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(routes));
});
