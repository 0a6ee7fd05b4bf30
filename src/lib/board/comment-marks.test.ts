import { describe, expect, test } from 'vitest';
import { objectSelection } from '#lib/canvas/editor/selection.ts';
import { TestEditor } from '#lib/canvas/editor/test-editor.ts';
import { screenPoint } from '#lib/canvas/geometry/space.ts';
import { toScreen } from '#lib/canvas/geometry/camera.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { anchorText, parseAnchor, type Anchor } from '#lib/journey/anchor.ts';
import { anchorOfRemark, markWords, placedMarks, type ThreadMark } from './comment-marks.ts';

const thread = (anchor: Anchor, over: Partial<ThreadMark> = {}): ThreadMark => ({
  id: anchorText(anchor),
  anchor: anchorText(anchor),
  opener: { id: 'ann', name: 'Ann' },
  comments: 1,
  unread: false,
  ...over
});

const ground = ({ document, layout, objects }: TestEditor) => ({
  journey: document.journey,
  layout,
  objects
});
const placed = (editor: TestEditor, ...threads: ThreadMark[]) => placedMarks(threads, ground(editor));

/** One of each kind of anchor that can go from the map, with the way to remove it and to move it. */
const KINDS: readonly {
  readonly kind: string;
  readonly make: (editor: TestEditor) => Anchor;
  readonly remove: (editor: TestEditor, anchor: Anchor) => void;
}[] = [
  {
    kind: 'card',
    make: (editor) => ({ on: 'card', card: editor.card(0, 0) }),
    remove: ({ document }, anchor) => anchor.on === 'card' && document.removeCards([anchor.card])
  },
  {
    kind: 'cell, with its stage',
    make: ({ lanes, stages }) => ({ on: 'cell', lane: lanes[0]!, stage: stages[1]! }),
    remove: ({ document }, anchor) => anchor.on === 'cell' && document.removeStage(anchor.stage)
  },
  {
    kind: 'cell, with its lane',
    make: ({ lanes, stages }) => ({ on: 'cell', lane: lanes[0]!, stage: stages[1]! }),
    remove: ({ document }, anchor) => anchor.on === 'cell' && document.removeLane(anchor.lane)
  },
  {
    kind: 'stage',
    make: ({ stages }) => ({ on: 'stage', stage: stages[2]! }),
    remove: ({ document }, anchor) => anchor.on === 'stage' && document.removeStage(anchor.stage)
  },
  {
    kind: 'object',
    make(editor) {
      editor.tool = 'rectangle';
      editor.drag(screenPoint(900, 700), screenPoint(1000, 780));
      return { on: 'object', object: editor.journey.objects[0]!.id };
    },
    remove: ({ document }, anchor) => anchor.on === 'object' && document.objects.remove([anchor.object])
  },
  {
    kind: 'opportunity',
    make: ({ document }) => ({
      on: 'opportunity',
      opportunity: document.decisions.addOpportunity('Shorter form')
    }),
    remove: ({ document }, anchor) =>
      anchor.on === 'opportunity' && document.decisions.removeOpportunity(anchor.opportunity)
  }
];

describe('a mark', () => {
  test.each(KINDS)('on a $kind falls back to the map when that goes, and returns with undo', (kind) => {
    const editor = new TestEditor();
    const anchor = kind.make(editor);
    editor.document.clearUndo();
    const mark = thread(anchor, { comments: 3, unread: true });
    const before = placed(editor, mark);
    expect(before[0]?.where.on).not.toBe('map');
    kind.remove(editor, anchor);
    const [gone] = placed(editor, mark);
    expect(gone).toMatchObject({ key: 'map', where: { on: 'map' }, comments: 3, unread: true });
    expect(gone?.first.id).toBe(mark.id);
    editor.document.undo();
    expect(placed(editor, mark)).toEqual(before);
  });

  test('moves with its card', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    const mark = thread({ on: 'card', card });
    const [stage, lane] = [editor.stages[2]!, editor.lanes[2]!];
    const before = placed(editor, mark)[0]?.where;
    editor.document.moveCards([card], { stage, lane });
    const after = placed(editor, mark)[0]?.where;
    const cell = editor.layout.cells.get(lane, stage)!.rect;
    if (before?.on !== 'board' || after?.on !== 'board') throw new Error('it is not on the board');
    expect(after.at.x - before.at.x).toBeGreaterThan(100);
    expect(after.at.x).toBeLessThanOrEqual(cell.x + cell.width);
    expect(after.at.y).toBeGreaterThanOrEqual(cell.y);
  });

  test('of a point stays at its point; all that hang on the map, and on what is gone, are one', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.document.removeCards([card]);
    const marks = placed(
      editor,
      thread({ on: 'card', card }, { comments: 2 }),
      thread({ on: 'point', x: -40, y: 900 }),
      thread({ on: 'map' }, { unread: true })
    );
    expect(marks.map(({ key, where, threads }) => [key, where.on, threads])).toEqual([
      ['map', 'map', 2],
      ['point/-40/900', 'board', 1]
    ]);
    // What is new comes first.
    expect(marks[0]?.first.anchor).toBe('map');
    expect(markWords(marks[0]!)).toBe('3 comments in 2 threads on the whole map, begun by Ann, new');
    expect(marks[1]?.where).toEqual({ on: 'board', at: { x: -40, y: 900 } });
  });

  test('of what is folded away is out of sight with it, and does not fall back', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.look = { ...editor.look, folded: new Set([editor.stages[0]!]) };
    expect(placed(editor, thread({ on: 'card', card }))).toEqual([]);
  });
});

describe('the comment tool', () => {
  const asked = (editor: TestEditor) => {
    const anchors: (string | null)[] = [];
    editor.subscribe((aspect) => {
      if (aspect === 'remark') anchors.push(editor.remark && anchorText(anchorOfRemark(editor.remark)));
    });
    return anchors;
  };

  test('asks about what is under the press, and with Alt about the point; it changes nothing and stays', () => {
    const editor = new TestEditor({ canEdit: false });
    const card = editor.card(0, 0);
    const anchors = asked(editor);
    const { journey } = editor.document;
    editor.tool = 'comment';
    editor.click(editor.cardAt(card));
    editor.click(editor.cellAt(1, 1));
    editor.click(editor.cardAt(card), { alt: true });
    const head = editor.frame.stages[0]!.rect;
    editor.click(screenPoint(head.x + 20, head.y + 20));
    editor.click(screenPoint(1100, 790));
    expect(anchors.slice(0, 2)).toEqual([`card/${card}`, `cell/${editor.lanes[1]}/${editor.stages[1]}`]);
    const point = parseAnchor(anchors[2] ?? '');
    if (point?.on !== 'point') throw new Error('it is no point');
    const shown = toScreen(editor.camera, { x: point.x, y: point.y });
    expect(shown.x).toBeCloseTo(editor.cardAt(card).x, -1);
    expect(anchors[3]).toBe(`stage/${editor.stages[0]}`);
    expect(anchors[4]).toMatch(/^point\//);
    expect(editor.tool).toBe('comment');
    expect(editor.document.journey).toBe(journey);
    expect(editor.selection).toEqual({ kind: 'none' });
  });

  test('on an object asks about the object', () => {
    const editor = new TestEditor();
    editor.tool = 'rectangle';
    editor.drag(screenPoint(900, 700), screenPoint(1000, 780));
    const anchors = asked(editor);
    editor.select(objectSelection([]));
    editor.tool = 'comment';
    editor.click(screenPoint(901, 740));
    expect(anchors).toEqual([`object/${editor.journey.objects[0]?.id}`]);
  });
});

test('a map without anything has no marks', () => {
  const editor = new TestEditor({ document: JourneyDocument.blank() });
  expect(placed(editor)).toEqual([]);
});
