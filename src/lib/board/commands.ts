import {
  addLane,
  addStage,
  duplicateCards,
  moveHead,
  moveSelectedCards,
  removeSelection,
  setFeeling
} from '#lib/canvas/editor/edits.ts';
import { editSelection, moveFocus, moveToNextCell } from '#lib/canvas/editor/navigation.ts';
import type { CellPlace } from '#lib/canvas/editor/types.ts';
import { toBoard } from '#lib/canvas/geometry/camera.ts';
import { screenPoint } from '#lib/canvas/geometry/space.ts';
import { FEELINGS } from '#lib/journey/records.ts';
import type { BoardSession } from './board-session.svelte.ts';
import { matches, type KeyWord } from './keys.ts';

export type CommandGroup = 'Tools' | 'On the grid' | 'Edit' | 'View';

/** One thing that a key, a button or a menu can do. The shortcut sheet and the tooltips are made from these. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: CommandGroup;
  /** Chords, the first of which is shown in tooltips. */
  readonly keys: readonly string[];
  /** False lets the key go on to whoever else wants it. */
  readonly run: (session: BoardSession) => unknown;
  readonly enabled?: (session: BoardSession) => boolean;
}

const editing = (session: BoardSession) => session.canEdit;
const withCards = (session: BoardSession) => session.canEdit && session.selection.kind === 'cards';
const withHead = (session: BoardSession) =>
  session.canEdit && (session.selection.kind === 'stage' || session.selection.kind === 'lane');
const onFeeling = (session: BoardSession) => {
  const place = session.editor.focusCell;
  const lane = session.journey.lanes.find(({ id }) => id === place?.lane);
  return session.canEdit && lane?.kind === 'feelings';
};

const openDialogs = new WeakMap<BoardSession, () => void>();

/** Tells the registry how the shortcut sheet of this board is opened. */
export const onShortcuts = (session: BoardSession, open: () => void): void => {
  openDialogs.set(session, open);
};

/** The cell for a new card: the one in focus, else one in the middle of the view, else the first. */
function cellForCard({ editor }: BoardSession): CellPlace | null {
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

const arrow = (key: string, dx: number, dy: number, where: string): Command[] => [
  {
    id: `focus-${where}`,
    label: `Go to the cell or card ${where}`,
    group: 'On the grid',
    keys: [key],
    run: ({ editor }) => moveFocus(editor, dx, dy)
  },
  {
    id: `move-card-${where}`,
    label: `Move the card to the cell ${where}`,
    group: 'On the grid',
    keys: [`Alt+${key}`],
    enabled: withCards,
    run: ({ editor }) => moveSelectedCards(editor, dx, dy)
  }
];

/** Everything the board can do, in the order of the shortcut sheet. */
export const COMMANDS: readonly Command[] = [
  {
    id: 'select',
    label: 'Select',
    group: 'Tools',
    keys: ['V'],
    run: ({ editor }) => (editor.tool = 'select')
  },
  {
    id: 'hand',
    label: 'Hand: drag the board',
    group: 'Tools',
    keys: ['H'],
    run: ({ editor }) => (editor.tool = 'hand')
  },
  {
    id: 'add-card',
    label: 'Add a card',
    group: 'Tools',
    keys: ['N'],
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
    enabled: editing,
    run: insertStage(1)
  },
  {
    id: 'add-stage-before',
    label: 'Add a stage before this one',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowLeft'],
    enabled: editing,
    run: insertStage(0)
  },
  {
    id: 'add-lane',
    label: 'Add a lane',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowDown'],
    enabled: editing,
    run: insertLane(1)
  },
  {
    id: 'add-lane-before',
    label: 'Add a lane above this one',
    group: 'Tools',
    keys: ['Mod+Alt+ArrowUp'],
    enabled: editing,
    run: insertLane(0)
  },

  // A chosen stage or lane goes where its own arrow points; cards go from cell to cell.
  {
    id: 'move-head-back',
    label: 'Move the stage left, or the lane up',
    group: 'On the grid',
    keys: ['Alt+ArrowLeft', 'Alt+ArrowUp'],
    enabled: withHead,
    run: ({ editor }) => moveHead(editor, -1)
  },
  {
    id: 'move-head-on',
    label: 'Move the stage right, or the lane down',
    group: 'On the grid',
    keys: ['Alt+ArrowRight', 'Alt+ArrowDown'],
    enabled: withHead,
    run: ({ editor }) => moveHead(editor, 1)
  },
  ...arrow('ArrowLeft', -1, 0, 'to the left'),
  ...arrow('ArrowRight', 1, 0, 'to the right'),
  ...arrow('ArrowUp', 0, -1, 'above'),
  ...arrow('ArrowDown', 0, 1, 'below'),
  {
    id: 'next-cell',
    label: 'Next cell',
    group: 'On the grid',
    keys: ['Tab'],
    enabled: ({ editor }) => editor.focusCell !== null,
    run: ({ editor }) => moveToNextCell(editor, 1)
  },
  {
    id: 'previous-cell',
    label: 'Previous cell',
    group: 'On the grid',
    keys: ['Shift+Tab'],
    enabled: ({ editor }) => editor.focusCell !== null,
    run: ({ editor }) => moveToNextCell(editor, -1)
  },
  {
    id: 'edit-text',
    label: 'Edit the text or the name',
    group: 'On the grid',
    keys: ['Enter', 'F2'],
    enabled: (session) => session.canEdit && session.selection.kind !== 'none',
    run: ({ editor }) => editSelection(editor)
  },
  ...FEELINGS.map(({ score, name }): Command => ({
    id: `feeling-${score + 3}`,
    label: `Feeling: ${name}`,
    group: 'On the grid',
    keys: [String(score + 3)],
    enabled: onFeeling,
    run: ({ editor }) => setFeeling(editor, score)
  })),

  {
    id: 'undo',
    label: 'Undo',
    group: 'Edit',
    keys: ['Mod+Z'],
    enabled: (session) => session.canUndo,
    run: (session) => session.undo()
  },
  {
    id: 'redo',
    label: 'Redo',
    group: 'Edit',
    keys: ['Mod+Shift+Z', 'Ctrl+Y'],
    enabled: (session) => session.canRedo,
    run: (session) => session.redo()
  },
  {
    id: 'select-all',
    label: 'Select all cards',
    group: 'Edit',
    keys: ['Mod+A'],
    run: ({ editor, journey }) =>
      journey.cards.length > 0 && editor.select({ kind: 'cards', ids: journey.cards.map(({ id }) => id) })
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Edit',
    keys: ['Mod+D'],
    enabled: withCards,
    run: ({ editor }) => duplicateCards(editor)
  },
  {
    id: 'remove',
    label: 'Remove',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    enabled: (session) => session.canEdit && !['none', 'cell'].includes(session.selection.kind),
    run: (session) => session.removed(removeSelection(session.editor))
  },
  {
    id: 'escape',
    label: 'Cancel, or step out',
    group: 'Edit',
    keys: ['Escape'],
    run({ editor }) {
      if (editor.cancelGesture()) return;
      const place =
        editor.selection.kind === 'cards' && editor.selection.ids.length === 1 ? editor.focusCell : null;
      editor.select(place === null ? { kind: 'none' } : { kind: 'cell', ...place });
    }
  },

  {
    id: 'zoom-in',
    label: 'Zoom in',
    group: 'View',
    keys: ['Mod+=', 'Mod++'],
    run: ({ editor }) => editor.zoomStep(1)
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    group: 'View',
    keys: ['Mod+-'],
    run: ({ editor }) => editor.zoomStep(-1)
  },
  {
    id: 'zoom-100',
    label: 'Zoom to 100%',
    group: 'View',
    keys: ['Mod+0'],
    run: ({ editor }) => editor.zoomTo100()
  },
  {
    id: 'fit-all',
    label: 'Fit the whole map',
    group: 'View',
    keys: ['Shift+1', 'Alt+1'],
    run: ({ editor }) => editor.fitAll()
  },
  {
    id: 'fit-selection',
    label: 'Fit the selection',
    group: 'View',
    keys: ['Shift+2', 'Alt+2'],
    enabled: ({ selection }) => selection.kind !== 'none',
    run: ({ editor }) => editor.fitSelection()
  },
  {
    id: 'shortcuts',
    label: 'All shortcuts',
    group: 'View',
    keys: ['?'],
    run: (session) => openDialogs.get(session)?.()
  }
];

/** Gestures for the shortcut sheet; the pointer and the wheel carry them out. */
export const GESTURES: readonly { readonly label: string; readonly keys: string }[] = [
  { label: 'Start a card in the selected cell', keys: 'Just type' },
  { label: 'Move the board', keys: 'Wheel, Space + drag, middle button + drag' },
  { label: 'Zoom at the pointer', keys: 'Ctrl or Cmd + wheel, pinch' },
  { label: 'Select several cards', keys: 'Drag around them, Shift + click' },
  { label: 'Open a text or a name', keys: 'Double-click' },
  { label: 'Menu of a stage, lane or card', keys: 'Right-click' }
];

export const commandById = (id: string): Command => {
  const command = COMMANDS.find((other) => other.id === id);
  if (command === undefined) throw new Error(`No command is called ${id}`);
  return command;
};

const isEnabled = (command: Command, session: BoardSession) => command.enabled?.(session) ?? true;

/** Runs a command when it may run now. False when it did nothing and the key is free for others. */
export function runCommand(command: Command, session: BoardSession): boolean {
  return isEnabled(command, session) && command.run(session) !== false;
}

/** A letter, digit or sign that would be written, without a key that makes it a command. */
const isTyped = ({ key, ctrlKey, metaKey, altKey }: KeyWord): boolean =>
  [...key].length === 1 && key !== ' ' && key !== '?' && !ctrlKey && !metaKey && !altKey;

/**
 * What a key pressed on the board does; false when nothing. In a selected cell a written letter starts a card, also
 * where it would choose a tool otherwise: a word must not lose its first letter.
 */
export function pressKey(event: KeyWord, session: BoardSession, mac: boolean): boolean {
  const { selection, editor } = session;
  if (
    selection.kind === 'cell' &&
    session.canEdit &&
    isTyped(event) &&
    !(onFeeling(session) && /^[1-5]$/.test(event.key))
  ) {
    editor.draft(selection, event.key);
    return true;
  }
  return COMMANDS.some(
    (command) => command.keys.some((keys) => matches(event, keys, mac)) && runCommand(command, session)
  );
}
