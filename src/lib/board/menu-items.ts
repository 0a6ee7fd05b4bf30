import {
  addLane,
  addStage,
  duplicateSelection,
  moveHead,
  removeSelection
} from '#lib/canvas/editor/edits.ts';
import { editSelection } from '#lib/canvas/editor/navigation.ts';
import type { Hit } from '#lib/canvas/geometry/hit.ts';
import type { LaneId, StageId } from '#lib/journey/ids.ts';
import type { MenuItem } from '#lib/ui/menu.ts';
import type { BoardSession } from './board-session.svelte.ts';
import { commandById, isEnabled, runCommand, shortcutOf } from './commands/registry.ts';
import { OBJECT_MENU } from './commands/objects.ts';
import { isMac, keysLabel } from './keys.ts';

const key = (keys: string) => keysLabel(keys, isMac());

/** Lines of a menu made from commands, the first below a line. `_now`: what a tick hangs on, when Svelte can't see it. */
export const commandItems = (session: BoardSession, ids: readonly string[], _now?: unknown): MenuItem[] =>
  ids.map((id, index) => {
    const command = commandById(id);
    const shortcut = shortcutOf(id, isMac());
    return {
      label: command.label,
      divided: index === 0,
      disabled: !isEnabled(command, session),
      ...(shortcut === undefined ? {} : { shortcut }),
      ...(command.checked === undefined ? {} : { checked: command.checked(session) }),
      onselect: () => void runCommand(command, session)
    };
  });

/** What somebody can say a word about from its menu. */
const COMMENTED: ReadonlySet<Hit['kind']> = new Set(['stage', 'card', 'cell', 'chip', 'object']);

/** What can be done with what is at `hit`; empty for a viewer and where there is nothing. */
export function menuItems(session: BoardSession, hit: Hit): readonly MenuItem[] {
  if (!session.canEdit)
    return session.ui.comments && COMMENTED.has(hit.kind) ? commandItems(session, ['comment']) : [];
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
      return session.selection.kind === 'objects' ? commandItems(session, OBJECT_MENU) : cardItems(session);
    case 'object':
    case 'handle':
    case 'end':
      return commandItems(session, OBJECT_MENU);
    case 'cell':
    case 'chip':
    case 'addCard':
    case 'feeling':
      return [
        { label: 'Add a card', shortcut: key('Enter'), onselect: () => session.editor.draft(hit) },
        ...commandItems(session, ['copy', 'cut', 'paste', 'comment']),
        ...stageAndLane(session, hit.stage, hit.lane)
      ];
    case 'empty':
      return commandItems(session, ['paste', 'insert-picture', 'select-all']);
    case 'addStage':
    case 'addLane':
      return [];
  }
}

const remove = (session: BoardSession) => (): void => session.removed(removeSelection(session.editor));

function stageItems(session: BoardSession, id: StageId): MenuItem[] {
  const { editor, journey, document } = session;
  const index = journey.stages.findIndex((stage) => stage.id === id);
  const stage = journey.stages[index];
  if (stage === undefined) return [];
  const rename = () => editor.edit({ kind: 'stage', id });
  return [
    { label: 'Rename', shortcut: key('Enter'), onselect: rename },
    {
      label: 'Move left',
      shortcut: key('Alt+ArrowLeft'),
      disabled: index === 0,
      onselect: () => moveHead(editor, -1)
    },
    {
      label: 'Move right',
      shortcut: key('Alt+ArrowRight'),
      disabled: index === journey.stages.length - 1,
      onselect: () => moveHead(editor, 1)
    },
    ...commandItems(session, ['fold', 'comment']),
    { label: 'Add a stage before', divided: true, onselect: () => void addStage(editor, index) },
    { label: 'Add a stage after', onselect: () => void addStage(editor, index + 1) },
    {
      label: stage.band ? 'Make it a column' : 'Run under the whole journey',
      divided: true,
      onselect: () => document.setStageBand(id, !stage.band)
    },
    { label: 'Remove stage', shortcut: key('Delete'), danger: true, divided: true, onselect: remove(session) }
  ];
}

function laneItems(session: BoardSession, id: LaneId): MenuItem[] {
  const { editor, journey } = session;
  const index = journey.lanes.findIndex((lane) => lane.id === id);
  if (index === -1) return [];
  return [
    { label: 'Rename', shortcut: key('Enter'), onselect: () => editor.edit({ kind: 'lane', id }) },
    {
      label: 'Move up',
      shortcut: key('Alt+ArrowUp'),
      disabled: index === 0,
      onselect: () => moveHead(editor, -1)
    },
    {
      label: 'Move down',
      shortcut: key('Alt+ArrowDown'),
      disabled: index === journey.lanes.length - 1,
      onselect: () => moveHead(editor, 1)
    },
    ...commandItems(session, ['fold']),
    { label: 'Add a lane above', divided: true, onselect: () => void addLane(editor, index) },
    { label: 'Add a lane below', onselect: () => void addLane(editor, index + 1) },
    { label: 'Remove lane', shortcut: key('Delete'), danger: true, divided: true, onselect: remove(session) }
  ];
}

function cardItems(session: BoardSession): MenuItem[] {
  const { editor } = session;
  const several = session.selection.kind === 'cards' && session.selection.ids.length > 1;
  return [
    { label: 'Edit text', shortcut: key('Enter'), disabled: several, onselect: () => editSelection(editor) },
    { label: 'Duplicate', shortcut: key('Mod+D'), onselect: () => duplicateSelection(editor) },
    ...commandItems(session, ['copy', 'cut', 'paste', 'comment']),
    ...commandItems(session, ['select-similar-lane', 'select-similar-color', 'select-similar-tag']),
    {
      label: several ? 'Remove cards' : 'Remove card',
      shortcut: key('Delete'),
      danger: true,
      divided: true,
      onselect: remove(session)
    }
  ];
}

/** From a cell to its stage and its lane, whose headers may be far away. */
const stageAndLane = ({ editor }: BoardSession, stage: StageId, lane: LaneId): MenuItem[] => [
  { label: 'Select the stage', divided: true, onselect: () => editor.select({ kind: 'stage', id: stage }) },
  { label: 'Select the lane', onselect: () => editor.select({ kind: 'lane', id: lane }) }
];
