import type { CardId, LaneId, StageId } from '#lib/journey/ids.ts';
import type { LaneKind } from '#lib/journey/records.ts';
import { JourneyDocument } from '#lib/document/journey-document.ts';
import { rectToScreen } from '../geometry/camera.ts';
import { screenPoint, type BoardRect, type ScreenPoint } from '../geometry/space.ts';
import { Editor } from './editor.ts';
import type { PointerWord } from './types.ts';

type Modifiers = Omit<PointerWord, 'at'>;

const LANES: readonly LaneKind[] = ['actions', 'feelings', 'touchpoints'];

/**
 * An editor on a small map, driven by pointer words and forced ticks: three stages S0 to S2 (or as many as asked for),
 * the lanes actions, feelings and touchpoints, seven units to a letter.
 */
export class TestEditor extends Editor {
  readonly stages: readonly StageId[];
  readonly lanes: readonly LaneId[];
  #at: ScreenPoint = screenPoint(0, 0);

  constructor({ stages = 3, canEdit = true, document = JourneyDocument.blank() } = {}) {
    super({ document, measure: (text) => text.length * 7, canEdit: () => canEdit });
    this.stages = Array.from({ length: stages }, (_, index) =>
      document.addStage({ name: `S${index}`, index })
    );
    this.lanes = LANES.map((kind, index) => document.addLane({ name: kind, kind, index }));
    document.clearUndo();
    this.motion = false;
    this.resizeViewport({ width: 1200, height: 800 });
    this.fitAll(false);
  }

  /** Adds a card to the cell in a column and row. */
  card(column: number, row: number, text = 'A card'): CardId {
    const [stage, lane] = [this.stages[column], this.lanes[row]];
    if (stage === undefined || lane === undefined) throw new Error('There is no such cell');
    const id = this.document.addCard({ stage, lane, text });
    this.document.clearUndo();
    return id;
  }

  /** The middle of something on the screen. */
  middleOf(rect: BoardRect | undefined): ScreenPoint {
    if (rect === undefined) throw new Error('It is not on the board');
    const { x, y, width, height } = rectToScreen(this.camera, rect);
    return screenPoint(x + width / 2, y + height / 2);
  }

  cardAt(id: CardId): ScreenPoint {
    return this.middleOf(this.layout.cards.get(id)?.rect);
  }

  cellAt(column: number, row: number): ScreenPoint {
    const [stage, lane] = [this.stages[column], this.lanes[row]];
    return this.middleOf(stage && lane && this.layout.cells.get(lane, stage)?.rect);
  }

  press(at: ScreenPoint, modifiers: Modifiers = {}): this {
    this.#at = at;
    this.pointerDown({ at, ...modifiers });
    return this;
  }

  moveTo(at: ScreenPoint, modifiers: Modifiers = {}): this {
    this.#at = at;
    this.pointerMove({ at, ...modifiers });
    return this;
  }

  moveBy(dx: number, dy: number, modifiers: Modifiers = {}): this {
    return this.moveTo(screenPoint(this.#at.x + dx, this.#at.y + dy), modifiers);
  }

  release(): this {
    this.pointerUp({ at: this.#at });
    return this;
  }

  click(at: ScreenPoint, modifiers: Modifiers = {}): this {
    return this.press(at, modifiers).releaseWith(modifiers);
  }

  releaseWith(modifiers: Modifiers): this {
    this.pointerUp({ at: this.#at, ...modifiers });
    return this;
  }

  drag(from: ScreenPoint, to: ScreenPoint, modifiers: Modifiers = {}): this {
    return this.press(from, modifiers).moveTo(to, modifiers).releaseWith(modifiers);
  }

  /** Lets time pass in frames of 16 ms. */
  wait(ms: number): this {
    for (let passed = 0; passed < ms; passed += 16) this.tick(16);
    return this;
  }
}
