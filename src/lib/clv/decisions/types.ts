import type { Place, ProblemCode } from '../model.ts';

/**
 * The shapes of decisions on a journey: what could be changed, what it would bring, how sure that is. Units as in the
 * engine: money in the map's currency, shares as fractions, times in whole ticks, "per prospect" at the map's entry.
 */

/** One change of one number. `amount` has the number's unit; for `multiply` it is a factor. */
export interface Edit {
  readonly place: Place;
  readonly how: 'set' | 'add' | 'multiply';
  readonly amount: number;
}

/** Something that could be done, with what it changes on the map and what it costs. */
export interface Opportunity {
  readonly id: string;
  readonly name: string;
  readonly edits: readonly Edit[];
  /** K, money spent once, 0 or more. The budget of a portfolio is a budget on these. */
  readonly oneOffCost: number;
  /** Money per tick of the programme, 0 or more. */
  readonly runningCost: number;
  /** s, chance that it works, 0 to 1. The costs are spent either way. */
  readonly successProbability: number;
  /** u, share of prospects whom it reaches, 0 to 1. */
  readonly reach: number;
}

/** Over what an opportunity is judged. */
export interface Programme {
  /** N, prospects entering per tick, 0 or more. */
  readonly intake: number;
  /** Hp, whole ticks, 1 to 6000. */
  readonly ticks: number;
}

/** How unsure one number is. */
export type NumberRange =
  /**
   * A share whose mean is the number as entered and which is known as well as from `nEff` observations, above 0. At a
   * transition or a whole row it is a Dirichlet distribution together with those lost.
   */
  | { readonly kind: 'beta'; readonly nEff: number }
  /** PERT: from `low` to `high`, most likely `mode` (default: the number as entered). */
  | {
      readonly kind: 'range';
      readonly low: number;
      readonly mode?: number | undefined;
      readonly high: number;
    }
  /** Lognormal: 5% lie below `low` and 5% above `high`, both above 0. */
  | { readonly kind: 'lognormal'; readonly low: number; readonly high: number };

/** A range on the number at `place`. A stage's `row` stands for all its outgoing transitions. */
export interface RangedNumber {
  readonly place: Place;
  readonly range: NumberRange;
}

/** E_CONFLICT: two changes set the same number. E_ORDER: low, mode and high out of order. E_PLACE: no such number. */
export type DecisionProblemCode = ProblemCode | 'E_CONFLICT' | 'E_ORDER' | 'E_PLACE';

/** A reason for refusing. `message` is one plain sentence. */
export interface DecisionProblem {
  readonly code: DecisionProblemCode;
  /** The number it concerns; null where it concerns no number of the map. */
  readonly at: Place | null;
  /** The opportunity it concerns, by id; null where it concerns none. */
  readonly opportunity: string | null;
  readonly message: string;
}

export interface Refused {
  readonly ok: false;
  readonly problems: readonly DecisionProblem[];
}

/** The figures that decisions turn on. Money; see `JourneyValue` for their definitions. */
export interface KeyFigures {
  readonly npvPerProspect: number;
  readonly clv: number;
  readonly cac: number;
  readonly ratio: number | null;
  readonly conversion: number;
}

/** What one opportunity brings, alone. */
export interface OpportunityValue {
  readonly ok: true;
  readonly id: string;
  /** Before, and after if it succeeds with everybody. */
  readonly before: KeyFigures;
  readonly after: KeyFigures;
  /** After minus before, money per customer and per prospect: with success, everybody reached. */
  readonly clvUplift: number;
  readonly npvUplift: number;
  /** s u dNPV, money per prospect. */
  readonly expectedUplift: number;
  /** a, the discounted number of ticks of the programme. */
  readonly annuity: number;
  /** s u N dNPV a - K - run a, money. */
  readonly programmeValue: number;
}

export type OpportunityResult = OpportunityValue | Refused;

/** Opportunities done together, re-solved together. */
export interface PortfolioSet {
  /** In the order in which they were given. */
  readonly ids: readonly string[];
  /** Sum of K. */
  readonly oneOffCost: number;
  /** Sum of running costs per tick. */
  readonly runningCost: number;
  /** Expected dNPV per prospect of all together. */
  readonly uplift: number;
  /** The expected uplifts of each alone, added. */
  readonly sumOfSingles: number;
  /** `uplift` minus `sumOfSingles`: what doing them together adds or takes. */
  readonly interaction: number;
  /** N a uplift - K - run a, money. */
  readonly programmeValue: number;
}

/** What adding single values would have picked. */
export interface AdditiveAnswer {
  readonly ids: readonly string[];
  /** The same set with its true, re-solved value; null where the map changed by all of it has none. */
  readonly set: PortfolioSet | null;
  /** What adding says that it is worth; as a rule not what it is worth. */
  readonly claimedValue: number;
  /** True when it is not the best set. */
  readonly picksWrong: boolean;
}

/** `exact`: every affordable set was solved. `branchAndBound`: the rest is proven to be no better. */
export type PortfolioMethod = 'exact' | 'branchAndBound' | 'greedy';

export interface PortfolioValue {
  readonly ok: true;
  readonly budget: number;
  readonly method: PortfolioMethod;
  /** True when no affordable set is worth more. */
  readonly proven: boolean;
  /** No set is worth more than this; equals the best value when `proven`; null when nothing is known. */
  readonly bound: number | null;
  /** One sentence to show with an answer that is not proven; null otherwise. */
  readonly notice: string | null;
  /** The set worth most within the budget. Nothing at all is a set, worth 0. */
  readonly best: PortfolioSet;
  readonly additive: AdditiveAnswer;
  /** Each alone, in the order given; those over budget included. */
  readonly singles: readonly OpportunityResult[];
  /** Pairs that set the same number and cannot be done together. */
  readonly conflicts: readonly (readonly [string, string])[];
  /** Affordable sets without a value, because the changed map has none. */
  readonly refusedSets: number;
  /** Journeys solved. */
  readonly solves: number;
}

export type PortfolioResult = PortfolioValue | Refused;

/** A number known from draws, with its Monte-Carlo standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** One figure over all draws that have a value. */
export interface Distribution {
  /** At the numbers as entered. */
  readonly base: number;
  readonly mean: Estimate;
  readonly sd: number;
  readonly p5: Estimate;
  readonly p50: Estimate;
  readonly p95: Estimate;
  /**
   * True when transitions of customer stages are uncertain and the mean lies above `base` beyond doubt: value is convex
   * in retention (Jensen), so that uncertainty about it raises the mean.
   */
  readonly meanAboveBase: boolean;
}

/** Cumulative net cash of one customer, ticks 0 to `tick`, undiscounted. */
export interface BandPoint {
  readonly tick: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

export interface SimulationValue {
  readonly ok: true;
  /** Gives the same draws again. */
  readonly seed: number;
  readonly draws: number;
  /** Draws that have a value; all figures are over these. */
  readonly valued: number;
  /** Draws whose journey has no value, by the engine's reason. `count` is their sum. */
  readonly withoutValue: {
    readonly count: number;
    readonly byCode: Readonly<Partial<Record<ProblemCode, number>>>;
  };
  /** Null when no draw has a value. */
  readonly figures: {
    readonly npvPerProspect: Distribution;
    readonly clv: Distribution;
    readonly cac: Distribution;
    /** Chance that CLV is less than three times CAC. */
    readonly ratioBelow3: Estimate;
    /** Chance that payback takes more than twelve months. */
    readonly paybackOver12Months: Estimate;
  } | null;
  /** From tick 0: every tick of up to 60, else evenly spaced ones. */
  readonly band: readonly BandPoint[];
  /**
   * Share of valued draws in which an opportunity has an expected uplift above 0 and is among the three with the largest;
   * in the order given.
   */
  readonly topThree: readonly { readonly id: string; readonly share: Estimate }[];
}

export type SimulationResult = SimulationValue | Refused;

/** One bar: a number, or several together, at its low and at its high end, the rest as entered. */
export interface TornadoBar {
  readonly id: string;
  readonly places: readonly Place[];
  readonly low: readonly Edit[];
  readonly high: readonly Edit[];
}

/** NPV per prospect and CLV at one end of a bar; problems where there is no value. */
export type TornadoEnd =
  { readonly ok: true; readonly npvPerProspect: number; readonly clv: number } | Refused;

export interface TornadoRow {
  readonly bar: TornadoBar;
  readonly low: TornadoEnd;
  readonly high: TornadoEnd;
  /** Largest less smallest of low, base and high, money; null where an end has no value. */
  readonly npvSwing: number | null;
  readonly clvSwing: number | null;
}

export interface TornadoValue {
  readonly ok: true;
  readonly base: KeyFigures;
  /** Largest swing first, those without one before all others. */
  readonly rows: readonly TornadoRow[];
}

export type TornadoResult = TornadoValue | Refused;

/** How far a job has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * A job in steps: it yields its progress every few milliseconds and returns its result. Stop calling `next` to cancel;
 * nothing outside it has changed by then. Run it with `finish`.
 */
export type Steps<Result> = Generator<Progress, Result, void>;
