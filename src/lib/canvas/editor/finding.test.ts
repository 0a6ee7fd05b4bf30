import { describe, expect, it } from 'vitest';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { NO_FILTER } from '#lib/journey/views.ts';
import { removeSelection, selectSimilar, toggleFold } from './edits.ts';
import { findOnMap, goToMatch, nearestMatch } from './find.ts';
import { extendFocus, jumpFocus, moveFocus } from './navigation.ts';
import { TestEditor } from './test-editor.ts';

const lane = (editor: TestEditor, index: number) => editor.lanes[index] as LaneId;
const stage = (editor: TestEditor, index: number) => editor.stages[index] as StageId;
const shown = (editor: TestEditor) => [...editor.layout.cards.values()].map(({ card }) => card.id);

describe('finding', () => {
  it('looks through names and cards, without case and accents, for all the words', () => {
    const editor = new TestEditor();
    const a = editor.card(0, 0, 'Café au lait');
    const b = editor.card(1, 2, 'Something else');
    editor.document.facets.addTag([b], 'Cafe');
    editor.document.renameStage(stage(editor, 2), 'The CAFE');
    const found = (query: string) => findOnMap(editor.journey, query).map(({ kind, id }) => `${kind} ${id}`);
    expect(found('cafe')).toEqual([`stage ${stage(editor, 2)}`, `card ${a}`, `card ${b}`]);
    expect(found('lait CAFÉ')).toEqual([`card ${a}`]);
    expect(found('feelings')).toEqual([`lane ${lane(editor, 1)}`]);
    expect(found('  ')).toEqual([]);
    expect(found('nowhere')).toEqual([]);
  });

  it('goes to a match: selected, in view, out of what is folded and filtered', () => {
    const editor = new TestEditor({ stages: 30 });
    const far = editor.card(29, 2, 'Far');
    const near = editor.card(1, 0, 'Far too');
    editor.zoomTo100();
    editor.panBy(-editor.camera.x - 160, -editor.camera.y - 90);
    const matches = findOnMap(editor.journey, 'far');
    expect(matches[nearestMatch(editor, matches)]).toEqual({ kind: 'card', id: near });
    editor.look = {
      ...editor.look,
      folded: new Set([stage(editor, 29), stage(editor, 3)]),
      filter: { ...NO_FILTER, lane: lane(editor, 0) }
    };
    expect(shown(editor)).toEqual([near]);
    goToMatch(editor, { kind: 'card', id: far });
    expect(editor.selection).toEqual({ kind: 'cards', ids: [far] });
    expect([...editor.look.folded]).toEqual([stage(editor, 3)]);
    const rect = editor.layout.cards.get(far)?.rect;
    expect(rect).toBeDefined();
    const at = editor.middleOf(rect);
    expect(at.x).toBeLessThan(1200);
    expect(at.x).toBeGreaterThan(editor.frame.body.x);
  });
});

describe('a filter', () => {
  it('hides what does not pass, from the eye and from the keys; nothing changes in the map', () => {
    const editor = new TestEditor();
    const [red, plain] = [editor.card(0, 0, 'Red'), editor.card(0, 0, 'Plain')];
    editor.document.facets.set([red], 'color', 'red');
    editor.document.clearUndo();
    editor.look = { ...editor.look, filter: { ...NO_FILTER, color: 'red' } };
    expect(shown(editor)).toEqual([red]);
    editor.select({ kind: 'cell', lane: lane(editor, 0), stage: stage(editor, 0) });
    expect(removeSelection(editor)).toBe('Removed a card.');
    expect(editor.journey.cards.map(({ id }) => id)).toEqual([plain]);
  });

  it('each part of it counts: lane, tag, confidence, owner', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(1, 2)];
    editor.document.facets.addTag([a], 'Mobile');
    editor.document.facets.set([a], 'confidence', 'measured');
    editor.document.facets.typeOwner([b], 'Ann');
    const passing = (filter: Partial<typeof NO_FILTER>) => {
      editor.look = { ...editor.look, filter: { ...NO_FILTER, ...filter } };
      return shown(editor);
    };
    expect(passing({ tag: 'mobile' })).toEqual([a]);
    expect(passing({ confidence: 'measured' })).toEqual([a]);
    expect(passing({ owner: 'Ann' })).toEqual([b]);
    expect(passing({ lane: lane(editor, 2) })).toEqual([b]);
    expect(passing({ lane: lane(editor, 2), tag: 'mobile' })).toEqual([]);
    expect(passing({}).length).toBe(2);
  });

  it('shows a card that is written or pasted while it is on', () => {
    const editor = new TestEditor();
    editor.look = { ...editor.look, filter: { ...NO_FILTER, color: 'red' } };
    editor.draft({ lane: lane(editor, 0), stage: stage(editor, 0) });
    const id = editor.writeDraft('New') as CardId;
    editor.finishEditing();
    expect(shown(editor)).toEqual([id]);
  });
});

describe('folding', () => {
  it('a lane or stage becomes a strip without cards, and opens again', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.select({ kind: 'lane', id: lane(editor, 0) });
    const { height } = editor.layout.bounds;
    expect(toggleFold(editor)).toBe(true);
    expect(editor.layout.rows[0]).toMatchObject({ folded: true, height: 34 });
    expect(editor.layout.bounds.height).toBeLessThan(height);
    expect(shown(editor)).toEqual([]);
    expect(toggleFold(editor)).toBe(true);
    expect(shown(editor)).toEqual([card]);
    editor.select({ kind: 'stage', id: stage(editor, 0) });
    toggleFold(editor);
    expect(editor.layout.columns[0]).toMatchObject({ folded: true, width: 56 });
    expect(editor.document.canUndo).toBe(false);
  });

  it('Delete on a range takes nothing from a folded lane', () => {
    const editor = new TestEditor();
    const kept = editor.card(0, 0);
    editor.card(0, 2);
    editor.look = { ...editor.look, folded: new Set([lane(editor, 0)]) };
    const to = { lane: lane(editor, 2), stage: stage(editor, 0) };
    editor.select({ kind: 'cell', lane: lane(editor, 0), stage: stage(editor, 0), to });
    removeSelection(editor);
    expect(editor.journey.cards.map(({ id }) => id)).toEqual([kept]);
  });
});

describe('selecting similar cards', () => {
  it('by the kind of their lane, their colour, a tag', () => {
    const editor = new TestEditor();
    const [a, b, c] = [editor.card(0, 0), editor.card(2, 0), editor.card(1, 2)];
    editor.document.facets.addTag([a, c], 'Mobile');
    editor.document.facets.set([b, c], 'color', 'blue');
    const similar = (id: CardId, by: 'lane' | 'color' | 'tag') => {
      editor.select({ kind: 'cards', ids: [id] });
      const did = selectSimilar(editor, by);
      return did && editor.selection.kind === 'cards' ? [...editor.selection.ids].sort() : did;
    };
    expect(similar(a, 'lane')).toEqual([a, b].sort());
    expect(similar(c, 'color')).toEqual([b, c].sort());
    expect(similar(c, 'tag')).toEqual([a, c].sort());
    expect(similar(b, 'tag')).toBe(false);
  });
});

describe('spreadsheet keys', () => {
  const at = (editor: TestEditor) => {
    const place = editor.focusCell;
    return [editor.stages.indexOf(place?.stage as StageId), editor.lanes.indexOf(place?.lane as LaneId)];
  };

  it('Home, End and Mod with them or an arrow go to the ends of the grid', () => {
    const editor = new TestEditor({ stages: 5 });
    editor.select({ kind: 'cell', lane: lane(editor, 1), stage: stage(editor, 2) });
    const to = (jump: Parameters<typeof jumpFocus>[1]) => jumpFocus(editor, jump) && at(editor);
    expect(to('laneEnd')).toEqual([4, 1]);
    expect(to('laneStart')).toEqual([0, 1]);
    expect(to('stageEnd')).toEqual([0, 2]);
    expect(to('stageTop')).toEqual([0, 0]);
    expect(to('last')).toEqual([4, 2]);
    expect(to('first')).toEqual([0, 0]);
    editor.select({ kind: 'none' });
    expect(to('first')).toBe(false);
  });

  it('Page up and Page down go a view on, at least one lane', () => {
    const editor = new TestEditor();
    for (let index = 3; index < 20; index += 1)
      editor.document.addLane({ name: `L${index}`, kind: 'notes', index });
    editor.zoomTo100();
    editor.select({ kind: 'cell', lane: lane(editor, 0), stage: stage(editor, 0) });
    const row = () => editor.journey.lanes.findIndex(({ id }) => id === editor.focusCell?.lane);
    jumpFocus(editor, 'pageDown');
    const page = row();
    expect(page).toBeGreaterThan(2);
    expect(page).toBeLessThan(8);
    jumpFocus(editor, 'pageDown');
    expect(row()).toBeGreaterThan(page);
    for (let press = 0; press < 6; press += 1) jumpFocus(editor, 'pageUp');
    expect(row()).toBe(0);
  });

  it('Shift and arrows take in a range of cells and give it back; the focus stays', () => {
    const editor = new TestEditor();
    editor.select({ kind: 'cell', lane: lane(editor, 0), stage: stage(editor, 0) });
    extendFocus(editor, 1, 0);
    extendFocus(editor, 0, 1);
    expect(editor.selection).toMatchObject({ to: { lane: lane(editor, 1), stage: stage(editor, 1) } });
    expect(at(editor)).toEqual([0, 0]);
    extendFocus(editor, 0, -1);
    extendFocus(editor, -1, 0);
    expect(editor.selection).toEqual({ kind: 'cell', lane: lane(editor, 0), stage: stage(editor, 0) });
    extendFocus(editor, -1, 0);
    expect(editor.selection).not.toHaveProperty('to');
    moveFocus(editor, 1, 0);
    expect(at(editor)).toEqual([1, 0]);
  });

  it('Shift and arrows on a card take in the next of its cell', () => {
    const editor = new TestEditor();
    const [a, b, c] = [editor.card(0, 0), editor.card(0, 0), editor.card(0, 0)];
    editor.select({ kind: 'cards', ids: [a] });
    extendFocus(editor, 0, 1);
    extendFocus(editor, 0, 1);
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a, b, c] });
    extendFocus(editor, 0, -1);
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a, b] });
  });

  it('Delete empties a range of cards, feelings and costs, in one step, and says so', () => {
    const editor = new TestEditor();
    editor.card(0, 0);
    editor.card(1, 0);
    editor.select({ kind: 'cell', lane: lane(editor, 1), stage: stage(editor, 0) });
    editor.setMetric(`cells/${lane(editor, 1)}/${stage(editor, 0)}/feeling` as never, 1);
    editor.document.clearUndo();
    const to = { lane: lane(editor, 1), stage: stage(editor, 1) };
    editor.select({ kind: 'cell', lane: lane(editor, 0), stage: stage(editor, 0), to });
    expect(removeSelection(editor)).toBe('Removed 2 cards and a number.');
    expect([editor.journey.cards.length, editor.journey.metrics.size]).toEqual([0, 0]);
    editor.document.undo();
    expect([editor.journey.cards.length, editor.journey.metrics.size]).toEqual([2, 1]);
  });
});
