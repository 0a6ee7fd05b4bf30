import { carryingOf } from '../editor/gesture.ts';
import type { Carrying } from '../editor/types.ts';
import { visibleRect } from '../geometry/camera.ts';
import { changesBetween } from '../geometry/changes.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import { METRE } from '../geometry/metre.ts';
import type { BoardRect } from '../geometry/space.ts';
import { paintBlocks, paintCard } from './paint-cards.ts';
import { paintObject } from './paint-objects.ts';
import { faint, fillRound, saved, type Pen } from './pen.ts';
import { inBlocks, onBoard, type ObjectScene } from './scene.ts';
import { Tiles } from './tiles.ts';

const FEW = 24; // cards or objects that are painted anew in every frame, cards with a shadow

/** What is being carried, above everything, and where cards would land. Much of it is carried as bitmaps. */
export class CarriedThings {
  readonly #scene: ObjectScene;
  readonly #tiles: Tiles;
  #ids: ReadonlySet<string> = new Set();
  #of: { layout: JourneyLayout; objects: number; theme: unknown } | null = null;

  constructor(scene: ObjectScene) {
    this.#scene = scene;
    this.#tiles = new Tiles(
      (pen, camera, viewport, rough) => {
        const { editor, theme, images } = scene;
        const part: ObjectScene = { editor, theme, images, camera, viewport, rough };
        const view = visibleRect(camera, viewport);
        const isOfCards = editor.gesture.kind === 'cards';
        const cards = isOfCards
          ? editor.layout.cells.cardsWithin(view).filter(({ card }) => this.#ids.has(card.id))
          : [];
        const { rigid } = editor.objects.carry(this.#ids);
        onBoard(pen, part, () => {
          if (inBlocks(part)) paintBlocks(pen, part, cards);
          else for (const card of cards) paintCard(pen, part, card);
          if (rigid.size === 0) return;
          for (const placed of editor.objects.within(view))
            if (rigid.has(placed.object.id)) paintObject(pen, part, placed);
        });
      },
      { opaque: false }
    );
  }

  /** Draws what is carried. Answers in how many ms it should be drawn again; null for never. */
  draw(pen: Pen, ratio: number, now: number): number | null {
    const carrying = carryingOf(this.#scene.editor.gesture);
    if (carrying === null) {
      if (this.#of !== null) this.#tiles.clear();
      this.#of = null;
      return null;
    }
    this.#paintDrop(pen);
    if (carrying.ids.size <= FEW) {
      this.#paintFew(pen, carrying);
      return null;
    }
    this.#tiles.invalidate(this.#changes(carrying.ids), now);
    const { camera, viewport } = this.#scene;
    const shifted = { ...camera, x: camera.x - carrying.dx, y: camera.y - carrying.dy };
    return this.#tiles.draw(pen, { camera: shifted, viewport, ratio, now });
  }

  /** Where what is carried looks different from the last time; null where that is everywhere. */
  #changes(ids: ReadonlySet<string>): readonly BoardRect[] | null {
    const { editor, theme } = this.#scene;
    const { layout, objects } = editor;
    const [before, known] = [this.#of, this.#ids];
    this.#ids = ids;
    this.#of = { layout, objects: objects.version, theme };
    if (before === null || known !== ids || before.theme !== theme) return null;
    const moved = objects.changedSince(before.objects);
    return moved === null ? null : [...changesBetween(before.layout, layout), ...moved];
  }

  #paintDrop(pen: Pen): void {
    const { editor, theme } = this.#scene;
    const { gesture, layout } = editor;
    if (gesture.kind !== 'cards' || gesture.drop === null) return;
    const { lane, stage, index } = gesture.drop;
    const cell = layout.cells.get(lane, stage);
    if (cell === undefined) return;
    const staying = cell.cards.filter(({ card }) => gesture.copies || !gesture.ids.has(card.id));
    const after = staying[index - 1]?.rect;
    const next = staying[index]?.rect;
    const first = cell.cards[0]?.rect.y ?? cell.rect.y + METRE.cellPadding;
    const y = after !== undefined ? after.y + after.height + 4 : (next?.y ?? first) - 4;
    onBoard(pen, this.#scene, () => {
      faint(pen, 0.08, () => fillRound(pen, cell.rect, 0, theme.accent));
      const { x, width } = cell.rect;
      fillRound(pen, { x: x + 10, y: y - 1.5, width: width - 20, height: 3 }, 2, theme.accent);
    });
  }

  #paintFew(pen: Pen, { ids, dx, dy }: Carrying): void {
    const { editor, theme, camera } = this.#scene;
    const { layout, objects, gesture } = editor;
    onBoard(pen, this.#scene, () => {
      pen.translate(dx, dy);
      for (const id of gesture.kind === 'cards' ? gesture.ids : []) {
        const card = layout.cards.get(id);
        if (card === undefined) continue;
        saved(pen, () => {
          pen.shadowColor = 'rgb(0 0 0 / 25%)';
          pen.shadowBlur = 16 * camera.zoom;
          pen.shadowOffsetY = 4;
          fillRound(pen, card.rect, METRE.cardRadius, theme.surface);
          pen.shadowColor = 'transparent';
          paintCard(pen, this.#scene, card);
        });
      }
      for (const id of objects.carry(ids).rigid) {
        const placed = objects.get(id);
        if (placed !== undefined) paintObject(pen, this.#scene, placed);
      }
    });
  }
}
