import type { CardFacets } from './card-facets.ts';
import type { CardId, ExperimentId, FitId, LaneId, OpportunityId, ScenarioId, StageId } from './ids.ts';
import type { MetricKey } from './metrics.ts';
import type { MapObject } from './objects.ts';
import type { SavedView } from './views.ts';

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
  readonly facets: CardFacets;
}

export interface Scenario {
  readonly id: ScenarioId;
  readonly name: string;
  readonly rank: string;
  readonly overrides: ReadonlyMap<MetricKey, number>;
}

/** How an opportunity changes one number: to a value, by an amount, or by a factor. */
export const EDIT_KINDS = ['set', 'add', 'multiply'] as const;
export interface MetricEdit {
  readonly how: (typeof EDIT_KINDS)[number];
  readonly amount: number;
}

export const OPPORTUNITY_STATUSES = ['idea', 'planned', 'doing', 'done', 'dropped'] as const;
export type OpportunityStatus = (typeof OPPORTUNITY_STATUSES)[number];

/** The three scores of S3.26, each 1 to 5 or not given. */
export const OPPORTUNITY_SCORES = ['satisfaction', 'business', 'feasibility'] as const;
export type OpportunityScore = (typeof OPPORTUNITY_SCORES)[number];

/** Something that could be done. Money in the map's currency; chances and reach are fractions. */
export interface Opportunity extends Readonly<Record<OpportunityScore, number | null>> {
  readonly id: OpportunityId;
  readonly name: string;
  readonly rank: string;
  readonly edits: ReadonlyMap<MetricKey, MetricEdit>;
  readonly oneOffCost: number; // 0 or more
  readonly runningCost: number; // per tick, 0 or more
  readonly successProbability: number; // 0 to 1
  readonly reach: number; // share of prospects, 0 to 1
  readonly owner: string;
  readonly status: OpportunityStatus;
}

/** What an opportunity is while nothing more is said of it. */
export const BARE_OPPORTUNITY: Omit<Opportunity, 'id' | 'name' | 'rank' | 'edits'> = {
  oneOffCost: 0,
  runningCost: 0,
  successProbability: 1,
  reach: 1,
  owner: '',
  status: 'idea',
  satisfaction: null,
  business: null,
  feasibility: null
};

/**
 * How unsure a number is. `beta`: a share known as well as from `nEff` observations. `range`: PERT from low to high, most
 * likely `mode` (unset: the number as entered). `lognormal`: 5% lie below low, 5% above high.
 */
export type NumberRange =
  | { readonly kind: 'beta'; readonly nEff: number }
  | {
      readonly kind: 'range';
      readonly low: number;
      readonly mode?: number | undefined;
      readonly high: number;
    }
  | { readonly kind: 'lognormal'; readonly low: number; readonly high: number };

/** One variant of an experiment: how many came through, of how many. */
export interface Variant {
  readonly observed: number; // whole, 0 or more
  readonly converted: number; // whole, 0 to observed
}

/** Two variants of one arrow. */
export interface Experiment {
  readonly id: ExperimentId;
  readonly name: string;
  readonly rank: string;
  readonly from: StageId;
  readonly to: StageId;
  readonly a: Variant;
  readonly b: Variant;
}

/** What a transaction model found in a file. The rows of the file stay on the device that read it. */
export interface StoredFit {
  readonly id: FitId;
  readonly name: string;
  readonly rank: string;
  readonly model: string;
  readonly file: { readonly name: string; readonly sha256: string; readonly rows: number };
  readonly unit: Tick; // of the model's times
  readonly until: string; // last day that counts, YYYY-MM-DD
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly standardErrors: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
}

/** Which scenario's numbers the baseline took over last. */
export interface Promotion {
  readonly scenario: string; // its name at that moment; the scenario itself is gone
  readonly by: string; // the name that the person goes by on the board
  readonly at: string; // ISO 8601, by that person's clock
}

export interface MapSettings {
  readonly tick: Tick;
  readonly currency: string; // ISO 4217
  readonly referralEntry: StageId | null; // where referred prospects enter; unset: the first stage
  readonly feelingsSource: string; // where the feelings' effect on staying comes from
  readonly promotion?: Promotion; // absent while no scenario has been promoted
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
  readonly opportunities: readonly Opportunity[];
  readonly ranges: ReadonlyMap<MetricKey, NumberRange>;
  readonly experiments: readonly Experiment[];
  readonly fits: readonly StoredFit[];
  /** What is placed freely around and over the grid, from back to front. */
  readonly objects: readonly MapObject[];
  /** What people kept of the map to look at again. */
  readonly views: readonly SavedView[];
}

/** An arrow between two stages (or from a stage to itself); its share is null until somebody enters it. */
export interface Transition {
  readonly from: StageId;
  readonly to: StageId;
  readonly probability: number | null;
}
