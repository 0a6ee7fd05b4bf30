import type { ProblemCode, WarningCode } from '#lib/clv/model.ts';
import type { StageId } from '#lib/journey/ids.ts';
import { METRICS, type MetricKey, type MetricRange } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { j1, key, stageNamed, withMetrics } from '#lib/scenarios/j1.fixture.ts';

/*
 * The error table of the engine's specification as maps: each is J1 with one thing wrong. What the engine, the API and
 * the panel say of a wrong number is tested on the same list.
 */

/** A map with one thing wrong. Ids of its stages and lanes are their names. */
export interface WrongJourney {
  /** The row of the table of metrics, or "general". */
  readonly row: string;
  /** What is wrong, in words for a test's name. */
  readonly what: string;
  readonly journey: Journey;
  readonly code: ProblemCode;
  /** Where the API says that it is: a metric's key, or the path above one. */
  readonly path: string;
  /** The number that the panel leads to. */
  readonly key: MetricKey;
}

/** A map that has its figures, under a warning. */
export interface WarnedJourney extends Omit<WrongJourney, 'code'> {
  readonly code: WarningCode;
}

type Change = readonly [MetricKey, number | null | undefined];

const { setting, stage, share, cost, feeling } = key;
const changed = (...changes: readonly Change[]): Journey => withMetrics(j1(), changes);
const withSettings = (settings: Partial<Journey['settings']>, journey = j1()): Journey => ({
  ...journey,
  settings: { ...journey.settings, ...settings }
});
const withKind = (name: string, kind: 'acquire' | 'customer'): Journey => {
  const journey = j1();
  return { ...journey, stages: journey.stages.map((one) => (one.name === name ? { ...one, kind } : one)) };
};

/** J1 whose active customers renew by a shifted beta-geometric instead of by shares. */
const renewing = (alpha: number | undefined, beta: number | undefined, ...more: readonly Change[]): Journey =>
  changed(
    [share('Active', 'Active'), undefined],
    [share('Active', 'AtRisk'), undefined],
    [stage('Active', 'sbgAlpha'), alpha],
    [stage('Active', 'sbgBeta'), beta],
    ...more
  );

/** A number that is none, and one on each wrong side of a range; a broken one where whole ones are due. */
function wrongValues({
  min,
  max,
  integer
}: MetricRange): readonly (readonly [string, number, ProblemCode])[] {
  const beyond = (end: number, step: number) => (min === Number.MIN_VALUE && end === min ? 0 : end + step);
  return [
    ['is not a number', NaN, 'E_NOT_FINITE'],
    ['is infinite', Infinity, 'E_NOT_FINITE'],
    ['is below its range', beyond(min, -1), 'E_RANGE'],
    ['is above its range', max * 2 + 1, 'E_RANGE'],
    ...(integer ? ([['is not whole', min + 0.5, 'E_INTEGER']] as const) : [])
  ];
}

/** Every number of a map, where J1 carries it, and J1 with another number there. */
const CARRIED: readonly (readonly [string, MetricKey, MetricRange, (value: number) => Journey])[] = [
  ...Object.entries(METRICS.settings).map(([metric, range]) => {
    const at = setting(metric as keyof typeof METRICS.settings);
    return [metric, at, range, (value: number) => changed([at, value])] as const;
  }),
  ...(['dwell', 'ordersPerVisit', 'orderValue', 'grossMargin', 'referrals'] as const).map((metric) => {
    const at = stage('Active', metric);
    return [metric, at, METRICS.stages[metric], (value: number) => changed([at, value])] as const;
  }),
  [
    'entry weights',
    stage('Visit', 'entry'),
    METRICS.stages.entry,
    (value) => changed([stage('Visit', 'entry'), value])
  ],
  ['retention model', stage('Active', 'sbgAlpha'), METRICS.stages.sbgAlpha, (value) => renewing(value, 2)],
  ['retention model', stage('Active', 'sbgBeta'), METRICS.stages.sbgBeta, (value) => renewing(2, value)],
  [
    'p(i->j)',
    share('Trial', 'Active'),
    METRICS.transitions.probability,
    (value) => changed([share('Trial', 'Active'), value])
  ],
  [
    'cost c(l,i)',
    cost('Ads', 'Visit'),
    METRICS.cells.cost,
    (value) => changed([cost('Ads', 'Visit'), value])
  ],
  [
    'feeling f_i',
    feeling('Feelings', 'Trial'),
    METRICS.cells.feeling,
    (value) => changed([feeling('Feelings', 'Trial'), value])
  ]
];

const OUT_OF_RANGE: readonly WrongJourney[] = CARRIED.flatMap(([row, at, range, journeyWith]) =>
  wrongValues(range).map(([what, value, code]) => ({
    row,
    what: `${at} ${what}`,
    journey: journeyWith(value),
    code,
    path: at,
    key: at
  }))
);

/** The number itself is wrong or missing, so that path and key are the same. */
const at = (
  row: string,
  what: string,
  code: ProblemCode,
  place: MetricKey,
  journey: Journey
): WrongJourney => ({
  row,
  what,
  journey,
  code,
  path: place,
  key: place
});

const withoutOrders = (): Journey =>
  changed(
    ...['Active', 'AtRisk'].flatMap((name): Change[] => [
      [stage(name, 'ordersPerVisit'), undefined],
      [stage(name, 'orderValue'), undefined]
    ])
  );

const IN_ITSELF: readonly WrongJourney[] = [
  at(
    'grossMargin',
    'nobody has set a margin',
    'E_MISSING',
    setting('grossMargin'),
    changed([setting('grossMargin'), undefined])
  ),
  {
    row: 'kind',
    what: 'no stage has orders',
    journey: withoutOrders(),
    code: 'E_NO_CUSTOMER',
    path: 'stages',
    key: stage('AtRisk', 'ordersPerVisit')
  },
  at(
    'p(i->j)',
    'an arrow has no share',
    'E_MISSING',
    share('Trial', 'Active'),
    changed([share('Trial', 'Active'), null])
  ),
  {
    row: 'p(i->j)',
    what: 'the shares out of a stage exceed 100%',
    journey: changed([share('Trial', 'Active'), 0.85 + 2e-9]),
    code: 'E_ROW_SUM',
    path: 'transitions/Trial',
    key: share('Trial', 'Trial')
  },
  at(
    'dwell d_i',
    'a cycle of no time that nobody leaves',
    'E_ZERO_LOOP',
    stage('Visit', 'dwell'),
    changed(
      [share('Visit', 'Signup'), 1],
      [share('Signup', 'Trial'), undefined],
      [share('Signup', 'Visit'), 1]
    )
  ),
  at(
    'dwell d_i',
    'a stage that renews takes no time',
    'E_ZERO_LOOP',
    stage('Active', 'dwell'),
    renewing(1, 3, [stage('Active', 'dwell'), 0])
  ),
  at(
    'ordersPerVisit o_i',
    'orders before the first purchase',
    'E_ORDERS_BEFORE_CUSTOMER',
    stage('Active', 'ordersPerVisit'),
    withKind('Active', 'acquire')
  ),
  at(
    'aov_i',
    'orders without an order value',
    'E_MISSING',
    stage('Active', 'orderValue'),
    changed([stage('Active', 'orderValue'), undefined])
  ),
  at(
    'referrals q_i',
    'each customer brings more than one',
    'E_REFERRAL_SUPERCRITICAL',
    stage('Active', 'referrals'),
    changed([stage('Active', 'referrals'), 10])
  ),
  {
    row: 'refEntry',
    what: 'referred people enter at a stage that is gone',
    journey: withSettings({ referralEntry: 'Gone' as StageId }),
    code: 'E_UNKNOWN_STAGE',
    path: 'settings/referralEntry',
    key: setting('referralDelay')
  },
  {
    row: 'retention model',
    what: 'a stage that renews leads elsewhere',
    journey: renewing(1, 3, [share('Active', 'AtRisk'), 0.04]),
    code: 'E_SBG_EDGES',
    path: 'transitions/Active',
    key: share('Active', 'AtRisk')
  },
  at(
    'retention model',
    'half a renewal shape',
    'E_MISSING',
    stage('Active', 'sbgBeta'),
    renewing(1, undefined)
  ),
  at(
    'entry weights',
    'the shares that start do not add up',
    'E_ROW_SUM',
    stage('Visit', 'entry'),
    changed([stage('Visit', 'entry'), 0.9])
  ),
  {
    row: 'currency',
    what: 'a currency that is none',
    journey: withSettings({ currency: 'euro' }),
    code: 'E_CURRENCY',
    path: 'settings/currency',
    key: setting('annualDiscountRate')
  },
  {
    row: 'core solve',
    what: 'customers never leave and nothing is discounted',
    journey: changed(
      [setting('annualDiscountRate'), 0],
      [share('Active', 'Active'), 1],
      [share('Active', 'AtRisk'), 0]
    ),
    code: 'E_NO_EXIT',
    path: 'transitions/Active',
    key: share('Active', 'Active')
  },
  {
    row: 'core solve',
    what: 'prospects go round for ever',
    journey: changed(
      [share('Signup', 'Active'), 0.1],
      [share('Trial', 'Trial'), 1],
      [share('Trial', 'Active'), 0]
    ),
    code: 'E_NO_EXIT',
    path: 'transitions/Trial',
    key: share('Trial', 'Trial')
  },
  {
    row: 'outputs',
    what: 'nobody ever becomes a customer',
    journey: changed([share('Trial', 'Active'), 0]),
    code: 'E_NO_CONVERSION',
    path: 'transitions/Visit',
    key: share('Visit', 'Signup')
  }
];

/** Every code of the engine that figures can answer with, and every number out of its range. */
export const WRONG_JOURNEYS: readonly WrongJourney[] = [...OUT_OF_RANGE, ...IN_ITSELF];

const warned = (row: string, code: WarningCode, place: MetricKey, journey: Journey): WarnedJourney => ({
  row,
  what: code,
  journey,
  code,
  path: place,
  key: place
});

const withIsland = (): Journey => {
  const journey = j1();
  return { ...journey, stages: [...journey.stages, stageNamed('Island', 'a9')] };
};

/** Every warning that figures can stand under. */
export const WARNED_JOURNEYS: readonly WarnedJourney[] = [
  warned('grossMargin', 'W_NEGATIVE_MARGIN', setting('grossMargin'), changed([setting('grossMargin'), -0.1])),
  warned('cost c(l,i)', 'W_UNSET', cost('Offers', 'AtRisk'), changed([cost('Offers', 'AtRisk'), undefined])),
  warned('kappaPlus', 'W_ASSUMPTION', setting('kappaPlus'), changed([setting('kappaPlus'), 0.2])),
  warned(
    'general',
    'W_RETENTION_EXTREME',
    share('Active', 'Active'),
    changed([share('Active', 'Active'), 0.996], [share('Active', 'AtRisk'), 0.004])
  ),
  {
    row: 'general',
    what: 'W_ROUNDING',
    journey: changed([share('Trial', 'Active'), 0.85 + 5e-10]),
    code: 'W_ROUNDING',
    path: 'transitions/Trial',
    key: share('Trial', 'Trial')
  },
  {
    row: 'general',
    what: 'W_UNREACHABLE',
    journey: withIsland(),
    code: 'W_UNREACHABLE',
    path: 'transitions/Island',
    key: share('Island', 'Island')
  }
];
