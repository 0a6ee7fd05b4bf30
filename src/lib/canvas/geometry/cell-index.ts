import RBush from 'rbush';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { CardLayout, CellLayout } from './cell-layout.ts';
import { contains, overlaps, type BoardPoint, type BoardRect } from './space.ts';

class CellTree extends RBush<CellLayout> {
  override toBBox({ rect }: CellLayout) {
    return { minX: rect.x, minY: rect.y, maxX: rect.x + rect.width, maxY: rect.y + rect.height };
  }
  override compareMinX(a: CellLayout, b: CellLayout) {
    return a.rect.x - b.rect.x;
  }
  override compareMinY(a: CellLayout, b: CellLayout) {
    return a.rect.y - b.rect.y;
  }
}

/**
 * Finds cells and cards by place. Cells are in an R-tree; the cards of a cell are stacked, so that a search by halves
 * finds them and a layout of ten thousand cards has no tree of ten thousand to build.
 */
export class CellIndex {
  readonly all: readonly CellLayout[];
  readonly #tree = new CellTree();
  readonly #byPlace = new Map<string, CellLayout>();

  constructor(cells: readonly CellLayout[]) {
    this.all = cells;
    this.#tree.load([...cells]);
    for (const cell of cells) this.#byPlace.set(`${cell.lane.id}/${cell.stage.id}`, cell);
  }

  get(lane: LaneId, stage: StageId): CellLayout | undefined {
    return this.#byPlace.get(`${lane}/${stage}`);
  }

  /** Cells that share an area with `rect`. */
  within(rect: BoardRect): CellLayout[] {
    const { x, y, width, height } = rect;
    return this.#tree
      .search({ minX: x, minY: y, maxX: x + width, maxY: y + height })
      .filter((cell) => overlaps(cell.rect, rect));
  }

  cellAt(point: BoardPoint): CellLayout | null {
    const { x, y } = point;
    return (
      this.#tree.search({ minX: x, minY: y, maxX: x, maxY: y }).find((cell) => contains(cell.rect, point)) ??
      null
    );
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
}

/** The cards of one cell that share an area with `rect`. */
export function cardsOfCellWithin(cell: CellLayout, rect: BoardRect): CardLayout[] {
  const found: CardLayout[] = [];
  for (let index = firstBelow(cell.cards, rect.y); index < cell.cards.length; index += 1) {
    const card = cell.cards[index];
    if (card === undefined || card.rect.y >= rect.y + rect.height) break;
    if (overlaps(card.rect, rect)) found.push(card);
  }
  return found;
}

/** The index of the first card that ends below `y`. */
function firstBelow(cards: readonly CardLayout[], y: number): number {
  let low = 0;
  let high = cards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const rect = cards[middle]?.rect;
    if (rect !== undefined && rect.y + rect.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
