import type { MapFile } from './file-schema.ts';
import type { LaneId, ScenarioId, StageId, ViewId } from './ids.ts';
import type { Journey } from './records.ts';
import { NO_FILTER, type CardFilter, type SavedView } from './views.ts';

type FileView = NonNullable<MapFile['views']>[number];

/** A checked view of a file as a record. */
export const viewOf = (view: FileView, rank: string): SavedView => ({
  id: view.id as ViewId,
  name: view.name,
  rank,
  area: view.area,
  filter: { ...NO_FILTER, ...(view.filter as Partial<CardFilter> | undefined) },
  folded: (view.folded ?? []) as (StageId | LaneId)[],
  scenario: (view.scenario ?? null) as ScenarioId | null
});

/** What a file says of a view. What is no longer on the map is left out of it: it has no effect any more. */
export function fileOfView(
  view: SavedView,
  journey: Pick<Journey, 'stages' | 'lanes' | 'scenarios'>
): FileView {
  const lane = journey.lanes.some(({ id }) => id === view.filter.lane) ? view.filter.lane : null;
  const parts = Object.entries({ ...view.filter, lane }).filter(([, value]) => value !== null);
  const there = new Set<string>([...journey.stages, ...journey.lanes].map(({ id }) => id));
  const folded = view.folded.filter((id) => there.has(id));
  return {
    id: view.id,
    name: view.name,
    area: { ...view.area },
    ...(parts.length > 0 && { filter: Object.fromEntries(parts) }),
    ...(folded.length > 0 && { folded }),
    ...(view.scenario !== null &&
      journey.scenarios.some(({ id }) => id === view.scenario) && { scenario: view.scenario })
  };
}

interface Problem {
  readonly path: string;
  readonly code: 'E_UNKNOWN_STAGE' | 'E_UNKNOWN_LANE' | 'E_UNKNOWN_SCENARIO' | 'E_DUPLICATE';
  readonly message: string;
}

/** What views of a file speak of that is not there. */
export function* viewProblems(
  file: MapFile,
  at: (...keys: (string | number)[]) => string
): Generator<Problem> {
  const stages = new Set(file.stages.map(({ id }) => id));
  const lanes = new Set(file.lanes.map(({ id }) => id));
  for (const [index, { filter, folded = [], scenario }] of (file.views ?? []).entries()) {
    if (filter?.lane !== undefined && !lanes.has(filter.lane))
      yield {
        path: at('views', index, 'filter', 'lane'),
        code: 'E_UNKNOWN_LANE',
        message: `There is no lane "${filter.lane}" on this map.`
      };
    for (const [position, id] of folded.entries()) {
      const path = at('views', index, 'folded', position);
      if (!stages.has(id) && !lanes.has(id))
        yield {
          path,
          code: 'E_UNKNOWN_STAGE',
          message: `There is no stage or lane "${id}" on this map.`
        };
      else if (folded.indexOf(id) !== position)
        yield { path, code: 'E_DUPLICATE', message: `"${id}" is folded twice.` };
    }
    if (scenario !== undefined && !file.scenarios.some(({ id }) => id === scenario))
      yield {
        path: at('views', index, 'scenario'),
        code: 'E_UNKNOWN_SCENARIO',
        message: `There is no scenario "${scenario}" on this map.`
      };
  }
}
