import type { CardId, LaneId, ScenarioId, StageId } from './ids.ts';
import type { MetricKey } from './metrics.ts';

/** Length of one tick, the journey's unit of time. */
export const TICKS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Tick = (typeof TICKS)[number];

/** Before or after the first order. Unset means: derived from the first stage with orders. */
export const STAGE_KINDS = ['acquire', 'customer'] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

/** What a lane holds. The first seven are the default lanes, in their order. */
export const LANE_KINDS = [
  'actions',
  'thoughts',
  'feelings',
  'businessActions',
  'touchpoints',
  'metrics',
  'opportunities',
  'valueToCustomer',
  'valueToBusiness',
  'notes'
] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

/** The lanes whose cells carry a cost per visit. */
export const carriesCost = (kind: LaneKind): boolean => kind === 'touchpoints' || kind === 'businessActions';

/** The five named feelings, from -2 to +2. */
export const FEELINGS = [
  { score: -2, name: 'Frustrated' },
  { score: -1, name: 'Bored or confused' },
  { score: 0, name: 'Neutral' },
  { score: 1, name: 'Satisfied' },
  { score: 2, name: 'Excited' }
] as const;

/** The long texts of a stage, each a shared text that several people can type in. */
export const STAGE_TEXTS = ['customerObjective', 'businessObjective', 'keyActivities'] as const;
export type StageText = (typeof STAGE_TEXTS)[number];

export interface Stage {
  readonly id: StageId;
  readonly name: string;
  readonly rank: string; // fractional index; ties are broken by id
  readonly kind: StageKind | null;
  readonly band: boolean; // runs under the whole lifecycle instead of being a column
  readonly width: number; // board units, 120 to 1200
  readonly customerObjective: string;
  readonly businessObjective: string;
  readonly keyActivities: string;
}

export interface Lane {
  readonly id: LaneId;
  readonly name: string;
  readonly rank: string;
  readonly kind: LaneKind;
  readonly height: number; // least height in board units, 60 to 2000; a lane grows with its cards
}

export interface Card {
  readonly id: CardId;
  readonly stage: StageId;
  readonly lane: LaneId;
  readonly rank: string; // order within its cell
  readonly text: string;
}

export interface Scenario {
  readonly id: ScenarioId;
  readonly name: string;
  readonly rank: string;
  readonly overrides: ReadonlyMap<MetricKey, number>;
}

export interface MapSettings {
  readonly tick: Tick;
  readonly currency: string; // ISO 4217
  readonly referralEntry: StageId | null; // where referred prospects enter; unset: the first stage
  readonly feelingsSource: string; // where the feelings' effect on staying comes from
}

/**
 * A whole map as plain data: what a document holds, what a file says, what the figures are computed from.
 * Every list is in board order. Values are immutable, and a record that did not change keeps its identity from one
 * journey to the next.
 */
export interface Journey {
  readonly title: string;
  readonly settings: MapSettings;
  readonly stages: readonly Stage[];
  readonly lanes: readonly Lane[];
  readonly cards: readonly Card[]; // by stage, lane and rank
  /** Cards whose stage or lane somebody removed while another person added them. Nothing is lost: the board offers to place them. */
  readonly unplaced: readonly Card[];
  /** Numbers by key. A key that is absent is not set; `null` only on a transition that is drawn without its number. */
  readonly metrics: ReadonlyMap<MetricKey, number | null>;
  readonly scenarios: readonly Scenario[];
}

/** An arrow between two stages (or from a stage to itself); its share is null until somebody enters it. */
export interface Transition {
  readonly from: StageId;
  readonly to: StageId;
  readonly probability: number | null;
}
