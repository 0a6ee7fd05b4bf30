import fc from 'fast-check';
import type { JourneyInput, StageInput, Tick } from '../../src/lib/clv/index.ts';

/** What a random journey may contain. */
export interface Scope {
  readonly ticks?: readonly Tick[];
  readonly rate?: { readonly min: number; readonly max: number };
  readonly referrals?: boolean;
  readonly feelings?: boolean;
  readonly renewals?: boolean;
  /** Longest dwell of acquire stages. */
  readonly acquireDwell?: number;
}

const fraction = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/**
 * Valid journeys of two to eight stages with loops, jumps back, several entries, two cost lanes and, within `scope`,
 * referrals, a change of feelings and a renewal stage. Every input is explicit. At least 3% leave at every stage, and
 * every acquire stage leads on to the next stage, so that there is always a value. A customer makes at most some 120
 * visits and brings at most 0.004 prospects with each, so that referrals stay well below one.
 */
export function randomJourney(scope: Scope = {}): fc.Arbitrary<JourneyInput> {
  return fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }))
    .chain(([acquire, customer]) => {
      const size = acquire + customer;
      return fc.tuple(
        fc.record({
          tick: fc.constantFrom(...(scope.ticks ?? (['week', 'month', 'quarter', 'year'] as const))),
          annualDiscountRate: fraction(scope.rate?.min ?? 0.02, scope.rate?.max ?? 0.6),
          grossMargin: fraction(0.1, 0.9),
          kappaPlus: fraction(0, 0.2),
          kappaMinus: fraction(0, 0.2),
          referralEntry: fc.nat(acquire - 1),
          referralDelay: fc.integer({ min: 1, max: 4 })
        }),
        fc.array(randomStage(scope), { minLength: size, maxLength: size }),
        fc.array(fc.array(fraction(0, 1), { minLength: size + 1, maxLength: size + 1 }), {
          minLength: size,
          maxLength: size
        }),
        fc.constant(acquire),
        fc.boolean()
      );
    })
    .map(([settings, stages, weights, acquire, renews]) =>
      assemble(settings, stages, weights, acquire, renews && scope.renewals !== false, scope)
    );
}

const randomStage = (scope: Scope) =>
  fc.record({
    entry: fraction(0.01, 1),
    acquireDwell: fc.integer({ min: 0, max: scope.acquireDwell ?? 2 }),
    customerDwell: fc.integer({ min: 0, max: 3 }),
    ordersPerVisit: fraction(0.1, 3),
    orderValue: fraction(1, 100),
    ownMargin: fc.option(fraction(0.1, 0.9), { nil: undefined }),
    referrals: fraction(0, 0.004),
    feeling: fc.integer({ min: -2, max: 2 }),
    feelingBefore: fc.integer({ min: -2, max: 2 }),
    alpha: fraction(1, 20),
    beta: fraction(0.5, 10),
    media: fraction(0.01, 10),
    service: fraction(0.01, 10)
  });

type RandomStage = ReturnType<typeof randomStage> extends fc.Arbitrary<infer Value> ? Value : never;

function assemble(
  settings: {
    tick: Tick;
    annualDiscountRate: number;
    grossMargin: number;
    kappaPlus: number;
    kappaMinus: number;
    referralEntry: number;
    referralDelay: number;
  },
  stages: readonly RandomStage[],
  weights: readonly (readonly number[])[],
  acquire: number,
  renews: boolean,
  scope: Scope
): JourneyInput {
  const { kappaPlus, kappaMinus, referralEntry, referralDelay, ...rest } = settings;
  const entries = stages.reduce((sum, { entry }) => sum + entry, 0);
  const isRenewing = (index: number) => renews && index === stages.length - 1;
  return {
    ...rest,
    currency: 'EUR',
    stages: stages.map((stage, index): StageInput => {
      const feelings = scope.feelings === false ? {} : pick(stage, ['feeling', 'feelingBefore']);
      const shared = {
        id: `s${index}`,
        name: `Stage ${index}`,
        entry: stage.entry / entries,
        ...feelings
      };
      if (index < acquire) return { ...shared, kind: 'acquire', dwell: stage.acquireDwell };
      return {
        ...shared,
        kind: 'customer',
        dwell: isRenewing(index) ? 1 + (stage.customerDwell % 2) : stage.customerDwell,
        ...pick(stage, ['ordersPerVisit', 'orderValue']),
        grossMargin: stage.ownMargin,
        referrals: scope.referrals === false ? undefined : stage.referrals,
        retention: isRenewing(index) ? pick(stage, ['alpha', 'beta']) : undefined
      };
    }),
    transitions: weights.flatMap((row, from) =>
      isRenewing(from) ? [] : transitionsFrom(from, row, acquire)
    ),
    lanes: [
      { id: 'media', name: 'Media' },
      { id: 'service', name: 'Service' }
    ],
    costs: stages.flatMap(({ media, service }, index) => [
      { lane: 'media', stage: `s${index}`, cost: media },
      { lane: 'service', stage: `s${index}`, cost: service }
    ]),
    referral: { entry: `s${referralEntry}`, delay: referralDelay },
    feelings: { kappaPlus, kappaMinus, source: 'generated' }
  };
}

/** Turns weights into shares: the last weight is the way out and gets 3% to 53% of the visits. */
function transitionsFrom(from: number, row: readonly number[], acquire: number) {
  const targets = row.slice(0, -1).map((weight, to) => {
    const needed = from < acquire && to === from + 1;
    return needed ? weight + 0.1 : weight > 0.5 ? weight : 0;
  });
  const total = targets.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  const stay = 0.97 - row.at(-1)! / 2;
  return targets.flatMap((weight, to) =>
    weight > 0 ? [{ from: `s${from}`, to: `s${to}`, probability: (stay * weight) / total }] : []
  );
}

function pick<T, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, K>;
}
