import type { LaneKind } from '#lib/journey/records.ts';
import { DRAFT } from '../editor/preview.ts';
import { visibleRect } from '../geometry/camera.ts';
import type { CardLayout } from '../geometry/cell-layout.ts';
import { METRE } from '../geometry/metre.ts';
import { faint, fillRound, isRightToLeft, saved, strokeRound, type Pen } from './pen.ts';
import { onBoard, OVERVIEW, type Scene } from './scene.ts';
import { CARD_FONT } from './theme.ts';

/** The cards near the view. Far out they are blocks, one path for each hue. */
export function paintCards(pen: Pen, scene: Scene): void {
  const { camera, viewport } = scene;
  const { layout, gesture, editing } = scene.editor;
  const cards = layout.cells.cardsWithin(visibleRect(camera, viewport));
  onBoard(pen, scene, () => {
    if (camera.zoom < OVERVIEW) return paintBlocks(pen, scene, cards);
    const carried = gesture.kind === 'cards' && !gesture.copies ? gesture.ids : null;
    const open = editing?.kind === 'card' ? editing.id : DRAFT;
    for (const card of cards) {
      const { id } = card.card;
      if (carried?.has(id) === true) faint(pen, 0.3, () => paintCard(pen, scene, card));
      else paintCard(pen, scene, card, id !== open);
    }
  });
}

function paintBlocks(pen: Pen, { theme }: Scene, cards: readonly CardLayout[]): void {
  const byKind = new Map<LaneKind, CardLayout[]>();
  for (const card of cards) {
    const same = byKind.get(card.lane.kind);
    if (same === undefined) byKind.set(card.lane.kind, [card]);
    else same.push(card);
  }
  for (const [kind, same] of byKind) {
    pen.beginPath();
    for (const { rect } of same) pen.rect(rect.x, rect.y, rect.width, rect.height);
    pen.fillStyle = theme.lanes[kind];
    faint(pen, 0.7, () => pen.fill());
  }
}

/** A card: its lane's edge at the left, its text wrapped as the layout measured it. */
export function paintCard(
  pen: Pen,
  { theme }: Scene,
  { rect, lane, lines, card }: CardLayout,
  withText = true
): void {
  const { x, y, width, height } = rect;
  const { cardRadius: radius, cardEdge: edge } = METRE;
  fillRound(pen, rect, radius, theme.lanes[lane.kind]);
  const sheet = { x: x + edge, y, width: width - edge, height };
  fillRound(pen, sheet, [0, radius, radius, 0], theme.surface);
  strokeRound(pen, { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 }, radius, theme.line, 1);
  if (!withText) return;
  pen.font = CARD_FONT;
  pen.textBaseline = 'alphabetic';
  pen.fillStyle = theme.ink;
  const backwards = isRightToLeft(card.text);
  pen.direction = backwards ? 'rtl' : 'ltr';
  pen.textAlign = backwards ? 'right' : 'left';
  const left = backwards ? x + width - METRE.cardPadding.right : x + METRE.cardPadding.left;
  // One line stands in the middle of the least height; more start at the padding.
  const top = y + (height - lines.length * METRE.lineHeight) / 2;
  lines.forEach((line, index) => pen.fillText(line, left, top + index * METRE.lineHeight + 14));
  pen.direction = 'ltr';
}

/** The cards that are being carried, above everything, and where they would land. */
export function paintCarried(pen: Pen, scene: Scene): void {
  const { editor, theme, camera } = scene;
  const { gesture, layout } = editor;
  if (gesture.kind !== 'cards') return;
  onBoard(pen, scene, () => {
    if (gesture.drop !== null) {
      const { lane, stage, index } = gesture.drop;
      const cell = layout.cells.get(lane, stage);
      if (cell !== undefined) {
        const staying = cell.cards.filter(({ card }) => gesture.copies || !gesture.ids.has(card.id));
        const after = staying[index - 1]?.rect;
        const next = staying[index]?.rect;
        const first = cell.cards[0]?.rect.y ?? cell.rect.y + METRE.cellPadding;
        const y = after !== undefined ? after.y + after.height + 4 : (next?.y ?? first) - 4;
        faint(pen, 0.08, () => fillRound(pen, cell.rect, 0, theme.accent));
        const { x, width } = cell.rect;
        fillRound(pen, { x: x + 10, y: y - 1.5, width: width - 20, height: 3 }, 2, theme.accent);
      }
    }
    // A shadow a card is what hundreds at once cannot afford.
    const few = gesture.ids.size <= 24;
    for (const id of gesture.ids) {
      const card = layout.cards.get(id);
      if (card === undefined) continue;
      saved(pen, () => {
        pen.translate(gesture.dx, gesture.dy);
        if (few) {
          pen.shadowColor = 'rgb(0 0 0 / 25%)';
          pen.shadowBlur = 16 * camera.zoom;
          pen.shadowOffsetY = 4;
          fillRound(pen, card.rect, METRE.cardRadius, theme.surface);
          pen.shadowColor = 'transparent';
        }
        paintCard(pen, scene, card);
      });
    }
  });
}
