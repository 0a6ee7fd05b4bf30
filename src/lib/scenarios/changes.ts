import type { CardFacets } from '#lib/journey/card-facets.ts';
import { placeExists, placeOf, type MetricKey } from '#lib/journey/metrics.ts';
import { hasText, isBox, isStroke, type MapObject, type ObjectKind } from '#lib/journey/objects.ts';
import {
  STAGE_TEXTS,
  type Card,
  type Journey,
  type NumberRange,
  type StageText
} from '#lib/journey/records.ts';
import { same } from '#lib/journey/same.ts';
import { evaluateMap, headlineOf } from './evaluate.ts';
import { HEADLINES, type Headline } from './figures.ts';
import { formatDelta, formatHeadline, formatMetric, type DeltaText } from './format.ts';
import { laneName, metricLabel, metricUnit, stageName, type Names } from './metric-label.ts';

export type ChangeSubject =
  | 'map'
  | 'stage'
  | 'lane'
  | 'card'
  | 'object'
  | 'number'
  | 'scenario'
  | 'opportunity'
  | 'experiment'
  | 'fit'
  | 'view';

/** One thing that is different, told in the words of the map. */
export interface MapChange {
  readonly subject: ChangeSubject;
  readonly how: 'added' | 'removed' | 'moved' | 'changed';
  readonly text: string; // one sentence without its full stop
}

/** One headline figure of two states; null where a state has none. */
export interface FigureChange {
  readonly headline: Headline;
  readonly before: number | null;
  readonly after: number | null;
  readonly beforeText: string;
  readonly afterText: string;
  /** Null when one of the two is missing, or they are in two currencies or units of time. */
  readonly delta: DeltaText | null;
}

export interface MapComparison {
  /** In the order map, stages, lanes, cards, objects, numbers, decisions; empty when both say the same. */
  readonly changes: readonly MapChange[];
  /** Of the baseline; those that either state has. */
  readonly figures: readonly FigureChange[];
}

/** What two states of one map differ in, from the older to the newer (SPEC F23). */
export function compareStates(before: Journey, after: Journey): MapComparison {
  const names = bothNames(before, after);
  return {
    changes: [
      ...mapChanges(before, after, names),
      ...stageChanges(before, after),
      ...laneChanges(before, after),
      ...cardChanges(before, after, names),
      ...objectChanges(before, after),
      ...numberChanges(before, after, names),
      ...decisionChanges(before, after, names)
    ],
    figures: figureChanges(before, after)
  };
}

/** Names as they are now; of what is gone, as they were. */
const bothNames = (before: Journey, after: Journey): Names => ({
  stages: [...after.stages, ...before.stages],
  lanes: [...after.lanes, ...before.lanes]
});

const SHOWN = 60;
const NOTHING = 'not set';

/** Somebody's words in a sentence, cut where they get long. */
function quoted(words: string): string {
  const flat = words.trim().replace(/\s+/g, ' ');
  const letters = [...flat];
  return `“${letters.length > SHOWN ? `${letters.slice(0, SHOWN - 1).join('')}…` : flat}”`;
}

const fromTo = (before: string, after: string): string => `from ${before} to ${after}`;

function mapChanges(before: Journey, after: Journey, names: Names): MapChange[] {
  const changes: MapChange[] = [];
  const say = (text: string) => changes.push({ subject: 'map', how: 'changed', text });
  if (before.title !== after.title)
    say(`The map’s title changed ${fromTo(quoted(before.title), quoted(after.title))}`);
  const [was, is] = [before.settings, after.settings];
  if (was.tick !== is.tick) say(`The unit of time changed ${fromTo(was.tick, is.tick)}`);
  if (was.currency !== is.currency) say(`The currency changed ${fromTo(was.currency, is.currency)}`);
  if (was.referralEntry !== is.referralEntry) {
    const entry = (id: string | null) => (id === null ? 'the first stage' : quoted(stageName(names, id)));
    say(
      `Referred people enter at another stage: ${fromTo(entry(was.referralEntry), entry(is.referralEntry))}`
    );
  }
  if (was.feelingsSource !== is.feelingsSource) say('The source of the feelings’ effect changed');
  return changes;
}

interface Told<T> {
  readonly subject: ChangeSubject;
  readonly noun: string;
  readonly name: (item: T) => string;
  /** What is different about an item that is in both, as sentences without their subject. */
  readonly differences: (before: T, after: T) => readonly string[];
  /** Where an item stands has changed, and nothing else has to. */
  readonly moved?: (before: T, after: T) => boolean;
}

/** What was added, removed, moved and changed in a list of records. */
function listChanges<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
  told: Told<T>
): MapChange[] {
  const { subject, noun, name } = told;
  const was = new Map(before.map((item) => [item.id, item]));
  const is = new Set(after.map(({ id }) => id));
  const changes: MapChange[] = [];
  for (const item of after) {
    const old = was.get(item.id);
    if (old === item) continue;
    if (old === undefined) {
      changes.push({ subject, how: 'added', text: `${noun}${name(item)} was added` });
      continue;
    }
    if (told.moved?.(old, item) === true)
      changes.push({ subject, how: 'moved', text: `${noun}${name(item)} was moved` });
    for (const difference of told.differences(old, item))
      changes.push({ subject, how: 'changed', text: `${noun}${name(item)}: ${difference}` });
  }
  for (const item of before)
    if (!is.has(item.id)) changes.push({ subject, how: 'removed', text: `${noun}${name(item)} was removed` });
  return changes;
}

const ranked = (before: { readonly rank: string }, after: { readonly rank: string }): boolean =>
  before.rank !== after.rank;

const renamed = (before: { readonly name: string }, after: { readonly name: string }): string[] =>
  before.name === after.name ? [] : [`it was called ${quoted(before.name)}`];

const TEXTS: Readonly<Record<StageText, string>> = {
  customerObjective: 'the customer’s objective',
  businessObjective: 'the business’ objective',
  keyActivities: 'the key activities'
};

const stageChanges = (before: Journey, after: Journey): MapChange[] =>
  listChanges(before.stages, after.stages, {
    subject: 'stage',
    noun: 'Stage ',
    name: ({ name }) => quoted(name),
    moved: ranked,
    differences: (old, now) => [
      ...renamed(old, now),
      ...(old.kind === now.kind
        ? []
        : [`the kind changed ${fromTo(old.kind ?? 'derived', now.kind ?? 'derived')}`]),
      ...(old.band === now.band ? [] : [now.band ? 'it became a band' : 'it became a column']),
      ...STAGE_TEXTS.filter((field) => old[field] !== now[field]).map(
        (field) => `${TEXTS[field]} changed ${fromTo(quoted(old[field]), quoted(now[field]))}`
      )
    ]
  });

const laneChanges = (before: Journey, after: Journey): MapChange[] =>
  listChanges(before.lanes, after.lanes, {
    subject: 'lane',
    noun: 'Lane ',
    name: ({ name }) => quoted(name),
    moved: ranked,
    differences: (old, now) => [
      ...renamed(old, now),
      ...(old.kind === now.kind ? [] : [`the kind changed ${fromTo(old.kind, now.kind)}`])
    ]
  });

function cardChanges(before: Journey, after: Journey, names: Names): MapChange[] {
  const cell = ({ lane, stage }: Card) => `${laneName(names, lane)}, ${stageName(names, stage)}`;
  const cardName = ({ text }: Card) => (text.trim() === '' ? 'without words' : quoted(text));
  const was = new Map([...before.cards, ...before.unplaced].map((card) => [card.id, card]));
  const now = [...after.cards, ...after.unplaced];
  const is = new Set(now.map(({ id }) => id));
  const changes: MapChange[] = [];
  const say = (how: MapChange['how'], text: string) => changes.push({ subject: 'card', how, text });
  for (const card of now) {
    const old = was.get(card.id);
    if (old === undefined) {
      say('added', `Card ${cardName(card)} was added to ${cell(card)}`);
      continue;
    }
    if (old.lane !== card.lane || old.stage !== card.stage)
      say('moved', `Card ${cardName(card)} was moved ${fromTo(cell(old), cell(card))}`);
    else if (old.rank !== card.rank) say('moved', `Card ${cardName(card)} was moved within ${cell(card)}`);
    if (old.text !== card.text)
      say('changed', `Card ${cardName(card)} in ${cell(card)} said ${cardName(old)} before`);
    const facets = facetChanges(old.facets, card.facets);
    if (facets !== '') say('changed', `Card ${cardName(card)} in ${cell(card)}: ${facets}`);
  }
  for (const card of was.values())
    if (!is.has(card.id)) say('removed', `Card ${cardName(card)} was removed from ${cell(card)}`);
  return changes;
}

const FACETS: Readonly<Record<keyof CardFacets, string>> = {
  color: 'colour',
  tags: 'tags',
  links: 'evidence',
  channel: 'channel',
  medium: 'medium',
  ownership: 'ownership',
  phase: 'phase',
  sentiment: 'pain or delight',
  confidence: 'confidence',
  owner: 'owner'
};

const FACET_NAMES = Object.keys(FACETS) as (keyof CardFacets)[];

/** What of a card besides its words and place is different: "other colour, tags". */
function facetChanges(before: CardFacets, after: CardFacets): string {
  const changed = FACET_NAMES.filter((facet) => !same(before[facet], after[facet])).map(
    (facet) => FACETS[facet]
  );
  return changed.length === 0 ? '' : `other ${changed.join(', ')}`;
}

const OBJECTS: Readonly<Record<ObjectKind, string>> = {
  sticky: 'Note',
  text: 'Text',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  line: 'Line',
  connector: 'Connector',
  pen: 'Drawing',
  highlighter: 'Highlight',
  frame: 'Frame',
  image: 'Picture',
  stamp: 'Stamp'
};

function objectChanges(before: Journey, after: Journey): MapChange[] {
  const kindOf = new Map([...before.objects, ...after.objects].map(({ id, kind }) => [id, OBJECTS[kind]]));
  const place = (object: MapObject) =>
    isBox(object) || isStroke(object) ? [object.x, object.y] : [object.from, object.to];
  const told = ({ id, ...object }: MapObject): string => {
    const words = 'emoji' in object ? object.emoji : 'text' in object ? object.text.trim() : '';
    return `${kindOf.get(id) ?? ''}${words === '' ? '' : ` ${quoted(words)}`}`;
  };
  return listChanges(before.objects, after.objects, {
    subject: 'object',
    noun: '',
    name: told,
    moved: (old, now) => !same(place(old), place(now)),
    differences: (old, now) => {
      if (hasText(old) && hasText(now) && old.text !== now.text)
        return [`it said ${quoted(old.text)} before`];
      const rest = (object: MapObject) => ({ ...object, x: 0, y: 0, from: 0, to: 0, rank: '' });
      return same(rest(old), rest(now)) ? [] : ['it looks different'];
    }
  });
}

const exists = (key: MetricKey, journey: Journey): boolean => {
  const place = placeOf(key);
  return place !== null && placeExists(place, journey);
};

const howFrom = (before: unknown, after: unknown): MapChange['how'] =>
  before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';

function keyedChanges<T>(
  before: ReadonlyMap<MetricKey, T>,
  after: ReadonlyMap<MetricKey, T>,
  tell: (key: MetricKey, was: T | undefined, is: T | undefined) => MapChange
): MapChange[] {
  const keys = new Set([...after.keys(), ...before.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    return same(was, is) ? [] : [tell(key, was, is)];
  });
}

function numberChanges(before: Journey, after: Journey, names: Names): MapChange[] {
  const told = (value: number | null | undefined, key: MetricKey, { settings }: Journey): string => {
    if (value === undefined) return NOTHING;
    return value === null ? 'drawn without a number' : formatMetric(value, metricUnit(key), settings);
  };
  // What vanished with its stage or lane is told by that one's removal.
  const there = <T>(values: ReadonlyMap<MetricKey, T>) =>
    new Map([...values].filter(([key]) => exists(key, after)));
  const numbers = keyedChanges(there(before.metrics), after.metrics, (key, was, is) => ({
    subject: 'number',
    how: howFrom(was, is),
    text: `${metricLabel(key, names)}: ${fromTo(told(was, key, before), told(is, key, after))}`
  }));
  const ranges = keyedChanges(there(before.ranges), after.ranges, (key, was, is) => ({
    subject: 'number',
    how: howFrom(was, is),
    text: `${metricLabel(key, names)}, how sure it is: ${fromTo(rangeText(was, key, before), rangeText(is, key, after))}`
  }));
  return [...numbers, ...ranges];
}

function rangeText(range: NumberRange | undefined, key: MetricKey, { settings }: Journey): string {
  if (range === undefined) return NOTHING;
  const told = (value: number) => formatMetric(value, metricUnit(key), settings);
  switch (range.kind) {
    case 'beta':
      return `as from ${range.nEff} observations`;
    case 'range':
      return `${told(range.low)} to ${told(range.high)}`;
    case 'lognormal':
      return `${told(range.low)} to ${told(range.high)}, nine times in ten`;
  }
}

function decisionChanges(before: Journey, after: Journey, names: Names): MapChange[] {
  const number = (value: number | undefined, key: MetricKey, { settings }: Journey) =>
    value === undefined ? NOTHING : formatMetric(value, metricUnit(key), settings);
  const name = (item: { readonly name: string }) => quoted(item.name);
  const otherwise = (old: object, now: object, told: readonly string[]): string[] => {
    if (told.length > 0) return [];
    const bare = ({ name: _n, rank: _r, ...rest }: Record<string, unknown>) => rest;
    return plainlySame(bare({ ...old }), bare({ ...now })) ? [] : ['its details changed'];
  };
  return [
    ...listChanges(before.scenarios, after.scenarios, {
      subject: 'scenario',
      noun: 'Scenario ',
      name,
      differences: (old, now) => [
        ...renamed(old, now),
        ...keyedChanges(old.overrides, now.overrides, (key, was, is) => ({
          subject: 'scenario',
          how: howFrom(was, is),
          text: `${metricLabel(key, names)} ${fromTo(number(was, key, before), number(is, key, after))}`
        })).map(({ text }) => text)
      ]
    }),
    ...listChanges(before.opportunities, after.opportunities, {
      subject: 'opportunity',
      noun: 'Opportunity ',
      name,
      differences: (old, now) => {
        const told = [
          ...renamed(old, now),
          ...(old.status === now.status ? [] : [`the status changed ${fromTo(old.status, now.status)}`])
        ];
        return [...told, ...otherwise(old, now, told)];
      }
    }),
    ...listChanges(before.experiments, after.experiments, {
      subject: 'experiment',
      noun: 'Experiment ',
      name,
      differences: (old, now) => [...renamed(old, now), ...otherwise(old, now, renamed(old, now))]
    }),
    ...listChanges(before.fits, after.fits, {
      subject: 'fit',
      noun: 'Transaction model ',
      name,
      differences: (old, now) => [...renamed(old, now), ...otherwise(old, now, renamed(old, now))]
    }),
    ...listChanges(before.views, after.views, {
      subject: 'view',
      noun: 'View ',
      name,
      differences: (old, now) => [...renamed(old, now), ...otherwise(old, now, renamed(old, now))]
    })
  ];
}

/** Two records alike, maps in them by their entries. */
function plainlySame(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const flat = (record: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(record).map(([field, value]) => [
        field,
        value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value
      ])
    );
  return same(flat(a), flat(b));
}

function figureChanges(before: Journey, after: Journey): FigureChange[] {
  const [was, is] = [evaluateMap(before).baseline, evaluateMap(after).baseline];
  const [units, newUnits] = [before.settings, after.settings];
  const comparable = units.currency === newUnits.currency && units.tick === newUnits.tick;
  return HEADLINES.flatMap((headline) => {
    const old = was.ok ? headlineOf(was, headline) : null;
    const now = is.ok ? headlineOf(is, headline) : null;
    if (old === null && now === null) return [];
    return [
      {
        headline,
        before: old,
        after: now,
        beforeText: old === null ? 'no figure' : formatHeadline(headline, old, units),
        afterText: now === null ? 'no figure' : formatHeadline(headline, now, newUnits),
        delta: old === null || now === null || !comparable ? null : formatDelta(headline, now - old, newUnits)
      }
    ];
  });
}

const MANY: Readonly<Record<ChangeSubject, readonly [one: string, many: string]>> = {
  map: ['change of the map itself', 'changes of the map itself'],
  stage: ['stage', 'stages'],
  lane: ['lane', 'lanes'],
  card: ['card', 'cards'],
  object: ['object', 'objects'],
  number: ['number', 'numbers'],
  scenario: ['scenario', 'scenarios'],
  opportunity: ['opportunity', 'opportunities'],
  experiment: ['experiment', 'experiments'],
  fit: ['transaction model', 'transaction models'],
  view: ['saved view', 'saved views']
};

/** The changes counted, in one line: "2 cards added, 1 card moved, 3 numbers changed". */
export function summaryOf(changes: readonly MapChange[]): string {
  const counts = new Map<string, { readonly change: MapChange; count: number }>();
  for (const change of changes) {
    const group = `${change.subject} ${change.how}`;
    const known = counts.get(group);
    if (known === undefined) counts.set(group, { change, count: 1 });
    else known.count++;
  }
  if (counts.size === 0) return 'Nothing is different';
  return [...counts.values()]
    .map(({ change: { subject, how }, count }) => {
      const [single, many] = MANY[subject];
      const noun = count === 1 ? single : many;
      return subject === 'map' ? `${count} ${noun}` : `${count} ${noun} ${how}`;
    })
    .join(', ');
}
