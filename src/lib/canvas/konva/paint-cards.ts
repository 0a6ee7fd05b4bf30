import { DRAFT } from '../editor/preview.ts';
import { visibleRect } from '../geometry/camera.ts';
import type { CardLayout } from '../geometry/cell-layout.ts';
import { METRE } from '../geometry/metre.ts';
import type { TextRun } from '../geometry/text.ts';
import { BADGES_FROM, paintBadges } from './paint-badges.ts';
import { faint, fillRound, isRightToLeft, strokeRound, type Pen } from './pen.ts';
import { inBlocks, onBoard, type Scene } from './scene.ts';
import { CARD_FONT, type BoardTheme } from './theme.ts';

/** The cards near the view. Far out they are blocks, one path for each hue. */
export function paintCards(pen: Pen, scene: Scene): void {
  const { camera, viewport } = scene;
  const { layout, gesture, editing } = scene.editor;
  const cards = layout.cells.cardsWithin(visibleRect(camera, viewport));
  onBoard(pen, scene, () => {
    const carried = gesture.kind === 'cards' && !gesture.copies ? gesture.ids : null;
    if (inBlocks(scene)) {
      const isCarried = ({ card }: CardLayout) => carried?.has(card.id) === true;
      if (carried === null) return paintBlocks(pen, scene, cards);
      paintBlocks(
        pen,
        scene,
        cards.filter((card) => !isCarried(card))
      );
      return faint(pen, 0.3, () => paintBlocks(pen, scene, cards.filter(isCarried)));
    }
    const open = editing?.kind === 'card' ? editing.id : DRAFT;
    for (const card of cards) {
      const { id } = card.card;
      if (carried?.has(id) === true) faint(pen, 0.3, () => paintCard(pen, scene, card));
      else paintCard(pen, scene, card, id !== open);
    }
  });
}

/** The card's own colour, or its lane's. */
const hueOf = (theme: BoardTheme, { card, lane }: CardLayout): string =>
  card.facets.color === null ? theme.lanes[lane.kind] : theme.cards[card.facets.color];

/** One path for each hue. */
export function paintBlocks(pen: Pen, { theme }: Scene, cards: readonly CardLayout[]): void {
  const byHue = new Map<string, CardLayout[]>();
  for (const card of cards) {
    const hue = hueOf(theme, card);
    const same = byHue.get(hue);
    if (same === undefined) byHue.set(hue, [card]);
    else same.push(card);
  }
  for (const [hue, same] of byHue) {
    pen.beginPath();
    for (const { rect } of same) pen.rect(rect.x, rect.y, rect.width, rect.height);
    pen.fillStyle = hue;
    faint(pen, 0.7, () => pen.fill());
  }
}

/** A card: its edge at the left in its colour or its lane's, its text as the layout broke it, its badges beneath. */
export function paintCard(pen: Pen, scene: Scene, layout: CardLayout, withText = true): void {
  const { theme, camera } = scene;
  const { rect, card } = layout;
  const { x, y, width, height } = rect;
  const { cardRadius: radius, cardEdge: edge } = METRE;
  const hue = hueOf(theme, layout);
  fillRound(pen, rect, radius, hue);
  const sheet = { x: x + edge, y, width: width - edge, height };
  fillRound(pen, sheet, [0, radius, radius, 0], theme.surface);
  if (card.facets.color !== null) faint(pen, 0.13, () => fillRound(pen, sheet, [0, radius, radius, 0], hue));
  const guessed = card.facets.confidence === 'guessed';
  if (guessed) pen.setLineDash([5, 4]);
  const border = { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 };
  strokeRound(pen, border, radius, guessed ? theme.ink2 : theme.line, 1);
  if (guessed) pen.setLineDash([]);
  if (withText) paintText(pen, theme, layout);
  if (camera.zoom >= BADGES_FROM) paintBadges(pen, theme, layout);
}

function paintText(pen: Pen, theme: BoardTheme, { rect, lines, card }: CardLayout): void {
  pen.font = CARD_FONT;
  pen.textBaseline = 'alphabetic';
  pen.fillStyle = theme.ink;
  const backwards = isRightToLeft(card.text);
  pen.direction = backwards ? 'rtl' : 'ltr';
  pen.textAlign = backwards ? 'right' : 'left';
  const { left, right, y: padding } = METRE.cardPadding;
  const start = backwards ? rect.x + rect.width - right : rect.x + left;
  lines.forEach((line, index) => {
    const baseline = rect.y + padding + index * METRE.lineHeight + METRE.baseline;
    if (typeof line === 'string') pen.fillText(line, start, baseline);
    else
      for (const run of line) paintRun(pen, theme, run, backwards ? start - run.x : start + run.x, baseline);
  });
  pen.direction = 'ltr';
}

/** A marked part of a line, from where it begins in the direction of its words. */
function paintRun(
  pen: Pen,
  theme: BoardTheme,
  { text, bold, italic, href, width }: TextRun,
  x: number,
  y: number
): void {
  pen.font = `${italic ? 'italic ' : ''}${bold ? '600 ' : ''}${CARD_FONT}`;
  pen.fillStyle = href === null ? theme.ink : theme.accent;
  pen.fillText(text, x, y);
  if (href !== null) pen.fillRect(pen.textAlign === 'right' ? x - width : x, y + 2, width, 1);
  pen.font = CARD_FONT;
  pen.fillStyle = theme.ink;
}
