import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Rgb = [number, number, number];

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const block = (opening: string): Record<string, string> => {
  const from = css.indexOf(opening);
  expect(from, `${opening} is in tokens.css`).toBeGreaterThanOrEqual(0);
  const body = css.slice(from, css.indexOf('}', from));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()])
  );
};

const rgb = (hex: string): Rgb => {
  const [, r = '', g = '', b = ''] = /^#(..)(..)(..)$/.exec(hex) ?? [];
  return [parseInt(r, 16), parseInt(g, 16), parseInt(b, 16)];
};
const mix = (from: Rgb, to: Rgb, share: number): Rgb =>
  from.map((value, i) => value * (1 - share) + (to[i] ?? 0) * share) as Rgb;
const luminance = (color: Rgb): number => {
  const [r, g, b] = color.map((value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  ) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
/** WCAG 2 contrast ratio, 1 to 21. */
const contrast = (a: Rgb, b: Rgb): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

const light = block(':root {');
const dark = block(":root[data-theme='dark'] {");

describe('tokens', () => {
  it('gives the same dark values to the device setting and to the choice', () => {
    expect(block(":root:not([data-theme='light']) {")).toEqual(dark);
  });

  it.each([
    ['light', light],
    ['dark', dark]
  ])('keeps text readable in the %s theme', (_name, theme) => {
    const color = (name: string) => rgb(theme[name] ?? '');
    for (const ground of ['canvas', 'surface', 'surface-2'])
      for (const text of ['ink', 'ink-2', 'positive', 'negative', 'caution'])
        expect(contrast(color(text), color(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color('accent-ink'), color('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['light', light, 3],
    ['dark', dark, 4.5]
  ])('keeps lane hues apart from their band in the %s theme', (_name, theme, least) => {
    const canvas = rgb(theme.canvas ?? '');
    const lanes = Object.keys(theme).filter((name) => name.startsWith('lane-'));
    expect(lanes).toHaveLength(10);
    for (const lane of lanes) {
      const hue = rgb(theme[lane] ?? '');
      expect(contrast(hue, mix(canvas, hue, 0.06)), lane).toBeGreaterThanOrEqual(least);
    }
  });

  it.each([
    ['light', light],
    ['dark', dark]
  ])(
    'keeps the colours of cards apart from the card, and words readable on them, in the %s theme',
    (_name, theme) => {
      const color = (name: string) => rgb(theme[name] ?? '');
      const cards = Object.keys(theme).filter((name) => name.startsWith('card-'));
      expect(cards).toHaveLength(9);
      for (const card of cards) {
        const sheet = mix(color('surface'), color(card), 0.13);
        expect(contrast(color(card), color('surface')), card).toBeGreaterThanOrEqual(3);
        for (const text of ['ink', 'ink-2', 'accent'])
          expect(contrast(color(text), sheet), `${text} on ${card}`).toBeGreaterThanOrEqual(4.5);
        for (const sign of ['positive', 'negative'])
          expect(contrast(color(sign), sheet), `${sign} on ${card}`).toBeGreaterThanOrEqual(3);
      }
    }
  );

  it.each([
    ['light', light],
    ['dark', dark]
  ])(
    'keeps free objects readable in the %s theme: words on their sheet, lines on the board',
    (_name, theme) => {
      const color = (name: string) => rgb(theme[name] ?? '');
      const sheets = Object.keys(theme).filter((name) => /^object-.*-sheet$/.test(name));
      expect(sheets).toHaveLength(10);
      for (const sheet of sheets) {
        expect(contrast(color('ink'), color(sheet)), sheet).toBeGreaterThanOrEqual(4.5);
        const line = sheet.replace('-sheet', '');
        expect(contrast(color(line), color('canvas')), line).toBeGreaterThanOrEqual(4.5);
      }
    }
  );
});
