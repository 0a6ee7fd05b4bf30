import { LIMITS } from './limits.ts';
import type { StrokePoint } from './objects.ts';

/*
 * Strokes in a document are one string: a hand-drawn line has hundreds of points, and as JSON each would take some
 * twenty bytes. A point is three whole numbers (x and y in tenths of a board unit, pressure in hundredths), each
 * written as its difference from the point before, in the base-64 digits of variable length that source maps use.
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));
const FINEST = 10;
const PRESSURES = 100;
const REACH = 2 * LIMITS.objectSize.max * FINEST;

const encoded = (value: number): string => {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return text;
};

const tenths = (value: number): number => Math.round(Math.max(-REACH, Math.min(REACH, value * FINEST)));
const hundredths = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * PRESSURES);

/** The points as a document keeps them. Coordinates are rounded to a tenth, pressures to a hundredth. */
export const roundedPoint = ([x, y, pressure]: StrokePoint): StrokePoint => [
  tenths(x) / FINEST + 0,
  tenths(y) / FINEST + 0,
  hundredths(pressure) / PRESSURES
];

/** Packs at most `LIMITS.strokePoints` points. */
export function packPoints(points: readonly StrokePoint[]): string {
  let [x, y, pressure] = [0, 0, 0];
  let text = '';
  for (const point of points.slice(0, LIMITS.strokePoints)) {
    const next = [tenths(point[0]), tenths(point[1]), hundredths(point[2])] as const;
    text += encoded(next[0] - x) + encoded(next[1] - y) + encoded(next[2] - pressure);
    [x, y, pressure] = next;
  }
  return text;
}

/** Reads packed points, no more than fit a stroke; null when the text is not what {@link packPoints} writes. */
export function unpackPoints(text: string): readonly StrokePoint[] | null {
  const points: StrokePoint[] = [];
  const last = [0, 0, 0];
  let [field, value, scale] = [0, 0, 1];
  for (let index = 0; index < text.length; index += 1) {
    const digit = VALUE.get(text.charAt(index));
    if (digit === undefined || scale > 32 ** 6) return null;
    value += (digit % 32) * scale;
    if (digit >= 32) {
      scale *= 32;
      continue;
    }
    const change = value % 2 === 1 ? -((value - 1) / 2) : value / 2;
    last[field] = (last[field] ?? 0) + change;
    [field, value, scale] = [field + 1, 0, 1];
    if (field < 3) continue;
    field = 0;
    const [x = 0, y = 0, pressure = 0] = last;
    if (Math.abs(x) > REACH || Math.abs(y) > REACH || pressure < 0 || pressure > PRESSURES) return null;
    points.push([x / FINEST, y / FINEST, pressure / PRESSURES]);
    if (points.length === LIMITS.strokePoints) return points;
  }
  return field === 0 && scale === 1 && points.length > 0 ? points : null;
}
