import type { JourneyLayout } from '#lib/canvas/geometry/layout.ts';
import { boardRect, type BoardRect } from '#lib/canvas/geometry/space.ts';
import type { StageId } from '#lib/journey/ids.ts';
import { placeOf } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { standingOf, type SuggestedChange } from '#lib/journey/suggestion.ts';
import { sidesOf } from '#lib/scenarios/suggestion-words.ts';

/** What the board shows of an open suggestion. */
export interface SuggestionMark {
  readonly id: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly change: SuggestedChange;
}

/**
 * A suggestion as it lies over the map: on a part of the board (`frame`: what it is about, `ghost`: what would be there),
 * or hanging from the head of a stage.
 */
export type LaidMark = {
  readonly mark: SuggestionMark;
  readonly from: string | null;
  readonly to: string | null;
} & (
  | { readonly on: 'board'; readonly frame: BoardRect | null; readonly ghost: BoardRect | null }
  | { readonly on: 'stage'; readonly stage: StageId; readonly row: number }
);

const GHOST = { height: 44, gap: 6 } as const;
const CHIP = { width: 132, height: 26 } as const;

/** Where open suggestions lie; what is folded away, gone from the map, or so already is left out. */
export function laidMarks(
  marks: readonly SuggestionMark[],
  journey: Journey,
  layout: JourneyLayout
): readonly LaidMark[] {
  const rows = new Map<string, number>();
  const next = (key: string): number => {
    const row = rows.get(key) ?? 0;
    rows.set(key, row + 1);
    return row;
  };
  /** At the foot of a cell, one above the other. */
  const footOf = (lane: string, stage: string): BoardRect | null => {
    const cell = layout.cells.get(lane as never, stage as never)?.rect;
    if (cell === undefined) return null;
    const up = (next(`${lane}/${stage}`) + 1) * (GHOST.height + GHOST.gap);
    return boardRect(cell.x + 6, cell.y + cell.height - up, cell.width - 12, GHOST.height);
  };
  return marks.flatMap((mark): LaidMark[] => {
    const { change } = mark;
    const standing = standingOf(change, journey);
    if (standing === 'gone' || standing === 'already') return [];
    const said = { mark, ...sidesOf(change, journey) };
    const board = (frame: BoardRect | null, ghost: BoardRect | null): LaidMark[] =>
      frame === null && ghost === null ? [] : [{ ...said, on: 'board', frame, ghost }];
    const card = change.kind === 'metric' ? null : (layout.cards.get(change.card)?.rect ?? null);
    switch (change.kind) {
      case 'text': {
        if (card === null) return [];
        const down = card.y + card.height - 8 + next(change.card) * (GHOST.height + GHOST.gap);
        return board(card, boardRect(card.x + 8, down, card.width - 8, GHOST.height));
      }
      case 'remove':
        return board(card, null);
      case 'add':
        return board(null, footOf(change.lane, change.stage));
      case 'move':
        return board(card, footOf(change.to.lane, change.to.stage));
      case 'metric': {
        const place = placeOf(change.key);
        if (place?.on === 'stage')
          return [{ ...said, on: 'stage', stage: place.stage, row: next(place.stage) }];
        if (place?.on === 'transition')
          return [{ ...said, on: 'stage', stage: place.from, row: next(place.from) }];
        if (place?.on !== 'cell') return [];
        const cell = layout.cells.get(place.lane, place.stage);
        if (cell === undefined) return [];
        const { x, y, width, height } = cell.rect;
        const up = y + height - CHIP.height - 4 - next(change.key) * CHIP.height;
        return board(null, boardRect(x + width - CHIP.width - 6, up, CHIP.width, CHIP.height));
      }
    }
  });
}

const WHAT: Readonly<Record<SuggestedChange['kind'], string>> = {
  text: 'another text',
  add: 'a new card',
  remove: 'removing a card',
  move: 'another place',
  metric: 'another number'
};

/** A mark in words. */
export const suggestionWords = ({ mark, from, to }: LaidMark): string =>
  `${mark.author.name || 'A guest'} suggests ${WHAT[mark.change.kind]}: ${[from, to].filter((side) => side !== null).join(' → ')}`;
