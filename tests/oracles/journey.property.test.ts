import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  byPeriod,
  evaluateJourney,
  type ByStage,
  type Derivative,
  type JourneyInput,
  type Place,
  type StageInput
} from '../../src/lib/clv/index.ts';
import { randomJourney } from './random-journeys.ts';

/** Hundreds of journeys take long on a busy machine; how long is not what these tests are about. */
vi.setConfig({ testTimeout: 120_000 });

function evaluated(input: JourneyInput) {
  const result = evaluateJourney(input);
  if (!result.ok)
    throw new Error(result.problems.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return result;
}

const valueOf = (input: JourneyInput) => evaluated(input).value;

/** Largest figure of a journey: what rounding errors are measured by. */
const scaleOf = (values: ByStage) => 1 + Math.max(...Object.values(values).map(Math.abs));

function expectNear(found: number, wanted: number, tolerance: number, what: string) {
  if (!(Math.abs(found - wanted) <= tolerance))
    throw new Error(`${what}: ${found} instead of ${wanted}, more than ${tolerance} apart`);
}

/** Holds for every random journey; fast-check prints the seed and the smallest counterexample. */
function always(journeys: fc.Arbitrary<JourneyInput>, holds: (input: JourneyInput) => void, numRuns = 150) {
  fc.assert(fc.property(journeys, holds), { numRuns });
}

const mapStages = (
  input: JourneyInput,
  change: (stage: StageInput) => Partial<StageInput>
): JourneyInput => ({
  ...input,
  stages: input.stages.map((stage) => ({ ...stage, ...change(stage) }))
});

const scaledMoney = (input: JourneyInput, factor: number): JourneyInput => ({
  ...mapStages(input, ({ orderValue }) =>
    orderValue === undefined ? {} : { orderValue: orderValue * factor }
  ),
  costs: input.costs.map((cell) => ({ ...cell, cost: cell.cost! * factor }))
});

describe('sums', () => {
  it('C18: contributions by stage and by lane add up to CLV and to NPV', () => {
    always(randomJourney(), (input) => {
      const { contributions, clv, npvPerProspect, valueByStage } = valueOf(input);
      const slack = 1e-11 * scaleOf(valueByStage) * scaleOf(valueByStage);
      for (const rows of [contributions.byStage, contributions.byLane]) {
        const sum = (of: 'perCustomer' | 'perProspect') => rows.reduce((total, row) => total + row[of], 0);
        expectNear(sum('perCustomer'), clv, slack, 'per customer');
        expectNear(sum('perProspect'), npvPerProspect, slack, 'per prospect');
      }
    });
  });

  it('C23: discounted periods add up to NPV and to CLV', () => {
    const yearly = randomJourney({ ticks: ['year'], rate: { min: 0.1, max: 0.6 } });
    always(
      yearly,
      (input) => {
        const { value, model } = evaluated(input);
        const [prospect, customer] = [{ sum: 0 }, { sum: 0 }];
        for (const row of byPeriod(model, 500)) {
          const factor = model.discountFactor ** row.tick;
          prospect.sum += factor * row.perProspect.net;
          customer.sum += factor * row.perCustomer.net;
        }
        const slack = 1e-9 * scaleOf(value.valueByStage);
        expectNear(prospect.sum, value.npvPerProspect, slack, 'NPV');
        expectNear(customer.sum, value.clv, slack, 'CLV');
      },
      100
    );
  });

  it('C16, C17: without referrals and time before conversion, NPV = h (CLV - CAC)', () => {
    const quick = randomJourney({ referrals: false, acquireDwell: 0 });
    always(quick, (input) => {
      const { npvPerProspect, conversion, clv, cac, valueByStage, ownValueByStage } = valueOf(input);
      expectNear(npvPerProspect, conversion * (clv - cac), 1e-10 * scaleOf(valueByStage), 'NPV');
      expect(ownValueByStage).toEqual(valueByStage);
    });
  });
});

/** The input with the number at a place raised by `step`. */
function nudged(input: JourneyInput, at: Place, step: number): JourneyInput {
  switch (at.on) {
    case 'map':
      if (at.metric !== 'annualDiscountRate' && at.metric !== 'grossMargin') throw new Error(at.metric);
      return { ...input, [at.metric]: input[at.metric]! + step };
    case 'stage': {
      const { metric } = at;
      if (metric === 'kind' || metric === 'retention' || metric === 'row') throw new Error(metric);
      return mapStages(input, (stage) => (stage.id === at.stage ? { [metric]: stage[metric]! + step } : {}));
    }
    case 'transition':
      return {
        ...input,
        transitions: input.transitions.map((edge) =>
          edge.from === at.from && edge.to === at.to
            ? { ...edge, probability: edge.probability! + step }
            : edge
        )
      };
    case 'cell':
      return {
        ...input,
        costs: input.costs.map((cell) =>
          cell.lane === at.lane && cell.stage === at.stage ? { ...cell, cost: cell.cost! + step } : cell
        )
      };
  }
}

/** Fourth-order central difference of a figure in the number at a place. */
function centralDifference(input: JourneyInput, at: Place, figure: (input: JourneyInput) => number): number {
  const step = 2e-4;
  const at2 = (steps: number) => figure(nudged(input, at, steps * step));
  return (8 * (at2(1) - at2(-1)) - (at2(2) - at2(-2))) / (12 * step);
}

/** Numbers at the edge of their range cannot be nudged both ways. */
function isInside(input: JourneyInput, at: Place): boolean {
  const edge = 1e-3;
  switch (at.on) {
    case 'map':
      return true;
    case 'stage':
      return at.metric !== 'referrals' || input.stages.find(({ id }) => id === at.stage)!.referrals! > edge;
    case 'transition':
      return input.transitions.find(({ from, to }) => from === at.from && to === at.to)!.probability! > edge;
    case 'cell':
      return input.costs.find(({ lane, stage }) => lane === at.lane && stage === at.stage)!.cost! > edge;
  }
}

describe('C20: derivatives equal central differences', () => {
  const agree = (
    input: JourneyInput,
    list: readonly Derivative[],
    figure: (input: JourneyInput) => number,
    scale: number
  ) => {
    for (const { at, derivative } of list.filter((entry) => isInside(input, entry.at)))
      expectNear(
        derivative,
        centralDifference(input, at, figure),
        1e-5 * Math.abs(derivative) + 1e-9 * scale,
        JSON.stringify(at)
      );
  };

  it('of NPV per prospect', () => {
    always(
      randomJourney(),
      (input) => {
        const { derivatives, valueByStage } = valueOf(input);
        agree(input, derivatives.npv, (next) => valueOf(next).npvPerProspect, scaleOf(valueByStage));
      },
      25
    );
  });

  it('of CLV', () => {
    always(
      randomJourney(),
      (input) => {
        const { derivatives, valueByStage } = valueOf(input);
        agree(input, derivatives.clv, (next) => valueOf(next).clv, scaleOf(valueByStage));
      },
      25
    );
  });

  it('C22: every number that is set has one', () => {
    always(randomJourney({ renewals: false }), (input) => {
      const { npv } = valueOf(input).derivatives;
      const stageNumbers = input.stages.flatMap((stage) =>
        (['ordersPerVisit', 'orderValue', 'grossMargin', 'referrals'] as const).filter(
          (metric) => stage[metric] !== undefined
        )
      );
      expect(npv).toHaveLength(2 + stageNumbers.length + input.transitions.length + input.costs.length);
    });
  });
});

describe('C19: removal effects equal a second solve', () => {
  const without = (input: JourneyInput, stage: string): JourneyInput => ({
    ...mapStages(input, ({ id }) => (id === stage ? { retention: undefined } : {})),
    transitions: input.transitions.filter(({ from }) => from !== stage)
  });

  it('of NPV and of conversion', () => {
    always(randomJourney(), (input) => {
      const { removal, npvPerProspect, conversion, valueByStage } = valueOf(input);
      for (const effect of removal) {
        const less = valueOf(without(input, effect.stage));
        expectNear(
          effect.npv,
          npvPerProspect - less.npvPerProspect,
          1e-10 * scaleOf(valueByStage),
          effect.stage
        );
        if (effect.conversion !== null)
          expectNear(effect.conversion, 1 - less.conversion / conversion, 1e-11, effect.stage);
      }
    });
  });
});

describe('changes that must not matter, or must scale', () => {
  const same = (found: ByStage, wanted: ByStage, factor = 1) => {
    for (const [stage, value] of Object.entries(wanted))
      expectNear(found[stage]!, value * factor, 1e-10 * factor * scaleOf(wanted), stage);
  };

  it('C15: no money gives 0', () => {
    always(randomJourney(), (input) => {
      const broke = { ...mapStages(input, () => ({ ordersPerVisit: 0 })), costs: [] };
      const { valueByStage, clv, npvPerProspect, cac, ratio } = valueOf(broke);
      expect([...Object.values(valueByStage), clv, npvPerProspect, cac].every((money) => money === 0)).toBe(
        true
      );
      expect(ratio).toBeNull();
    });
  });

  it('C15: all money times c makes every value times c and no ratio different', () => {
    always(randomJourney(), (input) => {
      const [base, scaled] = [valueOf(input), valueOf(scaledMoney(input, 7.5))];
      same(scaled.valueByStage, base.valueByStage, 7.5);
      expectNear(scaled.ratio!, base.ratio!, 1e-9 * (1 + Math.abs(base.ratio!)), 'ratio');
      expect(scaled.paybackTicks).toBe(base.paybackTicks);
    });
  });

  it('C4: a stage split in two, the first certain and without time, changes nothing', () => {
    always(
      randomJourney(),
      (input) => {
        input.stages.forEach((stage, index) => {
          const gate: StageInput = {
            id: 'gate',
            name: 'Gate',
            kind: stage.kind,
            dwell: 0,
            entry: stage.entry
          };
          const split = {
            ...input,
            stages: input.stages.toSpliced(index, 1, gate, { ...stage, entry: 0 }),
            transitions: [
              ...input.transitions.map((edge) => (edge.to === stage.id ? { ...edge, to: 'gate' } : edge)),
              { from: 'gate', to: stage.id, probability: 1 }
            ].filter(({ from, to }) => !(stage.retention && from === stage.id && to === 'gate')),
            referral: {
              ...input.referral,
              entry: input.referral?.entry === stage.id ? 'gate' : input.referral?.entry
            }
          };
          const [base, after] = [valueOf(input), valueOf(split)];
          same(after.valueByStage, base.valueByStage);
          expectNear(after.cac, base.cac, 1e-10 * (1 + base.cac), 'CAC');
          expectNear(after.clv, base.clv, 1e-10 * scaleOf(base.valueByStage), 'CLV');
          expect(after.paybackTicks).toBe(base.paybackTicks);
        });
      },
      100
    );
  });

  it('C11: a stage that nobody reaches changes nothing but the warnings', () => {
    always(randomJourney(), (input) => {
      const island: StageInput = {
        id: 'island',
        name: 'Island',
        kind: 'acquire',
        dwell: 2,
        entry: 0,
        referrals: 1
      };
      const more = {
        ...input,
        stages: [...input.stages, island],
        transitions: [
          ...input.transitions,
          { from: 'island', to: 'island', probability: 0.5 },
          { from: 'island', to: 's0', probability: 0.4 }
        ],
        costs: [...input.costs, { lane: 'media', stage: 'island', cost: 1000 }]
      };
      const [base, after] = [evaluated(input), evaluated(more)];
      same(after.value.valueByStage, base.value.valueByStage);
      expectNear(after.value.cac, base.value.cac, 1e-10 * (1 + base.value.cac), 'CAC');
      expectNear(after.value.clv, base.value.clv, 1e-10 * scaleOf(base.value.valueByStage), 'CLV');
      const at = { on: 'stage', stage: 'island', metric: 'row' };
      expect(after.warnings.filter(({ code }) => code === 'W_UNREACHABLE')).toMatchObject([{ at }]);
    });
  });

  it('C15: the order of stages does not matter', () => {
    const shuffled = randomJourney().chain((input) =>
      fc.tuple(fc.constant(input), fc.shuffledSubarray([...input.stages], { minLength: input.stages.length }))
    );
    fc.assert(
      fc.property(shuffled, ([input, stages]) => {
        const [base, after] = [valueOf(input), valueOf({ ...input, stages })];
        same(after.valueByStage, base.valueByStage);
        same(after.visits.perCustomer, base.visits.perCustomer);
        expectNear(after.npvPerProspect, base.npvPerProspect, 1e-10 * scaleOf(base.valueByStage), 'NPV');
      }),
      { numRuns: 150 }
    );
  });

  it('C1: the input stays as it is', () => {
    always(
      randomJourney(),
      (input) => {
        const before = structuredClone(input);
        const { value, model } = evaluated(input);
        byPeriod(model, 3);
        expect(input).toEqual(before);
        expect(valueOf(before)).toEqual(value);
      },
      50
    );
  });
});

describe('changes that must not do harm', () => {
  it('C8: taking a cost away never lowers NPV', () => {
    always(
      randomJourney(),
      (input) => {
        const base = valueOf(input);
        const slack = 1e-11 * scaleOf(base.valueByStage);
        input.costs.forEach((_, index) => {
          const cheaper = valueOf({ ...input, costs: input.costs.toSpliced(index, 1) });
          expect(cheaper.npvPerProspect).toBeGreaterThanOrEqual(base.npvPerProspect - slack);
        });
      },
      100
    );
  });

  it('C15: keeping some of those lost for a stage worth having never lowers NPV', () => {
    always(
      randomJourney({ feelings: false }),
      (input) => {
        const base = valueOf(input);
        const slack = 1e-11 * scaleOf(base.valueByStage);
        for (const { from, to } of input.transitions.filter((edge) => base.valueByStage[edge.to]! > 0)) {
          const kept = valueOf(nudged(input, { on: 'transition', from, to }, 0.01));
          expect(kept.npvPerProspect).toBeGreaterThanOrEqual(base.npvPerProspect - slack);
        }
      },
      100
    );
  });
});

describe('models that meet in the limit', () => {
  it('C12: renewals with sharp shapes are a constant self-loop', () => {
    always(randomJourney({ renewals: false, referrals: false }), (input) => {
      const id = input.stages.at(-1)!.id;
      const dwell = Math.max(1, input.stages.at(-1)!.dwell!);
      const transitions = input.transitions.filter(({ from }) => from !== id);
      const last = (change: Partial<StageInput>) => ({
        ...mapStages(input, (stage) =>
          stage.id === id ? { dwell, feeling: undefined, feelingBefore: undefined, ...change } : {}
        ),
        transitions
      });
      const loop = { from: id, to: id, probability: 0.8 };
      const constant = valueOf({ ...last({}), transitions: [...transitions, loop] });
      const sharp = valueOf(last({ retention: { alpha: 2e5, beta: 8e5 } }));
      expectNear(sharp.clv, constant.clv, 1e-4 * scaleOf(constant.valueByStage), 'CLV');
      expectNear(sharp.npvPerProspect, constant.npvPerProspect, 1e-4 * scaleOf(constant.valueByStage), 'NPV');
    });
  });
});
