import type { ByStage, JourneyModel, ModelStage } from '#lib/clv/index.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import { cellKey, settingsKey, stageKey, transitionKey, type MetricKey } from '#lib/journey/metrics.ts';
import type { Metrics } from './assumptions.ts';
import type { Computed } from './figures.ts';

/** A number that a figure depends on. */
export interface Used {
  readonly key: MetricKey;
  readonly value: number;
}

/** Finds the numbers that a figure really depends on: those of stages that somebody visits, and no zeros by default. */
export class Relevant {
  readonly #model: JourneyModel;
  readonly #value: Computed['value'];
  readonly #metrics: Metrics;

  constructor({ model, value }: Computed, metrics: Metrics) {
    this.#model = model;
    this.#value = value;
    this.#metrics = metrics;
  }

  /** Stages that an acquired customer is expected to visit. */
  get customerStages(): readonly ModelStage[] {
    return this.#visited(this.#value.visits.perCustomer);
  }

  /** Stages that a prospect is expected to visit before the first customer stage. */
  get acquireStages(): readonly ModelStage[] {
    const { beforeConversion } = this.#value.visits;
    return this.#visited(beforeConversion).filter(({ kind }) => kind === 'acquire');
  }

  /** Stages that a prospect, or somebody referred, is expected to visit. */
  get allStages(): readonly ModelStage[] {
    return this.#visited(this.#value.visits.perProspect);
  }

  /** Orders, order value and margin in force. */
  money(stages: readonly ModelStage[]): Used[] {
    const sellers = stages.filter(({ ordersPerVisit }) => ordersPerVisit > 0);
    const own = sellers.flatMap((stage) => {
      const id = stage.id as StageId;
      return [
        { key: stageKey(id, 'ordersPerVisit'), value: stage.ordersPerVisit },
        { key: stageKey(id, 'orderValue'), value: stage.orderValue },
        ...(stage.ownMargin ? [{ key: stageKey(id, 'grossMargin'), value: stage.grossMargin }] : [])
      ];
    });
    const borrowed = sellers.find(({ ownMargin }) => !ownMargin);
    if (borrowed === undefined) return own;
    return [...own, { key: settingsKey('grossMargin'), value: borrowed.grossMargin }];
  }

  /** Costs per visit, entered ones (0 too); only one lane's when `lane` is given. */
  costs(stages: readonly ModelStage[], lane?: LaneId): Used[] {
    return stages.flatMap((stage) =>
      this.#model.lanes.flatMap(({ id }, index) => {
        const key = cellKey(id as LaneId, stage.id as StageId, 'cost');
        if ((lane !== undefined && id !== lane) || !this.#metrics.has(key)) return [];
        return [{ key, value: stage.costs[index] ?? 0 }];
      })
    );
  }

  /** Where people go from the stages: shares, or the renewal shape. */
  ways(stages: readonly ModelStage[]): Used[] {
    const { stages: all, transitions } = this.#model;
    return stages.flatMap(({ id, retention }) => {
      const stage = id as StageId;
      if (retention !== null)
        return [
          { key: stageKey(stage, 'sbgAlpha'), value: retention.alpha },
          { key: stageKey(stage, 'sbgBeta'), value: retention.beta }
        ];
      return transitions
        .filter(({ from }) => all[from]?.id === id)
        .map(({ to, entered }) => ({ key: transitionKey(stage, all[to]?.id as StageId), value: entered }));
    });
  }

  /** How long visits last, where discounting or a time axis makes it matter. */
  dwells(stages: readonly ModelStage[]): Used[] {
    return stages.map(({ id, dwell }) => ({ key: stageKey(id as StageId, 'dwell'), value: dwell }));
  }

  /** People referred, and the delay until they enter. */
  referrals(stages: readonly ModelStage[]): Used[] {
    const sources = stages.filter(({ referrals }) => referrals > 0);
    if (sources.length === 0) return [];
    return [
      ...sources.map(({ id, referrals }) => ({
        key: stageKey(id as StageId, 'referrals'),
        value: referrals
      })),
      { key: settingsKey('referralDelay'), value: this.#model.referralDelay }
    ];
  }

  /** Where prospects start, when somebody has said so. */
  entries(): Used[] {
    return this.#model.stages
      .map(({ id, entry }) => ({ key: stageKey(id as StageId, 'entry'), value: entry }))
      .filter(({ key }) => this.#metrics.has(key));
  }

  /** Which customer stage people convert to: a matter of the acquire stages, once there are several. */
  startingMix(): Used[] {
    const starts = Object.values(this.#value.conversionShare).filter((share) => share > 0);
    return starts.length > 1 ? [...this.ways(this.acquireStages), ...this.entries()] : [];
  }

  discount(): Used[] {
    return [{ key: settingsKey('annualDiscountRate'), value: this.#model.annualDiscountRate }];
  }

  horizon(): Used[] {
    return [{ key: settingsKey('horizon'), value: this.#model.horizon }];
  }

  /** The effect of feelings, where a change of feeling moves a share. */
  feelings(stages: readonly ModelStage[]): Used[] {
    if (stages.every(({ stayFactor }) => stayFactor === 1)) return [];
    return (['kappaPlus', 'kappaMinus'] as const).flatMap((name) => {
      const value = this.#metrics.get(settingsKey(name));
      return typeof value === 'number' ? [{ key: settingsKey(name), value }] : [];
    });
  }

  #visited(visits: ByStage): readonly ModelStage[] {
    return this.#model.stages.filter(({ id }) => (visits[id] ?? 0) > 0);
  }
}
