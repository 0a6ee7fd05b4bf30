import type { CardId, LaneId, ObjectId, StageId } from './ids.ts';

/** The named colours of free objects; `tokens.css` says what each is on the light and the dark theme. */
export const OBJECT_COLORS = [
  'yellow',
  'orange',
  'red',
  'pink',
  'purple',
  'blue',
  'teal',
  'green',
  'grey',
  'ink'
] as const;
export type ObjectColor = (typeof OBJECT_COLORS)[number];

/** How a rectangle or an ellipse is filled. */
export const SHAPE_FILLS = ['none', 'tint', 'solid'] as const;
export type ShapeFill = (typeof SHAPE_FILLS)[number];

export const TEXT_SIZES = ['small', 'medium', 'large', 'huge'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export const CONNECTOR_ROUTES = ['straight', 'elbow', 'curved'] as const;
export type ConnectorRoute = (typeof CONNECTOR_ROUTES)[number];

/** Which ends of a connector carry an arrow head. */
export const CONNECTOR_HEADS = ['none', 'end', 'both'] as const;
export type ConnectorHeads = (typeof CONNECTOR_HEADS)[number];

/** Where on its target a connector ends; `auto` is the side that faces the other end. */
export const SIDES = ['auto', 'top', 'right', 'bottom', 'left'] as const;
export type Side = (typeof SIDES)[number];

/** A place in board units. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What a connector can hold on to. */
export type Target =
  | { readonly on: 'object'; readonly id: ObjectId }
  | { readonly on: 'card'; readonly id: CardId }
  | { readonly on: 'stage'; readonly id: StageId }
  | { readonly on: 'cell'; readonly lane: LaneId; readonly stage: StageId };

/** One end of a connector: its last place, and what it holds on to there. Without a target it ends at the place. */
export interface End extends Place {
  readonly target: Target | null;
  readonly side: Side;
}

/** A place on a stroke from the stroke's own origin, in tenths of a unit at the finest, and the pressure, 0 to 1. */
export type StrokePoint = readonly [x: number, y: number, pressure: number];

interface Common {
  readonly id: ObjectId;
  readonly rank: string; // order from back to front, a fractional index; ties are broken by id
  readonly color: ObjectColor;
  readonly locked: boolean;
  readonly group: string | null; // objects of one group are selected and moved together
}

interface Box extends Common, Place {
  readonly width: number;
  readonly height: number; // at least; a note grows with its text
}

export interface Sticky extends Box {
  readonly kind: 'sticky';
  readonly text: string;
}

export interface FreeText extends Box {
  readonly kind: 'text';
  readonly text: string;
  readonly size: TextSize;
}

export interface Shape extends Box {
  readonly kind: 'rectangle' | 'ellipse';
  readonly text: string;
  readonly fill: ShapeFill;
}

export interface Line extends Common {
  readonly kind: 'line';
  readonly from: Place;
  readonly to: Place;
}

export interface Connector extends Common {
  readonly kind: 'connector';
  readonly from: End;
  readonly to: End;
  readonly route: ConnectorRoute;
  readonly heads: ConnectorHeads;
  readonly text: string;
}

export interface Stroke extends Common, Place {
  readonly kind: 'pen' | 'highlighter';
  readonly points: readonly StrokePoint[]; // at least one
  readonly thickness: number; // board units
}

/** A named area; what lies in it moves with it. Drawn beneath all other objects, whichever came first. */
export interface FrameObject extends Box {
  readonly kind: 'frame';
  readonly text: string;
}

/** A picture that is stored with the map by its hash. */
export interface ImageObject extends Box {
  readonly kind: 'image';
  readonly hash: string; // SHA-256 of the stored file, 64 hexadecimal digits
  readonly natural: { readonly width: number; readonly height: number }; // pixels of the stored file
  readonly text: string; // what it shows, for who can't see it
}

export interface Stamp extends Box {
  readonly kind: 'stamp';
  readonly emoji: string;
}

/** Something that is placed freely around or over the grid. */
export type MapObject =
  Sticky | FreeText | Shape | Line | Connector | Stroke | FrameObject | ImageObject | Stamp;
export type ObjectKind = MapObject['kind'];

export type BoxObject = Extract<MapObject, { width: number }>;
export type TextObject = Extract<MapObject, { text: string }>;

export const isBox = (object: MapObject): object is BoxObject => 'width' in object;
export const hasText = (object: MapObject): object is TextObject => 'text' in object;
export const isStroke = (object: MapObject): object is Stroke =>
  object.kind === 'pen' || object.kind === 'highlighter';

export const OBJECT_KINDS = [
  'sticky',
  'text',
  'rectangle',
  'ellipse',
  'line',
  'connector',
  'pen',
  'highlighter',
  'frame',
  'image',
  'stamp'
] as const satisfies readonly ObjectKind[];

/** The colour that an object of a kind has while none is said. */
export const usualColor = (kind: ObjectKind): ObjectColor =>
  kind === 'sticky' || kind === 'highlighter' ? 'yellow' : kind === 'frame' ? 'grey' : 'ink';

/** What the other fields of an object are while nothing is said of them. */
export const USUAL = {
  size: 'medium',
  fill: 'tint',
  route: 'elbow',
  heads: 'end',
  side: 'auto',
  thickness: 4
} as const satisfies {
  size: TextSize;
  fill: ShapeFill;
  route: ConnectorRoute;
  heads: ConnectorHeads;
  side: Side;
  thickness: number;
};

const HASH = /^[0-9a-f]{64}$/;
/** True for the name of a stored picture: its SHA-256. */
export const isImageHash = (text: unknown): text is string => typeof text === 'string' && HASH.test(text);

/** The stored pictures that a map shows, each once. */
export const picturesOf = ({ objects }: { readonly objects: readonly MapObject[] }): string[] => [
  ...new Set(objects.flatMap((object) => (object.kind === 'image' ? [object.hash] : [])))
];

const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
/** True for exactly one emoji. */
export const isEmoji = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= 40 && EMOJI.test(text);

/** The stamps on offer. */
export const STAMPS = ['👍', '❤️', '🔥', '🎉', '💡', '❓', '⚠️', '✅', '⭐', '😀', '😕', '😡'] as const;

/** Moves an object; ends that hold on to something stay with it. */
export function movedBy<T extends MapObject>(object: T, dx: number, dy: number): T {
  const shift = <P extends Place>(place: P): P => ({ ...place, x: place.x + dx, y: place.y + dy });
  const end = (one: End): End => (one.target === null ? shift(one) : one);
  switch (object.kind) {
    case 'line':
      return { ...object, from: shift(object.from), to: shift(object.to) };
    case 'connector':
      return { ...object, from: end(object.from), to: end(object.to) };
    default:
      return shift(object as T & Place);
  }
}
