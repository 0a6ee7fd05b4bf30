/** Width of a run of text in board units, in the font of cards. */
export type MeasureText = (text: string) => number;

const WIDE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;
const PIECES = /\s+|[^\s-]+-*|-+/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Parts of a paragraph between which a line may break. */
function pieces(paragraph: string): string[] {
  const found = paragraph.match(PIECES) ?? [];
  return found.flatMap((piece) =>
    WIDE.test(piece) ? Array.from(graphemes.segment(piece), (part) => part.segment) : [piece]
  );
}

/** Cuts a word that is wider than a line. */
function cut(word: string, width: number, measure: MeasureText): string[] {
  const lines: string[] = [];
  let line = '';
  for (const { segment } of graphemes.segment(word)) {
    if (line !== '' && measure(line + segment) > width) {
      lines.push(line);
      line = segment;
    } else line += segment;
  }
  lines.push(line);
  return lines;
}

/**
 * Breaks `text` into lines no wider than `width`, as a text field with `white-space: pre-wrap; overflow-wrap: anywhere`
 * does: at spaces and after hyphens, between ideographs, and inside a word only when it fills a line alone. Spaces at
 * the end of a line hang. Always at least one line.
 */
export function wrapText(text: string, width: number, measure: MeasureText): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r\n|\r|\n/)) {
    let line = '';
    for (const piece of pieces(paragraph)) {
      if (/^\s/.test(piece) || measure(line + piece) <= width) {
        line += piece;
        continue;
      }
      if (line !== '') lines.push(line.trimEnd());
      const parts = measure(piece) > width ? cut(piece, width, measure) : [piece];
      lines.push(...parts.slice(0, -1));
      line = parts.at(-1) ?? '';
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** Remembers wrapped texts by width, so that a layout after one keystroke wraps one text. */
export class WrapCache {
  readonly #measure: MeasureText;
  readonly #limit: number;
  #byWidth = new Map<number, Map<string, readonly string[]>>();
  #size = 0;

  /** @param limit How many texts are kept before the cache starts afresh. */
  constructor(measure: MeasureText, limit = 40_000) {
    this.#measure = measure;
    this.#limit = limit;
  }

  wrap(text: string, width: number): readonly string[] {
    let texts = this.#byWidth.get(width);
    if (texts === undefined) {
      texts = new Map<string, readonly string[]>();
      this.#byWidth.set(width, texts);
    }
    let lines = texts.get(text);
    if (lines === undefined) {
      lines = wrapText(text, width, this.#measure);
      texts.set(text, lines);
      if ((this.#size += 1) > this.#limit) this.clear();
    }
    return lines;
  }

  /** Forgets everything: the font has changed. */
  clear(): void {
    this.#byWidth = new Map();
    this.#size = 0;
  }
}
