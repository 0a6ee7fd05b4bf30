import { afterEach, expect, test, vi } from 'vitest';
import { cardMeasure } from './measure.ts';

afterEach(() => vi.restoreAllMocks());

function pens() {
  const measured: string[] = [];
  let letter = 7;
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => {
    const pen = {
      font: '',
      measureText(text: string) {
        measured.push(text);
        return { width: text.length * letter * (pen.font.startsWith('600') ? 2 : 1) };
      }
    };
    return pen as unknown as RenderingContext;
  });
  return { measured, setLetter: (width: number) => (letter = width) };
}

test('a line is as wide as its words and spaces, and each word is measured once', () => {
  const { measured } = pens();
  const measure = cardMeasure();
  for (const text of ['', ' ', 'one', 'one two', ' one  two ', 'two one two'])
    expect(measure(text)).toBe(text.length * 7);
  expect(measure('one two', true)).toBe(7 * 14);
  expect(measured).toEqual([' ', 'one', 'two', 'one', ' ', 'two']);
});

test('widths are measured anew once they are forgotten', () => {
  const { setLetter } = pens();
  const measure = cardMeasure();
  expect(measure('word')).toBe(28);
  setLetter(10);
  expect(measure('word')).toBe(28);
  measure.forget?.();
  expect(measure('word')).toBe(40);
});
