import { describe, expect, test } from 'vitest';
import { WARNED_JOURNEYS, WRONG_JOURNEYS } from '../../../tests/support/wrong-journeys.ts';
import { evaluateMap } from './evaluate.ts';

describe('the error table', () => {
  test.each(WRONG_JOURNEYS)('F6, F7: $row: $what is $code', ({ journey, code, path, key }) => {
    const { baseline } = evaluateMap(journey);
    expect(baseline.ok ? [] : baseline.problems).toContainEqual({
      code,
      path,
      key,
      where: expect.stringMatching(/\S/) as string,
      message: expect.stringMatching(/^\S(?:(?![.!?] [A-Z“]).)+\.$/) as string
    });
    expect('value' in baseline).toBe(false);
  });

  test.each(WARNED_JOURNEYS)('F7: $row: figures stand under $code', ({ journey, code, path, key }) => {
    const { baseline } = evaluateMap(journey);
    expect(baseline.ok).toBe(true);
    expect(baseline.warnings).toContainEqual(expect.objectContaining({ code, path, key }));
  });
});
