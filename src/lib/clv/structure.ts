import { quoted, refuse, warn, type Findings } from './ranges.ts';
import type { Row } from './rows.ts';
import type { StageKind } from './model.ts';

/** What the shape of a map depends on. */
export interface Shape {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly kinds: readonly StageKind[];
  readonly dwells: readonly number[];
  readonly renews: readonly boolean[];
  readonly referrals: readonly number[];
  readonly entries: readonly number[];
  readonly rows: readonly Row[];
  readonly referralEntry: number;
}

const LEAK = 1e-9;

/** Everything that can be reached from `starts` by steps of `next`, the starts included. */
export function reach(starts: Iterable<number>, next: (from: number) => readonly number[]): Set<number> {
  const found = new Set(starts);
  for (const from of found) for (const to of next(from)) found.add(to);
  return found;
}

/** Refuses loops of stages that take no time and that nobody leaves (SPEC C10). */
export function checkZeroLoops(shape: Shape, findings: Findings): void {
  const { rows, dwells, renews } = shape;
  const lingers = (stage: number) => dwells[stage]! > 0 || renews[stage]!;
  const leaks = (stage: number) => !rows[stage]!.complete || rows[stage]!.stay < 1 - LEAK;
  const leaving = rows.map((_, stage) => lingers(stage) || leaks(stage));
  const stuck = rows.flatMap((_, stage) =>
    [...reach([stage], (from) => (leaving[from] ? [] : rows[from]!.mayLeadTo))].some((end) => leaving[end])
      ? []
      : [stage]
  );
  const first = stuck[0];
  if (first === undefined) return;
  refuse(
    findings,
    'E_ZERO_LOOP',
    { on: 'stage', stage: shape.ids[first]!, metric: 'dwell' },
    `${stuck.map((stage) => quoted(shape.names[stage]!)).join(', ')}: people go round without end in no time: give a stage a dwell of at least one tick, or let some people leave.`
  );
}

/** Refuses a map whose customer stages cannot be reached from where prospects start (SPEC C11). */
export function checkConversion(shape: Shape, findings: Findings): void {
  const { rows, kinds } = shape;
  if (!kinds.includes('customer')) return;
  const visited = reach(starts(shape), (from) => (kinds[from] === 'customer' ? [] : rows[from]!.mayLeadTo));
  if (visited.size === 0 || [...visited].some((stage) => kinds[stage] === 'customer')) return;
  const inOrder = [...visited].sort((a, b) => a - b);
  const end = inOrder.find((stage) => rows[stage]!.mayLeadTo.length === 0) ?? inOrder[0]!;
  refuse(
    findings,
    'E_NO_CONVERSION',
    { on: 'stage', stage: shape.ids[end]!, metric: 'row' },
    `Nobody reaches a customer stage: draw where people go from ${quoted(shape.names[end]!)}, and how many do.`
  );
}

/** Warns of stages that nobody visits (SPEC C11). */
export function warnUnreachable(shape: Shape, findings: Findings): void {
  const leadsTo = (from: number) => {
    const { mayLeadTo } = shape.rows[from]!;
    return shape.referrals[from]! > 0 ? [...mayLeadTo, shape.referralEntry] : mayLeadTo;
  };
  const visited = reach(starts(shape), leadsTo);
  shape.ids.forEach((id, stage) => {
    if (visited.has(stage)) return;
    warn(
      findings,
      'W_UNREACHABLE',
      { on: 'stage', stage: id, metric: 'row' },
      `Nobody ever comes to ${quoted(shape.names[stage]!)}.`
    );
  });
}

const starts = (shape: Shape): number[] =>
  shape.entries.flatMap((entry, stage) => (entry > 0 ? [stage] : []));
