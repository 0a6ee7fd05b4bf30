import type * as Y from 'yjs';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { MetricEdit, NumberRange } from '#lib/journey/records.ts';

/**
 * The layout of a map's Y.Doc (rules D1 ... in journey/SPEC.md). Movable records are maps by id with a `rank`, never
 * Y.Arrays: moving inside an array is delete and insert, so two people moving one stage would double it. What is new
 * here needs its shape in shapes.ts: the server lets nothing else in.
 */
export const ROOTS = [
  'map',
  'stages',
  'lanes',
  'cards',
  'metrics',
  'scenarios',
  'opportunities',
  'ranges',
  'experiments',
  'fits',
  'objects',
  'views'
] as const;
export type Root = (typeof ROOTS)[number];

/** A stage, lane, card or scenario as Yjs holds it: plain values, plus Y.Text for what people type together. */
export type YRecord = Y.Map<unknown>;

export interface Roots {
  readonly map: Y.Map<unknown>;
  readonly stages: Y.Map<YRecord>;
  readonly lanes: Y.Map<YRecord>;
  readonly cards: Y.Map<YRecord>;
  readonly metrics: Y.Map<number | null>;
  readonly scenarios: Y.Map<YRecord>;
  readonly opportunities: Y.Map<YRecord>;
  readonly ranges: Y.Map<NumberRange>;
  readonly experiments: Y.Map<YRecord>;
  readonly fits: Y.Map<YRecord>;
  readonly objects: Y.Map<YRecord>;
  readonly views: Y.Map<YRecord>;
}

/**
 * A card's tags and links are fields of the card itself, `tag:<key>` and `link:<id>`: in a map of their own, which two
 * people could begin at once, the one who came second would lose all of theirs.
 */
export const TAG_PREFIX = 'tag:';
export const LINK_PREFIX = 'link:';

export type Overrides = Y.Map<number>;
export type Edits = Y.Map<MetricEdit>;

export const rootsOf = (doc: Y.Doc): Roots => ({
  map: doc.getMap('map'),
  stages: doc.getMap('stages'),
  lanes: doc.getMap('lanes'),
  cards: doc.getMap('cards'),
  metrics: doc.getMap('metrics'),
  scenarios: doc.getMap('scenarios'),
  opportunities: doc.getMap('opportunities'),
  ranges: doc.getMap('ranges'),
  experiments: doc.getMap('experiments'),
  fits: doc.getMap('fits'),
  objects: doc.getMap('objects'),
  views: doc.getMap('views')
});

/** True when a metric's key names the stage or lane. */
export const mentions = (key: string | MetricKey, id: string): boolean =>
  key.split('/').slice(1).includes(id);
