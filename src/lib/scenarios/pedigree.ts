import type { ModelStage, StageContribution } from '#lib/clv/index.ts';
import type { LaneId, ScenarioId } from '#lib/journey/ids.ts';
import type { MetricKey, MetricRange } from '#lib/journey/metrics.ts';
import type { Journey } from '#lib/journey/records.ts';
import { metricsIn } from './assumptions.ts';
import { headlineOf, periodsOf } from './evaluate.ts';
import { HEADLINES, type Computed, type FigureId, type Headline } from './figures.ts';
import { formatMoney, formatNumber, formatPercent, formatTicks } from './format.ts';
import { laneName, metricLabel, metricUnit, stageName } from './metric-label.ts';
import { Relevant, type Used } from './relevant.ts';
import { FORMULAS, LANE, MONEY, PERIOD, STAGE, type Formula } from './formulas.ts';

/** A number that went into a figure. */
export interface PedigreeInput {
  readonly key: MetricKey;
  readonly label: string;
  readonly value: number;
  readonly unit: MetricRange['unit'];
  /** False: nobody entered it, the default holds. */
  readonly set: boolean;
}

/** Where a figure comes from. */
export interface Pedigree extends Formula {
  readonly title: string;
  /** The formula with this map's numbers; null where they would not fit on a line. */
  readonly worked: string | null;
  /** Only numbers that the figure depends on, in the map's order. */
  readonly inputs: readonly PedigreeInput[];
}

const isHeadline = (figure: FigureId): figure is Headline =>
  (HEADLINES as readonly string[]).includes(figure);

const afterSlash = (figure: string): string => figure.slice(figure.indexOf('/') + 1);

/** The pedigree of a figure in the baseline (`null`) or a scenario (SPEC F10). */
export function pedigreeOf(
  figure: FigureId,
  journey: Journey,
  scenario: ScenarioId | null,
  evaluation: Computed
): Pedigree {
  const metrics = metricsIn(journey, scenario);
  const relevant = new Relevant(evaluation, metrics);
  const formula = formulaOf(figure, journey);
  const seen = new Set<MetricKey>();
  const inputs = usedBy(figure, relevant)
    .filter(({ key }) => !seen.has(key) && seen.add(key))
    .map(({ key, value }) => ({
      key,
      label: metricLabel(key, journey),
      value,
      unit: metricUnit(key),
      set: typeof metrics.get(key) === 'number'
    }));
  return { ...formula, worked: workedOf(figure, journey, evaluation), inputs };
}

function formulaOf(figure: FigureId, journey: Journey): Formula & { title: string } {
  if (isHeadline(figure)) return FORMULAS[figure];
  if (figure === 'money') return { ...MONEY, title: 'Margin on orders' };
  const id = afterSlash(figure);
  if (figure.startsWith('stages/')) return { ...STAGE, title: `${stageName(journey, id)}’s part of CLV` };
  if (figure.startsWith('lanes/')) return { ...LANE, title: `${laneName(journey, id)}’s part of CLV` };
  return { ...PERIOD, title: `Value up to ${journey.settings.tick} ${id}` };
}

/** What CLV depends on, apart from money: where customers go, when, and what time costs. */
const stay = (relevant: Relevant): Used[] => {
  const stages = relevant.customerStages;
  return [
    ...relevant.ways(stages),
    ...relevant.dwells(stages),
    ...relevant.feelings(stages),
    ...relevant.startingMix()
  ];
};

const margin = (relevant: Relevant, stages: readonly ModelStage[]): Used[] => [
  ...relevant.money(stages),
  ...relevant.costs(stages)
];

const clv = (relevant: Relevant): Used[] => [
  ...margin(relevant, relevant.customerStages),
  ...stay(relevant),
  ...relevant.discount()
];

const conversion = (relevant: Relevant): Used[] => [
  ...relevant.ways(relevant.acquireStages),
  ...relevant.entries()
];

const cac = (relevant: Relevant): Used[] => [
  ...relevant.costs(relevant.acquireStages),
  ...conversion(relevant)
];

const perProspect = (relevant: Relevant, stages: readonly ModelStage[]): Used[] => [
  ...margin(relevant, stages),
  ...relevant.ways(stages),
  ...relevant.dwells(stages),
  ...relevant.feelings(stages),
  ...relevant.entries(),
  ...relevant.discount()
];

const undiscounted = (relevant: Relevant): Used[] => [
  ...margin(relevant, relevant.customerStages),
  ...stay(relevant)
];

const USED: Readonly<Record<Headline, (relevant: Relevant) => Used[]>> = {
  clv,
  clvWithReferrals: (relevant) =>
    relevant.referrals(relevant.allStages).length === 0
      ? clv(relevant)
      : [...perProspect(relevant, relevant.allStages), ...relevant.referrals(relevant.allStages)],
  clvOverHorizon: (relevant) => [...clv(relevant), ...relevant.horizon()],
  cac,
  ratio: (relevant) => [...clv(relevant), ...cac(relevant)],
  payback: (relevant) => [...undiscounted(relevant), ...cac(relevant)],
  discountedPayback: (relevant) => [...clv(relevant), ...cac(relevant)],
  npv: (relevant) => [
    ...perProspect(relevant, relevant.allStages),
    ...relevant.referrals(relevant.allStages)
  ],
  npvWithoutReferrals: (relevant) => perProspect(relevant, relevant.allStages),
  conversion,
  lifetime: (relevant) => stay(relevant)
};

function usedBy(figure: FigureId, relevant: Relevant): Used[] {
  if (isHeadline(figure)) return USED[figure](relevant);
  const stages = relevant.customerStages;
  if (figure === 'money') return [...relevant.money(stages), ...stay(relevant), ...relevant.discount()];
  const id = afterSlash(figure);
  if (figure.startsWith('stages/'))
    return [
      ...margin(
        relevant,
        stages.filter((stage) => stage.id === id)
      ),
      ...stay(relevant),
      ...relevant.discount()
    ];
  if (figure.startsWith('lanes/'))
    return [...relevant.costs(stages, id as LaneId), ...stay(relevant), ...relevant.discount()];
  return undiscounted(relevant);
}

function workedOf(figure: FigureId, journey: Journey, evaluation: Computed): string | null {
  if (isHeadline(figure)) return workedHeadline(figure, journey, evaluation);
  const { value, model } = evaluation;
  const money = (amount: number) => formatMoney(amount, model.currency);
  const id = afterSlash(figure);
  if (figure === 'money') {
    const part = value.contributions.byLane.find(({ on }) => on === 'money');
    return part === undefined ? null : `Adds ${money(part.perCustomer)} to CLV of ${money(value.clv)}`;
  }
  if (figure.startsWith('lanes/')) {
    const part = value.contributions.byLane.find((lane) => lane.on === 'lane' && lane.lane === id);
    return part === undefined ? null : `Takes ${money(-part.perCustomer)} from CLV, now ${money(value.clv)}`;
  }
  if (figure.startsWith('stages/')) {
    const part = value.contributions.byStage.find(({ stage }) => stage === id);
    return part === undefined ? null : workedStage(part, evaluation, money);
  }
  const row = periodsOf(evaluation)[Number(id)];
  return row === undefined
    ? null
    : `${money(row.perCustomer.cumulative)} after ${formatTicks(Number(id) + 1, model.tick)}, of which ${money(row.perCustomer.net)} in the last`;
}

function workedStage(
  part: StageContribution,
  { model, value }: Computed,
  money: (amount: number) => string
): string {
  const visits = value.visits.perCustomer[part.stage] ?? 0;
  const stage = model.stages.find(({ id }) => id === part.stage);
  if (stage === undefined) return '';
  const cost = stage.costs.reduce((sum, each) => sum + each, 0);
  const { ordersPerVisit, orderValue, grossMargin } = stage;
  const revenue = `${formatNumber(ordersPerVisit)} × ${money(orderValue)} × ${formatPercent(grossMargin)}`;
  return `${formatNumber(visits)} visits × (${revenue} − ${money(cost)}) = ${money(part.perCustomer)}`;
}

function workedHeadline(figure: Headline, journey: Journey, evaluation: Computed): string | null {
  const { value, model } = evaluation;
  const money = (amount: number) => formatMoney(amount, model.currency);
  switch (figure) {
    case 'ratio':
      return value.ratio === null
        ? null
        : `${money(value.clv)} ÷ ${money(value.cac)} = ${value.ratio.toFixed(2)}`;
    case 'cac':
      return `${money(value.cac * value.conversion)} per prospect ÷ ${formatPercent(value.conversion)} = ${money(value.cac)}`;
    case 'clv':
      return value.contributions.byStage
        .filter(({ perCustomer }) => perCustomer !== 0)
        .map(({ stage, perCustomer }) => `${stageName(journey, stage)} ${money(perCustomer)}`)
        .join(' + ')
        .concat(` = ${money(value.clv)}`);
    case 'clvWithReferrals':
      return `${money(value.clv)} + ${money(value.clvWithReferrals - value.clv)} from people referred = ${money(value.clvWithReferrals)}`;
    case 'payback':
    case 'discountedPayback': {
      const ticks = headlineOf(evaluation, figure);
      return ticks === null
        ? null
        : `CAC ${money(value.cac)} is covered after ${formatTicks(ticks, model.tick)}`;
    }
    case 'conversion':
      return `${formatNumber(value.conversion * 1000)} of 1,000 prospects become customers`;
    default:
      return null;
  }
}
