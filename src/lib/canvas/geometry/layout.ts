import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { carriesCost, type Card, type Journey, type Lane, type Stage } from '#lib/journey/records.ts';
import { CellIndex } from './cell-index.ts';
import type { CardLayout, CellLayout, FeelingLayout } from './cell-layout.ts';
import { boardPoint, boardRect, type BoardRect } from './space.ts';

/** Measures of the drawn map, in board units. */
export const METRE = {
  cellPadding: 10,
  cellFoot: 32, // for the cost chip and the button that adds a card
  cardGap: 8,
  cardPadding: { left: 16, right: 10, y: 8 },
  cardEdge: 6,
  cardRadius: 10,
  lineHeight: 19,
  cardLeast: 36,
  curve: { height: 148, top: 26, bottom: 44 },
  band: { gap: 28, labelHeight: 26, cellLeast: 200, tip: 28 }
} as const;

export interface ColumnLayout {
  readonly stage: Stage;
  readonly x: number;
  readonly width: number;
}

export interface RowLayout {
  readonly lane: Lane;
  readonly y: number;
  readonly height: number;
}

/** A stage that runs under the whole lifecycle. */
export interface BandLayout {
  readonly stage: Stage;
  readonly rect: BoardRect;
}

/** The feelings of one lane along the columns. */
export interface CurveLayout {
  readonly lane: LaneId;
  readonly y: number; // top of the curve's area
  readonly points: readonly FeelingLayout[]; // only those with a score
}

export interface JourneyLayout {
  readonly columns: readonly ColumnLayout[];
  readonly rows: readonly RowLayout[];
  readonly bands: readonly BandLayout[];
  readonly curves: readonly CurveLayout[];
  readonly cells: CellIndex;
  readonly cards: ReadonlyMap<CardId, CardLayout>;
  /** The grid of columns and rows, without bands. */
  readonly grid: BoardRect;
  /** Everything. */
  readonly bounds: BoardRect;
}

/** Breaks a card's text into lines of a width in board units. */
export type Wrap = (text: string, width: number) => readonly string[];

export const textWidth = (cardWidth: number): number =>
  cardWidth - METRE.cardPadding.left - METRE.cardPadding.right;

/** Where a score is drawn, from the top of the curve's area. */
export const feelingOffset = (score: number): number => {
  const { height, top, bottom } = METRE.curve;
  return top + ((2 - score) / 4) * (height - top - bottom);
};

/** The score nearest to a height in the curve's area, in steps of 1 or a tenth. */
export const scoreAt = (offset: number, step: 1 | 0.1 = 1): number => {
  const { height, top, bottom } = METRE.curve;
  const exact = 2 - ((offset - top) / (height - top - bottom)) * 4;
  const score = step === 1 ? Math.round(exact) : Math.round(exact * 10) / 10;
  return Math.max(-2, Math.min(2, score)) + 0; // + 0: never -0
};

const cellId = (lane: LaneId, stage: StageId) => `${lane}/${stage}`;

interface Block {
  readonly card: Card;
  readonly lines: readonly string[];
  readonly height: number;
}

const blocksOf = (cards: readonly Card[], width: number, wrap: Wrap): Block[] =>
  cards.map((card) => {
    const lines = wrap(card.text, textWidth(width - 2 * METRE.cellPadding));
    const height = Math.max(METRE.cardLeast, lines.length * METRE.lineHeight + 2 * METRE.cardPadding.y);
    return { card, lines, height };
  });

/** Where the first card begins below the top of its cell. */
const headOf = (lane: Lane, inBand: boolean): number =>
  (inBand ? METRE.band.labelHeight : 0) + (lane.kind === 'feelings' ? METRE.curve.height : METRE.cellPadding);

const heightOf = (blocks: readonly Block[], head: number): number =>
  blocks.reduce((sum, block) => sum + block.height + METRE.cardGap, head) + METRE.cellFoot;

function layoutCell(
  journey: Journey,
  lane: Lane,
  stage: Stage,
  rect: BoardRect,
  inBand: boolean,
  blocks: readonly Block[]
): CellLayout {
  let y = rect.y + headOf(lane, inBand);
  const cards = blocks.map(({ card, lines, height }): CardLayout => {
    const at = boardRect(rect.x + METRE.cellPadding, y, rect.width - 2 * METRE.cellPadding, height);
    y += height + METRE.cardGap;
    return { card, lane, rect: at, lines };
  });
  const curveTop = rect.y + (inBand ? METRE.band.labelHeight : 0);
  const score = journey.metrics.get(cellKey(lane.id, stage.id, 'feeling')) ?? null;
  const bottom = rect.y + rect.height;
  return {
    lane,
    stage,
    rect,
    inBand,
    cards,
    feeling:
      lane.kind === 'feelings'
        ? {
            lane: lane.id,
            stage: stage.id,
            score,
            at: boardPoint(rect.x + rect.width / 2, curveTop + feelingOffset(clampScore(score ?? 0)))
          }
        : null,
    chip: carriesCost(lane.kind) ? boardRect(rect.x + rect.width - 98, bottom - 27, 90, 22) : null,
    add: boardRect(rect.x + 8, bottom - 28, 24, 24)
  };
}

const clampScore = (score: number): number => Math.max(-2, Math.min(2, score));

/**
 * Where everything of a map is, in board units: stages as columns of their own width, lanes as rows as high as their
 * fullest cell, and below the grid one strip for each band, holding that stage's cells side by side.
 *
 * Pure: the same journey and the same `wrap` give the same layout. Cost is linear in cards when `wrap` remembers.
 */
export function layoutJourney(journey: Journey, wrap: Wrap): JourneyLayout {
  const inCell = new Map<string, Card[]>();
  for (const card of journey.cards) {
    const key = cellId(card.lane, card.stage);
    const cell = inCell.get(key);
    if (cell === undefined) inCell.set(key, [card]);
    else cell.push(card);
  }
  const cardsOf = (lane: Lane, stage: Stage) => inCell.get(cellId(lane.id, stage.id)) ?? [];

  const columns: ColumnLayout[] = [];
  let x = 0;
  for (const stage of journey.stages) {
    if (stage.band) continue;
    columns.push({ stage, x, width: stage.width });
    x += stage.width;
  }
  const cells: CellLayout[] = [];
  const rows: RowLayout[] = [];
  let y = 0;
  for (const lane of journey.lanes) {
    const blocks = columns.map(({ stage, width }) => blocksOf(cardsOf(lane, stage), width, wrap));
    const head = headOf(lane, false);
    const height = Math.max(lane.height, ...blocks.map((cell) => heightOf(cell, head)));
    columns.forEach((column, index) => {
      const rect = boardRect(column.x, y, column.width, height);
      cells.push(layoutCell(journey, lane, column.stage, rect, false, blocks[index] ?? []));
    });
    rows.push({ lane, y, height });
    y += height;
  }
  const grid = boardRect(0, 0, x, y);

  const bands: BandLayout[] = [];
  let bottom = y;
  const bandWidth = Math.max(x, journey.lanes.length > 0 ? METRE.band.cellLeast * 2 : 0);
  for (const stage of journey.stages) {
    if (!stage.band) continue;
    const strip = layoutBand(journey, stage, bottom + METRE.band.gap, bandWidth, cardsOf, wrap);
    bands.push({ stage, rect: strip.rect });
    cells.push(...strip.cells);
    bottom = strip.rect.y + strip.rect.height;
  }

  const cards = new Map<CardId, CardLayout>();
  for (const cell of cells) for (const card of cell.cards) cards.set(card.card.id, card);
  return {
    columns,
    rows,
    bands,
    curves: curvesOf(rows, cells),
    cells: new CellIndex(cells),
    cards,
    grid,
    bounds: boardRect(0, 0, Math.max(x, bands.length > 0 ? bandWidth : 0), bottom)
  };
}

/** The strip of one band: its cells side by side, in as many lines as their least width asks for. */
function layoutBand(
  journey: Journey,
  stage: Stage,
  top: number,
  width: number,
  cardsOf: (lane: Lane, stage: Stage) => readonly Card[],
  wrap: Wrap
): { rect: BoardRect; cells: CellLayout[] } {
  const { lanes } = journey;
  const perLine = Math.max(1, Math.min(lanes.length, Math.floor(width / METRE.band.cellLeast)));
  const cellWidth = Math.floor(width / perLine);
  const cells: CellLayout[] = [];
  let y = top;
  for (let start = 0; start < lanes.length; start += perLine) {
    const line = lanes.slice(start, start + perLine);
    const blocks = line.map((lane) => blocksOf(cardsOf(lane, stage), cellWidth, wrap));
    const heights = line.map((lane, index) => heightOf(blocks[index] ?? [], headOf(lane, true)));
    const height = Math.max(112, ...heights);
    line.forEach((lane, index) => {
      const rect = boardRect(index * cellWidth, y, cellWidth, height);
      cells.push(layoutCell(journey, lane, stage, rect, true, blocks[index] ?? []));
    });
    y += height;
  }
  return { rect: boardRect(0, top, width, Math.max(80, y - top)), cells };
}

function curvesOf(rows: readonly RowLayout[], cells: readonly CellLayout[]): CurveLayout[] {
  return rows
    .filter(({ lane }) => lane.kind === 'feelings')
    .map(({ lane, y }) => ({
      lane: lane.id,
      y,
      points: cells.flatMap(({ lane: of, inBand, feeling }) =>
        of.id === lane.id && !inBand && feeling !== null && feeling.score !== null ? [feeling] : []
      )
    }));
}
