import type { CardId, LaneId, ObjectId, StageId } from '#lib/journey/ids.ts';

/** What a person has selected on the board: one kind of thing at a time; free objects may have cards among them. */
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
  | { readonly kind: 'objects'; readonly ids: readonly ObjectId[]; readonly cards: readonly CardId[] }
  | { readonly kind: 'transition'; readonly from: StageId; readonly to: StageId };

export const NOTHING: Selection = { kind: 'none' };

export type CellSelection = Extract<Selection, { readonly kind: 'cell' }>;

/** A selection of free objects and cards; of cards alone, or of nothing, when that is what it holds. */
export const objectSelection = (ids: readonly ObjectId[], cards: readonly CardId[] = []): Selection =>
  ids.length > 0
    ? { kind: 'objects', ids, cards }
    : cards.length > 0
      ? { kind: 'cards', ids: cards }
      : NOTHING;
