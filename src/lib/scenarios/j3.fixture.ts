import type { OpportunityId } from '#lib/journey/ids.ts';
import type { MetricKey } from '#lib/journey/metrics.ts';
import type { Journey, MetricEdit, Opportunity } from '#lib/journey/records.ts';
import { j1, key, withMetrics } from './j1.fixture.ts';

/** An opportunity of a test map: nothing but what is given. Its id is its name as in an address. */
export const opportunityNamed = (
  name: string,
  edits: readonly (readonly [MetricKey, MetricEdit['how'], number])[],
  rest: Partial<Omit<Opportunity, 'id' | 'edits'>> = {}
): Opportunity => ({
  id: name.toLowerCase().replace(' ', '-') as OpportunityId,
  name,
  rank: 'a0',
  edits: new Map(edits.map(([metric, how, amount]) => [metric, { how, amount }])),
  oneOffCost: 0,
  runningCost: 0,
  successProbability: 1,
  reach: 1,
  owner: '',
  status: 'idea',
  satisfaction: null,
  business: null,
  feasibility: null,
  ...rest
});

/** Example J3 of the engine's specification: four opportunities on J1, 4,000 prospects a month. */
export function j3(): Journey {
  const { share, stage } = key;
  return {
    ...withMetrics(j1(), [[key.setting('prospectsPerTick'), 4000]]),
    opportunities: [
      opportunityNamed('Guided setup', [[share('Trial', 'Active'), 'set', 0.36]], {
        rank: 'a0',
        oneOffCost: 18_000,
        runningCost: 400
      }),
      opportunityNamed('Save desk', [[share('AtRisk', 'Active'), 'set', 0.45]], {
        rank: 'a1',
        oneOffCost: 12_000,
        runningCost: 900
      }),
      opportunityNamed(
        'Price up',
        [
          [stage('Active', 'orderValue'), 'multiply', 1.05],
          [stage('AtRisk', 'orderValue'), 'multiply', 1.05],
          [share('Active', 'Active'), 'add', -0.004]
        ],
        { rank: 'a2', oneOffCost: 6000 }
      ),
      opportunityNamed('Landing page', [[share('Visit', 'Signup'), 'multiply', 1.1]], {
        rank: 'a3',
        oneOffCost: 9000,
        successProbability: 0.8
      })
    ]
  };
}
