import { mayHaveMarks, readCardText, type TextParagraph, type TextSpan } from '#lib/journey/card-text.ts';

/** Width of a run of text in board units, in the font of cards. */
export interface MeasureText {
  (text: string, bold?: boolean): number;
  /** Drops the widths that are remembered, where some are: the font has changed. */
  readonly forget?: () => void;
}

const WIDE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;
const MAY_BE_WIDE = /[\u1100-\uffff]/;
const HYPHEN = 45;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const isSpace = (code: number): boolean =>
  code === 32 ||
  (code >= 9 && code <= 13) ||
  code === 0xa0 ||
  (code >= 0x1680 && /\s/.test(String.fromCharCode(code)));

/** Where the piece ends that begins at an offset: a run of spaces, or a word with the hyphens after it. */
function pieceEnd(paragraph: string, from: number): number {
  let end = from;
  const pass = (goes: (code: number) => boolean): void => {
    while (end < paragraph.length && goes(paragraph.charCodeAt(end))) end += 1;
  };
  if (isSpace(paragraph.charCodeAt(from))) {
    pass(isSpace);
    return end;
  }
  pass((code) => code !== HYPHEN && !isSpace(code));
  pass((code) => code === HYPHEN);
  return end;
}

/** Ends of the parts of a paragraph between which a line may break. */
function pieces(paragraph: string): number[] {
  const ends: number[] = [];
  const hasWide = MAY_BE_WIDE.test(paragraph) && WIDE.test(paragraph);
  for (let at = 0; at < paragraph.length;) {
    const end = pieceEnd(paragraph, at);
    const piece = hasWide ? paragraph.slice(at, end) : '';
    if (hasWide && WIDE.test(piece))
      for (const { index, segment } of graphemes.segment(piece)) ends.push(at + index + segment.length);
    else ends.push(end);
    at = end;
  }
  return ends;
}

/** Part of a paragraph, as offsets into it. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Width of a stretch of the paragraph that is being broken. */
type MeasureStretch = (start: number, end: number) => number;

/** Cuts a word that is wider than a line. */
function cut(word: string, offset: number, width: number, measure: MeasureStretch): Stretch[] {
  const lines: Stretch[] = [];
  let start = offset;
  let end = offset;
  for (const { segment } of graphemes.segment(word)) {
    if (end > start && measure(start, end + segment.length) > width) {
      lines.push({ start, end });
      start = end;
    }
    end += segment.length;
  }
  lines.push({ start, end });
  return lines;
}

/**
 * Breaks one paragraph, see {@link wrapText}. Always at least one line; spaces at its end are not part of it. Each word
 * is measured once and added to what stands before it: text is shaped word by word.
 */
function breakParagraph(paragraph: string, width: number, measure: MeasureStretch): Stretch[] {
  const lines: Stretch[] = [];
  const push = (start: number, end: number): void => {
    let last = end;
    while (last > start && isSpace(paragraph.charCodeAt(last - 1))) last -= 1;
    lines.push({ start, end: last });
  };
  let start = 0; // of the line
  let word = 0; // where the unbroken word begins that the line ends with
  let before = 0; // width of what stands before that word
  let open = 0; // width of the word so far
  let end = 0;
  for (const next of pieces(paragraph)) {
    if (isSpace(paragraph.charCodeAt(end))) {
      before += open + measure(end, next);
      [word, open] = [next, 0];
    } else {
      open = measure(word, next);
      if (before + open > width) {
        if (end > start) push(start, end);
        start = word = end;
        before = 0;
        open = measure(start, next);
        if (open > width) {
          const parts = cut(paragraph.slice(end, next), start, width, measure);
          for (const part of parts.slice(0, -1)) push(part.start, part.end);
          start = word = parts.at(-1)?.start ?? start;
          open = measure(start, next);
        }
      }
    }
    end = next;
  }
  push(start, end);
  return lines;
}

/**
 * Breaks `text` into lines no wider than `width`, as a text field with `white-space: pre-wrap; overflow-wrap: anywhere`
 * does: at spaces and after hyphens, between ideographs, and inside a word only when it fills a line alone. Spaces at
 * the end of a line hang. Always at least one line.
 */
export const wrapText = (text: string, width: number, measure: MeasureText): string[] =>
  (/[\r\n]/.test(text) ? text.split(/\r\n|\r|\n/) : [text]).flatMap((paragraph) =>
    breakParagraph(paragraph, width, (start, end) => measure(paragraph.slice(start, end))).map(
      ({ start, end }) => paragraph.slice(start, end)
    )
  );

/** A part of a line that is drawn at once. */
export interface TextRun extends TextSpan {
  readonly x: number; // from where the line begins: its left, or its right where words run from right to left
  readonly width: number;
}

/** A line as it is drawn: one string, or runs where a part of it is marked. */
export type TextLine = string | readonly TextRun[];

/** How far the words of a list stand in from its bullets. */
const ITEM_INDENT = 15;
const PLAIN = { bold: false, italic: false, href: null };

/** Breaks a text as people read it, by the same rules as {@link wrapText} and with bold words as wide as they are. */
export function wrapMarked(
  paragraphs: readonly TextParagraph[],
  width: number,
  measure: MeasureText
): readonly TextLine[] {
  return paragraphs.flatMap(({ item, spans }) => {
    const whole = spans.map(({ text }) => text).join('');
    const indent = item ? ITEM_INDENT : 0;
    const runsOf = (start: number, end: number): TextRun[] => {
      const runs: TextRun[] = [];
      let offset = 0;
      let x = indent;
      for (const span of spans) {
        const text = span.text.slice(Math.max(0, start - offset), Math.max(0, end - offset));
        offset += span.text.length;
        if (text === '') continue;
        const run = { ...span, text, x, width: measure(text, span.bold) };
        x += run.width;
        runs.push(run);
      }
      return runs;
    };
    const widthOf = (start: number, end: number) =>
      runsOf(start, end).reduce((sum, run) => sum + run.width, 0);
    return breakParagraph(whole, width - indent, widthOf).map(({ start, end }, index): TextLine => {
      const runs = runsOf(start, end);
      if (item && index === 0) return [{ ...PLAIN, text: '•', x: 2, width: 6 }, ...runs];
      const [only] = runs;
      const plain = !item && spans.every(({ bold, italic, href }) => !bold && !italic && href === null);
      return plain ? (only?.text ?? '') : runs;
    });
  });
}

/** Remembers wrapped texts by width, so that a layout after one keystroke wraps one text. */
export class WrapCache {
  readonly #measure: MeasureText;
  readonly #limit: number;
  #byWidth = new Map<number, Map<string, readonly TextLine[]>>();
  #size = 0;

  /** @param limit How many texts are kept before the cache starts afresh. */
  constructor(measure: MeasureText, limit = 40_000) {
    this.#measure = measure;
    this.#limit = limit;
  }

  /** A card's text in lines, its marks carried out. */
  wrap(text: string, width: number): readonly TextLine[] {
    let texts = this.#byWidth.get(width);
    if (texts === undefined) {
      texts = new Map<string, readonly TextLine[]>();
      this.#byWidth.set(width, texts);
    }
    let lines = texts.get(text);
    if (lines === undefined) {
      lines = mayHaveMarks(text)
        ? wrapMarked(readCardText(text), width, this.#measure)
        : wrapText(text, width, this.#measure);
      texts.set(text, lines);
      if ((this.#size += 1) > this.#limit) this.clear();
    }
    return lines;
  }

  /** The text with its signs as they were typed: how the open text field breaks it. */
  wrapTyped(text: string, width: number): readonly TextLine[] {
    return mayHaveMarks(text) ? wrapText(text, width, this.#measure) : this.wrap(text, width);
  }

  /** Forgets everything: the font has changed. */
  clear(): void {
    this.#measure.forget?.();
    this.#byWidth = new Map();
    this.#size = 0;
  }
}
