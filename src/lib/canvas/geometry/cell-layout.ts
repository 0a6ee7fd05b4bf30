import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { Card, Lane, Stage } from '#lib/journey/records.ts';
import type { BoardPoint, BoardRect } from './space.ts';

export interface CardLayout {
  readonly card: Card;
  readonly lane: Lane;
  readonly rect: BoardRect;
  readonly lines: readonly string[];
}

export interface FeelingLayout {
  readonly lane: LaneId;
  readonly stage: StageId;
  readonly score: number | null;
  readonly at: BoardPoint; // where its point is, or would be at neutral
}

export interface CellLayout {
  readonly lane: Lane;
  readonly stage: Stage;
  readonly rect: BoardRect;
  readonly inBand: boolean;
  readonly cards: readonly CardLayout[];
  readonly feeling: FeelingLayout | null;
  readonly chip: BoardRect | null; // its cost
  readonly add: BoardRect; // the button that adds a card
}
