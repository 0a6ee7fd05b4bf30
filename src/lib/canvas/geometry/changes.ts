import type { JourneyLayout } from './layout.ts';
import { METRE } from './metre.ts';
import { boardRect, boundsOf, inflate, type BoardRect } from './space.ts';

/** What of a board looks different, as rectangles that cover it: outside of them nothing changed. */
export type Changes = readonly BoardRect[];

const MOST = 48; // more rectangles than this are one

/**
 * Where two layouts of a map differ. Unchanged cells of the second are the objects of the first, which is how
 * `layoutJourney` makes them; the cost is one comparison for each cell.
 */
export function changesBetween(before: JourneyLayout, after: JourneyLayout): Changes {
  if (before === after) return [];
  const found: BoardRect[] = [];
  for (const { mine, theirs } of after.cells.differing(before.cells)) {
    found.push(mine.rect);
    if (theirs !== undefined) found.push(theirs.rect);
  }
  if (before.cells.all.length !== after.cells.all.length || found.length > 0)
    for (const { lane, stage, rect } of before.cells.all)
      if (after.cells.get(lane.id, stage.id) === undefined) found.push(rect);
  // A band without lanes has no cells; what it is drawn with reaches past its cells.
  for (const [bands, others] of [
    [after.bands, before.bands],
    [before.bands, after.bands]
  ] as const)
    for (const { stage, rect } of bands)
      if (!others.some((other) => other.stage === stage && sameRect(other.rect, rect)))
        found.push(inflate(rect, METRE.band.tip));
  found.push(...changedCurves(before, after));
  const merged = found.length > MOST ? boundsOf(found) : null;
  return merged === null ? found : [merged];
}

/** A curve bends along its whole lane when one of its points moves. */
function changedCurves(before: JourneyLayout, after: JourneyLayout): BoardRect[] {
  const zone = (layout: JourneyLayout, y: number) => boardRect(0, y, layout.grid.width, METRE.curve.height);
  const sameWidth = before.grid.width === after.grid.width;
  const found: BoardRect[] = [];
  for (const curve of after.curves) {
    const old = before.curves.find(({ lane }) => lane === curve.lane);
    const same =
      sameWidth &&
      old?.y === curve.y &&
      old.points.length === curve.points.length &&
      old.points.every((point, index) => point === curve.points[index]);
    if (same) continue;
    found.push(zone(after, curve.y));
    if (old !== undefined) found.push(zone(before, old.y));
  }
  return found;
}

const sameRect = (a: BoardRect, b: BoardRect): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
