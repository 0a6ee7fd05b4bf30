import type { StageId } from '#lib/journey/ids.ts';
import { transitionKey } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { rectToScreen, type Camera } from './camera.ts';
import type { JourneyLayout } from './layout.ts';
import { boardRect, screenPoint, type ScreenPoint } from './space.ts';

/** Measures of the strip above the stage heads in which ways run, in pixels. */
const STRIP = { foot: 6, level: 15, levels: 3 } as const;
/** Where a way leaves a stage and where one comes in, as a part of its width. */
const [LEAVES, ENTERS] = [0.62, 0.38];

/**
 * A way from stage to stage that the row of heads does not tell by itself: it leaves stages out, goes back, stays, or
 * leads to or from a band beneath the map.
 */
export interface Way {
  readonly from: StageId;
  readonly to: StageId;
  readonly probability: number | null;
  readonly kind: 'skip' | 'back' | 'stay' | 'band';
  /** Above how many other ways it runs; 0 is nearest to the heads. */
  readonly level: number;
}

const NONE: readonly Way[] = [];

/** The ways of a map that are drawn, the shortest nearest to the heads. */
export function waysOf({ stages, metrics }: Pick<Journey, 'stages' | 'metrics'>): readonly Way[] {
  const columns = stages.filter(({ band }) => !band);
  const place = new Map(columns.map(({ id }, index) => [id, index]));
  const found: { way: Omit<Way, 'level'>; start: number; end: number }[] = [];
  for (const from of stages)
    for (const to of stages) {
      const probability = metrics.get(transitionKey(from.id, to.id));
      if (probability === undefined) continue;
      const [a, b] = [place.get(from.id), place.get(to.id)];
      if (b !== undefined && a !== undefined && b === a + 1) continue;
      if (a === undefined && b === undefined) continue;
      const kind = a === undefined || b === undefined ? 'band' : a === b ? 'stay' : a < b ? 'skip' : 'back';
      const way = { from: from.id, to: to.id, probability, kind } as const;
      found.push({ way, start: Math.min(a ?? 0, b ?? 0), end: Math.max(a ?? 0, b ?? 0) });
    }
  if (found.length === 0) return NONE;
  const taken: { start: number; end: number }[][] = [];
  return found
    .sort((a, b) => a.end - a.start - (b.end - b.start))
    .map(({ way, start, end }) => {
      if (way.kind === 'band') return { ...way, level: 0 };
      const free = (level: number) =>
        (taken[level] ?? []).every((other) => end < other.start || start > other.end);
      let level = 0;
      while (level < STRIP.levels - 1 && !free(level)) level += 1;
      (taken[level] ??= []).push({ start, end });
      return { ...way, level };
    });
}

/** How high the strip above the heads is, in pixels; 0 without a way in it. */
export function stripHeight(ways: readonly Way[]): number {
  const levels = ways.filter(({ kind }) => kind !== 'band').map(({ level }) => level);
  return levels.length === 0 ? 0 : STRIP.foot + STRIP.level * (Math.max(...levels) + 1);
}

/** A way as it lies on the screen, from where it leaves to the tip of its arrow. */
export interface WayLine {
  readonly way: Way;
  readonly points: readonly ScreenPoint[];
}

/** `headerTop`: where the row of heads begins, in pixels. */
export function wayLines(
  ways: readonly Way[],
  { columns, bands, grid }: JourneyLayout,
  camera: Camera,
  headerTop: number
): readonly WayLine[] {
  const column = new Map(columns.map((one) => [one.stage.id, one]));
  const across = (id: StageId, part: number): number | null => {
    const one = column.get(id);
    return one === undefined ? null : (one.x + one.width * part - camera.x) * camera.zoom;
  };
  const bottom = rectToScreen(camera, grid).y + grid.height * camera.zoom;
  const bandTop = (id: StageId): number | null => {
    const band = bands.find(({ stage }) => stage.id === id);
    return band === undefined ? null : rectToScreen(camera, boardRect(0, band.rect.y, 0, 0)).y;
  };
  return ways.flatMap((way) => {
    if (way.kind === 'band') {
      const [down, up] = [across(way.from, LEAVES), across(way.to, ENTERS)];
      const [into, outOf] = [bandTop(way.to), bandTop(way.from)];
      if (down !== null && into !== null)
        return [{ way, points: [screenPoint(down, bottom), screenPoint(down, into)] }];
      return up !== null && outOf !== null
        ? [{ way, points: [screenPoint(up, outOf), screenPoint(up, bottom)] }]
        : [];
    }
    const [start, end] = [across(way.from, LEAVES), across(way.to, ENTERS)];
    if (start === null || end === null) return [];
    const base = headerTop + 3;
    const y = headerTop - STRIP.foot / 2 - STRIP.level * (way.level + 0.5);
    const points = [
      screenPoint(start, base),
      screenPoint(start, y),
      screenPoint(end, y),
      screenPoint(end, base)
    ];
    return [{ way, points }];
  });
}

/** The way under a point, within `reach` pixels. */
export function wayAt(lines: readonly WayLine[], point: ScreenPoint, reach: number): Way | null {
  const near = ({ points }: WayLine) =>
    points.some((b, index) => {
      const a = points[index - 1];
      if (a === undefined) return false;
      const [left, right] = [Math.min(a.x, b.x) - reach, Math.max(a.x, b.x) + reach];
      const [top, foot] = [Math.min(a.y, b.y) - reach, Math.max(a.y, b.y) + reach];
      return point.x >= left && point.x <= right && point.y >= top && point.y <= foot;
    });
  return lines.find(near)?.way ?? null;
}
