import { isRecordId } from '#lib/journey/ids.ts';
import type { PlainFacet } from '#lib/journey/card-facets.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { placeOf } from '#lib/journey/metrics.ts';
import { isImageHash, type MapObject } from '#lib/journey/objects.ts';
import type {
  Card,
  Experiment,
  Lane,
  MapSettings,
  Opportunity,
  Scenario,
  Stage,
  StoredFit
} from '#lib/journey/records.ts';
import type { SavedView } from '#lib/journey/views.ts';
import { LINK_PREFIX, TAG_PREFIX, type Root } from './layout.ts';

/**
 * What may stand at one place of a map's document, and how much of it. The server lets nothing else in, whoever wrote
 * the client; a new root or field has to be named here before it can be synced.
 */
export type Shape =
  /** A plain JSON value of which the last write wins, of at most so many encoded bytes. */
  | {
      readonly kind: 'value';
      readonly bytes: number;
      /** Which values may stand here at all; without it any that fits. */
      readonly is?: (value: unknown) => boolean;
    }
  /** A Y.Text that people type together, of so many UTF-16 code units. */
  | { readonly kind: 'text'; readonly letters: number }
  /** A Y.Map with these fields, and with entries besides. */
  | {
      readonly kind: 'record';
      readonly fields: Readonly<Record<string, Shape>>;
      readonly more: Entries | null;
    }
  /** A Y.Map with entries alone. */
  | ({ readonly kind: 'entries' } & Entries);

/** Up to `max` values under keys of one sort. */
export interface Entries {
  readonly isKey: (key: string) => boolean;
  readonly max: number;
  readonly of: Shape;
}

/**
 * How far a document may go beyond the limits that our own pages keep to: people who add at the same moment, or apart
 * from each other, may together have more than each of them was allowed. Readers leave out what is above the limits.
 */
export const SLACK = { entries: 2, letters: 4 } as const;

const UTF8_PER_UNIT = 3;
const value = (bytes = 256): Shape => ({ kind: 'value', bytes });
/** One line of text that is replaced as a whole. */
const line = (letters: number): Shape => value(16 + letters * UTF8_PER_UNIT * SLACK.letters);
const text = (letters: number): Shape => ({ kind: 'text', letters });
const record = <F extends string>(
  fields: Readonly<Record<F, Shape>>,
  more: Entries | null = null
): {
  readonly kind: 'record';
  readonly fields: Readonly<Record<F, Shape>>;
  readonly more: Entries | null;
} => ({
  kind: 'record',
  fields,
  more
});

const records = (max: number, of: Shape): Shape => ({ kind: 'entries', isKey: isRecordId, max, of });
const numbers = (max: number, of: Shape): Shape => ({
  kind: 'entries',
  isKey: (key) => placeOf(key) !== null,
  max,
  of
});

const isTag = (key: string) => key.startsWith(TAG_PREFIX);
const isLink = (key: string) => key.startsWith(LINK_PREFIX) && isRecordId(key.slice(LINK_PREFIX.length));

type FieldOf<T> = Exclude<keyof T, 'id'>;
type FieldOfAny<T> = T extends unknown ? FieldOf<T> : never;

/** An id in a list, with its marks. */
const ID_BYTES = 67;
/** A stroke's point as it is packed, at its longest. */
const POINT_BYTES = 18;

/** The records' fields, as they are stored. */
export const RECORDS = {
  stages: record<FieldOf<Stage>>({
    name: line(LIMITS.name),
    rank: value(),
    kind: value(),
    band: value(),
    width: value(),
    customerObjective: text(LIMITS.stageText),
    businessObjective: text(LIMITS.stageText),
    keyActivities: text(LIMITS.stageText)
  }),
  lanes: record<FieldOf<Lane>>({ name: line(LIMITS.name), rank: value(), kind: value(), height: value() }),
  cards: record<Exclude<FieldOf<Card>, 'facets'> | PlainFacet>(
    {
      stage: value(),
      lane: value(),
      rank: value(),
      text: text(LIMITS.cardText),
      color: value(),
      channel: value(),
      medium: value(),
      ownership: value(),
      phase: value(),
      sentiment: value(),
      confidence: value(),
      owner: line(LIMITS.name)
    },
    {
      isKey: (key) => isTag(key) || isLink(key),
      max: LIMITS.cardTags + LIMITS.cardLinks,
      of: line(LIMITS.url + LIMITS.title)
    }
  ),
  objects: record<FieldOfAny<MapObject>>({
    kind: value(),
    rank: value(),
    color: value(),
    locked: value(),
    group: value(),
    x: value(),
    y: value(),
    width: value(),
    height: value(),
    from: value(512),
    to: value(512),
    route: value(),
    heads: value(),
    fill: value(),
    size: value(),
    points: value(LIMITS.strokePoints * POINT_BYTES),
    thickness: value(),
    // The one thing a map shows from elsewhere: never an address, only the name of a picture the server holds.
    hash: { kind: 'value', bytes: 128, is: isImageHash },
    natural: value(),
    emoji: value(),
    text: text(LIMITS.objectText)
  }),
  scenarios: record<FieldOf<Scenario>>({
    name: line(LIMITS.name),
    rank: value(),
    overrides: numbers(LIMITS.numbers, value())
  }),
  opportunities: record<FieldOf<Opportunity>>({
    name: line(LIMITS.name),
    rank: value(),
    edits: numbers(LIMITS.numbers, value()),
    oneOffCost: value(),
    runningCost: value(),
    successProbability: value(),
    reach: value(),
    owner: line(LIMITS.name),
    status: value(),
    satisfaction: value(),
    business: value(),
    feasibility: value()
  }),
  experiments: record<FieldOf<Experiment>>({
    name: line(LIMITS.name),
    rank: value(),
    from: value(),
    to: value(),
    a: value(),
    b: value()
  }),
  fits: record<FieldOf<StoredFit>>({
    name: line(LIMITS.name),
    rank: value(),
    model: line(LIMITS.name),
    file: line(LIMITS.title),
    unit: value(),
    until: value(),
    customers: value(),
    repeatCustomers: value(),
    parameters: value(16_000),
    standardErrors: value(16_000),
    logLikelihood: value()
  }),
  views: record<FieldOf<SavedView>>({
    name: line(LIMITS.name),
    rank: value(),
    area: value(),
    filter: line(LIMITS.tag + 4 * LIMITS.name),
    folded: value(LIMITS.folded * ID_BYTES * SLACK.entries),
    scenario: value()
  })
} as const;

export type RecordField<R extends keyof typeof RECORDS> = keyof (typeof RECORDS)[R]['fields'];

/** Every root of a map's document. */
export const MAP_SHAPES: Readonly<Record<Root, Shape>> = {
  map: record<'title' | keyof MapSettings>({
    title: line(LIMITS.title),
    promotion: line(LIMITS.name * 4),
    tick: value(),
    currency: value(),
    referralEntry: value(),
    feelingsSource: line(LIMITS.stageText)
  }),
  stages: records(LIMITS.stages, RECORDS.stages),
  lanes: records(LIMITS.lanes, RECORDS.lanes),
  cards: records(LIMITS.cards, RECORDS.cards),
  objects: records(LIMITS.objects, RECORDS.objects),
  metrics: numbers(LIMITS.numbers, value()),
  scenarios: records(LIMITS.scenarios, RECORDS.scenarios),
  opportunities: records(LIMITS.opportunities, RECORDS.opportunities),
  ranges: numbers(LIMITS.numbers, value()),
  experiments: records(LIMITS.experiments, RECORDS.experiments),
  fits: records(LIMITS.fits, RECORDS.fits),
  views: records(LIMITS.views, RECORDS.views)
};
