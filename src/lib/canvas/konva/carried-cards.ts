import type { CardId } from '#lib/journey/ids.ts';
import { visibleRect } from '../geometry/camera.ts';
import type { JourneyLayout } from '../geometry/layout.ts';
import { METRE } from '../geometry/metre.ts';
import { paintBlocks, paintCard } from './paint-cards.ts';
import { faint, fillRound, saved, type Pen } from './pen.ts';
import { inBlocks, onBoard, type Scene } from './scene.ts';
import { Tiles } from './tiles.ts';

const FEW = 24; // cards that each get a shadow and are painted anew in every frame

/** The cards that are being carried, above everything, and where they would land. Many are carried as bitmaps. */
export class CarriedCards {
  readonly #scene: Scene;
  readonly #tiles: Tiles;
  #ids: ReadonlySet<CardId> = new Set();
  #of: { layout: JourneyLayout; theme: unknown } | null = null;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#tiles = new Tiles(
      (pen, camera, viewport, rough) => {
        const { editor, theme } = scene;
        const part: Scene = { editor, theme, camera, viewport, rough };
        const cards = editor.layout.cells
          .cardsWithin(visibleRect(camera, viewport))
          .filter(({ card }) => this.#ids.has(card.id));
        onBoard(pen, part, () => {
          if (inBlocks(part)) paintBlocks(pen, part, cards);
          else for (const card of cards) paintCard(pen, part, card);
        });
      },
      { opaque: false }
    );
  }

  /** Draws what is carried. Answers in how many ms it should be drawn again; null for never. */
  draw(pen: Pen, ratio: number, now: number): number | null {
    const { gesture } = this.#scene.editor;
    if (gesture.kind !== 'cards') {
      if (this.#of !== null) this.#tiles.clear();
      this.#of = null;
      return null;
    }
    this.#paintDrop(pen);
    if (gesture.ids.size <= FEW) {
      this.#paintFew(pen);
      return null;
    }
    const { editor, theme, camera, viewport } = this.#scene;
    const { layout } = editor;
    if (this.#ids !== gesture.ids || this.#of?.layout !== layout || this.#of.theme !== theme)
      this.#tiles.invalidate(null, now);
    this.#ids = gesture.ids;
    this.#of = { layout, theme };
    const shifted = { ...camera, x: camera.x - gesture.dx, y: camera.y - gesture.dy };
    return this.#tiles.draw(pen, { camera: shifted, viewport, ratio, now });
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

  #paintFew(pen: Pen): void {
    const { editor, theme, camera } = this.#scene;
    const { gesture, layout } = editor;
    if (gesture.kind !== 'cards') return;
    onBoard(pen, this.#scene, () => {
      for (const id of gesture.ids) {
        const card = layout.cards.get(id);
        if (card === undefined) continue;
        saved(pen, () => {
          pen.translate(gesture.dx, gesture.dy);
          pen.shadowColor = 'rgb(0 0 0 / 25%)';
          pen.shadowBlur = 16 * camera.zoom;
          pen.shadowOffsetY = 4;
          fillRound(pen, card.rect, METRE.cardRadius, theme.surface);
          pen.shadowColor = 'transparent';
          paintCard(pen, this.#scene, card);
        });
      }
    });
  }
}
