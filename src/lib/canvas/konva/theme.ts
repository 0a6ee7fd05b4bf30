import { CARD_COLORS, type CardColor } from '#lib/journey/card-facets.ts';
import { OBJECT_COLORS, type ObjectColor } from '#lib/journey/objects.ts';
import { LANE_KINDS, type LaneKind } from '#lib/journey/records.ts';

/** The colours of the page's tokens, as the canvas draws with them. */
export interface BoardTheme {
  readonly canvas: string;
  readonly surface: string;
  readonly surface2: string;
  readonly ink: string;
  readonly ink2: string;
  readonly line: string;
  readonly accent: string;
  readonly accentInk: string;
  readonly positive: string;
  readonly negative: string;
  readonly focus: string;
  readonly lanes: Readonly<Record<LaneKind, string>>;
  readonly cards: Readonly<Record<CardColor, string>>;
  /** Of free objects: the colour of lines, and of the sheet that words stand on. */
  readonly objects: Readonly<Record<ObjectColor, { readonly line: string; readonly sheet: string }>>;
}

export const FONT = "'Inter Variable', system-ui, sans-serif";
export const CARD_FONT = `14px ${FONT}`;

/** Reads the custom properties that hold at `element`. */
export function readTheme(element: Element): BoardTheme {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim() || '#808080';
  return {
    canvas: read('canvas'),
    surface: read('surface'),
    surface2: read('surface-2'),
    ink: read('ink'),
    ink2: read('ink-2'),
    line: read('line'),
    accent: read('accent'),
    accentInk: read('accent-ink'),
    positive: read('positive'),
    negative: read('negative'),
    focus: read('focus'),
    lanes: Object.fromEntries(LANE_KINDS.map((kind) => [kind, read(`lane-${kind}`)])) as Record<
      LaneKind,
      string
    >,
    cards: Object.fromEntries(CARD_COLORS.map((color) => [color, read(`card-${color}`)])) as Record<
      CardColor,
      string
    >,
    objects: Object.fromEntries(
      OBJECT_COLORS.map((color) => [
        color,
        { line: read(`object-${color}`), sheet: read(`object-${color}-sheet`) }
      ])
    ) as BoardTheme['objects']
  };
}

/** Calls back when the page's theme has changed: chosen by the person, or by their system. */
export function watchTheme(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  dark.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', changed);
  };
}
