import { duplicateCards, removeSelection } from '#lib/canvas/editor/edits.ts';
import { sendCopy, sendPaste } from '../clipboard/send.ts';
import { canEdit, withCards, withSelection, type Command } from './command.ts';

/** Steps back and forth, and what happens to what is selected. */
export const EDIT_COMMANDS: readonly Command[] = [
  {
    id: 'undo',
    label: 'Undo',
    group: 'Edit',
    keys: ['Mod+Z'],
    words: 'back',
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
    run({ editor }) {
      const ids = [...editor.layout.cards.values()].map(({ card }) => card.id);
      if (ids.length > 0) editor.select({ kind: 'cards', ids });
    }
  },
  {
    id: 'copy',
    label: 'Copy',
    group: 'Edit',
    keys: ['Mod+C'],
    browserDoesIt: true,
    enabled: withSelection,
    run: () => sendCopy('copy')
  },
  {
    id: 'cut',
    label: 'Cut',
    group: 'Edit',
    keys: ['Mod+X'],
    browserDoesIt: true,
    enabled: (session) => canEdit(session) && withSelection(session),
    run: () => sendCopy('cut')
  },
  {
    id: 'paste',
    label: 'Paste',
    group: 'Edit',
    keys: ['Mod+V'],
    words: 'insert clipboard',
    browserDoesIt: true,
    enabled: canEdit,
    run: (session) => void sendPaste(session)
  },
  {
    id: 'paste-plain',
    label: 'Paste only the text',
    group: 'Edit',
    keys: ['Mod+Shift+V'],
    keyOnly: true,
    browserDoesIt: true,
    enabled: canEdit,
    run: () => false
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Edit',
    keys: ['Mod+D'],
    words: 'copy',
    enabled: withCards,
    run: ({ editor }) => duplicateCards(editor)
  },
  {
    id: 'remove',
    label: 'Remove',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    words: 'delete',
    enabled: (session) => session.canEdit && session.selection.kind !== 'none',
    run: (session) => session.removed(removeSelection(session.editor))
  },
  {
    id: 'escape',
    label: 'Cancel, or step out',
    group: 'Edit',
    keys: ['Escape'],
    keyOnly: true,
    run({ editor }) {
      if (editor.cancelGesture()) return;
      const place =
        editor.selection.kind === 'cards' && editor.selection.ids.length === 1 ? editor.focusCell : null;
      editor.select(place === null ? { kind: 'none' } : { kind: 'cell', ...place });
    }
  }
];
