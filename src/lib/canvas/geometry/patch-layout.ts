import type { Lane, Stage } from '#lib/journey/records.ts';
import { changedCells } from './card-changes.ts';
import { CardIndex } from './cell-index.ts';
import { Cell, FOLDED_STACK, stackOf, type Wrap } from './cell-layout.ts';
import type { JourneyLayout, LayoutSource } from './layout.ts';

/**
 * The layout of `source` out of that of its predecessor, when all that changed are some cards and no row becomes higher
 * or lower by it; null when everything has to be laid out. Costs what changed, and a comparison for each card.
 */
export function patchLayout(source: LayoutSource, wrap: Wrap, before: JourneyLayout): JourneyLayout | null {
  const old = before.source;
  const sameGrid =
    source.stages === old.stages &&
    source.lanes === old.lanes &&
    source.metrics === old.metrics &&
    source.folded === old.folded;
  const changes = sameGrid ? changedCells(old.cards, source.cards) : null;
  if (changes === null) return null;
  const fresh = new Map<Cell, Cell>();
  for (const { lane, stage, cards } of changes) {
    const cell = before.cells.get(lane, stage);
    if (cell === undefined || cell.content.stack === FOLDED_STACK) continue;
    if (cell.inBand) return null;
    const { rect, content } = cell;
    const stack = stackOf(cards, cell.lane, false, rect.width, wrap, content.stack);
    if (stack !== content.stack)
      fresh.set(cell, new Cell(cell.lane, cell.stage, rect, false, { ...content, stack }));
  }
  for (const lane of new Set([...fresh.keys()].map((cell) => cell.lane)))
    if (heightOf(lane, before, fresh) !== before.rows.find((row) => row.lane === lane)?.height) return null;
  const cells = before.cells.with(fresh);
  const isFeeling = [...fresh.keys()].some(({ feeling }) => feeling !== null);
  return {
    ...before,
    source,
    cells,
    cards: new CardIndex(cells, before.cards, [...fresh.values()]),
    curves: isFeeling
      ? before.curves.map((curve) => ({
          ...curve,
          points: curve.points.map((point) => cells.get(point.lane, point.stage)?.feeling ?? point)
        }))
      : before.curves
  };
}

/** What the row of a lane asks for: its own height, or that of its fullest cell. */
function heightOf(lane: Lane, { columns, cells }: JourneyLayout, fresh: ReadonlyMap<Cell, Cell>): number {
  const inColumn = (stage: Stage): number => {
    const cell = cells.get(lane.id, stage.id);
    if (cell === undefined) return 0;
    return (fresh.get(cell) ?? cell).content.stack.height;
  };
  return columns.reduce((most, { stage }) => Math.max(most, inColumn(stage)), lane.height);
}
