import type { CardId, LaneId, ObjectId, StageId } from '#lib/journey/ids.ts';
import { toBoard, type Camera } from './camera.ts';
import { menuButton, type Frame } from './frame.ts';
import type { Handle } from './handles.ts';
import type { JourneyLayout } from './layout.ts';
import { contains, distance, type ScreenPoint } from './space.ts';

/** What is under a point of the canvas. */
export type Hit =
  | { readonly kind: 'empty' }
  | { readonly kind: 'card'; readonly id: CardId; readonly lane: LaneId; readonly stage: StageId }
  | { readonly kind: 'cell'; readonly lane: LaneId; readonly stage: StageId }
  | { readonly kind: 'chip'; readonly lane: LaneId; readonly stage: StageId }
  | { readonly kind: 'addCard'; readonly lane: LaneId; readonly stage: StageId }
  | { readonly kind: 'feeling'; readonly lane: LaneId; readonly stage: StageId }
  | { readonly kind: 'stage'; readonly id: StageId }
  | { readonly kind: 'stageEdge'; readonly id: StageId }
  | { readonly kind: 'stageMenu'; readonly id: StageId }
  | { readonly kind: 'lane'; readonly id: LaneId }
  | { readonly kind: 'laneEdge'; readonly id: LaneId }
  | { readonly kind: 'laneMenu'; readonly id: LaneId }
  | { readonly kind: 'object'; readonly id: ObjectId }
  | { readonly kind: 'handle'; readonly handle: Handle }
  | { readonly kind: 'end'; readonly id: ObjectId; readonly end: 'from' | 'to' }
  | { readonly kind: 'way'; readonly from: StageId; readonly to: StageId }
  | { readonly kind: 'addStage' }
  | { readonly kind: 'addLane' };

/** True for what keeps its place on the screen and lies above everything on the board. */
export const isOnHeads = ({ kind }: Hit): boolean =>
  /^(stage|lane)(Edge|Menu)?$/.test(kind) || kind === 'addStage' || kind === 'addLane' || kind === 'way';

const NOTHING: Hit = { kind: 'empty' };

/** What is at `point`; `reach` is half the size of a small target in pixels (larger for fingers). */
export function hitTest(
  layout: JourneyLayout,
  frame: Frame,
  camera: Camera,
  point: ScreenPoint,
  reach = 5
): Hit {
  if (contains(frame.addStage, point)) return { kind: 'addStage' };
  if (contains(frame.addLane, point) && layout.columns.length + layout.rows.length > 0)
    return { kind: 'addLane' };
  if (point.y < frame.headerTop && frame.stuck) return NOTHING;
  if (point.y < frame.body.y && point.y >= frame.headerTop) return hitHeader(frame, point, reach);
  if (point.x < frame.body.x && point.x >= frame.titleLeft) return hitTitle(frame, point, reach);
  return hitBody(layout, camera, point, reach);
}

function hitHeader(frame: Frame, point: ScreenPoint, reach: number): Hit {
  if (point.x < frame.body.x) return NOTHING;
  for (const { stage, rect } of frame.stages)
    if (Math.abs(point.x - (rect.x + rect.width)) <= reach) return { kind: 'stageEdge', id: stage.id };
  const head = frame.stages.find(({ rect }) => contains(rect, point));
  if (head === undefined) return NOTHING;
  const onMenu = head.rect.width > 70 && contains(menuButton(head.rect, false), point);
  return { kind: onMenu ? 'stageMenu' : 'stage', id: head.stage.id };
}

function hitTitle(frame: Frame, point: ScreenPoint, reach: number): Hit {
  for (const { lane, rect } of frame.lanes)
    if (Math.abs(point.y - (rect.y + rect.height)) <= reach) return { kind: 'laneEdge', id: lane.id };
  const lane = frame.lanes.find(({ rect }) => contains(rect, point));
  if (lane !== undefined) {
    const onMenu = contains(menuButton(lane.rect, true), point);
    return { kind: onMenu ? 'laneMenu' : 'lane', id: lane.lane.id };
  }
  const band = frame.bands.find(({ rect }) => contains(rect, point));
  if (band === undefined) return NOTHING;
  const onMenu = contains(menuButton(band.rect, true), point);
  return { kind: onMenu ? 'stageMenu' : 'stage', id: band.stage.id };
}

function hitBody(layout: JourneyLayout, camera: Camera, point: ScreenPoint, reach: number): Hit {
  const at = toBoard(camera, point);
  const cell = layout.cells.cellAt(at);
  if (cell === null) return NOTHING;
  const place = { lane: cell.lane.id, stage: cell.stage.id };
  const faceReach = Math.max(14, (reach + 9) / camera.zoom);
  if (cell.feeling !== null && distance(cell.feeling.at, at) <= faceReach)
    return { kind: 'feeling', ...place };
  const card = layout.cells.cardAt(at);
  if (card !== null) return { kind: 'card', id: card.card.id, ...place };
  if (cell.chip !== null && contains(cell.chip, at)) return { kind: 'chip', ...place };
  if (contains(cell.add, at)) return { kind: 'addCard', ...place };
  return { kind: 'cell', ...place };
}
