/**
 * Time of decisions: Monte Carlo of 10,000 draws at 10, 20 and 40 stages, a portfolio of 15 opportunities on 12 stages, a
 * larger one by branch and bound, a tornado. Run with `node tests/bench/decisions.ts`. Prints each beside its goal in a
 * browser worker, asserts nothing.
 */
import {
  finish,
  portfolioSteps,
  simulationSteps,
  tornado,
  tornadoBars,
  type Edit,
  type Opportunity,
  type RangedNumber
} from '../../src/lib/clv/decisions/index.ts';
import type { JourneyInput } from '../../src/lib/clv/index.ts';

const ROUNDS = 5;
const LANES = ['media', 'service', 'people', 'systems'];

/** A third acquire stages, then customer stages; three or four transitions out of each, four cost lanes, referrals. */
function journey(stages: number): JourneyInput {
  const ids = Array.from({ length: stages }, (_, index) => `s${index}`);
  const acquire = Math.max(1, Math.floor(stages / 3));
  return {
    tick: 'month',
    currency: 'EUR',
    grossMargin: 0.6,
    stages: ids.map((id, index) => ({
      id,
      name: id,
      kind: index < acquire ? 'acquire' : 'customer',
      ...(index < acquire ? {} : { ordersPerVisit: 0.5, orderValue: 40, referrals: 0.001 })
    })),
    transitions: ids.flatMap((from, index) =>
      targets(index, acquire, stages).map((to) => ({ from, to: ids[to]!, probability: 0.2 }))
    ),
    lanes: LANES.map((id) => ({ id, name: id })),
    costs: ids.flatMap((stage) => LANES.map((lane) => ({ lane, stage, cost: 0.5 })))
  };
}

/** Prospects go on by one to three stages, customers go round among the customer stages. */
function targets(index: number, acquire: number, stages: number): number[] {
  if (index < acquire) return [1, 2, 3].map((step) => index + step);
  const customers = stages - acquire;
  return [0, 1, 3, customers - 2].map((step) => acquire + ((index - acquire + step) % customers));
}

/** Every row of shares known as from 200 observations, every order value and one cost per stage within 10%. */
const ranges = ({ stages }: JourneyInput): RangedNumber[] =>
  stages.flatMap(({ id, orderValue }): RangedNumber[] => [
    { place: { on: 'stage', stage: id, metric: 'row' }, range: { kind: 'beta', nEff: 200 } },
    { place: { on: 'cell', lane: 'media', stage: id }, range: { kind: 'range', low: 0.4, high: 0.7 } },
    ...(orderValue === undefined
      ? []
      : [
          {
            place: { on: 'stage', stage: id, metric: 'orderValue' },
            range: { kind: 'range', low: 36, high: 44 }
          } as const
        ])
  ]);

function opportunities(count: number, input: JourneyInput): Opportunity[] {
  return Array.from({ length: count }, (_, k): Opportunity => {
    const { from, to } = input.transitions[(k * 7) % input.transitions.length]!;
    const edits: Edit[] = [
      { place: { on: 'transition', from, to }, how: 'multiply', amount: 1.02 + (k % 5) / 100 },
      { place: { on: 'cell', lane: 'service', stage: from }, how: 'add', amount: 0.01 * (k % 3) }
    ];
    return {
      id: `o${k}`,
      name: `Opportunity ${k}`,
      edits,
      oneOffCost: 3000 + ((k * 977) % 5000),
      runningCost: 20 * (k % 4),
      successProbability: k % 3 === 0 ? 0.8 : 1,
      reach: 1
    };
  });
}

function measure(name: string, goal: string, run: () => string): void {
  let note = run();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    note = run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }).sort((a, b) => a - b);
  const [least, middle] = [times[0]!, times[Math.floor(ROUNDS / 2)]!].map((time) => time.toFixed(0));
  console.log(`${name}: ${least} ms at best, ${middle} ms in the middle (goal ${goal}); ${note}`);
}

const failed = (result: unknown): never => {
  throw new Error(JSON.stringify(result));
};

console.log(`Processor time of ${ROUNDS} rounds after one to warm up.`);

for (const [stages, goal] of [
  [10, '150 ms'],
  [20, '300 ms'],
  [40, '600 ms']
] as const) {
  const input = journey(stages);
  const uncertain = ranges(input);
  measure(`10,000 draws, ${stages} stages, ${uncertain.length} ranges`, goal, () => {
    const result = finish(simulationSteps(input, uncertain, { seed: 1 }));
    if (!result?.ok || !result.figures) return failed(result);
    return `${result.withoutValue.count} without a value, CLV ${result.figures.clv.p50.value.toFixed(2)}`;
  });
}

const input = journey(12);
const programme = { intake: 4000, ticks: 24 };

measure('10,000 draws, 12 stages, 15 opportunities ranked', 'none', () => {
  const result = finish(
    simulationSteps(input, ranges(input), { seed: 1, opportunities: opportunities(15, input) })
  );
  return result?.ok ? `${result.topThree.length} shares` : failed(result);
});

for (const [count, budget, goal] of [
  [15, 1e9, '1000 ms'],
  [15, 40_000, 'none'],
  [20, 40_000, 'none'],
  [25, 40_000, 'none']
] as const) {
  measure(`portfolio of ${count} on 12 stages, budget ${budget}`, goal, () => {
    const result = finish(portfolioSteps(input, opportunities(count, input), { programme, budget }));
    if (!result?.ok) return failed(result);
    const { method, proven, solves, best } = result;
    return `${method}, proven ${proven}, ${solves} solves, ${best.ids.length} chosen`;
  });
}

measure('tornado of 12 stages', 'none', () => {
  const made = tornadoBars(input, ranges(input));
  if (!made.ok) return failed(made);
  const result = tornado(input, made.bars);
  return result.ok ? `${result.rows.length} bars` : failed(result);
});
