import {
  USUAL,
  usualColor,
  type ConnectorHeads,
  type ConnectorRoute,
  type ObjectColor,
  type ShapeFill,
  type TextSize
} from '#lib/journey/objects.ts';

/** How the next object of each kind will look: what was chosen last. */
export interface ToolStyle {
  readonly sticky: ObjectColor;
  readonly shape: ObjectColor;
  readonly stroke: ObjectColor;
  readonly highlighter: ObjectColor;
  readonly fill: ShapeFill;
  readonly size: TextSize;
  readonly route: ConnectorRoute;
  readonly heads: ConnectorHeads;
  readonly thickness: number;
  readonly stamp: string;
}

export const FIRST_STYLE: ToolStyle = {
  sticky: usualColor('sticky'),
  shape: usualColor('rectangle'),
  stroke: usualColor('pen'),
  highlighter: usualColor('highlighter'),
  fill: USUAL.fill,
  size: USUAL.size,
  route: USUAL.route,
  heads: USUAL.heads,
  thickness: USUAL.thickness,
  stamp: '👍'
};
