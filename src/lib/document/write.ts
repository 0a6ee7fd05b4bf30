import * as Y from 'yjs';
import { BARE_FACETS, tagKey, type CardFacets } from '#lib/journey/card-facets.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { byRank } from '#lib/journey/order.ts';
import {
  STAGE_TEXTS,
  type Card,
  type Experiment,
  type Journey,
  type Lane,
  type Opportunity,
  type Scenario,
  type Stage,
  type StoredFit
} from '#lib/journey/records.ts';
import { LINK_PREFIX, rootsOf, TAG_PREFIX, type Edits, type YRecord } from './layout.ts';
import type { CardFilter, SavedView } from '#lib/journey/views.ts';
import type { RecordField, RECORDS } from './shapes.ts';
import { objectRecord } from './write-object.ts';

/** Only fields that {@link RECORDS} names can be synced. */
const recordOf = <R extends keyof typeof RECORDS>(
  fields: Partial<Record<RecordField<R>, unknown>>
): YRecord => {
  const map = new Y.Map<unknown>();
  for (const [key, value] of Object.entries(fields)) if (value !== null) map.set(key, value);
  return map;
};

export const stageRecord = (stage: Stage): YRecord =>
  recordOf<'stages'>({
    name: stage.name,
    rank: stage.rank,
    kind: stage.kind,
    band: stage.band || null,
    width: stage.width,
    ...Object.fromEntries(STAGE_TEXTS.map((field) => [field, new Y.Text(stage[field])]))
  });

export const laneRecord = (lane: Lane): YRecord =>
  recordOf<'lanes'>({ name: lane.name, rank: lane.rank, kind: lane.kind, height: lane.height });

export const cardRecord = (card: Card): YRecord =>
  recordOf<'cards'>({
    stage: card.stage,
    lane: card.lane,
    rank: card.rank,
    text: new Y.Text(card.text),
    ...(card.facets === BARE_FACETS ? {} : facetFields(card.facets))
  });

/** Facets as fields of a card's record; null stands for what is not said. */
function facetFields({ tags, links, owner, sentiment, ...plain }: CardFacets): Record<string, unknown> {
  return {
    ...plain,
    sentiment: sentiment && { ...sentiment },
    owner: owner === '' ? null : owner,
    ...Object.fromEntries(tags.map((tag) => [TAG_PREFIX + tagKey(tag), tag])),
    ...Object.fromEntries(links.map(({ id, url, title, rank }) => [LINK_PREFIX + id, { url, title, rank }]))
  };
}

export const scenarioRecord = (scenario: Scenario): YRecord => {
  const overrides = new Y.Map<number>();
  for (const [key, value] of scenario.overrides) overrides.set(key, value);
  return recordOf<'scenarios'>({ name: scenario.name, rank: scenario.rank, overrides });
};

export const opportunityRecord = ({ id: _, edits, ...fields }: Opportunity): YRecord => {
  const changes: Edits = new Y.Map();
  for (const [key, edit] of edits) changes.set(key, edit);
  return recordOf<'opportunities'>({ ...fields, edits: changes });
};

/** A record whose fields are plain values: an experiment or a fit. */
export const plainRecord = ({ id: _, ...fields }: Experiment | StoredFit): YRecord =>
  recordOf<'experiments' | 'fits'>(fields);

export const viewRecord = ({ name, rank, ...seen }: SavedView): YRecord =>
  recordOf<'views'>({ name, rank, ...viewFields(seen) });

/** What a view keeps beside its name, as fields of its record; null stands for nothing. */
export const viewFields = ({ area, filter, folded, scenario }: Omit<SavedView, 'id' | 'name' | 'rank'>) => ({
  area: { ...area },
  filter: said(filter),
  folded: folded.length > 0 ? [...folded] : null,
  scenario
});

/** The parts of a filter that ask for something; null when none does. */
function said(filter: CardFilter): Record<string, string> | null {
  const parts = Object.entries(filter).filter((part): part is [string, string] => part[1] !== null);
  return parts.length > 0 ? Object.fromEntries(parts) : null;
}

/**
 * Fills an empty document with a map, in one transaction. Only the server does this, once per map: a second writer
 * would start a second history, and the next sync would show everything twice.
 */
export function writeJourney(doc: Y.Doc, journey: Journey): void {
  const roots = rootsOf(doc);
  if (Object.values(roots).some((root: Y.Map<unknown>) => root.size > 0))
    throw new Error('writeJourney needs an empty document');
  doc.transact(() => {
    const { settings } = journey;
    roots.map.set('title', journey.title);
    roots.map.set('tick', settings.tick);
    roots.map.set('currency', settings.currency);
    if (settings.referralEntry !== null) roots.map.set('referralEntry', settings.referralEntry);
    if (settings.feelingsSource !== '') roots.map.set('feelingsSource', settings.feelingsSource);
    if (settings.promotion !== undefined) roots.map.set('promotion', { ...settings.promotion });
    for (const stage of journey.stages) roots.stages.set(stage.id, stageRecord(stage));
    for (const lane of journey.lanes) roots.lanes.set(lane.id, laneRecord(lane));
    for (const card of [...journey.cards].sort(byRank)) roots.cards.set(card.id, cardRecord(card));
    for (const [key, value] of journey.metrics) roots.metrics.set(key, value);
    for (const scenario of journey.scenarios) roots.scenarios.set(scenario.id, scenarioRecord(scenario));
    for (const one of journey.opportunities) roots.opportunities.set(one.id, opportunityRecord(one));
    for (const [key, range] of journey.ranges) roots.ranges.set(key, range);
    for (const one of journey.experiments) roots.experiments.set(one.id, plainRecord(one));
    for (const one of journey.fits) roots.fits.set(one.id, plainRecord(one));
    for (const one of journey.objects) roots.objects.set(one.id, objectRecord(one));
    for (const one of journey.views) roots.views.set(one.id, viewRecord(one));
  });
}

/** A new document that holds the journey, encoded as a snapshot (`Y.encodeStateAsUpdateV2`). */
export function snapshotOf(journey: Journey): Uint8Array {
  const doc = new Y.Doc();
  try {
    writeJourney(doc, journey);
    return Y.encodeStateAsUpdateV2(doc);
  } finally {
    doc.destroy();
  }
}

/** Sets the map's title; for changes that come from outside a board. */
export const writeTitle = (doc: Y.Doc, title: string): void => {
  rootsOf(doc).map.set('title', title.slice(0, LIMITS.title));
};
