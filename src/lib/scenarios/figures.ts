import type { JourneyInput, JourneyModel, JourneyValue, ProblemCode, WarningCode } from '#lib/clv/model.ts';
import type { LaneId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';

/** One problem or warning, told in the words of the map. */
export interface Notice {
  readonly code: ProblemCode | WarningCode;
  /** The number to go to; null only when the map has no stage yet. */
  readonly key: MetricKey | null;
  /** What it concerns, for programs: a metric key, or the place above one (`stages`, `transitions/<from>`, `settings/tick`). */
  readonly path: string;
  /** What it concerns, for people: "Signup, dwell". */
  readonly where: string;
  /** One plain sentence. */
  readonly message: string;
}

/** What the engine answered for the baseline or one scenario. There is no number unless `ok`. */
export type Evaluation =
  | {
      readonly ok: true;
      readonly input: JourneyInput;
      readonly model: JourneyModel;
      readonly value: JourneyValue;
      readonly warnings: readonly Notice[];
    }
  | {
      readonly ok: false;
      readonly input: JourneyInput;
      readonly problems: readonly Notice[];
      readonly warnings: readonly Notice[];
    };

/** An evaluation that has numbers. */
export type Computed = Extract<Evaluation, { ok: true }>;

/** The figures of the panel's head. Money, fractions (conversion), a plain ratio, or whole ticks (payback). */
export const HEADLINES = [
  'clv',
  'clvWithReferrals',
  'clvOverHorizon',
  'cac',
  'ratio',
  'payback',
  'discountedPayback',
  'npv',
  'npvWithoutReferrals',
  'conversion',
  'lifetime'
] as const;
export type Headline = (typeof HEADLINES)[number];

/** Every figure that has a pedigree: the headlines, one stage's or lane's part of CLV, one tick of value over time. */
export type FigureId = Headline | 'money' | `stages/${StageId}` | `lanes/${LaneId}` | `periods/${number}`;

/** One number that a scenario changes. `baseline` is null where the baseline has none. */
export interface Difference {
  readonly key: MetricKey;
  readonly baseline: number | null;
  readonly value: number;
}

/** Scenario minus baseline; null where either has no such figure. */
export type Deltas = Readonly<Record<Headline, number | null>>;

export interface ScenarioFigures {
  readonly id: ScenarioId;
  readonly name: string;
  readonly evaluation: Evaluation;
  /** The overrides that point at something on the map, in the map's order. */
  readonly differences: readonly Difference[];
  readonly deltas: Deltas;
}

/** What a map is worth: the baseline and every scenario beside it, in their order. */
export interface MapFigures {
  readonly baseline: Evaluation;
  readonly scenarios: readonly ScenarioFigures[];
}
