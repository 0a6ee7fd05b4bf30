import { BARE_FACETS, type CardFacets, type Sentiment } from '#lib/journey/card-facets.ts';
import { PHASE_WORDS } from '#lib/journey/facet-words.ts';
import type { MeasureText } from './text.ts';

/** What a badge shows; the painter knows how. */
export type BadgeSign =
  | { readonly kind: 'touchpoint' } // channel, medium and ownership in one sign
  | { readonly kind: 'sentiment'; readonly sentiment: Sentiment }
  | { readonly kind: 'confidence' }
  | { readonly kind: 'links' | 'owner' | 'phase' | 'tag'; readonly text: string };

/** A badge's place, from the card's left and from the top of its badges; in board units. */
export interface Badge {
  readonly sign: BadgeSign;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface BadgeLayout {
  readonly badges: readonly Badge[];
  readonly height: number; // of all rows
}

export const BADGE = { height: 20, gap: 4, above: 4, font: 12, icon: 14, chipPadding: 6, mark: 13 } as const;

/** Text in a badge's font: that of cards, smaller. */
const widthOf = (text: string, measure: MeasureText): number => (measure(text) * BADGE.font) / 14;

/** The text, or as much of it as fits and an ellipsis. */
function fitted(text: string, width: number, measure: MeasureText): string {
  if (widthOf(text, measure) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, measure) > width) letters.pop();
  return `${letters.join('')}…`;
}

function signsOf(facets: CardFacets): BadgeSign[] {
  const { channel, medium, ownership, phase, sentiment, confidence, links, owner, tags } = facets;
  const signs: BadgeSign[] = [];
  if (channel !== null || medium !== null || ownership !== null) signs.push({ kind: 'touchpoint' });
  if (phase !== null) signs.push({ kind: 'phase', text: PHASE_WORDS[phase] });
  if (sentiment !== null) signs.push({ kind: 'sentiment', sentiment });
  if (confidence !== null) signs.push({ kind: 'confidence' });
  if (links.length > 0) signs.push({ kind: 'links', text: String(links.length) });
  if (owner !== '') signs.push({ kind: 'owner', text: owner });
  for (const tag of tags) signs.push({ kind: 'tag', text: tag });
  return signs;
}

const HAS_ICON = new Set<BadgeSign['kind']>(['links', 'owner']);

function sized(sign: BadgeSign, most: number, measure: MeasureText): { sign: BadgeSign; width: number } {
  switch (sign.kind) {
    case 'touchpoint':
      return { sign, width: BADGE.height };
    case 'sentiment':
      return { sign, width: sign.sentiment.severity * BADGE.mark + 2 };
    case 'confidence':
      return { sign, width: 28 };
    default: {
      const around = HAS_ICON.has(sign.kind) ? BADGE.icon + 3 : 2 * BADGE.chipPadding;
      const text = fitted(sign.text, most - around, measure);
      return { sign: { ...sign, text }, width: widthOf(text, measure) + around };
    }
  }
}

/** Where a card's badges stand below its text, in rows no wider than `width`. Null for a card without any. */
export function layoutBadges(facets: CardFacets, width: number, measure: MeasureText): BadgeLayout | null {
  if (facets === BARE_FACETS) return null;
  const badges: Badge[] = [];
  let x = 0;
  let y = 0;
  for (const each of signsOf(facets)) {
    const badge = sized(each, width, measure);
    if (x > 0 && x + badge.width > width) {
      x = 0;
      y += BADGE.height + BADGE.gap;
    }
    badges.push({ ...badge, x, y });
    x += badge.width + BADGE.gap + 2;
  }
  return badges.length === 0 ? null : { badges, height: y + BADGE.height };
}

/** Remembers layouts by facets, which stay the same object while nobody changes them. */
export class BadgeCache {
  readonly #measure: MeasureText;
  #known = new WeakMap<CardFacets, { width: number; layout: BadgeLayout | null }>();

  constructor(measure: MeasureText) {
    this.#measure = measure;
  }

  of(facets: CardFacets, width: number): BadgeLayout | null {
    if (facets === BARE_FACETS) return null;
    const known = this.#known.get(facets);
    if (known?.width === width) return known.layout;
    const layout = layoutBadges(facets, width, this.#measure);
    this.#known.set(facets, { width, layout });
    return layout;
  }

  /** Forgets everything: the font has changed. */
  clear(): void {
    this.#known = new WeakMap();
  }
}
