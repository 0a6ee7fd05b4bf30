import type { ConnectorRoute, Side } from '#lib/journey/objects.ts';
import { boardPoint, boardRect, centreOf, distance, inflate, overlaps } from './space.ts';
import type { BoardPoint, BoardRect } from './space.ts';

/** What a connector ends on: an area with a straight or a round border, or a bare point. */
export type Holder =
  | { readonly kind: 'box' | 'ellipse'; readonly rect: BoardRect; readonly side: Side }
  | { readonly kind: 'point'; readonly at: BoardPoint };

/** A drawn connector: the corners of a polyline, or for a curve the four control points of a cubic. */
export interface ConnectorPath {
  readonly route: ConnectorRoute;
  readonly points: readonly BoardPoint[]; // at least two
}

interface Exit {
  readonly at: BoardPoint;
  readonly dx: number; // outward: one of -1, 0, 1
  readonly dy: number;
  readonly around: BoardRect | null;
}

const STUB = 24; // board units that an elbow goes straight out of its shape

type NamedSide = Exclude<Side, 'auto'>;
const OUT: Readonly<Record<NamedSide, readonly [dx: number, dy: number]>> = {
  top: [0, -1],
  right: [1, 0],
  bottom: [0, 1],
  left: [-1, 0]
};

const centre = (holder: Holder): BoardPoint => (holder.kind === 'point' ? holder.at : centreOf(holder.rect));

/** The middle of a side of a rectangle. */
export function sidePoint({ x, y, width, height }: BoardRect, side: NamedSide): BoardPoint {
  const [dx, dy] = OUT[side];
  return boardPoint(x + (width * (1 + dx)) / 2, y + (height * (1 + dy)) / 2);
}

/** The side of a rectangle that faces a point. */
function facing(rect: BoardRect, towards: BoardPoint): NamedSide {
  const middle = centreOf(rect);
  const across = (towards.x - middle.x) / Math.max(1, rect.width);
  const down = (towards.y - middle.y) / Math.max(1, rect.height);
  if (Math.abs(across) >= Math.abs(down)) return across < 0 ? 'left' : 'right';
  return down < 0 ? 'top' : 'bottom';
}

/** Where the line from the middle of a shape towards a point crosses its border. */
export function borderPoint(holder: Holder, towards: BoardPoint): BoardPoint {
  if (holder.kind === 'point') return holder.at;
  const { rect, kind } = holder;
  const middle = centreOf(rect);
  const [dx, dy] = [towards.x - middle.x, towards.y - middle.y];
  const [a, b] = [rect.width / 2, rect.height / 2];
  const reach = kind === 'box' ? Math.max(Math.abs(dx) / a, Math.abs(dy) / b) : Math.hypot(dx / a, dy / b);
  // From the very middle there is no direction: it goes to the right.
  if (reach < 1e-9) return boardPoint(middle.x + a, middle.y);
  return boardPoint(middle.x + dx / reach, middle.y + dy / reach);
}

function exitOf(holder: Holder, towards: BoardPoint): Exit {
  if (holder.kind === 'point') return { at: holder.at, dx: 0, dy: 0, around: null };
  const side = holder.side === 'auto' ? facing(holder.rect, towards) : holder.side;
  const [dx, dy] = OUT[side];
  return { at: sidePoint(holder.rect, side), dx, dy, around: holder.rect };
}

/** The way of a connector between two ends. Pure; finite for finite input, and always from border to border. */
export function routeConnector(from: Holder, to: Holder, route: ConnectorRoute): ConnectorPath {
  if (route === 'straight') return { route, points: straight(from, to) };
  const [a, b] = [exitOf(from, centre(to)), exitOf(to, centre(from))];
  return { route, points: route === 'elbow' ? elbow(a, b) : curve(a, b) };
}

function straight(from: Holder, to: Holder): BoardPoint[] {
  const end = (holder: Holder, other: Holder) =>
    holder.kind === 'point' || holder.side === 'auto'
      ? borderPoint(holder, centre(other))
      : sidePoint(holder.rect, holder.side);
  return [end(from, to), end(to, from)];
}

function curve(a: Exit, b: Exit): BoardPoint[] {
  const reach = Math.max(30, Math.min(240, distance(a.at, b.at) / 2));
  const control = (exit: Exit, other: Exit) => {
    // A free end leaves along the longer way to the other.
    const [across, down] = [other.at.x - exit.at.x, other.at.y - exit.at.y];
    const free = exit.around === null;
    const flat = Math.abs(across) >= Math.abs(down);
    const dx = free ? (flat ? Math.sign(across) : 0) : exit.dx;
    const dy = free ? (flat ? 0 : Math.sign(down)) : exit.dy;
    return boardPoint(exit.at.x + dx * reach, exit.at.y + dy * reach);
  };
  return [a.at, control(a, b), control(b, a), b.at];
}

/** Level and upright pieces only: of the simple ways between the two, the one that is shortest and crosses no shape. */
function elbow(a: Exit, b: Exit): BoardPoint[] {
  const out = ({ at, dx, dy }: Exit) => boardPoint(at.x + dx * STUB, at.y + dy * STUB);
  const [p, q] = [out(a), out(b)];
  const [midX, midY] = [(p.x + q.x) / 2, (p.y + q.y) / 2];
  const ways: BoardPoint[][] = [
    [boardPoint(q.x, p.y)],
    [boardPoint(p.x, q.y)],
    [boardPoint(midX, p.y), boardPoint(midX, q.y)],
    [boardPoint(p.x, midY), boardPoint(q.x, midY)]
  ];
  const edges = [a.around, b.around].flatMap((rect) => (rect === null ? [] : [inflate(rect, STUB)]));
  for (const { x, y, width, height } of edges) {
    for (const side of [x, x + width]) ways.push([boardPoint(side, p.y), boardPoint(side, q.y)]);
    for (const side of [y, y + height]) ways.push([boardPoint(p.x, side), boardPoint(q.x, side)]);
  }
  let best: BoardPoint[] = [];
  let least = Infinity;
  for (const way of ways) {
    const points = tidy([a.at, p, ...way, q, b.at]);
    const cost = costOf(points, a, b);
    if (cost < least) [best, least] = [points, cost];
  }
  return best;
}

function costOf(points: readonly BoardPoint[], a: Exit, b: Exit): number {
  let cost = points.length * 12;
  points.slice(1).forEach((point, index) => {
    const before = points[index] ?? point;
    cost += distance(before, point);
    const piece = boardRect(
      Math.min(before.x, point.x),
      Math.min(before.y, point.y),
      Math.abs(before.x - point.x) || 1e-6,
      Math.abs(before.y - point.y) || 1e-6
    );
    for (const { around } of [a, b])
      if (around !== null && overlaps(piece, inflate(around, -1))) cost += 2000;
  });
  return cost;
}

/** Without points that stand twice or in the middle of a straight piece. */
function tidy(points: readonly BoardPoint[]): BoardPoint[] {
  const kept: BoardPoint[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last?.x === point.x && last.y === point.y) continue;
    const before = kept.at(-2);
    const inLine =
      before !== undefined &&
      last !== undefined &&
      ((before.x === last.x && last.x === point.x && (last.y - before.y) * (point.y - last.y) >= 0) ||
        (before.y === last.y && last.y === point.y && (last.x - before.x) * (point.x - last.x) >= 0));
    if (inLine) kept.pop();
    kept.push(point);
  }
  const [first = boardPoint(0, 0)] = points;
  return kept.length > 1 ? kept : [first, first];
}

/** Points along the drawn way, close enough for hits and bounds. */
export function traced({ route, points }: ConnectorPath): readonly BoardPoint[] {
  if (route !== 'curved') return points;
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return points;
  return Array.from({ length: 17 }, (_, step) => {
    const t = step / 16;
    const mix = (p: number, q: number, r: number, s: number) =>
      p * (1 - t) ** 3 + 3 * q * t * (1 - t) ** 2 + 3 * r * t * t * (1 - t) + s * t ** 3;
    return boardPoint(mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y));
  });
}

/** Half way along, where the label stands. */
export function middleOf(path: ConnectorPath): BoardPoint {
  const points = traced(path);
  const lengths = points.slice(1).map((point, index) => distance(points[index] ?? point, point));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [index, length] of lengths.entries()) {
    const [p, q] = [points[index], points[index + 1]];
    if (p === undefined || q === undefined) break;
    if (left <= length) {
      const part = length === 0 ? 0 : left / length;
      return boardPoint(p.x + (q.x - p.x) * part, p.y + (q.y - p.y) * part);
    }
    left -= length;
  }
  return points.at(-1) ?? boardPoint(0, 0);
}

/** How far a point is from a line through others. */
export function distanceToLine(at: BoardPoint, points: readonly BoardPoint[]): number {
  let least = Infinity;
  points.forEach((p, index) => {
    const q = points[index + 1] ?? p;
    const [dx, dy] = [q.x - p.x, q.y - p.y];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - p.x) * dx + (at.y - p.y) * dy) / length));
    least = Math.min(least, Math.hypot(at.x - p.x - t * dx, at.y - p.y - t * dy));
  });
  return least;
}
