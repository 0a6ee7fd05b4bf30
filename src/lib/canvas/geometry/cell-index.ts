import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import type { CardLayout, Cell, CellLayout } from './cell-layout.ts';
import { contains, overlaps, type BoardPoint, type BoardRect } from './space.ts';

/** An extent along one axis: a column's, or a row's. */
interface Extent {
  readonly start: number;
  readonly size: number;
}

/** Where the cells of the grid are: row by row, as many in each as there are columns. */
export interface Grid {
  readonly stages: readonly StageId[];
  readonly lanes: readonly LaneId[];
  readonly columns: readonly Extent[];
  readonly rows: readonly Extent[];
}

/**
 * Finds cells and cards by place. Columns and rows stand in order and the cards of a cell are stacked, so that searches
 * by halves find everything and a layout of ten thousand cards builds no tree. Bands have few cells: those are looked
 * through.
 */
export class CellIndex {
  readonly all: readonly Cell[];
  readonly #grid: Grid;
  readonly #bands: readonly Cell[];
  readonly #column: ReadonlyMap<StageId, number>;
  readonly #row: ReadonlyMap<LaneId, number>;

  /** @param cells The cells of the grid row by row, then those of bands. */
  constructor(grid: Grid, cells: readonly Cell[]) {
    this.all = cells;
    this.#grid = grid;
    this.#bands = cells.slice(grid.stages.length * grid.lanes.length);
    this.#column = new Map(grid.stages.map((id, index) => [id, index]));
    this.#row = new Map(grid.lanes.map((id, index) => [id, index]));
  }

  /** The same grid with some cells in place of others. */
  with(fresh: ReadonlyMap<Cell, Cell>): CellIndex {
    if (fresh.size === 0) return this;
    const cells = [...this.all];
    for (const [old, cell] of fresh) {
      const index = this.#indexOf(old.lane.id, old.stage.id);
      if (index !== -1) cells[index] = cell;
    }
    return new CellIndex(this.#grid, cells);
  }

  /** Cells that are not the same in another index, and what stands there instead. */
  differing(other: CellIndex): { readonly mine: Cell; readonly theirs: Cell | undefined }[] {
    const found: { mine: Cell; theirs: Cell | undefined }[] = [];
    const aligned = this.#grid === other.#grid;
    this.all.forEach((mine, index) => {
      const theirs = aligned ? other.all[index] : other.get(mine.lane.id, mine.stage.id);
      if (mine !== theirs) found.push({ mine, theirs });
    });
    return found;
  }

  #indexOf(lane: LaneId, stage: StageId): number {
    const [row, column] = [this.#row.get(lane), this.#column.get(stage)];
    return row === undefined || column === undefined ? -1 : row * this.#grid.stages.length + column;
  }

  get(lane: LaneId, stage: StageId): Cell | undefined {
    const [row, column] = [this.#row.get(lane), this.#column.get(stage)];
    if (row !== undefined && column !== undefined) return this.#at(row, column);
    return this.#bands.find((cell) => cell.stage.id === stage && cell.lane.id === lane);
  }

  /** Cells that share an area with `rect`. */
  within(rect: BoardRect): CellLayout[] {
    const { columns, rows } = this.#grid;
    const found: CellLayout[] = [];
    const firstColumn = firstEndingAfter(columns, rect.x);
    for (let row = firstEndingAfter(rows, rect.y); row < rows.length; row += 1) {
      if ((rows[row]?.start ?? 0) >= rect.y + rect.height) break;
      for (let column = firstColumn; column < columns.length; column += 1) {
        if ((columns[column]?.start ?? 0) >= rect.x + rect.width) break;
        const cell = this.#at(row, column);
        if (cell !== undefined && overlaps(cell.rect, rect)) found.push(cell);
      }
    }
    for (const cell of this.#bands) if (overlaps(cell.rect, rect)) found.push(cell);
    return found;
  }

  cellAt(point: BoardPoint): CellLayout | null {
    const { columns, rows } = this.#grid;
    const inGrid = this.#at(firstEndingAfter(rows, point.y), firstEndingAfter(columns, point.x));
    if (inGrid !== undefined && contains(inGrid.rect, point)) return inGrid;
    return this.#bands.find(({ rect }) => contains(rect, point)) ?? null;
  }

  cardAt(point: BoardPoint): CardLayout | null {
    const cell = this.cellAt(point);
    if (cell === null) return null;
    const card = cell.cards[firstBelow(cell.cards, point.y)];
    return card !== undefined && contains(card.rect, point) ? card : null;
  }

  /** Cards that share an area with `rect`. */
  cardsWithin(rect: BoardRect): CardLayout[] {
    return this.within(rect).flatMap((cell) => cardsOfCellWithin(cell, rect));
  }

  #at(row: number, column: number): Cell | undefined {
    const across = this.#grid.stages.length;
    return row < this.#grid.lanes.length && column < across ? this.all[row * across + column] : undefined;
  }
}

/** The cards of one cell that share an area with `rect`. */
export function cardsOfCellWithin(cell: CellLayout, rect: BoardRect): CardLayout[] {
  const found: CardLayout[] = [];
  const { cards } = cell;
  for (let index = firstBelow(cards, rect.y); index < cards.length; index += 1) {
    const card = cards[index];
    if (card === undefined || card.rect.y >= rect.y + rect.height) break;
    if (overlaps(card.rect, rect)) found.push(card);
  }
  return found;
}

/** The index of the first of `count` that is past something, when all after it are too. */
function firstWhere(count: number, past: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (past(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const firstEndingAfter = (extents: readonly Extent[], at: number): number =>
  firstWhere(extents.length, (index) => {
    const extent = extents[index];
    return extent !== undefined && extent.start + extent.size > at;
  });

const firstBelow = (cards: readonly CardLayout[], y: number): number =>
  firstWhere(cards.length, (index) => {
    const rect = cards[index]?.rect;
    return rect !== undefined && rect.y + rect.height > y;
  });

interface Place {
  readonly lane: LaneId;
  readonly stage: StageId;
}

/**
 * Finds cards by id. It remembers in which cell a card was seen last, over all layouts of one board, so that a new
 * layout has to note only the cells that changed.
 */
export class CardIndex {
  readonly #cells: CellIndex;
  readonly #seen: Map<CardId, Place>;

  /**
   * @param before The layout's predecessor, whose notes are taken over and go on.
   * @param fresh The cells that are not the predecessor's; all are looked at where that is not known.
   */
  constructor(cells: CellIndex, before: CardIndex | null, fresh: readonly Cell[] = cells.all) {
    this.#cells = cells;
    this.#seen = before === null ? new Map<CardId, Place>() : before.#seen;
    for (const cell of fresh) {
      if (before !== null && before.#holds(cell)) continue;
      const place = { lane: cell.lane.id, stage: cell.stage.id };
      for (const card of cell.content.stack.cards) this.#seen.set(card.id, place);
    }
  }

  get(id: CardId): CardLayout | undefined {
    const seen = this.#seen.get(id);
    if (seen === undefined) return undefined;
    const within = (cell: Cell | undefined) => {
      const index = cell?.content.stack.cards.findIndex((card) => card.id === id) ?? -1;
      return index === -1 ? undefined : cell?.cards[index];
    };
    const found = within(this.#cells.get(seen.lane, seen.stage));
    if (found !== undefined) return found;
    // It was removed, or this layout is not the newest one: then only a look through all cells can tell.
    for (const cell of this.#cells.all) {
      const elsewhere = within(cell);
      if (elsewhere !== undefined) return elsewhere;
    }
    return undefined;
  }

  has(id: CardId): boolean {
    return this.get(id) !== undefined;
  }

  *values(): Generator<CardLayout> {
    for (const cell of this.#cells.all) yield* cell.cards;
  }

  #holds(cell: Cell): boolean {
    return this.#cells.get(cell.lane.id, cell.stage.id)?.content.stack === cell.content.stack;
  }
}
