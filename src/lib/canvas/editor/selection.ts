import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';

/** What a person has selected on the board: one kind of thing at a time. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'cards'; readonly ids: readonly CardId[] }
  | {
      readonly kind: 'cell';
      readonly lane: LaneId;
      readonly stage: StageId;
      /** The opposite corner of a range of cells; the cell itself keeps the focus. */
      readonly to?: { readonly lane: LaneId; readonly stage: StageId };
    }
  | { readonly kind: 'stage'; readonly id: StageId }
  | { readonly kind: 'lane'; readonly id: LaneId }
  | { readonly kind: 'transition'; readonly from: StageId; readonly to: StageId };

export const NOTHING: Selection = { kind: 'none' };

export type CellSelection = Extract<Selection, { readonly kind: 'cell' }>;
