import type { OpportunityId } from '#lib/journey/ids.ts';
import { isOpen, type OpportunityFigures } from '#lib/scenarios/decisions.ts';
import { formatAxis, formatMoney, formatMoneyChange, formatNumber } from '#lib/scenarios/format.ts';
import { nameOf } from './words.ts';

/** What opportunities can be laid out by. */
export const AXES = [
  'uplift',
  'clvUplift',
  'programmeValue',
  'cost',
  'satisfaction',
  'business',
  'feasibility'
] as const;
export type AxisId = (typeof AXES)[number];

export const AXIS_NAMES: Readonly<Record<AxisId, string>> = {
  uplift: 'Uplift per prospect',
  clvUplift: 'Uplift in CLV',
  programmeValue: 'Programme value',
  cost: 'One-off cost',
  satisfaction: 'Satisfaction',
  business: 'Business',
  feasibility: 'Feasibility'
};

const SCORES: ReadonlySet<AxisId> = new Set(['satisfaction', 'business', 'feasibility']);

/** An opportunity's number on an axis; null where it has none. */
export function valueOn(axis: AxisId, { opportunity, result }: OpportunityFigures): number | null {
  switch (axis) {
    case 'uplift':
      return result.ok ? result.expectedUplift : null;
    case 'clvUplift':
      return result.ok ? result.clvUplift : null;
    case 'programmeValue':
      return result.ok ? result.programmeValue : null;
    case 'cost':
      return opportunity.oneOffCost;
    default:
      return opportunity[axis];
  }
}

/** A number on an axis in words. */
export function textOn(axis: AxisId, value: number, currency: string): string {
  if (SCORES.has(axis)) return `${formatNumber(value)} of 5`;
  return axis === 'cost' || axis === 'programmeValue'
    ? formatMoney(value, currency)
    : formatMoneyChange(value, currency);
}

/** An axis as the chart takes it. */
export const axisOf = (axis: AxisId, currency: string) => ({
  title: SCORES.has(axis) ? `${AXIS_NAMES[axis]} (1 to 5)` : `${AXIS_NAMES[axis]} (${currency})`,
  format: SCORES.has(axis) ? formatNumber : formatAxis,
  ...(axis === 'cost' ? { lessIsBetter: true } : {}),
  ...(SCORES.has(axis) ? { ends: [1, 5] as const } : {})
});

/** Names of the four quarters, by where they lie on the chart. */
export interface Quarters {
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
}

/** What an axis tells: what is gained, or what it takes. */
const EFFORTS: ReadonlySet<AxisId> = new Set(['cost', 'feasibility']);
const SHORT: Readonly<Record<AxisId, string>> = {
  uplift: 'Uplift',
  clvUplift: 'CLV',
  programmeValue: 'Value',
  cost: 'Cheap',
  satisfaction: 'Satisfaction',
  business: 'Business',
  feasibility: 'Feasible'
};

/** Names the quarters of a matrix by what its axes tell: gain against effort, two gains, or two efforts. */
export function quartersOf(x: AxisId, y: AxisId): Quarters {
  const name = (goodX: boolean, goodY: boolean): string => {
    if (x === y) return goodX === goodY ? (goodX ? 'Best' : 'Least') : '';
    if (EFFORTS.has(x) !== EFFORTS.has(y)) {
      const [light, gain] = EFFORTS.has(x) ? [goodX, goodY] : [goodY, goodX];
      return gain ? (light ? 'Do first' : 'Plan well') : light ? 'When there is time' : 'Leave';
    }
    if (goodX === goodY) return goodX ? `${SHORT[y]} and ${SHORT[x].toLowerCase()}` : 'Neither';
    return `${SHORT[goodX ? x : y]} only`;
  };
  // The better end of a cost lies left and low.
  const right = x !== 'cost';
  const top = y !== 'cost';
  return {
    topLeft: name(!right, top),
    topRight: name(right, top),
    bottomLeft: name(!right, !top),
    bottomRight: name(right, !top)
  };
}

/** Open opportunities with a number on both axes, and the names of those without. */
export function pointsOn(
  x: AxisId,
  y: AxisId,
  ranked: readonly OpportunityFigures[],
  currency: string
): {
  readonly points: readonly { id: OpportunityId; label: string; x: number; y: number; title: string }[];
  readonly without: readonly string[];
} {
  const open = ranked.filter(({ opportunity }) => isOpen(opportunity.status));
  const placed = open.map((figures) => ({ figures, x: valueOn(x, figures), y: valueOn(y, figures) }));
  return {
    points: placed.flatMap(({ figures: { id, opportunity }, x: across, y: up }) => {
      if (across === null || up === null) return [];
      const label = nameOf(opportunity);
      const told = [
        `${AXIS_NAMES[x]} ${textOn(x, across, currency)}`,
        `${AXIS_NAMES[y]} ${textOn(y, up, currency)}`
      ];
      return [{ id, label, x: across, y: up, title: `${label}: ${told.join(', ')}` }];
    }),
    without: placed.flatMap(({ figures, x: across, y: up }) =>
      across === null || up === null ? [nameOf(figures.opportunity)] : []
    )
  };
}
