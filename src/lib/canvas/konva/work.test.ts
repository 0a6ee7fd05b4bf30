import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { cardRecord } from '#lib/document/write.ts';
import { objectRecord } from '#lib/document/write-object.ts';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { ranks } from '#lib/journey/order.ts';
import { TestEditor } from '../editor/test-editor.ts';
import { toScreen } from '../geometry/camera.ts';
import { boardPoint } from '../geometry/space.ts';
import { BoardContent } from './board-content.ts';
import { CarriedThings } from './carried.ts';
import type { ImageCache } from './image-cache.ts';
import type { Pen } from './pen.ts';
import type { ObjectScene } from './scene.ts';
import type { BoardTheme } from './theme.ts';

/*
 * The work of a pan, a change and a drag depends on what is in sight and on what changed, and not on the size of the
 * map: counted as what is painted, on a map and on one of ten times its size that looks the same around the view.
 */
const SMALL = 40; // notes across and down
const LARGE = 120;
const PITCH = 240;
const CARDS = 6; // in each cell

/** Counts what is painted; each note and each card is one text of one line. */
class Counter {
  texts = 0;
  readonly pen: Pen;

  constructor() {
    const count = () => (this.texts += 1);
    this.pen = new Proxy({} as Pen, {
      get: (known, name) =>
        name === 'fillText'
          ? count
          : name === 'measureText'
            ? () => ({ width: 10 })
            : ((known as unknown as Record<PropertyKey, unknown>)[name] ?? (() => undefined)),
      set: (known, name, value) => Reflect.set(known, name, value)
    });
  }

  /** How much is painted meanwhile. */
  of(work: () => void): number {
    const before = this.texts;
    work();
    return this.texts - before;
  }
}

/** Every colour is black. */
const theme: BoardTheme = new Proxy({} as BoardTheme, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => '#000' : theme)
});

let counter: Counter;

beforeEach(() => {
  counter = new Counter();
  vi.stubGlobal('document', {
    createElement: () => ({ width: 0, height: 0, getContext: () => counter.pen })
  });
});
afterEach(() => vi.unstubAllGlobals());

/** A board of notes around its origin, seen from there, with all bitmaps painted. */
function board(side: number) {
  const doc = new Y.Doc();
  const order = ranks(side * side);
  doc.transact(() => {
    for (let row = 0; row < side; row += 1)
      for (let column = 0; column < side; column += 1) {
        const id = `n${column - side / 2}_${row - side / 2}` as ObjectId;
        const [x, y] = [(column - side / 2) * PITCH, (row - side / 2) * PITCH];
        const rank = order[row * side + column] ?? '';
        const rest = { locked: false, group: null, color: 'yellow', kind: 'sticky', text: id } as const;
        doc.getMap('objects').set(id, objectRecord({ id, rank, x, y, width: 200, height: 200, ...rest }));
      }
  });
  const document = new JourneyDocument(doc);
  const editor = new TestEditor({ document, stages: 0 });
  // The lanes' heads would be in the way of nothing, but the grid is not what is looked at here.
  for (const lane of editor.lanes) document.removeLane(lane);
  editor.zoomTo100();
  const at = toScreen(editor.camera, boardPoint(0, 0));
  editor.panBy(at.x - 600, at.y - 400);
  return mounted(editor);
}

function mounted(editor: TestEditor) {
  const scene: ObjectScene = {
    editor,
    theme,
    images: { get: () => ({ state: 'loading' }) } as unknown as ImageCache,
    get camera() {
      return editor.camera;
    },
    get viewport() {
      return editor.viewport;
    }
  };
  const [content, carried] = [new BoardContent(scene), new CarriedThings(scene)];
  let now = 0;
  const draw = (ms = 1000): void => {
    now += ms;
    carried.draw(counter.pen, 1, now);
    while (content.draw(counter.pen, 1, now) === 0) now += 16;
  };
  for (let turn = 0; turn < 4; turn += 1) draw();
  return { editor, draw };
}

const both = (work: (side: number) => number): [number, number] => [work(SMALL), work(LARGE)];

describe('free objects', () => {
  test('a pan paints the bitmaps that come into view, and nothing else', () => {
    const [small, large] = both((side) => {
      const { editor, draw } = board(side);
      expect(counter.of(draw)).toBe(0); // nothing changed
      return counter.of(() => {
        for (let step = 0; step < 20; step += 1) {
          editor.panBy(60, 0);
          draw(16);
        }
      });
    });
    expect(large).toBe(small);
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(200);
  });

  test('a change of somebody else is placed and painted by itself', () => {
    const [small, large] = both((side) => {
      const { editor, draw } = board(side);
      const records = editor.document.doc.getMap<Y.Map<unknown>>('objects');
      const version = editor.objects.version;
      const painted = counter.of(() => {
        records.get('n0_0')?.set('x', 20);
        draw();
      });
      expect(editor.objects.changedSince(version)).toHaveLength(2); // where it was and where it is
      return painted;
    });
    expect(large).toBe(small);
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(20);
  });

  test('a drag paints what is carried, and beneath it once where that was', () => {
    const [small, large] = both((side) => {
      const { editor, draw } = board(side);
      const from = toScreen(editor.camera, boardPoint(100, 100));
      editor.press(from).moveBy(30, 30);
      draw();
      return counter.of(() => {
        for (let step = 0; step < 10; step += 1) {
          editor.moveBy(7, 3);
          draw(16);
        }
      });
    });
    expect(large).toBe(small);
    expect(small).toBe(10);
  });

  test('all of them are carried as bitmaps: further moves paint none of them', () => {
    const { editor, draw } = board(SMALL);
    const ids = editor.journey.objects.map(({ id }) => id);
    editor.select({ kind: 'objects', ids, cards: [] });
    editor.press(toScreen(editor.camera, boardPoint(100, 100))).moveBy(30, 30);
    const sway = (): void => {
      for (let step = 0; step < 10; step += 1) {
        const by = step % 2 === 0 ? 3 : -3;
        editor.moveBy(by, by);
        draw(16);
      }
    };
    // Bitmaps beyond the edges are painted before they are seen.
    for (let turn = 0; turn < 4; turn += 1) sway();
    expect(counter.of(sway)).toBe(0);
    editor.release();
    expect(editor.objects.get(ids[0] as ObjectId)?.rect.x).toBe((-SMALL / 2) * PITCH + 30);
  });
});

describe('cards', () => {
  /** As many stages as asked for, and six cards in each of their cells. */
  function map(stages: number) {
    const editor = new TestEditor({ stages });
    const order = ranks(CARDS);
    editor.document.step(() => {
      for (const stage of editor.stages)
        for (const lane of editor.lanes)
          for (let index = 0; index < CARDS; index += 1) {
            const id = `${stage}_${lane}_${index}`.slice(0, 60) as CardId;
            const rank = order[index] ?? '';
            const card = { id, stage, lane, rank, text: 'A card', facets: BARE_FACETS };
            editor.document.doc.getMap('cards').set(id, cardRecord(card));
          }
    });
    editor.zoomTo100();
    const at = toScreen(editor.camera, boardPoint(0, 0));
    editor.panBy(at.x - 200, at.y - 200);
    return mounted(editor);
  }

  test('a change to a card lays out its cell alone, and paints what that covers', () => {
    const work = (stages: number): number => {
      const { editor, draw } = map(stages);
      const before = editor.layout;
      const card = [...before.cards.values()][1]?.card;
      const painted = counter.of(() => {
        editor.document.doc
          .getMap<Y.Map<unknown>>('cards')
          .get(card?.id ?? '')
          ?.set('text', new Y.Text('Other'));
        draw();
      });
      expect(editor.layout.cells.differing(before.cells)).toHaveLength(1);
      expect(editor.layout.rows).toBe(before.rows);
      return painted;
    };
    const [small, large] = [work(10), work(90)];
    expect(large).toBe(small);
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(3 * CARDS);
  });
});
