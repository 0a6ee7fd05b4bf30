import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { WARNED_JOURNEYS, WRONG_JOURNEYS } from '../../../../tests/support/wrong-journeys.ts';
import { placeOf } from '#lib/journey/metrics.ts';
import { evaluateMap } from '#lib/scenarios/evaluate.ts';
import { World } from '../world.fixture.svelte.ts';
import ClvPanel from './ClvPanel.svelte';

beforeEach(() => {
  localStorage.clear();
  cleanup();
});

/** A map with a number that no document holds (NaN) comes to the panel past the document. */
function show(journey: (typeof WRONG_JOURNEYS)[number]['journey']): World {
  const world = new World(journey, new Y.Doc());
  world.journey = journey;
  world.figures = evaluateMap(journey);
  render(ClvPanel, { props: world });
  return world;
}

/** Every code in every row; what breaks a rule in two ways stands for both. */
const ONE_OF_EACH = WRONG_JOURNEYS.filter(
  ({ row, code }, index) => WRONG_JOURNEYS.findIndex((one) => one.row === row && one.code === code) === index
);

describe('the error table in the panel', () => {
  test.each(ONE_OF_EACH)(
    'P7: $row: $what is one sentence that leads to its cell, and no number ($code)',
    async ({ journey, code, path, key }) => {
      const world = show(journey);
      const { baseline } = world.figures;
      const problem = baseline.ok
        ? undefined
        : baseline.problems.find((one) => one.code === code && one.path === path);
      const missing = screen.getByTestId('clv-missing');
      expect(screen.queryByTestId('clv-head')).toBeNull();
      expect(document.body.textContent).not.toMatch(/NaN|Infinity|∞/);
      const more = missing.querySelector('button.more');
      if (more) await fireEvent.click(more);
      const way = [...missing.querySelectorAll('button')].find(({ textContent }) =>
        textContent.includes(problem?.message ?? 'no such problem')
      );
      await fireEvent.click(way!);
      expect(world.shown.at(-1)).toBe(key);
      if (placeOf(key)?.on === 'settings')
        expect(document.activeElement?.getAttribute('data-metric')).toBe(key);
    }
  );

  test.each(WARNED_JOURNEYS)(
    'P7: $row: figures that stand under $code say so, and lead to its cell',
    async ({ journey, code, key }) => {
      const world = show(journey);
      const warning = world.figures.baseline.warnings.find((one) => one.code === code);
      expect(screen.getByTestId('clv-head')).toBeTruthy();
      const warnings = document.querySelector('.warnings');
      const more = warnings?.querySelector('button.more');
      if (more) await fireEvent.click(more);
      const way = [...(warnings?.querySelectorAll('button') ?? [])].find(
        ({ textContent }) => textContent === warning?.message
      );
      await fireEvent.click(way!);
      expect(world.shown.at(-1)).toBe(key);
    }
  );
});
