import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import type { ObjectId } from '#lib/journey/ids.ts';
import type { MapObject, ObjectKind } from '#lib/journey/objects.ts';
import { toScreen } from '../geometry/camera.ts';
import { boardPoint, boardRect, screenPoint, type ScreenPoint } from '../geometry/space.ts';
import { removeSelection, duplicateSelection } from './edits.ts';
import {
  align,
  connectSelected,
  distribute,
  groupSelected,
  nudge,
  placeInMiddle,
  reorder,
  selectNextObject,
  toggleLock,
  ungroupSelected
} from './object-edits.ts';
import { TestEditor } from './test-editor.ts';
import type { ToolId } from './tools/tool-ids.ts';

/** Left of and above the grid, where nothing is. Board units. */
const FREE = { x: -900, y: -700 };

function editor(options: ConstructorParameters<typeof TestEditor>[0] = {}): TestEditor {
  const one = new TestEditor(options);
  one.select({ kind: 'none' });
  // The free ground in the middle of the view, at 100%.
  one.zoomTo100();
  const at = toScreen(one.camera, boardPoint(FREE.x, FREE.y));
  one.panBy(at.x - 300, at.y - 250);
  return one;
}

const on = (one: TestEditor, x: number, y: number): ScreenPoint =>
  toScreen(one.camera, boardPoint(FREE.x + x, FREE.y + y));

const only = <K extends ObjectKind>(one: TestEditor, kind: K): MapObject & { kind: K } => {
  const found = one.journey.objects.filter((object) => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as MapObject & { kind: K };
};

const byId = (one: TestEditor, id: ObjectId) => one.journey.objects.find((object) => object.id === id);

function make(one: TestEditor, tool: ToolId, from: readonly [number, number], to = from): ObjectId {
  one.tool = tool;
  const before = new Set(one.journey.objects.map(({ id }) => id));
  if (to === from) one.click(on(one, ...from));
  else one.drag(on(one, ...from), on(one, ...to));
  one.finishEditing();
  const made = one.journey.objects.find(({ id }) => !before.has(id));
  if (made === undefined) throw new Error(`${tool} made nothing`);
  return made.id;
}

describe('tools that make objects', () => {
  test('Sticky note: a press puts one around the point, opens its text, and the tool goes back to Select', () => {
    const one = editor();
    one.tool = 'sticky';
    one.click(on(one, 0, 0));
    expect(only(one, 'sticky')).toMatchObject({ x: FREE.x - 90, y: FREE.y - 90, width: 180, height: 180 });
    expect(one.editing).toEqual({ kind: 'object', id: only(one, 'sticky').id });
    expect(one.tool).toBe('select');
    expect(one.selection).toMatchObject({ kind: 'objects', ids: [only(one, 'sticky').id] });
  });

  test.each(['rectangle', 'ellipse', 'frame'] as const)('%s: a drag draws it, in one step', (tool) => {
    const one = editor();
    make(one, tool, [0, 0], [200, 100]);
    expect(only(one, tool)).toMatchObject({ x: FREE.x, y: FREE.y, width: 200, height: 100 });
    one.document.undo();
    expect(one.journey.objects).toEqual([]);
    expect(one.document.canUndo).toBe(false);
  });

  test('Text: one that is closed without a word goes', () => {
    const one = editor();
    one.tool = 'text';
    one.click(on(one, 0, 0));
    expect(only(one, 'text')).toMatchObject({ x: FREE.x });
    one.finishEditing();
    expect(one.journey.objects).toEqual([]);
  });

  test('Shift while drawing makes a square, Alt draws from the middle', () => {
    const one = editor();
    one.tool = 'rectangle';
    one.drag(on(one, 0, 0), on(one, 200, 100), { shift: true });
    expect(only(one, 'rectangle')).toMatchObject({ width: 200, height: 200 });
    one.document.undo();
    one.tool = 'rectangle';
    one.drag(on(one, 0, 0), on(one, 50, 40), { alt: true });
    expect(only(one, 'rectangle')).toMatchObject({ x: FREE.x - 50, y: FREE.y - 40, width: 100, height: 80 });
  });

  test('After creating: a tool that is locked by Q stays; pen and eraser stay anyway', () => {
    const one = editor();
    one.toolLocked = true;
    make(one, 'rectangle', [0, 0], [50, 50]);
    expect(one.tool).toBe('rectangle');
    one.toolLocked = false;
    make(one, 'pen', [100, 0], [150, 20]);
    expect(one.tool).toBe('pen');
  });

  test('Pen: the stroke goes where the pointer went, in one step, with a stylus’ pressure', () => {
    const one = editor();
    one.tool = 'pen';
    one.press(on(one, 0, 0), { pressure: 0.2 });
    one.moveTo(on(one, 30, 10), { pressure: 0.8 }).moveTo(on(one, 60, 0), { pressure: 0.4 });
    expect(one.journey.objects).toEqual([]); // nothing in the document before the release
    one.release();
    const { points, x, y } = only(one, 'pen');
    expect([x, y]).toEqual([FREE.x, FREE.y]);
    expect(points.map((point) => point.map((part) => Math.round(part * 100) / 100))).toEqual([
      [0, 0, 0.2],
      [30, 10, 0.8],
      [60, 0, 0.4]
    ]);
    one.document.undo();
    expect(one.journey.objects).toEqual([]);
  });

  test('Pen: a stroke of any length stays within what fits a map, from its first to its last point', () => {
    const one = editor();
    one.tool = 'pen';
    one.press(on(one, 0, 0));
    for (let step = 1; step <= 9000; step += 1) one.moveTo(on(one, (step % 100) * 3, step / 20));
    one.release();
    const { points } = only(one, 'pen');
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(points.at(-1)?.[1]).toBe(450);
  });

  test('Eraser: takes the objects it passes over, not locked ones and not cards, in one step', () => {
    const one = editor();
    const gone = make(one, 'rectangle', [0, 0], [60, 60]);
    const locked = make(one, 'rectangle', [100, 0], [160, 60]);
    one.select({ kind: 'objects', ids: [locked], cards: [] });
    toggleLock(one);
    one.tool = 'eraser';
    one.drag(on(one, -50, 30), on(one, 250, 30));
    expect(byId(one, gone)).toBeUndefined();
    expect(byId(one, locked)).toBeDefined();
    one.document.undo();
    expect(byId(one, gone)).toBeDefined();
  });

  test('Laser: nothing of it is kept', () => {
    const one = editor();
    one.tool = 'laser';
    one.press(on(one, 0, 0)).moveTo(on(one, 90, 20));
    expect(one.gesture).toMatchObject({ kind: 'laser' });
    one.release();
    expect(one.gesture.kind).toBe('none');
    expect(one.document.canUndo).toBe(false);
  });

  test('Double-click: on empty ground outside the grid makes a note', () => {
    const one = editor();
    one.doubleClick({ at: on(one, 0, 0) });
    expect(one.editing).toEqual({ kind: 'object', id: only(one, 'sticky').id });
  });

  test('Enter with a tool in hand puts its object into the middle of the view', () => {
    const one = editor();
    one.tool = 'rectangle';
    expect(placeInMiddle(one)).toBe(true);
    expect(one.selection).toMatchObject({ kind: 'objects', ids: [only(one, 'rectangle').id] });
    one.tool = 'select';
    expect(placeInMiddle(one)).toBe(false);
  });

  test('A viewer keeps select, hand and laser, and makes nothing', () => {
    const one = editor({ canEdit: false });
    one.tool = 'sticky';
    expect(one.tool).toBe('select');
    one.tool = 'laser';
    expect(one.tool).toBe('laser');
    one.doubleClick({ at: on(one, 0, 0) });
    expect(one.journey.objects).toEqual([]);
  });

  test('Escape in the middle of drawing leaves nothing behind', () => {
    const one = editor();
    one.tool = 'frame';
    one.press(on(one, 0, 0)).moveTo(on(one, 300, 200));
    expect(one.cancelGesture()).toBe(true);
    one.release();
    expect(one.journey.objects).toEqual([]);
    expect(one.gesture.kind).toBe('none');
  });
});

describe('connectors', () => {
  test('a drag from shape to shape holds on to both, and follows when one moves', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    const b = make(one, 'rectangle', [300, 0], [400, 100]);
    one.tool = 'connector';
    one.drag(on(one, 50, 50), on(one, 350, 50));
    const { id, from, to } = only(one, 'connector');
    expect([from.target, to.target]).toEqual([
      { on: 'object', id: a },
      { on: 'object', id: b }
    ]);
    const end = () => one.objects.get(id)?.path?.points.at(-1);
    expect(end()).toEqual(boardPoint(FREE.x + 300, FREE.y + 50));
    one.select({ kind: 'objects', ids: [b], cards: [] });
    nudge(one, 40, 30);
    expect(end()).toEqual(boardPoint(FREE.x + 340, FREE.y + 80));
  });

  test('one that holds on to a card follows it when somebody else moves the card', () => {
    const one = editor();
    const card = one.card(0, 0);
    const a = make(one, 'sticky', [0, 0]);
    one.select({ kind: 'objects', ids: [a], cards: [card] });
    expect(connectSelected(one)).toBe(true);
    const { id } = only(one, 'connector');
    const before = one.objects.get(id)?.path?.points.at(-1);
    const other = JourneyDocument.blank();
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.document.doc));
    const [stage, lane] = [one.stages[2], one.lanes[1]];
    if (stage === undefined || lane === undefined) throw new Error('no cell');
    other.moveCards([card], { stage, lane });
    Y.applyUpdate(one.document.doc, Y.encodeStateAsUpdate(other.doc), 'remote');
    const after = one.objects.get(id)?.path?.points.at(-1);
    const rect = one.layout.cards.get(card)?.rect;
    expect(after).not.toEqual(before);
    expect(after?.x).toBeGreaterThanOrEqual((rect?.x ?? 0) - 1);
    expect(after?.y).toBeGreaterThanOrEqual((rect?.y ?? 0) - 1);
  });

  test('when what it holds goes, the end stays at its last place; undo connects it again', () => {
    const one = editor();
    make(one, 'rectangle', [0, 0], [100, 100]);
    const b = make(one, 'rectangle', [300, 0], [400, 100]);
    one.tool = 'connector';
    one.drag(on(one, 50, 50), on(one, 350, 50));
    const { id } = only(one, 'connector');
    const end = () => one.objects.get(id)?.path?.points.at(-1);
    const last = end();
    one.select({ kind: 'objects', ids: [b], cards: [] });
    removeSelection(one);
    expect(end()).toEqual(last);
    one.document.undo();
    one.select({ kind: 'objects', ids: [b], cards: [] });
    nudge(one, 0, 40);
    expect(end()).toEqual(boardPoint(last?.x ?? 0, (last?.y ?? 0) + 40));
  });

  test('a connector to a card stays where it was when the card’s stage is removed', () => {
    const one = editor();
    const card = one.card(1, 0);
    const a = make(one, 'sticky', [0, 0]);
    one.select({ kind: 'objects', ids: [a], cards: [card] });
    connectSelected(one);
    const { id } = only(one, 'connector');
    const last = one.objects.get(id)?.path?.points.at(-1);
    const [, stage] = one.stages;
    if (stage === undefined) throw new Error('no stage');
    one.select({ kind: 'stage', id: stage });
    removeSelection(one);
    const now = one.objects.get(id)?.path?.points.at(-1);
    expect(now?.x).toBeCloseTo(last?.x ?? 0, -1);
    expect(now?.y).toBeCloseTo(last?.y ?? 0, -1);
  });

  test('an end can be taken somewhere else, and a click without a drag makes no connector', () => {
    const one = editor();
    one.tool = 'connector';
    one.click(on(one, 0, 0));
    expect(one.journey.objects).toEqual([]);
    one.drag(on(one, 0, 0), on(one, 200, 0));
    const { id } = only(one, 'connector');
    one.select({ kind: 'objects', ids: [id], cards: [] });
    one.drag(on(one, 200, 0), on(one, 260, 90));
    expect(only(one, 'connector').to).toMatchObject({ x: FREE.x + 260, y: FREE.y + 90, target: null });
  });
});

describe('moving and resizing', () => {
  test('the view rests while something is dragged on the free ground above the grid', () => {
    const one = editor();
    make(one, 'rectangle', [0, 0], [100, 100]);
    one.zoomBy(0.5); // the grid's heads come into view, well below the object
    const { camera } = one;
    expect(one.frame.headerTop).toBeGreaterThan(400);
    one
      .press(on(one, 50, 50))
      .moveTo(on(one, 80, 60))
      .wait(600);
    expect(one.camera).toBe(camera);
    one.cancelGesture();
  });

  test('one drag is one step, and nothing is in the document before the drop', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    one.document.clearUndo();
    one
      .press(on(one, 50, 50))
      .moveTo(on(one, 90, 50))
      .moveTo(on(one, 250, 190));
    expect(byId(one, a)).toMatchObject({ x: FREE.x });
    expect(one.gesture).toMatchObject({ kind: 'objects', moving: { ids: new Set([a]), dx: 200, dy: 140 } });
    one.release();
    expect(byId(one, a)).toMatchObject({ x: FREE.x + 200, y: FREE.y + 140 });
    one.document.undo();
    expect(byId(one, a)).toMatchObject({ x: FREE.x, y: FREE.y });
    expect(one.document.canUndo).toBe(false);
  });

  test('Shift while dragging: keeps the axis', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    one.drag(on(one, 50, 50), on(one, 150, 80), { shift: true });
    expect(byId(one, a)).toMatchObject({ x: FREE.x + 100, y: FREE.y });
  });

  test('Alt+drag: leaves the object and carries a copy', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    one.press(on(one, 50, 50)).moveTo(on(one, 350, 50), { alt: true });
    // The object itself stays in its place, and nobody is told that it moves.
    expect(one.gesture).toMatchObject({ kind: 'objects', shown: new Map(), moving: { copies: true } });
    one.releaseWith({ alt: true });
    expect(byId(one, a)).toMatchObject({ x: FREE.x });
    expect(one.journey.objects.map((object) => 'x' in object && object.x)).toEqual([FREE.x, FREE.x + 300]);
  });

  test('Alt+drag: of a group copies it as a group of its own, with its connectors on the copies', () => {
    const one = editor();
    const [a, b] = [make(one, 'rectangle', [0, 0], [80, 80]), make(one, 'rectangle', [160, 0], [240, 80])];
    one.select({ kind: 'objects', ids: [a, b], cards: [] });
    groupSelected(one, () => 'group');
    one.select({ kind: 'objects', ids: [a, b], cards: [] });
    expect(connectSelected(one)).toBe(true);
    const arrow = only(one, 'connector');
    one.select({ kind: 'objects', ids: [a, b, arrow.id], cards: [] });
    one.press(on(one, 40, 40)).moveTo(on(one, 40, 340), { alt: true });
    one.releaseWith({ alt: true });
    const copies = one.journey.objects.filter(({ id }) => ![a, b, arrow.id].includes(id));
    expect(copies.map(({ kind }) => kind).sort()).toEqual(['connector', 'rectangle', 'rectangle']);
    const boxes = copies.filter(({ kind }) => kind === 'rectangle');
    const [group] = new Set(boxes.map((copy) => copy.group));
    expect(boxes.every((copy) => copy.group === group)).toBe(true);
    expect([null, 'group']).not.toContain(group);
    const copy = copies.find((object) => object.kind === 'connector');
    const held = [copy?.from.target, copy?.to.target].map((target) =>
      target?.on === 'object' ? target.id : null
    );
    expect(held.sort()).toEqual(boxes.map(({ id }) => id).sort());
    expect(byId(one, arrow.id)).toEqual(arrow);
  });

  test('Mod while dragging: a drag snaps to the edges of others, and Mod suspends that', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    make(one, 'rectangle', [300, 200], [400, 300]);
    one.press(on(one, 50, 50)).moveTo(on(one, 50 + 297, 50));
    expect(one.gesture).toMatchObject({ kind: 'objects', guides: [{ axis: 'x', at: FREE.x + 300 }] });
    one.release();
    expect(byId(one, a)).toMatchObject({ x: FREE.x + 300 });
    one.document.undo();
    one.drag(on(one, 50, 50), on(one, 50 + 297, 50), { mod: true });
    expect(byId(one, a)).toMatchObject({ x: FREE.x + 297 });
  });

  test('a frame takes along what lies in it', () => {
    const one = editor();
    const frame = make(one, 'frame', [0, 0], [400, 300]);
    const inside = make(one, 'rectangle', [50, 50], [100, 100]);
    const outside = make(one, 'rectangle', [500, 50], [550, 100]);
    one.select({ kind: 'objects', ids: [frame], cards: [] });
    nudge(one, 10, 0);
    expect(byId(one, inside)).toMatchObject({ x: FREE.x + 60 });
    expect(byId(one, outside)).toMatchObject({ x: FREE.x + 500 });
  });

  test('a frame lies beneath what it holds, also when it is drawn around it', () => {
    const one = editor();
    const inside = make(one, 'rectangle', [50, 50], [100, 100]);
    const frame = make(one, 'frame', [0, 0], [400, 300]);
    const drawn = one.objects.within(boardRect(FREE.x, FREE.y, 400, 300));
    expect(drawn.map(({ object }) => object.id)).toEqual([frame, inside]);
  });

  test('Shift while resizing: keeps the ratio', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [200, 100]);
    one.select({ kind: 'objects', ids: [a], cards: [] });
    one.drag(on(one, 200, 100), on(one, 260, 150));
    expect(byId(one, a)).toMatchObject({ x: FREE.x, width: 260, height: 150 });
    one.document.undo();
    one.drag(on(one, 200, 100), on(one, 300, 110), { shift: true });
    expect(byId(one, a)).toMatchObject({ width: 300, height: 150 });
  });

  test('Alt while resizing: grows from the middle', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [200, 100]);
    one.select({ kind: 'objects', ids: [a], cards: [] });
    one.drag(on(one, 200, 50), on(one, 230, 50), { alt: true });
    expect(byId(one, a)).toMatchObject({ x: FREE.x - 30, width: 260, height: 100 });
  });

  test('a locked object is not moved, resized or removed', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [200, 100]);
    one.select({ kind: 'objects', ids: [a], cards: [] });
    toggleLock(one);
    one.drag(on(one, 100, 50), on(one, 300, 50));
    one.select({ kind: 'objects', ids: [a], cards: [] });
    nudge(one, 5, 5);
    expect(removeSelection(one)).toBeNull();
    expect(byId(one, a)).toMatchObject({ x: FREE.x, y: FREE.y, width: 200, locked: true });
    toggleLock(one);
    nudge(one, 5, 5);
    expect(byId(one, a)).toMatchObject({ x: FREE.x + 5, locked: false });
  });
});

describe('selection', () => {
  test('Drag on an empty area: a marquee takes what it touches; a frame when it holds it', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    const b = make(one, 'sticky', [250, 50]);
    make(one, 'frame', [-100, -150], [600, 400]);
    one.select({ kind: 'none' });
    one.drag(on(one, -30, -30), on(one, 200, 60));
    expect(one.selection).toMatchObject({ kind: 'objects', ids: [a, b] });
  });

  test('Mod+click: reaches inside a group, where a plain click and Shift+click take all of it', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    const b = make(one, 'rectangle', [200, 0], [300, 100]);
    one.click(on(one, 50, 50)).click(on(one, 250, 50), { shift: true });
    expect(one.selection).toMatchObject({ ids: [a, b] });
    groupSelected(one, () => 'g');
    one.select({ kind: 'none' });
    one.click(on(one, 50, 50));
    expect(one.selection).toMatchObject({ ids: [a, b] });
    one.click(on(one, 50, 50), { mod: true });
    expect(one.selection).toMatchObject({ ids: [a] });
    one.click(on(one, 50, 50));
    ungroupSelected(one);
    one.click(on(one, 50, 50));
    expect(one.selection).toMatchObject({ ids: [a] });
  });

  test('copies of a group form a group of their own, and connectors among them hold on to the copies', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    const b = make(one, 'rectangle', [300, 0], [400, 100]);
    one.select({ kind: 'objects', ids: [a, b], cards: [] });
    connectSelected(one);
    const connector = only(one, 'connector').id;
    one.select({ kind: 'objects', ids: [a, b, connector], cards: [] });
    groupSelected(one, () => 'g');
    duplicateSelection(one);
    const copies = one.journey.objects.slice(3);
    expect(copies).toHaveLength(3);
    const group = copies[0]?.group;
    expect(group).not.toBe('g');
    expect(copies.every((copy) => copy.group === group)).toBe(true);
    const copy = copies.find(({ kind }) => kind === 'connector');
    const targets = copy?.kind === 'connector' ? [copy.from.target, copy.to.target] : [];
    expect(targets).toEqual(copies.slice(0, 2).map(({ id }) => ({ on: 'object', id })));
  });

  test('undoing a duplicate selects what it was made of, redoing it the copies; undoing a removal what came back', () => {
    const one = editor();
    const ids = [make(one, 'rectangle', [0, 0], [100, 100]), make(one, 'rectangle', [200, 0], [300, 100])];
    one.select({ kind: 'objects', ids, cards: [] });
    const before = one.selection;
    duplicateSelection(one);
    const copies = one.selection;
    one.document.undo();
    expect(one.selection).toEqual(before);
    one.document.redo();
    expect(one.selection).toEqual(copies);
    one.document.undo();
    removeSelection(one);
    expect(one.selection).toEqual({ kind: 'none' });
    one.document.undo();
    expect(one.selection).toEqual(before);
  });

  test('Tab goes from object to object', () => {
    const one = editor();
    const a = make(one, 'rectangle', [0, 0], [100, 100]);
    const b = make(one, 'rectangle', [200, 0], [300, 100]);
    one.select({ kind: 'none' });
    expect(selectNextObject(one, 1)).toBe(true);
    expect(one.selection).toMatchObject({ ids: [a] });
    selectNextObject(one, 1);
    expect(one.selection).toMatchObject({ ids: [b] });
    expect(selectNextObject(one, 1)).toBe(false);
  });
});

describe('arranging', () => {
  const three = () => {
    const one = editor();
    const ids = [
      make(one, 'rectangle', [0, 0], [100, 40]),
      make(one, 'rectangle', [150, 60], [200, 120]),
      make(one, 'rectangle', [400, 20], [500, 50])
    ];
    one.select({ kind: 'objects', ids, cards: [] });
    one.document.clearUndo();
    const field = (name: 'x' | 'y') => ids.map((id) => (byId(one, id) as { x: number; y: number })[name]);
    return {
      one,
      ids,
      xs: () => field('x').map((x) => x - FREE.x),
      ys: () => field('y').map((y) => y - FREE.y)
    };
  };

  test('align and distribute are one step each', () => {
    const { one, xs, ys } = three();
    align(one, 'left');
    expect(xs()).toEqual([0, 0, 0]);
    one.document.undo();
    align(one, 'bottom');
    expect(ys()).toEqual([80, 60, 90]);
    one.document.undo();
    distribute(one, 'x');
    expect(xs()).toEqual([0, 225, 400]);
    one.document.undo();
    expect(one.document.canUndo).toBe(false);
  });

  test('order: forward, backward, front, back', () => {
    const { one, ids } = three();
    const [a, b, c] = ids as [ObjectId, ObjectId, ObjectId];
    const order = () => one.journey.objects.map(({ id }) => id);
    one.select({ kind: 'objects', ids: [a], cards: [] });
    reorder(one, 'forward');
    expect(order()).toEqual([b, a, c]);
    reorder(one, 'front');
    expect(order()).toEqual([b, c, a]);
    reorder(one, 'backward');
    expect(order()).toEqual([b, a, c]);
    reorder(one, 'back');
    expect(order()).toEqual([a, b, c]);
    reorder(one, 'back'); // is there already: no step
    for (let steps = 0; one.document.canUndo; steps += 1) {
      one.document.undo();
      expect(steps).toBeLessThan(4);
    }
  });
});

test('D3 undo n times then redo n times leaves the map unchanged, whatever was done with the tools, while others edit', () => {
  const word = fc.tuple(fc.nat(9), fc.nat(8), fc.nat(6));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
      const one = editor();
      const other = JourneyDocument.blank();
      Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.document.doc));
      const tools: readonly ToolId[] = ['sticky', 'rectangle', 'connector', 'pen', 'line', 'eraser', 'frame'];
      for (const [kind, x, y] of words) {
        const tool = tools[kind];
        if (tool !== undefined) {
          one.tool = tool;
          one.drag(on(one, x * 40, y * 40), on(one, x * 40 + 90, y * 40 + 70));
          one.finishEditing();
          one.tool = 'select';
        } else if (kind === 7) one.drag(on(one, x * 40 + 5, y * 40 + 5), on(one, y * 40, x * 40));
        else if (kind === 8) {
          selectNextObject(one, 1);
          duplicateSelection(one);
        } else {
          selectNextObject(one, 1);
          removeSelection(one);
        }
      }
      other.addStage({ name: 'theirs', index: 0 });
      Y.applyUpdate(one.document.doc, Y.encodeStateAsUpdate(other.doc), 'remote');
      const before = one.journey.objects;
      let steps = 0;
      for (; one.document.canUndo && steps < 99; steps += 1) one.document.undo();
      expect(one.journey.stages.map(({ name }) => name)).toContain('theirs');
      for (; one.document.canRedo && steps > 0; steps -= 1) one.document.redo();
      expect(one.journey.objects).toEqual(before);
    }),
    { numRuns: 40 }
  );
});

test('what is hit is found through the index: the frontmost, an unfilled shape only at its border', () => {
  const one = editor();
  const below = make(one, 'rectangle', [0, 0], [200, 200]);
  one.style = { ...one.style, fill: 'none' };
  const above = make(one, 'ellipse', [50, 50], [150, 150]);
  expect(one.hitWithoutHandles(on(one, 100, 100))).toEqual({ kind: 'object', id: below });
  expect(one.hitWithoutHandles(on(one, 100, 50))).toEqual({ kind: 'object', id: above });
  expect(one.hitWithoutHandles(screenPoint(1, 1)).kind).toBe('empty');
});
