import { getStroke } from 'perfect-freehand';
import type { Stroke } from '#lib/journey/objects.ts';

const paths = new WeakMap<Stroke, Path2D>();

/** The outline of a stroke from its own origin; made once for each state of it. */
export function strokePath(stroke: Stroke): Path2D {
  let path = paths.get(stroke);
  if (path === undefined) {
    path = outline(stroke);
    paths.set(stroke, path);
  }
  return path;
}

function outline({ points, thickness, kind }: Stroke): Path2D {
  const isPen = kind === 'pen';
  // A mouse always says 0.5: then the pen's width comes from how fast it went.
  const simulated = isPen && points.every(([, , pressure]) => pressure === 0.5);
  const corners = getStroke(
    points.map(([x, y, pressure]) => [x, y, pressure]),
    {
      size: isPen ? thickness * 1.6 : thickness,
      thinning: isPen ? 0.5 : 0,
      smoothing: 0.5,
      streamline: 0.35,
      simulatePressure: simulated,
      last: true
    }
  );
  const path = new Path2D();
  const [first] = corners;
  if (first === undefined) return path;
  path.moveTo(first[0] ?? 0, first[1] ?? 0);
  corners.forEach(([x = 0, y = 0], index) => {
    const [nextX = 0, nextY = 0] = corners[(index + 1) % corners.length] ?? [];
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}
