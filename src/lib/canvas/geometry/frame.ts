import type { Stage, Lane } from '#lib/journey/records.ts';
import { rectToScreen, type Camera } from './camera.ts';
import type { JourneyLayout } from './layout.ts';
import { boardRect, screenRect, type ScreenRect, type Size } from './space.ts';

/** Measures of the sticky heads, in pixels at every zoom. */
export const FRAME = { header: 66, title: 136, titleNarrow: 104, narrow: 640, button: 24 } as const;

export interface StageHead {
  readonly stage: Stage;
  readonly rect: ScreenRect;
  readonly folded: boolean;
}

export interface LaneHead {
  readonly lane: Lane;
  readonly rect: ScreenRect;
  readonly folded: boolean;
}

/**
 * The heads of the map on the screen: stage headers above the grid until they reach the top edge, lane and band titles
 * left of it until they reach the left edge. They keep their size at every zoom, the cells pan beneath.
 */
export interface Frame {
  readonly headerTop: number;
  /** The heads stick to the top edge, over the cells. */
  readonly stuck: boolean;
  /** Height of the strip above the heads in which ways run. */
  readonly strip: number;
  readonly titleLeft: number;
  readonly titleWidth: number;
  /** What the heads leave free for the cells. */
  readonly body: ScreenRect;
  readonly stages: readonly StageHead[]; // columns, only those in sight
  readonly bands: readonly StageHead[];
  readonly lanes: readonly LaneHead[];
  readonly addStage: ScreenRect;
  readonly addLane: ScreenRect;
}

export const titleWidth = (viewport: Size): number =>
  viewport.width < FRAME.narrow ? FRAME.titleNarrow : FRAME.title;

/** `strip`: pixels to leave free above the stage heads, for ways. */
export function frameOf(layout: JourneyLayout, camera: Camera, viewport: Size, strip = 0): Frame {
  const width = titleWidth(viewport);
  const grid = rectToScreen(camera, layout.grid);
  const all = rectToScreen(camera, layout.bounds);
  const headerTop = Math.max(strip, grid.y - FRAME.header);
  const titleLeft = Math.max(0, grid.x - width);
  const left = titleLeft + width;
  const top = headerTop + FRAME.header;
  const rowOf = (y: number, height: number): ScreenRect => {
    const on = rectToScreen(camera, boardRect(0, y, 0, height));
    return screenRect(titleLeft, on.y, width, on.height);
  };
  const inSight = (rect: ScreenRect) => rect.y < viewport.height && rect.y + rect.height > top;
  const columns = layout.columns.map(({ stage, x, width: across, folded }): StageHead => {
    const on = rectToScreen(camera, boardRect(x, 0, across, 0));
    return { stage, folded, rect: screenRect(on.x, headerTop, on.width, FRAME.header) };
  });
  return {
    headerTop,
    stuck: grid.y - FRAME.header < strip,
    strip,
    titleLeft,
    titleWidth: width,
    body: screenRect(left, top, Math.max(0, viewport.width - left), Math.max(0, viewport.height - top)),
    stages: columns.filter(({ rect }) => rect.x < viewport.width && rect.x + rect.width > left),
    bands: layout.bands
      .map(({ stage, rect }) => ({ stage, folded: false, rect: rowOf(rect.y, rect.height) }))
      .filter(({ rect }) => inSight(rect)),
    lanes: layout.rows
      .map(({ lane, y, height, folded }) => ({ lane, folded, rect: rowOf(y, height) }))
      .filter(({ rect }) => inSight(rect)),
    addStage: screenRect(grid.x + grid.width + 16, headerTop + (FRAME.header - 32) / 2, 32, 32),
    addLane: screenRect(titleLeft + 8, all.y + all.height + 10, 32, 32)
  };
}

/** Where the menu button of a head is: it shows while the head is hovered or selected. */
export const menuButton = (rect: ScreenRect, isRow: boolean): ScreenRect =>
  screenRect(rect.x + rect.width - FRAME.button - (isRow ? 6 : 4), rect.y + 6, FRAME.button, FRAME.button);
