import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { shop, subscription } from '../../../../tests/oracles/maps.ts';
import {
  onSubscription,
  orderValue,
  programmeOnSubscription as programme,
  setsOnSubscription,
  share
} from '../../../../tests/oracles/opportunities.ts';
import { randomJourney } from '../../../../tests/oracles/random-journeys.ts';
import type { JourneyInput } from '../index.ts';
import type { PortfolioOptions } from './portfolio-bench.ts';
import { evaluateSet, portfolioSteps } from './portfolio.ts';
import { finish } from './steps.ts';
import type { Edit, Opportunity, PortfolioValue } from './types.ts';

vi.setConfig({ testTimeout: 120_000 });

function portfolio(
  input: JourneyInput,
  opportunities: readonly Opportunity[],
  options: PortfolioOptions
): PortfolioValue {
  const result = finish(portfolioSteps(input, opportunities, options));
  if (!result?.ok) throw new Error(JSON.stringify(result?.problems));
  return result;
}

const codesOf = (opportunities: readonly Opportunity[], options: Partial<PortfolioOptions> = {}) => {
  const result = finish(
    portfolioSteps(subscription(), opportunities, { programme, budget: 30_000, ...options })
  );
  return result?.ok === false ? result.problems.map(({ code, opportunity }) => [code, opportunity]) : [];
};

const opportunity = (id: string, edits: readonly Edit[], more: Partial<Opportunity> = {}): Opportunity => ({
  id,
  name: id,
  edits,
  oneOffCost: 1000,
  runningCost: 0,
  successProbability: 1,
  reach: 1,
  ...more
});

describe('J3', () => {
  it.each(setsOnSubscription)('D9: the set %j', (ids, uplift, oneOffCost, value) => {
    const result = evaluateSet(subscription(), onSubscription, ids, programme);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.set.uplift).toBeCloseTo(uplift, 6);
    expect(result.set.oneOffCost).toBe(oneOffCost);
    expect(result.set.programmeValue).toBeCloseTo(value, 2);
    expect(Math.abs(result.set.programmeValue - value)).toBeLessThanOrEqual(0.005 + 1e-6);
  });

  it('D9: interactions of O1 + O2 and of all four', () => {
    const interactionOf = (...ids: string[]) => {
      const result = evaluateSet(subscription(), onSubscription, ids, programme);
      return result.ok ? result.set.interaction : NaN;
    };
    expect(interactionOf('O1', 'O2')).toBeCloseTo(0.235575, 6);
    expect(interactionOf('O1', 'O2', 'O3', 'O4')).toBeCloseTo(0.377179, 6);
    expect(interactionOf('O3')).toBeCloseTo(0, 12);
  });

  for (const exactUpTo of [15, 0]) {
    const { best, additive, method, proven, bound, singles } = portfolio(subscription(), onSubscription, {
      programme,
      budget: 30_000,
      exactUpTo
    });

    it(`D10, D11, ${method}: adding single uplifts picks O1+O4, re-solving picks O1+O2`, () => {
      expect(best.ids).toEqual(['O1', 'O2']);
      expect(best.programmeValue).toBeCloseTo(277_935.01, 2);
      expect([proven, bound]).toEqual([true, best.programmeValue]);
      expect(additive.ids).toEqual(['O1', 'O4']);
      expect(additive.set?.programmeValue).toBeCloseTo(275_989.17, 2);
      expect(additive.claimedValue).toBeCloseTo(185_645.31 + 73_350.22, 1);
      expect(additive.picksWrong).toBe(true);
      expect(singles.map((single) => single.ok)).toEqual([true, true, true, true]);
    });
  }

  it('D10: a smaller and a larger budget give other sets, none is a set too', () => {
    const idsAt = (budget: number) =>
      portfolio(subscription(), onSubscription, { programme, budget }).best.ids;
    expect(idsAt(0)).toEqual([]);
    expect(idsAt(12_000)).toEqual(['O4']);
    expect(idsAt(45_000)).toEqual(['O1', 'O2', 'O4']);
  });
});

describe('D6, D10: conflicts', () => {
  const [a, b] = [0.36, 0.4].map((amount, k) =>
    opportunity(`set${k}`, [{ place: share('Trial', 'Active'), how: 'set', amount }])
  );

  it.each([15, 0])('never joins two that set the same number (exact up to %i)', (exactUpTo) => {
    const { best, conflicts, additive } = portfolio(subscription(), [a!, b!], {
      programme,
      budget: 1e6,
      exactUpTo
    });
    expect(best.ids).toEqual(['set1']);
    expect(additive.ids).toEqual(['set1']);
    expect(conflicts).toEqual([['set0', 'set1']]);
  });

  it('refuses to value them together, and one that contradicts itself', () => {
    const both = evaluateSet(subscription(), [a!, b!], ['set0', 'set1'], programme);
    expect(both.ok ? [] : both.problems.map(({ code }) => code)).toEqual(['E_CONFLICT']);
    expect(codesOf([opportunity('twice', [...a!.edits, ...b!.edits])])).toEqual([['E_CONFLICT', 'twice']]);
  });

  it('D9: never picks a set that leaves the map without a value', () => {
    const more = (id: string, from: string, to: string, amount: number) =>
      opportunity(id, [{ place: share(from, to), how: 'add', amount }]);
    const crowded = [more('stay', 'Active', 'Active', 0.02), more('risk', 'Active', 'AtRisk', 0.02)];
    const { best, refusedSets, additive } = portfolio(subscription(), crowded, { programme, budget: 1e6 });
    expect(best.ids).toEqual(['stay']);
    expect(refusedSets).toBe(1);
    expect(additive).toMatchObject({ ids: ['stay', 'risk'], set: null, picksWrong: true });
    const alone = portfolio(subscription(), [more('stay', 'Active', 'Active', 0.2)], {
      programme,
      budget: 1e6
    });
    expect(alone.best.ids).toEqual([]);
    expect(alone.singles[0]).toMatchObject({ ok: false });
  });
});

/** Opportunities that change rows of stages, some of them the same row, some uncertain. */
const randomOpportunities = (input: JourneyInput): fc.Arbitrary<Opportunity[]> => {
  const edit = fc.oneof(
    fc.record({
      place: fc.constantFrom(...input.transitions.map(({ from, to }) => share(from, to))),
      how: fc.constant('multiply' as const),
      amount: fc.double({ min: 0.8, max: 1.01, noNaN: true })
    }),
    fc.record({
      place: fc.constantFrom(
        ...input.stages.filter(({ orderValue }) => orderValue !== undefined).map(({ id }) => orderValue(id))
      ),
      how: fc.constantFrom('add' as const, 'multiply' as const),
      amount: fc.double({ min: 0.8, max: 1.6, noNaN: true })
    }),
    fc.record({
      place: fc.constantFrom(...input.costs.map(({ lane, stage }) => ({ on: 'cell', lane, stage }) as const)),
      how: fc.constant('multiply' as const),
      amount: fc.double({ min: 0.2, max: 1.5, noNaN: true })
    })
  );
  const one = fc.record({
    edits: fc.uniqueArray(edit, {
      minLength: 1,
      maxLength: 2,
      selector: ({ place }) => JSON.stringify(place)
    }),
    oneOffCost: fc.integer({ min: 0, max: 9000 }),
    runningCost: fc.integer({ min: 0, max: 200 }),
    successProbability: fc.constantFrom(1, 1, 0.7, 0),
    reach: fc.constantFrom(1, 1, 0.5)
  });
  return fc
    .uniqueArray(one, { minLength: 4, maxLength: 9, selector: ({ edits }) => JSON.stringify(edits) })
    .map((list) => list.map((rest, k) => ({ id: `o${k}`, name: `O ${k}`, ...rest })));
};

describe('D10: branch and bound is exact', () => {
  it('on random journeys, its sets are worth as much as the best of all', () => {
    const cases = randomJourney().chain((input) =>
      fc.tuple(fc.constant(input), randomOpportunities(input), fc.integer({ min: 0, max: 30_000 }))
    );
    let bounded = 0;
    fc.assert(
      fc.property(cases, ([input, opportunities, budget]) => {
        const options = { programme: { intake: 500, ticks: 12 }, budget };
        const exact = portfolio(input, opportunities, options);
        const found = portfolio(input, opportunities, { ...options, exactUpTo: 0 });
        const scale = 1e-7 * (1 + Math.abs(exact.best.programmeValue));
        expect(found.best.programmeValue).toBeLessThanOrEqual(exact.best.programmeValue + scale);
        if (found.method === 'greedy') return;
        bounded++;
        expect(found.proven).toBe(true);
        expect(found.best.programmeValue).toBeGreaterThanOrEqual(exact.best.programmeValue - scale);
      }),
      { numRuns: 150 }
    );
    expect(bounded).toBeGreaterThan(75);
  });

  it('D9: averages over success patterns one by one and all at once alike', () => {
    const unsure = onSubscription.map((one, k) => ({ ...one, successProbability: 0.4 + k / 10, reach: 0.9 }));
    const all = portfolio(subscription(), unsure, { programme, budget: 1e6 });
    const one = evaluateSet(subscription(), unsure, all.best.ids, programme);
    expect(one.ok && one.set.programmeValue).toBeCloseTo(all.bound!, 5);
  });
});

describe('D11: what is not proven says so', () => {
  const many = Array.from({ length: 17 }, (_, k) =>
    opportunity(`o${k}`, [{ place: orderValue('Buy'), how: 'add', amount: 0.1 + k / 50 }], {
      oneOffCost: 400 + 37 * k
    })
  );

  it('falls back to step by step where no bound is valid, with a notice', () => {
    const { method, proven, bound, notice, best } = portfolio(shop(), many, { programme, budget: 3000 });
    expect([method, proven, bound]).toEqual(['greedy', false, null]);
    expect(notice).toContain('17 opportunities');
    expect(best.oneOffCost).toBeLessThanOrEqual(3000);
    expect(best.programmeValue).toBeGreaterThan(0);
  });

  it('draws success patterns where there are too many to solve', () => {
    const unsure = many.map((one) => ({ ...one, successProbability: 0.5, oneOffCost: 10 }));
    const { method, best } = portfolio(shop(), unsure, { programme, budget: 1e6 });
    expect(method).toBe('greedy');
    expect(best.ids).toHaveLength(17);
    expect(best.uplift / best.sumOfSingles).toBeCloseTo(1, 1);
  });

  it('branch and bound proves 20 on stages of their own', () => {
    const input = subscription();
    const spread = Array.from({ length: 20 }, (_, k) => {
      const { from, to } = input.transitions[k % input.transitions.length]!;
      return opportunity(
        `o${k}`,
        [{ place: share(from, to), how: 'multiply', amount: 1 + 0.0004 * (1 + (k % 5)) }],
        {
          oneOffCost: 500 + ((k * 377) % 900)
        }
      );
    });
    const result = portfolio(input, spread, { programme, budget: 6000 });
    expect([result.method, result.proven, result.notice]).toEqual(['branchAndBound', true, null]);
    const singles = [...result.additive.ids];
    expect(result.best.programmeValue).toBeGreaterThanOrEqual(result.additive.set!.programmeValue);
    expect(singles.length).toBeGreaterThan(0);
  });
});

describe('jobs', () => {
  it('reports progress, can be cancelled, and leaves nothing half done', () => {
    const [input, opportunities] = [subscription(), structuredClone(onSubscription)];
    const options = { programme, budget: 30_000 };
    let steps = 0;
    expect(finish(portfolioSteps(input, opportunities, options), () => steps++ < 0)).toBeNull();
    expect([input, opportunities]).toEqual([subscription(), onSubscription]);
    const first = portfolio(input, opportunities, options);
    expect(portfolio(input, opportunities, options)).toEqual(first);
  });

  it('refuses a budget, a programme and ids that are none', () => {
    expect(codesOf(onSubscription, { budget: NaN })).toEqual([['E_RANGE', null]]);
    expect(codesOf(onSubscription, { programme: { intake: 1, ticks: 0 } })).toEqual([['E_RANGE', null]]);
    expect(codesOf([onSubscription[0]!, onSubscription[0]!])).toEqual([['E_DUPLICATE', 'O1']]);
  });
});
