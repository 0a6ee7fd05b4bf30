import type { MeasureText } from '#lib/canvas/geometry/text.ts';

const CARD_FONT = "14px 'Inter Variable', system-ui, sans-serif";

const MOST = 20_000; // words of each weight that are remembered

/**
 * Measures text as the canvas draws cards. Browser only. Each word is measured once and a line is the sum of its words
 * and spaces: browsers shape text word by word, so the sum is what they would answer, at a hundredth of the time.
 */
export function cardMeasure(): MeasureText {
  const pen = document.createElement('canvas').getContext('2d');
  // Without a canvas (a test's DOM) an average letter will do.
  if (pen === null) return (text) => text.length * 7.2;
  const bold = document.createElement('canvas').getContext('2d') ?? pen;
  pen.font = CARD_FONT;
  bold.font = `600 ${CARD_FONT}`;
  const [regular, strong] = [new Words(pen), new Words(bold)];
  const measure = (text: string, isBold = false) => (isBold ? strong : regular).measure(text);
  const forget = (): void => {
    regular.forget();
    strong.forget();
  };
  return Object.assign(measure, { forget });
}

class Words {
  readonly #pen: CanvasRenderingContext2D;
  readonly #widths = new Map<string, number>();

  constructor(pen: CanvasRenderingContext2D) {
    this.#pen = pen;
  }

  measure(text: string): number {
    let sum = 0;
    let start = 0;
    for (let space = text.indexOf(' '); space !== -1; space = text.indexOf(' ', start)) {
      sum += this.#width(text.slice(start, space)) + this.#width(' ');
      start = space + 1;
    }
    return sum + this.#width(text.slice(start));
  }

  forget(): void {
    this.#widths.clear();
  }

  #width(word: string): number {
    if (word === '') return 0;
    let width = this.#widths.get(word);
    if (width === undefined) {
      width = this.#pen.measureText(word).width;
      if (this.#widths.size >= MOST) this.#widths.clear();
      this.#widths.set(word, width);
    }
    return width;
  }
}
