/**
 * The shapes that go into and come out of the journey engine. Units: money is the map's currency, probabilities and
 * shares are fractions (0.12, never 12), times are whole ticks. "Per customer" means per prospect who became a
 * customer, valued at that moment; "per prospect" means per person at the map's entry, valued at entry.
 */

/** The map's unit of time. */
export type Tick = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** How many ticks one year counts (SPEC C2). */
export const TICKS_PER_YEAR: Readonly<Record<Tick, number>> = {
  day: 365,
  week: 52,
  month: 12,
  quarter: 4,
  year: 1
};

/** `acquire`: before the first purchase. `customer`: from there on. */
export type StageKind = 'acquire' | 'customer';

/** Where an input lives. A stage's `row` is all its outgoing transitions together. */
export type Place =
  | {
      on: 'map';
      metric:
        | 'tick'
        | 'currency'
        | 'annualDiscountRate'
        | 'grossMargin'
        | 'horizon'
        | 'referralEntry'
        | 'referralDelay'
        | 'kappaPlus'
        | 'kappaMinus'
        | 'stages'
        | 'prospectsPerTick';
    }
  | {
      on: 'stage';
      stage: string;
      metric:
        | 'kind'
        | 'dwell'
        | 'ordersPerVisit'
        | 'orderValue'
        | 'grossMargin'
        | 'referrals'
        | 'retention'
        | 'feeling'
        | 'entry'
        | 'row';
    }
  | { on: 'transition'; from: string; to: string }
  | { on: 'cell'; lane: string; stage: string };

/** Why there is no result. Each code is explained in SPEC.md. */
export type ProblemCode =
  | 'E_CURRENCY'
  | 'E_DUPLICATE'
  | 'E_ENUM'
  | 'E_INTEGER'
  | 'E_MISSING'
  | 'E_NO_CONVERSION'
  | 'E_NO_CUSTOMER'
  | 'E_NO_EXIT'
  | 'E_NOT_FINITE'
  | 'E_ORDERS_BEFORE_CUSTOMER'
  | 'E_RANGE'
  | 'E_REFERRAL_SUPERCRITICAL'
  | 'E_ROW_SUM'
  | 'E_SBG_EDGES'
  | 'E_UNKNOWN_LANE'
  | 'E_UNKNOWN_STAGE'
  | 'E_ZERO_LOOP';

/** What a result was computed under. Each code is explained in SPEC.md. */
export type WarningCode =
  'W_ASSUMPTION' | 'W_NEGATIVE_MARGIN' | 'W_RETENTION_EXTREME' | 'W_ROUNDING' | 'W_UNREACHABLE' | 'W_UNSET';

/** A reason for refusing a result. `message` is one plain sentence that names stages and lanes by `name`. */
export interface Problem {
  readonly code: ProblemCode;
  readonly at: Place;
  readonly message: string;
}

/** A remark on a result that stands. `message` is one plain sentence. */
export interface Warning {
  readonly code: WarningCode;
  readonly at: Place;
  readonly message: string;
}

/** What a person has entered on a map. `undefined` is "not set". Every number may be wrong; `checkModel` judges. */
export interface JourneyInput {
  readonly tick: Tick;
  /** One ISO 4217 code. */
  readonly currency: string;
  /** Fraction per year, 0 to 1. Default 0.10. */
  readonly annualDiscountRate?: number | undefined;
  /** Fraction of revenue, -1 to 1. No default. */
  readonly grossMargin?: number | undefined;
  /** Whole ticks, 1 to 6000. Default 36 months' worth. */
  readonly horizon?: number | undefined;
  /** Persons entering the map per tick, 0 to 1e9. Only totals need it. */
  readonly prospectsPerTick?: number | undefined;
  /** In the map's order. */
  readonly stages: readonly StageInput[];
  /** Self-loops and loops back are allowed; each pair at most once. */
  readonly transitions: readonly {
    readonly from: string;
    readonly to: string;
    readonly probability?: number | undefined;
  }[];
  /** The lanes that carry costs. */
  readonly lanes: readonly { readonly id: string; readonly name: string }[];
  /** Money per visit. A cell without a cost counts 0 under W_UNSET. */
  readonly costs: readonly {
    readonly lane: string;
    readonly stage: string;
    readonly cost?: number | undefined;
  }[];
  /** Where referred prospects enter (default: the first stage) and after how many whole ticks (default 1). */
  readonly referral?:
    { readonly entry?: string | undefined; readonly delay?: number | undefined } | undefined;
  /** Log-odds of staying per point of feeling above and below 0; both default to 0, which is no effect. */
  readonly feelings?:
    | {
        readonly kappaPlus?: number | undefined;
        readonly kappaMinus?: number | undefined;
        /** Where the kappas come from, in the person's words. */
        readonly source?: string | undefined;
      }
    | undefined;
}

/** One stage as entered. */
export interface StageInput {
  readonly id: string;
  readonly name: string;
  /** Default: acquire before the first stage with orders, customer from there. */
  readonly kind?: StageKind | undefined;
  /** Whole ticks per visit, 0 to 1200. Default 0 for acquire, 1 for customer stages. */
  readonly dwell?: number | undefined;
  /** Orders per visit, 0 to 1000. Default 0. */
  readonly ordersPerVisit?: number | undefined;
  /** Money per order, 0 to 1e9. Needed where there are orders. */
  readonly orderValue?: number | undefined;
  /** Fraction of revenue, -1 to 1. Default: the map's. */
  readonly grossMargin?: number | undefined;
  /** New prospects brought per visit, 0 to 10. Default 0. */
  readonly referrals?: number | undefined;
  /** Share of prospects that start here, 0 to 1. Default: all start at the first stage. */
  readonly entry?: number | undefined;
  /** Shifted-beta-geometric renewals in place of transitions. */
  readonly retention?: { readonly alpha: number; readonly beta: number } | undefined;
  /** Score from -2 to 2 as it is (or would be). Default 0. */
  readonly feeling?: number | undefined;
  /** Score from -2 to 2 under which the transitions were entered. Default: `feeling`, that is, no change. */
  readonly feelingBefore?: number | undefined;
}

/** One stage with every default applied and every rule checked. */
export interface ModelStage {
  readonly id: string;
  readonly name: string;
  readonly kind: StageKind;
  /** Whole ticks. */
  readonly dwell: number;
  readonly ordersPerVisit: number;
  /** Money per order; 0 where none is needed. */
  readonly orderValue: number;
  /** Fraction of revenue in force at this stage. */
  readonly grossMargin: number;
  /** True when the margin is the stage's own and not the map's. */
  readonly ownMargin: boolean;
  /** New prospects per visit. */
  readonly referrals: number;
  /** Share of prospects that start here; sums to 1 over the map. */
  readonly entry: number;
  /** Renewal model, or null for constant transitions. */
  readonly retention: { readonly alpha: number; readonly beta: number } | null;
  /** Row sum as entered. */
  readonly stay: number;
  /** Factor by which the change of feeling scales the row; 1 when there is none. */
  readonly stayFactor: number;
  /** Money per visit, by lane in the order of `JourneyModel.lanes`. */
  readonly costs: readonly number[];
}

/** One transition with a probability above 0 or entered as 0. Indices point into `JourneyModel.stages`. */
export interface ModelTransition {
  readonly from: number;
  readonly to: number;
  /** As entered. */
  readonly entered: number;
  /** After the change of feeling; what the solve uses. */
  readonly probability: number;
}

/** A map that passed `checkModel`: complete, in range, ready to solve. */
export interface JourneyModel {
  readonly tick: Tick;
  readonly currency: string;
  readonly annualDiscountRate: number;
  /** Discount factor per tick, 0.5 to 1. */
  readonly discountFactor: number;
  /** Whole ticks. */
  readonly horizon: number;
  /** Persons per tick, null when not set. */
  readonly prospectsPerTick: number | null;
  readonly stages: readonly ModelStage[];
  readonly transitions: readonly ModelTransition[];
  readonly lanes: readonly { readonly id: string; readonly name: string }[];
  /** Index of the stage where referred prospects enter. */
  readonly referralEntry: number;
  /** Whole ticks, 1 or more. */
  readonly referralDelay: number;
  /** The numbers that are set (or defaulted, for the discount rate) and can be differentiated by. */
  readonly inputs: readonly Place[];
}

/** Numbers by stage id. */
export type ByStage = Readonly<Record<string, number>>;

/** How often each stage is visited. */
export interface Visits {
  /** Discounted expected visits per acquired customer, own business only (no referrals). */
  readonly perCustomer: ByStage;
  /** Discounted expected visits per prospect, by everyone referred too. */
  readonly perProspect: ByStage;
  /** Undiscounted expected visits per prospect to acquire stages before the first customer stage. */
  readonly beforeConversion: ByStage;
}

/** Money from one stage; both columns add up over the stages to CLV and to NPV per prospect. */
export interface StageContribution {
  readonly stage: string;
  /** Money per acquired customer, discounted to the moment of conversion. */
  readonly perCustomer: number;
  /** Money per prospect, discounted to entry, with referrals. */
  readonly perProspect: number;
}

/** Money from the margin on orders (`on: 'money'`) or lost to one cost lane (never positive). */
export type LaneContribution =
  | { readonly on: 'money'; readonly perCustomer: number; readonly perProspect: number }
  | {
      readonly on: 'lane';
      readonly lane: string;
      readonly perCustomer: number;
      readonly perProspect: number;
    };

/** What is lost when everybody who visits the stage is lost after that visit. */
export interface RemovalEffect {
  readonly stage: string;
  /** Share of conversions lost, 0 to 1; null at customer stages. */
  readonly conversion: number | null;
  /** Money per prospect: NPV minus NPV without the stage's way on. */
  readonly npv: number;
}

/** Exact first derivative by one input. */
export interface Derivative {
  readonly at: Place;
  /** Money per unit of the input. For a transition the extra share is taken from those lost. */
  readonly derivative: number;
  /** Relative change per relative change; null when the figure is not above 0. */
  readonly elasticity: number | null;
}

/** Everything that the panel shows for one journey. Money in the map's currency. */
export interface JourneyValue {
  /** Per acquired customer at conversion: first order included, acquisition cost not deducted, no referrals. */
  readonly clv: number;
  /** `clv` with the value of everyone referred, and whom they refer. */
  readonly clvWithReferrals: number;
  /** `clv` counted over ticks 0 to horizon only. */
  readonly clvOverHorizon: number;
  /** Undiscounted acquisition costs per acquired customer. */
  readonly cac: number;
  /** `clv / cac`; null when the CAC is 0. */
  readonly ratio: number | null;
  /** Whole ticks after conversion until the customer's expected net cash covers the CAC; null: not in time. */
  readonly paybackTicks: number | null;
  /** The same with discounted cash. */
  readonly discountedPaybackTicks: number | null;
  /** Per prospect at entry, acquisition costs inside, with referrals. */
  readonly npvPerProspect: number;
  /** `npvPerProspect` of own business only. */
  readonly npvWithoutReferrals: number;
  /** Share of prospects who ever become customers, above 0 and at most 1. */
  readonly conversion: number;
  /** Where customers start: share of new customers by stage, summing to 1. */
  readonly conversionShare: ByStage;
  /** Expected undiscounted ticks that an acquired customer spends in customer stages; null when without bound. */
  readonly lifetimeTicks: number | null;
  /** V: value at the start of a visit to the stage, with referrals. */
  readonly valueByStage: ByStage;
  /** V0: the same for own business only. */
  readonly ownValueByStage: ByStage;
  readonly visits: Visits;
  readonly contributions: {
    readonly byStage: readonly StageContribution[];
    readonly byLane: readonly LaneContribution[];
  };
  readonly removal: readonly RemovalEffect[];
  readonly derivatives: {
    /** Of `npvPerProspect`, by every input that is set. */
    readonly npv: readonly Derivative[];
    /** Of `clv`, by inputs of the map and of customer stages. */
    readonly clv: readonly Derivative[];
  };
}

/** Expected visits and money in one tick. */
export interface PeriodFlow {
  /** Visits that start in this tick. */
  readonly entries: ByStage;
  /** Money, before margin. */
  readonly revenue: number;
  /** Margin minus costs, undiscounted. */
  readonly net: number;
  /** Sum of `net` up to and with this tick. */
  readonly cumulative: number;
}

/** One tick of the by-period table. */
export interface PeriodRow {
  readonly tick: number;
  /** Tick 0 is entry to the map; referrals included. */
  readonly perProspect: PeriodFlow;
  /** Tick 0 is conversion; own business only. */
  readonly perCustomer: PeriodFlow;
}

export type CheckResult =
  | { readonly ok: true; readonly model: JourneyModel; readonly warnings: Warning[] }
  | { readonly ok: false; readonly problems: Problem[]; readonly warnings: Warning[] };

export type SolveResult =
  { readonly ok: true; readonly value: JourneyValue } | { readonly ok: false; readonly problems: Problem[] };

export type EvaluateResult =
  | {
      readonly ok: true;
      readonly value: JourneyValue;
      readonly model: JourneyModel;
      readonly warnings: Warning[];
    }
  | { readonly ok: false; readonly problems: Problem[]; readonly warnings: Warning[] };
