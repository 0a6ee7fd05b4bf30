import type { Journey } from '#lib/journey/records.ts';
import type { CellSelection } from './selection.ts';
import type { CellPlace } from './types.ts';

/** The stages and lanes that a range of cells covers, both in board order. */
export function sidesOfRange(
  { stages, lanes }: Pick<Journey, 'stages' | 'lanes'>,
  { lane, stage, to }: CellSelection
): Pick<Journey, 'stages' | 'lanes'> {
  const between = <T extends { readonly id: string }>(items: readonly T[], a: string, b: string): T[] => {
    const [from, until] = [items.findIndex(({ id }) => id === a), items.findIndex(({ id }) => id === b)];
    return items.slice(Math.min(from, until), Math.max(from, until) + 1);
  };
  return {
    stages: between(stages, stage, to?.stage ?? stage),
    lanes: between(lanes, lane, to?.lane ?? lane)
  };
}

/** The cells of a range, lane by lane. */
export function cellsOfRange(
  map: Pick<Journey, 'stages' | 'lanes'>,
  selection: CellSelection
): readonly CellPlace[] {
  const { stages, lanes } = sidesOfRange(map, selection);
  return lanes.flatMap((lane) => stages.map((stage) => ({ lane: lane.id, stage: stage.id })));
}
