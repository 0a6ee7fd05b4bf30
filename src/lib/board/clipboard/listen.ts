import { removeSelection } from '#lib/canvas/editor/edits.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import type { BoardSession } from '../board-session.svelte.ts';
import { bringPictures } from '../pictures/bring.ts';
import { copyOf, FRAGMENT_TYPE } from './fragment.ts';
import type { ClipboardForms } from './read.ts';

/** True when the clipboard belongs to a field, a dialog or a text that is marked in the panel. */
function belongsElsewhere({ target }: Event): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null)
    return true;
  if (target.closest('[data-testid="board"], [role="grid"]') !== null) return false;
  const marked = document.getSelection();
  return marked !== null && !marked.isCollapsed && marked.toString() !== '';
}

/**
 * Copy, cut and paste through the browser's own events, which need no permission: as a fragment, as a table and as
 * text. With Shift the paste takes only the text.
 */
export function listenToClipboard(session: BoardSession): () => void {
  const stops = new AbortController();
  const { signal } = stops;
  let plain = false;

  const copy = (event: ClipboardEvent): boolean => {
    if (belongsElsewhere(event) || event.clipboardData === null) return false;
    const copied = copyOf(session);
    if (copied === null) return false;
    event.clipboardData.setData(FRAGMENT_TYPE, JSON.stringify(copied.fragment));
    event.clipboardData.setData('text/html', copied.html);
    event.clipboardData.setData('text/plain', copied.text);
    event.preventDefault();
    return true;
  };
  const cut = (event: ClipboardEvent): void => {
    if (session.canEdit && copy(event)) session.removed(removeSelection(session.editor));
  };
  const paste = (event: ClipboardEvent): void => {
    const { clipboardData: data } = event;
    if (belongsElsewhere(event) || data === null) return;
    event.preventDefault();
    // Spreadsheets put a picture of their cells beside the text: what can be read as text is taken as text.
    if (data.files.length > 0 && data.getData('text/plain') === '') {
      void bringPictures(session, [...data.files]);
      return;
    }
    // Read now: the browser takes the clipboard away when the event is over.
    const forms: ClipboardForms = {
      fragment: data.getData(FRAGMENT_TYPE),
      html: data.getData('text/html'),
      text: data.getData('text/plain')
    };
    void pasteForms(session, forms, plain);
  };
  document.addEventListener('copy', copy, { signal });
  document.addEventListener('cut', cut, { signal });
  document.addEventListener('paste', paste, { signal });
  document.addEventListener('keydown', ({ shiftKey }) => (plain = shiftKey), { signal, capture: true });
  document.addEventListener('keyup', () => (plain = false), { signal, capture: true });
  return () => stops.abort();
}

/** The code that reads what was copied. */
const pasteCode = () => Promise.all([import('./read.ts'), import('./paste.ts'), import('./pictures.ts')]);

/** Fetches what pasting needs before it is asked for. */
export const warmPaste = async (): Promise<void> => {
  await pasteCode();
};

/** Pastes what the clipboard held, and says what there is to say of it. */
export async function pasteForms(
  session: BoardSession,
  forms: ClipboardForms,
  plain: boolean
): Promise<void> {
  const [{ readClipboard }, { paste }, { bringPicturesOf }] = await pasteCode();
  let pasted = readClipboard(forms, plain);
  const notes: string[] = [];
  if (pasted.kind === 'fragment' && session.canEdit) {
    const { part, note } = await bringPicturesOf(session, pasted.part);
    pasted = { ...pasted, part };
    if (note !== null) notes.push(note);
  }
  const note = paste(session, pasted);
  if (note !== null) notes.unshift(note);
  if (notes.length > 0) toaster.show({ text: notes.join(' '), duration: 10_000 });
}
