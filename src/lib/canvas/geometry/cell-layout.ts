import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { carriesCost, type Card, type Lane, type LaneKind, type Stage } from '#lib/journey/records.ts';
import { BADGE, type BadgeLayout } from './badges.ts';
import { METRE } from './metre.ts';
import { boardPoint, boardRect, type BoardPoint, type BoardRect } from './space.ts';
import type { TextLine } from './text.ts';

export interface CardLayout {
  readonly card: Card;
  readonly lane: Lane;
  readonly rect: BoardRect;
  readonly lines: readonly TextLine[];
  readonly badges: BadgeLayout | null; // below the text
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
  readonly cost: number | null; // per visit, as it is set
  readonly chip: BoardRect | null; // its cost
  readonly add: BoardRect; // the button that adds a card
}

/** Breaks a card's text into lines of a width in board units, and places its badges in that width. */
export interface Wrap {
  readonly lines: (card: Card, width: number) => readonly TextLine[];
  readonly badges: (card: Card, width: number) => BadgeLayout | null;
}

export const textWidth = (cardWidth: number): number =>
  cardWidth - METRE.cardPadding.left - METRE.cardPadding.right;

/** Where a score is drawn, from the top of the curve's area. */
export const feelingOffset = (score: number): number => {
  const { height, top, bottom } = METRE.curve;
  return top + ((2 - score) / 4) * (height - top - bottom);
};

/** The score nearest to a height in the curve's area, in steps of 1 or a tenth. */
export const scoreAt = (offset: number, step: 1 | 0.1 = 1): number => {
  const { height, top, bottom } = METRE.curve;
  const exact = 2 - ((offset - top) / (height - top - bottom)) * 4;
  const score = step === 1 ? Math.round(exact) : Math.round(exact * 10) / 10;
  return clampScore(score) + 0; // + 0: never -0
};

const clampScore = (score: number): number => Math.max(-2, Math.min(2, score));

interface Block {
  readonly card: Card;
  readonly lines: readonly TextLine[];
  readonly badges: BadgeLayout | null;
  readonly height: number;
}

/** What badges add to a card's height. */
export const badgeSpace = (badges: BadgeLayout | null): number =>
  badges === null ? 0 : badges.height + BADGE.above;

const blockOf = (card: Card, width: number, wrap: Wrap): Block => {
  const lines = wrap.lines(card, textWidth(width));
  const badges = wrap.badges(card, textWidth(width));
  const height = lines.length * METRE.lineHeight + 2 * METRE.cardPadding.y + badgeSpace(badges);
  return { card, lines, badges, height };
};

/** The cards of a cell, one below the other, wherever the cell is. */
export interface Stack {
  readonly cards: readonly Card[];
  readonly width: number; // of the cell
  readonly head: number; // from the cell's top to its first card
  readonly blocks: readonly Block[];
  readonly height: number; // the least that a cell needs for them
}

/** Where the first card begins below the top of its cell. */
const headOf = (kind: LaneKind, inBand: boolean): number =>
  (inBand ? METRE.band.labelHeight : 0) + (kind === 'feelings' ? METRE.curve.height : METRE.cellPadding);

const sameCards = (a: readonly Card[], b: readonly Card[]): boolean =>
  a === b || (a.length === b.length && a.every((card, index) => card === b[index]));

/** Stacks cards; gives back `before` when it holds just these, and its blocks where only some cards are others. */
export function stackOf(
  cards: readonly Card[],
  { kind }: Lane,
  inBand: boolean,
  width: number,
  wrap: Wrap,
  before: Stack | null
): Stack {
  const head = headOf(kind, inBand);
  if (before !== null && before.width === width && before.head === head && sameCards(before.cards, cards))
    return before;
  const blocks = cards.map((card) => blockOf(card, width - 2 * METRE.cellPadding, wrap));
  const height = blocks.reduce((sum, block) => sum + block.height + METRE.cardGap, head) + METRE.cellFoot;
  return { cards, width, head, blocks, height };
}

/** What a folded stage or lane leaves of a cell: a strip without anything on it. */
export const FOLDED_STACK: Stack = { cards: [], width: 0, head: 0, blocks: [], height: 0 };

export interface CellContent {
  readonly stack: Stack;
  readonly score: number | null;
  readonly cost: number | null;
}

/**
 * A cell in its place. The rectangles of its cards are worked out when somebody asks for them: when a row above grows,
 * thousands of cards move that nobody looks at.
 */
export class Cell implements CellLayout {
  readonly lane: Lane;
  readonly stage: Stage;
  readonly rect: BoardRect;
  readonly inBand: boolean;
  readonly content: CellContent;
  readonly chip: BoardRect | null;
  readonly add: BoardRect;
  readonly feeling: FeelingLayout | null;
  #cards: readonly CardLayout[] | null = null;

  constructor(lane: Lane, stage: Stage, rect: BoardRect, inBand: boolean, content: CellContent) {
    this.lane = lane;
    this.stage = stage;
    this.rect = rect;
    this.inBand = inBand;
    this.content = content;
    const bottom = rect.y + rect.height;
    const open = content.stack !== FOLDED_STACK;
    this.chip =
      open && carriesCost(lane.kind) ? boardRect(rect.x + rect.width - 98, bottom - 27, 90, 22) : null;
    this.add = open ? boardRect(rect.x + 8, bottom - 28, 24, 24) : boardRect(rect.x, bottom, 0, 0);
    this.feeling = open && lane.kind === 'feelings' ? this.#feelingOf(content.score) : null;
  }

  get cost(): number | null {
    return this.content.cost;
  }

  get cards(): readonly CardLayout[] {
    return (this.#cards ??= this.#place());
  }

  /** True when a cell with these properties would look the same. */
  is(
    lane: Lane,
    stage: Stage,
    { x, y, width, height }: BoardRect,
    inBand: boolean,
    now: CellContent
  ): boolean {
    const { rect, content } = this;
    return (
      this.lane === lane &&
      this.stage === stage &&
      this.inBand === inBand &&
      rect.x === x &&
      rect.y === y &&
      rect.width === width &&
      rect.height === height &&
      content.stack === now.stack &&
      content.score === now.score &&
      content.cost === now.cost
    );
  }

  #place(): CardLayout[] {
    const { lane, rect, content } = this;
    const width = rect.width - 2 * METRE.cellPadding;
    let y = rect.y + content.stack.head;
    return content.stack.blocks.map(({ card, lines, badges, height }): CardLayout => {
      const at = boardRect(rect.x + METRE.cellPadding, y, width, height);
      y += height + METRE.cardGap;
      return { card, lane, rect: at, lines, badges };
    });
  }

  #feelingOf(score: number | null): FeelingLayout {
    const { rect } = this;
    const top = rect.y + (this.inBand ? METRE.band.labelHeight : 0);
    return {
      lane: this.lane.id,
      stage: this.stage.id,
      score,
      at: boardPoint(rect.x + rect.width / 2, top + feelingOffset(clampScore(score ?? 0)))
    };
  }
}
