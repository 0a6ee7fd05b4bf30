import { visibleRect } from '#lib/canvas/geometry/camera.ts';
import { boardRect } from '#lib/canvas/geometry/space.ts';
import type { Seen } from '#lib/document/view-commands.ts';
import type { LaneId, StageId, ViewId } from '#lib/journey/ids.ts';
import type { Journey } from '#lib/journey/records.ts';
import { isFiltering, type SavedView } from '#lib/journey/views.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from './board-session.svelte.ts';
import type { Command } from './commands/command.ts';

/** What this person sees of the map now, to be kept. */
export function seenNow({ editor, look, scenario }: BoardSession): Seen {
  const { x, y, width, height } = visibleRect(editor.camera, editor.viewport);
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    area: { x: round(x), y: round(y), width: round(width), height: round(height) },
    filter: look.filter,
    folded: [...look.folded],
    scenario
  };
}

/** Shows the map as a view has kept it. What is no longer on the map is left out of it. */
export function showView(session: BoardSession, view: SavedView): void {
  const { editor, journey } = session;
  editor.finishEditing();
  const there = new Set<StageId | LaneId>([...journey.stages, ...journey.lanes].map(({ id }) => id));
  const lane = journey.lanes.some(({ id }) => id === view.filter.lane) ? view.filter.lane : null;
  editor.look = {
    ...editor.look,
    filter: { ...view.filter, lane },
    folded: new Set(view.folded.filter((id) => there.has(id))),
    kept: new Set()
  };
  session.showScenario(journey.scenarios.some(({ id }) => id === view.scenario) ? view.scenario : null);
  const { x, y, width, height } = view.area;
  editor.fillView(boardRect(x, y, width, height));
  session.ui.speak(`View ${nameOf(view)}`);
}

export const nameOf = ({ name }: SavedView): string => (name.trim() === '' ? 'Unnamed view' : name);

/** What a view leaves out or shows otherwise, in a few words; '' for the whole map as it is. */
export function viewWords(view: SavedView, { lanes, scenarios }: Journey): string {
  const scenario = scenarios.find(({ id }) => id === view.scenario);
  const { filter, folded } = view;
  const lane = lanes.find(({ id }) => id === filter.lane);
  const parts = [
    ...(lane === undefined ? [] : [lane.name]),
    ...(filter.tag === null ? [] : [`#${filter.tag}`]),
    ...[filter.owner, filter.confidence, filter.color].flatMap((part) => part ?? []),
    ...(filter.author === null ? [] : ['one author'])
  ];
  return [
    ...(isFiltering(filter) && parts.length > 0 ? [`only ${parts.join(', ')}`] : []),
    ...(folded.length > 0 ? [`${folded.length} folded`] : []),
    ...(scenario === undefined ? [] : [`scenario ${scenario.name || 'without a name'}`])
  ].join(' · ');
}

/** The views as commands of the palette. */
export const viewCommands = ({ journey }: BoardSession): readonly Command[] =>
  journey.views.map((view) => ({
    id: `view-${view.id}`,
    label: `View: ${nameOf(view)}`,
    group: 'View',
    keys: [],
    words: 'saved go',
    run: (session) => showView(session, view)
  }));

const PREFIX = '#view=';

/** The part behind a map's address that opens a view. */
export const viewFragment = (id: ViewId): string => PREFIX + id;

/** Shows the view that an address names; says so when it is gone. False when the address names none. */
export function showViewOf(session: BoardSession, fragment: string): boolean {
  if (!fragment.startsWith(PREFIX)) return false;
  const id = fragment.slice(PREFIX.length);
  const view = session.journey.views.find((one) => one.id === id);
  if (view === undefined) toaster.show({ text: 'That view is no longer on this map.', tone: 'problem' });
  else showView(session, view);
  return true;
}
