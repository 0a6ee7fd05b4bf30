import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { shop, subscription } from '../../../../tests/oracles/maps.ts';
import { randomJourney } from '../../../../tests/oracles/random-journeys.ts';
import { byPeriod, evaluateJourney, type JourneyInput } from '../index.ts';
import { CustomerWalk } from './customer-walk.ts';
import { EditProgram, placesOf } from './edit-program.ts';
import { applyEdits } from './edits.ts';
import { LeanJourney } from './lean.ts';
import type { Edit, Opportunity } from './types.ts';

vi.setConfig({ testTimeout: 120_000 });

const TICKS = 40;
const near = (found: number, wanted: number, what: string) => {
  if (!(Math.abs(found - wanted) <= 1e-9 * (1 + Math.abs(wanted))))
    throw new Error(`${what}: ${found} instead of ${wanted}`);
};

function expectSame(input: JourneyInput): void {
  const result = evaluateJourney(input);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { model, value } = result;
  const lean = new LeanJourney(input, model, []);
  expect(lean.solve(lean.base)).toBeNull();
  near(lean.npv, value.npvPerProspect, 'NPV');
  near(lean.clv, value.clv, 'CLV');
  near(lean.cac, value.cac, 'CAC');
  near(lean.conversion, value.conversion, 'conversion');
  const cumulative = new Float64Array(TICKS);
  new CustomerWalk(lean, TICKS).run(cumulative);
  byPeriod(model, TICKS).forEach(({ perCustomer }, tick) =>
    near(cumulative[tick]!, perCustomer.cumulative, `cash to tick ${tick}`)
  );
}

/** Edits of all kinds, some of which make a journey impossible. */
const randomEdit = (stages: number): fc.Arbitrary<Edit> => {
  const stage = fc.nat(stages - 1).map((k) => `s${k}`);
  const place = fc.oneof(
    fc.record({ on: fc.constant('transition' as const), from: stage, to: stage }),
    fc.record({
      on: fc.constant('stage' as const),
      stage,
      metric: fc.constantFrom(
        'dwell',
        'ordersPerVisit',
        'orderValue',
        'grossMargin',
        'referrals',
        'feeling',
        'entry'
      )
    }),
    fc.record({ on: fc.constant('cell' as const), lane: fc.constantFrom('media', 'service'), stage }),
    fc.record({
      on: fc.constant('map' as const),
      metric: fc.constantFrom('annualDiscountRate', 'grossMargin', 'referralDelay', 'kappaPlus', 'kappaMinus')
    })
  );
  const amount = fc.oneof(fc.constantFrom(0, 0.5, 1, 2), fc.double({ min: -0.2, max: 1.2, noNaN: true }));
  return fc.record({
    place,
    how: fc.constantFrom('set' as const, 'add' as const, 'multiply' as const),
    amount
  });
};

describe('C15 to C17, C23: the lean solve is the engine', () => {
  it('on J1 and J2', () => {
    expectSame(subscription());
    expectSame(shop());
  });

  it('on random journeys, with referrals, renewals, feelings and any dwell', () => {
    fc.assert(fc.property(randomJourney(), expectSame), { numRuns: 200 });
  });

  it('D1, D3: changed in the array or on the map, values and refusals are the same', () => {
    const cases = randomJourney().chain((input) =>
      fc.tuple(fc.constant(input), fc.array(randomEdit(input.stages.length), { minLength: 1, maxLength: 3 }))
    );
    let [valued, refused] = [0, 0];
    fc.assert(
      fc.property(cases, ([input, edits]) => {
        const base = evaluateJourney(input);
        const edited = applyEdits(input, edits);
        if (!base.ok || !edited.ok) return;
        const all: Opportunity[] = [
          { id: 'o', name: 'o', edits, oneOffCost: 0, runningCost: 0, successProbability: 1, reach: 1 }
        ];
        const lean = new LeanJourney(input, base.model, placesOf(input, all));
        const program = EditProgram.compile(input, all, lean.layout);
        if (!(program instanceof EditProgram)) throw new Error('no program');
        const numbers = Float64Array.from(lean.base);
        program.apply(lean.base, Uint8Array.of(1), numbers);
        const code = lean.solve(numbers);
        const wanted = evaluateJourney(edited.input);
        expect(code === null, `${code} ${JSON.stringify(wanted.ok || wanted.problems)}`).toBe(wanted.ok);
        if (wanted.ok) {
          valued++;
          near(lean.npv, wanted.value.npvPerProspect, 'NPV');
          near(lean.clv, wanted.value.clv, 'CLV');
        } else refused++;
      }),
      { numRuns: 600 }
    );
    expect(Math.min(valued, refused)).toBeGreaterThan(50);
  });
});
