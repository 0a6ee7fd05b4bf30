import type { JourneyInput, Place, StageInput, StageKind } from '../model.ts';
import { TICKS_PER_YEAR } from '../model.ts';
import { RANGES, type Range } from '../ranges.ts';
import { checkEntries, resolveKinds } from '../stages.ts';
import { refusal } from './problems.ts';
import type { Refused } from './types.ts';

/** The metrics that are one number each. */
export const MAP_NUMBERS = [
  'annualDiscountRate',
  'grossMargin',
  'horizon',
  'prospectsPerTick',
  'referralDelay',
  'kappaPlus',
  'kappaMinus'
] as const;
export type MapNumber = (typeof MAP_NUMBERS)[number];

export const STAGE_NUMBERS = [
  'dwell',
  'ordersPerVisit',
  'orderValue',
  'grossMargin',
  'referrals',
  'feeling',
  'entry'
] as const;
export type StageNumber = (typeof STAGE_NUMBERS)[number];

/** A place that holds one number. */
export type NumberPlace =
  | { readonly on: 'map'; readonly metric: MapNumber }
  | { readonly on: 'stage'; readonly stage: string; readonly metric: StageNumber }
  | Extract<Place, { on: 'transition' | 'cell' }>;

/** The place as one that holds a number of this map, or E_PLACE, E_UNKNOWN_STAGE, E_UNKNOWN_LANE. */
export function numberPlace(input: JourneyInput, place: Place): NumberPlace | Refused {
  const isStage = (id: string) => input.stages.some((stage) => stage.id === id);
  if (place.on === 'cell' && !input.lanes.some(({ id }) => id === place.lane))
    return refusal('E_UNKNOWN_LANE', 'A change concerns a lane that is not on the map.', place);
  const stages = stagesOf(place);
  if (!stages.every(isStage))
    return refusal('E_UNKNOWN_STAGE', 'A change concerns a stage that is not on the map.', place);
  if (place.on === 'transition' || place.on === 'cell') return place;
  const wanted = place.metric;
  if (place.on === 'map') {
    const metric = MAP_NUMBERS.find((name) => name === wanted);
    if (metric !== undefined) return { on: 'map', metric };
  } else {
    const metric = STAGE_NUMBERS.find((name) => name === wanted);
    if (metric !== undefined) return { on: 'stage', stage: place.stage, metric };
  }
  return refusal('E_PLACE', `There is no single number in ${wanted} that could be changed.`, place);
}

function stagesOf(place: Place): string[] {
  if (place.on === 'map') return [];
  return place.on === 'transition' ? [place.from, place.to] : [place.stage];
}

/** The valid values at a place. */
export function rangeAt(place: NumberPlace): Range {
  if (place.on === 'transition') return RANGES.probability;
  if (place.on === 'cell') return RANGES.cost;
  if (place.metric === 'kappaPlus' || place.metric === 'kappaMinus') return RANGES.kappa;
  return RANGES[place.metric];
}

/**
 * The number in force at a place: as entered, else the engine's default. A transition that is not drawn and a cost that
 * is not set count 0; undefined where a number is needed and nobody has entered it.
 */
export function numberAt(input: JourneyInput, place: NumberPlace): number | undefined {
  switch (place.on) {
    case 'map':
      return mapNumber(input, place.metric);
    case 'stage': {
      const index = input.stages.findIndex(({ id }) => id === place.stage);
      return stageNumber(input, index, place.metric);
    }
    case 'transition': {
      const drawn = input.transitions.find(({ from, to }) => from === place.from && to === place.to);
      return drawn === undefined ? 0 : drawn.probability;
    }
    case 'cell':
      return input.costs.find(({ lane, stage }) => lane === place.lane && stage === place.stage)?.cost ?? 0;
  }
}

function mapNumber(input: JourneyInput, metric: MapNumber): number | undefined {
  switch (metric) {
    case 'annualDiscountRate':
      return input.annualDiscountRate ?? 0.1;
    case 'horizon':
      return input.horizon ?? 3 * TICKS_PER_YEAR[input.tick];
    case 'referralDelay':
      return input.referral?.delay ?? 1;
    case 'kappaPlus':
    case 'kappaMinus':
      return input.feelings?.[metric] ?? 0;
    case 'grossMargin':
    case 'prospectsPerTick':
      return input[metric];
  }
}

function stageNumber(input: JourneyInput, index: number, metric: StageNumber): number | undefined {
  const stage = input.stages[index]!;
  switch (metric) {
    case 'dwell':
      return stage.dwell ?? (kindsOf(input)[index] === 'acquire' ? 0 : 1);
    case 'grossMargin':
      return stage.grossMargin ?? input.grossMargin;
    case 'entry':
      return entriesOf(input)[index];
    case 'orderValue':
      return stage.orderValue;
    default:
      return stage[metric] ?? 0;
  }
}

/** The kind of every stage, entered or by default. */
export const kindsOf = ({ stages }: JourneyInput): StageKind[] =>
  resolveKinds(stages, { problems: [], warnings: [] });

const entriesOf = ({ stages }: JourneyInput): number[] =>
  checkEntries(stages, { problems: [], warnings: [] });

/** The map with another number at a place; everything else as it was. See rules D2 to D5 for what goes with it. */
export function withNumber(input: JourneyInput, place: NumberPlace, value: number): JourneyInput {
  switch (place.on) {
    case 'map':
      return withMapNumber(input, place.metric, value);
    case 'stage':
      return withStageNumber(input, place.stage, place.metric, value);
    case 'transition': {
      const { from, to } = place;
      const drawn = input.transitions.some((other) => other.from === from && other.to === to);
      const transitions = input.transitions.map((other) =>
        other.from === from && other.to === to ? { ...other, probability: value } : other
      );
      return {
        ...input,
        transitions: drawn ? transitions : [...transitions, { from, to, probability: value }]
      };
    }
    case 'cell': {
      const { lane, stage } = place;
      const others = input.costs.filter((cell) => cell.lane !== lane || cell.stage !== stage);
      return { ...input, costs: [...others, { lane, stage, cost: value }] };
    }
  }
}

function withMapNumber(input: JourneyInput, metric: MapNumber, value: number): JourneyInput {
  if (metric === 'referralDelay') return { ...input, referral: { ...input.referral, delay: value } };
  if (metric === 'kappaPlus' || metric === 'kappaMinus')
    return { ...input, feelings: { ...input.feelings, [metric]: value } };
  return { ...input, [metric]: value };
}

function withStageNumber(input: JourneyInput, id: string, metric: StageNumber, value: number): JourneyInput {
  const kinds = metric === 'ordersPerVisit' ? kindsOf(input) : null;
  const noEntries = input.stages.every(({ entry }) => entry === undefined);
  const entries = metric === 'entry' && noEntries ? entriesOf(input) : null;
  const stages = input.stages.map((stage, index): StageInput => {
    const pinned = {
      ...stage,
      ...(kinds === null ? {} : { kind: kinds[index] }),
      ...(entries === null ? {} : { entry: entries[index] })
    };
    if (stage.id !== id) return pinned;
    if (metric !== 'feeling') return { ...pinned, [metric]: value };
    return { ...stage, feeling: value, feelingBefore: stage.feelingBefore ?? stage.feeling ?? 0 };
  });
  return { ...input, stages };
}
