import * as Y from 'yjs';
import type { ExperimentId, FitId, OpportunityId, ScenarioId, StageId } from '#lib/journey/ids.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import { rankAt } from '#lib/journey/order.ts';
import {
  BARE_OPPORTUNITY,
  type Experiment,
  type Journey,
  type MetricEdit,
  type NumberRange,
  type Opportunity,
  type Promotion,
  type StoredFit,
  type Variant
} from '#lib/journey/records.ts';
import { newId } from './new-id.ts';
import { mentions, type Edits, type Overrides, type Roots, type YRecord } from './layout.ts';
import { opportunityRecord, plainRecord } from './write.ts';

/** How a JourneyDocument runs edits: see its methods of the same names. */
export interface Steps {
  readonly step: <T>(edit: () => T) => T;
  readonly typing: <T>(edit: () => T) => T;
  readonly journey: () => Journey;
}

export type OpportunityFields = Omit<Opportunity, 'id' | 'rank' | 'edits'>;

/** Commands on what could be done and how sure the numbers are: opportunities, ranges, experiments, fits. */
export class DecisionCommands {
  readonly #roots: Roots;
  readonly #run: Steps;

  constructor(roots: Roots, run: Steps) {
    this.#roots = roots;
    this.#run = run;
  }

  /** Adds an opportunity at the end. */
  addOpportunity(name: string, edits: ReadonlyMap<MetricKey, MetricEdit> = new Map()): OpportunityId {
    const id = newId<OpportunityId>();
    const { opportunities } = this.#run.journey();
    const rank = rankAt(opportunities, opportunities.length);
    this.#run.step(() =>
      this.#roots.opportunities.set(
        id,
        opportunityRecord({ ...BARE_OPPORTUNITY, id, name: name.slice(0, LIMITS.name), rank, edits })
      )
    );
    return id;
  }

  /** Sets one field; several letters or digits typed in a row are one step. */
  setOpportunity<K extends keyof OpportunityFields>(
    id: OpportunityId,
    field: K,
    value: OpportunityFields[K]
  ): void {
    this.#run.typing(() => setField(this.#roots.opportunities.get(id), field, value));
  }

  /** What the opportunity changes about a number; `undefined` takes the change out. */
  setOpportunityEdit(id: OpportunityId, key: MetricKey, edit: MetricEdit | undefined): void {
    this.#run.typing(() => {
      const edits = editsOf(this.#roots.opportunities.get(id));
      if (edit === undefined) edits?.delete(key);
      else edits?.set(key, edit);
    });
  }

  removeOpportunity(id: OpportunityId): void {
    this.#run.step(() => this.#roots.opportunities.delete(id));
  }

  /** Says how unsure a number is; `undefined` makes it certain again. */
  setRange(key: MetricKey, range: NumberRange | undefined): void {
    this.#run.typing(() => {
      if (range === undefined) this.#roots.ranges.delete(key);
      else this.#roots.ranges.set(key, range);
    });
  }

  addExperiment(experiment: { name: string; from: StageId; to: StageId }): ExperimentId {
    const id = newId<ExperimentId>();
    const { experiments } = this.#run.journey();
    const nobody: Variant = { observed: 0, converted: 0 };
    const rank = rankAt(experiments, experiments.length);
    const record: Experiment = {
      ...experiment,
      name: experiment.name.slice(0, LIMITS.name),
      id,
      rank,
      a: nobody,
      b: nobody
    };
    this.#run.step(() => this.#roots.experiments.set(id, plainRecord(record)));
    return id;
  }

  setExperiment<K extends 'name' | 'from' | 'to' | 'a' | 'b'>(
    id: ExperimentId,
    field: K,
    value: Experiment[K]
  ): void {
    this.#run.typing(() => setField(this.#roots.experiments.get(id), field, value));
  }

  removeExperiment(id: ExperimentId): void {
    this.#run.step(() => this.#roots.experiments.delete(id));
  }

  /** Keeps what a transaction model found: parameters, counts, and the file's name and hash. Never its rows. */
  addFit(fit: Omit<StoredFit, 'id' | 'rank'>): FitId {
    const id = newId<FitId>();
    const { fits } = this.#run.journey();
    this.#run.step(() =>
      this.#roots.fits.set(id, plainRecord({ ...fit, id, rank: rankAt(fits, fits.length) }))
    );
    return id;
  }

  removeFit(id: FitId): void {
    this.#run.step(() => this.#roots.fits.delete(id));
  }

  /**
   * Makes a scenario's numbers the baseline's and removes the scenario, in one step that one undo takes back. The map
   * keeps who did it and when as `journey.settings.promotion`; a later promotion takes its place, and undo brings the
   * earlier one back.
   *
   * @param by the name that the person goes by on the board. It tells people whom to ask; it is no proof of who it was.
   * @param at when, by this device's clock.
   */
  promoteScenario(id: ScenarioId, by = '', at = new Date()): void {
    const scenario = this.#run.journey().scenarios.find((one) => one.id === id);
    if (scenario === undefined) return;
    this.#run.step(() => {
      for (const [key, value] of scenario.overrides) this.#roots.metrics.set(key, value);
      this.#roots.scenarios.delete(id);
      const promotion: Promotion = {
        scenario: scenario.name,
        by: by.slice(0, LIMITS.name),
        at: at.toISOString()
      };
      this.#roots.map.set('promotion', promotion);
    });
  }

  /** Removes what is said about the numbers of a stage, lane or arrow that goes. Runs inside the caller's step. */
  forget(gone: (key: string) => boolean): void {
    const { ranges, opportunities, scenarios } = this.#roots;
    for (const root of [
      ranges,
      ...[...opportunities.values()].map(editsOf),
      ...[...scenarios.values()].map(overridesOf)
    ])
      for (const key of [...(root?.keys() ?? [])]) if (gone(key)) root?.delete(key);
  }

  /** Removes the experiments on arrows of a stage that goes. Runs inside the caller's step. */
  forgetStage(stage: string): void {
    this.forget((key) => mentions(key, stage));
    for (const [id, experiment] of this.#roots.experiments.entries())
      if (experiment.get('from') === stage || experiment.get('to') === stage)
        this.#roots.experiments.delete(id);
  }
}

function setField(record: YRecord | undefined, field: string, value: unknown): void {
  if (value === null) record?.delete(field);
  else if (record?.get(field) !== value) record?.set(field, value);
}

function editsOf(opportunity: YRecord | undefined): Edits | undefined {
  const edits = opportunity?.get('edits');
  return edits instanceof Y.Map ? (edits as Edits) : undefined;
}

/** The overrides of a scenario's record; undefined when it is gone or unreadable. */
export function overridesOf(scenario: YRecord | undefined): Overrides | undefined {
  const overrides = scenario?.get('overrides');
  return overrides instanceof Y.Map ? (overrides as Overrides) : undefined;
}
