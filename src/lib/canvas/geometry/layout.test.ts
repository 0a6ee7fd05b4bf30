import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import type { Journey, LaneKind } from '#lib/journey/records.ts';
import { frameOf } from './frame.ts';
import { hitTest } from './hit.ts';
import { feelingOffset, layoutJourney, METRE, scoreAt, textWidth } from './layout.ts';
import { boardPoint, boardRect, overlaps, screenPoint } from './space.ts';
import { WrapCache, wrapText } from './text.ts';

const measure = (text: string) => text.length * 7;
const wraps = new WrapCache(measure);
const wrap = (text: string, width: number) => wraps.wrap(text, width);

const KINDS: readonly LaneKind[] = ['actions', 'feelings', 'touchpoints', 'notes'];

function journeyOf(options: {
  stages: number;
  lanes: number;
  texts?: readonly string[];
  bands?: readonly number[];
}): Journey {
  const { stages, lanes, texts = [], bands = [] } = options;
  return {
    title: '',
    settings: { tick: 'month', currency: 'EUR', referralEntry: null, feelingsSource: '' },
    stages: Array.from({ length: stages }, (_, index) => ({
      id: `s${index}` as StageId,
      name: `Stage ${index}`,
      rank: String(index),
      kind: null,
      band: bands.includes(index),
      width: 200 + 20 * index,
      customerObjective: '',
      businessObjective: '',
      keyActivities: ''
    })),
    lanes: Array.from({ length: lanes }, (_, index) => ({
      id: `l${index}` as LaneId,
      name: `Lane ${index}`,
      rank: String(index),
      kind: KINDS[index % KINDS.length] ?? 'notes',
      height: 120
    })),
    cards: texts.map((text, index) => ({
      id: `c${index}` as CardId,
      stage: `s${index % stages}` as StageId,
      lane: `l${Math.floor(index / stages) % lanes}` as LaneId,
      rank: String(index),
      text,
      facets: BARE_FACETS
    })),
    unplaced: [],
    objects: [],
    metrics: new Map(),
    scenarios: [],
    opportunities: [],
    ranges: new Map(),
    experiments: [],
    fits: []
  };
}

describe('wrapText', () => {
  it('breaks at spaces, after hyphens, at line ends, and inside a word that fills a line alone', () => {
    expect(wrapText('one two three', 8 * 7, measure)).toEqual(['one two', 'three']);
    expect(wrapText('well-known', 6 * 7, measure)).toEqual(['well-', 'known']);
    expect(wrapText('a\n\nb', 70, measure)).toEqual(['a', '', 'b']);
    expect(wrapText('abcdefgh', 3 * 7, measure)).toEqual(['abc', 'def', 'gh']);
    expect(wrapText('', 70, measure)).toEqual(['']);
    expect(wrapText('日本語日本語', 4 * 7, measure)).toEqual(['日本語日', '本語']);
  });

  it('loses no letter, and no line is wider than asked for unless it is one letter', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 10, max: 200 }), (text, width) => {
        const lines = wrapText(text, width, measure);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const line of lines)
          if ([...line].length > 1) expect(measure(line)).toBeLessThanOrEqual(width + 7);
      })
    );
  });
});

describe('layoutJourney', () => {
  it('no two cards overlap, and each lies in its own cell', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.string({ maxLength: 120 }), { maxLength: 30 }),
        fc.array(fc.nat(4), { maxLength: 2 }),
        (stages, lanes, texts, bands) => {
          const layout = layoutJourney(journeyOf({ stages, lanes, texts, bands }), wrap);
          const cards = [...layout.cards.values()];
          expect(cards.length).toBe(texts.length);
          for (const [index, a] of cards.entries()) {
            for (const b of cards.slice(index + 1)) expect(overlaps(a.rect, b.rect)).toBe(false);
            const cell = layout.cells.get(a.lane.id, a.card.stage)?.rect;
            expect(cell && cell.y <= a.rect.y && a.rect.y + a.rect.height <= cell.y + cell.height).toBe(true);
          }
          for (const [index, a] of layout.cells.all.entries())
            for (const b of layout.cells.all.slice(index + 1)) expect(overlaps(a.rect, b.rect)).toBe(false);
        }
      ),
      { numRuns: 60 }
    );
  });

  it('a lane grows with its fullest cell, so that no text is cut', () => {
    const short = layoutJourney(journeyOf({ stages: 2, lanes: 2, texts: ['short'] }), wrap);
    const text = 'a rather long text that needs many lines '.repeat(8);
    const long = layoutJourney(journeyOf({ stages: 2, lanes: 2, texts: [text] }), wrap);
    expect(short.rows[0]?.height).toBe(120);
    expect(long.rows[0]?.height).toBeGreaterThan(200);
    expect(long.rows[1]?.y).toBe(long.rows[0]?.height);
    const card = long.cards.get('c0' as CardId);
    expect(card?.lines).toEqual(wrapText(text, textWidth(180), measure));
    expect(card?.rect.height).toBe((card?.lines.length ?? 0) * METRE.lineHeight + 2 * METRE.cardPadding.y);
  });

  it('columns have their own widths and bands none: they lie under the grid, each lane with a cell', () => {
    const layout = layoutJourney(journeyOf({ stages: 4, lanes: 3, bands: [3] }), wrap);
    expect(layout.columns.map(({ x, width }) => [x, width])).toEqual([
      [0, 200],
      [200, 220],
      [420, 240]
    ]);
    const [band] = layout.bands;
    expect(band?.rect.y).toBeGreaterThan(layout.grid.height);
    expect(band?.rect.width).toBe(layout.grid.width);
    const cells = layout.cells.all.filter(({ inBand }) => inBand);
    expect(cells.map(({ lane }) => lane.id)).toEqual(['l0', 'l1', 'l2']);
    for (const { rect } of cells) expect(band && rect.y >= band.rect.y).toBe(true);
    expect(layout.bounds.height).toBe((band?.rect.y ?? 0) + (band?.rect.height ?? 0));
  });

  it('a curve runs through the columns that have a score, in their order', () => {
    const journey = journeyOf({ stages: 4, lanes: 2, bands: [3] });
    const scores = [2, null, -1, 1];
    const metrics = new Map(
      scores.flatMap((score, index) =>
        score === null ? [] : [[cellKey('l1' as LaneId, `s${index}` as StageId, 'feeling'), score] as const]
      )
    );
    const { curves, cells } = layoutJourney({ ...journey, metrics }, wrap);
    expect(curves[0]?.points.map(({ stage, score }) => [stage, score])).toEqual([
      ['s0', 2],
      ['s2', -1]
    ]);
    expect(cells.get('l1' as LaneId, 's3' as StageId)?.feeling?.score).toBe(1);
    for (const score of [-2, -1, 0, 1, 2]) expect(scoreAt(feelingOffset(score))).toBe(score);
    expect(Object.is(scoreAt(feelingOffset(0)), 0)).toBe(true);
  });

  it('the index finds what a scan finds', () => {
    const layout = layoutJourney(
      journeyOf({
        stages: 5,
        lanes: 4,
        texts: Array.from({ length: 60 }, (_, n) => `card ${n}`),
        bands: [4]
      }),
      wrap
    );
    const { width, height } = layout.bounds;
    const side = fc.double({ min: -100, max: 1500, noNaN: true });
    fc.assert(
      fc.property(side, side, fc.double({ min: 1, max: 600, noNaN: true }), (x, y, size) => {
        const rect = boardRect(x % width, y % height, size, size);
        const scan = [...layout.cards.values()]
          .filter((card) => overlaps(card.rect, rect))
          .map(({ card }) => card.id);
        expect(new Set(layout.cells.cardsWithin(rect).map(({ card }) => card.id))).toEqual(new Set(scan));
        const found = layout.cells.cardAt(boardPoint(rect.x, rect.y));
        expect(found === null || scan.includes(found.card.id)).toBe(true);
      })
    );
  });
});

describe('the frame', () => {
  const layout = layoutJourney(journeyOf({ stages: 4, lanes: 3, bands: [3] }), wrap);
  const viewport = { width: 1000, height: 600 };

  it('heads stand beside the grid until they reach the edge, and keep their size at every zoom', () => {
    const above = frameOf(layout, { x: -300, y: -200, zoom: 1 }, viewport);
    expect([above.headerTop, above.titleLeft]).toEqual([134, 164]);
    for (const zoom of [0.05, 1, 4]) {
      const stuck = frameOf(layout, { x: 100, y: 100, zoom }, viewport);
      expect([stuck.headerTop, stuck.titleLeft]).toEqual([0, 0]);
      for (const { rect } of stuck.stages) expect(rect.height).toBe(66);
    }
  });

  it('a hit on a head wins over the cell that pans beneath it', () => {
    const camera = { x: 150, y: 60, zoom: 1 };
    const frame = frameOf(layout, camera, viewport);
    const at = (x: number, y: number) => hitTest(layout, frame, camera, screenPoint(x, y));
    expect(at(200, 30)).toEqual({ kind: 'stage', id: 's1' });
    expect(at(270, 30)).toEqual({ kind: 'stageEdge', id: 's1' });
    expect(at(40, 200)).toMatchObject({ kind: 'lane' });
    expect(at(200, 40 + 66)).toMatchObject({ kind: 'cell', stage: 's1' });
    expect(at(990, 590)).toEqual({ kind: 'empty' });
  });
});
