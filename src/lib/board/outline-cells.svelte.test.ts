import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { layoutJourney, type JourneyLayout } from '#lib/canvas/geometry/layout.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { Card } from '#lib/journey/records.ts';
import { OutlineCells } from './outline-cells.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const wrap = { lines: ({ text }: Card) => [text], badges: () => null };

function map(stages: number, lanes: number) {
  const document = JourneyDocument.blank();
  const stageIds = Array.from({ length: stages }, (_, index) =>
    document.addStage({ name: `S${index}`, index })
  );
  const laneIds = Array.from({ length: lanes }, (_, index) =>
    document.addLane({ name: `L${index}`, kind: 'notes', index })
  );
  const outline = new OutlineCells();
  const elements = new Map<string, HTMLElement>();
  for (const lane of laneIds)
    for (const stage of stageIds) {
      const element = globalThis.document.createElement('td');
      elements.set(`${lane}/${stage}`, element);
      outline.adopt(lane, stage, element);
    }
  let layout: JourneyLayout | null = null;
  const show = (aside = () => '', first: string | null = null) => {
    layout = layoutJourney(document.journey, wrap, layout);
    outline.show(layout.cells, aside, first);
  };
  const at = (lane: LaneId, stage: StageId) => elements.get(`${lane}/${stage}`) as HTMLElement;
  return { document, stageIds, laneIds, outline, elements, show, at };
}

test('a cell shows its cards in order with their places, and what else it holds', () => {
  const { document, stageIds, laneIds, show, at } = map(2, 2);
  const place = { stage: stageIds[1]!, lane: laneIds[0]! };
  const first = document.addCard({ ...place, text: 'one' });
  document.addCard({ ...place, text: 'two' });
  show(() => 'Cost €2.');
  const cell = at(place.lane, place.stage);
  expect(cell.textContent).toBe('onetwoCost €2.');
  expect(cell.querySelector(`[data-card="${first}"]`)?.getAttribute('data-rect')).toMatch(/^250,/);

  const kept = cell.querySelector('p');
  document.removeCards([document.cardsIn(place.lane, place.stage)[1]!.id]);
  document.addCard({ ...place, text: 'zero', index: 0 });
  show(() => 'Cost €3.');
  expect(cell.textContent).toBe('zerooneCost €3.');
  expect(cell.querySelectorAll('p')[1]).toBe(kept);
});

test('a large map is written in slices, the cell that somebody is at first; a small change at once', () => {
  const { document, stageIds, laneIds, elements, show, at } = map(10, 10);
  for (const stage of stageIds) for (const lane of laneIds) document.addCard({ stage, lane, text: 'words' });
  const [stage, lane] = [stageIds[7]!, laneIds[8]!];
  show(() => '', `${lane}/${stage}`);
  const written = () => [...elements.values()].filter(({ textContent }) => textContent === 'words').length;
  expect(written()).toBe(1);
  expect(at(lane, stage).textContent).toBe('words');
  vi.runAllTimers();
  expect(written()).toBe(100);

  document.addCard({ stage, lane, text: ' more' });
  show();
  expect(at(lane, stage).textContent).toBe('words more');
});
