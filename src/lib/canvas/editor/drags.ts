import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { cellKey } from '#lib/journey/metrics.ts';
import { toBoard } from '../geometry/camera.ts';
import { scoreAt } from '../geometry/cell-layout.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import { METRE } from '../geometry/metre.ts';
import { boardPoint, rectBetween, type BoardPoint } from '../geometry/space.ts';
import type { Gesture, ObjectHand, Stagehand } from './gesture.ts';
import { objectSelection } from './selection.ts';
import type { CellPlace, DropPlace, PointerWord } from './types.ts';

/** Pans the view with the pointer. */
export function panGesture(hand: Stagehand, start: PointerWord): Gesture {
  let last = start.at;
  hand.show({ kind: 'panning' });
  return {
    scrolls: false,
    move({ at }) {
      hand.panBy(last.x - at.x, last.y - at.y);
      last = at;
    },
    finish: () => undefined
  };
}

/** Selects every card and object that the rectangle touches, a frame when it holds it; with Shift it adds to the selection. */
export function marqueeGesture(hand: ObjectHand, start: PointerWord): Gesture {
  const from = toBoard(hand.camera, start.at);
  const before = hand.selection;
  const keeps = start.shift === true;
  const keptCards = !keeps
    ? []
    : before.kind === 'cards'
      ? before.ids
      : before.kind === 'objects'
        ? before.cards
        : [];
  const kept = keeps && before.kind === 'objects' ? before.ids : [];
  return {
    scrolls: true,
    move({ at }) {
      const rect = rectBetween(from, toBoard(hand.camera, at));
      const cards = hand.layout.cells.cardsWithin(rect).map(({ card }) => card.id);
      const objects = hand.objects.touching(rect).filter(({ object }) => !object.locked);
      const groups = new Set(objects.flatMap(({ object }) => object.group ?? []));
      const grouped = hand.journey.objects.filter(({ group }) => group !== null && groups.has(group));
      const ids = [...kept, ...objects.map(({ object }) => object.id), ...grouped.map(({ id }) => id)];
      hand.select(objectSelection([...new Set(ids)], [...new Set([...keptCards, ...cards])]));
      hand.show({ kind: 'marquee', rect });
    },
    finish: () => undefined,
    cancel: () => hand.select(before)
  };
}

/** Where cards dropped at a point would go. */
export function dropPlaceAt(
  layout: JourneyLayout,
  point: BoardPoint,
  moving: ReadonlySet<CardId>
): DropPlace | null {
  const cell = layout.cells.cellAt(point);
  if (cell === null) return null;
  const staying = cell.cards.filter(({ card }) => !moving.has(card.id));
  const index = staying.filter(({ rect }) => rect.y + rect.height / 2 < point.y).length;
  return { lane: cell.lane.id, stage: cell.stage.id, index };
}

/**
 * Carries the selected cards to another place; they are written there once, at the drop. Shift keeps to the axis along
 * which the pointer went further, Alt leaves the cards and drops copies.
 */
export function cardsGesture(hand: Stagehand, start: PointerWord, ids: readonly CardId[]): Gesture {
  const from = toBoard(hand.camera, start.at);
  const moving = new Set(ids);
  let drop: DropPlace | null = null;
  let copies = false;
  return {
    scrolls: true,
    move({ at, shift = false, alt = false }) {
      const free = toBoard(hand.camera, at);
      const to = shift ? alongAxis(from, free) : free;
      copies = alt;
      drop = dropPlaceAt(hand.layout, to, copies ? new Set() : moving);
      hand.show({ kind: 'cards', ids: moving, dx: to.x - from.x, dy: to.y - from.y, drop, copies });
    },
    finish() {
      if (drop === null) return;
      if (copies) copyCards(hand, ids, drop);
      else moveCards(hand, ids, drop);
    }
  };
}

/** `to`, moved onto the horizontal or vertical line through `from`, whichever is nearer. */
export const alongAxis = (from: BoardPoint, to: BoardPoint): BoardPoint =>
  Math.abs(to.x - from.x) >= Math.abs(to.y - from.y) ? boardPoint(to.x, from.y) : boardPoint(from.x, to.y);

/** Puts copies of cards into a cell, in board order, and selects them. */
export function copyCards(hand: Stagehand, ids: readonly CardId[], to: DropPlace): void {
  const chosen = new Set(ids);
  const originals = hand.journey.cards.filter(({ id }) => chosen.has(id));
  hand.select({ kind: 'cards', ids: hand.document.insertCards(originals, to) });
}

/** Moves cards unless they are there already: a drag that ends where it began is no step. */
export function moveCards(hand: Stagehand, ids: readonly CardId[], to: DropPlace): void {
  const moving = new Set(ids);
  const inBoardOrder = hand.journey.cards.filter(({ id }) => moving.has(id)).map(({ id }) => id);
  const before = hand.document.cardsIn(to.lane, to.stage).map(({ id }) => id);
  const after = before.filter((id) => !moving.has(id));
  after.splice(to.index, 0, ...inBoardOrder);
  if (after.length === before.length && after.every((id, index) => id === before[index])) return;
  hand.document.moveCards(inBoardOrder, to);
}

/** Drags a feeling up and down; it snaps to the five scores, with Mod held to tenths between them. */
export function feelingGesture(hand: Stagehand, { lane, stage }: CellPlace): Gesture {
  const key = cellKey(lane, stage, 'feeling');
  const before = hand.journey.metrics.get(key) ?? null;
  let score = before;
  return {
    scrolls: false,
    move({ at, mod = false }) {
      const cell = hand.layout.cells.get(lane, stage);
      if (cell === undefined) return;
      const top = cell.rect.y + (cell.inBand ? METRE.band.labelHeight : 0);
      score = scoreAt(toBoard(hand.camera, at).y - top, mod ? 0.1 : 1);
      hand.show({ kind: 'feeling', lane, stage, score });
    },
    finish() {
      if (score === null || score === before) return;
      hand.setMetric(key, score);
    }
  };
}

const within = (value: number, { min, max }: { min: number; max: number }) =>
  Math.round(Math.max(min, Math.min(max, value)));

/** Drags a stage's right edge. */
export function stageWidthGesture(hand: Stagehand, start: PointerWord, id: StageId): Gesture {
  const from = toBoard(hand.camera, start.at).x;
  const before = hand.journey.stages.find((stage) => stage.id === id)?.width ?? 0;
  let width = before;
  return {
    scrolls: false,
    move({ at }) {
      width = within(before + toBoard(hand.camera, at).x - from, LIMITS.stageWidth);
      hand.show({ kind: 'stageWidth', id, width });
    },
    finish() {
      if (width !== before) hand.document.resizeStage(id, width);
    }
  };
}

/** Drags a lane's lower edge: its least height, as it can't be lower than its cards. */
export function laneHeightGesture(hand: Stagehand, start: PointerWord, id: LaneId): Gesture {
  const from = toBoard(hand.camera, start.at).y;
  const before = hand.layout.rows.find(({ lane }) => lane.id === id)?.height ?? 0;
  let height = before;
  return {
    scrolls: false,
    move({ at }) {
      height = within(before + toBoard(hand.camera, at).y - from, LIMITS.laneHeight);
      hand.show({ kind: 'laneHeight', id, height });
    },
    finish() {
      if (height !== before) hand.document.resizeLane(id, height);
    }
  };
}

/** Drags a stage's header to another place among the columns. */
export function stageMoveGesture(hand: Stagehand, id: StageId): Gesture {
  let index = -1;
  return {
    scrolls: true,
    move({ at }) {
      const x = toBoard(hand.camera, at).x;
      const others = hand.layout.columns.filter(({ stage }) => stage.id !== id);
      index = others.filter((column) => column.x + column.width / 2 < x).length;
      hand.show({ kind: 'stageMove', id, index, at });
    },
    finish() {
      if (index === -1) return;
      const { stages } = hand.journey;
      const columns = stages.filter((stage) => !stage.band);
      if (columns.findIndex((stage) => stage.id === id) === index) return;
      const before = columns.filter((stage) => stage.id !== id)[index];
      const others = stages.filter((stage) => stage.id !== id);
      // After the last column is before the bands that follow it: only columns count for the eye.
      const last = others.findLastIndex((stage) => !stage.band) + 1;
      hand.document.moveStage(id, before === undefined ? last : others.indexOf(before));
    }
  };
}

/** Drags a lane's title to another place among the lanes. */
export function laneMoveGesture(hand: Stagehand, id: LaneId): Gesture {
  let index = -1;
  return {
    scrolls: true,
    move({ at }) {
      const y = toBoard(hand.camera, at).y;
      const others = hand.layout.rows.filter(({ lane }) => lane.id !== id);
      index = others.filter((row) => row.y + row.height / 2 < y).length;
      hand.show({ kind: 'laneMove', id, index, at });
    },
    finish() {
      const now = hand.journey.lanes.findIndex((lane) => lane.id === id);
      if (index !== -1 && now !== index) hand.document.moveLane(id, index);
    }
  };
}
