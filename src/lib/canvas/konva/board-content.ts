import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { carryingOf } from '../editor/gesture.ts';
import { DRAFT } from '../editor/preview.ts';
import { changesBetween } from '../geometry/changes.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import type { BoardRect } from '../geometry/space.ts';
import { paintCards } from './paint-cards.ts';
import { paintFeelings } from './paint-feelings.ts';
import { paintCells, paintGrid } from './paint-grid.ts';
import { paintGridDots } from './paint-holds.ts';
import { paintObjects } from './paint-objects.ts';
import type { Pen } from './pen.ts';
import type { ObjectScene } from './scene.ts';
import { Tiles } from './tiles.ts';

const FEW = 40; // cards and objects whose places are named one by one when they change their look
const NONE: ReadonlySet<ObjectId> = new Set();

/** What the look of the board's content depends on, beside the layout and the objects' places. */
interface Look {
  readonly theme: unknown;
  readonly ratio: number;
  readonly overrides: unknown;
  readonly currency: string;
  readonly grid: number | null;
  readonly carried: ReadonlySet<CardId> | null;
  readonly open: string | null; // whose text is in the field: a card's, an object's
  readonly held: string | null; // the feeling under the pointer, as lane/stage
  readonly hidden: ReadonlySet<ObjectId>; // objects that are shown elsewhere
  readonly faded: ReadonlySet<ObjectId>; // objects that are being erased
}

interface Drawn {
  readonly layout: JourneyLayout;
  readonly objects: number; // their version
  readonly look: Look;
}

/**
 * The board beneath heads, selections and people: grid, cells, feelings, cards, free objects. Keeps it in bitmaps and
 * finds out by itself what has changed since it was drawn last.
 */
export class BoardContent {
  readonly #scene: ObjectScene;
  readonly #tiles: Tiles;
  #drawn: Drawn | null = null;
  #hidden: { of: unknown; version: number; ids: ReadonlySet<ObjectId> } = { of: null, version: 0, ids: NONE };

  constructor(scene: ObjectScene) {
    this.#scene = scene;
    this.#tiles = new Tiles(
      (pen, camera, viewport, rough) => {
        const { editor, theme, images } = scene;
        const part: ObjectScene = { editor, theme, images, camera, viewport, rough };
        pen.fillStyle = theme.canvas;
        pen.fillRect(0, 0, viewport.width, viewport.height);
        paintGrid(pen, part);
        paintCells(pen, part);
        paintFeelings(pen, part);
        paintCards(pen, part);
        paintGridDots(pen, part);
        paintObjects(pen, part, this.#elsewhere());
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
    this.#drawn = null;
  }

  /** Pictures have arrived. */
  repaintPictures(now: number): void {
    const pictures = this.#scene.editor.objects.all.filter(({ object }) => object.kind === 'image');
    this.#tiles.invalidate(
      pictures.map(({ bounds }) => bounds),
      now
    );
  }

  /** The objects that a gesture shows in another place or state: the same set as long as they are the same. */
  #elsewhere(): ReadonlySet<ObjectId> {
    const { gesture, objects } = this.#scene.editor;
    const carrying = carryingOf(gesture);
    const shown = gesture.kind === 'objects' ? gesture.shown : null;
    if (carrying?.copies === true || (carrying === null && (shown === null || shown.size === 0))) return NONE;
    const of = carrying?.ids ?? [...(shown?.keys() ?? [])].join();
    if (this.#hidden.of === of && this.#hidden.version === objects.version) return this.#hidden.ids;
    const ids = new Set(shown?.keys() ?? []);
    for (const { object } of objects.holdingOn(ids)) ids.add(object.id);
    if (carrying !== null) {
      const { rigid, bent } = objects.carry(carrying.ids);
      for (const id of rigid) ids.add(id);
      for (const { id } of bent) ids.add(id);
    }
    const known = this.#hidden.ids;
    const isSame = known.size === ids.size && [...ids].every((id) => known.has(id));
    this.#hidden = { of, version: objects.version, ids: isSame ? known : ids };
    return this.#hidden.ids;
  }

  #look(ratio: number): Look {
    const { editor, theme } = this.#scene;
    const { gesture, editing } = editor;
    return {
      theme,
      ratio,
      overrides: editor.overrides,
      currency: editor.journey.settings.currency,
      grid: editor.grid,
      carried: gesture.kind === 'cards' && !gesture.copies ? gesture.ids : null,
      open: editing === null ? null : editing.kind === 'draft' ? DRAFT : editing.id,
      held: gesture.kind === 'feeling' ? `${gesture.lane}/${gesture.stage}` : null,
      hidden: this.#elsewhere(),
      faded: gesture.kind === 'erasing' ? gesture.ids : NONE
    };
  }

  /** The places that look different since the last time; null when that is everywhere. */
  #changes(ratio: number): readonly BoardRect[] | null {
    const { editor } = this.#scene;
    const { layout, objects } = editor;
    const look = this.#look(ratio);
    const before = this.#drawn;
    this.#drawn = { layout, objects: objects.version, look };
    if (before === null) return null;
    const { look: old } = before;
    const isOther = (['theme', 'ratio', 'overrides', 'currency', 'grid'] as const).some(
      (part) => old[part] !== look[part]
    );
    const moved = objects.changedSince(before.objects);
    if (isOther || moved === null) return null;
    const rects = [...changesBetween(before.layout, layout), ...moved];
    const cards = (of: JourneyLayout, ids: Iterable<string>): void => {
      for (const id of ids) {
        const rect = of.cards.get(id as CardId)?.rect ?? objects.get(id as ObjectId)?.bounds;
        if (rect !== undefined) rects.push(rect);
      }
    };
    if (old.carried !== look.carried) {
      if ((old.carried?.size ?? 0) + (look.carried?.size ?? 0) > FEW) return null;
      cards(before.layout, old.carried ?? []);
      cards(layout, look.carried ?? []);
    }
    for (const part of ['hidden', 'faded'] as const) {
      if (old[part] === look[part]) continue;
      if (old[part].size + look[part].size > 2 * FEW) return null;
      cards(layout, old[part]);
      cards(layout, look[part]);
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
