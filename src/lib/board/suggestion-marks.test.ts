import { expect, test } from 'vitest';
import { TestEditor } from '#lib/canvas/editor/test-editor.ts';
import { cellKey, settingsKey, stageKey } from '#lib/journey/metrics.ts';
import type { SuggestedChange } from '#lib/journey/suggestion.ts';
import { laidMarks, suggestionWords } from './suggestion-marks.ts';

test('suggestions lie at what they are about, and leave the map when it says so or it is gone', () => {
  const editor = new TestEditor();
  const card = editor.card(0, 0, 'A card');
  const [stage, lane] = [editor.stages[0]!, editor.lanes[0]!];
  const place = { lane: editor.lanes[2]!, stage: editor.stages[1]! };
  const changes: readonly SuggestedChange[] = [
    { kind: 'text', card, from: 'A card', to: 'Better' },
    { kind: 'text', card, from: 'A card', to: 'Best' },
    { kind: 'remove', card, from: 'A card' },
    { kind: 'move', card, from: { lane, stage }, to: place },
    { kind: 'add', card: 'new' as never, text: 'New', ...place },
    { kind: 'metric', key: stageKey(stage, 'dwell'), from: null, to: 3 },
    { kind: 'metric', key: cellKey(place.lane, place.stage, 'cost'), from: null, to: 3 },
    { kind: 'metric', key: settingsKey('grossMargin'), from: null, to: 0.4 }
  ];
  const marks = changes.map((change, index) => ({
    id: String(index),
    author: { id: 'ben', name: 'Ben' },
    change
  }));
  const laid = () => laidMarks(marks, editor.journey, editor.layout);
  // A number of the whole map stands in the panel alone.
  expect(laid().map(({ mark, on }) => [mark.id, on])).toEqual([
    ['0', 'board'],
    ['1', 'board'],
    ['2', 'board'],
    ['3', 'board'],
    ['4', 'board'],
    ['5', 'stage'],
    ['6', 'board']
  ]);
  const ghosts = laid().flatMap((one) => (one.on === 'board' && one.ghost !== null ? [one.ghost] : []));
  // None lies on another.
  expect(new Set(ghosts.map(({ x, y }) => `${Math.round(x)}/${Math.round(y)}`)).size).toBe(ghosts.length);
  expect(suggestionWords(laid()[0]!)).toBe('Ben suggests another text: A card → Better');
  editor.document.removeCards([card]);
  editor.document.setMetric(stageKey(stage, 'dwell'), 3);
  expect(laid().map(({ mark }) => mark.id)).toEqual(['4', '6']);
});
