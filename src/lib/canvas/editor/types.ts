import type { CardId, LaneId, ObjectId, StageId } from '#lib/journey/ids.ts';
import type { MapObject } from '#lib/journey/objects.ts';
import type { JourneyDocument } from '#lib/document/journey-document.ts';
import type { Hit } from '../geometry/hit.ts';
import type { Carried } from '../geometry/object-preview.ts';
import type { BoardPoint, BoardRect, ScreenPoint } from '../geometry/space.ts';
import type { MeasureText } from '../geometry/text.ts';
import type { Guide } from './snapping.ts';

/** A cell of the grid. */
export interface CellPlace {
  readonly lane: LaneId;
  readonly stage: StageId;
}

/** A place for a card in a cell: before the card that is `index`th there now. */
export interface DropPlace extends CellPlace {
  readonly index: number;
}

/** Whose text is open in the text field. A draft becomes a card with its first letter. */
export type Editing =
  | { readonly kind: 'card'; readonly id: CardId }
  | ({ readonly kind: 'draft'; readonly text: string } & CellPlace)
  | { readonly kind: 'stage'; readonly id: StageId }
  | { readonly kind: 'lane'; readonly id: LaneId }
  | { readonly kind: 'object'; readonly id: ObjectId };

/** What is carried in one piece, and how far. `copies`: what is on the map stays where it is. */
export interface Carrying extends Carried {
  readonly copies: boolean;
}

/** What a gesture shows while it lasts. Nothing of it is in the document yet. */
export type GestureView =
  | { readonly kind: 'none' }
  | { readonly kind: 'panning' }
  | { readonly kind: 'marquee'; readonly rect: BoardRect }
  | {
      readonly kind: 'cards';
      readonly ids: ReadonlySet<CardId>;
      readonly dx: number; // board units
      readonly dy: number;
      readonly drop: DropPlace | null;
      readonly copies: boolean; // the cards stay, copies of them go to the drop
    }
  | {
      readonly kind: 'objects';
      /** How these objects look for now, in place of what the document says. */
      readonly shown: ReadonlyMap<ObjectId, MapObject>;
      readonly guides: readonly Guide[];
      readonly target: BoardRect | null; // what a connector would take hold of
      /** Objects that are moved as they are, or copies of them; others are told of it while it lasts. */
      readonly moving?: Carrying;
    }
  | { readonly kind: 'erasing'; readonly ids: ReadonlySet<ObjectId> }
  | { readonly kind: 'laser'; readonly at: BoardPoint }
  | ({ readonly kind: 'feeling'; readonly score: number } & CellPlace)
  | { readonly kind: 'stageWidth'; readonly id: StageId; readonly width: number }
  | { readonly kind: 'laneHeight'; readonly id: LaneId; readonly height: number }
  | { readonly kind: 'stageMove'; readonly id: StageId; readonly index: number; readonly at: ScreenPoint }
  | { readonly kind: 'laneMove'; readonly id: LaneId; readonly index: number; readonly at: ScreenPoint };

/** Something that is shown for a moment to say "here". `until` is a time of the editor's own clock. */
export interface Flash {
  readonly ids: readonly string[]; // as in a presence selection: a stage, a lane, or both for a cell
  readonly until: number;
}

/** Somebody else on the board, as the canvas shows them. */
export interface Companion {
  readonly key: number;
  readonly name: string;
  readonly color: string;
  readonly cursor: BoardPoint | null;
  readonly selection: readonly string[];
  readonly editing: string | null;
  readonly drag: BoardPoint | null; // how far what they have selected is being carried
  readonly chat: string | null; // said at the cursor
  readonly laser: BoardPoint | null; // where they point with it, while it is pressed
}

/** A menu that was asked for, and on what. */
export interface MenuRequest {
  readonly at: ScreenPoint;
  readonly hit: Hit;
}

/** A place that somebody wants to say something about. */
export interface Remark {
  readonly at: BoardPoint;
  /** What is there; `empty` where the point itself is meant. */
  readonly hit: Hit;
}

/** What changed in the editor. `finishing`: the open text is about to close; whoever holds letters writes them now. */
export type EditorAspect =
  | 'camera'
  | 'layout'
  | 'selection'
  | 'hovered'
  | 'gesture'
  | 'tool'
  | 'editing'
  | 'finishing'
  | 'flash'
  | 'found'
  | 'look'
  | 'companions'
  | 'remark'
  | 'menu';

export interface PointerWord {
  readonly at: ScreenPoint;
  readonly button?: 'main' | 'middle' | 'right';
  readonly shift?: boolean;
  readonly mod?: boolean;
  readonly alt?: boolean;
  /** True for a finger, which needs larger targets. */
  readonly touch?: boolean;
  /** True for a stylus: as exact as a mouse. */
  readonly pen?: boolean;
  /** A finger beside a pen: it only moves the view, whatever the tool. */
  readonly pans?: boolean;
  /** How hard a pen presses, 0 to 1. */
  readonly pressure?: number;
}

export interface EditorOptions {
  readonly document: JourneyDocument;
  readonly measure: MeasureText;
  readonly canEdit: () => boolean;
}
