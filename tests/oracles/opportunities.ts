import type { Edit, Opportunity } from '../../src/lib/clv/decisions/index.ts';
import type { Place } from '../../src/lib/clv/index.ts';

export const share = (from: string, to: string): Place => ({ on: 'transition', from, to });
export const orderValue = (stage: string): Place => ({ on: 'stage', stage, metric: 'orderValue' });

const opportunity = (
  id: string,
  name: string,
  oneOffCost: number,
  edits: readonly Edit[],
  more: Partial<Opportunity> = {}
): Opportunity => ({ id, name, edits, oneOffCost, runningCost: 0, successProbability: 1, reach: 1, ...more });

/** J3: four opportunities on J1. */
export const onSubscription: readonly Opportunity[] = [
  opportunity('O1', 'Guided setup', 18_000, [{ place: share('Trial', 'Active'), how: 'set', amount: 0.36 }], {
    runningCost: 400
  }),
  opportunity('O2', 'Save desk', 12_000, [{ place: share('AtRisk', 'Active'), how: 'set', amount: 0.45 }], {
    runningCost: 900
  }),
  opportunity('O3', 'Price +5%', 6_000, [
    { place: orderValue('Active'), how: 'multiply', amount: 1.05 },
    { place: orderValue('AtRisk'), how: 'multiply', amount: 1.05 },
    { place: share('Active', 'Active'), how: 'add', amount: -0.004 }
  ]),
  opportunity(
    'O4',
    'Landing page',
    9_000,
    [{ place: share('Visit', 'Signup'), how: 'multiply', amount: 1.1 }],
    { successProbability: 0.8 }
  )
];

/** Each set of J3: ids, dNPV per prospect, K, programme value. */
export const setsOnSubscription: readonly (readonly [readonly string[], number, number, number])[] = [
  [[], 0, 0, 0],
  [['O1'], 2.420679, 18_000, 185_645.31],
  [['O2'], 1.177877, 12_000, 71_617.37],
  [['O3'], -0.145744, 6_000, -18_789.42],
  [['O4'], 0.938437, 9_000, 73_350.22],
  [['O1', 'O2'], 3.834132, 30_000, 277_935.01],
  [['O1', 'O3'], 2.245785, 24_000, 164_298.01],
  [['O1', 'O4'], 3.55277, 27_000, 275_989.17],
  [['O2', 'O3'], 0.938007, 18_000, 44_568.17],
  [['O2', 'O4'], 2.210545, 21_000, 153_236.52],
  [['O3', 'O4'], 0.781034, 15_000, 53_537.65],
  [['O1', 'O2', 'O3'], 3.546287, 36_000, 246_675.97],
  [['O1', 'O2', 'O4'], 5.0793, 39_000, 378_201.6],
  [['O1', 'O3', 'O4'], 3.363886, 33_000, 253_414.09],
  [['O2', 'O3', 'O4'], 1.951485, 27_000, 124_503.38],
  [['O1', 'O2', 'O3', 'O4'], 4.768428, 45_000, 344_921.83]
];

export const programmeOnSubscription = { intake: 4000, ticks: 24 };
