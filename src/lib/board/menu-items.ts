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

/** A chord of a command as people write it; a line of a menu says the one for what the menu is about. */
const chord = (id: string, index = 0): string => keysLabel(commandById(id).keys[index] ?? '', isMac());

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

/** What can be done with what is at `hit`; empty where there is nothing. */
export function menuItems(session: BoardSession, hit: Hit): readonly MenuItem[] {
  if (!session.canEdit) return viewerItems(session, hit);
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
        { label: 'Add a card', shortcut: chord('edit-text'), onselect: () => session.editor.draft(hit) },
        ...commandItems(session, ['copy', 'cut', 'paste', 'comment', 'who-wrote']),
        ...stageAndLane(session, hit.stage, hit.lane)
      ];
    case 'way':
      return commandItems(session, ['who-wrote', 'remove']);
    case 'empty':
      return commandItems(session, ['paste', 'insert-picture', 'select-all']);
    case 'addStage':
    case 'addLane':
      return [];
  }
}

/** Who may only look can still take a copy, look closer and ask whose it is. */
const viewerItems = (session: BoardSession, { kind }: Hit): readonly MenuItem[] => [
  ...(session.ui.comments && COMMENTED.has(kind) ? commandItems(session, ['comment']) : []),
  ...(kind === 'empty' || kind === 'addStage' || kind === 'addLane'
    ? []
    : commandItems(session, ['copy', 'fit-selection', 'who-wrote']))
];

const remove = (session: BoardSession) => (): void => session.removed(removeSelection(session.editor));

function stageItems(session: BoardSession, id: StageId): MenuItem[] {
  const { editor, journey, document } = session;
  const index = journey.stages.findIndex((stage) => stage.id === id);
  const stage = journey.stages[index];
  if (stage === undefined) return [];
  const rename = () => editor.edit({ kind: 'stage', id });
  return [
    { label: 'Rename', shortcut: chord('edit-text'), onselect: rename },
    {
      label: 'Move left',
      shortcut: chord('move-head-back'),
      disabled: index === 0,
      onselect: () => moveHead(editor, -1)
    },
    {
      label: 'Move right',
      shortcut: chord('move-head-on'),
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
    {
      label: 'Remove stage',
      shortcut: chord('remove'),
      danger: true,
      divided: true,
      onselect: remove(session)
    }
  ];
}

function laneItems(session: BoardSession, id: LaneId): MenuItem[] {
  const { editor, journey } = session;
  const index = journey.lanes.findIndex((lane) => lane.id === id);
  if (index === -1) return [];
  return [
    { label: 'Rename', shortcut: chord('edit-text'), onselect: () => editor.edit({ kind: 'lane', id }) },
    {
      label: 'Move up',
      shortcut: chord('move-head-back', 1),
      disabled: index === 0,
      onselect: () => moveHead(editor, -1)
    },
    {
      label: 'Move down',
      shortcut: chord('move-head-on', 1),
      disabled: index === journey.lanes.length - 1,
      onselect: () => moveHead(editor, 1)
    },
    ...commandItems(session, ['fold']),
    { label: 'Add a lane above', divided: true, onselect: () => void addLane(editor, index) },
    { label: 'Add a lane below', onselect: () => void addLane(editor, index + 1) },
    {
      label: 'Remove lane',
      shortcut: chord('remove'),
      danger: true,
      divided: true,
      onselect: remove(session)
    }
  ];
}

function cardItems(session: BoardSession): MenuItem[] {
  const { editor } = session;
  const several = session.selection.kind === 'cards' && session.selection.ids.length > 1;
  return [
    {
      label: 'Edit text',
      shortcut: chord('edit-text'),
      disabled: several,
      onselect: () => editSelection(editor)
    },
    { label: 'Duplicate', shortcut: chord('duplicate'), onselect: () => duplicateSelection(editor) },
    ...commandItems(session, ['copy', 'cut', 'paste', 'comment']),
    ...commandItems(session, ['select-similar-lane', 'select-similar-color', 'select-similar-tag']),
    ...commandItems(session, ['who-wrote']),
    {
      label: several ? 'Remove cards' : 'Remove card',
      shortcut: chord('remove'),
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
