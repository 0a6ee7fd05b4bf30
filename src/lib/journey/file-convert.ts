import { BARE_FACETS, tagList, type CardFacets } from './card-facets.ts';
import type { MapFile } from './file-schema.ts';
import type {
  CardId,
  ExperimentId,
  FitId,
  LaneId,
  LinkId,
  OpportunityId,
  ScenarioId,
  StageId
} from './ids.ts';
import { LIMITS } from './limits.ts';
import { MAP_FORMAT } from './map-format.ts';
import {
  cellKey,
  placeExists,
  placeOf,
  settingsKey,
  stageKey,
  transitionKey,
  transitionsOf,
  type CellMetric,
  type MetricKey,
  type StageMetric
} from './metrics.ts';
import { fileOfObject, objectOf, targetsOf } from './object-file.ts';
import { fileOfView, viewOf } from './view-file.ts';
import { placeCards, ranks } from './order.ts';
import {
  BARE_OPPORTUNITY,
  OPPORTUNITY_SCORES,
  STAGE_TEXTS,
  type Card,
  type Journey,
  type NumberRange,
  type Opportunity
} from './records.ts';

const PLAIN_STAGE_METRICS = [
  'dwell',
  'ordersPerVisit',
  'orderValue',
  'grossMargin',
  'referrals',
  'entry'
] as const satisfies StageMetric[];
const CELL_METRICS = ['cost', 'feeling'] as const satisfies CellMetric[];

/** A checked file as a journey. Ranks are made from the file's order. */
export function journeyOf(file: MapFile): Journey {
  const metrics = new Map<MetricKey, number | null>();
  const set = (key: MetricKey, value: number | undefined) => {
    if (value !== undefined) metrics.set(key, value);
  };
  const { referral, feelings, ...settingsFields } = file.settings;
  for (const metric of ['annualDiscountRate', 'grossMargin', 'horizon', 'prospectsPerTick'] as const)
    set(settingsKey(metric), settingsFields[metric]);
  set(settingsKey('referralDelay'), referral?.delay);
  set(settingsKey('kappaPlus'), feelings?.kappaPlus);
  set(settingsKey('kappaMinus'), feelings?.kappaMinus);
  for (const stage of file.stages) {
    const stageId = stage.id as StageId;
    for (const metric of PLAIN_STAGE_METRICS) set(stageKey(stageId, metric), stage[metric]);
    set(stageKey(stageId, 'sbgAlpha'), stage.retention?.alpha);
    set(stageKey(stageId, 'sbgBeta'), stage.retention?.beta);
  }
  for (const { from, to, probability } of file.transitions)
    metrics.set(transitionKey(from as StageId, to as StageId), probability ?? null);
  for (const { lane, stage, ...amounts } of file.cells)
    for (const metric of CELL_METRICS)
      set(cellKey(lane as LaneId, stage as StageId, metric), amounts[metric]);

  const inOrder = <T, R>(items: readonly T[], make: (item: T, rank: string) => R): R[] => {
    const order = ranks(items.length);
    return items.map((item, index) => make(item, order[index] ?? ''));
  };
  const stages = inOrder(file.stages, (stage, rank) => ({
    id: stage.id as StageId,
    name: stage.name,
    rank,
    kind: stage.kind ?? null,
    band: stage.band ?? false,
    width: stage.width ?? LIMITS.stageWidth.default,
    customerObjective: stage.customerObjective ?? '',
    businessObjective: stage.businessObjective ?? '',
    keyActivities: stage.keyActivities ?? ''
  }));
  const lanes = inOrder(file.lanes, (lane, rank) => ({
    id: lane.id as LaneId,
    name: lane.name,
    rank,
    kind: lane.kind,
    height: lane.height ?? LIMITS.laneHeight.default
  }));
  const cards = inOrder(file.cards, (card, rank): Card => ({
    id: card.id as CardId,
    stage: card.stage as StageId,
    lane: card.lane as LaneId,
    rank,
    text: card.text,
    facets: facetsOf(card)
  }));
  return {
    title: file.title,
    settings: {
      tick: file.settings.tick,
      currency: file.settings.currency,
      referralEntry: (referral?.entry ?? null) as StageId | null,
      feelingsSource: feelings?.source ?? '',
      ...(settingsFields.promotion === undefined ? {} : { promotion: settingsFields.promotion })
    },
    stages,
    lanes,
    ...placeCards(cards, stages, lanes),
    metrics,
    scenarios: inOrder(file.scenarios, (scenario, rank) => ({
      id: scenario.id as ScenarioId,
      name: scenario.name,
      rank,
      overrides: new Map(scenario.overrides.map(({ metric, value }) => [metric as MetricKey, value]))
    })),
    opportunities: inOrder(file.opportunities ?? [], (one, rank): Opportunity => ({
      ...BARE_OPPORTUNITY,
      ...one,
      id: one.id as OpportunityId,
      rank,
      edits: new Map(one.edits.map(({ metric, how, amount }) => [metric as MetricKey, { how, amount }]))
    })),
    ranges: new Map(
      (file.ranges ?? []).map(({ metric, ...range }): [MetricKey, NumberRange] => [
        metric as MetricKey,
        range
      ])
    ),
    experiments: inOrder(file.experiments ?? [], (one, rank) => ({
      ...one,
      id: one.id as ExperimentId,
      from: one.from as StageId,
      to: one.to as StageId,
      rank
    })),
    fits: inOrder(file.fits ?? [], (one, rank) => ({ ...one, id: one.id as FitId, rank })),
    objects: inOrder(file.objects ?? [], objectOf),
    views: inOrder(file.views ?? [], viewOf)
  };
}

/** A card's facets; links get ids and ranks from their order. */
function facetsOf({
  id: _,
  lane: __,
  stage: ___,
  text: ____,
  ...said
}: MapFile['cards'][number]): CardFacets {
  if (Object.keys(said).length === 0) return BARE_FACETS;
  const order = ranks(said.links?.length ?? 0);
  return {
    ...BARE_FACETS,
    ...said,
    tags: tagList(said.tags ?? []),
    links: (said.links ?? []).map(({ url, title }, index) => ({
      id: `link-${index + 1}` as LinkId,
      url,
      title: title ?? '',
      rank: order[index] ?? ''
    }))
  };
}

/** What a file says of a card's facets: nothing of what is not said. */
const facetsToFile = ({ tags, links, owner, ...plain }: CardFacets) =>
  lean({
    color: plain.color ?? undefined,
    tags: some([...tags]),
    links: some(links.map(({ url, title }) => lean({ url, title: unless(title, '') }))),
    channel: plain.channel ?? undefined,
    medium: plain.medium ?? undefined,
    ownership: plain.ownership ?? undefined,
    phase: plain.phase ?? undefined,
    sentiment: plain.sentiment ?? undefined,
    confidence: plain.confidence ?? undefined,
    owner: unless(owner, '')
  });

/** Leaves out what is undefined or equal to its default, so that files stay short and comparable. */
const lean = <T extends Record<string, unknown>>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

const byMetric = (a: { metric: string }, b: { metric: string }) => (a.metric < b.metric ? -1 : 1);

const unless = <T>(value: T, usual: T): T | undefined => (value === usual ? undefined : value);

/**
 * A journey as a file. Lossless: `journeyOf(fileOf(journey))` differs only in ranks, which stand for the order.
 * Cards without a place (see Journey.unplaced) go to the first cell, numbers of stages that are gone stay out.
 */
export function fileOf(journey: Journey): MapFile {
  const get = (key: MetricKey) => journey.metrics.get(key) ?? undefined;
  const { settings: own } = journey;
  const referral = lean({ entry: own.referralEntry ?? undefined, delay: get(settingsKey('referralDelay')) });
  const feelings = lean({
    kappaPlus: get(settingsKey('kappaPlus')),
    kappaMinus: get(settingsKey('kappaMinus')),
    source: unless(own.feelingsSource, '')
  });
  const [firstStage, firstLane] = [journey.stages[0], journey.lanes[0]];
  const rescued =
    firstStage === undefined || firstLane === undefined
      ? []
      : journey.unplaced.map((card) => ({ ...card, stage: firstStage.id, lane: firstLane.id }));
  const present = (key: MetricKey) => {
    const place = placeOf(key);
    return place !== null && placeExists(place, journey);
  };
  const targets = targetsOf(journey);
  return lean({
    format: MAP_FORMAT,
    title: journey.title,
    settings: lean({
      tick: own.tick,
      currency: own.currency,
      annualDiscountRate: get(settingsKey('annualDiscountRate')),
      grossMargin: get(settingsKey('grossMargin')),
      horizon: get(settingsKey('horizon')),
      prospectsPerTick: get(settingsKey('prospectsPerTick')),
      referral: Object.keys(referral).length > 0 ? referral : undefined,
      feelings: Object.keys(feelings).length > 0 ? feelings : undefined,
      promotion: own.promotion
    }),
    stages: journey.stages.map((stage) => {
      const [alpha, beta] = [get(stageKey(stage.id, 'sbgAlpha')), get(stageKey(stage.id, 'sbgBeta'))];
      return lean({
        id: stage.id,
        name: stage.name,
        kind: stage.kind ?? undefined,
        band: unless(stage.band, false),
        width: unless(stage.width, LIMITS.stageWidth.default),
        ...Object.fromEntries(STAGE_TEXTS.map((field) => [field, unless(stage[field], '')])),
        ...Object.fromEntries(PLAIN_STAGE_METRICS.map((metric) => [metric, get(stageKey(stage.id, metric))])),
        retention:
          alpha !== undefined && beta !== undefined ? { model: 'sbg' as const, alpha, beta } : undefined
      });
    }),
    lanes: journey.lanes.map((lane) =>
      lean({
        id: lane.id,
        kind: lane.kind,
        name: lane.name,
        height: unless(lane.height, LIMITS.laneHeight.default)
      })
    ),
    transitions: transitionsOf(journey).map(({ from, to, probability }) =>
      lean({ from, to, probability: probability ?? undefined })
    ),
    cells: journey.lanes.flatMap((lane) =>
      journey.stages.flatMap((stage) => {
        const cost = get(cellKey(lane.id, stage.id, 'cost'));
        const feeling = get(cellKey(lane.id, stage.id, 'feeling'));
        return cost === undefined && feeling === undefined
          ? []
          : [lean({ lane: lane.id, stage: stage.id, cost, feeling })];
      })
    ),
    cards: [...journey.cards, ...rescued].map(({ id, lane, stage, text, facets }) => ({
      id,
      lane,
      stage,
      text,
      ...(facets === BARE_FACETS ? {} : facetsToFile(facets))
    })),
    scenarios: journey.scenarios.map((scenario) => ({
      id: scenario.id,
      name: scenario.name,
      overrides: [...scenario.overrides]
        .filter(([key]) => {
          const place = placeOf(key);
          return place !== null && placeExists(place, journey);
        })
        .map(([metric, value]) => ({ metric: metric, value }))
        .sort((a, b) => (a.metric < b.metric ? -1 : 1))
    })),
    opportunities: some(
      journey.opportunities.map(({ id, name, edits, rank: _, ...rest }) =>
        lean({
          id: id,
          name,
          edits: [...edits]
            .filter(([key]) => present(key))
            .map(([key, { how, amount }]) => ({ metric: key, how, amount }))
            .sort(byMetric),
          oneOffCost: unless(rest.oneOffCost, 0),
          runningCost: unless(rest.runningCost, 0),
          successProbability: unless(rest.successProbability, 1),
          reach: unless(rest.reach, 1),
          owner: unless(rest.owner, ''),
          status: unless(rest.status, 'idea'),
          ...Object.fromEntries(OPPORTUNITY_SCORES.map((score) => [score, rest[score] ?? undefined]))
        })
      )
    ),
    ranges: some(
      [...journey.ranges]
        .filter(([key]) => present(key))
        .map(([key, range]) => ({ metric: key, ...range }))
        .sort(byMetric)
    ),
    experiments: some(
      journey.experiments
        .filter(({ from, to }) => present(transitionKey(from, to)))
        .map(({ id, name, from, to, a, b }) => ({
          id: id,
          name,
          from: from,
          to: to,
          a,
          b
        }))
    ),
    fits: some(journey.fits.map(({ rank: _, ...fit }) => fit)),
    objects: some(journey.objects.map((object) => fileOfObject(object, targets))),
    views: some(journey.views.map((view) => fileOfView(view, journey)))
  });
}
