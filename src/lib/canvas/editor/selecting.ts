import type { CardId, LaneId, ObjectId, StageId } from '#lib/journey/ids.ts';
import { transitionKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import { changedSpans } from '../geometry/list-changes.ts';
import { boardRect, boundsOf, type BoardRect } from '../geometry/space.ts';
import { cellsOfRange } from './cell-range.ts';
import { NOTHING, objectSelection, type CellSelection, type Selection } from './selection.ts';
import type { ObjectIndex } from '../geometry/object-index.ts';

/**
 * What is left of a selection on a map; the same object when all of it is there. With the map `before`, on which all of
 * it was, the cost is a comparison for each record and the records that are gone, not the selection.
 */
export function existing(selection: Selection, journey: Journey, before: Journey | null = null): Selection {
  const hasStage = (id: StageId) => journey.stages.some((stage) => stage.id === id);
  const hasLane = (id: LaneId) => journey.lanes.some((lane) => lane.id === id);
  switch (selection.kind) {
    case 'none':
      return selection;
    case 'cards': {
      const ids = staying(selection.ids, before?.cards, journey.cards);
      if (ids.length === selection.ids.length) return selection;
      return ids.length > 0 ? { kind: 'cards', ids } : NOTHING;
    }
    case 'objects': {
      const ids = staying(selection.ids, before?.objects, journey.objects);
      const left = staying(selection.cards, before?.cards, journey.cards);
      const same = ids.length === selection.ids.length && left.length === selection.cards.length;
      return same ? selection : objectSelection(ids, left);
    }
    case 'cell':
      if (!hasLane(selection.lane) || !hasStage(selection.stage)) return NOTHING;
      if (selection.to === undefined || (hasLane(selection.to.lane) && hasStage(selection.to.stage)))
        return selection;
      return { kind: 'cell', lane: selection.lane, stage: selection.stage };
    case 'stage':
      return hasStage(selection.id) ? selection : NOTHING;
    case 'lane':
      return hasLane(selection.id) ? selection : NOTHING;
    case 'transition':
      return journey.metrics.has(transitionKey(selection.from, selection.to)) ? selection : NOTHING;
  }
}

/** Those of `ids` whose records have not left the list. */
function staying<Id extends string>(
  ids: readonly Id[],
  before: readonly { readonly id: Id }[] | undefined,
  after: readonly { readonly id: Id }[]
): readonly Id[] {
  if (before === after || ids.length === 0) return ids;
  if (before === undefined) {
    const all = new Set(after.map(({ id }) => id));
    return ids.filter((id) => all.has(id));
  }
  const spans = changedSpans(before, after) ?? [
    { old: 0, oldEnd: before.length, now: 0, nowEnd: after.length }
  ];
  const gone = new Set<Id>();
  for (const { old, oldEnd } of spans) for (const { id } of before.slice(old, oldEnd)) gone.add(id);
  for (const { now, nowEnd } of spans) for (const { id } of after.slice(now, nowEnd)) gone.delete(id);
  return gone.size === 0 ? ids : ids.filter((id) => !gone.has(id));
}

const rectOfStage = (layout: JourneyLayout, id: string): BoardRect | null => {
  const column = layout.columns.find(({ stage }) => stage.id === id);
  if (column !== undefined) return boardRect(column.x, 0, column.width, layout.grid.height);
  return layout.bands.find(({ stage }) => stage.id === id)?.rect ?? null;
};

const rectOfLane = (layout: JourneyLayout, id: string): BoardRect | null => {
  const row = layout.rows.find(({ lane }) => lane.id === id);
  return row === undefined ? null : boardRect(0, row.y, layout.grid.width, row.height);
};

/** The cells of a range: those of columns as one rectangle, those of bands one by one. */
function rectsOfRange(layout: JourneyLayout, selection: CellSelection): BoardRect[] {
  const own = layout.cells.get(selection.lane, selection.stage)?.rect;
  if (selection.to === undefined) return own === undefined ? [] : [own];
  const stages = [...layout.columns, ...layout.bands].map(({ stage }) => stage);
  const lanes = layout.rows.map(({ lane }) => lane);
  const cells = cellsOfRange({ stages, lanes }, selection).flatMap(
    ({ lane, stage }) => layout.cells.get(lane, stage) ?? []
  );
  const inColumns = boundsOf(cells.filter(({ inBand }) => !inBand).map(({ rect }) => rect));
  const inBands = cells.filter(({ inBand }) => inBand).map(({ rect }) => rect);
  return inColumns === null ? inBands : [inColumns, ...inBands];
}

/** Everything selected, as rectangles on the board. */
export function rectsOfSelection(
  layout: JourneyLayout,
  objects: ObjectIndex,
  selection: Selection
): BoardRect[] {
  const some = (...rects: (BoardRect | null | undefined)[]) =>
    rects.filter((rect): rect is BoardRect => rect !== null && rect !== undefined);
  switch (selection.kind) {
    case 'none':
      return [];
    case 'cards':
      return some(...selection.ids.map((id) => layout.cards.get(id)?.rect));
    case 'objects':
      return some(
        ...selection.ids.map((id) => objects.get(id)?.rect),
        ...selection.cards.map((id) => layout.cards.get(id)?.rect)
      );
    case 'cell':
      return rectsOfRange(layout, selection);
    case 'stage':
      return some(rectOfStage(layout, selection.id));
    case 'lane':
      return some(rectOfLane(layout, selection.id));
    case 'transition':
      return some(rectOfStage(layout, selection.from), rectOfStage(layout, selection.to));
  }
}

/**
 * A selection as others are told of it: plain record ids. A cell is its lane and its stage, an arrow its two stages.
 */
export function idsOfSelection(selection: Selection): string[] {
  switch (selection.kind) {
    case 'none':
      return [];
    case 'cards':
      return [...selection.ids];
    case 'objects':
      return [...selection.ids, ...selection.cards];
    case 'cell':
      return [selection.lane, selection.stage];
    case 'stage':
    case 'lane':
      return [selection.id];
    case 'transition':
      return [selection.from, selection.to];
  }
}

/** What such a list of ids covers on the board: free objects, cards, a cell, stages or a lane. */
export function rectsOfIds(layout: JourneyLayout, objects: ObjectIndex, ids: readonly string[]): BoardRect[] {
  const [first = '', second = ''] = ids;
  const cell = layout.cells.get(first as LaneId, second as StageId);
  if (ids.length === 2 && cell !== undefined) return [cell.rect];
  return ids.flatMap((id) => {
    const rect =
      objects.get(id as ObjectId)?.rect ??
      layout.cards.get(id as CardId)?.rect ??
      rectOfStage(layout, id) ??
      rectOfLane(layout, id);
    return rect === null ? [] : [rect];
  });
}

export const rectOfIds = (
  layout: JourneyLayout,
  objects: ObjectIndex,
  ids: readonly string[]
): BoardRect | null => boundsOf(rectsOfIds(layout, objects, ids));
