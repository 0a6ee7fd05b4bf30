import { wrapText } from '../geometry/text.ts';
import { FONT } from './theme.ts';

/** What painters draw with. */
export type Pen = CanvasRenderingContext2D;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Draws with a setting that does not outlive the call. */
export function saved(pen: Pen, draw: () => void): void {
  pen.save();
  draw();
  pen.restore();
}

export function fillRound(pen: Pen, box: Box, radius: number | number[], color: string): void {
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.width, box.height, radius);
  pen.fillStyle = color;
  pen.fill();
}

export function strokeRound(pen: Pen, box: Box, radius: number, color: string, width: number): void {
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.width, box.height, radius);
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.stroke();
}

/** The same colour, less of it. */
export function faint(pen: Pen, alpha: number, draw: () => void): void {
  const before = pen.globalAlpha;
  pen.globalAlpha = before * alpha;
  draw();
  pen.globalAlpha = before;
}

/** Sizes are in the pen's units; weight 400 to 700. */
export const font = (size: number, weight = 400): string => `${weight} ${size}px ${FONT}`;

const RTL = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** True when the first letter runs from right to left, as `dir="auto"` decides. */
export const isRightToLeft = (text: string): boolean => RTL.test(text);

const fitted = new Map<string, readonly string[]>();

/** Lines of `text` in a font and width, at most `most` of them; the last ends in an ellipsis when more was cut off. */
export function fitLines(
  pen: Pen,
  text: string,
  style: string,
  width: number,
  most: number
): readonly string[] {
  const key = `${style}|${Math.round(width)}|${most}|${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  pen.font = style;
  const measure = (run: string) => pen.measureText(run).width;
  const all = wrapText(text, width, measure);
  const lines = all.slice(0, most);
  if (all.length > most) {
    let last = `${lines.at(-1) ?? ''} ${all[most] ?? ''}`;
    while (last.length > 1 && measure(`${last}…`) > width) last = last.slice(0, -1).trimEnd();
    lines[lines.length - 1] = `${last}…`;
  }
  if (fitted.size > 2000) fitted.clear();
  fitted.set(key, lines);
  return lines;
}

/** Forgets measured lines: the font has arrived. */
export const forgetLines = (): void => fitted.clear();

export const widest = (pen: Pen, lines: readonly string[], style: string): number => {
  pen.font = style;
  return Math.max(0, ...lines.map((line) => pen.measureText(line).width));
};
