import type { MeasureText } from '#lib/canvas/geometry/text.ts';

const CARD_FONT = "14px 'Inter Variable', system-ui, sans-serif";

/** Measures text as the canvas draws cards. Browser only; each run of letters is measured once. */
export function cardMeasure(): MeasureText {
  const pen = document.createElement('canvas').getContext('2d');
  // Without a canvas (a test's DOM) an average letter will do.
  if (pen === null) return (text) => text.length * 7.2;
  const bold = document.createElement('canvas').getContext('2d') ?? pen;
  pen.font = CARD_FONT;
  bold.font = `600 ${CARD_FONT}`;
  return (text, isBold = false) => (isBold ? bold : pen).measureText(text).width;
}
