import { moveHead, moveSelectedCards, resizeHead, setFeeling } from '#lib/canvas/editor/edits.ts';
import {
  editSelection,
  extendFocus,
  jumpFocus,
  moveFocus,
  moveToNextCell,
  openMenuOfSelection,
  type Jump
} from '#lib/canvas/editor/navigation.ts';
import { FEELINGS } from '#lib/journey/records.ts';
import {
  isPicture,
  onFeeling,
  withCards,
  withCell,
  withHead,
  withSelection,
  type Command
} from './command.ts';

const arrow = (key: string, dx: number, dy: number, where: string): Command[] => [
  {
    id: `focus-${where}`,
    label: `Go to the cell or card ${where}`,
    group: 'On the grid',
    keys: [key],
    keyOnly: true,
    run: ({ editor }) => moveFocus(editor, dx, dy)
  },
  {
    id: `move-card-${where}`,
    label: `Move the card to the cell ${where}`,
    group: 'On the grid',
    keys: [`Alt+${key}`],
    enabled: withCards,
    run: ({ editor }) => moveSelectedCards(editor, dx, dy)
  },
  {
    id: `extend-${where}`,
    label: `Take in the cell or card ${where}`,
    group: 'On the grid',
    keys: [`Shift+${key}`],
    keyOnly: true,
    run: ({ editor }) => extendFocus(editor, dx, dy)
  }
];

const jump = (id: Jump, label: string, keys: readonly string[]): Command => ({
  id: `jump-${id}`,
  label,
  group: 'On the grid',
  keys,
  keyOnly: true,
  enabled: withCell,
  run: ({ editor }) => jumpFocus(editor, id)
});

const SIZE_STEP = 20; // board units
const resize = (id: string, label: string, keys: readonly string[], by: number): Command => ({
  id,
  label,
  group: 'On the grid',
  keys,
  enabled: withHead,
  run: ({ editor }) => resizeHead(editor, by)
});

/** Moving and writing on the grid, as in a spreadsheet. */
export const GRID_COMMANDS: readonly Command[] = [
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
  resize(
    'grow-head',
    'Make the stage wider, or the lane higher',
    ['Shift+ArrowRight', 'Shift+ArrowDown'],
    SIZE_STEP
  ),
  resize(
    'shrink-head',
    'Make the stage narrower, or the lane lower',
    ['Shift+ArrowLeft', 'Shift+ArrowUp'],
    -SIZE_STEP
  ),
  ...arrow('ArrowLeft', -1, 0, 'to the left'),
  ...arrow('ArrowRight', 1, 0, 'to the right'),
  ...arrow('ArrowUp', 0, -1, 'above'),
  ...arrow('ArrowDown', 0, 1, 'below'),
  jump('laneStart', 'First stage of this lane', ['Home', 'Mod+ArrowLeft']),
  jump('laneEnd', 'Last stage of this lane', ['End', 'Mod+ArrowRight']),
  jump('stageTop', 'First lane of this stage', ['Mod+ArrowUp']),
  jump('stageEnd', 'Last lane of this stage', ['Mod+ArrowDown']),
  jump('first', 'First cell of the map', ['Mod+Home']),
  jump('last', 'Last cell of the map', ['Mod+End']),
  jump('pageUp', 'One view up', ['PageUp']),
  jump('pageDown', 'One view down', ['PageDown']),
  {
    id: 'next-cell',
    label: 'Next cell',
    group: 'On the grid',
    keys: ['Tab'],
    keyOnly: true,
    enabled: withCell,
    run: ({ editor }) => moveToNextCell(editor, 1)
  },
  {
    id: 'previous-cell',
    label: 'Previous cell',
    group: 'On the grid',
    keys: ['Shift+Tab'],
    keyOnly: true,
    enabled: withCell,
    run: ({ editor }) => moveToNextCell(editor, -1)
  },
  {
    id: 'edit-text',
    label: 'Edit the text or the name',
    group: 'On the grid',
    keys: ['Enter', 'F2'],
    words: 'rename write',
    enabled: (session) => session.canEdit && session.selection.kind !== 'none',
    run: (session) => (isPicture(session) ? session.ui.describe() : editSelection(session.editor))
  },
  {
    id: 'menu',
    label: 'Menu of what is selected',
    group: 'On the grid',
    keys: ['Shift+F10', 'ContextMenu'],
    keyOnly: true,
    enabled: withSelection,
    run: ({ editor }) => openMenuOfSelection(editor)
  },
  ...FEELINGS.map(({ score, name }): Command => ({
    id: `feeling-${score + 3}`,
    label: `Feeling: ${name}`,
    group: 'On the grid',
    keys: [String(score + 3)],
    enabled: onFeeling,
    run: ({ editor }) => setFeeling(editor, score)
  }))
];
