import type { JourneyInput } from './model.ts';
import { checkNumber, quoted, RANGES, refuse, warn, type Findings } from './ranges.ts';

/**
 * Costs per visit by stage and lane, as `costs[stage][lane]` (SPEC C8). A cell without a number counts 0 under
 * W_UNSET; a negative cost is refused, because it would be a revenue.
 *
 * @param indexOf position of a stage by id.
 */
export function checkCosts(
  input: JourneyInput,
  indexOf: ReadonlyMap<string, number>,
  findings: Findings
): number[][] {
  const laneIndex = new Map(input.lanes.map((lane, index) => [lane.id, index]));
  if (laneIndex.size < input.lanes.length) refuseTwins(input, findings);
  const costs = input.stages.map(() => input.lanes.map(() => 0));
  const seen = new Set<string>();
  for (const { lane, stage, cost } of input.costs) {
    const at = { on: 'cell', lane, stage } as const;
    const column = indexOf.get(stage);
    const row = laneIndex.get(lane);
    if (column === undefined || row === undefined) {
      refuseStrayCell(findings, at, column === undefined);
      continue;
    }
    const label = `${quoted(input.lanes[row]!.name)} at ${quoted(input.stages[column]!.name)}`;
    const key = `${row}/${column}`;
    if (seen.has(key)) refuse(findings, 'E_DUPLICATE', at, `The cost of ${label} is there twice.`);
    seen.add(key);
    if (cost === undefined) warn(findings, 'W_UNSET', at, `The cost of ${label} is not set and counts as 0.`);
    costs[column]![row] = checkNumber(findings, cost, RANGES.cost, at, `The cost of ${label}`) ?? 0;
  }
  return costs;
}

function refuseStrayCell(
  findings: Findings,
  at: { on: 'cell'; lane: string; stage: string },
  noStage: boolean
): void {
  if (noStage) refuse(findings, 'E_UNKNOWN_STAGE', at, 'A cost belongs to a stage that is not on the map.');
  else refuse(findings, 'E_UNKNOWN_LANE', at, 'A cost belongs to a lane that is not on the map.');
}

function refuseTwins(input: JourneyInput, findings: Findings): void {
  const twin = input.lanes.find((lane, index) =>
    input.lanes.some((other, k) => k < index && other.id === lane.id)
  );
  refuse(
    findings,
    'E_DUPLICATE',
    { on: 'map', metric: 'stages' },
    `Two lanes share the id of ${quoted(twin?.name ?? '')}.`
  );
}
