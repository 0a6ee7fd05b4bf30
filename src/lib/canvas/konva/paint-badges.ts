import type { CardFacets, Sentiment } from '#lib/journey/card-facets.ts';
import { BADGE, type Badge } from '../geometry/badges.ts';
import type { CardLayout } from '../geometry/cell-layout.ts';
import { METRE } from '../geometry/metre.ts';
import { iconPath } from './icons.ts';
import { faint, fillRound, font, saved, type Pen } from './pen.ts';
import type { BoardTheme } from './theme.ts';

/** Below this zoom a badge says nothing any more; its place stays. */
export const BADGES_FROM = 0.45;

const CHIP_FONT = font(BADGE.font);

/** What a card says besides its text, in rows beneath it. In board units. */
export function paintBadges(pen: Pen, theme: BoardTheme, { card, rect, badges }: CardLayout): void {
  if (badges === null) return;
  const left = rect.x + METRE.cardPadding.left;
  const top = rect.y + rect.height - METRE.cardPadding.y - badges.height;
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';
  pen.direction = 'ltr';
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  for (const badge of badges.badges)
    saved(pen, () => {
      pen.translate(left + badge.x, top + badge.y);
      paintBadge(pen, theme, badge, card.facets);
    });
}

function paintBadge(pen: Pen, theme: BoardTheme, { sign, width }: Badge, facets: CardFacets): void {
  const box = { x: 0, y: 0, width, height: BADGE.height };
  const write = (text: string, x: number, color: string): void => {
    pen.font = CHIP_FONT;
    pen.fillStyle = color;
    pen.fillText(text, x, 14.5);
  };
  switch (sign.kind) {
    case 'touchpoint':
      return paintTouchpoint(pen, theme, facets);
    case 'sentiment':
      return paintSentiment(pen, theme, sign.sentiment);
    case 'confidence':
      return paintConfidence(pen, theme, facets.confidence);
    case 'phase':
      pen.beginPath();
      pen.roundRect(0.5, 1.5, width - 1, BADGE.height - 3, 3);
      pen.strokeStyle = theme.line;
      pen.lineWidth = 1;
      pen.stroke();
      return write(sign.text, BADGE.chipPadding, theme.ink2);
    case 'links':
    case 'owner':
      paintIcon(pen, sign.kind === 'links' ? 'link' : 'user', 0, 3, theme.ink2);
      return write(sign.text, BADGE.icon + 3, theme.ink2);
    case 'tag':
      faint(pen, 0.1, () => fillRound(pen, { ...box, y: 1, height: BADGE.height - 2 }, 9, theme.ink));
      return write(sign.text, BADGE.chipPadding, theme.ink);
  }
}

function paintIcon(
  pen: Pen,
  name: Parameters<typeof iconPath>[0],
  x: number,
  y: number,
  color: string
): void {
  saved(pen, () => {
    pen.translate(x, y);
    pen.scale(BADGE.icon / 24, BADGE.icon / 24);
    pen.strokeStyle = color;
    pen.lineWidth = 2.2;
    pen.stroke(iconPath(name));
  });
}

/** The channel's icon in a circle (online) or a square (offline), whose line is broken where it is not ours. */
function paintTouchpoint(pen: Pen, theme: BoardTheme, { channel, medium, ownership }: CardFacets): void {
  const size = BADGE.height - 1;
  if (channel !== null)
    saved(pen, () => {
      pen.translate(BADGE.height / 2, BADGE.height / 2);
      pen.scale(0.82, 0.82);
      paintIcon(pen, channel, -BADGE.icon / 2, -BADGE.icon / 2, theme.ink);
    });
  if (medium === null && ownership === null) return;
  pen.beginPath();
  pen.roundRect(0.5, 0.5, size, size, medium === 'offline' ? 2 : size / 2);
  pen.setLineDash(ownership === 'unowned' ? [2.5, 3] : []);
  pen.strokeStyle = theme.ink2;
  pen.lineWidth = 1.25;
  pen.stroke();
  pen.setLineDash([]);
}

/** As many marks as it is strong: triangles that point down for a pain, diamonds for a delight. */
function paintSentiment(pen: Pen, theme: BoardTheme, { kind, severity }: Sentiment): void {
  pen.beginPath();
  for (let index = 0; index < severity; index += 1) {
    const x = index * BADGE.mark + 6.5;
    if (kind === 'pain') {
      pen.moveTo(x - 5.5, 5.5);
      pen.lineTo(x + 5.5, 5.5);
      pen.lineTo(x, 15);
    } else {
      pen.moveTo(x, 4);
      pen.lineTo(x + 6, 10);
      pen.lineTo(x, 16);
      pen.lineTo(x - 6, 10);
    }
    pen.closePath();
  }
  pen.fillStyle = kind === 'pain' ? theme.negative : theme.positive;
  pen.fill();
}

/** Three dots: one full for guessed, two for partly backed, three for measured. */
function paintConfidence(pen: Pen, theme: BoardTheme, confidence: CardFacets['confidence']): void {
  const full = confidence === 'measured' ? 3 : confidence === 'partly-backed' ? 2 : 1;
  pen.fillStyle = theme.ink2;
  pen.strokeStyle = theme.ink2;
  pen.lineWidth = 1.25;
  for (let index = 0; index < 3; index += 1) {
    pen.beginPath();
    pen.arc(4 + index * 10, BADGE.height / 2, index < full ? 3.5 : 2.9, 0, 2 * Math.PI);
    if (index < full) pen.fill();
    else pen.stroke();
  }
}
