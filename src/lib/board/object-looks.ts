import { isBoxTool, type ToolId } from '#lib/canvas/editor/tools/tool-ids.ts';
import type { ToolStyle } from '#lib/canvas/editor/tools/style.ts';
import type {
  ConnectorHeads,
  ConnectorRoute,
  MapObject,
  ObjectColor,
  ShapeFill,
  TextSize
} from '#lib/journey/objects.ts';

/** What can be said of the look of some objects; a part that none of them has is null. */
export interface Looks {
  readonly color: ObjectColor | null;
  readonly fill: ShapeFill | null;
  readonly size: TextSize | null;
  readonly route: ConnectorRoute | null;
  readonly heads: ConnectorHeads | null;
  readonly thickness: number | null;
  readonly stamp: string | null;
}

export type LookEdit = Partial<{ [K in keyof Looks]: NonNullable<Looks[K]> }>;

const NOTHING: Looks = {
  color: null,
  fill: null,
  size: null,
  route: null,
  heads: null,
  thickness: null,
  stamp: null
};

const hasColor = ({ kind }: MapObject) => kind !== 'image' && kind !== 'stamp';

/** The looks of objects: those of the frontmost that has them. */
export function looksOf(objects: readonly MapObject[]): Looks {
  let looks = NOTHING;
  for (const object of objects)
    looks = {
      color: hasColor(object) ? object.color : looks.color,
      fill: 'fill' in object ? object.fill : looks.fill,
      size: 'size' in object ? object.size : looks.size,
      route: 'route' in object ? object.route : looks.route,
      heads: 'heads' in object ? object.heads : looks.heads,
      thickness: 'thickness' in object ? object.thickness : looks.thickness,
      stamp: 'emoji' in object ? object.emoji : looks.stamp
    };
  return looks;
}

/** The looks that a tool will give. */
export function looksOfTool(tool: ToolId, style: ToolStyle): Looks {
  const shape = tool === 'rectangle' || tool === 'ellipse';
  const drawn = tool === 'pen' || tool === 'highlighter';
  const colored = shape || drawn || ['sticky', 'text', 'line', 'connector'].includes(tool);
  return {
    ...NOTHING,
    color: colored ? style[colorKey(tool)] : null,
    fill: shape ? style.fill : null,
    size: tool === 'text' ? style.size : null,
    route: tool === 'connector' ? style.route : null,
    heads: tool === 'connector' ? style.heads : null,
    thickness: drawn ? style.thickness : null,
    stamp: isBoxTool(tool) && tool === 'stamp' ? style.stamp : null
  };
}

const colorKey = (kind: string): 'sticky' | 'stroke' | 'highlighter' | 'shape' =>
  kind === 'sticky' ? 'sticky' : kind === 'pen' ? 'stroke' : kind === 'highlighter' ? 'highlighter' : 'shape';

/** An object with an edit of its looks; the same object where none of it applies. */
export function withLooks(object: MapObject, edit: LookEdit): MapObject {
  const next: Record<string, unknown> = { ...object };
  let changed = false;
  const set = (key: string, value: unknown) => {
    if (value === undefined || !(key in object) || next[key] === value) return;
    next[key] = value;
    changed = true;
  };
  if (hasColor(object)) set('color', edit.color);
  for (const key of ['fill', 'size', 'route', 'heads', 'thickness'] as const) set(key, edit[key]);
  set('emoji', edit.stamp);
  return changed ? (next as unknown as MapObject) : object;
}

/** The style of what is made next, after an edit of the looks of a tool or of an object of a kind. */
export function styleWith(style: ToolStyle, kind: string, { color, ...edit }: LookEdit): ToolStyle {
  return { ...style, ...edit, ...(color === undefined ? {} : { [colorKey(kind)]: color }) };
}
