import type { JourneyInput, JourneyModel } from '../model.ts';
import { MAP_NUMBERS, numberAt, rangeAt, STAGE_NUMBERS, type NumberPlace } from './numbers.ts';

/**
 * Every number of a map in one array: first the map's, then for each metric one block of stages, then the transitions,
 * then the costs, lane by lane.
 */
export interface Layout {
  readonly size: number;
  readonly lanes: number;
  readonly length: number;
  /** Ends of the transitions by stage: those drawn, then those that changes would draw. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly firstTransition: number;
  readonly firstCost: number;
  slotOf(place: NumberPlace): number;
}

/** Position of a map's number. */
export const mapSlot = (metric: (typeof MAP_NUMBERS)[number]): number => MAP_NUMBERS.indexOf(metric);

/** Position of the first stage's number. */
export const blockOf = (metric: (typeof STAGE_NUMBERS)[number], size: number): number =>
  MAP_NUMBERS.length + STAGE_NUMBERS.indexOf(metric) * size;

/**
 * Lays the numbers of a checked map out.
 *
 * @param places that will be asked for or changed; transitions that are not drawn get a slot by being named here.
 */
export function layoutOf(model: JourneyModel, places: readonly NumberPlace[]): Layout {
  const stageAt = new Map(model.stages.map(({ id }, index) => [id, index]));
  const laneAt = new Map(model.lanes.map(({ id }, index) => [id, index]));
  const size = stageAt.size;
  const pairs = new Map<number, number>();
  const note = (from: number, to: number) => {
    const pair = from * size + to;
    if (!pairs.has(pair)) pairs.set(pair, pairs.size);
  };
  for (const { from, to } of model.transitions) note(from, to);
  for (const place of places)
    if (place.on === 'transition') note(stageAt.get(place.from)!, stageAt.get(place.to)!);
  const firstTransition = MAP_NUMBERS.length + STAGE_NUMBERS.length * size;
  const firstCost = firstTransition + pairs.size;
  return {
    size,
    lanes: laneAt.size,
    length: firstCost + laneAt.size * size,
    from: Int32Array.from(pairs.keys(), (pair) => Math.floor(pair / size)),
    to: Int32Array.from(pairs.keys(), (pair) => pair % size),
    firstTransition,
    firstCost,
    slotOf(place) {
      switch (place.on) {
        case 'map':
          return mapSlot(place.metric);
        case 'stage':
          return blockOf(place.metric, size) + stageAt.get(place.stage)!;
        case 'transition':
          return firstTransition + pairs.get(stageAt.get(place.from)! * size + stageAt.get(place.to)!)!;
        case 'cell':
          return firstCost + laneAt.get(place.lane)! * size + stageAt.get(place.stage)!;
      }
    }
  };
}

/** The numbers as they are. A stage without a margin of its own holds NaN, which stands for the map's. */
export function baseNumbers(input: JourneyInput, model: JourneyModel, layout: Layout): Float64Array {
  const { size, lanes } = layout;
  const numbers = new Float64Array(layout.length);
  for (const metric of MAP_NUMBERS) numbers[mapSlot(metric)] = numberAt(input, { on: 'map', metric }) ?? NaN;
  model.stages.forEach((stage, index) => {
    const put = (metric: (typeof STAGE_NUMBERS)[number], value: number) => {
      numbers[blockOf(metric, size) + index] = value;
    };
    put('dwell', stage.dwell);
    put('ordersPerVisit', stage.ordersPerVisit);
    put('orderValue', input.stages[index]!.orderValue ?? NaN);
    put('grossMargin', stage.ownMargin ? stage.grossMargin : NaN);
    put('referrals', stage.referrals);
    put('feeling', input.stages[index]!.feeling ?? 0);
    put('entry', stage.entry);
    for (let lane = 0; lane < lanes; lane++)
      numbers[layout.firstCost + lane * size + index] = stage.costs[lane]!;
  });
  model.transitions.forEach(({ entered }, index) => {
    numbers[layout.firstTransition + index] = entered;
  });
  return numbers;
}

/** The valid values of the slots that may change; the rest passed the engine's check. */
export interface Guard {
  readonly slot: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** One guard for each distinct place, except the self-loops of renewal stages, which count for nothing (SPEC C12). */
export function guardsOf({ stages }: JourneyModel, layout: Layout, places: readonly NumberPlace[]): Guard[] {
  const guards = new Map<number, Guard>();
  const renews = (id: string) => stages.some((stage) => stage.id === id && stage.retention !== null);
  for (const place of places) {
    if (place.on === 'transition' && place.from === place.to && renews(place.from)) continue;
    const slot = layout.slotOf(place);
    const { min, max, whole } = { whole: false, ...rangeAt(place) };
    guards.set(slot, { slot, min, max, whole });
  }
  return [...guards.values()];
}
