import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { carriesCost, type Card, type Journey, type Lane, type Stage } from '#lib/journey/records.ts';
import { NOTHING_FOLDED, type Folded } from '#lib/journey/views.ts';
import { CardIndex, CellIndex } from './cell-index.ts';
import {
  Cell,
  FOLDED_STACK,
  stackOf,
  type CellContent,
  type FeelingLayout,
  type Stack,
  type Wrap
} from './cell-layout.ts';
import { METRE } from './metre.ts';
import { patchLayout } from './patch-layout.ts';
import { boardRect, type BoardRect } from './space.ts';

export interface ColumnLayout {
  readonly stage: Stage;
  readonly x: number;
  readonly width: number;
  readonly folded: boolean;
}

export interface RowLayout {
  readonly lane: Lane;
  readonly y: number;
  readonly height: number;
  readonly folded: boolean;
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

/** What a layout was made of. */
export interface LayoutSource extends Pick<Journey, 'stages' | 'lanes' | 'cards' | 'metrics'> {
  readonly folded: Folded;
}

export interface JourneyLayout {
  readonly source: LayoutSource;
  readonly columns: readonly ColumnLayout[];
  readonly rows: readonly RowLayout[];
  readonly bands: readonly BandLayout[];
  readonly curves: readonly CurveLayout[];
  readonly cells: CellIndex;
  readonly cards: CardIndex;
  /** The grid of columns and rows, without bands. */
  readonly grid: BoardRect;
  /** Everything. */
  readonly bounds: BoardRect;
}

const cellId = (lane: LaneId, stage: StageId) => `${lane}/${stage}`;

/** The cards of each cell, in the journey's order. */
function cardsByCell(cards: readonly Card[]): (lane: Lane, stage: Stage) => readonly Card[] {
  const inCell = new Map<string, Card[]>();
  let run: { lane: LaneId; stage: StageId; cards: Card[] } | null = null;
  // The cards of a cell stand together: a key is made for each run of them and not for each card.
  for (const card of cards) {
    if (run === null || run.lane !== card.lane || run.stage !== card.stage) {
      const key = cellId(card.lane, card.stage);
      const known = inCell.get(key) ?? [];
      inCell.set(key, known);
      run = { lane: card.lane, stage: card.stage, cards: known };
    }
    run.cards.push(card);
  }
  return (lane, stage) => inCell.get(cellId(lane.id, stage.id)) ?? [];
}

/** Lays out one journey, taking over from the layout before what has not changed. */
class Layouter {
  readonly #source: LayoutSource;
  readonly #wrap: Wrap;
  readonly #before: JourneyLayout | null;
  readonly #cardsOf: (lane: Lane, stage: Stage) => readonly Card[];

  constructor(source: LayoutSource, wrap: Wrap, before: JourneyLayout | null) {
    this.#source = source;
    this.#wrap = wrap;
    this.#before = before;
    this.#cardsOf = cardsByCell(source.cards);
  }

  isFolded({ id }: Lane | Stage): boolean {
    return this.#source.folded.has(id);
  }

  stack(lane: Lane, stage: Stage, inBand: boolean, width: number): Stack {
    if (this.isFolded(lane) || this.isFolded(stage)) return FOLDED_STACK;
    const before = this.#before?.cells.get(lane.id, stage.id)?.content.stack ?? null;
    return stackOf(this.#cardsOf(lane, stage), lane, inBand, width, this.#wrap, before);
  }

  cell(lane: Lane, stage: Stage, rect: BoardRect, inBand: boolean, stack: Stack): Cell {
    const { metrics } = this.#source;
    const metric = (name: 'feeling' | 'cost') => metrics.get(cellKey(lane.id, stage.id, name)) ?? null;
    const content: CellContent = {
      stack,
      score: lane.kind === 'feelings' ? metric('feeling') : null,
      cost: carriesCost(lane.kind) ? metric('cost') : null
    };
    const before = this.#before?.cells.get(lane.id, stage.id);
    return before?.is(lane, stage, rect, inBand, content) === true
      ? before
      : new Cell(lane, stage, rect, inBand, content);
  }
}

/**
 * Where everything of a map is, in board units: stages as columns of their own width, lanes as rows as high as their
 * fullest cell, and below the grid one strip for each band, holding that stage's cells side by side.
 *
 * Pure: the same journey and the same `wrap` give an equal layout, whatever `before` is; cells that did not change are
 * the very objects of `before`. A change to a card that leaves its row as high as it is costs no more than its cell; one
 * that does not costs a pass over the cells.
 *
 * @param before A layout of the same map with the same `wrap`.
 * @param folded Stages and lanes of which only a strip is shown, without their cards.
 */
export function layoutJourney(
  journey: Journey,
  wrap: Wrap,
  before: JourneyLayout | null = null,
  folded: Folded = NOTHING_FOLDED
): JourneyLayout {
  const { stages, lanes, cards, metrics } = journey;
  const source: LayoutSource = { stages, lanes, cards, metrics, folded };
  return (before === null ? null : patchLayout(source, wrap, before)) ?? layoutAll(source, wrap, before);
}

function layoutAll(journey: LayoutSource, wrap: Wrap, before: JourneyLayout | null): JourneyLayout {
  const layouter = new Layouter(journey, wrap, before);
  const columns: ColumnLayout[] = [];
  let x = 0;
  for (const stage of journey.stages) {
    if (stage.band) continue;
    const width = layouter.isFolded(stage) ? METRE.folded.width : stage.width;
    columns.push({ stage, x, width, folded: layouter.isFolded(stage) });
    x += width;
  }
  const cells: Cell[] = [];
  const rows: RowLayout[] = [];
  let y = 0;
  for (const lane of journey.lanes) {
    const stacks = columns.map(({ stage, width }) => layouter.stack(lane, stage, false, width));
    const closed = layouter.isFolded(lane);
    const height = closed
      ? METRE.folded.height
      : stacks.reduce((most, stack) => Math.max(most, stack.height), lane.height);
    stacks.forEach((stack, index) => {
      const column = columns[index];
      if (column === undefined) return;
      const rect = boardRect(column.x, y, column.width, height);
      cells.push(layouter.cell(lane, column.stage, rect, false, stack));
    });
    rows.push({ lane, y, height, folded: closed });
    y += height;
  }

  const bands: BandLayout[] = [];
  let bottom = y;
  const bandWidth = Math.max(x, journey.lanes.length > 0 ? METRE.band.cellLeast * 2 : 0);
  for (const stage of journey.stages) {
    if (!stage.band) continue;
    const strip = layoutBand(layouter, journey.lanes, stage, bottom + METRE.band.gap, bandWidth);
    bands.push({ stage, rect: strip.rect });
    cells.push(...strip.cells);
    bottom = strip.rect.y + strip.rect.height;
  }

  const index = new CellIndex(
    {
      stages: columns.map(({ stage }) => stage.id),
      lanes: rows.map(({ lane }) => lane.id),
      columns: columns.map(({ x: start, width: size }) => ({ start, size })),
      rows: rows.map(({ y: start, height: size }) => ({ start, size }))
    },
    cells
  );
  return {
    source: journey,
    columns,
    rows,
    bands,
    curves: curvesOf(rows, columns, index),
    cells: index,
    cards: new CardIndex(index, before?.cards ?? null),
    grid: boardRect(0, 0, x, y),
    bounds: boardRect(0, 0, Math.max(x, bands.length > 0 ? bandWidth : 0), bottom)
  };
}

/** The strip of one band: its cells side by side, in as many lines as their least width asks for. */
function layoutBand(
  layouter: Layouter,
  lanes: readonly Lane[],
  stage: Stage,
  top: number,
  width: number
): { rect: BoardRect; cells: Cell[] } {
  const closed = layouter.isFolded(stage);
  const perLine = closed
    ? Math.max(1, lanes.length)
    : Math.max(1, Math.min(lanes.length, Math.floor(width / METRE.band.cellLeast)));
  const cellWidth = Math.floor(width / perLine);
  const cells: Cell[] = [];
  let y = top;
  for (let start = 0; start < lanes.length; start += perLine) {
    const line = lanes.slice(start, start + perLine);
    const stacks = line.map((lane) => layouter.stack(lane, stage, true, cellWidth));
    const height = closed
      ? METRE.folded.height
      : stacks.reduce((most, stack) => Math.max(most, stack.height), 112);
    line.forEach((lane, index) => {
      const stack = stacks[index];
      const rect = boardRect(index * cellWidth, y, cellWidth, height);
      if (stack !== undefined) cells.push(layouter.cell(lane, stage, rect, true, stack));
    });
    y += height;
  }
  const least = closed ? METRE.folded.height : 80;
  return { rect: boardRect(0, top, width, Math.max(least, y - top)), cells };
}

function curvesOf(
  rows: readonly RowLayout[],
  columns: readonly ColumnLayout[],
  cells: CellIndex
): CurveLayout[] {
  return rows
    .filter(({ lane, folded }) => lane.kind === 'feelings' && !folded)
    .map(({ lane, y }) => ({
      lane: lane.id,
      y,
      points: columns.flatMap(({ stage }) => {
        const feeling = cells.get(lane.id, stage.id)?.feeling ?? null;
        return feeling !== null && feeling.score !== null ? [feeling] : [];
      })
    }));
}
