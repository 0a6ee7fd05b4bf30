import { addLane, addStage } from '#lib/canvas/editor/edits.ts';
import type { CellPlace } from '#lib/canvas/editor/types.ts';
import { toBoard } from '#lib/canvas/geometry/camera.ts';
import { screenPoint } from '#lib/canvas/geometry/space.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { canEdit, type Command } from './command.ts';

/** The cell for a new card: the one in focus, else one in the middle of the view, else the first. */
export function cellForCard({ editor }: BoardSession): CellPlace | null {
  const focused = editor.focusCell;
  if (focused !== null) return focused;
  const { body } = editor.frame;
  const middle = toBoard(editor.camera, screenPoint(body.x + body.width / 2, body.y + body.height / 2));
  const cell = editor.layout.cells.cellAt(middle) ?? editor.layout.cells.all[0];
  return cell === undefined ? null : { lane: cell.lane.id, stage: cell.stage.id };
}

/** The index of the selected (or focused) stage or lane; -1 without. */
const stageIndex = ({ journey, selection, editor }: BoardSession) => {
  const id = selection.kind === 'stage' ? selection.id : editor.focusCell?.stage;
  return journey.stages.findIndex((stage) => stage.id === id);
};
const laneIndex = ({ journey, selection, editor }: BoardSession) => {
  const id = selection.kind === 'lane' ? selection.id : editor.focusCell?.lane;
  return journey.lanes.findIndex((lane) => lane.id === id);
};

const insertStage = (after: 0 | 1) => (session: BoardSession) => {
  const index = stageIndex(session);
  const end = session.journey.stages.findLastIndex(({ band }) => !band) + 1;
  addStage(session.editor, index === -1 ? end : index + after);
};
const insertLane = (after: 0 | 1) => (session: BoardSession) => {
  const index = laneIndex(session);
  addLane(session.editor, index === -1 ? session.journey.lanes.length : index + after);
};

/** What the pointer holds, and what is put on the map. */
export const TOOL_COMMANDS: readonly Command[] = [
  {
    id: 'select',
    label: 'Select',
    group: 'Tools',
    keys: ['V'],
    checked: ({ tool }) => tool === 'select',
    run: ({ editor }) => (editor.tool = 'select')
  },
  {
    id: 'hand',
    label: 'Hand: drag the board',
    group: 'Tools',
    keys: ['H'],
    checked: ({ tool }) => tool === 'hand',
    run: ({ editor }) => (editor.tool = 'hand')
  },
  {
    id: 'add-card',
    label: 'Add a card',
    group: 'Tools',
    keys: ['Shift+N'],
    words: 'new note',
    enabled: (session) => session.canEdit && session.journey.stages.length * session.journey.lanes.length > 0,
    run(session) {
      const place = cellForCard(session);
      if (place !== null) session.editor.draft(place);
    }
  },
  {
    id: 'add-stage',
    label: 'Add a stage',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowRight'],
    words: 'new column insert',
    enabled: canEdit,
    run: insertStage(1)
  },
  {
    id: 'add-stage-before',
    label: 'Add a stage before this one',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowLeft'],
    words: 'new column insert',
    enabled: canEdit,
    run: insertStage(0)
  },
  {
    id: 'add-lane',
    label: 'Add a lane',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowDown'],
    words: 'new row insert',
    enabled: canEdit,
    run: insertLane(1)
  },
  {
    id: 'add-lane-before',
    label: 'Add a lane above this one',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowUp'],
    words: 'new row insert',
    enabled: canEdit,
    run: insertLane(0)
  }
];
