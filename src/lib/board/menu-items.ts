import { addLane, addStage, duplicateCards, moveHead, removeSelection } from '#lib/canvas/editor/edits.ts';
import { editSelection } from '#lib/canvas/editor/navigation.ts';
import type { Hit } from '#lib/canvas/geometry/hit.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { BoardSession } from './board-session.svelte.ts';
import { isMac, keysLabel } from './keys.ts';

export interface BoardMenuItem {
  readonly label: string;
  readonly run: () => void;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Draws a line above this item. */
  readonly divided?: boolean;
}

const key = (keys: string) => keysLabel(keys, isMac());

/** What can be done with what is at `hit`; empty for a viewer and where there is nothing. */
export function menuItems(session: BoardSession, hit: Hit): readonly BoardMenuItem[] {
  if (!session.canEdit) return [];
  switch (hit.kind) {
    case 'stage':
    case 'stageEdge':
    case 'stageMenu':
      return stageItems(session, hit.id);
    case 'lane':
    case 'laneEdge':
    case 'laneMenu':
      return laneItems(session, hit.id);
    case 'card':
      return cardItems(session);
    case 'cell':
    case 'chip':
    case 'addCard':
    case 'feeling':
      return [
        { label: 'Add a card', keys: key('Enter'), run: () => session.editor.draft(hit) },
        ...stageAndLane(session, hit.stage, hit.lane)
      ];
    case 'empty':
    case 'addStage':
    case 'addLane':
      return [];
  }
}

const remove = (session: BoardSession) => (): void => session.removed(removeSelection(session.editor));

function stageItems(session: BoardSession, id: StageId): BoardMenuItem[] {
  const { editor, journey, document } = session;
  const index = journey.stages.findIndex((stage) => stage.id === id);
  const stage = journey.stages[index];
  if (stage === undefined) return [];
  const rename = () => editor.edit({ kind: 'stage', id });
  return [
    { label: 'Rename', keys: key('Enter'), run: rename },
    {
      label: 'Move left',
      keys: key('Alt+ArrowLeft'),
      disabled: index === 0,
      run: () => moveHead(editor, -1)
    },
    {
      label: 'Move right',
      keys: key('Alt+ArrowRight'),
      disabled: index === journey.stages.length - 1,
      run: () => moveHead(editor, 1)
    },
    { label: 'Add a stage before', divided: true, run: () => void addStage(editor, index) },
    { label: 'Add a stage after', run: () => void addStage(editor, index + 1) },
    {
      label: stage.band ? 'Make it a column' : 'Run under the whole journey',
      divided: true,
      run: () => document.setStageBand(id, !stage.band)
    },
    { label: 'Remove stage', keys: key('Delete'), danger: true, divided: true, run: remove(session) }
  ];
}

function laneItems(session: BoardSession, id: LaneId): BoardMenuItem[] {
  const { editor, journey } = session;
  const index = journey.lanes.findIndex((lane) => lane.id === id);
  if (index === -1) return [];
  return [
    { label: 'Rename', keys: key('Enter'), run: () => editor.edit({ kind: 'lane', id }) },
    { label: 'Move up', keys: key('Alt+ArrowUp'), disabled: index === 0, run: () => moveHead(editor, -1) },
    {
      label: 'Move down',
      keys: key('Alt+ArrowDown'),
      disabled: index === journey.lanes.length - 1,
      run: () => moveHead(editor, 1)
    },
    { label: 'Add a lane above', divided: true, run: () => void addLane(editor, index) },
    { label: 'Add a lane below', run: () => void addLane(editor, index + 1) },
    { label: 'Remove lane', keys: key('Delete'), danger: true, divided: true, run: remove(session) }
  ];
}

function cardItems(session: BoardSession): BoardMenuItem[] {
  const { editor } = session;
  const several = session.selection.kind === 'cards' && session.selection.ids.length > 1;
  return [
    { label: 'Edit text', keys: key('Enter'), disabled: several, run: () => editSelection(editor) },
    { label: 'Duplicate', keys: key('Mod+D'), run: () => duplicateCards(editor) },
    {
      label: several ? 'Remove cards' : 'Remove card',
      keys: key('Delete'),
      danger: true,
      divided: true,
      run: remove(session)
    }
  ];
}

/** From a cell to its stage and its lane, whose headers may be far away. */
const stageAndLane = ({ editor }: BoardSession, stage: StageId, lane: LaneId): BoardMenuItem[] => [
  { label: 'Select the stage', divided: true, run: () => editor.select({ kind: 'stage', id: stage }) },
  { label: 'Select the lane', run: () => editor.select({ kind: 'lane', id: lane }) }
];
