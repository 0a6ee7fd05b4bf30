import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { CardId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { toBoard, toScreen, visibleRect } from '../geometry/camera.ts';
import { screenPoint } from '../geometry/space.ts';
import { addStage, moveSelectedCards, removeSelection, setFeeling } from './edits.ts';
import { editSelection, moveFocus, moveToNextCell } from './navigation.ts';
import { TestEditor } from './test-editor.ts';

const placeOf = (editor: TestEditor, id: CardId) => {
  const card = editor.journey.cards.find((other) => other.id === id);
  return [
    editor.stages.findIndex((stage) => stage === card?.stage),
    editor.lanes.findIndex((lane) => lane === card?.lane)
  ];
};

const countSteps = (editor: TestEditor) => {
  let steps = 0;
  while (editor.document.canUndo) {
    editor.document.undo();
    steps += 1;
  }
  return steps;
};

describe('selecting', () => {
  it('a click selects a card, a click on its cell the cell, a click beside the map nothing', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.click(editor.cardAt(card));
    expect(editor.selection).toEqual({ kind: 'cards', ids: [card] });
    editor.click(editor.cellAt(1, 2));
    expect(editor.selection).toEqual({ kind: 'cell', stage: editor.stages[1], lane: editor.lanes[2] });
    editor.click(screenPoint(1190, 790));
    expect(editor.selection).toEqual({ kind: 'none' });
  });

  it('shift and click adds a card and takes it out again', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(1, 0)];
    editor.click(editor.cardAt(a)).click(editor.cardAt(b), { shift: true });
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a, b] });
    editor.click(editor.cardAt(a), { shift: true });
    expect(editor.selection).toEqual({ kind: 'cards', ids: [b] });
  });

  it('a marquee takes what it touches, and Escape brings the old selection back', () => {
    const editor = new TestEditor();
    const [a, b, c] = [editor.card(0, 0), editor.card(1, 0), editor.card(2, 2)];
    editor.click(editor.cardAt(c));
    const { x, y } = editor.cardAt(b);
    editor.press(editor.cellAt(0, 1)).moveTo(screenPoint(x, y));
    expect(editor.gesture.kind).toBe('marquee');
    expect(editor.selection).toEqual({ kind: 'cards', ids: expect.arrayContaining([a, b]) as unknown });
    expect(editor.cancelGesture()).toBe(true);
    expect(editor.selection).toEqual({ kind: 'cards', ids: [c] });
    expect(editor.gesture).toEqual({ kind: 'none' });
  });

  it('a stage header and a lane title are selected by a click at any zoom', () => {
    const editor = new TestEditor();
    for (const factor of [1, 4, 0.05]) {
      editor.zoomBy(factor, editor.cellAt(1, 1));
      const [stage] = editor.frame.stages;
      const [lane] = editor.frame.lanes;
      if (stage === undefined || lane === undefined) continue;
      editor.click(screenPoint(Math.max(stage.rect.x, editor.frame.body.x) + 8, editor.frame.headerTop + 40));
      expect(editor.selection).toEqual({ kind: 'stage', id: stage.stage.id });
    }
  });

  it('what somebody else removed leaves the selection', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(1, 0)];
    editor.select({ kind: 'cards', ids: [a, b] });
    editor.document.removeCards([a]);
    expect(editor.selection).toEqual({ kind: 'cards', ids: [b] });
    editor.document.removeStage(editor.stages[1] as never);
    expect(editor.selection).toEqual({ kind: 'none' });
  });
});

describe('dragging cards', () => {
  it('writes once, at the drop, as one step', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    let changes = 0;
    editor.document.onChange(() => (changes += 1));
    editor.press(editor.cardAt(card));
    for (let step = 0; step < 10; step += 1) editor.moveBy(20, 10);
    editor.moveTo(editor.cellAt(2, 2));
    expect(changes).toBe(0);
    expect(editor.gesture).toMatchObject({
      kind: 'cards',
      drop: { stage: editor.stages[2], lane: editor.lanes[2] }
    });
    editor.release();
    expect(changes).toBe(1);
    expect(placeOf(editor, card)).toEqual([2, 2]);
    expect(countSteps(editor)).toBe(1);
    expect(placeOf(editor, card)).toEqual([0, 0]);
  });

  it('carries the whole selection and keeps its order', () => {
    const editor = new TestEditor();
    const [a, b, c] = [editor.card(0, 0), editor.card(0, 0), editor.card(2, 0)];
    editor.select({ kind: 'cards', ids: [b, a] });
    editor.drag(editor.cardAt(b), screenPoint(editor.cardAt(c).x, editor.cardAt(c).y + 30));
    expect(
      editor.document.cardsIn(editor.lanes[0] as never, editor.stages[2] as never).map(({ id }) => id)
    ).toEqual([c, a, b]);
  });

  it('reorders within a cell, and a drop where it began is no step', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(0, 0)];
    const { x, y } = editor.cardAt(a);
    editor.drag(screenPoint(x, y), screenPoint(x + 6, y + 3));
    expect(editor.document.canUndo).toBe(false);
    editor.drag(editor.cardAt(b), screenPoint(x, y - 12));
    expect(editor.journey.cards.map(({ id }) => id)).toEqual([b, a]);
  });

  it('Escape drops the drag without a trace', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.press(editor.cardAt(card)).moveTo(editor.cellAt(2, 2));
    expect(editor.cancelGesture()).toBe(true);
    editor.release();
    expect(placeOf(editor, card)).toEqual([0, 0]);
    expect(editor.document.canUndo).toBe(false);
  });

  it('scrolls the view while the pointer rests at its edge', () => {
    const editor = new TestEditor({ stages: 12 });
    const card = editor.card(0, 0);
    editor.zoomTo100();
    editor.panBy(editor.cardAt(card).x - 400, editor.cardAt(card).y - 120);
    const before = editor.camera.x;
    editor.press(editor.cardAt(card)).moveTo(screenPoint(1195, 150));
    expect(editor.needsTicks).toBe(true);
    editor.wait(320);
    expect(editor.camera.x).toBeGreaterThan(before + 100);
    editor.release();
    expect(editor.needsTicks).toBe(false);
    expect(placeOf(editor, card)[0]).toBeGreaterThan(1);
  });

  it('never scrolls past the end of the map, nor at once where a drag begins', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.fitAll(false);
    const before = editor.camera;
    const { x, y } = editor.cardAt(card);
    editor
      .press(screenPoint(x, y))
      .moveTo(screenPoint(x, editor.frame.body.y + 2))
      .wait(2000);
    expect(editor.camera).toEqual(before);
    const far = new TestEditor({ stages: 12 });
    const other = far.card(0, 0);
    far.zoomTo100();
    far.panBy(far.cardAt(other).x - 400, 0);
    const start = far.camera.x;
    far.press(far.cardAt(other)).moveTo(screenPoint(1199, 300)).wait(100);
    expect(far.camera.x).toBe(start);
    far.wait(20_000);
    expect(far.camera.x + 1200).toBeLessThanOrEqual(far.layout.bounds.width + 40);
  });

  it('a viewer selects but carries nothing', () => {
    const editor = new TestEditor({ canEdit: false });
    const card = editor.card(0, 0);
    editor.drag(editor.cardAt(card), editor.cellAt(2, 2));
    expect(placeOf(editor, card)).toEqual([0, 0]);
    editor.click(editor.cardAt(card));
    expect(editor.selection).toEqual({ kind: 'cards', ids: [card] });
    editor.doubleClick({ at: editor.cardAt(card) });
    expect(editor.editing).toBeNull();
  });
});

describe('the other drags', () => {
  it('a feelings point snaps to the five scores and is written once', () => {
    const editor = new TestEditor();
    const [lane, stage] = [editor.lanes[1] as never, editor.stages[0] as never];
    const point = () =>
      toScreen(editor.camera, editor.layout.cells.get(lane, stage)?.feeling?.at ?? { x: 0, y: 0 });
    editor.press(point()).moveBy(0, -12).moveBy(0, -60);
    expect(editor.gesture).toMatchObject({ kind: 'feeling', score: 2 });
    expect(editor.journey.metrics.size).toBe(0);
    editor.release();
    expect(editor.journey.metrics.get(cellKey(lane, stage, 'feeling'))).toBe(2);
    editor.drag(point(), screenPoint(point().x, point().y + 500));
    expect(editor.journey.metrics.get(cellKey(lane, stage, 'feeling'))).toBe(-2);
    expect(countSteps(editor)).toBe(2);
  });

  it('a stage edge resizes within the limits, shown before it is written', () => {
    const editor = new TestEditor();
    const edge = () => {
      const rect = editor.frame.stages[0]?.rect;
      return screenPoint((rect?.x ?? 0) + (rect?.width ?? 0), editor.frame.headerTop + 50);
    };
    editor.press(edge()).moveBy(60, 0);
    expect(editor.layout.columns[0]?.width).toBe(300);
    expect(editor.journey.stages[0]?.width).toBe(240);
    editor.release();
    expect(editor.journey.stages[0]?.width).toBe(300);
    editor.drag(edge(), screenPoint(0, edge().y));
    expect(editor.journey.stages[0]?.width).toBe(120);
    expect(countSteps(editor)).toBe(2);
  });

  it('a lane edge resizes its least height; Escape leaves it', () => {
    const editor = new TestEditor();
    const edge = () => {
      const rect = editor.frame.lanes[0]?.rect;
      return screenPoint((rect?.x ?? 0) + 40, (rect?.y ?? 0) + (rect?.height ?? 0));
    };
    editor.press(edge()).moveBy(0, 50);
    editor.cancelGesture();
    expect(editor.layout.rows[0]?.height).toBe(120);
    editor.drag(edge(), screenPoint(edge().x, edge().y + 50));
    expect(editor.journey.lanes[0]?.height).toBe(170);
  });

  it('a header dragged past its neighbours moves the stage, a title the lane', () => {
    const editor = new TestEditor();
    const headOf = (index: number) => {
      const rect = editor.frame.stages[index]?.rect;
      return screenPoint((rect?.x ?? 0) + (rect?.width ?? 0) / 2 + 10, editor.frame.headerTop + 50);
    };
    editor.drag(headOf(0), headOf(2));
    expect(editor.journey.stages.map(({ name }) => name)).toEqual(['S1', 'S2', 'S0']);
    const titleOf = (index: number) => {
      const rect = editor.frame.lanes[index]?.rect;
      return screenPoint((rect?.x ?? 0) + 40, (rect?.y ?? 0) + (rect?.height ?? 0) / 2 - 4);
    };
    editor.drag(titleOf(2), titleOf(0));
    expect(editor.journey.lanes.map(({ kind }) => kind)).toEqual(['touchpoints', 'actions', 'feelings']);
    expect(countSteps(editor)).toBe(2);
  });

  it('the hand, the middle button and a finger on paper move the view', () => {
    const editor = new TestEditor();
    const start = editor.camera;
    editor.drag(editor.cellAt(0, 0), screenPoint(editor.cellAt(0, 0).x + 50, editor.cellAt(0, 0).y), {
      button: 'middle'
    });
    expect(editor.camera.x).toBeCloseTo(start.x - 50 / start.zoom, 6);
    editor.holdHand(true);
    editor.drag(editor.cellAt(0, 0), screenPoint(0, 0));
    expect(editor.camera.y).toBeGreaterThan(start.y);
    editor.holdHand(false);
    editor.fitAll(false);
    const before = editor.camera;
    editor.drag(editor.cellAt(1, 0), screenPoint(100, 100), { touch: true });
    expect(editor.camera).not.toEqual(before);
    expect(editor.selection).toEqual({ kind: 'none' });
  });
});

describe('the camera', () => {
  it('keeps the point under the pointer where it is while zooming, for any anchor and factors', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 0, max: 800 }));
    const factors = fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(point, factors, ([x, y], zooms) => {
        const editor = new TestEditor();
        const anchor = screenPoint(x, y);
        const fixed = toBoard(editor.camera, anchor);
        for (const factor of zooms) editor.zoomBy(factor, anchor);
        expect(editor.camera.zoom).toBeGreaterThanOrEqual(0.05);
        expect(editor.camera.zoom).toBeLessThanOrEqual(4);
        const now = toBoard(editor.camera, anchor);
        expect(Math.hypot(now.x - fixed.x, now.y - fixed.y) * editor.camera.zoom).toBeLessThan(1e-6);
      }),
      { numRuns: 60 }
    );
  });

  it('fits the whole map below and right of the sticky heads', () => {
    const editor = new TestEditor({ stages: 9 });
    editor.fitAll(false);
    const { x, y, width, height } = editor.layout.bounds;
    const start = toScreen(editor.camera, { x, y });
    const end = toScreen(editor.camera, { x: x + width, y: y + height });
    expect(start.x).toBeGreaterThanOrEqual(editor.frame.titleWidth);
    expect(start.y).toBeGreaterThanOrEqual(66);
    expect(end.x).toBeLessThanOrEqual(1200);
    expect(end.y).toBeLessThanOrEqual(800);
  });

  it('glides there in time when motion is wanted', () => {
    const editor = new TestEditor({ stages: 12 });
    editor.motion = true;
    editor.zoomTo100();
    expect(editor.needsTicks).toBe(true);
    editor.wait(200);
    expect(editor.camera.zoom).toBe(1);
    expect(editor.needsTicks).toBe(false);
  });
});

describe('text and keys', () => {
  it('a draft is in the document from its first letter on, and an emptied card goes', () => {
    const editor = new TestEditor();
    editor.doubleClick({ at: editor.cellAt(0, 0) });
    expect(editor.editing).toMatchObject({ kind: 'draft' });
    expect(editor.journey.cards).toEqual([]);
    editor.finishEditing();
    expect(editor.document.canUndo).toBe(false);
    editor.draft({ lane: editor.lanes[0] as never, stage: editor.stages[0] as never });
    const id = editor.writeDraft('H') as CardId;
    expect(editor.editing).toEqual({ kind: 'card', id });
    editor.document.typing(() => editor.document.cardText(id)?.delete(0, 1));
    editor.finishEditing();
    expect(editor.journey.cards).toEqual([]);
    expect(editor.selection).toMatchObject({ kind: 'cell' });
  });

  it('arrows walk cells, then cards once inside; Alt+arrows carry the card', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(0, 0)];
    moveFocus(editor, 1, 0);
    expect(editor.selection).toEqual({ kind: 'cell', stage: editor.stages[0], lane: editor.lanes[0] });
    editSelection(editor);
    expect(editor.editing).toEqual({ kind: 'card', id: a });
    editor.finishEditing();
    moveFocus(editor, 0, 1);
    expect(editor.selection).toEqual({ kind: 'cards', ids: [b] });
    moveSelectedCards(editor, 1, 0);
    expect(placeOf(editor, b)).toEqual([1, 0]);
    expect(editor.selection).toEqual({ kind: 'cards', ids: [b] });
    expect(moveToNextCell(editor, 1)).toBe(true);
    expect(editor.focusCell).toEqual({ stage: editor.stages[2], lane: editor.lanes[0] });
  });

  it('a feeling is set on a feelings cell only', () => {
    const editor = new TestEditor();
    editor.click(editor.cellAt(0, 0));
    expect(setFeeling(editor, 1)).toBe(false);
    editor.select({ kind: 'cell', stage: editor.stages[0] as never, lane: editor.lanes[1] as never });
    expect(setFeeling(editor, 1)).toBe(true);
    expect(editor.journey.metrics.size).toBe(1);
  });

  it('removing says what went', () => {
    const editor = new TestEditor();
    editor.card(1, 0);
    editor.card(1, 2);
    editor.select({ kind: 'stage', id: editor.stages[1] as never });
    expect(removeSelection(editor)).toBe('Removed stage “S1” with 2 cards.');
    expect(editor.journey.cards).toEqual([]);
    editor.document.undo();
    expect(editor.journey.cards.length).toBe(2);
    editor.select({ kind: 'stage', id: addStage(editor, 0) as never });
    expect(removeSelection(editor)).toBe('Removed stage “New stage”.');
  });
});

it('the view is the person’s from the first zoom, pan or fit on, not from the first look', () => {
  for (const move of [
    (editor: TestEditor) => editor.zoomStep(1),
    (editor: TestEditor) => editor.panBy(10, 0),
    (editor: TestEditor) => editor.fitAll()
  ]) {
    const editor = new TestEditor();
    editor.showStart();
    expect(editor.viewTaken).toBe(false);
    move(editor);
    expect(editor.viewTaken).toBe(true);
  }
});

it('the first look shows all of a small map, and the start of a large one at a zoom that can be read', () => {
  const editor = new TestEditor();
  const seen = () => visibleRect(editor.camera, editor.viewport);
  const fits = () => {
    const { bounds } = editor.layout;
    const { x, y, width, height } = seen();
    return x <= 0 && y <= 0 && x + width >= bounds.width && y + height >= bounds.height;
  };
  editor.resizeViewport({ width: 4000, height: 4000 });
  editor.showStart();
  expect(fits()).toBe(true);
  editor.resizeViewport({ width: 500, height: 300 });
  editor.showStart();
  expect(editor.camera.zoom).toBe(0.75);
  expect(fits()).toBe(false);
  expect(seen().x).toBeLessThan(0);
  expect(seen().y).toBeLessThan(0);
  editor.motion = false;
  editor.fitAll();
  expect(editor.camera.zoom).toBeLessThan(0.75);
  expect(fits()).toBe(true);
});

describe('undo among several people', () => {
  it('undo n times, then redo n times, leaves the map as it was while another peer edits', () => {
    const action = fc.record({
      kind: fc.constantFrom('move', 'add', 'rename', 'resize', 'feel', 'remove'),
      a: fc.nat(20),
      b: fc.nat(20)
    });
    fc.assert(
      fc.property(
        fc.array(action, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(20), { maxLength: 6 }),
        (own, theirs) => {
          const doc = new Y.Doc();
          const editor = new TestEditor({ document: new JourneyDocument(doc) });
          for (let column = 0; column < 3; column += 1) editor.card(column, 0);
          const other = new Y.Doc();
          Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
          doc.on(
            'update',
            (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(other, update, 'wire')
          );
          other.on(
            'update',
            (update: Uint8Array, origin) => origin !== 'wire' && Y.applyUpdate(doc, update, 'wire')
          );
          const peer = new JourneyDocument(other);
          const theirCard = peer.addCard({
            lane: editor.lanes[2] as never,
            stage: editor.stages[2] as never,
            text: 'Theirs'
          });
          const theirEdit = (n: number) =>
            peer.typing(() => peer.cardText(theirCard)?.insert(n % 3, String(n)));

          let steps = 0;
          const unsubscribe = editor.document.onChange(({ local }) => (steps += local ? 1 : 0));
          own.forEach(({ kind, a, b }, index) => {
            const card = editor.journey.cards.filter(({ id }) => id !== theirCard)[a % 3];
            const stage = editor.stages[a % 3] as never;
            if (kind === 'move' && card) editor.drag(editor.cardAt(card.id), editor.cellAt(b % 3, 0));
            if (kind === 'add')
              editor.document.addCard({ lane: editor.lanes[b % 2] as never, stage, text: `n${b}` });
            if (kind === 'rename') editor.document.renameStage(stage, `R${b}`);
            if (kind === 'resize') editor.document.resizeStage(stage, 200 + b);
            if (kind === 'feel') {
              editor.select({ kind: 'cell', stage, lane: editor.lanes[1] as never });
              setFeeling(editor, (b % 5) - 2);
            }
            if (kind === 'remove' && card) editor.document.removeCards([card.id]);
            const edit = theirs[index];
            if (edit !== undefined) theirEdit(edit);
          });
          unsubscribe();

          const before = editor.journey;
          let undone = 0;
          while (editor.document.canUndo) {
            editor.document.undo();
            theirEdit(undone);
            undone += 1;
          }
          expect(undone).toBeLessThanOrEqual(steps);
          for (let step = 0; step < undone; step += 1) editor.document.redo();
          const without = (cards: typeof before.cards) =>
            cards.filter(({ id }) => id !== theirCard).map((card) => ({ ...card }));
          expect(without(editor.journey.cards)).toEqual(without(before.cards));
          expect(editor.journey.stages).toEqual(before.stages);
          expect(editor.journey.metrics).toEqual(before.metrics);
          expect(peer.journey.cards.find(({ id }) => id === theirCard)?.text).toContain('Theirs'.slice(-3));
        }
      ),
      { numRuns: 60 }
    );
  });
});
