import { describe, expect, it } from 'vitest';
import type { CardId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { toScreen } from '../geometry/camera.ts';
import { screenPoint } from '../geometry/space.ts';
import { TestEditor } from './test-editor.ts';

/* The table of gestures of the interaction page, row by row. Wheel, pinch and touch are in board/pointer-input. */

const placeOf = (editor: TestEditor, id: CardId | undefined) => {
  const card = editor.journey.cards.find((other) => other.id === id);
  return [editor.stages.indexOf(card?.stage as never), editor.lanes.indexOf(card?.lane as never)];
};
const steps = (editor: TestEditor) => {
  let count = 0;
  for (; editor.document.canUndo; count += 1) editor.document.undo();
  return count;
};

describe('gestures', () => {
  it('Pan while held: Space or the middle button pans with any tool, whatever is under the pointer', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    for (const held of [true, false]) {
      const before = editor.camera;
      const at = editor.cardAt(card);
      editor.holdHand(held);
      editor.drag(at, screenPoint(at.x - 40, at.y), held ? {} : { button: 'middle' });
      editor.holdHand(false);
      expect(editor.camera.x).toBeCloseTo(before.x + 40 / before.zoom, 6);
    }
    expect(placeOf(editor, card)).toEqual([0, 0]);
  });

  it('Drag on an empty area: a marquee, touching counts as selected', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(2, 0)];
    const at = editor.cardAt(a);
    editor.press(editor.cellAt(0, 1)).moveTo(screenPoint(at.x, at.y + 2));
    expect(editor.gesture.kind).toBe('marquee');
    editor.release();
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a] });
    editor.press(editor.cellAt(2, 1), { shift: true }).moveTo(editor.cardAt(b), { shift: true }).release();
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a, b] });
  });

  it('Shift+click: adds and removes', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0), editor.card(1, 0)];
    editor.click(editor.cardAt(a)).click(editor.cardAt(b), { shift: true });
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a, b] });
    editor.click(editor.cardAt(b), { shift: true });
    expect(editor.selection).toEqual({ kind: 'cards', ids: [a] });
  });

  it('Shift while dragging: keeps the axis', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    const { x } = editor.cellAt(2, 0);
    editor.press(editor.cardAt(card)).moveTo(screenPoint(x, editor.cellAt(0, 1).y), { shift: true });
    expect(editor.gesture).toMatchObject({ kind: 'cards', dy: 0 });
    editor.releaseWith({ shift: true });
    expect(placeOf(editor, card)).toEqual([2, 0]);
    editor.drag(editor.cardAt(card), editor.cellAt(1, 2), { shift: true });
    expect(placeOf(editor, card)).toEqual([2, 2]);
  });

  it('Mod while dragging: suspends the snapping of a feeling to the five scores', () => {
    const editor = new TestEditor();
    const [lane, stage] = [editor.lanes[1] as never, editor.stages[0] as never];
    const point = () =>
      toScreen(editor.camera, editor.layout.cells.get(lane, stage)?.feeling?.at ?? { x: 0, y: 0 });
    const up = (pixels: number) => screenPoint(point().x, point().y - pixels * editor.camera.zoom);
    const score = () => editor.journey.metrics.get(cellKey(lane, stage, 'feeling'));
    editor.drag(point(), up(16), { mod: true });
    expect(score()).not.toBe(Math.round(score() ?? 0));
    expect((score() ?? 0) * 10).toBeCloseTo(Math.round((score() ?? 0) * 10), 9);
    editor.drag(point(), up(8));
    expect(score()).toBe(1);
  });

  it('Alt+drag: copies, and the cards stay', () => {
    const editor = new TestEditor();
    const [a, b] = [editor.card(0, 0, 'One'), editor.card(0, 0, 'Two')];
    editor.document.facets.set([a], 'color', 'red');
    editor.document.clearUndo();
    editor.select({ kind: 'cards', ids: [a, b] });
    editor.press(editor.cardAt(a), { alt: true }).moveTo(editor.cellAt(2, 0), { alt: true });
    expect(editor.gesture).toMatchObject({ copies: true });
    editor.releaseWith({ alt: true });
    expect([placeOf(editor, a), placeOf(editor, b)]).toEqual([
      [0, 0],
      [0, 0]
    ]);
    const copies = editor.document.cardsIn(editor.lanes[0] as never, editor.stages[2] as never);
    expect(copies.map(({ text, facets }) => [text, facets.color])).toEqual([
      ['One', 'red'],
      ['Two', null]
    ]);
    expect(editor.selection).toEqual({ kind: 'cards', ids: copies.map(({ id }) => id) });
    expect(steps(editor)).toBe(1);
  });

  it('Alt+drag: Alt let go before the drop moves after all', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.press(editor.cardAt(card), { alt: true }).moveTo(editor.cellAt(1, 0), { alt: true }).release();
    expect(editor.journey.cards.length).toBe(1);
    expect(placeOf(editor, card)).toEqual([1, 0]);
  });

  it('Double-click: in an empty cell a new card; on a card, a stage or a lane its text', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    editor.doubleClick({ at: editor.cellAt(1, 0) });
    expect(editor.editing).toMatchObject({ kind: 'draft', stage: editor.stages[1] });
    editor.doubleClick({ at: editor.cardAt(card) });
    expect(editor.editing).toEqual({ kind: 'card', id: card });
    const [head] = editor.frame.stages;
    editor.doubleClick({ at: screenPoint((head?.rect.x ?? 0) + 20, editor.frame.headerTop + 40) });
    expect(editor.editing).toMatchObject({ kind: 'stage' });
  });

  it('Edge of the view: the view scrolls under the marquee too', () => {
    const editor = new TestEditor({ stages: 12 });
    editor.zoomTo100();
    editor.panBy(-editor.camera.x - 160, -editor.camera.y - 90);
    const before = editor.camera.x;
    editor.press(screenPoint(500, 400)).moveTo(screenPoint(1195, 420)).wait(400);
    expect(editor.camera.x).toBeGreaterThan(before + 50);
    editor.release();
    expect(editor.needsTicks).toBe(false);
  });

  it('a finger beside a pen: pans over a card, a tap still selects it', () => {
    const editor = new TestEditor();
    const card = editor.card(0, 0);
    const before = editor.camera;
    const at = editor.cardAt(card);
    editor.drag(at, screenPoint(at.x - 50, at.y), { touch: true, pans: true });
    expect(editor.camera.x).toBeCloseTo(before.x + 50 / before.zoom, 6);
    expect(editor.selection).toEqual({ kind: 'none' });
    editor.click(editor.cardAt(card), { touch: true, pans: true });
    expect(editor.selection).toEqual({ kind: 'cards', ids: [card] });
  });
});
