import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const RULES = 40;

/** Rules that no test can show, and why. */
const WITHOUT_TEST: Readonly<Record<number, string>> = {
  19: 'It is a choice and no behaviour: the log is SQLite or Postgres, and no message broker keeps anything.'
};

/** Every "rule N:" or "rule N, ..." at the beginning of a test's name or behind a comma in it. */
function numbersIn(source: string): number[] {
  const names = source.matchAll(/['"`]((?:[A-Z]\d+, )*rule \d+[,:][^'"`\n]*)/g);
  return [...names].flatMap(([, name = '']) => {
    const [head = ''] = name.split(':');
    return [...head.matchAll(/\brule (\d+)(?=,|$)/g)].map(([, number]) => Number(number));
  });
}

test('each of the forty rules has a test that names it, or a reason why it has none', () => {
  const files = globSync(['server/**/*.test.ts', 'src/**/*.test.ts', 'tests/**/*.{test,e2e}.ts'], {
    cwd: root
  });
  const found = new Set(files.flatMap((file) => numbersIn(readFileSync(root + file, 'utf8'))));
  const all = Array.from({ length: RULES }, (_value, index) => index + 1);
  expect([...found].filter((number) => !all.includes(number))).toEqual([]);
  expect(all.filter((number) => !found.has(number))).toEqual(Object.keys(WITHOUT_TEST).map(Number));
});

test('a name is read as it is written', () => {
  expect(numbersIn(`test('rule 7: a'); test("rule 12, rule 18, F2: b"); test(\`F9, rule 5: c\`)`)).toEqual([
    7, 12, 18, 5
  ]);
  expect(numbersIn(`// rule 3: no name\ntest('rule 1 of the checker: no')`)).toEqual([]);
});
