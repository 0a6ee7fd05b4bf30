import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { GESTURES } from '#lib/board/commands/gestures.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The titles of all unit tests of the board and the editor; those that are skipped are none. */
const titles = globSync('src/lib/{board,canvas}/**/*.test.ts', { cwd: root }).flatMap((path) =>
  [...readFileSync(root + path, 'utf8').matchAll(/\b(?:it|test)\(\s*'([^']+)'/g)].map(
    ([, title = '']) => title
  )
);

test.each(GESTURES)('the gesture “$name” has a test by its name', ({ name }) => {
  expect(titles.filter((title) => title.startsWith(`${name}: `))).not.toEqual([]);
});

test('no two gestures have one name', () => {
  expect(new Set(GESTURES.map(({ name }) => name)).size).toBe(GESTURES.length);
});
