import { describe, expect, it, vi } from 'vitest';
import type { NewObject } from '#lib/document/object-commands.ts';
import { duplicateSelection } from '#lib/canvas/editor/edits.ts';
import { objectSelection } from '#lib/canvas/editor/selection.ts';
import { boardPoint } from '#lib/canvas/geometry/space.ts';
import type { Connector, End, MapObject } from '#lib/journey/objects.ts';
import { openTestBoard, type TestBoard } from '../test-board.ts';
import { copyOf } from './fragment.ts';
import { paste } from './paste.ts';
import { readClipboard } from './read.ts';

const plain = { locked: false, group: null } as const;
const sticky = (x: number, y: number, text = '', rest: Partial<NewObject> = {}): NewObject =>
  ({ ...plain, kind: 'sticky', color: 'yellow', x, y, width: 100, height: 100, text, ...rest }) as NewObject;
const end = (x: number, y: number, target: End['target'] = null): End => ({ x, y, target, side: 'auto' });
const connector = (from: End, to: End): NewObject => ({
  ...plain,
  kind: 'connector',
  color: 'ink',
  from,
  to,
  route: 'straight',
  heads: 'end',
  text: 'leads to'
});

const copied = ({ session }: TestBoard) => {
  const copy = copyOf(session);
  if (copy === null) throw new Error('nothing was copied');
  return { fragment: JSON.stringify(copy.fragment), html: copy.html, text: copy.text };
};
const put = (onto: TestBoard, forms: Partial<ReturnType<typeof copied>>) =>
  paste(onto.session, readClipboard({ fragment: '', html: '', text: '', ...forms }));
const objects = ({ session }: TestBoard): readonly MapObject[] => session.journey.objects;
const pointAt = ({ session }: TestBoard, x: number, y: number) => (session.company.cursor = boardPoint(x, y));

describe('free objects on the clipboard', () => {
  it('keep their places to each other, their groups and their connectors, on another map too, as one step', () => {
    const board = openTestBoard();
    const { document, editor } = board.session;
    const [a, b] = document.objects.add([
      sticky(1000, 0, 'A', { group: 'g' }),
      sticky(1300, 40, 'B', { group: 'g' })
    ]);
    if (a === undefined || b === undefined) throw new Error('no room');
    const [line] = document.objects.add([
      connector(end(0, 0, { on: 'object', id: a }), end(0, 0, { on: 'object', id: b }))
    ]);
    editor.select(objectSelection([a, b, line as typeof a]));
    const other = openTestBoard();
    pointAt(other, 500, 500);
    expect(put(other, copied(board))).toBeNull();
    const [one, two, arrow] = objects(other) as [
      MapObject & { x: number; y: number },
      MapObject & { x: number; y: number },
      Connector
    ];
    expect([two.x - one.x, two.y - one.y]).toEqual([300, 40]);
    expect(one.group).not.toBeNull();
    expect(two.group).toBe(one.group);
    expect([a, b, 'g']).not.toContain(one.group);
    expect([arrow.from.target, arrow.to.target]).toEqual([
      { on: 'object', id: one.id },
      { on: 'object', id: two.id }
    ]);
    expect(arrow.text).toBe('leads to');
    expect(other.session.selection).toEqual(objectSelection([one.id, two.id, arrow.id]));
    other.session.document.undo();
    expect(objects(other)).toEqual([]);
  });

  it('land with their middle under the pointer, and beside themselves when they are pasted again', () => {
    const board = openTestBoard();
    const [id] = board.session.document.objects.add([sticky(0, 0, 'A')]);
    board.session.editor.select(objectSelection([id!]));
    const forms = copied(board);
    pointAt(board, 700, 300);
    for (let time = 0; time < 3; time++) put(board, forms);
    pointAt(board, 100, 900);
    put(board, forms);
    expect(objects(board).slice(1)).toMatchObject([
      { x: 650, y: 250 },
      { x: 674, y: 274 },
      { x: 698, y: 298 },
      { x: 50, y: 850 }
    ]);
  });

  it('without a pointer on the board, land in the middle of the view', () => {
    const board = openTestBoard();
    const { editor, document, company } = board.session;
    editor.resizeViewport({ width: 1000, height: 800 });
    const [id] = document.objects.add([sticky(9000, 9000, 'A')]);
    editor.select(objectSelection([id!]));
    const forms = copied(board);
    company.cursor = null;
    put(board, forms);
    const { x, y } = objects(board).at(-1) as { x: number; y: number } & MapObject;
    const { body } = editor.frame;
    expect(
      Math.abs(x + 50 - (editor.camera.x + (body.x + body.width / 2) / editor.camera.zoom))
    ).toBeLessThan(2);
    expect(
      Math.abs(y + 50 - (editor.camera.y + (body.y + body.height / 2) / editor.camera.zoom))
    ).toBeLessThan(2);
  });

  it('a frame takes along what lies in it, copied or duplicated', () => {
    const board = openTestBoard();
    const { document, editor } = board.session;
    const [frame] = document.objects.add([
      { ...plain, kind: 'frame', color: 'grey', x: 2000, y: 0, width: 400, height: 400, text: 'Frame' },
      sticky(2050, 50, 'inside'),
      sticky(2900, 50, 'outside')
    ]);
    editor.select(objectSelection([frame!]));
    const other = openTestBoard();
    put(other, copied(board));
    expect(objects(other).map((object) => 'text' in object && object.text)).toEqual(['Frame', 'inside']);
    duplicateSelection(editor);
    expect(objects(board).slice(3)).toMatchObject([
      { kind: 'frame', x: 2024 },
      { text: 'inside', x: 2074 }
    ]);
  });

  it('an end on what is not copied is free, where it was', () => {
    const board = openTestBoard();
    const { document, editor } = board.session;
    const [a, b] = document.objects.add([sticky(1000, 0, 'A'), sticky(1400, 0, 'B')]);
    const [line] = document.objects.add([
      connector(end(0, 0, { on: 'object', id: a! }), end(0, 0, { on: 'object', id: b! }))
    ]);
    editor.select(objectSelection([a!, line!]));
    pointAt(board, 1200, 1000);
    put(board, copied(board));
    const arrow = objects(board).at(-1) as Connector;
    expect(arrow.from.target).not.toBeNull();
    expect(arrow.to.target).toBeNull();
    expect(arrow.to.x - arrow.from.x).toBeGreaterThan(200);
  });

  it('come with the cards that were selected with them, and a lock stays behind', () => {
    const board = openTestBoard();
    const { document, editor } = board.session;
    const card = document.addCard({ lane: board.lane, stage: board.stage, text: 'Card' });
    const [id] = document.objects.add([sticky(1000, 0, 'A', { locked: true })]);
    editor.select(objectSelection([id!], [card]));
    const other = openTestBoard();
    const forms = copied(board);
    expect(forms.text).toBe('A\nCard');
    expect(put(other, forms)).toBeNull();
    expect(objects(other)).toMatchObject([{ text: 'A', locked: false }]);
    expect(other.session.journey.cards).toMatchObject([{ text: 'Card' }]);
    expect(other.session.selection).toMatchObject({
      kind: 'objects',
      cards: [other.session.journey.cards[0]?.id]
    });
  });

  it('come through a browser that keeps only the table, and as lines into a cell', () => {
    const board = openTestBoard();
    const [a, b] = board.session.document.objects.add([sticky(0, 0, '<b>One</b>'), sticky(200, 0, 'Two')]);
    board.session.editor.select(objectSelection([a!, b!]));
    const { html, text } = copied(board);
    expect(html).not.toContain('<b>');
    const other = openTestBoard();
    put(other, { html, text });
    expect(objects(other)).toMatchObject([{ text: '<b>One</b>' }, { text: 'Two' }]);
    other.session.editor.select({ kind: 'cell', lane: other.lane, stage: other.stage });
    put(other, { text });
    expect(other.session.journey.cards.map((card) => card.text)).toEqual(['<b>One</b>', 'Two']);
  });

  it('more than a map holds are refused whole', () => {
    const board = openTestBoard();
    const { document, editor } = board.session;
    const [a, b] = document.objects.add([sticky(0, 0, 'A'), sticky(200, 0, 'B')]);
    editor.select(objectSelection([a!, b!]));
    vi.spyOn(document.objects, 'room', 'get').mockReturnValue(1);
    expect(put(board, copied(board))).toMatch(/2 more would not fit\. Nothing was pasted\.$/);
    expect(objects(board)).toHaveLength(2);
  });
});
