import * as v from 'valibot';
import { LIMITS } from './limits.ts';
import {
  CONNECTOR_HEADS,
  CONNECTOR_ROUTES,
  isEmoji,
  OBJECT_COLORS,
  OBJECT_KINDS,
  SHAPE_FILLS,
  SIDES,
  TEXT_SIZES,
  type ObjectKind
} from './objects.ts';
import { id, list, NOT_AN_OBJECT, number, oneOf, text } from './schema-parts.ts';

const coordinate = number({ ...LIMITS.coordinate, unit: 'count' });
const size = number({ ...LIMITS.objectSize, unit: 'count' });
const pixels = number({ min: 1, max: LIMITS.imageSide, integer: true, unit: 'count' });
const words = v.optional(text(LIMITS.objectText));

const common = {
  id,
  color: v.optional(oneOf(OBJECT_COLORS)),
  locked: v.optional(v.boolean('E_TYPE This must be true or false.')),
  group: v.optional(id)
};
const place = { x: coordinate, y: coordinate };
const box = { ...common, ...place, width: size, height: size };

const of = <const K extends ObjectKind, const E extends v.ObjectEntries>(kind: K, entries: E) =>
  v.strictObject({ kind: v.literal(kind), ...entries }, NOT_AN_OBJECT);

const target = v.variant(
  'on',
  [
    v.strictObject({ on: v.literal('object'), id }, NOT_AN_OBJECT),
    v.strictObject({ on: v.literal('card'), id }, NOT_AN_OBJECT),
    v.strictObject({ on: v.literal('stage'), id }, NOT_AN_OBJECT),
    v.strictObject({ on: v.literal('cell'), lane: id, stage: id }, NOT_AN_OBJECT)
  ],
  'E_ENUM A connector holds on to one of: object, card, stage, cell.'
);
const end = v.strictObject(
  { ...place, target: v.optional(target), side: v.optional(oneOf(SIDES)) },
  NOT_AN_OBJECT
);
const point = v.strictObject(place, NOT_AN_OBJECT);

const stroke = {
  ...common,
  ...place,
  thickness: v.optional(number({ ...LIMITS.strokeWidth, unit: 'count' })),
  points: v.pipe(
    list(
      v.strictTuple(
        [
          number({ min: -LIMITS.objectSize.max, max: LIMITS.objectSize.max, unit: 'count' }),
          number({ min: -LIMITS.objectSize.max, max: LIMITS.objectSize.max, unit: 'count' }),
          number({ min: 0, max: 1, unit: 'fraction' })
        ],
        'E_TYPE A point is three numbers: across, down, and the pressure from 0 to 1.'
      ),
      LIMITS.strokePoints
    ),
    v.minLength(1, 'E_MISSING A stroke has at least one point.')
  )
};
const shape = { ...box, text: words, fill: v.optional(oneOf(SHAPE_FILLS)) };

/** A free object of a map file. */
export const objectSchema = v.variant(
  'kind',
  [
    of('sticky', { ...box, text: words }),
    of('text', { ...box, text: words, size: v.optional(oneOf(TEXT_SIZES)) }),
    of('rectangle', shape),
    of('ellipse', shape),
    of('line', { ...common, from: point, to: point }),
    of('connector', {
      ...common,
      from: end,
      to: end,
      route: v.optional(oneOf(CONNECTOR_ROUTES)),
      heads: v.optional(oneOf(CONNECTOR_HEADS)),
      text: words
    }),
    of('pen', stroke),
    of('highlighter', stroke),
    of('frame', { ...box, text: words }),
    of('image', {
      ...box,
      hash: v.pipe(
        v.string('E_TYPE This must be text.'),
        v.regex(/^[0-9a-f]{64}$/, 'E_HASH A picture is named by its SHA-256: 64 hexadecimal digits.')
      ),
      natural: v.strictObject({ width: pixels, height: pixels }, NOT_AN_OBJECT),
      text: words
    }),
    of('stamp', {
      ...box,
      emoji: v.pipe(
        v.string('E_TYPE This must be text.'),
        v.check((emoji: string) => isEmoji(emoji), 'E_EMOJI This must be one emoji.')
      )
    })
  ],
  `E_ENUM The kind of an object must be one of: ${OBJECT_KINDS.join(', ')}.`
);

export type FileObject = v.InferOutput<typeof objectSchema>;
