import type { NewObject } from '#lib/document/object-commands.ts';
import type { ObjectId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import type { End, MapObject, StrokePoint } from '#lib/journey/objects.ts';
import { roundedPoint } from '#lib/journey/stroke-points.ts';
import { boardRect, type BoardPoint, type BoardRect, type Size } from '../../geometry/space.ts';
import type { ToolStyle } from './style.ts';
import type { BoxTool } from './tool-ids.ts';

/** The id under which an object that is being made is shown. No document can hold it: ids have no colon. */
export const DRAFT_OBJECT = 'draft:' as ObjectId;

/** How large a box is that was placed by a press alone, in board units. */
export const USUAL_SIZE: Readonly<Record<BoxTool, Size>> = {
  sticky: { width: 180, height: 180 },
  text: { width: 240, height: 36 },
  rectangle: { width: 180, height: 120 },
  ellipse: { width: 160, height: 120 },
  frame: { width: 640, height: 400 },
  stamp: { width: 48, height: 48 }
};

const plain = { locked: false, group: null } as const;

const whole = ({ x, y, width, height }: BoardRect): BoardRect => {
  const { min, max } = LIMITS.objectSize;
  const side = (value: number) => Math.round(Math.min(max, Math.max(min, value)));
  return boardRect(Math.round(x), Math.round(y), side(width), side(height));
};

/** A new box of a tool's kind. */
export function newBox(tool: BoxTool, rect: BoardRect, style: ToolStyle): NewObject {
  const { x, y, width, height } = whole(rect);
  const box = { ...plain, x, y, width, height };
  switch (tool) {
    case 'sticky':
      return { ...box, kind: tool, color: style.sticky, text: '' };
    case 'text':
      return { ...box, kind: tool, color: style.shape, text: '', size: style.size };
    case 'rectangle':
    case 'ellipse':
      return { ...box, kind: tool, color: style.shape, text: '', fill: style.fill };
    case 'frame':
      return { ...box, kind: tool, color: 'grey', text: 'Frame' };
    case 'stamp':
      return { ...box, kind: tool, color: 'ink', emoji: style.stamp };
  }
}

const round = ({ x, y }: BoardPoint) => ({ x: Math.round(x), y: Math.round(y) });

export const newLine = (from: BoardPoint, to: BoardPoint, style: ToolStyle): NewObject => ({
  ...plain,
  kind: 'line',
  color: style.shape,
  from: round(from),
  to: round(to)
});

export const newConnector = (from: End, to: End, style: ToolStyle): NewObject => ({
  ...plain,
  kind: 'connector',
  color: style.shape,
  from: { ...from, ...round(from) },
  to: { ...to, ...round(to) },
  route: style.route,
  heads: style.heads,
  text: ''
});

/** A stroke through points of the board, each with its pressure. */
export function newStroke(
  kind: 'pen' | 'highlighter',
  points: readonly StrokePoint[],
  style: ToolStyle
): NewObject {
  const [x = 0, y = 0] = points[0] ?? [];
  return {
    ...plain,
    kind,
    x: Math.round(x),
    y: Math.round(y),
    color: kind === 'pen' ? style.stroke : style.highlighter,
    thickness: kind === 'pen' ? style.thickness : Math.max(16, style.thickness * 4),
    points: points.map(([px, py, pressure]) =>
      roundedPoint([px - Math.round(x), py - Math.round(y), pressure])
    )
  };
}

/** An object as it looks before it is in the document. */
export const drafted = (object: NewObject): MapObject => ({ ...object, id: DRAFT_OBJECT, rank: '' });
