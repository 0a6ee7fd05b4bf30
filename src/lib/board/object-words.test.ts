import { expect, test } from 'vitest';
import { TestEditor } from '#lib/canvas/editor/test-editor.ts';
import { newBox, newConnector } from '#lib/canvas/editor/tools/new-object.ts';
import { boardRect } from '#lib/canvas/geometry/space.ts';
import { wordsOfObject } from './object-words.ts';

test('an object is said by its kind, its words and where it is; a connector by what it joins', () => {
  const editor = new TestEditor();
  const { layout } = editor;
  const cell = layout.cells.get(editor.lanes[0]!, editor.stages[1]!)!.rect;
  const card = editor.card(2, 0, 'Sign *up*');
  const box = (kind: 'sticky' | 'frame' | 'rectangle', x: number, y: number, width = 20, height = 20) =>
    newBox(kind, boardRect(x, y, width, height), editor.style);
  editor.document.objects.add([
    box('frame', -600, 0, 300, 300),
    { ...box('sticky', -580, 20, 160, 100), ...{ text: 'Call them', locked: true } },
    { ...box('rectangle', cell.x + 2, cell.y + 2) },
    box('sticky', layout.grid.width + 500, layout.grid.height + 500)
  ]);
  const [, note] = editor.journey.objects;
  const end = { x: 0, y: 0, side: 'auto' } as const;
  editor.document.objects.add([
    newConnector(
      { ...end, target: { on: 'object', id: note!.id } },
      { ...end, target: { on: 'card', id: card } },
      editor.style
    )
  ]);
  const { stages, lanes } = editor.journey;
  expect(editor.journey.objects.map((object) => wordsOfObject(object, editor))).toEqual([
    expect.stringMatching(/^Frame.*, left of the grid$/),
    expect.stringMatching(/^Sticky note, locked: Call them, in frame “.*”, left of the grid$/),
    `Rectangle, over ${lanes[0]!.name}, ${stages[1]!.name}`,
    'Sticky note, below and right of the grid',
    'Connector, from sticky note “Call them” to card “Sign up”'
  ]);
});
