import type { CardId } from '#lib/journey/ids.ts';
import { DRAFT } from '../editor/preview.ts';
import { changesBetween } from '../geometry/changes.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import type { BoardRect } from '../geometry/space.ts';
import { paintCards } from './paint-cards.ts';
import { paintFeelings } from './paint-feelings.ts';
import { paintCells, paintGrid } from './paint-grid.ts';
import type { Pen } from './pen.ts';
import type { Scene } from './scene.ts';
import { Tiles } from './tiles.ts';

const FEW = 40; // cards whose places are named one by one when they change their look

/** What the look of the board's content depends on, beside the layout. */
interface Look {
  readonly theme: unknown;
  readonly ratio: number;
  readonly overrides: unknown;
  readonly currency: string;
  readonly carried: ReadonlySet<CardId> | null;
  readonly open: CardId | null; // its text is in the field
  readonly held: string | null; // the feeling under the pointer, as lane/stage
}

/**
 * The board beneath heads, selections and people: grid, cells, feelings, cards. Keeps it in bitmaps and finds out by
 * itself what has changed since it was drawn last.
 */
export class BoardContent {
  readonly #scene: Scene;
  readonly #tiles: Tiles;
  #layout: JourneyLayout | null = null;
  #look: Look | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#tiles = new Tiles(
      (pen, camera, viewport, rough) => {
        const { editor, theme } = scene;
        const part: Scene = { editor, theme, camera, viewport, rough };
        pen.fillStyle = theme.canvas;
        pen.fillRect(0, 0, viewport.width, viewport.height);
        paintGrid(pen, part);
        paintCells(pen, part);
        paintFeelings(pen, part);
        paintCards(pen, part);
      },
      { opaque: true }
    );
  }

  /** Draws the view. Answers in how many ms it should be drawn again; null for never. */
  draw(pen: Pen, ratio: number, now: number): number | null {
    const { camera, viewport } = this.#scene;
    this.#tiles.invalidate(this.#changes(ratio), now);
    return this.#tiles.draw(pen, { camera, viewport, ratio, now });
  }

  /** The fonts have arrived: everything is painted anew. */
  forget(): void {
    this.#layout = null;
  }

  #changes(ratio: number): readonly BoardRect[] | null {
    const { editor, theme } = this.#scene;
    const { layout, gesture, editing } = editor;
    const before = { layout: this.#layout, look: this.#look };
    const look: Look = {
      theme,
      ratio,
      overrides: editor.overrides,
      currency: editor.journey.settings.currency,
      carried: gesture.kind === 'cards' && !gesture.copies ? gesture.ids : null,
      open: editing?.kind === 'card' ? editing.id : editing?.kind === 'draft' ? DRAFT : null,
      held: gesture.kind === 'feeling' ? `${gesture.lane}/${gesture.stage}` : null
    };
    this.#layout = layout;
    this.#look = look;
    if (before.layout === null || before.look === null) return null;
    const { look: old } = before;
    const isOther = (['theme', 'ratio', 'overrides', 'currency'] as const).some(
      (part) => old[part] !== look[part]
    );
    if (isOther) return null;
    const rects = [...changesBetween(before.layout, layout)];
    const cards = (of: JourneyLayout, ids: Iterable<CardId>): void => {
      for (const id of ids) {
        const rect = of.cards.get(id)?.rect;
        if (rect !== undefined) rects.push(rect);
      }
    };
    if (old.carried !== look.carried) {
      const count = (old.carried?.size ?? 0) + (look.carried?.size ?? 0);
      if (count > FEW) return null;
      cards(before.layout, old.carried ?? []);
      cards(layout, look.carried ?? []);
    }
    if (old.open !== look.open) {
      cards(before.layout, old.open === null ? [] : [old.open]);
      cards(layout, look.open === null ? [] : [look.open]);
    }
    if (old.held !== look.held)
      for (const cell of layout.cells.all)
        if ([old.held, look.held].includes(`${cell.lane.id}/${cell.stage.id}`)) rects.push(cell.rect);
    return rects;
  }
}
