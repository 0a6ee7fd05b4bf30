import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { EXAMPLE_IDS } from '#lib/journey/presets.ts';
import { generatedSchema, storedSchema } from './support/schema.ts';

const validate = () => {
  const schema = JSON.parse(storedSchema()) as { $schema?: string };
  return (
    schema.$schema?.includes('2020') ? new Ajv2020({ strict: false }) : new Ajv({ strict: false })
  ).compile(schema);
};

const example = (id: string) =>
  JSON.parse(readFileSync(new URL(`../static/examples/${id}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;

test('the published JSON Schema is the one that validates (npm run schema writes it)', () => {
  expect(storedSchema()).toBe(generatedSchema());
});

test.each(EXAMPLE_IDS)('the example %s is valid by the published schema', (id) => {
  const check = validate();
  expect(check(example(id)), JSON.stringify(check.errors)).toBe(true);
});

test('the published schema refuses an unknown field and a probability of 12', () => {
  const check = validate();
  expect(check({ ...example('subscription-trial'), extra: 1 })).toBe(false);
  expect(
    check({
      ...example('subscription-trial'),
      transitions: [{ from: 'visit', to: 'signup', probability: 12 }]
    })
  ).toBe(false);
});
