import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARE_FACETS } from '#lib/journey/card-facets.ts';
import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { placeCards } from '#lib/journey/order.ts';
import type { Card, Journey, LaneKind } from '#lib/journey/records.ts';
import { BadgeCache } from './badges.ts';
import { frameOf } from './frame.ts';
import { hitTest } from './hit.ts';
import { changesBetween } from './changes.ts';
import { feelingOffset, scoreAt, textWidth, type Wrap } from './cell-layout.ts';
import { layoutJourney, type JourneyLayout } from './layout.ts';
import { METRE } from './metre.ts';
import { boardPoint, boardRect, overlaps, screenPoint, type BoardRect } from './space.ts';
import { WrapCache, wrapText } from './text.ts';

const measure = (text: string) => text.length * 7;
const wraps = new WrapCache(measure);
const badges = new BadgeCache(measure);
const wrap: Wrap = {
  lines: ({ text }, width) => wraps.wrap(text, width),
  badges: ({ facets }, width) => badges.of(facets, width)
};

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
    views: [],
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

/** Changes to a map, small as other people make them, and large. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), card: fc.nat(), to: fc.nat() }),
  fc.record({ kind: fc.constant('write' as const), card: fc.nat(), text: fc.string({ maxLength: 90 }) }),
  fc.record({ kind: fc.constant('remove' as const), card: fc.nat() }),
  fc.record({ kind: fc.constant('add' as const), to: fc.nat(), text: fc.string({ maxLength: 90 }) }),
  fc.record({
    kind: fc.constant('width' as const),
    stage: fc.nat(),
    width: fc.integer({ min: 120, max: 400 })
  }),
  fc.record({ kind: fc.constant('band' as const), stage: fc.nat() }),
  fc.record({ kind: fc.constant('lane' as const), lane: fc.nat() }),
  fc.record({ kind: fc.constant('drop' as const), lane: fc.nat() }),
  fc.record({ kind: fc.constant('number' as const), to: fc.nat(), score: fc.integer({ min: -2, max: 2 }) })
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

let added = 0;

function edited(journey: Journey, change: Edit): Journey {
  const { stages, lanes } = journey;
  const place = (to: number) => ({
    stage: stages[to % stages.length]?.id ?? ('' as StageId),
    lane: lanes[Math.floor(to / stages.length) % lanes.length]?.id ?? ('' as LaneId)
  });
  const { length } = journey.cards;
  const replace = (index: number, by: Partial<Card>) =>
    journey.cards.map((card, at) => (length > 0 && at === index % length ? { ...card, ...by } : card));
  const placed = (cards: Iterable<Card>, rows = lanes) => placeCards(cards, stages, rows);
  switch (change.kind) {
    case 'move':
      return { ...journey, ...placed(replace(change.card, place(change.to))) };
    case 'write':
      return { ...journey, cards: replace(change.card, { text: change.text }) };
    case 'remove':
      return { ...journey, cards: journey.cards.filter((_, at) => at !== change.card % length) };
    case 'add': {
      const id = `new${(added += 1)}` as CardId;
      const card: Card = { id, rank: '5', text: change.text, facets: BARE_FACETS, ...place(change.to) };
      return { ...journey, ...placed([...journey.cards, card]) };
    }
    case 'width':
    case 'band': {
      const by =
        change.kind === 'width' ? () => ({ width: change.width }) : (band: boolean) => ({ band: !band });
      return {
        ...journey,
        stages: stages.map((stage, at) =>
          at === change.stage % stages.length ? { ...stage, ...by(stage.band) } : stage
        )
      };
    }
    case 'lane': {
      const kind = KINDS[change.lane % KINDS.length] ?? 'notes';
      return {
        ...journey,
        lanes: lanes.map((lane, at) => (at === change.lane % lanes.length ? { ...lane, kind } : lane))
      };
    }
    case 'drop': {
      const rows = lanes.length > 1 ? lanes.filter((_, at) => at !== change.lane % lanes.length) : lanes;
      return { ...journey, lanes: rows, ...placed(journey.cards, rows) };
    }
    case 'number': {
      const { lane, stage } = place(change.to);
      const metrics = new Map(journey.metrics);
      metrics.set(cellKey(lane, stage, 'feeling'), change.score);
      metrics.set(cellKey(lane, stage, 'cost'), change.score + 2);
      return { ...journey, metrics };
    }
  }
}

/** Everything of a layout that is drawn, as plain data. */
const drawn = (layout: JourneyLayout) => ({
  ...layout,
  cards: [...layout.cards.values()],
  cells: layout.cells.all.map(({ lane, stage, rect, inBand, cards, feeling, cost, chip, add }) => ({
    lane,
    stage,
    rect,
    inBand,
    cards,
    feeling,
    cost,
    chip,
    add
  }))
});

describe('a layout after a change', () => {
  const start = fc.record({
    stages: fc.integer({ min: 1, max: 5 }),
    lanes: fc.integer({ min: 1, max: 5 }),
    texts: fc.array(fc.string({ maxLength: 60 }), { maxLength: 25 }),
    bands: fc.array(fc.nat(4), { maxLength: 1 })
  });
  const first = (options: Parameters<typeof journeyOf>[0]): Journey => {
    const journey = journeyOf(options);
    return { ...journey, ...placeCards(journey.cards, journey.stages, journey.lanes) };
  };

  it('equals the layout of the same journey from nothing, and finds the same cards', () => {
    fc.assert(
      fc.property(start, fc.array(edit, { minLength: 1, maxLength: 8 }), (options, edits) => {
        let journey = first(options);
        const gone = new Set<CardId>();
        let layout = layoutJourney(journey, wrap);
        for (const change of edits) {
          for (const { id } of journey.cards) gone.add(id);
          journey = edited(journey, change);
          layout = layoutJourney(journey, wrap, layout);
          expect(drawn(layout)).toEqual(drawn(layoutJourney(journey, wrap)));
          for (const { id } of journey.cards) {
            gone.delete(id);
            expect(layout.cards.get(id)?.card.id).toBe(id);
          }
          for (const id of gone) expect(layout.cards.get(id)).toBeUndefined();
        }
      })
    );
  });

  it('keeps the cells that did not change, and an older layout still finds its cards', () => {
    const texts = Array.from({ length: 32 }, (_, n) => `card ${n}`);
    const small = first({ stages: 4, lanes: 4, texts });
    const journey = { ...small, lanes: small.lanes.map((lane) => ({ ...lane, height: 400 })) };
    const before = layoutJourney(journey, wrap);
    const moved = edited(journey, { kind: 'move', card: 0, to: 5 });
    const after = layoutJourney(moved, wrap, before);
    const changed = after.cells.all.filter((cell) => !before.cells.all.includes(cell));
    expect(changed.map(({ lane, stage }) => `${lane.id}/${stage.id}`).sort()).toEqual(['l0/s0', 'l1/s1']);
    const card = journey.cards[0]?.id ?? ('' as CardId);
    expect(after.cards.get(card)?.lane.id).toBe('l1');
    expect(before.cards.get(card)?.lane.id).toBe('l0');
  });

  it('is equal whether it takes over from the layout before or not', () => {
    const plain = ({ source: _source, cells, cards: _cards, ...rest }: JourneyLayout) =>
      JSON.stringify({
        ...rest,
        cells: cells.all.map(({ rect, cards, chip, feeling }) => [rect, cards, chip, feeling])
      });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(11), fc.nat(8), fc.nat(8), fc.boolean()), { minLength: 1, maxLength: 12 }),
        (moves) => {
          const stages = 3;
          let journey = journeyOf({
            stages,
            lanes: 3,
            texts: Array.from({ length: 12 }, (_, i) => `card ${i}`),
            bands: [2]
          });
          const { cards } = placeCards(journey.cards, journey.stages, journey.lanes);
          journey = { ...journey, cards };
          let layout = layoutJourney(journey, wrap);
          for (const [which, cell, rank, grows] of moves) {
            const changed = journey.cards.map((card, index) =>
              index !== which
                ? card
                : {
                    ...card,
                    stage: `s${cell % stages}` as StageId,
                    lane: `l${Math.floor(cell / stages)}` as LaneId,
                    rank: String(rank),
                    text: grows ? `${card.text} and some more words to fill another line` : card.text
                  }
            );
            journey = { ...journey, cards: placeCards(changed, journey.stages, journey.lanes).cards };
            layout = layoutJourney(journey, wrap, layout);
            expect(plain(layout)).toBe(plain(layoutJourney(journey, wrap)));
            for (const { id } of journey.cards) expect(layout.cards.get(id)?.card.id).toBe(id);
          }
        }
      )
    );
  });

  it('differs from the layout before only within the changes that are told', () => {
    fc.assert(
      fc.property(start, edit, (options, change) => {
        const journey = first(options);
        const before = layoutJourney(journey, wrap);
        const after = layoutJourney(edited(journey, change), wrap, before);
        const changes = changesBetween(before, after);
        const covered = (rect: BoardRect) =>
          changes.some(
            (one) =>
              one.x <= rect.x &&
              one.y <= rect.y &&
              one.x + one.width >= rect.x + rect.width &&
              one.y + one.height >= rect.y + rect.height
          );
        const looks = (layout: JourneyLayout) =>
          new Map(
            drawn(layout).cells.map((cell) => [
              `${cell.lane.id}/${cell.stage.id}`,
              { rect: cell.rect, look: JSON.stringify(cell) }
            ])
          );
        const [old, now] = [looks(before), looks(after)];
        for (const key of new Set([...old.keys(), ...now.keys()])) {
          const [a, b] = [old.get(key), now.get(key)];
          if (a?.look === b?.look) continue;
          for (const one of [a, b]) if (one !== undefined) expect(covered(one.rect)).toBe(true);
        }
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
