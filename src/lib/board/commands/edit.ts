import { duplicateSelection, removeSelection } from '#lib/canvas/editor/edits.ts';
import { objectSelection } from '#lib/canvas/editor/selection.ts';
import { sendCopy, sendPaste } from '../clipboard/send.ts';
import { canEdit, withCards, withObjects, withSelection, type Command } from './command.ts';

const ids = <T extends string>(list: readonly { readonly id: T }[]): T[] => list.map(({ id }) => id);

/** Steps back and forth, and what happens to what is selected. */
export const EDIT_COMMANDS: readonly Command[] = [
  {
    id: 'comment',
    label: 'Comment on what is selected',
    group: 'Edit',
    keys: ['C', 'Mod+Shift+M'],
    words: 'say talk note thread',
    // Without anything selected the pointer says what it is about.
    run(session) {
      if (session.selection.kind === 'none' && session.ui.comments) session.editor.tool = 'comment';
      else return session.ui.comment();
    }
  },
  {
    id: 'tool-comment',
    label: 'Comment tool: press what you mean, with Alt a point',
    group: 'Tools',
    keys: [],
    words: 'say talk note thread pin',
    enabled: ({ ui }) => ui.comments,
    checked: ({ tool }) => tool === 'comment',
    run: ({ editor }) => (editor.tool = 'comment')
  },
  {
    id: 'suggest',
    label: 'Suggest changes',
    group: 'Edit',
    keys: [],
    words: 'propose edit review mode',
    enabled: ({ ui }) => ui.suggest !== null,
    run: ({ ui }) => ui.suggest?.()
  },
  {
    id: 'next-comment',
    label: 'Next new comment',
    group: 'Find',
    keys: ['F4'],
    words: 'unread thread jump',
    run: ({ ui }) => ui.comment({ unread: 1 })
  },
  {
    id: 'previous-comment',
    label: 'Previous new comment',
    group: 'Find',
    keys: ['Shift+F4'],
    words: 'unread thread jump',
    run: ({ ui }) => ui.comment({ unread: -1 })
  },
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
    label: 'Select all cards and objects',
    group: 'Edit',
    keys: ['Mod+A'],
    run({ editor, journey }) {
      const objects = journey.objects.filter(({ locked }) => !locked);
      const shown = [...editor.layout.cards.values()].map(({ card }) => card);
      const all = objectSelection(ids(objects), ids(shown));
      return all.kind !== 'none' && editor.select(all);
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
    enabled: (session) => withCards(session) || withObjects(session),
    run: ({ editor }) => duplicateSelection(editor)
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
    run({ editor, company }) {
      if (editor.cancelGesture() || company.unfollow()) return;
      if (editor.tool !== 'select') {
        editor.tool = 'select';
        return;
      }
      const place =
        editor.selection.kind === 'cards' && editor.selection.ids.length === 1 ? editor.focusCell : null;
      editor.select(place === null ? { kind: 'none' } : { kind: 'cell', ...place });
    }
  }
];
