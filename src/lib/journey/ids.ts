declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** A map: one journey, one document, one room. A v4 UUID given by the server. */
export type MapId = Id<'MapId'>;
/** A stage (column) of one map. 1 to 64 characters of `A-Za-z0-9_-`, unique among the map's stages. */
export type StageId = Id<'StageId'>;
/** A lane (row) of one map; same alphabet as {@link StageId}. */
export type LaneId = Id<'LaneId'>;
/** A card in a cell; same alphabet as {@link StageId}. */
export type CardId = Id<'CardId'>;
/** A scenario: a named set of overrides; same alphabet as {@link StageId}. */
export type ScenarioId = Id<'ScenarioId'>;

/** An opportunity: something that could be done, with what it changes; same alphabet as {@link StageId}. */
export type OpportunityId = Id<'OpportunityId'>;
/** Two variants of one arrow with their counts; same alphabet as {@link StageId}. */
export type ExperimentId = Id<'ExperimentId'>;
/** A free object around or over the grid; same alphabet as {@link StageId}. */
export type ObjectId = Id<'ObjectId'>;
/** What somebody saw of the map, kept under a name; same alphabet as {@link StageId}. */
export type ViewId = Id<'ViewId'>;
/** What a transaction model found in a file; same alphabet as {@link StageId}. */
export type FitId = Id<'FitId'>;

/** An evidence link of a card, unique among the card's; same alphabet as {@link StageId}. */
export type LinkId = Id<'LinkId'>;

const RECORD_ID = /^[A-Za-z0-9_-]{1,64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** True when `text` may name a stage, lane, card or scenario. Names that reach an object's prototype are not ids. */
export const isRecordId = (text: string): boolean => RECORD_ID.test(text) && !FORBIDDEN.has(text);

/** True when `text` is a map id as the server makes them (lower-case UUID). */
export const isMapId = (text: string): text is MapId => UUID.test(text);
