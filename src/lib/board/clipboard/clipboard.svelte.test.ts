import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '#lib/journey/limits.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { openTestBoard, type TestBoard } from '../test-board.ts';
import { copyOf } from './fragment.ts';
import { paste } from './paste.ts';
import { readClipboard, type ClipboardForms } from './read.ts';

let board: TestBoard;
let stages: StageId[];
let lanes: LaneId[];

/** Stages Trial, Use, Leave; lanes Actions, Feelings, Touchpoints. */
const filled = (): TestBoard => {
  const one = openTestBoard();
  const { document } = one.session;
  document.addStage({ name: 'Use', index: 1 });
  document.addStage({ name: 'Leave', index: 2 });
  document.addLane({ name: 'Feelings', kind: 'feelings', index: 1 });
  document.addLane({ name: 'Touchpoints', kind: 'touchpoints', index: 2 });
  document.clearUndo();
  return one;
};
beforeEach(() => {
  board = filled();
  stages = board.session.journey.stages.map(({ id }) => id);
  lanes = board.session.journey.lanes.map(({ id }) => id);
});

const stage = (index: number) => stages[index] as StageId;
const lane = (index: number) => lanes[index] as LaneId;
const texts = ({ session }: TestBoard, row: number, column: number) => {
  const { journey } = session;
  return journey.cards
    .filter((card) => card.lane === journey.lanes[row]?.id && card.stage === journey.stages[column]?.id)
    .map(({ text }) => text);
};
const focus = ({ session }: TestBoard, row: number, column: number) => {
  const { journey, editor } = session;
  const [to, at] = [journey.lanes[row]?.id as LaneId, journey.stages[column]?.id as StageId];
  editor.select({ kind: 'cell', lane: to, stage: at });
};
const forms = (given: Partial<ClipboardForms>): ClipboardForms => ({
  fragment: '',
  html: '',
  text: '',
  ...given
});
const put = (onto: TestBoard, given: Partial<ClipboardForms>, plain = false) =>
  paste(onto.session, readClipboard(forms(given), plain));
const copied = () => {
  const copy = copyOf(board.session);
  if (copy === null) throw new Error('nothing was copied');
  return { fragment: JSON.stringify(copy.fragment), html: copy.html, text: copy.text };
};

describe('cards', () => {
  beforeEach(() => {
    const { document } = board.session;
    const a = document.addCard({ lane: lane(0), stage: stage(0), text: 'One' });
    const b = document.addCard({ lane: lane(2), stage: stage(1), text: 'Two\nlines' });
    document.facets.set([a], 'color', 'red');
    document.clearUndo();
    board.session.editor.select({ kind: 'cards', ids: [a, b] });
  });

  it('keep their places to each other and all they say, on another map too, as one step', () => {
    const other = filled();
    focus(other, 0, 1);
    expect(put(other, copied())).toBeNull();
    expect(texts(other, 0, 1)).toEqual(['One']);
    expect(texts(other, 2, 2)).toEqual(['Two\nlines']);
    expect(other.session.journey.cards[0]?.facets.color).toBe('red');
    expect(other.session.selection).toMatchObject({ kind: 'cards' });
    other.session.document.undo();
    expect(other.session.journey.cards).toEqual([]);
  });

  it('come through a browser that keeps only the table', () => {
    const other = filled();
    focus(other, 0, 0);
    const { html, text } = copied();
    expect(put(other, { html, text })).toBeNull();
    expect([...texts(other, 0, 0), ...texts(other, 2, 1)]).toEqual(['One', 'Two\nlines']);
  });

  it('beyond the edge go to the last cells, which is said', () => {
    const forms = copied();
    focus(board, 2, 2);
    expect(put(board, forms)).toMatch(/1 card beyond the edge/);
    expect(texts(board, 2, 2)).toEqual(['One', 'Two\nlines']);
  });

  it('are pasted after the selected card of the same cell', () => {
    const { document, editor } = board.session;
    document.addCard({ lane: lane(0), stage: stage(0), text: 'Last' });
    const first = board.session.journey.cards[0];
    editor.select({ kind: 'cards', ids: first === undefined ? [] : [first.id] });
    put(board, { text: 'New' });
    expect(texts(board, 0, 0)).toEqual(['One', 'New', 'Last']);
  });

  it('as plain text are lines, each a card', () => {
    const other = filled();
    focus(other, 0, 0);
    put(other, copied(), true);
    expect(texts(other, 0, 0)).toEqual(['One', 'Two', 'lines']);
  });
});

describe('cells, stages and lanes', () => {
  beforeEach(() => {
    const { document } = board.session;
    document.addCard({ lane: lane(2), stage: stage(0), text: 'Store' });
    document.setMetric(cellKey(lane(2), stage(0), 'cost'), 3.5);
    document.setMetric(cellKey(lane(1), stage(0), 'feeling'), -1);
    document.clearUndo();
  });

  it('a range takes its numbers along, to cells of their kind', () => {
    board.session.editor.select({
      kind: 'cell',
      lane: lane(1),
      stage: stage(0),
      to: { lane: lane(2), stage: stage(0) }
    });
    const forms = copied();
    expect(forms.text).toBe('Bored or confused\nStore');
    focus(board, 1, 2);
    expect(put(board, forms)).toBeNull();
    expect(board.session.journey.metrics.get(cellKey(lane(2), stage(2), 'cost'))).toBe(3.5);
    expect(board.session.journey.metrics.get(cellKey(lane(1), stage(2), 'feeling'))).toBe(-1);
    focus(board, 0, 1);
    expect(put(board, forms)).toMatch(/2 numbers found no cell/);
  });

  it('a stage comes with its cards and numbers, to the like lanes of another map', () => {
    board.session.editor.select({ kind: 'stage', id: stage(0) });
    const other = filled();
    focus(other, 0, 1);
    expect(put(other, copied())).toBeNull();
    expect(other.session.journey.stages.map(({ name }) => name)).toEqual(['Trial', 'Use', 'Trial', 'Leave']);
    expect(texts(other, 2, 2)).toEqual(['Store']);
    const [, feelings, touch] = other.session.journey.lanes;
    const id = other.session.journey.stages[2]?.id as StageId;
    expect(other.session.journey.metrics.get(cellKey(touch?.id as LaneId, id, 'cost'))).toBe(3.5);
    expect(other.session.journey.metrics.get(cellKey(feelings?.id as LaneId, id, 'feeling'))).toBe(-1);
    other.session.document.undo();
    expect(other.session.journey.stages.length).toBe(3);
  });

  it('a lane comes with its cards', () => {
    board.session.editor.select({ kind: 'lane', id: lane(2) });
    expect(put(board, copied())).toBeNull();
    expect(board.session.journey.lanes.map(({ name }) => name).at(-1)).toBe('Touchpoints');
    expect(texts(board, 3, 0)).toEqual(['Store']);
  });
});

describe('a range of a spreadsheet', () => {
  it('fills cells from the one in focus: words become cards, numbers go where a lane keeps them', () => {
    focus(board, 0, 0);
    const text = 'Search\t"Says ""hi""\nand waits"\r\nSatisfied\t-2\r\n"€ 1,200.50"\tPhone\r\n';
    expect(put(board, { text })).toBeNull();
    expect(texts(board, 0, 0)).toEqual(['Search']);
    expect(texts(board, 0, 1)).toEqual(['Says "hi"\nand waits']);
    const { metrics } = board.session.journey;
    expect(metrics.get(cellKey(lane(1), stage(0), 'feeling'))).toBe(1);
    expect(metrics.get(cellKey(lane(1), stage(1), 'feeling'))).toBe(-2);
    expect(metrics.get(cellKey(lane(2), stage(0), 'cost'))).toBe(1200.5);
    expect(texts(board, 2, 1)).toEqual(['Phone']);
    board.session.document.undo();
    expect(board.session.journey.cards).toEqual([]);
    expect(board.session.journey.metrics.size).toBe(0);
  });

  it('a number out of its range stays as words', () => {
    focus(board, 1, 0);
    put(board, { text: '7\t0' });
    expect(texts(board, 1, 0)).toEqual(['7']);
    expect(board.session.journey.metrics.get(cellKey(lane(1), stage(1), 'feeling'))).toBe(0);
  });

  it('one column is known by the table that comes with it, and goes down the lanes', () => {
    focus(board, 0, 0);
    put(board, { text: 'A\n3\nB', html: '<html><body><table><tr><td>A</td></tr></table></body></html>' });
    expect([texts(board, 0, 0), texts(board, 1, 0), texts(board, 2, 0)]).toEqual([['A'], ['3'], ['B']]);
  });

  it('says what did not fit', () => {
    focus(board, 2, 2);
    expect(put(board, { text: 'a\tb\nc\td' })).toBe(
      'From this cell there are 1 lane and 1 stage: 3 cells beyond were left out.'
    );
    expect(texts(board, 2, 2)).toEqual(['a']);
  });
});

describe('lines', () => {
  it('become cards in the order of the text', () => {
    focus(board, 0, 0);
    expect(put(board, { text: 'One\n\n  Two  \r\nThree\n' })).toBeNull();
    expect(texts(board, 0, 0)).toEqual(['One', 'Two', 'Three']);
    board.session.document.undo();
    expect(board.session.journey.cards).toEqual([]);
  });

  it('too long for a card are cut, which is said', () => {
    focus(board, 0, 0);
    const long = 'x'.repeat(LIMITS.cardText - 1) + '😀 and more';
    expect(put(board, { text: long })).toBe('One card keeps the first 10000 characters; 11 were left out.');
    expect(texts(board, 0, 0)[0]).toBe('x'.repeat(LIMITS.cardText - 1));
  });
});

describe('what is not pasted', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['no JSON', '{"format":'],
    ['a form nobody knows', '{"format":"meander-fragment/9","what":"cards","map":{}}'],
    ['no map', '{"format":"meander-fragment/1","what":"cards","map":{"format":"meander-map/1"}}'],
    ['a prototype', '{"__proto__":{"x":1},"format":"meander-fragment/1","what":"cards","map":null}']
  ];
  for (const [name, fragment] of hostile)
    it(`${name}: refused with a sentence, and nothing changes`, () => {
      focus(board, 0, 0);
      expect(put(board, { fragment, text: 'text' })).toMatch(/Nothing was pasted\.$/);
      expect(board.session.document.canUndo).toBe(false);
    });

  it('a fragment with a field, a link or an id that no map has', () => {
    board.session.document.addCard({ lane: lane(0), stage: stage(0), text: 'One' });
    const id = board.session.journey.cards[0]?.id;
    board.session.editor.select({ kind: 'cards', ids: id === undefined ? [] : [id] });
    const { fragment } = copied();
    focus(board, 1, 1);
    for (const [from, to] of [
      ['"text":"One"', '"text":"One","html":"<img src=x onerror=alert(1)>"'],
      ['"text":"One"', '"text":"One","links":[{"id":"a","url":"javascript:alert(1)","title":""}]'],
      [`"id":"${id}"`, '"id":"../x"']
    ] as const) {
      expect(fragment).toContain(from);
      expect(put(board, { fragment: fragment.replace(from, to) })).toMatch(/Nothing was pasted\.$/);
    }
    expect(texts(board, 1, 1)).toEqual([]);
  });

  it('anything by a viewer, and nothing at all', () => {
    focus(board, 0, 0);
    expect(put(board, { text: '  \n ' })).toMatch(/nothing on the clipboard/);
    board.tell({ role: 'viewer' });
    expect(put(board, { text: 'x' })).toMatch(/not change it/);
    expect(board.session.journey.cards).toEqual([]);
  });

  it('markup in a text stays text in the table beside it', () => {
    board.session.document.addCard({
      lane: lane(0),
      stage: stage(0),
      text: '<img src=x onerror="alert(1)">'
    });
    focus(board, 0, 0);
    expect(copied().html).not.toMatch(/<img/);
  });
});
