import { describe, expect, it } from 'vitest';
import { cellKey, transitionKey } from '#lib/journey/metrics.ts';
import type { StageId } from '#lib/journey/ids.ts';
import { TestEditor } from '../editor/test-editor.ts';
import { screenPoint } from './space.ts';
import { stripHeight, wayLines, waysOf } from './ways.ts';

const stage = (editor: TestEditor, index: number) => editor.stages[index] as StageId;
const draw = (editor: TestEditor, ...pairs: readonly (readonly [number, number])[]) => {
  for (const [from, to] of pairs)
    editor.document.setMetric(transitionKey(stage(editor, from), stage(editor, to)), 0.25);
};
const kinds = (editor: TestEditor) =>
  editor.ways.map(({ from, to, kind, level }) => [
    editor.stages.indexOf(from),
    editor.stages.indexOf(to),
    kind,
    level
  ]);

describe('ways between stages', () => {
  it('to the next stage need no line; what skips, goes back, stays or leads to a band has one', () => {
    const editor = new TestEditor({ stages: 5 });
    draw(editor, [0, 1], [1, 2]);
    expect(editor.ways).toEqual([]);
    expect(editor.frame.strip).toBe(0);
    editor.document.setStageBand(stage(editor, 4), true);
    draw(editor, [0, 2], [2, 0], [1, 1], [3, 4]);
    expect(kinds(editor).sort()).toEqual([
      [0, 2, 'skip', 1],
      [1, 1, 'stay', 0],
      [2, 0, 'back', 2],
      [3, 4, 'band', 0]
    ]);
  });

  it('lie in a strip above the heads that is as high as they need, and no line lies on another', () => {
    const editor = new TestEditor({ stages: 6 });
    draw(editor, [0, 2], [3, 5]);
    expect(editor.ways.map(({ level }) => level)).toEqual([0, 0]);
    const flat = stripHeight(editor.ways);
    draw(editor, [0, 5]);
    expect(stripHeight(editor.ways)).toBeGreaterThan(flat);
    editor.panBy(0, 4_000);
    expect(editor.frame.stuck).toBe(true);
    expect(editor.frame.headerTop).toBe(stripHeight(editor.ways));
    const lines = wayLines(editor.ways, editor.layout, editor.camera, editor.frame.headerTop);
    expect(lines).toHaveLength(3);
    for (const { points } of lines)
      for (const { y } of points.slice(1, -1)) {
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(editor.frame.headerTop);
      }
  });

  it('are chosen by a click, and the cells beneath the strip are not', () => {
    const editor = new TestEditor({ stages: 4 });
    draw(editor, [0, 2]);
    editor.zoomTo100();
    editor.panBy(-editor.camera.x - 160, -editor.camera.y + 200);
    const [line] = wayLines(editor.ways, editor.layout, editor.camera, editor.frame.headerTop);
    const [, a, b] = line?.points ?? [];
    if (a === undefined || b === undefined) throw new Error('there is a line');
    editor.click(screenPoint((a.x + b.x) / 2, a.y));
    expect(editor.selection).toEqual({ kind: 'transition', from: stage(editor, 0), to: stage(editor, 2) });
    editor.click(screenPoint(b.x + 40, a.y));
    expect(editor.selection).toEqual({ kind: 'none' });
  });

  it('are the same list until the map’s stages or numbers are others', () => {
    const editor = new TestEditor({ stages: 3 });
    draw(editor, [2, 0]);
    const { ways } = editor;
    editor.card(0, 0);
    expect(editor.ways).toBe(ways);
    editor.document.setMetric(cellKey(editor.lanes[0] as never, stage(editor, 0), 'cost'), 3);
    expect(waysOf(editor.journey)).toEqual(ways);
  });
});
