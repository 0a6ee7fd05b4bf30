import { traced } from '../geometry/connector.ts';
import type { PlacedObject } from '../geometry/placed-object.ts';
import type { BoardPoint } from '../geometry/space.ts';
import type { Pen } from './pen.ts';

const HEAD = 12; // length of an arrow head, board units
const CORNER = 10; // radius of an elbow's corners

/** A line or a connector with its heads. */
export function paintPath(pen: Pen, { object, path }: PlacedObject, color: string): void {
  if (path === null) return;
  const { points, route } = path;
  pen.beginPath();
  const [a, b, c, d] = points;
  if (a === undefined) return;
  pen.moveTo(a.x, a.y);
  if (route === 'curved' && b && c && d) pen.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
  else if (route === 'elbow') roundedCorners(pen, points);
  else for (const point of points.slice(1)) pen.lineTo(point.x, point.y);
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.stroke();
  if (object.kind !== 'connector' || object.heads === 'none') return;
  const way = traced(path);
  paintHead(pen, way.at(-1), cameFrom(way.toReversed()), color);
  if (object.heads === 'both') paintHead(pen, way[0], cameFrom(way), color);
}

function roundedCorners(pen: Pen, points: readonly BoardPoint[]): void {
  points.slice(1).forEach((point, index) => {
    const [before, next] = [points[index], points[index + 2]];
    if (before === undefined || next === undefined) return pen.lineTo(point.x, point.y);
    const reach = Math.min(
      CORNER,
      Math.hypot(point.x - before.x, point.y - before.y) / 2,
      Math.hypot(next.x - point.x, next.y - point.y) / 2
    );
    pen.arcTo(point.x, point.y, next.x, next.y, reach);
  });
}

/** The first point of a way that is apart from its start, so that there is a direction. */
const cameFrom = (way: readonly BoardPoint[]): BoardPoint | undefined => {
  const [start] = way;
  return way.find((point) => start !== undefined && Math.hypot(point.x - start.x, point.y - start.y) > 1);
};

function paintHead(pen: Pen, at: BoardPoint | undefined, from: BoardPoint | undefined, color: string): void {
  if (at === undefined || from === undefined) return;
  const angle = Math.atan2(at.y - from.y, at.x - from.x);
  pen.beginPath();
  pen.moveTo(at.x, at.y);
  for (const side of [-1, 1])
    pen.lineTo(at.x - Math.cos(angle + side * 0.42) * HEAD, at.y - Math.sin(angle + side * 0.42) * HEAD);
  pen.closePath();
  pen.fillStyle = color;
  pen.fill();
}
